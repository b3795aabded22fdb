//! The KPIs, one file each: card, policy, measure, formula.
//!
//! To add one: write `kpi/<family>/<id>.rs` and `tests/vectors/<id>.json`, and add one line to [`KPIS`].

pub mod voice;

use crate::catalog::Kpi;

/// All KPIs, in the order of their families.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &voice::nps::Definition,
    &voice::nps_distribution::Definition,
    &voice::nps_account::Definition,
    &voice::nps_account_mean::Definition,
    &voice::nps_delta::Definition,
    &voice::csat::Definition,
    &voice::csat_mean::Definition,
    &voice::happiness_score::Definition,
    &voice::ces::Definition,
    &voice::ces_mean::Definition,
    &voice::ces_index::Definition,
    &voice::survey_response_rate::Definition,
    &voice::comment_rate::Definition,
    &voice::theme_share::Definition,
    &voice::theme_score::Definition,
    &voice::theme_impact::Definition,
];
