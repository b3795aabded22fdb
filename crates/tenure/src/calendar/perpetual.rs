//! Open time without end: two centuries worked out, and the weeks before and after repeated.

use super::compile::open_intervals;
use super::schedule::Schedule;
use super::timetable::Timetable;
use super::{MODELLED, WEEK};
use crate::scope::Micros;

/// A timetable of all time.
#[derive(Clone, Debug)]
pub(super) struct Perpetual {
    table: Timetable,
    /// Open time of the first week of the table, which repeats before it.
    first_week: Micros,
    /// Open time of the last week, which repeats after it.
    last_week: Micros,
}

impl Perpetual {
    pub(super) fn new(schedules: &[Schedule]) -> Self {
        // Two weeks out on each side there is no holiday and no change of version left.
        let span = MODELLED.start - 2 * WEEK..MODELLED.end + 2 * WEEK;
        let table = Timetable::new(span.clone(), &open_intervals(schedules, &span));
        let first_week = table.before(span.start + WEEK);
        let last_week = table.total() - table.before(span.end - WEEK);
        Self { table, first_week, last_week }
    }

    /// Whether there is no open time, ever.
    pub(super) fn is_never_open(&self) -> bool {
        self.table.total() == 0
    }

    /// Weeks to go forward to reach the table: negative after it, 0 inside.
    fn weeks_to_table(&self, at: Micros) -> Micros {
        let span = self.table.span();
        if at < span.start {
            (span.start - at - 1) / WEEK + 1
        } else if at > span.end {
            -((at - span.end - 1) / WEEK + 1)
        } else {
            0
        }
    }

    /// Open time from the start of the table to an instant; negative before it.
    pub(super) fn before(&self, at: Micros) -> Micros {
        let weeks = self.weeks_to_table(at);
        let open = if weeks > 0 { self.first_week } else { self.last_week };
        self.table.before(at + weeks * WEEK) - weeks * open
    }

    /// The first instant with more open time before it than at any earlier one, and this much.
    pub(super) fn reached(&self, open_time: Micros) -> Option<Micros> {
        let beyond = open_time.saturating_sub(self.table.total());
        let (weeks, open) = if open_time <= 0 {
            // Into the first week, but not to its very start, where nothing has been reached yet.
            ((-open_time).checked_div(self.first_week)? + 1, self.first_week)
        } else if beyond > 0 {
            (-((beyond - 1).checked_div(self.last_week)? + 1), self.last_week)
        } else {
            (0, 0)
        };
        let at = self.table.reached(open_time + weeks * open)?;
        weeks.checked_mul(WEEK).and_then(|shift| at.checked_sub(shift))
    }

    /// When the interval closes that an instant lies in; the end of a repeated week closes it too.
    pub(super) fn closes(&self, at: Micros) -> Option<Micros> {
        let weeks = self.weeks_to_table(at);
        // The last instant of the table is the first of the week after.
        let weeks = if at + weeks * WEEK == self.table.span().end { weeks - 1 } else { weeks };
        self.table.closes(at + weeks * WEEK)?.checked_sub(weeks * WEEK)
    }
}
