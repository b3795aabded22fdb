//! # SLA attainment by ticket
//!
//! **Question.** Which share of conversations kept all that was promised?
//!
//! **Definition.** `100 * (conversations of which every completed target was achieved) / (conversations with a completed
//! target)`. Completed is what was achieved or breached; what a target is, see `sla_attainment_target`.
//!
//! **Example.** Of four conversations with eight completed targets, three breached one each: 25 percent, where by target
//! it is 62.5.
//!
//! **Edge cases.** A conversation of which every target is still active is immature; one without any target is no unit.
//! What is active beside something completed changes nothing yet.
//!
//! **Merging and sources.** Counts; all of a conversation goes to one part. Zendesk shows this beside the share of
//! targets (D12): the two differ on the same data.

use super::of_conversation::{ConversationMeasure, rate};
use super::sla::{INPUTS, Instance, SOURCES, ServiceLevels, sla_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::kpi::support::SlaAttribution;
use crate::measure::{Evidence, Fate};
use crate::scope::Micros;
use crate::summary::Trial;
use crate::view::{Conversation, Parts};

sla_policy! {
    /// The choices of the SLA attainment by ticket.
    pub struct SlaAttainmentTicket {
        /// In which period a conversation counts. By default that in which it was created; else that of its last completed target.
        pub attribution: SlaAttribution = SlaAttribution::Created,
    }
}

static CARD: Card = Card {
    id: "sla_attainment_ticket",
    name: "SLA attainment by ticket",
    question: "Which share of conversations kept all that was promised?",
    formula: "100 * conversations of which every completed target was achieved / conversations with a completed target",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: SOURCES,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SlaAttainmentTicket;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(rate(choices.clone()))
    }
}

/// What becomes of a conversation with another of its targets.
fn together(so_far: Fate<Trial>, another: &Instance<'_>) -> Fate<Trial> {
    match (so_far, another.fate(|breach| Trial::from(breach.is_none()))) {
        (Fate::Invalid(reason), _) | (_, Fate::Invalid(reason)) => Fate::Invalid(reason),
        (Fate::Observed(Trial::Failure), _) | (_, Fate::Observed(Trial::Failure)) => {
            Fate::Observed(Trial::Failure)
        }
        (Fate::Observed(kept), _) | (_, Fate::Observed(kept)) => Fate::Observed(kept),
        (_, other) => other,
    }
}

impl ConversationMeasure for Choices {
    type Value = Trial;
    type Side = ServiceLevels;

    fn parts(&self) -> Parts {
        self.rules().parts()
    }

    fn side(&self, context: &Context<'_>) -> Result<ServiceLevels> {
        ServiceLevels::of(context, self.rules())
    }

    fn conversation<E: Evidence>(
        &self,
        levels: &ServiceLevels,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let mut fate = Fate::NoUnit;
        let mut last = None;
        levels.instances(conversation, created, why, |instance| {
            fate = together(fate, instance);
            last = last.max(instance.verdict.ended());
            Ok(())
        })?;
        if fate == Fate::NoUnit {
            return Ok(());
        }
        let at = match self.attribution {
            SlaAttribution::Ended => last.unwrap_or(created),
            SlaAttribution::Created => created,
        };
        out.put(conversation.number, Some(at), fate, Vec::new())
    }
}
