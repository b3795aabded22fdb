//! # Ticket volume
//!
//! **Question.** How much comes in?
//!
//! **Definition.** Conversations created in the period; or, as `counted` says, messages of customers, replies of people,
//! distinct customers, customers helped, or conversations that a person replied to.
//!
//! **Example.** Five conversations of which one is spam and one was started by the company: four, or three with
//! `count_outbound: false`.
//!
//! **Edge cases.** Spam, deleted and merged conversations are left out, with their messages. Nothing is 0.
//!
//! **Merging and sources.** Counts, and for customers the set of their ids; all of a conversation goes to one part. Help
//! Scout shows all of these side by side; Intercom leaves out what the company started.

use super::of_conversation::{ConversationMeasure, plan, total};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::formula::Distinct;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::{choice, policy};
use crate::scope::Micros;
use crate::summary::Ids;
use crate::view::{Conversation, Need, Parts};

choice! {
    /// What is counted.
    pub enum VolumeOf {
        /// Conversations created in the period.
        Conversations = "conversations",
        /// Public messages of customers, by when they were written.
        MessagesReceived = "messages_received",
        /// Public replies of people, by when they were written.
        RepliesSent = "replies_sent",
        /// Distinct customers who began conversations in the period.
        Customers = "customers",
        /// Distinct customers to whom a person replied in the period.
        CustomersHelped = "customers_helped",
        /// Conversations to which a person replied in the period.
        ConversationsTouched = "conversations_touched",
    }
}

policy! {
    /// The choices of the ticket volume.
    pub struct TicketVolume {
        /// What is counted.
        pub counted: VolumeOf = VolumeOf::Conversations,
        /// Whether conversations that the company started count. By default they do: they are work too.
        pub count_outbound: bool = true,
    }
    presets {
        /// All conversations but spam and deleted ones. https://developer.helpscout.com/mailbox-api/endpoints/reports/conversations/overall/
        HelpScout { count_outbound: true }
        /// Without what the company started. https://www.intercom.com/help/en/articles/3008194
        Intercom { count_outbound: false }
    }
}

static CARD: Card = Card {
    id: "ticket_volume",
    name: "Ticket volume",
    question: "How much comes in?",
    formula: "conversations created in the period",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::MESSAGE_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://developer.helpscout.com/mailbox-api/endpoints/reports/conversations/overall/",
        "https://www.intercom.com/help/en/articles/3008194",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TicketVolume;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(match choices.counted {
            VolumeOf::Customers | VolumeOf::CustomersHelped => {
                plan::<_, Ids, _>(Customers(choices.clone()), Distinct)
            }
            _ => total(choices.clone()),
        })
    }
}

pub(crate) const OUTBOUND: Reason =
    Reason::new("initiated_by", "outbound", "says that the company started the conversation");

impl Choices {
    fn counts(&self, conversation: &Conversation<'_>) -> bool {
        self.count_outbound || !conversation.is_outbound
    }
}

impl ConversationMeasure for Choices {
    type Value = i64;
    type Side = ();

    fn parts(&self) -> Parts {
        let messages = match self.counted {
            VolumeOf::MessagesReceived | VolumeOf::RepliesSent => Need::Table,
            VolumeOf::CustomersHelped | VolumeOf::ConversationsTouched => Need::Required,
            // Without the column `initiated_by` the first message tells who began.
            _ if !self.count_outbound => Need::Optional,
            _ => Need::No,
        };
        Parts { messages, ..Parts::default() }
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
        _: &mut E,
    ) -> Result<()> {
        let number = conversation.number;
        if !self.counts(conversation) {
            return out.put(number, Some(created), Fate::Excluded(OUTBOUND), Vec::new());
        }
        let mut one = |at: Micros| out.put(number, Some(at), Fate::Observed(1), Vec::new());
        match self.counted {
            VolumeOf::MessagesReceived => {
                let mut received = conversation.messages.iter().filter(|message| message.is_question());
                received.try_for_each(|message| one(message.at))
            }
            VolumeOf::RepliesSent => conversation.human_replies().try_for_each(|reply| one(reply.at)),
            VolumeOf::ConversationsTouched => {
                let mut last = None;
                for reply in conversation.human_replies().filter(|r| out.gated.frame.in_window(r.at)) {
                    let period = out.period(Some(reply.at))?;
                    if last != Some(period) {
                        last = Some(period);
                        out.put(number, Some(reply.at), Fate::Observed(1), Vec::new())?;
                    }
                }
                Ok(())
            }
            VolumeOf::Conversations | VolumeOf::Customers | VolumeOf::CustomersHelped => one(created),
        }
    }
}

/// Customers by the conversations that they began, or in which they were helped.
struct Customers(Choices);

impl ConversationMeasure for Customers {
    type Value = Key;
    type Side = usize;

    fn parts(&self) -> Parts {
        self.0.parts()
    }

    fn side(&self, context: &Context<'_>) -> Result<usize> {
        context.book.require("conversations")?.require("requester_id")
    }

    fn conversation<E: Evidence>(
        &self,
        requester: &usize,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Key>>,
        _: &mut E,
    ) -> Result<()> {
        let number = conversation.number;
        if !self.0.counts(conversation) {
            return out.put(number, Some(created), Fate::Excluded(OUTBOUND), Vec::new());
        }
        let fate = match Key::named(out.gated.frame.table.read(*requester, number)) {
            Key::Null => Fate::Missing,
            customer => Fate::Observed(customer),
        };
        match self.0.counted {
            VolumeOf::CustomersHelped => conversation
                .human_replies()
                .try_for_each(|reply| out.put(number, Some(reply.at), fate.clone(), Vec::new())),
            _ => out.put(number, Some(created), fate, Vec::new()),
        }
    }
}
