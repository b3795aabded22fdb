//! Means of whole numbers.

use super::{Answer, CellFormula};
use crate::stats::Moments;
use crate::summary::{Cell, Integers};

pub(crate) fn moments(sums: &Integers) -> Moments {
    Moments { n: sums.n, sum: sums.sum, sum_of_squares: sums.sum_of_squares }
}

/// The mean, with a t interval.
pub(crate) struct Mean {
    /// Below this many units there is no interval.
    pub(crate) interval_from: u64,
}

impl CellFormula<Integers> for Mean {
    fn answer(&self, cell: &Cell<Integers>, level: f64) -> Answer {
        let moments = moments(&cell.summary);
        let interval = moments.t(level).filter(|_| moments.n >= self.interval_from);
        // Not clipped to the scale: the interval of a mean near an end says how little is known.
        Answer::of(moments.mean()).with_interval(interval, "t", 1.0, (f64::NEG_INFINITY, f64::INFINITY))
    }
}
