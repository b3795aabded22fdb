//! # Next response time
//!
//! **Question.** How long does a customer wait for an answer, every time they write?
//!
//! **Definition.** For each block of public messages of the customer that follow one another without an answer: from its
//! first message to the next public reply of a person, in seconds; the mean, the median or any percentile of it over
//! blocks. With `anchor: last` from its last message. Bots, automatic replies and notes do not answer.
//!
//! **Example.** The customer writes at 1:00, 1:10 and 1:15, an agent at 1:20: 1200 seconds; with `anchor: last` 300.
//!
//! **Edge cases.** A block without an answer is missing; with `open: kaplan_meier` it lasts at least until `as_of`. With
//! `solved_closes` what is resolved before it is answered is left out, and what the customer writes later begins a new
//! block; a message at the instant of a resolution came before it. What the company started has no block until the
//! customer writes. A conversation without messages of the customer has none at all.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. Vendors differ
//! on the anchor (D05), on bots (D04) and on what a resolution without a reply is (D11).

use super::of_conversation::{ConversationMeasure, durations};
use super::resolving::told_by;
use super::stopwatch::Stopwatch;
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::{Statistic, choice};
use crate::scope::Micros;
use crate::summary::Elapsed;
use crate::view::{Conversation, Message, Need, Parts, Resolution, author_of};
use std::iter::Peekable;

choice! {
    /// Which message of several in a row starts the clock.
    pub enum BlockAnchor {
        /// The first that is not answered.
        First = "first",
        /// The last before the answer.
        Last = "last",
    }
}

choice! {
    /// In which period an answer counts.
    pub enum NextResponseAttribution {
        /// That in which the clock started.
        Asked = "asked",
        /// That of the answer; what has none counts when the clock started.
        Replied = "replied",
    }
}

duration_policy! {
    /// The choices of the next response time.
    pub struct NextResponseTime {
        /// Which message of several in a row starts the clock. By default the first: the customer waits since then.
        pub anchor: BlockAnchor = BlockAnchor::First,
        /// Whether a bot's reply is an answer. By default it is not: the question is when a person answered.
        pub bot_replies_stop_clock: bool = false,
        /// Whether a resolution without a reply ends a block, without a value. By default it does not: nobody answered.
        pub solved_closes: bool = false,
        /// In which period an answer counts. By default that in which it came.
        pub attribution: NextResponseAttribution = NextResponseAttribution::Replied,
    }
    presets {
        /// From the first message, mean. https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity
        HelpScout { anchor: BlockAnchor::First, statistic: Statistic::MEAN.into() }
        /// From the first message, median. https://support.zendesk.com/hc/en-us/articles/4408821871642
        Zendesk { anchor: BlockAnchor::First, statistic: Statistic::MEDIAN.into() }
    }
}

static CARD: Card = Card {
    id: "next_response_time",
    name: "Next response time",
    question: "How long does a customer wait for an answer, every time they write?",
    formula: "next public reply of a person - first message of the customer since the last one; mean, median or percentile over blocks of messages",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "spam?",
        "deleted?",
        "merged?",
        "schedule_id?",
        "solved_at?",
        "closed_at?",
        "messages.occurred_at",
        "messages.author",
        "messages.author_id?",
        "messages.public?",
        "messages.auto?",
        "status_history.occurred_at?",
        "status_history.status?",
        "schedules.opens?",
        "holidays.date?",
    ],
    dimensions: &["statistic"],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://docs.sendsquared.com/docs/reports/email-response-duration",
        "https://reamaze.reamaze.com/kb/everything-about-reporting/how-response-times-are-calculated",
        "https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity",
        "https://github.com/fivetran/dbt_zendesk",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = NextResponseTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(durations(choices.clone(), choices.timing()))
    }
}

const SOLVED: Reason =
    Reason::new("conversation_id", "solved_without_reply", "was resolved before the customer had an answer");

/// Messages of the customer that follow one another without an answer.
#[derive(Clone, Copy)]
struct Block<'e> {
    first: &'e Message,
    last: &'e Message,
}

/// What became of a block.
enum End<'e> {
    Answered(&'e Message),
    Solved(Resolution),
    Open,
}

/// The first resolution in `[from, until)`. Those before are passed over.
fn resolution_within(
    resolutions: &mut Peekable<impl Iterator<Item = Resolution>>,
    (from, until): (Micros, Micros),
) -> Option<Resolution> {
    let mut within = None;
    while let Some(resolution) = resolutions.next_if(|resolution| resolution.at < until) {
        within = within.or((resolution.at >= from).then_some(resolution));
    }
    within
}

impl Choices {
    /// Puts one block.
    fn put<E: Evidence>(
        &self,
        stopwatch: &Stopwatch,
        conversation: &Conversation<'_>,
        (block, end): (Block<'_>, End<'_>),
        out: &mut Out<'_, '_, impl Sink<Elapsed>>,
        why: &mut E,
    ) -> Result<()> {
        let anchor = match self.anchor {
            BlockAnchor::First => block.first,
            BlockAnchor::Last => block.last,
        };
        why.note("question", || format!("row {} of messages starts the clock", anchor.row));
        why.note("answer", || match &end {
            End::Answered(reply) => format!("row {} of messages stops the clock", reply.row),
            End::Solved(resolution) => format!("none before the resolution: {}", told_by(*resolution)),
            End::Open => "none yet".to_owned(),
        });
        let schedule = conversation.schedule_id();
        let fate = match &end {
            End::Answered(reply) => stopwatch.fate(schedule, anchor.at, Some(reply.at), why)?,
            End::Solved(_) => Fate::Excluded(SOLVED),
            End::Open => stopwatch.fate(schedule, anchor.at, None, why)?,
        };
        let at = match (self.attribution, &end) {
            (NextResponseAttribution::Replied, End::Answered(reply)) => reply.at,
            _ => anchor.at,
        };
        let gated = out.gated;
        out.attribute("responder", || match end {
            End::Answered(reply) => author_of(gated, reply),
            End::Solved(_) | End::Open => Key::Null,
        });
        out.put(conversation.number, Some(at), fate, Vec::new())
    }
}

impl ConversationMeasure for Choices {
    type Value = Elapsed;
    type Side = Stopwatch;

    fn parts(&self) -> Parts {
        let history = if self.solved_closes { Need::Required } else { Need::No };
        Parts { messages: Need::Table, history, surveys: false, people: false }
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
        _: Micros,
        out: &mut Out<'_, '_, impl Sink<Elapsed>>,
        why: &mut E,
    ) -> Result<()> {
        // Without `solved_closes` there is no history, and nothing is resolved.
        let mut resolutions = conversation.resolutions().peekable();
        let mut waiting: Option<Block<'_>> = None;
        for message in conversation.messages {
            if let Some(block) = waiting
                && let Some(resolution) = resolution_within(&mut resolutions, (block.last.at, message.at))
            {
                self.put(stopwatch, conversation, (block, End::Solved(resolution)), out, why)?;
                waiting = None;
            }
            if message.is_question() {
                let first = waiting.map_or(message, |block| block.first);
                waiting = Some(Block { first, last: message });
            } else if message.answers(self.bot_replies_stop_clock)
                && let Some(block) = waiting.take()
            {
                self.put(stopwatch, conversation, (block, End::Answered(message)), out, why)?;
            }
        }
        let Some(block) = waiting else { return Ok(()) };
        let end = resolution_within(&mut resolutions, (block.last.at, Micros::MAX));
        self.put(stopwatch, conversation, (block, end.map_or(End::Open, End::Solved)), out, why)
    }
}
