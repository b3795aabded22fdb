//! The KPIs, one file each: card, policy, measure, formula.
//!
//! To add one: write `kpi/<family>/<id>.rs` and `tests/vectors/<id>.json`, and enter it in the catalog of its family,
//! at the top of `kpi/<family>/mod.rs`. It then exists in Rust, Python, C, the command line and the documentation.

pub mod lifecycle;
pub mod performance;
pub mod success;
pub mod support;
pub mod usage;
pub mod voice;
mod words;

use crate::catalog::Kpi;

pub(crate) use words::meant;

/// The families by name, in the order in which they are shown.
const FAMILIES: &[(&str, &[&dyn Kpi])] = &[
    ("voice", voice::KPIS),
    ("support", support::KPIS),
    ("usage", usage::KPIS),
    ("performance", performance::KPIS),
    ("success", success::KPIS),
    ("lifecycle", lifecycle::KPIS),
];

/// All KPIs, in the order of their families.
pub(crate) fn kpis() -> impl Iterator<Item = &'static dyn Kpi> {
    FAMILIES.iter().flat_map(|(_, kpis)| kpis.iter().copied())
}

/// The family of a KPI.
pub(crate) fn family(id: &str) -> &'static str {
    let has = |kpis: &[&dyn Kpi]| kpis.iter().any(|kpi| kpi.card().id == id);
    FAMILIES.iter().find(|(_, kpis)| has(kpis)).map_or("", |(family, _)| family)
}
