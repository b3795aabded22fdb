//! The part of a period that can be compared with the same part of others: like with like.

use crate::error::Result;
use crate::request::Scope;
use crate::scope::{Every, Micros};
use crate::view::days;

/// How much of a period can be compared with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SamePart {
    /// All of it.
    Whole,
    /// Where `start`, `end` or `as_of` cuts it, the local days that are whole: so many after so many others.
    Days { skipped: usize, count: usize },
    /// Nothing: no whole day of it is known.
    Nothing,
}

/// A year has fewer days.
const MOST_DAYS: usize = 400;

impl SamePart {
    /// What of a period `[start, end)` can be compared.
    pub(super) fn of(scope: &Scope, (start, end): (Micros, Micros)) -> Result<Self> {
        let known = scope.as_of.saturating_add(1);
        let from = scope.start.map_or(start, |first| first.max(start));
        let to = end.min(scope.end.map_or(known, |last| last.min(known)));
        if (from, to) == (start, end) {
            return Ok(Self::Whole);
        }
        // Activity is known by days, and by hours only if they are the periods.
        if to <= from || scope.calendar.is_some_and(|calendar| calendar.every == Every::Hour) {
            return Ok(Self::Nothing);
        }
        let bounds = days(scope).bounds(start, end - 1, MOST_DAYS)?;
        let skipped = bounds.partition_point(|day| *day < from);
        let count = bounds.partition_point(|day| *day <= to).saturating_sub(skipped + 1);
        Ok(if count > 0 { Self::Days { skipped, count } } else { Self::Nothing })
    }

    /// The same part of another period, as far as that has so many days.
    pub(super) fn within(self, scope: &Scope, (start, end): (Micros, Micros)) -> Result<(Micros, Micros)> {
        match self {
            Self::Whole => Ok((start, end)),
            Self::Nothing => Ok((start, start)),
            Self::Days { skipped, count } => {
                let bounds = days(scope).bounds(start, end - 1, MOST_DAYS)?;
                let bound = |day: usize| bounds.get(day).copied().unwrap_or(end);
                Ok((bound(skipped), bound(skipped + count)))
            }
        }
    }
}
