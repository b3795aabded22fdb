//! # Two-touch rate
//!
//! **Question.** Which share of solved conversations took exactly two replies?
//!
//! **Definition.** `100 * (solved with two replies of a person) / solved`, over conversations that are solved or closed at
//! `as_of`, by when they were last solved. What is a touch, see `one_touch_rate`.
//!
//! **Example.** Four solved conversations with one, two, two and five replies: 50 percent.
//!
//! **Edge cases.** One, two and many touches part the solved conversations; those without any reply are among the
//! one-touch ones unless its policy says `exactly_one`. Nothing solved: undefined.
//!
//! **Merging and sources.** Counts; all of a conversation goes to one part. `dbt_zendesk` has the same three classes.

use super::of_conversation::rate;
use super::touches::ShareByTouches;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::policy::policy;

policy! {
    /// The two-touch rate leaves nothing to choose.
    pub struct TwoTouchRate {}
    presets {}
}

static CARD: Card = Card {
    id: "two_touch_rate",
    name: "Two-touch rate",
    question: "Which share of solved conversations took exactly two replies?",
    formula: "100 * solved with two replies of a person / solved",
    unit: "percent",
    range: Some((0.0, 100.0)),
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
    sources: &["https://github.com/fivetran/dbt_zendesk"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TwoTouchRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, _: &Choices) -> Result<Planned> {
        Ok(rate(ShareByTouches { counts: |touches| touches == 2 }))
    }
}
