//! Counts: how many units, and sums of whole numbers.

use super::{Answer, CellFormula, shown};
use crate::summary::{Amounts, Cell, Ids, Integers, Mergeable, Occurrences, Pair};

/// The sum of what the units count for: with 1 for each, how many there are. Of nothing it is 0.
#[derive(Clone)]
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

/// A summary that comes down to how many there are.
pub(crate) trait HowMany: Mergeable {
    fn how_many(&self) -> u64;
}

impl HowMany for Integers {
    fn how_many(&self) -> u64 {
        self.n
    }
}

impl HowMany for Ids {
    fn how_many(&self) -> u64 {
        self.0.len() as u64
    }
}

impl HowMany for Amounts {
    fn how_many(&self) -> u64 {
        self.total()
    }
}

/// `scale * how many / how many`; undefined if there is nothing to divide by.
#[derive(Clone, Copy)]
pub(crate) struct Quotient {
    pub(crate) scale: f64,
}

impl<A: HowMany, B: HowMany> CellFormula<Pair<A, B>> for Quotient {
    fn answer(&self, cell: &Cell<Pair<A, B>>, _: f64) -> Answer {
        let Pair(above, below) = &cell.summary;
        Answer::ratio(self.scale, shown(above.how_many()), shown(below.how_many()))
    }
}

/// The same, of all that there are and not of a sample: few are an answer too.
#[derive(Clone, Copy)]
pub(crate) struct Coverage {
    pub(crate) scale: f64,
}

impl<A: HowMany, B: HowMany> CellFormula<Pair<A, B>> for Coverage {
    fn answer(&self, cell: &Cell<Pair<A, B>>, level: f64) -> Answer {
        Answer { is_census: true, ..Quotient { scale: self.scale }.answer(cell, level) }
    }
}

/// Units over the distinct ids that they have.
pub(crate) struct EachOf;

impl CellFormula<Ids> for EachOf {
    fn answer(&self, cell: &Cell<Ids>, _: f64) -> Answer {
        Answer::ratio(1.0, shown(cell.tally.used()), shown(cell.summary.0.len() as u64))
    }
}

/// To how many units something happened, and when first. To none it is 0.
pub(crate) struct First;

impl CellFormula<Occurrences> for First {
    fn answer(&self, cell: &Cell<Occurrences>, _: f64) -> Answer {
        Answer { instant: cell.summary.first, ..Answer::count(cell.summary.count as f64) }
    }
}
