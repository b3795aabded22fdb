//! # Session duration
//!
//! **Question.** How long do people stay?
//!
//! **Definition.** The time from the first event of a session to its last, in seconds: the median, the mean or any percentile
//! of it over the sessions that begin in the period.
//!
//! **Example.** Sessions of 0, 600, 1200 and 1800 seconds: a median of 900, and a mean of 900.
//!
//! **Edge cases.** A session of a single event lasts no time; `single_event` leaves it out, or gives it a bonus. Two events at one
//! instant are no single event. A session that goes on after the period, or after `end`, is measured to its end; one that may
//! still go on at `as_of` as far as it is known. What events say themselves that they lasted does not count. No
//! sessions: undefined.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a person goes to one part. Sessions are those of
//! `sessions` (D47); the median, because a few sessions last for hours.

use super::cutting::{Cutting, SINGLE_EVENT, SingleEvent, SingleEvents, session_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, PutSessions, SessionMeasure, Sink};
use crate::error::Result;
use crate::formula::Spread;
use crate::measure::Fate;
use crate::policy::{OneOrMany, OpenUnits, Statistic};
use crate::request::Scope;
use crate::summary::{Durations, Elapsed};
use crate::view::Cut;

session_policy! {
    /// The choices of the duration of sessions.
    pub struct SessionDuration {
        /// What is told; a list gives one row each. By default the median: a forgotten window lasts for hours.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// How long a session of a single event is. By default 0.
        pub single_event: SingleEvent = SingleEvent::Include,
        /// With `single_event: bonus`: so many seconds.
        pub bonus_seconds: i64 = 30,
    }
}

static CARD: Card = Card {
    id: "session_duration",
    name: "Session duration",
    question: "How long do people stay?",
    formula: "last event - first event; median, mean or percentile over sessions",
    unit: "seconds",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::SESSION_INPUTS,
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: super::SESSION_SOURCES,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SessionDuration;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = Lasting {
            cutting: choices.cutting(),
            single_events: SingleEvents::new(choices.single_event, choices.bonus_seconds)?,
        };
        let formula = Spread { statistic: choices.statistic.clone(), open: OpenUnits::CompletedOnly };
        let plan = Pipeline::<_, _, Durations>::sessions(measure, formula);
        Ok(Planned::new(plan).dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

/// How long each session lasts.
pub(crate) struct Lasting {
    pub(crate) cutting: Cutting,
    pub(crate) single_events: SingleEvents,
}

impl SessionMeasure for Lasting {
    type Value = Elapsed;

    fn cut(&self, scope: &Scope) -> Cut {
        self.cutting.cut(scope)
    }

    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<Elapsed>>) -> Result<()> {
        out.put_each(|session, _| match self.single_events.length(session) {
            Some(length) => Fate::Observed(Elapsed(length)),
            None => Fate::Excluded(SINGLE_EVENT),
        })
    }
}
