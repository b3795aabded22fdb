//! # Sessions
//!
//! **Question.** How often is the product used?
//!
//! **Definition.** The number of sessions that begin in the period: a person's events without a pause longer than the timeout,
//! or those that name the same session.
//!
//! **Example.** Ann clicks at 9:00, 9:20 and 10:00. With a timeout of half an hour 9:00 to 9:20 is one session and 10:00 another:
//! two.
//!
//! **Edge cases.** No sessions are 0. A session counts where its first event lies, and in the group of that event. One that
//! began before `start` is not counted, nor cut in two. With a `cap` what goes on after it is another session, also under
//! one `session_id`: without one, such a session lasts however long it pauses. `where` chooses events before sessions are
//! told apart. Sessions of
//! internal users and bots are left out, and so is each event with the `session_id` -1. A row without a user or a time is
//! invalid; an event sent twice is one.
//!
//! **Merging and sources.** A count; all of a person goes to one part. Vendors differ (D47): Amplitude waits five minutes on
//! mobile devices, `PostHog` ends a session after a day and counts per device, Mixpanel ends it at midnight.

use super::cutting::{Cutting, session_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, PutSessions, SessionMeasure, Sink};
use crate::error::Result;
use crate::formula::Total;
use crate::measure::Fate;
use crate::request::Scope;
use crate::summary::Integers;
use crate::view::Cut;

session_policy! {
    /// The choices of sessions.
    pub struct SessionCount {}
}

static CARD: Card = Card {
    id: "sessions",
    name: "Sessions",
    question: "How often is the product used?",
    formula: "stretches of a person's events without a pause longer than the timeout",
    unit: "count",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::SESSION_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: super::SESSION_SOURCES,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SessionCount;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(Planned::new(Pipeline::<_, _, Integers>::sessions(Each(choices.cutting()), Total)))
    }
}

/// Every session is one.
struct Each(Cutting);

impl SessionMeasure for Each {
    type Value = i64;

    fn cut(&self, scope: &Scope) -> Cut {
        self.0.cut(scope)
    }

    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<i64>>) -> Result<()> {
        out.put_each(|_, _| Fate::Observed(1))
    }
}
