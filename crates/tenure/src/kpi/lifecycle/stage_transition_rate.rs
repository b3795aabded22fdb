//! # Stage transition rate
//!
//! **Question.** Where do customers go from each stage?
//!
//! **Definition.** Of all stays in a stage that were left in a period, the share that led to each next stage, in percent: the
//! transition matrix with its counts. There is a row for every move that the lifecycle has, and for every other one that
//! happened.
//!
//! **Example.** Four trials were left: three for onboarding, one for churned. The rates are 75 and 25.
//!
//! **Edge cases.** A stage that nobody left in the period is undefined, not 0. `n` counts all moves of the period. A move
//! that the lifecycle does not have is believed and has its row; with `impossible: refuse` its row of `stages` is invalid.
//!
//! **Merging and sources.** Counts of moves; all of an account goes to one part. Wilson's interval for each share.

use super::lifecycle_policy;
use super::moves::Exits;
use super::of_journey::stays;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::lifecycle::{Lifecycle, StageCode};
use crate::summary::Moves;

lifecycle_policy! {
    /// The choices of the stage transition rate.
    pub struct StageTransitionRate {
        /// How the interval of each share is computed. By default Wilson's, which holds for few moves too.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "stage_transition_rate",
    name: "Stage transition rate",
    question: "Where do customers go from each stage?",
    formula: "100 * moves from one stage to another / all moves from the first, by when they happened",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "stages",
    key: "account_id",
    inputs: super::INPUTS,
    dimensions: &["stage_from", "stage_to"],
    attributes: super::ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://doi.org/10.1080/01621459.1927.10502953"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = StageTransitionRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let chosen = choices.chosen()?;
        let share = Percent { interval: choices.interval };
        let formula = Matrix { lifecycle: chosen.lifecycle.clone(), share };
        let planned = stays::<Moves, _, _>(&chosen, Exits { ends: Vec::new() }, formula);
        Ok(planned.dimensions(CARD.dimensions).ratio())
    }
}

/// One row a move.
struct Matrix {
    lifecycle: Lifecycle,
    share: Percent,
}

impl Matrix {
    /// The moves of the lifecycle, and then those that happened beside them.
    fn moves(&self, moves: &Moves) -> Vec<(StageCode, StageCode)> {
        let of = |from: StageCode| self.lifecycle.next(from).iter().map(move |to| (from, *to));
        let mut all: Vec<_> = self.lifecycle.codes().flat_map(of).collect();
        let others = moves.counts().map(|(places, _)| places);
        all.extend(others.filter(|(from, to)| !self.lifecycle.allows_code(*from, *to)));
        all
    }
}

impl Formula<Moves> for Matrix {
    fn finish(&self, cells: &Cells<'_, Moves>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            for (from, to) in self.moves(&cell.summary) {
                let (count, exits) = (cell.summary.count(from, to), cell.summary.exits(from));
                let dimensions = [from, to].map(|code| Key::from(self.lifecycle.name_of(code)));
                rows.push(period, &dimensions, cell, &self.share.of(count, exits, cells.level));
            }
        }
    }
}
