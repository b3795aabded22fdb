//! # Replies to resolution
//!
//! **Question.** How many replies does it take to solve a conversation?
//!
//! **Definition.** The mean number of public replies of people up to the last resolution, over conversations that are
//! solved or closed at `as_of`, by when they were last solved. What is a reply, see `one_touch_rate`.
//!
//! **Example.** Three solved conversations with one, two and three replies, and one without any: 2; with
//! `with_zero_replies: include` 1.5.
//!
//! **Edge cases.** A reply at the instant of the resolution counts, a later one does not. Opened again and solved once
//! more: the replies since then count too. What is not resolved is no unit. Nothing solved: undefined.
//!
//! **Merging and sources.** Exact sums; all of a conversation goes to one part. Help Scout calls a conversation resolved
//! only if a user replied. `dbt_zendesk` also counts what agents write after the resolution.

use super::of_conversation::{ConversationMeasure, mean};
use super::resolving::{NO_REPLY, ResolutionAttribution, resolved};
use super::touches::{PARTS, touches};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::{choice, policy};
use crate::scope::Micros;
use crate::view::{Conversation, Parts};

choice! {
    /// What a conversation is that was solved without any reply.
    pub enum ZeroReplies {
        /// Left out.
        Exclude = "exclude",
        /// A conversation with 0 replies.
        Include = "include",
    }
}

policy! {
    /// The choices of the replies to resolution.
    pub struct RepliesToResolution {
        /// What a conversation is that was solved without any reply. By default left out: nobody wrote to solve it.
        pub with_zero_replies: ZeroReplies = ZeroReplies::Exclude,
    }
    presets {
        /// Only with a reply. https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity
        HelpScout { with_zero_replies: ZeroReplies::Exclude }
    }
}

static CARD: Card = Card {
    id: "replies_to_resolution",
    name: "Replies to resolution",
    question: "How many replies does it take to solve a conversation?",
    formula: "mean number of public replies of people up to the last resolution",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::TOUCH_INPUTS,
    dimensions: &[],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity",
        "https://github.com/fivetran/dbt_zendesk",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = RepliesToResolution;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(mean(choices.clone()))
    }
}

impl ConversationMeasure for Choices {
    type Value = i64;
    type Side = ();

    fn parts(&self) -> Parts {
        PARTS
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
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
        let Some(resolution) = resolved(conversation, why) else { return Ok(()) };
        let fate = match touches(conversation, resolution, why) {
            Ok(0) if self.with_zero_replies == ZeroReplies::Exclude => Fate::Excluded(NO_REPLY),
            Ok(replies) => Fate::Observed(crate::formula::shown(replies)),
            Err(fate) => fate,
        };
        ResolutionAttribution::Resolved.put(conversation, created, Some(resolution), fate, out)
    }
}
