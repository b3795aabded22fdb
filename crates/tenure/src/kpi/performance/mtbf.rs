//! # Mean time between failures
//!
//! **Question.** How long does the product run between two failures?
//!
//! **Definition.** `(T - downtime) / failures`, in seconds. Time and downtime are those of [uptime](mod@super::uptime); a
//! failure is the start of an outage.
//!
//! **Example.** 24 hours with two outages of 1 and 3 hours: 20 / 2 = 10 hours.
//!
//! **Edge cases.** No failures: undefined, however long nothing failed. A failure counts in the period in which it began,
//! its downtime in each that it touches, so that `n`, the incidents that touch a period, may be more than its failures;
//! `min_n` is about failures. A row is a failure: an incident that names several services in rows of their own is one for
//! each. Outages that overlap are several failures, and one stretch of downtime. Planned incidents are no failures. The
//! time needs `every` or a `start`.
//!
//! **Merging and sources.** Stretches of time that do not touch and a count; all rows of an incident go to one part. The
//! interval is exact if failures come at a constant rate.

use super::incidents::{Downtime, Maintenance, OutageEnd, outages};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::policy::policy;
use crate::stats::mean_time_between;
use crate::summary::Outages;

policy! {
    /// The choices of the mean time between failures.
    pub struct Mtbf {
        /// What maintenance is. By default it is not looked at: it is no failure, and the service could have been there.
        pub maintenance: Maintenance = Maintenance::Excluded,
        /// When an outage is over. By default when the service was back.
        pub end: OutageEnd = OutageEnd::Repaired,
    }
    presets {}
}

static CARD: Card = Card {
    id: "mtbf",
    name: "Mean time between failures",
    question: "How long does the product run between two failures?",
    formula: "(time - union of outages) / failures",
    unit: "seconds",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "incidents",
    key: "incident_id",
    inputs: &["incident_id", "started_at", "repaired_at?", "resolved_at?", "planned?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[("mean_time_between_failures", "{}")],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://wiki.geant.org/display/SD/3.0+Monthly+Statistics",
        "https://www.atlassian.com/incident-management/kpis/common-metrics",
        "https://www.itl.nist.gov/div898/handbook/apr/section4/apr451.htm",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Mtbf;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(outages(Downtime { end: choices.end, maintenance: choices.maintenance }, TimeUpPerFailure))
    }
}

/// `time up / failures`.
struct TimeUpPerFailure;

impl Formula<Outages> for TimeUpPerFailure {
    fn finish(&self, cells: &Cells<'_, Outages>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let failures = cell.summary.failures;
            let up = cells.elapsed(period).map(|elapsed| cell.summary.service(elapsed).up as f64 / 1e6);
            let mean = up.filter(|_| failures > 0).map(|up| up / failures as f64);
            let interval = up.and_then(|up| mean_time_between(up, failures, cells.level));
            let answer = Answer { least_n: Some(failures), ..Answer::of(mean) };
            let answer = answer.with_interval(interval, "chi_square", 1.0, (0.0, f64::INFINITY));
            rows.push(period, &[], cell, &answer);
        }
    }
}
