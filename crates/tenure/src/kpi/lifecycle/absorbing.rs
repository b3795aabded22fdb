//! The absorbing Markov chain that moves between stages make.

use crate::lifecycle::{Lifecycle, StageCode};
use crate::stats::{Absorbed, AbsorbingChain};
use crate::summary::Moves;

/// What follows from the moves for the stages of which it can be told.
pub(super) struct Outlook {
    /// The stages that are no ends, in order.
    pub(super) stages: Vec<StageCode>,
    /// Those of them from which only stages can be reached that are left, and some end.
    known: Vec<StageCode>,
    absorbed: Absorbed,
}

impl Outlook {
    /// The outlook if every move is as likely as it was often, whatever came before.
    pub(super) fn of(lifecycle: &Lifecycle, ends: &[StageCode], moves: &Moves) -> Self {
        let stages: Vec<StageCode> = lifecycle.codes().filter(|code| !ends.contains(code)).collect();
        let known = known(&stages, ends, moves);
        let share = |from: StageCode, to: StageCode| {
            // At least one move leads from a known stage.
            moves.count(from, to) as f64 / moves.exits(from) as f64
        };
        let shares = |to: &[StageCode]| -> Vec<Vec<f64>> {
            known.iter().map(|from| to.iter().map(|to| share(*from, *to)).collect()).collect()
        };
        let time = |stage: &StageCode| moves.elapsed(*stage) as f64 / moves.exits(*stage) as f64;
        let times = known.iter().map(time).collect();
        let absorbed = AbsorbingChain { steps: shares(&known), ends: shares(ends), times }.absorbed();
        Self { stages, known, absorbed }
    }

    fn place(&self, stage: StageCode) -> Option<usize> {
        self.known.iter().position(|known| *known == stage)
    }

    /// How likely an end is from a stage; nothing if it cannot be told.
    pub(super) fn probability(&self, stage: StageCode, end: usize) -> Option<f64> {
        self.absorbed.probabilities.get(self.place(stage)?)?.get(end).copied()
    }

    /// How long it takes from a stage to any end, in microseconds.
    pub(super) fn time(&self, stage: StageCode) -> Option<f64> {
        self.absorbed.times.get(self.place(stage)?).copied()
    }
}

/// The stages of which can be told where they lead: an end is within reach, and no stage is that nobody has left yet or
/// from which no end is.
fn known(stages: &[StageCode], ends: &[StageCode], moves: &Moves) -> Vec<StageCode> {
    let all: Vec<(StageCode, StageCode)> =
        moves.counts().map(|(places, _)| places).filter(|(from, _)| !ends.contains(from)).collect();
    // All from which some of the stages given can be reached, these included.
    let leading_to = |mut found: Vec<StageCode>| {
        loop {
            let before = all.iter().find(|(from, to)| found.contains(to) && !found.contains(from));
            match before {
                Some((from, _)) => found.push(*from),
                None => return found,
            }
        }
    };
    let to_ends = leading_to(ends.to_vec());
    let is_dark = |stage: &StageCode| moves.exits(*stage) == 0 || !to_ends.contains(stage);
    let to_dark = leading_to(stages.iter().copied().filter(is_dark).collect());
    stages.iter().copied().filter(|stage| !to_dark.contains(stage)).collect()
}
