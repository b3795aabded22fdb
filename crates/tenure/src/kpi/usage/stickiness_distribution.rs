//! # Stickiness distribution
//!
//! **Question.** How many people are there every day, how many now and then?
//!
//! **Definition.** Of those active in a window, how many were on one day, on two, on three and so on (L7, L28): one row for
//! each number that anybody has. With `interval: week` weeks take the place of days.
//!
//! **Example.** In 28 days Ann was active on four, Bob on two, Cay on two: two people with two days, one with four. The mean,
//! 8/3, over 28 is the stickiness ratio of the same window.
//!
//! **Edge cases.** Nobody active: no row. Those known before, from events or from `users`, who were not active in the window
//! are missing, and not in a row of their own. Times on one day are one day.
//!
//! **Merging and sources.** Counts by number; all of a person goes to one part. `PostHog` shows the same by days, weeks and
//! months.

use super::active_days::ActiveDays;
use super::population::usage_policy;
use super::stickiness_ratio::{CountedDays, Interval, Stickiness};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::policy::Rolling;
use crate::summary::Integers;

usage_policy! {
    /// The choices of the stickiness distribution.
    pub struct StickinessDistribution {
        /// Which window: the period, or as many local days up to its end. By default four weeks, so that every weekday counts alike.
        pub window: Rolling = Rolling::Days(28),
        /// What is counted of the window. By default days.
        pub interval: Interval = Interval::Day,
    }
    presets {}
}

static CARD: Card = Card {
    id: "stickiness_distribution",
    name: "Stickiness distribution",
    question: "How many people are there every day, how many now and then?",
    formula: "people by the number of days of the window on which they were active",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::PROFILE_INPUTS,
    dimensions: &["active_days"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://github.com/PostHog/posthog", super::source::POSTHOG],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = StickinessDistribution;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = ActiveDays {
            population: choices.population(),
            window: choices.window,
            interval: choices.interval,
            days: CountedDays::All,
            definition: Stickiness::Mean,
            by_number: true,
            of_days: false,
        };
        let plan = Pipeline::<_, _, Integers>::sets(measure, ByNumber);
        Ok(Planned::new(plan).dimensions(CARD.dimensions))
    }
}

/// How many units have each number.
struct ByNumber;

impl Formula<Integers> for ByNumber {
    fn finish(&self, cells: &Cells<'_, Integers>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            for number in cells.dimensions.iter().filter(|number| **number != Key::Null) {
                let count = cells.at(period, number).summary.n;
                if count > 0 {
                    let answer = Answer::count(count as f64);
                    rows.push(period, std::slice::from_ref(number), cells.whole(period), &answer);
                }
            }
        }
    }
}
