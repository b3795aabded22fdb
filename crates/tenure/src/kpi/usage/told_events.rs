//! Events of chosen names, and who did them: on one side or on two, in the period or in the days up to its end.

use super::population::{Population, grain};
use crate::catalog::Planned;
use crate::column::Reading;
use crate::compute::{Bounds, Context, Out, Pipeline, PutSets, SetMeasure, Sink, Stretch, stretches};
use crate::error::Result;
use crate::formula::Formula;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::policy::{Names, Rolling};
use crate::summary::{Class, Counts, Dated, Latest, Number, Overflow, Pair, Reals, Summary};
use crate::view::{Activity, Identity, NamedEvent, NamedEvents, Set, Wanted};
use std::cell::OnceCell;

/// Events of one side or of two, and when they count.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sides {
    /// What is counted, and what it is set against, if there is something; `None` are events of any name.
    pub(crate) of: Vec<Option<Names>>,
    pub(crate) window: Rolling,
}

/// On which sides something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Above,
    Below,
    Both,
}

impl Side {
    /// From a bit for each side.
    fn of_bits(bits: u32) -> Self {
        match bits & 3 {
            1 => Side::Above,
            2 => Side::Below,
            _ => Side::Both,
        }
    }
}

impl Class for Side {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for Side {
    fn number(&self) -> Option<f64> {
        Some(1.0)
    }
}

/// How many are on each side; what is on both counts for both.
pub(crate) fn by_side(counts: &Counts<3>) -> (u64, u64) {
    let Counts([above, below, both]) = counts;
    (above.saturating_add(*both), below.saturating_add(*both))
}

/// An event's value, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    side: Side,
    dated: Dated,
}

impl Value for Mark {
    fn number(&self) -> Option<f64> {
        self.dated.number.number()
    }
}

impl Class for Mark {
    fn class(&self) -> usize {
        self.side.class()
    }
}

impl Summary<Mark> for Reals {
    fn update(&mut self, mark: &Mark, times: u64) -> Result<(), Overflow> {
        self.update(&mark.dated.number, times)
    }
}

impl Summary<Mark> for Latest {
    fn update(&mut self, mark: &Mark, times: u64) -> Result<(), Overflow> {
        self.update(&mark.dated, times)
    }
}

/// The values of each side.
impl Summary<Mark> for Pair<Reals, Reals> {
    fn update(&mut self, mark: &Mark, times: u64) -> Result<(), Overflow> {
        if mark.side != Side::Below {
            self.0.update(mark, times)?;
        }
        if mark.side != Side::Above {
            self.1.update(mark, times)?;
        }
        Ok(())
    }
}

impl Sides {
    /// The plan of a KPI that looks at events.
    pub(crate) fn of_events<S, F>(self, reads: Reads, formula: F) -> Planned
    where
        S: Summary<Mark>,
        F: Formula<S> + 'static,
    {
        let mut inputs = vec![Input::required("occurred_at", InputKind::Time)];
        if self.of.iter().any(Option::is_some) {
            inputs.push(Input::required("name", InputKind::Text));
        }
        if reads == Reads::Values {
            inputs.push(VALUE);
        }
        let view = NamedEvents { kinds: self.of.clone(), ends: self.window != Rolling::Period };
        Planned::new(Pipeline::<_, _, S>::entities(view, Events { sides: self, inputs, reads }, formula))
    }

    /// The plan of a KPI that looks at those who did them.
    pub(crate) fn of_people<F>(self, formula: F) -> Planned
    where
        F: Formula<Counts<3>> + 'static,
    {
        Planned::new(Pipeline::<_, _, Counts<3>>::sets(self, formula))
    }
}

const VALUE: Input = Input::required("value", InputKind::Number);
const NO_NUMBER: Reason = Reason::new("value", "not_a_number", "is not a finite number");

/// What of an event is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// Only that it happened: it counts 1.
    Nothing,
    /// What it says as `value`.
    Values,
}

/// The events of each side.
struct Events {
    sides: Sides,
    inputs: Vec<Input>,
    reads: Reads,
}

/// Where values stand, and when events count.
struct Columns {
    value: Option<usize>,
    seq: Option<usize>,
    stretches: OnceCell<Vec<Stretch>>,
}

impl EntityMeasure for Events {
    type Value = Mark;
    type View = NamedEvents;
    type Side = Columns;

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn bounds(&self) -> Bounds {
        Bounds::of(self.sides.window)
    }

    fn side(&self, context: &Context<'_>) -> Result<Columns> {
        let table = context.book.require("events")?;
        let value = table.find(VALUE.column).filter(|_| self.reads == Reads::Values);
        let seq = table.find("seq").filter(|_| self.reads == Reads::Values);
        Ok(Columns { value, seq, stretches: OnceCell::new() })
    }

    #[inline]
    fn entity<E: Evidence>(
        &self,
        side: &Columns,
        event: &NamedEvent<'_>,
        out: &mut Out<'_, '_, impl Sink<Mark>>,
        _: &mut E,
    ) -> Result<()> {
        let fate = match event.fate {
            Fate::Observed(()) => self.fate(side, event),
            Fate::Excluded(reason) => Fate::Excluded(reason),
            Fate::Invalid(reason) => Fate::Invalid(reason),
            _ => Fate::NoUnit,
        };
        let Some(at) = event.at else {
            return if fate == Fate::NoUnit { Ok(()) } else { out.put(event.row, None, fate, Vec::new()) };
        };
        let (first, last) = out.gated.frame.window();
        if self.sides.window == Rolling::Period {
            if at >= first {
                return out.put(event.row, Some(at), fate, Vec::new());
            }
            // What was before only tells that its group is there.
            return if out.gated.has_groups() && first <= last {
                out.put_for(first, event.row, at, Fate::NoUnit)
            } else {
                Ok(())
            };
        }
        let known = match side.stretches.get() {
            Some(known) => known,
            None => {
                let found = stretches(out.gated.frame.context, self.sides.window, event.ends)?;
                side.stretches.get_or_init(|| found)
            }
        };
        let later = known.get(known.partition_point(|stretch| stretch.to <= at)..).unwrap_or_default();
        let mut counted = false;
        for stretch in later.iter().take_while(|stretch| stretch.from <= at && fate != Fate::NoUnit) {
            counted = true;
            out.put_for(stretch.at, event.row, at, fate)?;
        }
        match later.first() {
            Some(stretch) if !counted && out.gated.has_groups() => {
                out.put_for(stretch.at, event.row, at, Fate::NoUnit)
            }
            _ => Ok(()),
        }
    }
}

impl Events {
    /// The fate of an event that counts.
    #[inline]
    fn fate(&self, columns: &Columns, event: &NamedEvent<'_>) -> Fate<Mark> {
        let number = match self.reads {
            Reads::Nothing => Number::Whole(1),
            Reads::Values => match event.read(columns.value) {
                Reading::Missing => return Fate::Missing,
                Reading::Whole(whole) => Number::Whole(whole),
                Reading::Real(real) if real.is_finite() => Number::Real(real),
                _ => return Fate::Invalid(NO_NUMBER),
            },
        };
        // What has no place in the sequence comes last.
        let seq = match columns.seq.map(|_| event.read(columns.seq)) {
            Some(Reading::Whole(seq)) => seq,
            _ => i128::MAX,
        };
        let dated = Dated { at: event.at.unwrap_or_default(), seq, number };
        Fate::Observed(Mark { side: Side::of_bits(event.kinds), dated })
    }
}

impl SetMeasure for Sides {
    type Value = Side;

    fn wanted(&self) -> Wanted {
        let population = Population { events: None, identity: Identity::User };
        population.of_kinds(self.of.clone(), grain(self.window))
    }

    fn bounds(&self) -> Bounds {
        Bounds::of(self.window)
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Side>>) -> Result<()> {
        let any = out.of_any_name(self.wanted())?;
        let ends = any.as_ref().map_or_else(|| activity.ends(), |any| any.ends());
        let stretches = stretches(out.context(), self.window, ends)?;
        for stretch in &stretches {
            let active = |side: usize| activity.days(side).active(stretch.from, stretch.to);
            let above = active(0);
            let below = if self.of.len() > 1 { active(1) } else { Set::new() };
            let both = &above & &below;
            let sides = [(&above - &both, Side::Above), (&below - &both, Side::Below), (both, Side::Both)];
            for (members, side) in sides {
                out.put(stretch.at, &members, &Fate::Observed(side), None)?;
            }
            out.put_excluded(stretch)?;
        }
        any.map_or(Ok(()), |any| out.know(&any, &stretches))
    }
}
