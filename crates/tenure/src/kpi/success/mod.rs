//! Success: whether customers are led to what they came for, or only helped out of trouble.
//!
//! A unit is an interaction, or an account with interactions. What an interaction is for its row says in column `label`.
//! What customers came for their goals say: there a unit is a goal, or an account with goals.

pub mod days_since_verified_outcome;
pub mod firefighting_rate;
pub mod goal_progress;
pub mod interaction_mix;
pub mod outcome_attainment;

pub use crate::view::GoalEvidence;
pub use days_since_verified_outcome::{DaysSinceVerifiedOutcome, Recency};
pub use firefighting_rate::FirefightingRate;
pub use goal_progress::{BeyondTarget, GoalProgress, GoalWeights, ProgressAt};
pub use interaction_mix::InteractionMix;
pub use label::Label;
pub use outcome_attainment::{GoalSettles, OutcomeAttainment, OutcomePart};

mod label;
mod of_goal;

use crate::catalog::Kpi;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &interaction_mix::Definition,
    &firefighting_rate::Definition,
    &outcome_attainment::Definition,
    &goal_progress::Definition,
    &days_since_verified_outcome::Definition,
];
