//! # End probability
//!
//! **Question.** How likely does a customer end in each way, from the stage that it is in?
//!
//! **Definition.** The moves of the period make an absorbing Markov chain: from each stage every next one is as likely as it
//! was often. With Q the probabilities among stages and R those from stages to ends, `100 (I - Q)^-1 R`.
//!
//! **Example.** Half of the trials churn, the others go to adoption, from where a quarter churn and the others are completed:
//! from trial 62.5 percent churn and 37.5 are completed.
//!
//! **Edge cases.** Undefined from a stage that leads to one which nobody has left yet, or from which no end can be reached.
//! Moves out of an end (won back) do not count. `ends` names other ends, so that "reaches growth" can be asked. It has no
//! memory: how long somebody is there already, and what came before, make no difference.
//!
//! **Merging and sources.** Counts of moves; all of an account goes to one part. Grinstead and Snell, Introduction to
//! Probability, chapter 11.2.

use super::absorbing::Outlook;
use super::lifecycle_policy;
use super::moves::{Exits, ends};
use super::of_journey::stays;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::lifecycle::{Lifecycle, StageCode};
use crate::policy::Names;
use crate::summary::Moves;

lifecycle_policy! {
    /// The choices of the end probability.
    pub struct EndProbability {
        /// The stages that are ends; null: those that the lifecycle says are.
        pub ends: Option<Names> = None,
    }
    presets {}
}

static CARD: Card = Card {
    id: "end_probability",
    name: "End probability",
    question: "How likely does a customer end in each way, from the stage that it is in?",
    formula: "100 * (I - Q)^-1 R of the absorbing Markov chain that the moves of the period make",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "stages",
    key: "account_id",
    inputs: super::INPUTS,
    dimensions: &["stage_from", "end"],
    attributes: super::ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://math.dartmouth.edu/~prob/prob/prob.pdf"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = EndProbability;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let chosen = choices.chosen()?;
        let ends = ends(&chosen.lifecycle, choices.ends.as_ref())?;
        let formula = Ends { lifecycle: chosen.lifecycle.clone(), ends: ends.clone() };
        Ok(stays::<Moves, _, _>(&chosen, Exits { ends }, formula).dimensions(CARD.dimensions))
    }
}

/// One row for each stage and end.
struct Ends {
    lifecycle: Lifecycle,
    ends: Vec<StageCode>,
}

impl Formula<Moves> for Ends {
    fn finish(&self, cells: &Cells<'_, Moves>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let outlook = Outlook::of(&self.lifecycle, &self.ends, &cell.summary);
            for stage in &outlook.stages {
                for (at, end) in self.ends.iter().enumerate() {
                    let dimensions = [*stage, *end].map(|code| Key::from(self.lifecycle.name_of(code)));
                    let answer = Answer::of(outlook.probability(*stage, at).map(|share| 100.0 * share));
                    rows.push(period, &dimensions, cell, &answer);
                }
            }
        }
    }
}
