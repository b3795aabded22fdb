//! A sorted table of open intervals that counts the open time before any instant.

use super::DAY;
use crate::scope::Micros;
use std::ops::Range;

/// Open time as a function of time, over one span.
#[derive(Clone, Debug)]
pub(super) struct Timetable {
    span: Range<Micros>,
    open: Vec<Interval>,
    /// For each 24 hours since the start of the span, how many intervals open before it; once more at the end.
    opened_before: Vec<u32>,
    total: Micros,
}

#[derive(Clone, Copy, Debug)]
struct Interval {
    opens: Micros,
    closes: Micros,
    /// Open time of the intervals before.
    before: Micros,
}

impl Timetable {
    /// From intervals inside `span` that are sorted and apart.
    pub(super) fn new(span: Range<Micros>, intervals: &[Range<Micros>]) -> Self {
        let mut total = 0;
        let mut open = Vec::with_capacity(intervals.len());
        let mut opened_before = Vec::new();
        let mut day = span.start;
        for interval in intervals {
            while day <= interval.start {
                opened_before.push(count(open.len()));
                day += DAY;
            }
            open.push(Interval { opens: interval.start, closes: interval.end, before: total });
            total += interval.end - interval.start;
        }
        while day <= span.end + DAY {
            opened_before.push(count(open.len()));
            day += DAY;
        }
        Self { span, open, opened_before, total }
    }

    /// Whether this table knows an instant; both ends of its span belong to it.
    #[inline]
    pub(super) fn covers(&self, at: Micros) -> bool {
        self.span.start <= at && at <= self.span.end
    }

    pub(super) fn span(&self) -> &Range<Micros> {
        &self.span
    }

    /// All open time in the span.
    pub(super) fn total(&self) -> Micros {
        self.total
    }

    /// The last interval that opens at or before an instant of the span.
    ///
    /// The day narrows the search to the few intervals of one day, so its cost does not grow with the span.
    #[inline]
    fn opened(&self, at: Micros) -> Option<&Interval> {
        let day = usize::try_from((at - self.span.start) / DAY).ok()?;
        let low = *self.opened_before.get(day)? as usize;
        let high = *self.opened_before.get(day + 1)? as usize;
        let of_day = self.open.get(low..high)?;
        let opened = low + of_day.partition_point(|interval| interval.opens <= at);
        self.open.get(opened.checked_sub(1)?)
    }

    /// Open time from the start of the span to an instant of it.
    #[inline]
    pub(super) fn before(&self, at: Micros) -> Micros {
        self.opened(at).map_or(0, |last| last.before + (at.min(last.closes) - last.opens))
    }

    /// The first instant of the span with this much open time before it, of 1 to all.
    pub(super) fn reached(&self, open_time: Micros) -> Option<Micros> {
        let next = self.open.partition_point(|interval| interval.before < open_time);
        let interval = self.open.get(next.checked_sub(1)?)?;
        let at = interval.opens + (open_time - interval.before);
        (at <= interval.closes).then_some(at)
    }

    /// When the interval closes that an instant lies in.
    pub(super) fn closes(&self, at: Micros) -> Option<Micros> {
        self.opened(at).map(|interval| interval.closes).filter(|closes| *closes > at)
    }
}

/// A span of at most two centuries has fewer intervals than 32 bits count, as they are apart by a microsecond at least
/// and come from so many rows a day.
fn count(intervals: usize) -> u32 {
    u32::try_from(intervals).unwrap_or(u32::MAX)
}
