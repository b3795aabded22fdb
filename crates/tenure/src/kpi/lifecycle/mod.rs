//! The customer lifecycle: where customers are, how they got there, where they are going.
//!
//! Units are journeys of accounts, or the stays in stages that they are made of. What the stages are and how long each should
//! take the policy field `lifecycle` says; where an account is the rows of table `stages` say, or the lifecycle's rules.

pub mod end_probability;
pub mod lifecycle_status;
pub mod stage_funnel;
pub mod stage_transition_rate;
pub mod time_in_stage;
pub mod time_to_end;

pub use choices::{ImpossibleMoves, Pauses, StagesFrom};
pub use end_probability::EndProbability;
pub use lifecycle_status::{CompletedGoals, LifecycleStatus};
pub use stage_funnel::{FunnelBase, SkippedStages, StageFunnel};
pub use stage_transition_rate::StageTransitionRate;
pub use time_in_stage::{EndStages, StayAttribution, TimeInStage};
pub use time_to_end::TimeToEnd;

mod absorbing;
pub(crate) mod choices;
mod moves;
mod of_journey;

pub(crate) use choices::{Stages, lifecycle_policy, stage_policy};

use crate::catalog::Kpi;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &lifecycle_status::Definition,
    &time_in_stage::Definition,
    &stage_transition_rate::Definition,
    &stage_funnel::Definition,
    &end_probability::Definition,
    &time_to_end::Definition,
];

/// What all of them read.
pub(crate) const INPUTS: &[&str] = &[
    "account_id",
    "stage?",
    "occurred_at",
    "reason?",
    "paused?",
    "seq?",
    "accounts.created_at?",
    "accounts.internal?",
    "subscriptions.starts_at?",
    "subscriptions.ends_at?",
    "subscriptions.renews_at?",
    "subscriptions.status?",
    "onboarding.started_at?",
    "onboarding.completed_at?",
    "events.occurred_at?",
    "measures.occurred_at?",
];

/// What they know of a unit themselves.
pub(crate) const ATTRIBUTES: &[&str] = &["stage", "cohort"];

/// The columns that overwrite the past.
pub(crate) const TRUSTS: &[&str] = &["internal"];
