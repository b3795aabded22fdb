//! # Lifecycle of users
//!
//! **Question.** Who came, stayed, came back and went?
//!
//! **Definition.** In each period: new, active for the first time; returning, active now and in the period before;
//! resurrecting, active now, not in the period before and not new; dormant, active in the period before and not now.
//!
//! **Example.** Ann was active in May and June: returning. Bob in May alone: dormant in June. Cay in March and June:
//! resurrecting. Dan in June for the first time: new.
//!
//! **Edge cases.** Active users are new + returning + resurrecting, and those of the period before are returning + dormant,
//! exactly. The period before `start` is read and not shown. Where profiles decide who is new, who was active in the
//! period before is returning nevertheless, and a profile without a date is as old as the first event.
//!
//! **Merging and sources.** Counts; all of a person goes to one part. Vendors differ on who is new (D46): `PostHog` asks for the
//! profile, Amplitude for the first event of any name.

use super::by_class::ByClass;
use super::lifecycle::{Lifecycle, UserState};
use super::population::usage_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::policy::choice;
use crate::summary::Counts;

choice! {
    /// Who is new in a period.
    pub enum NewUsers {
        /// Whose first event of any name lies in it.
        FirstSeen = "first_seen",
        /// Whose profile was created in it: `users.created_at`.
        ProfileCreated = "profile_created",
        /// Whose first event among those that count lies in it.
        FirstSelected = "first_selected",
    }
}

usage_policy! {
    /// The choices of the lifecycle of users.
    pub struct LifecycleUsers {
        /// Who is new. By default whoever was never seen before, in any way.
        pub new: NewUsers = NewUsers::FirstSeen,
    }
    presets {
        /// Seen for the first time at all. https://amplitude.com/docs/analytics/charts/lifecycle
        Amplitude { new: NewUsers::FirstSeen }
        /// Whose profile was created. https://github.com/PostHog/posthog
        Posthog { new: NewUsers::ProfileCreated }
    }
}

static CARD: Card = Card {
    id: "lifecycle_users",
    name: "Lifecycle of users",
    question: "Who came, stayed, came back and went?",
    formula: "people new, returning, resurrecting and dormant, from the period before to this one",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::PROFILE_INPUTS,
    dimensions: &["state"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://amplitude.com/docs/analytics/charts/lifecycle", "https://github.com/PostHog/posthog"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = LifecycleUsers;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = Lifecycle { kpi: CARD.id, population: choices.population(), new: choices.new };
        Ok(Planned::new(Pipeline::<_, _, Counts<4>>::sets(measure, ByClass::<UserState>::new()))
            .dimensions(CARD.dimensions))
    }
}
