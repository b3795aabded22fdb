//! The engine: from a request and a book to cells, and from cells to the answer.

mod fast;
mod frame;
mod grid;
mod place;
mod plan;
mod row;
mod source;

pub(crate) use frame::{RowView, Untimed};
pub(crate) use grid::AnyGrid;
pub(crate) use place::{Moment, moment};
pub(crate) use plan::{Finish, Pipeline, Plan};
pub(crate) use row::Row;
pub(crate) use source::{Gated, Out};

use crate::book::Book;
use crate::error::{Error, ErrorKind, Result};
use crate::formula::Period;
use crate::request::Scope;
use crate::scope::Micros;
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
pub(crate) struct Context<'c> {
    pub(crate) book: &'c Book<'c>,
    pub(crate) scope: &'c Scope,
    pub(crate) lookback: Lookback,
}

impl Context<'_> {
    /// The first and the last instant at which a row counts.
    pub(crate) fn window(&self) -> (Micros, Micros) {
        window(self.scope, self.lookback)
    }

    /// Without calendar periods: the bounds of the one or two windows.
    pub(crate) fn windows(&self) -> Vec<Micros> {
        windows(self.scope, self.lookback)
    }
}

fn earliest(scope: &Scope, lookback: Lookback) -> Option<Micros> {
    let start = scope.start?;
    let before = match (lookback, &scope.calendar) {
        (Lookback::None, _) => return Some(start),
        (Lookback::Period, Some(calendar)) => {
            calendar.period(start).and_then(|(first, _)| calendar.period(first.saturating_sub(1)))
        }
        (Lookback::Year, Some(calendar)) => calendar.period(start).and_then(|(first, _)| {
            let before = calendar.year_before(first)?;
            calendar.period(before)
        }),
        (_, None) => {
            return Some(scope.end.map_or(start, |end| start.saturating_sub(end.saturating_sub(start))));
        }
    };
    Some(before.map_or(start, |(before, _)| before))
}

fn window(scope: &Scope, lookback: Lookback) -> (Micros, Micros) {
    let last = scope.end.map_or(scope.as_of, |end| scope.as_of.min(end - 1));
    (earliest(scope, lookback).unwrap_or(Micros::MIN), last)
}

fn windows(scope: &Scope, lookback: Lookback) -> Vec<Micros> {
    if scope.calendar.is_some() {
        return Vec::new();
    }
    let mut bounds = Vec::new();
    if let (false, Some(before)) = (lookback == Lookback::None, earliest(scope, lookback)) {
        bounds.push(before);
    }
    bounds.extend([scope.start.unwrap_or(Micros::MIN), scope.end.unwrap_or(Micros::MAX)]);
    bounds
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
        let Some(calendar) = scope.calendar else { return Ok(Self::windows(scope, lookback)) };
        let first = scope.start.or(met.map(|(first, _)| first));
        let last = scope.end.map(|end| end - 1).or(met.map(|(_, last)| last));
        let (Some(first), Some(last)) = (first, last) else { return Ok(Self { all: Vec::new(), first: 0 }) };
        if first > last {
            return Ok(Self { all: Vec::new(), first: 0 });
        }
        let begin = earliest(scope, lookback).unwrap_or(first).min(first);
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
            all.push(Period { place: start, shown: Some((start, end)), partial, before });
        }
        let first = all.partition_point(|period| period.place < first_start);
        Ok(Self { all, first })
    }

    fn windows(scope: &Scope, lookback: Lookback) -> Self {
        let bounds = windows(scope, lookback);
        let partial = scope.end.is_some_and(|end| scope.as_of < end - 1);
        let period = |(at, start): (usize, &Micros)| Period {
            place: *start,
            shown: None,
            partial,
            before: at.checked_sub(1),
        };
        let all: Vec<Period> =
            bounds.iter().take(bounds.len().saturating_sub(1)).enumerate().map(period).collect();
        let first = all.len().saturating_sub(1);
        Self { all, first }
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
