//! # First response time
//!
//! **Question.** How long does a customer wait for the first answer of a person?
//!
//! **Definition.** From `start` to the first public reply of a person, in seconds: the mean, the median or any
//! percentile of it over conversations. Replies of bots, automatic replies and internal notes do not stop the clock.
//!
//! **Example.** Asked at 9:00, answered by a bot at once, noted internally at 9:05, answered by an agent at 9:30:
//! 1800 seconds.
//!
//! **Edge cases.** Never answered: missing, not zero and not the time until now; with `open: kaplan_meier` it counts as
//! lasting at least until `as_of`. What the company started has no first reply until the agent writes again; in an export
//! `first_replied_at` is that reply. A reply before the start is invalid.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. Vendors differ
//! on the start (D02), on what the company started (D03), on bots (D04), on time subtracted (D07), on the statistic (D08)
//! and on the period (D09).

use super::of_conversation::{ConversationMeasure, durations};
use super::resolving::REPLY_BEFORE_START;
use super::stopwatch::Stopwatch;
use super::stretches::stretches;
use super::ticket_volume::OUTBOUND;
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::kpi::support::{Clock, OffHours};
use crate::measure::{Evidence, Fate};
use crate::policy::{Statistic, choice};
use crate::scope::Micros;
use crate::summary::Elapsed;
use crate::view::{Author, Change, Conversation, Message, Need, Parts, Status, author_of};

choice! {
    /// When the clock starts.
    pub enum ResponseStart {
        /// When the conversation was created.
        Creation = "creation",
        /// When the customer first wrote.
        FirstCustomerMessage = "first_customer_message",
        /// When it was first assigned to someone.
        Assignment = "assignment",
    }
}

choice! {
    /// What a conversation is that the company started.
    pub enum Outbound {
        /// A unit whose first reply is the next public one after the opening message.
        NextPublicReply = "next_public_reply",
        /// No unit to be measured: left out.
        Exclude = "exclude",
    }
}

choice! {
    /// In which period a response counts.
    pub enum ResponseAttribution {
        /// That in which the conversation was created.
        Created = "created",
        /// That in which it was answered; unanswered ones count when they were created.
        Replied = "replied",
    }
}

duration_policy! {
    /// The choices of the first response time.
    pub struct FirstResponseTime {
        /// When the clock starts. By default at creation, which every help desk records.
        pub start: ResponseStart = ResponseStart::Creation,
        /// What a conversation is that the company started.
        pub outbound: Outbound = Outbound::NextPublicReply,
        /// Whether a bot's reply is an answer. By default it is not: the question is when a person answered.
        pub bot_replies_stop_clock: bool = false,
        /// Whether the clock starts anew when what was resolved without a person's reply is opened again.
        pub restart_after_bot_resolution: bool = false,
        /// Time in these statuses does not count.
        pub subtract: Vec<Status> = Vec::new(),
        /// In which period a response counts. By default that of the conversation, so that a late answer does not move.
        pub attribution: ResponseAttribution = ResponseAttribution::Created,
    }
    presets {
        /// From creation, mean; anew after a bot resolved it. https://github.com/chatwoot/chatwoot/pull/12058
        Chatwoot { restart_after_bot_resolution: true, statistic: Statistic::MEAN.into() }
        /// Work hours; what was answered out of them is left out. https://emailanalytics.com/knowledge-base/how-does-emailanalytics-calculate-average-response-time
        EmailAnalytics { clock: Clock::Business, off_hours: OffHours::Exclude }
        /// Mean, by the period of the reply. https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity
        HelpScout { attribution: ResponseAttribution::Replied, statistic: Statistic::MEAN.into() }
        /// Median, by the period of the conversation. https://www.intercom.com/help/en/articles/3653556
        Intercom { statistic: Statistic::MEDIAN.into() }
        /// From the first customer message, without what the company started; median, by the period of the reply. https://plain.com/docs/reporting/metrics
        Plain {
            start: ResponseStart::FirstCustomerMessage,
            outbound: Outbound::Exclude,
            statistic: Statistic::MEDIAN.into(),
            attribution: ResponseAttribution::Replied,
        }
        /// From creation; what agents open is answered by the next public reply; median. https://support.zendesk.com/hc/en-us/articles/4408821871642
        Zendesk { outbound: Outbound::NextPublicReply, statistic: Statistic::MEDIAN.into() }
        /// From the assignment, without time closed or on hold. https://help.zoho.com/portal/en/kb/desk/reports-and-dashboards
        Zoho { start: ResponseStart::Assignment, subtract: vec![Status::Closed, Status::OnHold] }
    }
}

static CARD: Card = Card {
    id: "first_response_time",
    name: "First response time",
    question: "How long does a customer wait for the first answer of a person?",
    formula: "first public reply of a person - start; mean, median or percentile over conversations",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "initiated_by?",
        "schedule_id?",
        "first_replied_at?",
        "messages.occurred_at",
        "messages.author",
        "messages.public?",
        "messages.auto?",
        "status_history.occurred_at?",
        "status_history.assignee?",
        "schedules.opens?",
        "holidays.date?",
    ],
    dimensions: &["statistic"],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &["team", "assignee", "channel", "priority"],
    revision: 1,
    sources: &[
        "https://support.zendesk.com/hc/en-us/articles/4408821871642",
        "https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity",
        "https://plain.com/docs/reporting/metrics",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = FirstResponseTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(durations(choices.clone(), choices.timing()))
    }
}

impl Choices {
    /// The instant at which the clock starts.
    #[inline]
    fn start(
        &self,
        conversation: &Conversation<'_>,
        created: Micros,
        reply: Option<&Message>,
    ) -> Option<Micros> {
        let start = match self.start {
            ResponseStart::Creation => Some(created),
            ResponseStart::FirstCustomerMessage => {
                conversation.messages.iter().find(|m| m.is_question()).map(|m| m.at)
            }
            ResponseStart::Assignment => conversation
                .history
                .iter()
                .find(|change| conversation.assignee(change) != 0)
                .map(|change| change.at),
        };
        if !self.restart_after_bot_resolution {
            return start;
        }
        // What was resolved before any person had replied was resolved without one.
        let before_reply = |at: &Micros| reply.is_none_or(|reply| *at < reply.at);
        let reopened = conversation.resolutions().filter_map(|r| r.reopened.filter(|_| before_reply(&r.at)));
        reopened.filter(before_reply).last().or(start)
    }

    fn is_reply(&self, message: &Message) -> bool {
        message.answers(self.bot_replies_stop_clock)
    }
}

impl ConversationMeasure for Choices {
    type Value = Elapsed;
    type Side = Stopwatch;

    fn parts(&self) -> Parts {
        let uses_history = self.start == ResponseStart::Assignment
            || self.restart_after_bot_resolution
            || !self.subtract.is_empty();
        let history = if uses_history { Need::Required } else { Need::No };
        Parts {
            messages: Need::Required,
            history,
            surveys: false,
            people: self.start == ResponseStart::Assignment,
        }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, context: &Context<'_>) -> Result<Stopwatch> {
        Stopwatch::of(context, &self.timing())
    }

    fn conversation<E: Evidence>(
        &self,
        stopwatch: &Stopwatch,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Elapsed>>,
        why: &mut E,
    ) -> Result<()> {
        let number = conversation.number;
        if conversation.is_outbound && self.outbound == Outbound::Exclude {
            return out.put(number, Some(created), Fate::Excluded(OUTBOUND), Vec::new());
        }
        let opening = conversation.opening().map(|opening| opening.row);
        let reply = conversation.messages.iter().find(|m| self.is_reply(m) && Some(m.row) != opening);
        note_others(conversation, reply, |m| self.is_reply(m), why);
        let start = self.start(conversation, created, reply);
        let fate = match (start, reply) {
            (None, _) => {
                why.note("clock", || "never started".to_owned());
                Fate::Missing
            }
            (Some(start), Some(reply)) if reply.at < start => Fate::Invalid(REPLY_BEFORE_START),
            (Some(start), reply) => {
                let end = reply.map(|reply| reply.at);
                if self.subtract.is_empty() {
                    let fate = stopwatch.fate(conversation.schedule_id(), start, end, why)?;
                    return self.put(conversation, created, reply, fate, out);
                }
                let span = (start, stopwatch.end(end));
                let counts = |change: Option<&Change>| {
                    change.is_none_or(|change| !self.subtract.contains(&change.status))
                };
                let stretches: Vec<_> = stretches(conversation.history, span, counts).collect();
                stopwatch.fate_of_stretches(conversation.schedule_id(), &stretches, end.is_none(), why)?
            }
        };
        self.put(conversation, created, reply, fate, out)
    }
}

impl Choices {
    fn put(
        &self,
        conversation: &Conversation<'_>,
        created: Micros,
        reply: Option<&Message>,
        fate: Fate<Elapsed>,
        out: &mut Out<'_, '_, impl Sink<Elapsed>>,
    ) -> Result<()> {
        let at = match (self.attribution, reply) {
            (ResponseAttribution::Replied, Some(reply)) => reply.at,
            _ => created,
        };
        if let Some(reply) = reply {
            out.attribute("responder", || author_of(out.gated, reply));
        }
        out.put(conversation.number, Some(at), fate, Vec::new())
    }
}

/// Says which message stopped the clock, and which did not.
fn note_others<E: Evidence>(
    conversation: &Conversation<'_>,
    reply: Option<&Message>,
    is_reply: impl Fn(&Message) -> bool,
    why: &mut E,
) {
    if !why.listens() {
        return;
    }
    let until = reply.map_or(Micros::MAX, |reply| reply.at);
    for message in conversation.messages.iter().filter(|m| m.at <= until && m.author != Author::Customer) {
        let Message { row, author, public, auto, .. } = message;
        let is_opening = is_reply(message) && reply.is_none_or(|reply| reply.row != *row);
        let said = match () {
            () if reply.is_some_and(|reply| reply.row == *row) => "stops the clock",
            () if is_opening => "opened the conversation: does not stop the clock",
            () => "does not stop the clock",
        };
        why.note("message", || {
            let kind = if *public { "public" } else { "internal" };
            let auto = if *auto { ", automatic" } else { "" };
            format!("row {row} of messages, by {author}, {kind}{auto}: {said}")
        });
    }
}
