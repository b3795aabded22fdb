//! Counts: how many units, and sums of whole numbers.

use super::{Answer, CellFormula};
use crate::summary::{Cell, Ids, Integers};

/// The sum of what the units count for: with 1 for each, how many there are. Of nothing it is 0.
pub(crate) struct Total;

impl CellFormula<Integers> for Total {
    fn answer(&self, cell: &Cell<Integers>, _: f64) -> Answer {
        Answer::count(cell.summary.sum as f64)
    }
}

/// How many distinct ids there are. Of nothing it is 0.
pub(crate) struct Distinct;

impl CellFormula<Ids> for Distinct {
    fn answer(&self, cell: &Cell<Ids>, _: f64) -> Answer {
        Answer::count(cell.summary.0.len() as f64)
    }
}
