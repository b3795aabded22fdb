//! Success: whether customers are led to what they came for, or only helped out of trouble.
//!
//! A unit is an interaction, or an account with interactions. What an interaction is for its row says in column `label`.

pub mod firefighting_rate;
pub mod interaction_mix;

pub use firefighting_rate::FirefightingRate;
pub use interaction_mix::InteractionMix;
pub use label::Label;

mod label;

use crate::catalog::Kpi;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[&interaction_mix::Definition, &firefighting_rate::Definition];
