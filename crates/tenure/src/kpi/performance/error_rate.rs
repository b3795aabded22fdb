//! # Error rate
//!
//! **Question.** Which share of the requests fails?
//!
//! **Definition.** `100 * probes that failed / probes`, in percent.
//!
//! **Example.** Of eight probes two failed: 25 %.
//!
//! **Edge cases.** No probes: undefined. One that does not say whether it was answered is missing. What was tried during
//! maintenance is left out. Every probe counts: a retry is another one.
//!
//! **Merging and sources.** Two counts; any rows may go to any part. What a failure is, whoever probes decides: `ok` is
//! false for an error of the server, and for one of the client if that is the product's fault.

use super::probes::{Answered, MAINTENANCE, probes};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::kpi::voice::source::WILSON;
use crate::policy::policy;
use crate::summary::Counts;

policy! {
    /// The choices of the error rate.
    pub struct ErrorRate {
        /// How the interval is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "error_rate",
    name: "Error rate",
    question: "Which share of the requests fails?",
    formula: "100 * probes that failed / probes",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Lower,
    discipline: Discipline::Shared,
    table: "probes",
    key: "row",
    inputs: &["ok", "occurred_at?", "maintenance?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ErrorRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let percent = Percent { interval: choices.interval };
        let failed = Answered { counts: false };
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::rows(probes(MAINTENANCE), failed, percent)).ratio())
    }
}
