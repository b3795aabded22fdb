//! # One-touch rate
//!
//! **Question.** Which share of solved conversations took no more than one reply?
//!
//! **Definition.** `100 * (solved with one reply of a person) / solved`, over conversations that are solved or closed at
//! `as_of`, by when they were last solved. Internal notes, automatic replies and bots are no touches, nor is the message
//! with which the company opened the conversation.
//!
//! **Example.** Ten solved conversations of which six took one reply and one took none: 60 percent with `exactly_one`,
//! 70 with `fewer_than_two`.
//!
//! **Edge cases.** A thank-you of the customer changes nothing. What was opened again and is not solved is no unit.
//! Nothing solved: undefined.
//!
//! **Merging and sources.** Counts; all of a conversation goes to one part. Zendesk's own pages disagree on conversations
//! without any reply (D14).

use super::of_conversation::rate;
use super::touches::ShareByTouches;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::policy::{choice, policy};

choice! {
    /// How many replies make one touch.
    pub enum OneTouch {
        /// None or one.
        FewerThanTwo = "fewer_than_two",
        /// Exactly one: what was solved without a word is not counted as touched.
        ExactlyOne = "exactly_one",
    }
}

policy! {
    /// The choices of the one-touch rate.
    pub struct OneTouchRate {
        /// How many replies make one touch. By default none counts too, as in Zendesk's definition in English.
        pub one_touch: OneTouch = OneTouch::FewerThanTwo,
    }
    presets {
        /// Fewer than two replies. https://support.zendesk.com/hc/en-us/articles/4408821871642
        Zendesk { one_touch: OneTouch::FewerThanTwo }
    }
}

static CARD: Card = Card {
    id: "one_touch_rate",
    name: "One-touch rate",
    question: "Which share of solved conversations took no more than one reply?",
    formula: "100 * solved with one reply of a person / solved",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
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
    sources: &["https://support.zendesk.com/hc/en-us/articles/4408821871642"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = OneTouchRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(rate(ShareByTouches {
            counts: match choices.one_touch {
                OneTouch::FewerThanTwo => |touches| touches < 2,
                OneTouch::ExactlyOne => |touches| touches == 1,
            },
        }))
    }
}
