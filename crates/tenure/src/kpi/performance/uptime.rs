//! # Uptime
//!
//! **Question.** Which share of the time was the product there?
//!
//! **Definition.** In percent from 0 to 100, by `definition`:
//! - `incidents`: `100 * (T - downtime) / T`. `T` is the time of the period that lies between `start` and `end` and has
//!   passed at `as_of`; the downtime is all of it that any outage covers.
//! - `probes`: `100 * probes that were answered / probes`.
//!
//! **Example.** Down on one day from 10:00 to 12:00, and from 11:00 to 13:00 in another service: 3 of 24 hours, 87.5 %;
//! of each service 2 of 24.
//!
//! **Edge cases.** An outage counts in every period that it touches, with the time there, and lasts until `as_of` if its
//! end is not known. Periods are as long as their calendar says: months of 28 to 31 days, days of 23 to 25 hours. Without
//! an outage: 100. No time: undefined; the time needs `every` or a `start`. Without `by` the product is down whenever one
//! of its services is. A service is known by its incidents, from the first one on. One that ends before it starts is
//! invalid. Incidents name no accounts; probes may.
//!
//! **Merging and sources.** Stretches of time that do not touch, or two counts of probes; all rows of an incident go to
//! one part. There is no interval for incidents, which are no sample. Contracts differ on maintenance.

use super::incidents::{Downtime, Maintenance, OutageEnd, outages};
use super::probes::{Answered, MAINTENANCE, probes};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Percent, ProportionInterval, Rows};
use crate::policy::{choice, policy};
use crate::summary::{Counts, Outages};

choice! {
    /// What tells that the product was there.
    pub enum UptimeDefinition {
        /// No incident says otherwise.
        Incidents = "incidents",
        /// Probes were answered.
        Probes = "probes",
    }
}

policy! {
    /// The choices of uptime.
    pub struct Uptime {
        /// What tells that the product was there. By default incidents, which know how long it was not.
        pub definition: UptimeDefinition = UptimeDefinition::Incidents,
        /// What maintenance is. By default it is not looked at, as most contracts have it. Of probes, those made during maintenance are left out or count.
        pub maintenance: Maintenance = Maintenance::Excluded,
        /// When an outage is over. By default when the service was back, which is what customers notice.
        pub end: OutageEnd = OutageEnd::Repaired,
    }
    presets {}
}

static CARD: Card = Card {
    id: "uptime",
    name: "Uptime",
    question: "Which share of the time was the product there?",
    formula: "incidents: 100 * (time - union of outages) / time; probes: 100 * probes answered / probes",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "incidents",
    key: "incident_id",
    inputs: &[
        "incident_id",
        "started_at",
        "repaired_at?",
        "resolved_at?",
        "planned?",
        "probes.occurred_at?",
        "probes.ok?",
        "probes.maintenance?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://wiki.geant.org/display/SD/3.0+Monthly+Statistics",
        "https://codingace.net/dev/sla_uptime.html",
        "https://lawinsider.com/dictionary/maintenance-minutes",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Uptime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(match choices.definition {
            UptimeDefinition::Incidents => {
                outages(Downtime { end: choices.end, maintenance: choices.maintenance }, ShareOfTime)
            }
            UptimeDefinition::Probes => {
                let counts = choices.maintenance == Maintenance::Counts;
                let probes = probes(if counts { &[] } else { MAINTENANCE });
                let percent = Percent { interval: ProportionInterval::Wilson };
                Planned::new(Pipeline::<_, _, Counts<2>>::rows(probes, Answered { counts: true }, percent))
                    .ratio()
            }
        })
    }
}

/// `100 * time up / time`.
struct ShareOfTime;

impl Formula<Outages> for ShareOfTime {
    fn finish(&self, cells: &Cells<'_, Outages>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let service = cells.elapsed(period).map(|elapsed| cell.summary.service(elapsed));
            let service = service.filter(|service| service.time > 0);
            let value = service.map(|service| 100.0 * service.up as f64 / service.time as f64);
            // However few outages there were: fewer are better known, not worse.
            rows.push(period, &[], cell, &Answer { is_census: true, ..Answer::of(value) });
        }
    }
}
