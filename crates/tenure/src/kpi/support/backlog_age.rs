//! # Backlog age
//!
//! **Question.** How long have the conversations that are open waited?
//!
//! **Definition.** The time since creation of every conversation of the [backlog](super::backlog), at the end of each
//! period; of one that `end` or `as_of` cuts, at that instant. `statistic` says what is told of these ages.
//!
//! **Example.** Open at the end of January are two conversations, created 52.5 and 11.5 days before: 32 days, whether mean
//! or median.
//!
//! **Edge cases.** Nothing open has no age, which is not 0. A conversation that was opened again is as old as it is: the
//! clock is not put back. Waiting for the customer counts.
//!
//! **Merging and sources.** The ages themselves, so that any quantile is exact; all of a conversation goes to one part.

use super::backlog::PutOpen;
use super::of_conversation::{ConversationMeasure, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::formula::Spread;
use crate::measure::{Evidence, Fate};
use crate::policy::{OneOrMany, OpenUnits, Statistic, policy};
use crate::scope::Micros;
use crate::summary::{Durations, Elapsed};
use crate::view::{Conversation, Need, Parts};

policy! {
    /// The choices of the backlog age.
    pub struct BacklogAge {
        /// What is told; a list gives one row each. By default the median: a few forgotten conversations make any mean.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// Whether snoozed conversations are open. By default they are: the customer still waits.
        pub snoozed_counts: bool = true,
    }
    presets {
        /// Snoozed conversations are not open. https://help.getredo.com/en/articles/
        Redo { snoozed_counts: false }
    }
}

static CARD: Card = Card {
    id: "backlog_age",
    name: "Backlog age",
    question: "How long have the conversations that are open waited?",
    formula: "end of the period - creation, over conversations not resolved then",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::HISTORY_INPUTS,
    dimensions: &["statistic"],
    attributes: &["assignee", "team"],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://github.com/fivetran/dbt_zendesk"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = BacklogAge;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let statistic = choices.statistic.clone();
        let is_many = statistic.is_many();
        // An age is known in full: it is how long the conversation lasts that is not.
        let formula = Spread { statistic, open: OpenUnits::CompletedOnly };
        let planned = plan::<_, Durations, _>(choices.clone(), formula);
        Ok(planned.dimensions_if(is_many, CARD.dimensions))
    }
}

impl ConversationMeasure for Choices {
    type Value = Elapsed;
    type Side = PutOpen;

    fn parts(&self) -> Parts {
        Parts { history: Need::Required, ..Parts::default() }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, context: &Context<'_>) -> Result<PutOpen> {
        PutOpen::of(context, self.snoozed_counts)
    }

    fn conversation<E: Evidence>(
        &self,
        open: &PutOpen,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Elapsed>>,
        why: &mut E,
    ) -> Result<()> {
        let age = |seen| Fate::Observed(Elapsed(seen - created));
        open.put(conversation, created, out, why, |_, _| age)
    }
}
