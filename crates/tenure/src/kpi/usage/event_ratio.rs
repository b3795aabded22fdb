//! # Ratio of events
//!
//! **Question.** How much of one thing is there for each of another?
//!
//! **Definition.** Events of the names of `numerator` over those of `denominator`, in each period, or with `window` in so many
//! local days up to its end: how many there are, how many people did them, or the sums of what they say as `value`.
//!
//! **Example.** In January there are three payments and three failures: 1; of two people and of three: 0.67; of 45 and of
//! 10.5 in all: 4.29.
//!
//! **Edge cases.** Nothing to divide by: undefined, not infinite. A name may be on both sides: payments over all attempts. An
//! event that says no value is missing from sums. An event that is there twice counts once. Where there are groups, those
//! of all events are shown.
//!
//! **Merging and sources.** Counts, or sums that are exact whatever the order; all of a person goes to one part. Vitally and
//! Custify build such metrics from two others.

use super::told_events::{Reads, Sides, by_side};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::{Error, Result};
use crate::formula::{Answer, CellFormula, shown};
use crate::policy::{Names, Rolling, choice, policy};
use crate::summary::{Cell, Counts, Pair, Reals};

choice! {
    /// What is divided.
    pub enum RatioOf {
        /// How many events there are.
        Count = "count",
        /// How many people did them.
        Users = "users",
        /// The sums of their values.
        Sum = "sum",
    }
}

policy! {
    /// The choices of the ratio of events.
    pub struct EventRatio {
        /// The names of the events above the line. There is no default.
        pub numerator: Option<Names> = None,
        /// The names of the events below the line. There is no default.
        pub denominator: Option<Names> = None,
        /// What is divided.
        pub of: RatioOf = RatioOf::Count,
        /// In which time events count: the period, or as many local days up to its end as `30d` says.
        pub window: Rolling = Rolling::Period,
    }
    presets {}
}

static CARD: Card = Card {
    id: "event_ratio",
    name: "Ratio of events",
    question: "How much of one thing is there for each of another?",
    formula: "events, people or values of some names / those of others",
    unit: "ratio",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "events",
    key: "event_id",
    inputs: super::VALUED_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: super::source::METRICS,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = EventRatio;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let named = |field: &str, names: &Option<Names>| {
            let message = || Error::invalid(format!("\"event_ratio\" needs {field}, the names of events"));
            names.clone().map(Some).ok_or_else(message)
        };
        let numerator = named("numerator", &choices.numerator)?;
        let denominator = named("denominator", &choices.denominator)?;
        let sides = Sides { of: vec![numerator, denominator], window: choices.window };
        Ok(match choices.of {
            RatioOf::Count => sides.of_events::<Counts<3>, _>(Reads::Nothing, OfCounts).ratio(),
            RatioOf::Users => sides.of_people(OfCounts).ratio(),
            RatioOf::Sum => sides.of_events::<Pair<Reals, Reals>, _>(Reads::Values, OfSums),
        })
    }
}

struct OfCounts;

impl CellFormula<Counts<3>> for OfCounts {
    fn answer(&self, cell: &Cell<Counts<3>>, _: f64) -> Answer {
        let (above, below) = by_side(&cell.summary);
        Answer::ratio(1.0, shown(above), shown(below))
    }
}

struct OfSums;

impl CellFormula<Pair<Reals, Reals>> for OfSums {
    fn answer(&self, cell: &Cell<Pair<Reals, Reals>>, _: f64) -> Answer {
        let Pair(above, below) = &cell.summary;
        let below = below.sum();
        let ratio = (below != 0.0).then(|| above.sum() / below);
        Answer::of(ratio.filter(|ratio| ratio.is_finite()))
    }
}
