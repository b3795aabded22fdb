//! # Net flow
//!
//! **Question.** Does the pile of work grow or shrink?
//!
//! **Definition.** Conversations created in the period less conversations resolved in it. With `reopened_inflow`, what was
//! opened again in the period comes in again too, and the net flow is the change of the [backlog](super::backlog).
//!
//! **Example.** Two created, three resolved, one of them opened again: -1, or 0 with `reopened_inflow`.
//!
//! **Edge cases.** Closing after solving is not another resolution. What is resolved, opened again and resolved counts as
//! resolved twice. Nothing at all is 0.
//!
//! **Merging and sources.** Sums of whole numbers; all of a conversation goes to one part. Groove compares opened and
//! closed conversations of a period like this.

use super::of_conversation::{ConversationMeasure, total};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::policy;
use crate::scope::{Micros, format_instant};
use crate::view::{Conversation, Need, Parts};

policy! {
    /// The choices of the net flow.
    pub struct NetFlow {
        /// Whether conversations that are opened again come in again. By default not: creations less resolutions.
        pub reopened_inflow: bool = false,
    }
    presets {}
}

static CARD: Card = Card {
    id: "net_flow",
    name: "Net flow",
    question: "Does the pile of work grow or shrink?",
    formula: "conversations created - conversations resolved",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::HISTORY_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://help.groovehq.com/help/how-the-conversation-reports-are-calculated-e22bf407"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = NetFlow;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(total(choices.clone()))
    }
}

impl ConversationMeasure for Choices {
    type Value = i64;
    type Side = ();

    fn parts(&self) -> Parts {
        Parts { history: Need::Required, ..Parts::default() }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<i64>>,
        why: &mut E,
    ) -> Result<()> {
        let zone = out.gated.frame.context.scope.zone;
        let mut flow = |what: &str, at: Micros, change: i64| {
            why.note(what, || format_instant(at, zone));
            out.put(conversation.number, Some(at), Fate::Observed(change), Vec::new())
        };
        flow("created", created, 1)?;
        for resolution in conversation.resolutions() {
            // What was recorded as resolved before it was created came and went at once.
            flow("resolved", resolution.at.max(created), -1)?;
            if let Some(reopened) = resolution.reopened.filter(|_| self.reopened_inflow) {
                flow("opened again", reopened.max(created), 1)?;
            }
        }
        Ok(())
    }
}
