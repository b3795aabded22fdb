//! # Count of events
//!
//! **Question.** How often did something happen, and how much was it?
//!
//! **Definition.** Of the events of chosen names in each period, or with `window` in so many local days up to its end: how
//! many, the sum, the mean or the last of what they say as `value`, or how many people did them.
//!
//! **Example.** In January there are orders of 5, 10 and 20.5 and one of an unknown amount: four, of 35.5 in all, 11.83 on
//! average.
//!
//! **Edge cases.** No event: 0, and 0 in all; there is no mean and no last. An event that says no value is missing from sum,
//! mean and last. An event that is there twice counts once, the first in time; the other is left out. Events of internal
//! users and bots are left out. Of several at one instant `seq` says which is the last. Where there are groups, those of all
//! events are shown, also with 0.
//!
//! **Merging and sources.** Counts, or sums that are exact whatever the order; all of a person goes to one part. Vitally calls
//! these success metrics, Custify calculated metrics.

use super::told_events::{Reads, Sides, by_side};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Answer, CellFormula};
use crate::policy::{Names, Rolling, choice, policy};
use crate::summary::{Cell, Counts, Latest, Reals};

choice! {
    /// What is told of events.
    pub enum EventFigure {
        /// How many there are.
        Count = "count",
        /// The sum of their values.
        Sum = "sum",
        /// The mean of their values.
        Average = "average",
        /// The value of the last one that says one.
        Last = "last",
        /// How many people did them.
        UniqueUsers = "unique_users",
    }
}

policy! {
    /// The choices of the count of events.
    pub struct EventCount {
        /// What is told.
        pub definition: EventFigure = EventFigure::Count,
        /// The names of the events that count; null: all.
        pub events: Option<Names> = None,
        /// In which time events count: the period, or as many local days up to its end as `30d` says.
        pub window: Rolling = Rolling::Period,
    }
    presets {}
}

static CARD: Card = Card {
    id: "event_count",
    name: "Count of events",
    question: "How often did something happen, and how much was it?",
    formula: "events; or sum, mean or last of their values; or people who did them",
    unit: "count",
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
    type Policy = EventCount;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let sides = Sides { of: vec![choices.events.clone()], window: choices.window };
        Ok(match choices.definition {
            EventFigure::Count => sides.of_events::<Counts<3>, _>(Reads::Nothing, HowMany),
            EventFigure::Sum => sides.of_events::<Reals, _>(Reads::Values, Sum),
            EventFigure::Average => sides.of_events::<Reals, _>(Reads::Values, Average),
            EventFigure::Last => sides.of_events::<Latest, _>(Reads::Values, Last),
            EventFigure::UniqueUsers => sides.of_people(HowMany),
        })
    }
}

struct HowMany;

impl CellFormula<Counts<3>> for HowMany {
    fn answer(&self, cell: &Cell<Counts<3>>, _: f64) -> Answer {
        let (count, _) = by_side(&cell.summary);
        Answer::count(count as f64)
    }
}

struct Sum;

impl CellFormula<Reals> for Sum {
    fn answer(&self, cell: &Cell<Reals>, _: f64) -> Answer {
        let sum = cell.summary.sum();
        // Beyond the range of numbers there is none to tell.
        if sum.is_finite() { Answer::count(sum) } else { Answer::of(None) }
    }
}

struct Average;

impl CellFormula<Reals> for Average {
    fn answer(&self, cell: &Cell<Reals>, _: f64) -> Answer {
        let sums = &cell.summary;
        let mean = (sums.n() > 0).then(|| sums.sum() / sums.n() as f64);
        Answer::of(mean.filter(|mean| mean.is_finite()))
    }
}

struct Last;

impl CellFormula<Latest> for Last {
    fn answer(&self, cell: &Cell<Latest>, _: f64) -> Answer {
        Answer { is_census: true, ..Answer::of(cell.summary.0.map(|last| last.number.as_f64())) }
    }
}
