//! # Time to end
//!
//! **Question.** How long will it take until a customer reaches an end, from the stage that it is in?
//!
//! **Definition.** The chain of [`end_probability`](super::end_probability), with the mean time in each stage: all time that
//! was spent there, open stays too, by the number of times that it was left; `(I - Q)^-1 m`, in seconds.
//!
//! **Example.** Of two stays in trial one ended after 10 days and one is open after 20: the mean is 30 days for one exit. If
//! every trial ended in churn, the time to the end would be 30 days.
//!
//! **Edge cases.** Undefined where the end probability is. Pauses are no time. Open stays are `n_censored`: left out, only
//! the quick would be seen. It is the expected time to whichever end comes first.
//!
//! **Merging and sources.** Counts of moves and sums of time; all of an account goes to one part. Exposure over exits is the
//! maximum likelihood estimate of a continuous-time chain: Albert 1962, Annals of Mathematical Statistics 33(2).

use super::absorbing::Outlook;
use super::lifecycle_policy;
use super::moves::{Exposures, ends};
use super::of_journey::stays;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::lifecycle::{Lifecycle, StageCode};
use crate::policy::Names;
use crate::summary::Moves;

lifecycle_policy! {
    /// The choices of the time to the end.
    pub struct TimeToEnd {
        /// The stages that are ends; null: those that the lifecycle says are.
        pub ends: Option<Names> = None,
    }
    presets {}
}

static CARD: Card = Card {
    id: "time_to_end",
    name: "Time to end",
    question: "How long will it take until a customer reaches an end, from the stage that it is in?",
    formula: "(I - Q)^-1 m of the absorbing Markov chain, m the time spent in each stage by the number of exits",
    unit: "seconds",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "stages",
    key: "account_id",
    inputs: super::INPUTS,
    dimensions: &["stage_from"],
    attributes: super::ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://math.dartmouth.edu/~prob/prob/prob.pdf", "https://doi.org/10.1214/aoms/1177704594"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TimeToEnd;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let chosen = choices.chosen()?;
        let ends = ends(&chosen.lifecycle, choices.ends.as_ref())?;
        let formula = Times { lifecycle: chosen.lifecycle.clone(), ends: ends.clone() };
        let measure = Exposures { ends, chosen: chosen.clone() };
        Ok(stays::<Moves, _, _>(&chosen, measure, formula).dimensions(CARD.dimensions))
    }
}

/// One row for each stage.
struct Times {
    lifecycle: Lifecycle,
    ends: Vec<StageCode>,
}

impl Formula<Moves> for Times {
    fn finish(&self, cells: &Cells<'_, Moves>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let outlook = Outlook::of(&self.lifecycle, &self.ends, &cell.summary);
            for stage in &outlook.stages {
                let answer = Answer::of(outlook.time(*stage).map(|micros| micros / 1e6));
                rows.push(period, &[Key::from(self.lifecycle.name_of(*stage))], cell, &answer);
            }
        }
    }
}
