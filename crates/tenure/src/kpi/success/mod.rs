//! Success: whether customers are led to what they came for, or only helped out of trouble.
//!
//! A unit is an interaction or another touch, or an account. What an interaction is for its row says in column `label`. What
//! customers came for their goals say: there a unit is a goal, or an account with goals.

pub mod accounts_per_manager;
pub mod days_since_last_touch;
pub mod days_since_verified_outcome;
pub mod effort_share;
pub mod firefighting_rate;
pub mod goal_progress;
pub mod interaction_mix;
pub mod outcome_attainment;
pub mod touch_count;
pub mod touch_coverage;

pub use crate::view::GoalEvidence;
pub use accounts_per_manager::AccountsPerManager;
pub use choices::{AccountsLookedAt, NoContact, TouchInitiator};
pub use days_since_last_touch::DaysSinceLastTouch;
pub use days_since_verified_outcome::{DaysSinceVerifiedOutcome, Recency};
pub use effort_share::{EffortOf, EffortShare};
pub use firefighting_rate::FirefightingRate;
pub use goal_progress::{BeyondTarget, GoalProgress, GoalWeights, ProgressAt};
pub use interaction_mix::InteractionMix;
pub use label::Label;
pub use outcome_attainment::{GoalSettles, OutcomeAttainment, OutcomePart};
pub use touch_count::TouchCount;
pub use touch_coverage::TouchCoverage;

mod choices;
mod label;
mod of_account;
mod of_goal;
mod of_touch;

use crate::catalog::Kpi;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &interaction_mix::Definition,
    &firefighting_rate::Definition,
    &outcome_attainment::Definition,
    &goal_progress::Definition,
    &days_since_verified_outcome::Definition,
    &touch_count::Definition,
    &days_since_last_touch::Definition,
    &touch_coverage::Definition,
    &accounts_per_manager::Definition,
    &effort_share::Definition,
];

/// What KPIs of touches read, beside columns of their own.
macro_rules! touch_inputs {
    ($($own:literal),*) => {
        &[
            $($own,)*
            "occurred_at",
            "account_id?",
            "interaction_id?",
            "conversation_id?",
            "channel?",
            "author?",
            "manager?",
            "conversations.conversation_id?",
            "conversations.account_id?",
            "conversations.created_at?",
            "conversations.initiated_by?",
            "conversations.spam?",
            "conversations.deleted?",
            "conversations.merged?",
            "accounts.account_id?",
            "accounts.created_at?",
            "accounts.internal?",
            "accounts.manager?",
            "stages.account_id?",
            "stages.stage?",
            "stages.occurred_at?",
        ]
    };
}
use touch_inputs;

/// The same of a KPI of accounts.
const COVERED_INPUTS: &[&str] = &[
    "account_id",
    "created_at?",
    "internal?",
    "interactions.occurred_at?",
    "interactions.account_id?",
    "interactions.interaction_id?",
    "interactions.conversation_id?",
    "interactions.channel?",
    "interactions.author?",
    "conversations.conversation_id?",
    "conversations.account_id?",
    "conversations.created_at?",
    "conversations.initiated_by?",
    "conversations.spam?",
    "conversations.deleted?",
    "conversations.merged?",
    "stages.account_id?",
    "stages.stage?",
    "stages.occurred_at?",
];
