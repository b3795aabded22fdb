//! # Self-service score
//!
//! **Question.** How many people help themselves for each one who asks?
//!
//! **Definition.** Distinct users of the help centre (who viewed an article or searched) over distinct customers who began
//! conversations in the period; or distinct sessions over conversations.
//!
//! **Example.** Forty readers and one who wrote: 40.
//!
//! **Edge cases.** Who does both counts on both sides. Views and searches of nobody that is known are missing. Nobody
//! asked: undefined.
//!
//! **Merging and sources.** The ids of both sides: who comes again in another part counts once. A ratio of 40 to 1 is how
//! the sources put it.

use super::help_centre::{INPUTS, sessions, users};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::Quotient;
use crate::policy::{choice, policy};

choice! {
    /// What is compared.
    pub enum SelfServiceOf {
        /// Users of the help centre with customers who began conversations.
        Users = "users",
        /// Sessions in the help centre with conversations.
        Sessions = "sessions",
    }
}

policy! {
    /// The choices of the self-service score.
    pub struct SelfServiceScore {
        /// What is compared. By default people, so that nobody who reads or writes a lot counts more.
        pub definition: SelfServiceOf = SelfServiceOf::Users,
    }
    presets {}
}

static CARD: Card = Card {
    id: "self_service_score",
    name: "Self-service score",
    question: "How many people help themselves for each one who asks?",
    formula: "distinct users of the help centre / distinct customers who began conversations",
    unit: "ratio",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Service,
    table: "conversations",
    key: "row",
    inputs: INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://beefed.ai/en/ticket-deflection-metrics-dashboards",
        "https://ticketboard.cc/blog/self-service-rate-ticket-deflection/",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SelfServiceScore;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let ratio = Quotient { scale: 1.0 };
        Ok(match choices.definition {
            SelfServiceOf::Users => users(&ratio),
            SelfServiceOf::Sessions => sessions(&ratio),
        })
    }
}
