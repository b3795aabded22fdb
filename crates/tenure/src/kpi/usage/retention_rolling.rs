//! Retention by hours from the start on: along each person's events.

use super::retention::RetentionStart;
use super::user_retention::Asked;
use crate::compute::{Context, Out, PeriodCoder, Sink};
use crate::error::Result;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason};
use crate::policy::Names;
use crate::scope::{Calendar, Every, Micros, format_instant};
use crate::summary::Trial;
use crate::view::{EVENTS, Event, Events, NOBODY, Sequence, Sequences};
use std::cell::RefCell;

/// Retention by spans of 24 hours, 7 or 30 days.
#[derive(Clone)]
pub(super) struct ByHours {
    pub(super) asked: Asked,
    /// Whether times are rounded down to the local hour.
    pub(super) whole_hours: bool,
}

/// What is looked up of events by their names, and of instants.
pub(super) struct Side {
    /// Whether events of a name are a start, and a return.
    kinds: [Vec<bool>; 2],
    hours: Option<RefCell<PeriodCoder>>,
    as_of: Micros,
}

impl Side {
    /// The instant from which a span is counted.
    fn instant(&self, at: Micros) -> Result<Micros> {
        let Some(hours) = &self.hours else { return Ok(at) };
        let mut hours = hours.borrow_mut();
        let code = hours.code(at)?;
        Ok(hours.starts().get(code as usize).copied().unwrap_or(at))
    }

    fn is_start(&self, event: &Event) -> bool {
        let [starts, _] = &self.kinds;
        starts.get(event.name as usize).copied().unwrap_or(false)
    }

    fn is_return(&self, event: &Event) -> bool {
        let [_, returns] = &self.kinds;
        returns.get(event.name as usize).copied().unwrap_or(false)
    }
}

const OCCURRED_AT: Input = Input::required("occurred_at", InputKind::Time);
const NAME: Input = Input::required("name", InputKind::Text);

impl ByHours {
    pub(super) fn view(&self) -> Sequences {
        let [starts, returns] = &self.asked.kinds;
        // What is neither a start nor a return is not looked at.
        let chosen = starts
            .as_ref()
            .zip(returns.as_ref())
            .map(|(starts, returns)| Names::new(starts.as_slice().iter().chain(returns.as_slice()).cloned()));
        Sequences { rows: EVENTS, identity: self.asked.population.identity, chosen }
    }

    /// Measures the events of one person in one group.
    fn measure<E: Evidence>(
        &self,
        side: &Side,
        events: &[Event],
        excluded: Option<Reason>,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let length = self.asked.interval.micros();
        let mut rest = events;
        let mut from = Micros::MIN;
        while let Some((event, later)) = rest.split_first() {
            if !side.is_start(event) || side.instant(event.at)? < from {
                rest = later;
                continue;
            }
            let begin = side.instant(event.at)?;
            let zone = out.gated.frame.context.scope.zone;
            why.note("start", || format_instant(event.at, zone));
            if out.gated.frame.in_window(event.at) {
                match excluded {
                    Some(reason) => {
                        out.put(event.row as usize, Some(event.at), Fate::Excluded(reason), Vec::new())?;
                    }
                    None => self.start(side, event, begin, rest, out)?,
                }
            }
            if self.asked.start == RetentionStart::First {
                return Ok(());
            }
            (rest, from) = (later, begin + length);
        }
        Ok(())
    }

    /// Puts what became of one start. `events` are those from it on.
    fn start(
        &self,
        side: &Side,
        event: &Event,
        begin: Micros,
        events: &[Event],
        out: &mut Out<'_, '_, impl Sink<Trial>>,
    ) -> Result<()> {
        let length = self.asked.interval.micros();
        let ages = self.ages(side, begin, events)?;
        for (age, comeback) in &self.asked.comebacks {
            let is_over = side.as_of >= begin + (Micros::from(comeback.last()) + 1) * length - 1;
            let fate =
                if is_over { Fate::Observed(Trial::from(comeback.is_met(&ages))) } else { Fate::Immature };
            let dimensions = self.asked.dimension(age).cloned().into_iter().collect();
            out.put(event.row as usize, Some(event.at), fate, dimensions)?;
        }
        Ok(())
    }

    /// The ages at which somebody was there, in order; of those that no question tells apart, one.
    fn ages(&self, side: &Side, begin: Micros, events: &[Event]) -> Result<Vec<u32>> {
        let oldest = self.asked.oldest();
        let mut ages = Vec::new();
        for event in events.iter().filter(|event| side.is_return(event)) {
            let age = (side.instant(event.at)? - begin) / self.asked.interval.micros();
            let age = u32::try_from(age).unwrap_or(u32::MAX);
            if ages.last() != Some(&age) {
                ages.push(age);
            }
            if age >= oldest {
                // Whoever comes later than asked for comes after all of it.
                break;
            }
        }
        Ok(ages)
    }
}

impl EntityMeasure for ByHours {
    type Value = Trial;
    type View = Sequences;
    type Side = Side;

    fn inputs(&self) -> &[Input] {
        match self.asked.kinds {
            [None, None] => const { &[OCCURRED_AT] },
            _ => const { &[OCCURRED_AT, NAME] },
        }
    }

    fn side(&self, context: &Context<'_>) -> Result<Side> {
        let events = Events::of(context, self.asked.population.identity)?;
        let [starts, returns] = &self.asked.kinds;
        let (zone, every) = (context.scope.zone, Every::Hour);
        let hours = Calendar { zone, every, week_start: 1, year_start: 1 };
        Ok(Side {
            kinds: [starts, returns].map(|names| events.chosen(names.as_ref())),
            hours: self.whole_hours.then(|| RefCell::new(PeriodCoder::new(Some(hours), Vec::new()))),
            as_of: context.scope.as_of,
        })
    }

    fn entity<E: Evidence>(
        &self,
        side: &Side,
        person: &Sequence<'_>,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        if person.person == NOBODY {
            for row in person.unusable {
                out.put(row.row as usize, row.at, Fate::Invalid(row.reason), Vec::new())?;
            }
            return Ok(());
        }
        let excluded = person.of.people.exclusion(person.person);
        if out.gated.frame.context.scope.by.is_empty() {
            return self.measure(side, person.events, excluded, out, why);
        }
        // In each group a person is another one.
        let mut groups: Vec<(u32, Vec<Event>)> = Vec::new();
        for event in person.events {
            let group = out.group(event.row as usize, Some(event.at))?;
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, events)) => events.push(*event),
                None => groups.push((group, vec![*event])),
            }
        }
        for (_, events) in &groups {
            self.measure(side, events, excluded, out, why)?;
        }
        Ok(())
    }
}
