//! # Time to adopt
//!
//! **Question.** How long does it take until people use a feature?
//!
//! **Definition.** From the sign-up, the entitlement or the first event of a person to the first use of any of `features`, in
//! seconds: the median, the mean or any percentile. Who has not used it yet lasts at least until `as_of` (Kaplan and
//! Meier).
//!
//! **Example.** Of five who signed up ten days ago three used reports after one, two and five days: after one day 80 percent
//! have not, after two 60, after five 40: the median is five days. Of the three alone it would be two.
//!
//! **Edge cases.** Who used it before the start is left out: adoption did not begin there. A start whose time is not known is
//! missing. The median is not reached as long as half of them have not used it. An entitlement of an account holds for
//! its users, from their sign-up on; who is not entitled is no unit. Used at the first event of all: 0.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a person goes to one part. Vendors show the median of
//! those who adopted, which falls with every feature that few use.

use super::since_start::{SinceStart, Start, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::{Error, Result};
use crate::formula::Spread;
use crate::measure::{Fate, Reason};
use crate::policy::{Names, OneOrMany, OpenUnits, Statistic, choice, policy};
use crate::scope::Micros;
use crate::summary::{Durations, Elapsed};

choice! {
    /// From when on a person could adopt a feature.
    pub enum AdoptionStart {
        /// From the sign-up on: `users.created_at`.
        SignedUp = "signed_up",
        /// From the entitlement on: `entitlements.since`, of the person or of the account.
        Eligible = "eligible",
        /// From the first event of any name on.
        FirstSeen = "first_seen",
    }
}

policy! {
    /// The choices of the time to adopt.
    pub struct TimeToAdopt {
        /// The names of the events of which any is a use of the feature. There is no default.
        pub features: Option<Names> = None,
        /// From when on a person could adopt it.
        pub start: AdoptionStart = AdoptionStart::SignedUp,
        /// What is told; a list gives one row each. By default the median, which those who never will do not move.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// What is done with those who have not used it yet. By default they count as long as they were watched.
        pub open: OpenUnits = OpenUnits::KaplanMeier,
    }
    presets {}
}

static CARD: Card = Card {
    id: "time_to_adopt",
    name: "Time to adopt",
    question: "How long does it take until people use a feature?",
    formula: "first use - start; median, mean or percentile over people",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: &[
        "occurred_at",
        "user_id",
        "name",
        "event_id?",
        "users.user_id?",
        "users.created_at?",
        "users.account_id?",
        "users.internal?",
        "users.bot?",
        "accounts.internal?",
        "entitlements.user_id?",
        "entitlements.account_id?",
        "entitlements.feature?",
        "entitlements.since?",
        "identities.alias_id?",
        "identities.user_id?",
    ],
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &["https://ooligo.com/en/learn/feature-adoption-rate/"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TimeToAdopt;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let no_features =
            || Error::invalid("\"time_to_adopt\" needs features, the names of the events that use them");
        let features = choices.features.clone().ok_or_else(no_features)?;
        let start = match choices.start {
            AdoptionStart::SignedUp => Start::SignedUp,
            AdoptionStart::Eligible => Start::Eligible,
            AdoptionStart::FirstSeen => Start::FirstEvent(None),
        };
        let measure = Adoption { features, open: choices.open };
        let formula = Spread { statistic: choices.statistic.clone(), open: choices.open };
        let plan = plan::<_, Durations, _>(start, measure, formula);
        Ok(plan.dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

const USED_BEFORE: Reason = Reason::new("occurred_at", "used_before_start", "is a use before the start");

/// How long until the first use.
struct Adoption {
    features: Names,
    open: OpenUnits,
}

impl SinceStart for Adoption {
    type Value = Elapsed;

    fn names(&self) -> &Names {
        &self.features
    }

    fn fate(&self, start: Micros, as_of: Micros, mut hits: impl Iterator<Item = Micros>) -> Fate<Elapsed> {
        match (hits.next(), self.open) {
            (Some(first), _) if first < start => Fate::Excluded(USED_BEFORE),
            (Some(first), _) => Fate::Observed(Elapsed(first - start)),
            (None, OpenUnits::KaplanMeier) => Fate::Censored(Elapsed(as_of.saturating_sub(start))),
            (None, OpenUnits::CompletedOnly) => Fate::Missing,
        }
    }
}
