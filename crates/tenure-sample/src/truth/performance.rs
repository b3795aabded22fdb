//! What was planted in incidents and checks, counted from the plan of the company.

use serde::{Deserialize, Serialize};

use crate::calendar::SECOND;
use crate::company::World;
use crate::incident::{Incident, OUTAGE_SERVICE};
use crate::probe::Probe;

/// When services were down, until the company's data end. The incident that is wrong is not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerformanceTruth {
    /// The service that was down during the outage, as in `incidents.service`.
    pub service: String,
    /// How long it was down, in that month and in others, in seconds.
    pub service_down_seconds: i64,
    /// Incidents that were not planned.
    pub failures: u64,
    /// Incidents that were.
    pub planned: u64,
    /// Incidents that are not over.
    pub open: u64,
    /// Checks, those during maintenance not counted.
    pub checks: u64,
    /// Those of them that failed.
    pub failed_checks: u64,
    /// The accounts that have one.
    pub affected_accounts: u64,
}

impl PerformanceTruth {
    pub(super) fn before_counting() -> Self {
        Self { service: OUTAGE_SERVICE.to_owned(), ..Self::default() }
    }

    /// Takes in the incidents of the company, which come in the order of time.
    pub(super) fn add_incidents(&mut self, world: &World, incidents: &[Incident]) {
        let end = world.calendar.end();
        // Up to where the service is known to have been down.
        let mut reached = world.calendar.start();
        for incident in incidents.iter().filter(|incident| incident.dirt.is_none()) {
            if incident.planned {
                self.planned += 1;
                continue;
            }
            self.failures += 1;
            self.open += u64::from(incident.repaired_at.is_none());
            if incident.service == OUTAGE_SERVICE {
                let until = incident.repaired_at.unwrap_or(end).min(end);
                self.service_down_seconds += (until - incident.started_at.max(reached)).max(0) / SECOND;
                reached = reached.max(until);
            }
        }
    }

    /// Takes in the checks of one account.
    pub(super) fn add_probes(&mut self, probes: &[Probe]) {
        let mut affected = false;
        for probe in probes.iter().filter(|probe| !probe.maintenance) {
            self.checks += 1;
            self.failed_checks += u64::from(!probe.ok);
            affected |= !probe.ok && probe.account_id.is_some();
        }
        self.affected_accounts += u64::from(affected);
    }
}
