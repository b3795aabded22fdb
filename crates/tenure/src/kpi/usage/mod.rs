//! Usage: who uses the product, how often, for how long, and whether they come back.
//!
//! A unit is a person, unless a KPI says otherwise. What is about people and days is algebra of sets over
//! [`Activity`](crate::view); what is about the order of events looks at one person's events, or at sessions.

pub mod active_users;
pub mod lifecycle_users;
pub mod pulse_ratio;
pub mod stickiness_distribution;
pub mod stickiness_ratio;
pub mod usage_frequency;

pub use active_users::ActiveUsers;
pub use lifecycle_users::{LifecycleUsers, NewUsers};
pub use pulse_ratio::PulseRatio;
pub use stickiness_distribution::StickinessDistribution;
pub use stickiness_ratio::{CountedDays, Interval, Stickiness, StickinessRatio};
pub use usage_frequency::UsageFrequency;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &active_users::Definition,
    &stickiness_ratio::Definition,
    &stickiness_distribution::Definition,
    &usage_frequency::Definition,
    &lifecycle_users::Definition,
    &pulse_ratio::Definition,
];

mod active_days;
mod lifecycle;
mod population;

pub use crate::view::Identity;
pub use lifecycle::UserState;

use crate::catalog::Kpi;

/// What KPIs of people and days read.
const INPUTS: &[&str] = &[
    "occurred_at",
    "user_id",
    "name?",
    "event_id?",
    "session_id?",
    "device_id?",
    "users.user_id?",
    "users.internal?",
    "users.bot?",
    "accounts.internal?",
    "identities.alias_id?",
    "identities.user_id?",
];

/// The same, and when users were created.
const PROFILE_INPUTS: &[&str] = &[
    "occurred_at",
    "user_id",
    "name?",
    "event_id?",
    "session_id?",
    "device_id?",
    "users.user_id?",
    "users.created_at?",
    "users.internal?",
    "users.bot?",
    "accounts.internal?",
    "identities.alias_id?",
    "identities.user_id?",
];

/// Where several KPIs of the family come from.
mod source {
    pub(super) const POSTHOG: &str = "https://posthog.com/docs/product-analytics";
    pub(super) const AMPLITUDE_LIFECYCLE: &str =
        "https://amplitude.com/docs/analytics/charts/lifecycle/lifecycle-interpret";
    pub(super) const STICKINESS: &str = "https://www.productmetrics.net/blog/dau-mau-stickiness";
}
