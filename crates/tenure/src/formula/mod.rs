//! Formulas: from the cells of a group to the rows of the answer. Those that several KPIs share are here too.

mod count;
mod mean;
mod proportion;
mod spread;

pub(crate) use count::{Coverage, Distinct, EachOf, First, Quotient, Total};
pub(crate) use mean::{Mean, moments};
pub(crate) use proportion::Percent;
pub use proportion::ProportionInterval;
pub(crate) use spread::{DAY, Spread, SpreadInDays};

use crate::key::Key;
use crate::outcome::{Outcome, OutcomeInterval, Status};
use crate::request::Scope;
use crate::scope::Micros;
use crate::stats::Interval;
use crate::summary::Cell;
use std::collections::BTreeMap;

/// One period of the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Period {
    /// Its start, which is its cells' place; the beginning of time without periods.
    pub(crate) place: Micros,
    /// `[start, end)`, if the request has periods.
    pub(crate) shown: Option<(Micros, Micros)>,
    /// Whether `start`, `end` or `as_of` cuts it.
    pub(crate) partial: bool,
    /// Whether it begins after `as_of`: nothing is known of it.
    pub(crate) future: bool,
    /// The position of the period that a comparison looks back to.
    pub(crate) before: Option<usize>,
}

/// All cells of one group.
pub(crate) struct Cells<'c, S> {
    pub(crate) met: &'c BTreeMap<(Micros, Key), Cell<S>>,
    pub(crate) empty: &'c Cell<S>,
    /// Every period, also those that only comparisons look back to.
    pub(crate) periods: &'c [Period],
    /// The positions of the periods of the answer.
    pub(crate) shown: std::ops::Range<usize>,
    /// The dimension's values met anywhere in the answer, in order.
    pub(crate) dimensions: &'c [Key],
    pub(crate) level: f64,
    pub(crate) scope: &'c Scope,
}

impl<S> Cells<'_, S> {
    /// The cell of a period and dimension; empty if nothing was met there.
    pub(crate) fn at(&self, period: usize, dimension: &Key) -> &Cell<S> {
        let place = self.periods.get(period).map(|period| (period.place, dimension.clone()));
        place.and_then(|place| self.met.get(&place)).unwrap_or(self.empty)
    }

    /// The cells of a period by the values of the dimension, in order.
    pub(crate) fn of_dimensions(&self, period: usize) -> impl Iterator<Item = (&Key, &Cell<S>)> {
        let place = self.periods.get(period).map(|period| period.place);
        let cells = place.map(|place| self.met.range((place, Key::Bool(false))..(place, Key::Null)));
        cells.into_iter().flatten().map(|((_, dimension), cell)| (dimension, cell))
    }

    /// The cell of a period for all values of the dimension together.
    pub(crate) fn whole(&self, period: usize) -> &Cell<S> {
        self.at(period, &Key::Null)
    }

    /// How much time of a period lies between `start` and `end` and has passed at `as_of`; nothing if none has, or if
    /// it has no beginning.
    pub(crate) fn elapsed(&self, period: usize) -> Option<Micros> {
        let scope = self.scope;
        let (first, last) = match self.periods.get(period)?.shown {
            Some((first, last)) => (first.max(scope.start.unwrap_or(first)), last),
            None => (scope.start?, scope.as_of),
        };
        let last = last.min(scope.end.unwrap_or(last)).min(scope.as_of);
        Some(last - first).filter(|elapsed| *elapsed > 0)
    }
}

/// A KPI's finish: pure, over all cells of a group.
pub(crate) trait Formula<S>: Send + Sync {
    fn finish(&self, cells: &Cells<'_, S>, rows: &mut Rows<'_>);
}

/// The finish of a KPI that answers each cell on its own.
pub(crate) trait CellFormula<S>: Send + Sync {
    /// The answer of one cell; `level` is the confidence level.
    fn answer(&self, cell: &Cell<S>, level: f64) -> Answer;
}

impl<S, F: CellFormula<S>> Formula<S> for F {
    fn finish(&self, cells: &Cells<'_, S>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            rows.push(period, &[], cell, &self.answer(cell, cells.level));
        }
    }
}

/// What a formula says of one row; the engine adds who, when, how many and under which policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) value: Option<f64>,
    /// The answer in words.
    pub(crate) label: Option<String>,
    /// The answer that is a time.
    pub(crate) instant: Option<Micros>,
    pub(crate) numerator: Option<i64>,
    pub(crate) denominator: Option<i64>,
    pub(crate) interval: Option<(Interval, &'static str)>,
    /// The unit, where it is not the card's.
    pub(crate) unit: Option<&'static str>,
    /// Whether it is a plain count or the like, which needs no least number of units to say something.
    pub(crate) is_census: bool,
    /// The units of the smallest sample, where there is another than the cell.
    pub(crate) least_n: Option<u64>,
    /// Why there is no value, where it is not that there is nothing to divide by.
    pub(crate) status: Option<Status>,
}

impl Answer {
    /// A value, if there is one.
    pub(crate) fn of(value: Option<f64>) -> Self {
        Self { value, ..Self::default() }
    }

    /// A plain count.
    pub(crate) fn count(value: f64) -> Self {
        Self { value: Some(value), is_census: true, ..Self::default() }
    }

    /// `scale * numerator / denominator`, undefined for an empty denominator.
    pub(crate) fn ratio(scale: f64, numerator: i64, denominator: i64) -> Self {
        // One rounding: the product of a count and a whole scale is exact.
        let value = (denominator > 0).then(|| scale * numerator as f64 / denominator as f64);
        Self { value, numerator: Some(numerator), denominator: Some(denominator), ..Self::default() }
    }

    /// Adds an interval, scaled and clipped to what the value can be.
    pub(crate) fn with_interval(
        mut self,
        interval: Option<Interval>,
        method: &'static str,
        scale: f64,
        (least, most): (f64, f64),
    ) -> Self {
        self.interval = interval.map(|interval| {
            let clip = |end: f64| (scale * end).clamp(least, most);
            (Interval { low: clip(interval.low), high: clip(interval.high) }, method)
        });
        self
    }
}

/// A count as the result shows it; counts beyond 2^63 rows do not fit any memory.
pub(crate) fn shown(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Collects the rows of one group.
pub(crate) struct Rows<'r> {
    pub(crate) template: &'r Outcome,
    pub(crate) periods: &'r [Period],
    pub(crate) min_n: u64,
    pub(crate) most: u64,
    pub(crate) level: f64,
    /// How many rows there will be at least, where that is known before they are made.
    pub(crate) expected: u64,
    /// The rows with the position of their period.
    pub(crate) told: Vec<(usize, Outcome)>,
}

impl Rows<'_> {
    /// Says how many rows there will be at least; whether that is more than there may be, so that none need be made.
    pub(crate) fn are_too_many(&mut self, expected: u64) -> bool {
        self.expected = expected;
        expected > self.most
    }

    /// One row: the cell gives the counts, the answer the rest.
    pub(crate) fn push<S>(&mut self, period: usize, dimensions: &[Key], cell: &Cell<S>, answer: &Answer) {
        let Some(of) = self.periods.get(period) else { return };
        // One more than allowed is kept, so that the caller sees that it is too many.
        if self.told.len() as u64 > self.most {
            return;
        }
        let n = cell.tally.used();
        let status = match answer.value.filter(|_| !of.future) {
            None => answer.status.unwrap_or(Status::Undefined),
            Some(_) if !answer.is_census && answer.least_n.unwrap_or(n).min(n) < self.min_n => {
                Status::InsufficientN
            }
            Some(_) if of.partial => Status::PartialPeriod,
            Some(_) => Status::Ok,
        };
        let told = answer.value.is_some() && !of.future && status != Status::InsufficientN;
        let level = self.level;
        let outcome = Outcome {
            period: of.shown,
            dimensions: dimensions.to_vec(),
            value: answer.value.filter(|_| told),
            label: answer.label.clone().filter(|_| told),
            instant: answer.instant.filter(|_| told),
            numerator: answer.numerator.filter(|_| status != Status::InsufficientN),
            denominator: answer.denominator,
            n,
            n_missing: cell.tally.missing,
            n_invalid: cell.tally.invalid,
            n_immature: cell.tally.immature,
            n_excluded: cell.tally.excluded,
            n_censored: cell.tally.censored,
            status,
            interval: answer
                .interval
                .filter(|_| told)
                .map(|(Interval { low, high }, method)| OutcomeInterval { low, high, level, method }),
            unit: answer.unit.unwrap_or(self.template.unit),
            ..self.template.clone()
        };
        self.told.push((period, outcome));
    }
}
