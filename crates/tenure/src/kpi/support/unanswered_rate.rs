//! # Unanswered rate
//!
//! **Question.** Which share of customers got no answer from a person in time?
//!
//! **Definition.** `100 * conversations without a public reply of a person within grace_hours / conversations`, by when
//! they were created. Replies of bots, automatic replies and internal notes are no answers.
//!
//! **Example.** Of eight conversations of last week four were answered within a day, one after two days and three not at
//! all: 50 percent.
//!
//! **Edge cases.** What is unanswered but younger than `grace_hours` is immature; what is answered counts at once. A
//! reply at the very end of the time is in time. Nothing old enough: undefined. The opening message of what the company
//! started is no reply, as in the first response time.
//!
//! **Merging and sources.** Two counts; all of a conversation goes to one part. A mean of response times says nothing of
//! those who never got one: this share belongs beside it.

use super::first_response_time::Outbound;
use super::of_conversation::{ConversationMeasure, rate};
use super::ticket_volume::OUTBOUND;
use super::timing::hours;
use super::touches::NOT_A_COUNT;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::policy;
use crate::scope::{Micros, format_instant};
use crate::summary::Trial;
use crate::view::{Conversation, Count, Need, Parts, author_of};

policy! {
    /// The choices of the unanswered rate.
    pub struct UnansweredRate {
        /// How many hours a person has to answer. By default a day.
        pub grace_hours: i64 = 24,
        /// What a conversation is that the company started. By default a unit, as in the first response time.
        pub outbound: Outbound = Outbound::NextPublicReply,
    }
    presets {}
}

static CARD: Card = Card {
    id: "unanswered_rate",
    name: "Unanswered rate",
    question: "Which share of customers got no answer from a person in time?",
    formula: "100 * conversations without a public reply of a person within grace_hours / conversations",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::MESSAGE_INPUTS,
    dimensions: &[],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://emailanalytics.com/knowledge-base/how-does-emailanalytics-calculate-average-response-time",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UnansweredRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        hours("grace_hours", choices.grace_hours)?;
        Ok(rate(choices.clone()))
    }
}

impl ConversationMeasure for Choices {
    type Value = Trial;
    type Side = Micros;

    fn parts(&self) -> Parts {
        Parts { messages: Need::Told, ..Parts::default() }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, _: &Context<'_>) -> Result<Micros> {
        hours("grace_hours", self.grace_hours)
    }

    fn conversation<E: Evidence>(
        &self,
        grace: &Micros,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let number = conversation.number;
        if conversation.is_outbound && self.outbound == Outbound::Exclude {
            return out.put(number, Some(created), Fate::Excluded(OUTBOUND), Vec::new());
        }
        let scope = out.gated.frame.context.scope;
        let deadline = created + grace;
        let reply = conversation.human_replies().next();
        why.note("deadline", || format_instant(deadline, scope.zone));
        why.note("reply", || match reply {
            Some(reply) => format!("{}, row {} of messages", format_instant(reply.at, scope.zone), reply.row),
            None => "none".to_owned(),
        });
        let fate = match reply {
            Some(reply) if reply.at <= deadline => Fate::Observed(Trial::Failure),
            None if conversation.counted_replies == Count::Invalid => Fate::Invalid(NOT_A_COUNT),
            // A count of replies says that there were some, and not when.
            None if conversation.is_replied_by(deadline) != Some(false) => Fate::Missing,
            _ if deadline > scope.as_of => Fate::Immature,
            _ => Fate::Observed(Trial::Success),
        };
        if let Some(reply) = reply {
            out.attribute("responder", || author_of(out.gated, reply));
        }
        out.put(number, Some(created), fate, Vec::new())
    }
}
