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
    /// Who was active on any of so many days, one set after the other: made when many days are asked for at once.
    together: OnceLock<Vec<Set>>,
}

const TOGETHER: usize = 64;

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
        let mut add = |days: Range<usize>| {
            for day in self.days.get(days).unwrap_or_default() {
                active |= &day.active;
            }
        };
        let (begin, end) = (first.div_ceil(TOGETHER), last / TOGETHER);
        if begin >= end {
            add(first..last);
            return active;
        }
        add(first..begin * TOGETHER);
        add(end * TOGETHER..last);
        let union = |days: &[Day]| days.iter().fold(Set::new(), |all, day| all | &day.active);
        let together = self.together.get_or_init(|| self.days.chunks(TOGETHER).map(union).collect());
        for part in together.get(begin..end).unwrap_or_default() {
            active |= part;
        }
        active
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
