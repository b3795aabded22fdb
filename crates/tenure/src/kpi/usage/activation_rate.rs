//! # Activation rate
//!
//! **Question.** How many of those who sign up get to where the product is of use to them?
//!
//! **Definition.** Of those who signed up in a period, the percentage that reached the activation moment, an event of any of
//! the names of `moment`, within so many days. With `start_event` the first such event takes the place of the sign-up.
//!
//! **Example.** Six people sign up on the first; two publish something within seven days, one a second later: 33.3 percent,
//! within 14 days 50.
//!
//! **Edge cases.** Whose time has not elapsed is immature, also if activated: those that are quick would count too much. What
//! was done before the sign-up does not count. A sign-up whose time is not known is missing. A day has 24 hours, ends
//! included. People without any event are in the denominator. Nobody signed up: undefined.
//!
//! **Merging and sources.** Two counts; all of a person goes to one part. What the moment is, each product has to find for itself;
//! there is no default.

use super::since_start::{SinceStart, Start, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::{Error, Result};
use crate::formula::{Percent, ProportionInterval};
use crate::measure::Fate;
use crate::policy::{Names, Span, policy};
use crate::scope::Micros;
use crate::summary::{Counts, Trial};

policy! {
    /// The choices of the activation rate.
    pub struct ActivationRate {
        /// The names of the events of which any is the activation moment. There is no default.
        pub moment: Option<Names> = None,
        /// How often they have to happen. By default once.
        pub times: i64 = 1,
        /// The names of the events of which the first is the start; null: the sign-up, `users.created_at`.
        pub start_event: Option<Names> = None,
        /// How soon after the start the moment counts, end included. By default a week, in which most decide.
        pub within: Span = Span::days(7),
    }
    presets {}
}

static CARD: Card = Card {
    id: "activation_rate",
    name: "Activation rate",
    question: "How many of those who sign up get to where the product is of use to them?",
    formula: "100 * those who reach the activation moment in time / those who signed up",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::event_inputs!(["name", "event_id?"], users: ["users.created_at?"]),
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: super::source::ACTIVATION,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ActivationRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let no_moment =
            || Error::invalid("\"activation_rate\" needs moment, the names of the events that activate");
        let moment = choices.moment.clone().ok_or_else(no_moment)?;
        let times = usize::try_from(choices.times).ok().filter(|times| *times > 0);
        let wrong = || Error::invalid(format!("times is {}; expected 1 or more", choices.times));
        let start = match &choices.start_event {
            Some(names) => Start::FirstEvent(Some(names.clone())),
            None => Start::SignedUp,
        };
        let measure = Activation { moment, times: times.ok_or_else(wrong)?, within: choices.within };
        let formula = Percent { interval: ProportionInterval::Wilson };
        Ok(plan::<_, Counts<2>, _>(start, measure, formula).ratio())
    }
}

/// Whether the moment came in time.
struct Activation {
    moment: Names,
    times: usize,
    within: Span,
}

impl SinceStart for Activation {
    type Value = Trial;

    fn names(&self) -> &Names {
        &self.moment
    }

    fn fate(&self, start: Micros, as_of: Micros, hits: impl Iterator<Item = Micros>) -> Fate<Trial> {
        let end = start.saturating_add(self.within.micros());
        if end > as_of {
            return Fate::Immature;
        }
        let in_time = hits.filter(|at| (start..=end).contains(at)).take(self.times).count();
        Fate::Observed(Trial::from(in_time == self.times))
    }
}
