//! Open intervals one after the other.

use super::open_hours::OpenHours;
use crate::scope::Micros;
use std::ops::Range;

/// Open intervals in order: see [`OpenHours::intervals`].
#[derive(Clone, Debug)]
pub struct Intervals<'h> {
    hours: &'h OpenHours,
    from: Micros,
    to: Micros,
}

impl<'h> Intervals<'h> {
    pub(super) fn new(hours: &'h OpenHours, from: Micros, to: Micros) -> Self {
        Self { hours, from, to }
    }
}

impl Iterator for Intervals<'_> {
    type Item = Range<Micros>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.from >= self.to {
            return None;
        }
        // Where the first open microsecond is used up, it also began.
        let opens = self.hours.at(self.from, 1).map(|used| used - 1).filter(|opens| *opens < self.to);
        let Some(opens) = opens else {
            self.from = self.to;
            return None;
        };
        let mut closes = self.hours.closes(opens);
        // A table's end cuts an interval without closing it.
        while closes < self.to && self.hours.is_open(closes) {
            closes = self.hours.closes(closes);
        }
        self.from = closes.min(self.to);
        Some(opens..self.from)
    }
}

impl std::iter::FusedIterator for Intervals<'_> {}
