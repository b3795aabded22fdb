//! Usage: who uses the product, how often, for how long, and whether they come back.
//!
//! A unit is a person, unless a KPI says otherwise. What is about people and days is algebra of sets over
//! activity (`view/activity`); what is about the order of events looks at one person's events, or at sessions.

pub mod activation_rate;
pub mod active_users;
pub mod cohort_matrix;
pub mod days_since_last_seen;
pub mod element_state;
pub mod engagement_percentile;
pub mod event_count;
pub mod event_ratio;
pub mod feature_adoption_rate;
pub mod funnel_conversion;
pub mod license_utilization;
pub mod lifecycle_users;
pub mod percent_users_doing;
pub mod pulse_ratio;
pub mod session_duration;
pub mod sessions;
pub mod short_session_rate;
pub mod stickiness_distribution;
pub mod stickiness_ratio;
pub mod time_in_app;
pub mod time_to_adopt;
pub mod time_to_convert;
pub mod unused_features;
pub mod usage_breadth;
pub mod usage_depth;
pub mod usage_drop;
pub mod usage_frequency;
pub mod usage_frequency_class;
pub mod usage_trend;
pub mod user_retention;

pub use activation_rate::ActivationRate;
pub use active_users::ActiveUsers;
pub use cohort_matrix::{CohortBy, CohortDefinition, CohortMatrix};
pub use days_since_last_seen::{DaysSinceLastSeen, LastSeenPer};
pub use element_state::ElementState;
pub use engagement_percentile::EngagementPercentile;
pub use event_count::{EventCount, EventFigure};
pub use event_ratio::{EventRatio, RatioOf};
pub use feature_adoption_rate::{Adoption, AdoptionBase, FeatureAdoptionRate};
pub use funnel_conversion::{FunnelConversion, StepAgainst};
pub use license_utilization::{LicenseBase, LicenseUtilization};
pub use lifecycle_users::{LifecycleUsers, NewUsers};
pub use percent_users_doing::PercentUsersDoing;
pub use pulse_ratio::PulseRatio;
pub use session_duration::SessionDuration;
pub use sessions::SessionCount;
pub use short_session_rate::{ShortRule, ShortSessionRate};
pub use stickiness_distribution::StickinessDistribution;
pub use stickiness_ratio::{CountedDays, Interval, Stickiness, StickinessRatio};
pub use time_in_app::{TimeInApp, TimeMeasuredBy, TimeStatistic};
pub use time_to_adopt::{AdoptionStart, TimeToAdopt};
pub use time_to_convert::TimeToConvert;
pub use unused_features::UnusedFeatures;
pub use usage_breadth::{Breadth, UsageBreadth};
pub use usage_depth::{Depth, UsageDepth};
pub use usage_drop::{UsageChange, UsageDrop, UsageSeason};
pub use usage_frequency::UsageFrequency;
pub use usage_frequency_class::{FrequencyClass, NewAccounts, UsageFrequencyClass};
pub use usage_trend::{UsageOf, UsageTrend};
pub use user_retention::{RetentionDefinition, RetentionInterval, RetentionIntervals, UserRetention};

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &active_users::Definition,
    &stickiness_ratio::Definition,
    &stickiness_distribution::Definition,
    &usage_frequency::Definition,
    &lifecycle_users::Definition,
    &pulse_ratio::Definition,
    &time_to_adopt::Definition,
    &element_state::Definition,
    &funnel_conversion::Definition,
    &time_to_convert::Definition,
    &activation_rate::Definition,
    &event_count::Definition,
    &event_ratio::Definition,
    &user_retention::Definition,
    &cohort_matrix::Definition,
    &days_since_last_seen::Definition,
    &usage_trend::Definition,
    &usage_drop::Definition,
    &sessions::Definition,
    &session_duration::Definition,
    &time_in_app::Definition,
    &usage_depth::Definition,
    &short_session_rate::Definition,
    &feature_adoption_rate::Definition,
    &usage_breadth::Definition,
    &license_utilization::Definition,
    &percent_users_doing::Definition,
    &usage_frequency_class::Definition,
    &engagement_percentile::Definition,
    &unused_features::Definition,
];

mod accounts;
mod active_days;
mod amount;
mod by_class;
mod cutting;
mod entitled;
mod funnel;
mod funnel_walk;
mod last_seen;
mod licences;
mod lifecycle;
mod population;
mod retention;
mod retention_calendar;
mod retention_rolling;
mod same_part;
mod since_start;
mod told_events;

pub use crate::view::Identity;
pub use cutting::{GapBoundary, SessionCap, SessionIds, SessionsPer, SingleEvent};
pub use funnel::{FunnelCounting, FunnelEntry, StepOrder};
pub use lifecycle::UserState;
pub use retention::RetentionStart;

use crate::catalog::Kpi;

/// The columns that KPIs of events read: those that tell who did what and whether that person counts, and between them
/// what a KPI needs beside of events and of users.
macro_rules! event_inputs {
    ([$($of_events:literal),*] $(, users: [$($of_users:literal),*])?) => {
        &[
            "occurred_at",
            "user_id",
            $($of_events,)*
            "users.user_id?",
            $($($of_users,)*)?
            "users.internal?",
            "users.bot?",
            "accounts.internal?",
            "identities.alias_id?",
            "identities.user_id?",
        ]
    };
}
use event_inputs;

/// What KPIs of people and days read.
const INPUTS: &[&str] = event_inputs!(["name?", "event_id?", "session_id?", "device_id?"]);

/// The same, and when users were created.
const PROFILE_INPUTS: &[&str] =
    event_inputs!(["name?", "event_id?", "session_id?", "device_id?"], users: ["users.created_at?"]);

/// What KPIs of named events read.
const NAMED_INPUTS: &[&str] = event_inputs!(["name", "seq?", "event_id?"]);

/// The same, and what they say as their value.
const VALUED_INPUTS: &[&str] = event_inputs!(["name?", "value?", "seq?", "event_id?"]);

/// What KPIs of sessions read.
const SESSION_INPUTS: &[&str] = event_inputs!(["seq?", "event_id?", "session_id?", "device_id?"]);

/// The same, and what events say that they lasted.
const TIME_INPUTS: &[&str] =
    event_inputs!(["seq?", "event_id?", "session_id?", "device_id?", "duration_seconds?"]);

/// Where the ways to tell sessions apart come from.
const SESSION_SOURCES: &[&str] = &[
    "https://amplitude.com/docs/data/sources/instrument-track-sessions",
    "https://docs.mixpanel.com/docs/features/sessions",
    "https://posthog.com/docs/data/sessions",
];

/// What KPIs of features read, and what is granted to whom.
const ENTITLEMENT_INPUTS: &[&str] = event_inputs!(
    [
        "name",
        "event_id?",
        "session_id?",
        "device_id?",
        "entitlements.feature?",
        "entitlements.since?",
        "entitlements.user_id?",
        "entitlements.account_id?"
    ],
    users: ["users.account_id?", "users.created_at?"]
);

/// What KPIs of licences and breadth read.
const LICENCE_INPUTS: &[&str] = &[
    "occurred_at",
    "user_id",
    "account_id?",
    "name?",
    "event_id?",
    "session_id?",
    "device_id?",
    "accounts.account_id?",
    "accounts.seats?",
    "accounts.created_at?",
    "accounts.internal?",
    "entitlements.feature?",
    "entitlements.since?",
    "users.user_id?",
    "users.account_id?",
    "users.created_at?",
    "users.internal?",
    "users.bot?",
    "identities.alias_id?",
    "identities.user_id?",
];

/// What KPIs of accounts read.
const ACCOUNT_INPUTS: &[&str] = &[
    "account_id?",
    "created_at?",
    "internal?",
    "events.occurred_at",
    "events.user_id",
    "events.account_id?",
    "events.name?",
    "events.event_id?",
    "events.session_id?",
    "events.device_id?",
    "users.user_id?",
    "users.account_id?",
    "users.internal?",
    "users.bot?",
    "identities.alias_id?",
    "identities.user_id?",
];

/// Where several KPIs of the family come from.
mod source {
    pub(super) const ACTIVATION: &[&str] =
        &["https://docs.userpilot.com/product-analytics/dashboards/user-activation"];
    pub(super) const FUNNELS: &[&str] = &[
        "https://docs.mixpanel.com/docs/reports/funnels/funnels-advanced",
        "https://docs.mixpanel.com/docs/reports/funnels/funnels-faq",
        "https://docs.userpilot.com/article/280-funnel",
    ];
    pub(super) const METRICS: &[&str] = &[
        "https://docs.vitally.io/account-health-scores-and-metrics/success-metrics",
        "https://kb.custify.com/calculated-metrics",
    ];
    pub(super) const POSTHOG: &str = "https://posthog.com/docs/product-analytics";
}
