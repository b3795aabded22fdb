//! Days, each with those who were active on it.

use super::DayCounts;
use crate::scope::Micros;
use crate::view::people::Set;
use std::ops::Range;
use std::sync::OnceLock;

/// Who was active on which day, in order; a day on which nobody was is not there.
#[derive(Default)]
pub(crate) struct Days {
    days: Vec<Day>,
    /// Who was active on any of so many days, one set after the other, and so many of these: made when many days are
    /// asked for at once.
    together: OnceLock<[Vec<Set>; LEVELS]>,
}

const TOGETHER: usize = 8;
const LEVELS: usize = 2;

/// One day, or the part of a day before or after `start` or `end`.
pub(crate) struct Day {
    /// When the calendar's day begins.
    pub(crate) date: Micros,
    pub(crate) start: Micros,
    pub(crate) active: Set,
    /// How many events there were of each group, if events are counted.
    pub(super) events: Vec<u64>,
}

impl Day {
    /// The same day of other members.
    pub(super) fn with(&self, active: Set) -> Self {
        Self { date: self.date, start: self.start, active, events: Vec::new() }
    }
}

/// No day at all.
pub(crate) static NO_DAYS: Days = Days { days: Vec::new(), together: OnceLock::new() };

impl Days {
    /// Days in order.
    pub(super) fn of(days: Vec<Day>) -> Self {
        Self { days, together: OnceLock::new() }
    }

    /// The days that begin in `[from, to)`.
    pub(crate) fn within(&self, from: Micros, to: Micros) -> &[Day] {
        let first = self.days.partition_point(|day| day.start < from);
        let last = self.days.partition_point(|day| day.start < to);
        self.days.get(first..last).unwrap_or_default()
    }

    /// The days of several kinds of events together.
    pub(crate) fn together<'d>(kinds: impl IntoIterator<Item = &'d Days>) -> Self {
        let mut days: Vec<Day> = Vec::new();
        let mut parts: Vec<&Day> = kinds.into_iter().flat_map(|kind| &kind.days).collect();
        parts.sort_by_key(|day| day.start);
        for part in parts {
            match days.last_mut() {
                Some(day) if day.start == part.start => day.active |= &part.active,
                _ => days.push(part.with(part.active.clone())),
            }
        }
        Self::of(days)
    }

    /// Who did it at least so often in the days that begin in `[from, to)`; as many times a day have to be told apart.
    pub(crate) fn at_least(&self, times: u32, from: Micros, to: Micros) -> Set {
        if times <= 1 {
            return self.active(from, to);
        }
        let mut counts = DayCounts::default();
        for day in self.within(from, to) {
            counts.add(day.active.clone());
        }
        let often = counts.by_count().into_iter().filter(|(count, _)| *count >= u64::from(times));
        often.fold(Set::new(), |all, (_, members)| all | members)
    }

    /// Who was active on any of the days that begin in `[from, to)`.
    pub(crate) fn active(&self, from: Micros, to: Micros) -> Set {
        let first = self.days.partition_point(|day| day.start < from);
        let last = self.days.partition_point(|day| day.start < to);
        let mut active = Set::new();
        self.unite(0, first..last, &mut active);
        active
    }

    /// Adds the sets of a level: days, so many days together, so many of these together. What can be had from the next
    /// level is.
    fn unite(&self, level: usize, range: Range<usize>, active: &mut Set) {
        let mut add = |range: Range<usize>| match level.checked_sub(1) {
            None => self.days.get(range).unwrap_or_default().iter().for_each(|day| *active |= &day.active),
            Some(at) => {
                let sets = self.together.get().and_then(|levels| levels.get(at));
                sets.and_then(|sets| sets.get(range))
                    .unwrap_or_default()
                    .iter()
                    .for_each(|set| *active |= set);
            }
        };
        let (begin, end) = (range.start.div_ceil(TOGETHER), range.end / TOGETHER);
        if level == LEVELS || begin >= end {
            return add(range);
        }
        add(range.start..begin * TOGETHER);
        add(end * TOGETHER..range.end);
        self.together.get_or_init(|| self.put_together());
        self.unite(level + 1, begin..end, active);
    }

    fn put_together(&self) -> [Vec<Set>; LEVELS] {
        fn union<'s>(sets: impl Iterator<Item = &'s Set>) -> Set {
            sets.fold(Set::new(), |all, set| all | set)
        }
        let some: Vec<Set> =
            self.days.chunks(TOGETHER).map(|days| union(days.iter().map(|day| &day.active))).collect();
        let many = some.chunks(TOGETHER).map(|sets| union(sets.iter())).collect();
        [some, many]
    }

    /// How many events of each group there were on the days that begin in `[from, to)`, as far as events are counted.
    pub(crate) fn events(&self, from: Micros, to: Micros) -> Vec<u64> {
        let mut sums: Vec<u64> = Vec::new();
        for day in self.within(from, to) {
            sums.resize(sums.len().max(day.events.len()), 0);
            sums.iter_mut().zip(&day.events).for_each(|(sum, count)| *sum += count);
        }
        sums
    }

    /// All days, in order.
    pub(crate) fn all(&self) -> &[Day] {
        &self.days
    }

    /// The first and the last day.
    pub(crate) fn ends(&self) -> Option<(Micros, Micros)> {
        self.days.first().map(|day| day.start).zip(self.days.last().map(|day| day.start))
    }
}
