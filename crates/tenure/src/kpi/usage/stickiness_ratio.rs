//! # Stickiness
//!
//! **Question.** How much of the time are users there?
//!
//! **Definition.** The mean of daily active users over the days of the period, as a percentage of those active in the period
//! (DAU/MAU with `every: month`): the days on which people were active over people times days. Or those active on the
//! last day as a percentage of those active in the window. With `interval: week` weeks take the place of days (WAU/MAU).
//!
//! **Example.** In June forty people use a product, ten on each of 22 weekdays and two on each of eight days of weekends:
//! (220 + 16) / (40 * 30), 19.67 percent; on the last day, a Tuesday, 25; on weekdays alone 25.
//!
//! **Edge cases.** Nobody active: undefined. Of a period that `as_of` cuts, the days that have begun count. Without `every`
//! and `start` days count from the first event on. A window of days counts all its days, also those before the first
//! event. Weekdays are local.
//!
//! **Merging and sources.** Two sums; all of a person goes to one part. Vendors differ (D48): the mean, the last day, windows
//! of 28 to 31 days.

use super::active_days::ActiveDays;
use super::population::usage_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::{Answer, CellFormula};
use crate::policy::{Rolling, choice};
use crate::scope::Every;
use crate::summary::{Cell, Portions};

choice! {
    /// What stickiness is.
    pub enum Stickiness {
        /// The mean over the days of the window.
        Mean = "mean",
        /// The last day alone.
        Last = "last",
    }
}

choice! {
    /// What is counted of a window.
    pub enum Interval {
        /// Its local days.
        Day = "day",
        /// Its weeks, which begin on the request's `week_start`.
        Week = "week",
    }
}

impl Interval {
    pub(crate) fn every(self) -> Every {
        match self {
            Interval::Day => Every::Day,
            Interval::Week => Every::Week,
        }
    }
}

choice! {
    /// Which days count.
    pub enum CountedDays {
        /// All of them.
        All = "all",
        /// Monday to Friday. Who comes at weekends alone is still one of those active in the window.
        Weekdays = "weekdays",
    }
}

usage_policy! {
    /// The choices of stickiness.
    pub struct StickinessRatio {
        /// What is set against those active in the window. By default the mean over its days: a single day is chance.
        pub definition: Stickiness = Stickiness::Mean,
        /// Which window: the period, or as many local days up to its end as `30d` says.
        pub window: Rolling = Rolling::Period,
        /// What is counted of the window. By default days.
        pub interval: Interval = Interval::Day,
        /// Which days count. By default all; for a product of work, weekdays say more.
        pub days: CountedDays = CountedDays::All,
    }
    presets {}
}

static CARD: Card = Card {
    id: "stickiness_ratio",
    name: "Stickiness",
    question: "How much of the time are users there?",
    formula: "100 * days on which people were active / (people active in the window * its days)",
    unit: "percent",
    range: Some((0.0, 100.0)),
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
    sources: &[
        "https://pmtoolkit.ai/how-to/calculate-dau-mau",
        "https://docs.vortexiq.ai/nerve-centre/kpi-cards/posthog/stickiness-daumau",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = StickinessRatio;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = ActiveDays {
            population: choices.population(),
            window: choices.window,
            interval: choices.interval,
            days: choices.days,
            definition: choices.definition,
            by_number: false,
            of_days: true,
        };
        Ok(Planned::new(Pipeline::<_, _, Portions>::sets(measure, Share)).ratio())
    }
}

/// `100 * parts / wholes`.
struct Share;

impl CellFormula<Portions> for Share {
    fn answer(&self, cell: &Cell<Portions>, _: f64) -> Answer {
        let Portions { part, of } = cell.summary;
        let whole = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
        Answer::ratio(100.0, whole(part), whole(of))
    }
}
