//! The KPIs, one file each: card, policy, measure, formula.
//!
//! To add one: write `kpi/<family>/<id>.rs` and `tests/vectors/<id>.json`, and enter it in the catalog of its family,
//! at the top of `kpi/<family>/mod.rs`. It then exists in Rust, Python, C, the command line and the documentation.

pub mod support;
pub mod voice;

use crate::catalog::Kpi;

/// All KPIs, in the order of their families.
pub(crate) fn kpis() -> impl Iterator<Item = &'static dyn Kpi> {
    [voice::KPIS, support::KPIS].into_iter().flatten().copied()
}
