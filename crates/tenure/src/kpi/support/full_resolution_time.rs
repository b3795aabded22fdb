//! # Full resolution time
//!
//! **Question.** How long does it take until a conversation is solved for good?
//!
//! **Definition.** From the creation to the last resolution of what is solved or closed at `as_of`, in seconds: the mean,
//! the median or any percentile of it over conversations. `resolution` chooses another end.
//!
//! **Example.** Created at 9:00, solved at 11:00, opened again at 13:00, solved at 15:00: 21600 seconds; with `once` 7200;
//! with `every_event` both.
//!
//! **Edge cases.** What was opened again and is not resolved is open: missing, or with `open: kaplan_meier` lasting at
//! least until `as_of`. Closing what is solved does not move its end. With `once` a resolution counts only after a reply
//! of a person; what is resolved without any is left out. With `every_event` a conversation that is open now adds one
//! that has not ended. With `last_outbound_message` replies after the resolution count too.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. A later
//! resolution moves a conversation to a later period. Vendors differ on the end (D06): Zendesk the last, Help Scout once
//! and only with a reply, Chatwoot every event, Plain the messages.

use super::of_conversation::{ConversationMeasure, durations};
use super::resolving::{NO_REPLY, RESPONDER, ResolutionAttribution, resolved, time_to};
use super::stopwatch::Stopwatch;
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::{Statistic, choice};
use crate::scope::Micros;
use crate::summary::Elapsed;
use crate::view::{Conversation, Need, Parts};

choice! {
    /// What the end of a conversation is.
    pub enum ResolutionEnd {
        /// The last resolution, if it is still resolved.
        Last = "last",
        /// The first resolution after a person had replied; what is opened again later stays ended.
        Once = "once",
        /// Each resolution, counted from the creation.
        EveryEvent = "every_event",
        /// The last public message of a person, counted from the customer's first, if it is still resolved.
        LastOutboundMessage = "last_outbound_message",
    }
}

duration_policy! {
    /// The choices of the full resolution time.
    pub struct FullResolutionTime {
        /// What the end is. By default the last resolution, so that what comes back is not yet done.
        pub resolution: ResolutionEnd = ResolutionEnd::Last,
        /// In which period a resolution counts. By default that in which it came.
        pub attribution: ResolutionAttribution = ResolutionAttribution::Resolved,
    }
    presets {
        /// Every resolution, mean. https://github.com/chatwoot/chatwoot/blob/develop/app/listeners/reporting_event_listener.rb
        Chatwoot { resolution: ResolutionEnd::EveryEvent, statistic: Statistic::MEAN.into() }
        /// Once, and only with a reply; mean. https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity
        HelpScout { resolution: ResolutionEnd::Once, statistic: Statistic::MEAN.into() }
        /// From the first message of the customer to the last to them, median. https://plain.com/docs/reporting/metrics
        Plain { resolution: ResolutionEnd::LastOutboundMessage, statistic: Statistic::MEDIAN.into() }
        /// The last resolution, median. https://support.zendesk.com/hc/en-us/articles/4408834848154
        Zendesk { resolution: ResolutionEnd::Last, statistic: Statistic::MEDIAN.into() }
    }
}

static CARD: Card = Card {
    id: "full_resolution_time",
    name: "Full resolution time",
    question: "How long does it take until a conversation is solved for good?",
    formula: "last time solved or closed - creation; mean, median or percentile over conversations",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::RESOLUTION_INPUTS,
    dimensions: &["statistic"],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://support.zendesk.com/hc/en-us/articles/4408834848154",
        "https://developer.helpscout.com/help-desk-api/objects/time-range-stats-productivity",
        "https://plain.com/docs/reporting/metrics",
        "https://github.com/chatwoot/chatwoot/blob/develop/app/listeners/reporting_event_listener.rb",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = FullResolutionTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(durations(choices.clone(), choices.timing()))
    }
}

/// The fate of the time from the customer's first message to the last that a person wrote to them.
fn between_messages<E: Evidence>(
    stopwatch: &Stopwatch,
    conversation: &Conversation<'_>,
    is_resolved: bool,
    why: &mut E,
) -> Result<Fate<Elapsed>> {
    let Some(asked) = conversation.messages.iter().find(|message| message.is_question()) else {
        why.note("message", || "the customer wrote none: no value".to_owned());
        return Ok(Fate::Missing);
    };
    why.note("message", || format!("row {} of messages, the customer's first", asked.row));
    if !is_resolved {
        return stopwatch.fate(conversation.schedule_id(), asked.at, None, why);
    }
    let Some(last) = conversation.human_replies().filter(|reply| reply.at >= asked.at).last() else {
        return Ok(Fate::Excluded(NO_REPLY));
    };
    why.note("message", || format!("row {} of messages, the last of a person", last.row));
    stopwatch.fate(conversation.schedule_id(), asked.at, Some(last.at), why)
}

impl ConversationMeasure for Choices {
    type Value = Elapsed;
    type Side = Stopwatch;

    fn parts(&self) -> Parts {
        let messages = match self.resolution {
            ResolutionEnd::Last | ResolutionEnd::EveryEvent => RESPONDER,
            ResolutionEnd::Once => Need::Told,
            ResolutionEnd::LastOutboundMessage => Need::Table,
        };
        Parts { messages, history: Need::Required, surveys: false, people: false }
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
        let last = conversation.resolved();
        let (end, fate) = match self.resolution {
            ResolutionEnd::Last => (last, time_to(last, stopwatch, conversation, created, why)?),
            ResolutionEnd::Once => {
                let is_replied = |at: Micros| conversation.is_replied_by(at);
                let once = conversation.resolutions().find(|end| is_replied(end.at) == Some(true));
                match (once, last) {
                    (None, Some(end)) if is_replied(end.at).is_none() => (last, Fate::Missing),
                    (None, Some(_)) => (last, Fate::Excluded(NO_REPLY)),
                    _ => (once, time_to(once, stopwatch, conversation, created, why)?),
                }
            }
            ResolutionEnd::EveryEvent => {
                for event in conversation.resolutions() {
                    let fate = time_to(Some(event), stopwatch, conversation, created, why)?;
                    self.attribution.put(conversation, created, Some(event), fate, out)?;
                }
                if last.is_some() {
                    return Ok(());
                }
                (None, time_to(None, stopwatch, conversation, created, why)?)
            }
            ResolutionEnd::LastOutboundMessage => {
                let last = resolved(conversation, why);
                (last, between_messages(stopwatch, conversation, last.is_some(), why)?)
            }
        };
        self.attribution.put(conversation, created, end, fate, out)
    }
}
