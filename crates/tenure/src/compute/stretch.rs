//! Stretches of time that an answer is about.

use super::Context;
use crate::error::Result;
use crate::policy::Rolling;
use crate::scope::{BEGINNING_OF_TIME, END_OF_TIME, Every, Micros};
use crate::view::days;

/// The time that an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// An instant of the period that the answer is for.
    pub(crate) at: Micros,
    /// `[from, to)` is looked at.
    pub(crate) from: Micros,
    pub(crate) to: Micros,
}

/// The stretches of time that a request asks about: its periods, or what rolls up to the end of each. Where it does not
/// say, periods begin with the first of `met` and end with the last.
pub(crate) fn stretches(
    context: &Context<'_>,
    window: Rolling,
    met: Option<(Micros, Micros)>,
) -> Result<Vec<Stretch>> {
    let scope = context.scope;
    let known = scope.as_of.saturating_add(1).min(END_OF_TIME + 1);
    let end = scope.end.map_or(known, |end| end.min(known));
    let stretch = |start: Micros, period_end: Micros| -> Result<Stretch> {
        let to = period_end.min(end);
        let from = match window {
            Rolling::Period => scope.start.map_or(start, |from| from.max(start)),
            Rolling::Days(count) => days(scope).days_before(to - 1, count - 1)?,
        };
        Ok(Stretch { at: start.max(scope.start.unwrap_or(start)), from, to })
    };
    let Some(calendar) = scope.calendar else {
        let start = scope.start.or(met.map(|(first, _)| first)).unwrap_or(BEGINNING_OF_TIME);
        return Ok(if start < end { vec![stretch(start, end)?] } else { Vec::new() });
    };
    let first = scope.start.or(met.map(|(first, _)| first));
    let last = scope.end.map(|_| end - 1).or(met.map(|(_, last)| last));
    let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
    if first > last {
        return Ok(Vec::new());
    }
    let most = usize::try_from(scope.max_rows).unwrap_or(usize::MAX);
    let bounds = calendar.bounds(first, last, most)?;
    bounds
        .windows(2)
        .filter_map(|pair| match pair {
            [start, end] => Some(stretch(*start, *end)),
            _ => None,
        })
        .collect()
}

/// How many days or weeks of a stretch have begun: the denominator of averages over days.
pub(crate) fn intervals(
    context: &Context<'_>,
    every: Every,
    stretch: &Stretch,
) -> Result<Vec<(Micros, Micros)>> {
    let calendar =
        crate::scope::Calendar { every, week_start: context.scope.week_start, ..days(context.scope) };
    let most = usize::try_from(context.scope.max_rows).unwrap_or(usize::MAX);
    let bounds = calendar.bounds(stretch.from, stretch.to - 1, most)?;
    let pairs = bounds.windows(2).filter_map(|pair| match pair {
        [start, end] => Some(((*start).max(stretch.from), (*end).min(stretch.to))),
        _ => None,
    });
    Ok(pairs.collect())
}
