//! # Funnel conversion
//!
//! **Question.** How many of those who begin take each next step?
//!
//! **Definition.** Of those who took the first step in a period, the percentage that took the second, the third and so on
//! within `window`, each after the one before: one row a step, over all who entered, or with `against: previous` over
//! those who took the step before.
//!
//! **Example.** Four people sign up; three of them invite somebody within seven days, two of these publish: 100, 75 and 50
//! percent, against the step before 100, 75 and 66.7.
//!
//! **Edge cases.** What comes before the entry never counts, what comes after the period does, up to entry + window, end
//! included. An entry whose window has not elapsed is immature, also if it has converted: those that convert fast would
//! count too much. No event is two steps: A, A takes two. Nobody entered: undefined at every step. Each period is a
//! funnel of its own, which a person enters at most once, unless `counting` is `totals`. With `entry: recent` each first
//! step is an attempt, which the next one ends unless the second step came before; the first attempt that converts
//! counts, else the one that led furthest. Steps in any order begin with whichever comes first.
//!
//! **Merging and sources.** Counts by step; all of a person goes to one part. Vendors differ (D49): windows of 7 and 30 days,
//! the first and the most recent entry, two seconds of grace.

use super::funnel::{Known, Told, funnel_policy};
use super::funnel_walk::Way;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::measure::{Fate, Value};
use crate::policy::choice;
use crate::summary::{Cell, Reach, Reaches, Tally};
use std::sync::Arc;

choice! {
    /// What those who took a step are set against.
    pub enum StepAgainst {
        /// All who entered.
        First = "first",
        /// Those who took the step before.
        Previous = "previous",
    }
}

funnel_policy! {
    /// The choices of funnel conversion.
    pub struct FunnelConversion {
        /// What those who took a step are set against. By default all who entered.
        pub against: StepAgainst = StepAgainst::First,
    }
}

static CARD: Card = Card {
    id: "funnel_conversion",
    name: "Funnel conversion",
    question: "How many of those who begin take each next step?",
    formula: "100 * those who took the step within the window / those who entered",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::NAMED_INPUTS,
    dimensions: &["step"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: super::source::FUNNELS,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = FunnelConversion;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let funnel = choices.funnel()?;
        let formula = ByStep { steps: funnel.steps.len(), against: choices.against };
        Ok(funnel.plan::<_, Reaches, _>(HowFar, formula).ratio().dimensions(CARD.dimensions))
    }
}

/// How far each way led.
struct HowFar;

/// A number of steps, of which the last has a name.
#[derive(Clone, Debug, PartialEq)]
struct Furthest {
    steps: usize,
    is_converted: bool,
    name: Arc<str>,
}

impl Told for HowFar {
    type Value = Furthest;

    fn fate(&self, way: &Way, step: &Arc<str>, known: &Known<'_>) -> Fate<Furthest> {
        if !known.is_settled(way) {
            return Fate::Immature;
        }
        let is_converted = known.is_converted(way);
        Fate::Observed(Furthest { steps: way.steps, is_converted, name: Arc::clone(step) })
    }
}

impl Value for Furthest {
    fn number(&self) -> Option<f64> {
        Some(f64::from(u8::from(self.is_converted)))
    }

    fn label(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Reach for Furthest {
    fn steps(&self) -> usize {
        self.steps
    }
}

/// One share a step.
struct ByStep {
    steps: usize,
    against: StepAgainst,
}

impl Formula<Reaches> for ByStep {
    fn finish(&self, cells: &Cells<'_, Reaches>, rows: &mut Rows<'_>) {
        let share = Percent { interval: ProportionInterval::Wilson };
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            for step in 1..=self.steps {
                let before = match self.against {
                    StepAgainst::First => 1,
                    StepAgainst::Previous => (step - 1).max(1),
                };
                let of = cell.summary.at_least(before);
                let answer = share.of(cell.summary.at_least(step), of, cells.level);
                // Those who did not come so far are no units of this row.
                let counted = Cell { tally: Tally { observed: of, ..cell.tally }, summary: () };
                rows.push(period, &[Key::Whole(step as i128)], &counted, &answer);
            }
        }
    }
}
