//! Product performance: whether the product is there, and how fast it answers.
//!
//! A unit is a probe, one request and its answer, or an incident of one service. What was tried during maintenance says
//! nothing of the product, and what was planned is no failure: both are left out, unless a policy says otherwise.

pub mod affected_accounts;
pub mod apdex;
pub mod error_rate;
pub mod latency_percentile;
pub mod mtbf;
pub mod mttr;
pub mod uptime;

pub use affected_accounts::{AffectedAccounts, AffectedDefinition};
pub use apdex::{Apdex, ApdexEdges, apdex};
pub use error_rate::ErrorRate;
pub use latency_percentile::{FailedProbes, LatencyPercentile, latency_percentile};
pub use mtbf::Mtbf;
pub use mttr::{Mttr, MttrDefinition};
pub use uptime::{Uptime, UptimeDefinition};

mod incidents;
mod probes;

pub use incidents::{Maintenance, OutageEnd};

use crate::catalog::Kpi;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &uptime::Definition,
    &error_rate::Definition,
    &apdex::Definition,
    &latency_percentile::Definition,
    &mttr::Definition,
    &mtbf::Definition,
    &affected_accounts::Definition,
];
