//! The engine: from a request and a book to cells, and from cells to the answer.

mod clock;
mod deeds;
mod fast;
mod frame;
mod gathering;
mod grid;
mod grouping;
mod instead;
mod joined;
mod links;
mod out;
mod pass;
mod period;
mod place;
mod plan;
mod put;
mod recorded;
mod row;
mod screen;
mod sessions;
mod sets;
mod source;
mod stretch;
mod watch;

pub(crate) use clock::{Clock, Moment, moment};
pub(crate) use deeds::Deeds;
pub(crate) use frame::{Codes, Frame, RowView, Untimed};
pub(crate) use grid::AnyGrid;
pub(crate) use grouping::Grouping;
pub(crate) use instead::Instead;
pub(crate) use joined::Joined;
pub(crate) use links::{Ids, check_ids};
pub(crate) use out::{Out, PeriodEnd};
pub(crate) use pass::{Pace, alone, together};
pub(crate) use period::PeriodCoder;
pub(crate) use place::{Filter, Located};
pub(crate) use plan::{Finish, Pipeline, Plan};
pub(crate) use recorded::PersonMeasure;
#[cfg(feature = "classify")]
pub(crate) use row::check_type;
pub(crate) use row::{Row, find_flag, find_input};
pub(crate) use sessions::{Place, PutSessions, SessionMeasure};
pub(crate) use sets::{PutSets, SetMeasure};
pub(crate) use source::{Gated, Sink};
pub(crate) use stretch::{Stretch, intervals, stretches};

use crate::book::Book;
use crate::error::{Error, ErrorKind, Result};
use crate::formula::Period;
use crate::policy::Rolling;
use crate::request::Scope;
use crate::scope::{BEGINNING_OF_TIME, END_OF_TIME, Micros, year_before};
use serde::Serialize;

/// How a KPI's data may be split so that the merged parts give the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Splits {
    /// Any rows may go to any part.
    Rows,
    /// All rows with the same value in this column must go to the same part.
    Entity(&'static str),
    /// The data must stay together.
    Whole,
}

/// Which bounds a request needs so that a part of the data gives the state of a part: those that otherwise follow from
/// the first and the last event of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bounds {
    /// None: units count only where something happened.
    None,
    /// `start` and `end` where there are periods: units count in periods in which nothing happened to them.
    OfPeriods,
    /// `start` also without periods: days count on which nothing happened.
    OfDays,
}

impl Bounds {
    /// Those of a window: one of days reaches into periods after the last event.
    pub(crate) fn of(window: Rolling) -> Self {
        if window == Rolling::Period { Bounds::None } else { Bounds::OfPeriods }
    }

    /// Whether a request has them.
    pub(crate) fn are_given(self, scope: &Scope) -> bool {
        let (start, end) = (scope.start.is_some(), scope.end.is_some());
        match (self, scope.calendar) {
            (Bounds::None, _) | (Bounds::OfPeriods, None) => true,
            (Bounds::OfPeriods | Bounds::OfDays, Some(_)) => start && end,
            (Bounds::OfDays, None) => start,
        }
    }
}

/// One part of a book: the rows or entities whose stable hash leaves `part` when divided by `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) part: u64,
    pub(crate) of: u64,
}

/// Which earlier rows a comparison needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lookback {
    /// None.
    #[default]
    None,
    /// The period before.
    Period,
    /// The same period one year before.
    Year,
}

/// What every measure may know: the tables and the scope.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) book: &'c Book<'c>,
    pub(crate) scope: &'c Scope,
    pub(crate) lookback: Lookback,
    /// How rows are gone through that other questions look at too.
    pub(crate) pace: &'c Pace<'c>,
}

impl Context<'_> {
    /// The first and the last instant at which a row counts.
    pub(crate) fn window(&self) -> Result<(Micros, Micros)> {
        let scope = self.scope;
        let last = scope.end.map_or(scope.as_of, |end| scope.as_of.min(end - 1));
        Ok((earliest(scope, self.lookback)?, last))
    }

    /// The same, where rows are gone through alone.
    pub(crate) fn alone(&self) -> Self {
        Self { pace: &alone, ..*self }
    }

    /// Whether `by` names a column.
    pub(crate) fn asks(&self, column: &str) -> bool {
        self.scope.by.iter().any(|by| by == column)
    }

    /// Without calendar periods: the bounds of the windows.
    pub(crate) fn windows(&self) -> Result<Vec<Micros>> {
        windows(self.scope, self.lookback)
    }

    /// Whether something of this instant counts only in what the answer is compared with.
    pub(crate) fn is_only_looked_back_to(&self, at: Option<Micros>) -> bool {
        self.lookback != Lookback::None && at.zip(self.scope.start).is_some_and(|(at, start)| at < start)
    }

    /// The instants between the rows that a comparison looks back to and those asked for, `[from, to)`: those of the
    /// first period that lie before `start`, or between two windows.
    pub(crate) fn gap(&self) -> Result<Option<(Micros, Micros)>> {
        let scope = self.scope;
        let (Some(start), false) = (scope.start, self.lookback == Lookback::None) else { return Ok(None) };
        let from = match &scope.calendar {
            Some(calendar) => calendar.period(start)?.0,
            None => match windows(scope, self.lookback)?.as_slice() {
                [_, end_before, ..] => *end_before,
                _ => start,
            },
        };
        Ok((from < start).then_some((from, start)))
    }
}

/// The first instant at which a row is looked at.
fn earliest(scope: &Scope, lookback: Lookback) -> Result<Micros> {
    let Some(start) = scope.start else { return Ok(BEGINNING_OF_TIME) };
    let before = match (lookback, &scope.calendar, scope.end) {
        (Lookback::None, ..) | (_, None, None) => return Ok(start),
        (Lookback::Period, Some(calendar), _) => calendar.period(calendar.period(start)?.0 - 1)?.0,
        (Lookback::Year, Some(calendar), _) => calendar.year_before(calendar.period(start)?.0)?,
        (Lookback::Period, None, Some(end)) => start - (end - start),
        (Lookback::Year, None, Some(_)) => year_before(scope.zone, start, None)?,
    };
    Ok(before.max(BEGINNING_OF_TIME))
}

/// Without calendar periods: the bounds of the window asked for and, before it, of the one it is compared with.
fn windows(scope: &Scope, lookback: Lookback) -> Result<Vec<Micros>> {
    if scope.calendar.is_some() {
        return Ok(Vec::new());
    }
    let start = scope.start.unwrap_or(BEGINNING_OF_TIME);
    let end = scope.end.unwrap_or(END_OF_TIME + 1);
    Ok(match lookback {
        Lookback::None => vec![start, end],
        Lookback::Period => vec![earliest(scope, lookback)?, start, end],
        Lookback::Year => {
            let end_before = year_before(scope.zone, end, None)?;
            if end_before > start {
                let message = "a window longer than a year overlaps with that of the previous year";
                return Err(Error::invalid(message));
            }
            let mut bounds = vec![earliest(scope, lookback)?, end_before, start, end];
            bounds.dedup();
            bounds
        }
    })
}

/// The periods of an answer: dense between the first and the last, and those that comparisons look back to.
pub(crate) struct Periods {
    pub(crate) all: Vec<Period>,
    /// The position of the first period of the answer itself.
    pub(crate) first: usize,
}

impl Periods {
    /// `met` are the starts of the earliest and the latest period with cells.
    pub(crate) fn of(scope: &Scope, lookback: Lookback, met: Option<(Micros, Micros)>) -> Result<Self> {
        let Some(calendar) = scope.calendar else { return Self::windows(scope, lookback) };
        let first = scope.start.or(met.map(|(first, _)| first));
        let last = scope.end.map(|end| end - 1).or(met.map(|(_, last)| last));
        let (Some(first), Some(last)) = (first, last) else { return Ok(Self { all: Vec::new(), first: 0 }) };
        if first > last {
            return Ok(Self { all: Vec::new(), first: 0 });
        }
        let begin = if scope.start.is_some() { earliest(scope, lookback)?.min(first) } else { first };
        let most = usize::try_from(scope.max_rows).unwrap_or(usize::MAX);
        let bounds = calendar.bounds(begin, last, most)?;
        let (first_start, _) = calendar.period(first)?;
        let mut all = Vec::with_capacity(bounds.len());
        for (at, pair) in bounds.windows(2).enumerate() {
            let [start, end] = *pair else { continue };
            let before = match lookback {
                Lookback::None => None,
                Lookback::Period => at.checked_sub(1),
                Lookback::Year => {
                    let before = calendar.year_before(start)?;
                    bounds.binary_search(&before).ok()
                }
            };
            let partial = scope.start.is_some_and(|from| start < from)
                || scope.end.is_some_and(|to| end > to)
                || scope.as_of < end - 1;
            let future = start > scope.as_of;
            all.push(Period { place: start, shown: Some((start, end)), partial, future, before });
        }
        let first = all.partition_point(|period| period.place < first_start);
        Ok(Self { all, first })
    }

    fn windows(scope: &Scope, lookback: Lookback) -> Result<Self> {
        let bounds = windows(scope, lookback)?;
        let partial = scope.end.is_some_and(|end| scope.as_of < end - 1);
        let last = bounds.len().saturating_sub(2);
        // The first window is the one compared with; between the two there may be a gap.
        let period = |(at, start): (usize, &Micros)| Period {
            place: *start,
            shown: None,
            partial,
            future: *start > scope.as_of,
            before: (at == last && last > 0).then_some(0),
        };
        let all = bounds.iter().take(last + 1).enumerate().map(period).collect();
        Ok(Self { all, first: last })
    }
}

/// Refuses answers larger than the request allows.
pub(crate) fn check_rows(rows: usize, scope: &Scope) -> Result<()> {
    if rows as u64 > scope.max_rows {
        let message = format!("the result would have more than {} rows; raise max_rows", scope.max_rows);
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    Ok(())
}
