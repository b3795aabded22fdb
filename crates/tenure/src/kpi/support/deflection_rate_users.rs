//! # Deflection rate, users
//!
//! **Question.** Which share of those who look for help finds it without writing?
//!
//! **Definition.** `100 * users of the help centre / (users of the help centre + customers who began conversations)`, each
//! distinct in the period; or the share of the help centre's users who began no conversation in the period.
//!
//! **Example.** Ann, Bob and Dan read, Ann and Fay wrote: 3 of 5, 60 percent; without a ticket Bob and Dan of three, 66.7.
//!
//! **Edge cases.** Who does both is on both sides of the sum, as the sources count. Views and searches of nobody that is
//! known are missing. Nobody at all: undefined.
//!
//! **Merging and sources.** The ids of both sides: who comes again in another part counts once. Vendors disagree (D16); the
//! sources of the [self-service score](super::self_service_score) put the same counts as a ratio.

use super::help_centre::{INPUTS, users};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, Percent, ProportionInterval};
use crate::policy::{choice, policy};
use crate::summary::{Cell, Ids, Pair};

choice! {
    /// What the users of the help centre are a share of, and which of them count.
    pub enum DeflectedUsers {
        /// All of them, of them and the customers who began conversations together.
        Both = "both",
        /// Those who began no conversation, of all of them.
        WithoutTicket = "without_ticket",
    }
}

policy! {
    /// The choices of the deflection rate of users.
    pub struct DeflectionRateUsers {
        /// Which share it is. By default that of both sides together, as vendors count.
        pub definition: DeflectedUsers = DeflectedUsers::Both,
    }
    presets {}
}

static CARD: Card = Card {
    id: "deflection_rate_users",
    name: "Deflection rate, users",
    question: "Which share of those who look for help finds it without writing?",
    formula: "100 * users of the help centre / (users of the help centre + customers who began conversations)",
    unit: "percent",
    range: Some((0.0, 100.0)),
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
    sources: &["https://ticketboard.cc/blog/self-service-rate-ticket-deflection/"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = DeflectionRateUsers;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(users(&Deflected(choices.definition)))
    }
}

#[derive(Clone, Copy)]
struct Deflected(DeflectedUsers);

impl CellFormula<Pair<Ids, Ids>> for Deflected {
    fn answer(&self, cell: &Cell<Pair<Ids, Ids>>, level: f64) -> Answer {
        let Pair(Ids(readers), Ids(askers)) = &cell.summary;
        let (deflected, all) = match self.0 {
            DeflectedUsers::Both => (readers.len(), readers.len() + askers.len()),
            DeflectedUsers::WithoutTicket => (readers.difference(askers).count(), readers.len()),
        };
        Percent { interval: ProportionInterval::Wilson }.of(deflected as u64, all as u64, level)
    }
}
