//! # E-mails sent and received
//!
//! **Question.** How much mail comes in and goes out?
//!
//! **Definition.** The number of e-mails that mailboxes sent and received in the period. An e-mail was sent if its sender
//! is the mailbox that recorded it, or a colleague of the mailbox's domain who does not write to it, as from a shared
//! mailbox; it was received otherwise. It is internal if the sender and all recipients are of the
//! mailbox's own domain: `mailboxes.domain`, else what follows the `@`. `by` knows `direction`, `side` and the `domain` of
//! the other side.
//!
//! **Example.** Kim writes to Sue in the same company, who asks a customer: one sent and none received in Kim's mailbox,
//! one received and one sent in Sue's; two of the three are internal.
//!
//! **Edge cases.** Automatic mail is left out. The same message twice in one mailbox counts once, by its earliest row; in
//! two mailboxes it is an e-mail of each. An e-mail without a sender is invalid. Letters of addresses may be of any case;
//! a mailbox is told apart from another as its rows write it. Nothing is 0.
//!
//! **Merging and sources.** A count; all of a mailbox goes to one part.

use super::of_email::{ATTRIBUTES, EmailMeasure, Population, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Context;
use crate::error::Result;
use crate::formula::Total;
use crate::kpi::support::EmailSide;
use crate::measure::{Evidence, Fate};
use crate::policy::{choice, policy};
use crate::scope::Micros;
use crate::summary::Integers;
use crate::view::{Direction, Email};

choice! {
    /// Which e-mails count, by which way they went.
    pub enum EmailDirection {
        /// All of them.
        Both = "both",
        /// Those that the mailbox sent.
        Sent = "sent",
        /// Those that it received.
        Received = "received",
    }
}

policy! {
    /// The choices of e-mails sent and received.
    pub struct EmailsSentReceived {
        /// Which way the e-mails went. By default either; `by` direction tells them apart.
        pub direction: EmailDirection = EmailDirection::Both,
        /// Who is on the other side. By default anyone; `by` side tells inside and outside apart.
        pub side: EmailSide = EmailSide::All,
    }
    presets {}
}

static CARD: Card = Card {
    id: "emails_sent_received",
    name: "E-mails sent and received",
    question: "How much mail comes in and goes out?",
    formula: "e-mails of mailboxes in the period, each message once a mailbox",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Shared,
    table: "emails",
    key: "message_id",
    inputs: &["message_id", "mailbox", "occurred_at", "sender", "recipients?", "auto?", "mailboxes.domain?"],
    dimensions: &[],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://docs.enterprise.emailmeter.com/workspace-setup/business-hours"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = EmailsSentReceived;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(plan::<_, Integers, _>(choices.clone(), Total))
    }
}

impl EmailMeasure for Choices {
    type Value = i64;
    type Side = ();

    fn population(&self) -> Population {
        let direction = match self.direction {
            EmailDirection::Both => None,
            EmailDirection::Sent => Some(Direction::Sent),
            EmailDirection::Received => Some(Direction::Received),
        };
        Population { direction, side: self.side }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn email<E: Evidence>(
        &self,
        (): &(),
        _: &Email<'_>,
        at: Micros,
        _: &mut E,
    ) -> Result<(Micros, Fate<i64>)> {
        Ok((at, Fate::Observed(1)))
    }
}
