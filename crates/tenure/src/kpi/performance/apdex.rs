//! # Apdex
//!
//! **Question.** How content are users with how fast the product answers?
//!
//! **Definition.** `(satisfied + tolerating / 2) / probes`, from 0 to 1: satisfied by answers within the target `T`,
//! tolerating those within `4 T`, frustrated by all others.
//!
//! **Example.** With 40 probes within `T`, 200 within `4 T` and 48 slower ones: 140 / 288 = 0.486.
//!
//! ```
//! assert_eq!(tenure::apdex([120, 500, 1900, 2500])?.value, Some(0.625));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No probes: undefined. A probe that failed frustrates, however fast. One that did not fail, or does not
//! say, and has no latency is missing; a negative latency is invalid. What was tried during maintenance is left out.
//!
//! **Merging and sources.** Three counts; any rows may go to any part. Vendors differ on answers of exactly `T` and `4 T`
//! (D62).

use super::probes::{LATENCY, MAINTENANCE, OK_IF_KNOWN, answered, latency, probes};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::{Pipeline, Row};
use crate::error::{Error, Result};
use crate::formula::{Answer, CellFormula};
use crate::kpi::voice::TrinomialInterval;
use crate::measure::{Fate, Input, RowMeasure, Value};
use crate::outcome::Outcome;
use crate::policy::{Choice, choice, policy};
use crate::stats::{Interval, Trinomial};
use crate::summary::{Cell, Class, Counts};

choice! {
    /// What answers are at the edges of the zones.
    pub enum ApdexEdges {
        /// Of exactly `T` satisfied, of exactly `4 T` tolerating.
        Inclusive = "inclusive",
        /// Of exactly `T` tolerating, of exactly `4 T` frustrated.
        Exclusive = "exclusive",
        /// Of exactly `T` tolerating, and only those: all slower ones are frustrated.
        OnlyEqual = "only_equal",
    }
}

policy! {
    /// The choices of Apdex.
    pub struct Apdex {
        /// The target `T`, in milliseconds. It is the owner's to choose; by default half a second, as servers of applications often have it.
        pub threshold_ms: i64 = 500,
        /// What answers are at the edges. By default within their zone, as most vendors have it.
        pub edges: ApdexEdges = ApdexEdges::Inclusive,
        /// How the interval is computed, of answers as 1, 1/2 and 0.
        pub interval: TrinomialInterval = TrinomialInterval::AdjustedWald,
    }
    presets {
        /// Below `T`, below `4 T`. https://my.blueriq.com/pages/diffpagesbyversion.action?pageId=5492550&selectedPageVersions=1&selectedPageVersions=2
        Blueriq { edges: ApdexEdges::Exclusive }
        /// Below `T`, exactly `T`. https://support.freshping.io/support/solutions/articles/237614-apdex-score-measure-of-user-satisfaction
        Freshping { edges: ApdexEdges::OnlyEqual }
        /// Up to `T`, up to `4 T`. https://www.tencentcloud.com/techpedia/110314
        Tencent { edges: ApdexEdges::Inclusive }
    }
}

static CARD: Card = Card {
    id: "apdex",
    name: "Apdex",
    question: "How content are users with how fast the product answers?",
    formula: "(probes answered within T + probes answered within 4 T / 2) / probes",
    unit: "ratio",
    range: Some((0.0, 1.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "probes",
    key: "row",
    inputs: &["latency_ms", "ok?", "occurred_at?", "maintenance?"],
    dimensions: &[],
    attributes: &[],
    values: Some("latency_ms"),
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://www.tencentcloud.com/techpedia/110314",
        "https://support.site24x7.com/portal/helpcenter/articles/apdex-score",
        "https://support.freshping.io/support/solutions/articles/237614-apdex-score-measure-of-user-satisfaction",
        "https://docs.newrelic.com/docs/apm/new-relic-apm/apdex/apdex-measuring-user-satisfaction",
    ],
};

pub(crate) struct Definition;

/// A day: nobody waits longer for an answer.
const MOST_MILLISECONDS: i64 = 86_400_000;

impl crate::catalog::Definition for Definition {
    type Policy = Apdex;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let target = choices.threshold_ms;
        if !(1..=MOST_MILLISECONDS).contains(&target) {
            return Err(Error::invalid(format!(
                "threshold_ms is {target}; expected a number from 1 to {MOST_MILLISECONDS}"
            )));
        }
        let measure = Zones { target: target as f64, edges: choices.edges };
        let formula = Contentment { interval: choices.interval };
        Ok(Planned::new(Pipeline::<_, _, Counts<3>>::rows(probes(MAINTENANCE), measure, formula)))
    }
}

/// How content an answer leaves its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Satisfied,
    Tolerating,
    Frustrated,
}

impl Class for Zone {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for Zone {
    fn number(&self) -> Option<f64> {
        Some(match self {
            Zone::Satisfied => 1.0,
            Zone::Tolerating => 0.5,
            Zone::Frustrated => 0.0,
        })
    }

    fn label(&self) -> Option<&'static str> {
        Some(match self {
            Zone::Satisfied => "satisfied",
            Zone::Tolerating => "tolerating",
            Zone::Frustrated => "frustrated",
        })
    }
}

/// The zone of each probe.
struct Zones {
    /// In milliseconds.
    target: f64,
    edges: ApdexEdges,
}

impl Zones {
    fn zone(&self, milliseconds: f64) -> Zone {
        let (target, most) = (self.target, 4.0 * self.target);
        let (satisfies, is_tolerated) = match self.edges {
            ApdexEdges::Inclusive => (milliseconds <= target, milliseconds <= most),
            ApdexEdges::Exclusive => (milliseconds < target, milliseconds < most),
            ApdexEdges::OnlyEqual => (milliseconds < target, milliseconds <= target),
        };
        match (satisfies, is_tolerated) {
            (true, _) => Zone::Satisfied,
            (_, true) => Zone::Tolerating,
            _ => Zone::Frustrated,
        }
    }
}

impl RowMeasure for Zones {
    type Value = Zone;

    fn inputs(&self) -> &[Input] {
        const { &[LATENCY, OK_IF_KNOWN] }
    }

    fn row(&self, row: &Row<'_>) -> Fate<Zone> {
        if answered(row.read(1)) == Some(false) {
            return Fate::Observed(Zone::Frustrated);
        }
        match latency(row.read(0)) {
            Ok(milliseconds) => Fate::Observed(self.zone(milliseconds)),
            Err(fate) => fate,
        }
    }
}

/// The mean of 1, 1/2 and 0.
struct Contentment {
    interval: TrinomialInterval,
}

impl CellFormula<Counts<3>> for Contentment {
    fn answer(&self, cell: &Cell<Counts<3>>, level: f64) -> Answer {
        let Counts([positive, neutral, negative]) = cell.summary;
        // The score of 1, 0 and -1, whose half it is, from 1/2 on.
        let zones = Trinomial { positive, neutral, negative };
        let from_score = |score: f64| f64::midpoint(1.0, score);
        let interval = self.interval.of(&zones, level);
        let interval =
            interval.map(|Interval { low, high }| Interval { low: from_score(low), high: from_score(high) });
        let n = zones.n();
        let value = (n > 0).then(|| (positive as f64 + 0.5 * neutral as f64) / n as f64);
        Answer::of(value).with_interval(interval, self.interval.name(), 1.0, (0.0, 1.0))
    }
}

/// Apdex of plain latencies in milliseconds, by the default policy.
///
/// ```
/// assert_eq!(tenure::apdex([120.5, 499.9, 500.1])?.value, Some(2.5 / 3.0));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn apdex<'a>(latencies: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, latencies.into())
}
