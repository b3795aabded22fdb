//! Shares of units, in percent.

use super::{Answer, CellFormula, shown};
use crate::policy::{Choice, choice};
use crate::stats::{clopper_pearson, wilson};
use crate::summary::{Cell, Counts};

choice! {
    /// How the interval of a share is computed.
    pub enum ProportionInterval {
        /// Wilson's score interval: close to its level for any share and any n.
        Wilson = "wilson",
        /// Clopper and Pearson's exact interval: never below its level, wider for it.
        ClopperPearson = "clopper_pearson",
    }
}

/// `100 * successes / trials`.
#[derive(Clone)]
pub(crate) struct Percent {
    pub(crate) interval: ProportionInterval,
}

impl Percent {
    /// A share of counts, with its interval.
    pub(crate) fn of(&self, successes: u64, trials: u64, level: f64) -> Answer {
        let interval = match self.interval {
            ProportionInterval::Wilson => wilson(successes, trials, level),
            ProportionInterval::ClopperPearson => clopper_pearson(successes, trials, level),
        };
        Answer::ratio(100.0, shown(successes), shown(trials)).with_interval(
            interval,
            self.interval.name(),
            100.0,
            (0.0, 100.0),
        )
    }
}

impl CellFormula<Counts<2>> for Percent {
    fn answer(&self, cell: &Cell<Counts<2>>, level: f64) -> Answer {
        self.of(cell.summary.successes(), cell.summary.trials(), level)
    }
}
