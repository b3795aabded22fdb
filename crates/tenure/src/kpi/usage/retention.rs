//! Who came back, and when: what the retention of users and the matrix of cohorts have in common.

use crate::compute::Context;
use crate::error::Result;
use crate::policy::{Names, choice};
use crate::scope::{Calendar, Micros};
use crate::summary::{Cell, Counts, Tally};
use crate::view::{Days, Set};
use std::borrow::Cow;

choice! {
    /// Whose start counts.
    pub enum RetentionStart {
        /// The first start that is known, and that alone: also one before the request's `start`.
        First = "first",
        /// Every interval with a start begins anew.
        Recurring = "recurring",
    }
}

/// When somebody has to come back, in intervals after the start, to be retained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comeback {
    /// In any of these.
    Within(u32, u32),
    /// In this one or a later one.
    From(u32),
    /// In each from the first to this one.
    Each(u32),
}

impl Comeback {
    /// The interval that has to be over before it can be told.
    pub(super) fn last(self) -> u32 {
        match self {
            Comeback::Within(_, last) | Comeback::From(last) | Comeback::Each(last) => last,
        }
    }

    /// Whether somebody who was there at these ages, in order, came back.
    pub(super) fn is_met(self, ages: &[u32]) -> bool {
        let before = |age: u32| ages.partition_point(|met| *met < age);
        match self {
            Comeback::Within(first, last) => before(first) < before(last + 1),
            Comeback::From(first) => before(first) < ages.len(),
            Comeback::Each(last) => before(last + 1) - before(1) == last as usize,
        }
    }
}

/// The names among some that are among others too; null is all.
pub(super) fn both(events: Option<&Names>, others: Option<&Names>) -> Option<Names> {
    match (events, others) {
        (Some(events), Some(others)) => {
            Some(Names::new(others.as_slice().iter().filter(|name| events.has(name)).cloned()))
        }
        (events, others) => events.or(others).cloned(),
    }
}

/// The cell of an age. Who does not count, or cannot, does so at every age, and is in the cell of all of them.
pub(super) fn of_age(whole: &Cell<Counts<2>>, of_age: &Cell<Counts<2>>) -> Cell<Counts<2>> {
    let Tally { invalid, excluded, .. } = whole.tally;
    Cell { tally: Tally { invalid, excluded, ..of_age.tally }, summary: of_age.summary }
}

/// The intervals of a calendar, as far as anything is known of them, and who was there in each.
pub(super) struct Presence {
    /// Their starts, and the end of the last.
    bounds: Vec<Micros>,
    as_of: Micros,
    /// Who was there in each interval, as far as there was any activity.
    active: Vec<Set>,
    /// The same, or in a later one.
    later: Vec<Set>,
    nobody: Set,
}

impl Presence {
    /// From the interval of the first activity, to that of `as_of`; or only so far that everything can be told that lies
    /// up to `ages` intervals after the last activity.
    pub(super) fn new(
        context: &Context<'_>,
        calendar: Calendar,
        days: &Days,
        (first, last): (Micros, Micros),
        ages: Option<u32>,
    ) -> Result<Self> {
        let as_of = context.scope.as_of;
        let most = usize::try_from(context.scope.max_rows).unwrap_or(usize::MAX);
        let mut bounds = calendar.bounds(first, ages.map_or(as_of, |_| last), most)?;
        for _ in 0..ages.map_or(0, |ages| ages.saturating_add(1)) {
            match bounds.last() {
                Some(end) if *end <= as_of => bounds.push(calendar.period(*end)?.1),
                _ => break,
            }
        }
        let met = bounds.windows(2).take_while(|pair| matches!(pair, [start, _] if *start <= last));
        let active: Vec<Set> = met
            .map(|pair| match pair {
                [start, end] => days.active(*start, *end),
                _ => Set::new(),
            })
            .collect();
        let mut later = active.clone();
        let mut sum = Set::new();
        for set in later.iter_mut().rev() {
            sum |= &*set;
            set.clone_from(&sum);
        }
        Ok(Self { bounds, as_of, active, later, nobody: Set::new() })
    }

    /// The interval that holds an instant.
    pub(super) fn interval(&self, at: Micros) -> usize {
        self.bounds.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// When an interval begins.
    pub(super) fn start(&self, interval: usize) -> Option<Micros> {
        self.bounds.get(interval).copied()
    }

    /// How many intervals there are.
    pub(super) fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// Whether an interval is over.
    pub(super) fn is_over(&self, interval: usize) -> bool {
        self.bounds.get(interval + 1).is_some_and(|end| self.as_of >= end - 1)
    }

    /// Who was there in an interval.
    pub(super) fn active(&self, interval: usize) -> &Set {
        self.active.get(interval).unwrap_or(&self.nobody)
    }

    /// Who was there in an interval or in a later one.
    pub(super) fn from(&self, interval: usize) -> &Set {
        self.later.get(interval).unwrap_or(&self.nobody)
    }

    /// Of some who started in an interval, and of others perhaps: who came back.
    pub(super) fn back(&self, interval: usize, comeback: Comeback, started: &Set) -> Cow<'_, Set> {
        let at = |age: u32| interval + age as usize;
        match comeback {
            Comeback::Within(first, last) if first == last => Cow::Borrowed(self.active(at(first))),
            Comeback::Within(first, last) => {
                Cow::Owned((first..=last).fold(Set::new(), |sum, age| sum | self.active(at(age))))
            }
            Comeback::From(first) => Cow::Borrowed(self.from(at(first))),
            Comeback::Each(last) => {
                let mut each = started.clone();
                for age in 1..=last {
                    if each.is_empty() {
                        break;
                    }
                    each &= self.active(at(age));
                }
                Cow::Owned(each)
            }
        }
    }
}

/// Who starts on each day: for the first time, or for the first time in an interval. A day is told with its interval.
pub(super) fn each_start(
    days: &Days,
    presence: &Presence,
    starts: RetentionStart,
    mut tell: impl FnMut(Micros, usize, Set) -> Result<()>,
) -> Result<()> {
    let mut seen = Set::new();
    let mut current = None;
    for day in days.all() {
        let interval = presence.interval(day.start);
        if starts == RetentionStart::Recurring && current.replace(interval) != Some(interval) {
            seen.clear();
        }
        let fresh = &day.active - &seen;
        if !fresh.is_empty() {
            seen |= &fresh;
            tell(day.start, interval, fresh)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Comeback::{Each, From, Within};

    #[test]
    fn ages_say_who_came_back() {
        let ages = [0, 1, 2, 5];
        let met = |comeback: super::Comeback| comeback.is_met(&ages);
        assert!(met(Within(2, 2)) && !met(Within(3, 4)) && met(Within(3, 5)));
        assert!(met(From(5)) && met(From(3)) && !met(From(6)));
        assert!(met(Each(2)) && !met(Each(3)) && !met(Each(5)));
        assert!(Each(0).is_met(&[]) && !From(0).is_met(&[]) && !Within(0, 9).is_met(&[]));
    }
}
