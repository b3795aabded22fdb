//! The ways through a funnel: one person's events, step by step.

use super::funnel::{Funnel, FunnelCounting, FunnelEntry, MOST_STEPS, StepOrder};
use crate::scope::Micros;
use crate::view::Event;

/// One way into a funnel, and how far it led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// When it was entered, and the row of that event.
    pub(crate) entered: Micros,
    pub(crate) row: u32,
    /// How many steps were taken, and when the last of them.
    pub(crate) steps: usize,
    pub(crate) last: Micros,
    /// From when on nothing can change it.
    pub(crate) settled: Micros,
    /// The place of the last event that was needed.
    end: usize,
}

/// One person's events, and which of them are steps.
#[derive(Default)]
pub(super) struct Walk {
    /// The places of the events of each step.
    places: Vec<Vec<u32>>,
    /// The places of the events of any step.
    any: Vec<u32>,
    /// The steps that each event is.
    steps: Vec<u64>,
    /// The places of the events that the way at hand has used.
    used: Vec<u32>,
}

impl Walk {
    /// Room for a funnel of so many steps.
    pub(super) fn new(steps: usize) -> Self {
        Self { places: vec![Vec::new(); steps], ..Self::default() }
    }

    /// Reads one person's events; `of_names` are the steps that an event of each name is, a bit each.
    pub(super) fn read(&mut self, events: &[Event], of_names: &[u64]) {
        self.places.iter_mut().for_each(Vec::clear);
        self.any.clear();
        self.steps.clear();
        for (at, event) in (0..).zip(events) {
            let steps = of_names.get(event.name as usize).copied().unwrap_or(0);
            self.steps.push(steps);
            if steps != 0 {
                self.any.push(at);
            }
            let mut rest = steps;
            while rest != 0 {
                if let Some(places) = self.places.get_mut(rest.trailing_zeros() as usize) {
                    places.push(at);
                }
                rest &= rest - 1;
            }
        }
    }

    /// The places of the events that may be entries.
    pub(super) fn entries(&self, funnel: &Funnel) -> Vec<u32> {
        match funnel.order {
            StepOrder::Any => self.any.clone(),
            _ => self.places.first().cloned().unwrap_or_default(),
        }
    }

    /// The ways that begin at some of the entries of one period.
    pub(super) fn ways(&mut self, funnel: &Funnel, events: &[Event], entries: &[u32], ways: &mut Vec<Way>) {
        if funnel.entry == FunnelEntry::Recent && funnel.order != StepOrder::Any {
            return self.recent(funnel, events, entries, ways);
        }
        let mut rest = entries;
        while let Some(way) = rest.first().and_then(|entry| self.way(funnel, events, *entry)) {
            ways.push(way);
            if funnel.counting == FunnelCounting::Uniques {
                return;
            }
            let is_over = |at: &u32| match events.get(*at as usize) {
                _ if way.steps == funnel.steps.len() => *at as usize <= way.end,
                event => event.is_none_or(|event| event.at <= way.settled),
            };
            let next = rest.partition_point(is_over).max(1);
            rest = rest.get(next..).unwrap_or_default();
        }
    }

    /// The same, where each entry is an attempt, which the next one ends unless the second step came first.
    fn recent(&mut self, funnel: &Funnel, events: &[Event], entries: &[u32], ways: &mut Vec<Way>) {
        for (entry, next) in entries.iter().zip(entries.iter().skip(1).map(Some).chain([None])) {
            let Some(mut way) = self.way(funnel, events, *entry) else { continue };
            let second = self.used.get(1);
            if next.is_some_and(|next| second.is_none_or(|second| next < second)) {
                way = Way { steps: 1, last: way.entered, ..way };
            }
            ways.push(way);
        }
        if funnel.counting == FunnelCounting::Totals {
            return;
        }
        let all = funnel.steps.len();
        let converted = ways.iter().find(|way| way.steps == all);
        let furthest = || {
            let settled = ways.iter().map(|way| way.settled).max()?;
            ways.iter().max_by_key(|way| way.steps).map(|way| Way { settled, ..*way })
        };
        let chosen = converted.copied().or_else(furthest);
        ways.clear();
        ways.extend(chosen);
    }

    /// The way from an entry.
    fn way(&mut self, funnel: &Funnel, events: &[Event], entry: u32) -> Option<Way> {
        let event = events.get(entry as usize)?;
        let until = event.at.saturating_add(funnel.window.micros());
        let mut way = Way {
            entered: event.at,
            row: event.row,
            steps: 1,
            last: event.at,
            settled: until,
            end: entry as usize,
        };
        self.used.clear();
        self.used.push(entry);
        match funnel.order {
            StepOrder::Any => self.in_any_order(funnel, events, &mut way),
            StepOrder::Ordered | StepOrder::Strict => {
                while way.steps < funnel.steps.len() {
                    let next = match funnel.order {
                        StepOrder::Strict => self.right_after(&way),
                        _ => self.next(funnel, events, &way),
                    };
                    let Some((at, event)) =
                        next.and_then(|at| events.get(at as usize).map(|event| (at, event)))
                    else {
                        break;
                    };
                    if event.at > until {
                        break;
                    }
                    self.used.push(at);
                    way.steps += 1;
                    way.last = way.last.max(event.at);
                    way.end = way.end.max(at as usize);
                }
            }
        }
        Some(way)
    }

    /// The event right after the last one, if it is the next step.
    fn right_after(&self, way: &Way) -> Option<u32> {
        let steps = self.steps.get(way.end + 1)?;
        if steps >> way.steps & 1 == 1 { u32::try_from(way.end + 1).ok() } else { None }
    }

    /// The next event that is the next step: after the last one, or a little before it. No event is two steps.
    fn next(&self, funnel: &Funnel, events: &[Event], way: &Way) -> Option<u32> {
        let places = self.places.get(way.steps)?;
        let grace = funnel.grace.micros();
        let is_past = |at: &u32| {
            let is_within =
                grace > 0 && events.get(*at as usize).is_some_and(|event| event.at >= way.last - grace);
            *at as usize <= way.end && !is_within
        };
        let from = places.partition_point(is_past);
        places.get(from..)?.iter().copied().find(|at| !self.used.contains(at))
    }

    /// Takes steps in the order in which they come.
    fn in_any_order(&mut self, funnel: &Funnel, events: &[Event], way: &mut Way) {
        let mut missing = u64::MAX >> (MOST_STEPS - funnel.steps.len());
        way.steps = 0;
        let from = self.any.partition_point(|at| (*at as usize) < way.end);
        for at in self.any.get(from..).unwrap_or_default() {
            let at = *at as usize;
            let Some((event, steps)) = events.get(at).zip(self.steps.get(at)) else { continue };
            if missing == 0 || event.at > way.settled {
                return;
            }
            let taken = steps & missing;
            if taken != 0 {
                missing &= !(taken & taken.wrapping_neg());
                way.steps += 1;
                way.last = event.at;
                way.end = at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Span;

    /// The ways of somebody who did one thing, named by a letter, at each of some seconds: when each was entered, how
    /// many steps it has and when the last of them was.
    fn ways(funnel: &Funnel, events: &[(char, i64)]) -> Vec<(i64, usize, i64)> {
        const SECOND: Micros = 1_000_000;
        let steps: Vec<char> = funnel.steps.iter().flat_map(|step| step.chars()).collect();
        let of_name = |name: u8| {
            let same = (0..).zip(&steps).filter(|(_, step)| **step == char::from(name));
            same.fold(0, |bits, (at, _)| bits | 1 << at)
        };
        let of_names: Vec<u64> = (0..128).map(of_name).collect();
        let event =
            |(row, (name, at)): (u32, &(char, i64))| Event { at: at * SECOND, row, name: u32::from(*name) };
        let events: Vec<Event> = (0..).zip(events).map(event).collect();
        let mut walk = Walk::new(steps.len());
        walk.read(&events, &of_names);
        let (entries, mut ways) = (walk.entries(funnel), Vec::new());
        walk.ways(funnel, &events, &entries, &mut ways);
        ways.iter().map(|way| (way.entered / SECOND, way.steps, way.last / SECOND)).collect()
    }

    fn funnel(steps: &str) -> Funnel {
        Funnel {
            steps: steps.chars().map(String::from).collect(),
            window: Span::seconds(60),
            order: StepOrder::Ordered,
            entry: FunnelEntry::First,
            counting: FunnelCounting::Uniques,
            grace: Span::seconds(0),
        }
    }

    #[test]
    fn no_event_is_two_steps() {
        assert_eq!(ways(&funnel("AA"), &[('A', 0)]), [(0, 1, 0)]);
        assert_eq!(ways(&funnel("AA"), &[('A', 0), ('A', 60)]), [(0, 2, 60)]);
        // Also where one within the grace could be taken again and again.
        let grace = Funnel { grace: Span::seconds(2), ..funnel("ABB") };
        assert_eq!(ways(&grace, &[('B', 0), ('A', 1)]), [(1, 2, 1)]);
        assert_eq!(ways(&grace, &[('B', 0), ('A', 1), ('B', 9)]), [(1, 3, 9)]);
        let any = Funnel { order: StepOrder::Any, ..funnel("AAB") };
        assert_eq!(ways(&any, &[('A', 0), ('B', 5)]), [(0, 2, 5)]);
    }

    #[test]
    fn a_window_ends_with_its_last_instant() {
        let events = [('A', 0), ('x', 1), ('B', 60), ('C', 61)];
        assert_eq!(ways(&funnel("ABC"), &events), [(0, 2, 60)]);
        let strict = Funnel { order: StepOrder::Strict, ..funnel("ABC") };
        assert_eq!(ways(&strict, &events), [(0, 1, 0)]);
    }

    #[test]
    fn one_enters_again_after_the_end() {
        let totals = Funnel { counting: FunnelCounting::Totals, ..funnel("AB") };
        let events = [('A', 0), ('A', 5), ('B', 9), ('A', 10), ('A', 70), ('A', 71)];
        assert_eq!(ways(&totals, &events), [(0, 2, 9), (10, 1, 10), (71, 1, 71)]);
        let recent = Funnel { entry: FunnelEntry::Recent, ..totals };
        let each = [(0, 1, 0), (5, 2, 9), (10, 1, 10), (70, 1, 70), (71, 1, 71)];
        assert_eq!(ways(&recent, &events), each);
    }

    #[test]
    fn the_attempt_that_led_furthest_counts() {
        let recent = Funnel { entry: FunnelEntry::Recent, ..funnel("ABC") };
        let events = [('A', 0), ('A', 5), ('B', 9), ('A', 20), ('B', 21), ('A', 30)];
        assert_eq!(ways(&recent, &events), [(20, 2, 21)]);
        assert_eq!(ways(&recent, &[('A', 0), ('B', 1), ('C', 2), ('A', 3)]), [(0, 3, 2)]);
    }
}
