//! Means of ratings, in units of their scale.

use super::{SCORE, score};
use crate::compute::Row;
use crate::formula::{Answer, CellFormula, moments};
use crate::measure::{Fate, Input, RowMeasure};
use crate::policy::Scale;
use crate::summary::{Cell, Integers};

/// A rating as it is.
pub(crate) struct Rating {
    pub(crate) scale: Scale,
}

impl RowMeasure for Rating {
    type Value = i64;

    fn inputs(&self) -> &[Input] {
        &[SCORE]
    }

    fn row(&self, row: &Row<'_>) -> Fate<i64> {
        match score(row.read(0), self.scale) {
            Ok(score) => Fate::Observed(score),
            Err(fate) => fate,
        }
    }

    fn decided_by_first_input(&self) -> bool {
        true
    }
}

/// The mean as a share of the best possible: `100 * (mean - origin) / (high - origin)`.
pub(crate) struct PercentOfMaximum {
    pub(crate) scale: Scale,
    /// What counts as nothing: the lowest answer, or zero.
    pub(crate) origin: i64,
}

impl CellFormula<Integers> for PercentOfMaximum {
    fn answer(&self, cell: &Cell<Integers>, level: f64) -> Answer {
        let (origin, span) = (self.origin as f64, (self.scale.high() - self.origin) as f64);
        let moments = moments(&cell.summary);
        let shifted = moments.t(level).map(|ends| crate::stats::Interval {
            low: (ends.low - origin) / span,
            high: (ends.high - origin) / span,
        });
        Answer::of(moments.mean().map(|mean| 100.0 * ((mean - origin) / span))).with_interval(
            shifted,
            "t",
            100.0,
            (0.0, 100.0),
        )
    }
}
