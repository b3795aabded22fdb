//! # First resolution time
//!
//! **Question.** How long does it take until a conversation is solved for the first time?
//!
//! **Definition.** From the creation to the first time that the status is solved or closed, in seconds: the mean, the
//! median or any percentile of it over conversations.
//!
//! **Example.** Created at 9:00, solved at 10:00, opened again and solved at 15:00: 3600 seconds.
//!
//! **Edge cases.** Never resolved: missing; with `open: kaplan_meier` it lasts at least until `as_of`. Straight to closed
//! is a resolution, closing what is solved is not another one. Solved at the creation is 0. Opened again changes nothing.
//! A resolution before the creation is invalid.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. Zendesk tells
//! first and full resolution side by side (D06); `dbt_zendesk` counts whole minutes, and ignores that a conversation was
//! closed if it was solved at any other time.

use super::of_conversation::{ConversationMeasure, durations};
use super::resolving::{RESPONDER, ResolutionAttribution, time_to};
use super::stopwatch::Stopwatch;
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::Evidence;
use crate::policy::Statistic;
use crate::scope::Micros;
use crate::summary::Elapsed;
use crate::view::{Conversation, Need, Parts};

duration_policy! {
    /// The choices of the first resolution time.
    pub struct FirstResolutionTime {
        /// In which period a resolution counts. By default that in which it came.
        pub attribution: ResolutionAttribution = ResolutionAttribution::Resolved,
    }
    presets {
        /// Median. https://support.zendesk.com/hc/en-us/articles/4408834848154
        Zendesk { statistic: Statistic::MEDIAN.into() }
    }
}

static CARD: Card = Card {
    id: "first_resolution_time",
    name: "First resolution time",
    question: "How long does it take until a conversation is solved for the first time?",
    formula: "first time solved or closed - creation; mean, median or percentile over conversations",
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
        "https://github.com/fivetran/dbt_zendesk",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = FirstResolutionTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(durations(choices.clone(), choices.timing()))
    }
}

impl ConversationMeasure for Choices {
    type Value = Elapsed;
    type Side = Stopwatch;

    fn parts(&self) -> Parts {
        Parts { messages: RESPONDER, history: Need::Required, surveys: false, people: false }
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
        let first = conversation.resolutions().next();
        let fate = time_to(first, stopwatch, conversation, created, why)?;
        self.attribution.put(conversation, created, first, fate, out)
    }
}
