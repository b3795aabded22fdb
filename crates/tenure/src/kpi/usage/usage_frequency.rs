//! # Usage frequency
//!
//! **Question.** On how many days do people use the product?
//!
//! **Definition.** The mean number of distinct local days with an event that counts, over the people active in the period,
//! or in so many days up to its end.
//!
//! **Example.** In a month Ann came on five days, Bob and Cay on three: 11/3 days.
//!
//! **Edge cases.** Nobody active: undefined. Several times on one day are one day. Who was not active is no unit.
//!
//! **Merging and sources.** Number, sum and sum of squares; all of a person goes to one part. The `EmailAnalytics` guide
//! calls it how often people log in.

use super::active_days::ActiveDays;
use super::population::usage_policy;
use super::stickiness_ratio::{CountedDays, Interval, Stickiness};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::Mean;
use crate::policy::Rolling;
use crate::summary::Integers;

usage_policy! {
    /// The choices of usage frequency.
    pub struct UsageFrequency {
        /// Which window: the period, or as many local days up to its end as `28d` says.
        pub window: Rolling = Rolling::Period,
    }
    presets {}
}

static CARD: Card = Card {
    id: "usage_frequency",
    name: "Usage frequency",
    question: "On how many days do people use the product?",
    formula: "days on which people were active / people active",
    unit: "days",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://emailanalytics.com/customer-success-metrics/"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UsageFrequency;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = ActiveDays {
            population: choices.population(),
            window: choices.window,
            interval: Interval::Day,
            days: CountedDays::All,
            definition: Stickiness::Mean,
            by_number: false,
            of_days: false,
        };
        Ok(Planned::new(Pipeline::<_, _, Integers>::sets(measure, Mean { interval_from: 2 })))
    }
}
