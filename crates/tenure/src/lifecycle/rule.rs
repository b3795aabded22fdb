//! Rules: stages told from signals, with the reason.

use super::model::folded;
use crate::policy::{Names, OneOrMany, Span, choice};
use serde::{Deserialize, Serialize};

choice! {
    /// How the subscriptions of an account are at an instant.
    pub enum SubscriptionSignal {
        /// One is paid for.
        Active = "active",
        /// None is active, and a payment of one is late.
        PastDue = "past_due",
        /// None is paid for, and one is on trial.
        Trialing = "trialing",
        /// All that there are, are paused.
        Paused = "paused",
        /// There was one, and there is none now.
        Ended = "ended",
        /// There never was one.
        None = "none",
    }
}

choice! {
    /// How far the onboarding of an account is at an instant.
    pub enum OnboardingSignal {
        /// A required step is not completed.
        Open = "open",
        /// All required steps are.
        Completed = "completed",
    }
}

/// How long something has lasted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// At least so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Span>,
    /// Less than so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Span>,
}

/// How often something happened within the time before an instant, that instant included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSignal {
    /// The names of the events.
    pub names: Names,
    /// How far back.
    pub within: Span,
    /// At least so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u64>,
    /// At most so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
}

/// What the latest value of a measure is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureSignal {
    /// The measure, as table `measures` calls it.
    pub name: String,
    /// At least so much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Less than so much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
}

/// What has to hold at an instant, all of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// How the subscriptions are: one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<OneOrMany<SubscriptionSignal>>,
    /// How long the present unbroken run of active or past due subscriptions has lasted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscribed_for: Option<Since>,
    /// A current subscription renews within this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews_within: Option<Span>,
    /// How far the onboarding is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onboarding: Option<OnboardingSignal>,
    /// How often something happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<EventSignal>,
    /// What the latest value of a measure is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<MeasureSignal>,
    /// The account was in this stage before, as the rules tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Signals {
    /// The tables that its conditions look at.
    pub(crate) fn tables(&self) -> Vec<&'static str> {
        let of_subscriptions =
            self.subscription.is_some() || self.subscribed_for.is_some() || self.renews_within.is_some();
        let asked = [
            (of_subscriptions, "subscriptions"),
            (self.onboarding.is_some(), "onboarding"),
            (self.events.is_some(), "events"),
            (self.measure.is_some(), "measures"),
        ];
        asked.into_iter().filter_map(|(asked, table)| asked.then_some(table)).collect()
    }
}

/// One rule: where an account is while something holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The stage.
    pub stage: String,
    /// What has to hold.
    pub when: Signals,
    /// The reason that is kept; by default the conditions themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

impl Rule {
    /// The reason that is kept.
    pub fn reason(&self) -> String {
        self.because.clone().unwrap_or_else(|| {
            let conditions = serde_json::to_value(&self.when).unwrap_or_default();
            let conditions = conditions.as_object().into_iter().flatten();
            conditions.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
        })
    }

    /// The same, with names of stages as they are compared.
    pub(super) fn folded(mut self) -> Self {
        self.stage = folded(&self.stage);
        self.when.after = self.when.after.map(|stage| folded(&stage));
        self
    }
}
