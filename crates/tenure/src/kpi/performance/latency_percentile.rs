//! # Latency percentile
//!
//! **Question.** How long do users wait for the product to answer?
//!
//! **Definition.** The 95th percentile, or any other, of the latencies of probes, in milliseconds: exact, between the two
//! nearest values (type 7 of Hyndman and Fan). The mean can be asked for too.
//!
//! **Example.** Of latencies of 1 to 100 milliseconds the 95th percentile is 95.05.
//!
//! ```
//! assert_eq!(tenure::latency_percentile([100, 200, 300, 400, 500])?.value, Some(480.0));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No latencies: undefined. A probe without latency is missing, a negative one is invalid. Failed probes are
//! left out by default; one that does not say whether it failed counts. What was tried during maintenance is left out. Too
//! few probes for a percentile show in an interval that is missing: for the 99th there have to be hundreds. Latencies are
//! kept in whole nanoseconds.
//!
//! **Merging and sources.** The latencies themselves, a multiset; any rows may go to any part. The percentile of a whole
//! is not the mean of those of its parts: merge states, never results.

use super::probes::{LATENCY, MAINTENANCE, OK_IF_KNOWN, answered, latency, probes};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::{Pipeline, Row};
use crate::error::Result;
use crate::formula::Spread;
use crate::measure::{Fate, Input, Reason, RowMeasure};
use crate::outcome::Outcome;
use crate::policy::{OneOrMany, OpenUnits, Statistic, choice, policy};
use crate::summary::{Durations, Elapsed};

choice! {
    /// What the latency of a failed probe is.
    pub enum FailedProbes {
        /// Left out: an error that comes fast is no fast answer.
        Exclude = "exclude",
        /// One like any other: users waited for it.
        Include = "include",
    }
}

policy! {
    /// The choices of the latency percentile.
    pub struct LatencyPercentile {
        /// What is told; a list gives one row each. By default what 19 of 20 requests do not exceed.
        pub statistic: OneOrMany<Statistic> = Statistic::P95.into(),
        /// What the latency of a failed probe is. By default it is left out: the error rate tells of it.
        pub failed: FailedProbes = FailedProbes::Exclude,
    }
    presets {}
}

static CARD: Card = Card {
    id: "latency_percentile",
    name: "Latency percentile",
    question: "How long do users wait for the product to answer?",
    formula: "percentile of latency_ms over probes",
    unit: "milliseconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Shared,
    table: "probes",
    key: "row",
    inputs: &["latency_ms", "ok?", "occurred_at?", "maintenance?"],
    dimensions: &["statistic"],
    attributes: &[],
    values: Some("latency_ms"),
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "Hyndman and Fan (1996), Sample quantiles in statistical packages, The American Statistician 50",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = LatencyPercentile;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = Latencies { failed: choices.failed };
        let formula = Spread { statistic: choices.statistic.clone(), open: OpenUnits::CompletedOnly };
        let plan = Pipeline::<_, _, Durations>::rows(probes(MAINTENANCE), measure, formula);
        Ok(Planned::new(plan).dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

const FAILED: Reason = Reason::new("ok", "failed", "says that the request failed");
const TOO_LONG: Reason = Reason::new("latency_ms", "out_of_range", "is longer than 292 years");

const NANOSECONDS: f64 = 1e6;
/// The first power of two that whole numbers of 64 bits do not reach.
const TOO_MANY: f64 = 9_223_372_036_854_775_808.0;

/// The latency of each probe. Where durations are microseconds that are told in seconds these are nanoseconds, told in
/// milliseconds: a million to one either way.
struct Latencies {
    failed: FailedProbes,
}

impl RowMeasure for Latencies {
    type Value = Elapsed;

    fn inputs(&self) -> &[Input] {
        const { &[LATENCY, OK_IF_KNOWN] }
    }

    fn row(&self, row: &Row<'_>) -> Fate<Elapsed> {
        if self.failed == FailedProbes::Exclude && answered(row.read(1)) == Some(false) {
            return Fate::Excluded(FAILED);
        }
        match latency(row.read(0)).map(|milliseconds| (milliseconds * NANOSECONDS).round()) {
            #[allow(clippy::cast_possible_truncation, reason = "whole and within range, checked")]
            Ok(nanoseconds) if nanoseconds < TOO_MANY => Fate::Observed(Elapsed(nanoseconds as i64)),
            Ok(_) => Fate::Invalid(TOO_LONG),
            Err(fate) => fate,
        }
    }
}

/// The 95th percentile of plain latencies in milliseconds, by the default policy.
///
/// ```
/// assert_eq!(tenure::latency_percentile([12.5, 20.0])?.value, Some(19.625));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn latency_percentile<'a>(latencies: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, latencies.into())
}
