//! # SLA attainment by target
//!
//! **Question.** Which share of the promised times was kept?
//!
//! **Definition.** `100 * achieved / (achieved + breached)` over targets at work: each first response, each later block
//! of customers' messages and each first resolution for which a row of `sla_policies` has a target. A target is breached
//! once more time that counts has passed than it allows; time in the policy's `pauses` and, by the business clock, out of
//! open hours does not count.
//!
//! **Example.** An hour for each reply: answered after 30 minutes, asked again and answered after 90: 50 percent.
//!
//! **Edge cases.** Exactly on target is in time. What is open is breached as soon as it is late, and immature until
//! then. A row of the conversation's priority comes before one without priority; of several that are valid at the
//! creation the smallest `policy_id` holds, and they do not mix. A schedule that the policy names comes before that of
//! the conversation. No target: no unit. A message to a solved conversation waits like any other.
//!
//! **Merging and sources.** Counts; all of a conversation goes to one part. Zendesk shows this beside the share of
//! tickets (D12); `dbt_zendesk` has changed which priority counts, and whether solving ends a wait (D11).

use super::of_conversation::{ConversationMeasure, rate};
use super::sla::{INPUTS, SOURCES, ServiceLevels, sla_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::key::Key;
use crate::kpi::support::SlaAttribution;
use crate::measure::Evidence;
use crate::policy::Choice;
use crate::scope::Micros;
use crate::summary::Trial;
use crate::view::{Conversation, Parts};

sla_policy! {
    /// The choices of the SLA attainment by target.
    pub struct SlaAttainmentTarget {
        /// In which period a target counts. By default that in which it was fulfilled or breached.
        pub attribution: SlaAttribution = SlaAttribution::Ended,
    }
}

static CARD: Card = Card {
    id: "sla_attainment_target",
    name: "SLA attainment by target",
    question: "Which share of the promised times was kept?",
    formula: "100 * targets achieved / targets achieved or breached",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: INPUTS,
    dimensions: &[],
    attributes: &["metric", "policy_id"],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: SOURCES,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SlaAttainmentTarget;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(rate(choices.clone()))
    }
}

impl ConversationMeasure for Choices {
    type Value = Trial;
    type Side = ServiceLevels;

    fn parts(&self) -> Parts {
        self.rules().parts()
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
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
        levels.instances(conversation, created, why, |instance| {
            out.attribute("metric", || Key::from(Choice::name(instance.metric)));
            out.attribute("policy_id", || instance.policy_id.clone());
            let at = match self.attribution {
                SlaAttribution::Ended => instance.verdict.ended().unwrap_or(instance.start),
                SlaAttribution::Created => created,
            };
            let fate = instance.fate(|breach| Trial::from(breach.is_none()));
            out.put(conversation.number, Some(at), fate, Vec::new())
        })
    }
}
