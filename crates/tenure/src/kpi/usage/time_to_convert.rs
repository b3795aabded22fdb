//! # Time to convert
//!
//! **Question.** How long do those who begin take to the last step?
//!
//! **Definition.** From the entry into a funnel to its last step, in seconds: the median, the mean or any percentile over the
//! entries that convert. With `open: kaplan_meier` over all entries, those that have not converted lasting at least until
//! `as_of` or the end of their window.
//!
//! **Example.** Within a day Ann converts after one hour, Bob after two, Cay after six, Dan and Eve never: the median is
//! 7200 seconds of those who convert, 21600 of all five.
//!
//! **Edge cases.** By default an entry whose window has not elapsed is immature, also if it has converted, and one that never
//! converts is missing: the answer says how long a conversion takes, not how long to wait for one. Steps in any order
//! count from the first of them to the last. Nobody converts: undefined; with `open: kaplan_meier` not reached.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a person goes to one part. The funnel is that of
//! funnel conversion, with the same choices (D49).

use super::funnel::{Known, Told, funnel_policy};
use super::funnel_walk::Way;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::Spread;
use crate::measure::Fate;
use crate::policy::{OneOrMany, OpenUnits, Statistic};
use crate::summary::{Durations, Elapsed};
use std::sync::Arc;

funnel_policy! {
    /// The choices of the time to convert.
    pub struct TimeToConvert {
        /// What is told; a list gives one row each. By default the median: a few who come back late move a mean.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// What is done with entries that have not converted. By default they are left out, as vendors do.
        pub open: OpenUnits = OpenUnits::CompletedOnly,
    }
}

static CARD: Card = Card {
    id: "time_to_convert",
    name: "Time to convert",
    question: "How long do those who begin take to the last step?",
    formula: "last step - entry; median, mean or percentile over entries",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::NAMED_INPUTS,
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: super::source::FUNNELS,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TimeToConvert;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let formula = Spread { statistic: choices.statistic.clone(), open: choices.open };
        let plan = choices.funnel()?.plan::<_, Durations, _>(HowLong { open: choices.open }, formula);
        Ok(plan.dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

/// How long each way took.
struct HowLong {
    open: OpenUnits,
}

impl Told for HowLong {
    type Value = Elapsed;

    fn fate(&self, way: &Way, _: &Arc<str>, known: &Known<'_>) -> Fate<Elapsed> {
        let took = Elapsed(way.last - way.entered);
        match self.open {
            OpenUnits::CompletedOnly if !known.is_settled(way) => Fate::Immature,
            _ if known.is_converted(way) => Fate::Observed(took),
            OpenUnits::CompletedOnly => Fate::Missing,
            OpenUnits::KaplanMeier => {
                let watched = known.as_of.saturating_sub(way.entered);
                Fate::Censored(Elapsed(watched.min(known.funnel.window.micros())))
            }
        }
    }
}
