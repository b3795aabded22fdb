//! What a text says: the sums of the weights of its concepts and pieces.

use super::corpus::{Text, damping};
use super::table::Table;
use crate::classify::text::pieces;

/// Weights of concepts and pieces for the first two of three labels, each against the third, in whole steps.
#[derive(Clone, Debug)]
pub(crate) struct TextWeights {
    /// One for each concept.
    pub(crate) concepts: Vec<[i16; 2]>,
    pub(crate) table: Table,
    /// One step, in log-odds, before damping.
    pub(crate) step: f64,
    /// Whether concepts count less in a long text, as pieces do.
    pub(crate) damps_concepts: bool,
}

impl TextWeights {
    /// The log-odds of the first two labels against the third; `None` if the text has no pieces. `hashes` is kept from
    /// text to text, so that reading one allocates nothing.
    pub(crate) fn log_odds(
        &self,
        letters: &[u8],
        concepts: &[u16],
        hashes: &mut Vec<u32>,
    ) -> Option<[f64; 2]> {
        let of_concepts = self.of_concepts(concepts);
        // First all numbers, then all weights: the second loop has no branches, and so the processor fetches many buckets
        // at once instead of waiting for each.
        hashes.clear();
        pieces(letters, |piece| hashes.push(piece.hash));
        let mut sums = [0_i64; 2];
        for hash in &*hashes {
            add(&mut sums, self.table.weights(*hash));
        }
        (!hashes.is_empty()).then(|| self.together(of_concepts, sums, damping(hashes.len())))
    }

    /// Sums of concepts and of pieces in log-odds.
    fn together(&self, of_concepts: [i64; 2], of_pieces: [i64; 2], damping: f64) -> [f64; 2] {
        let sum = |of_concepts: i64, of_pieces: i64| {
            if self.damps_concepts {
                self.step / damping * (of_concepts + of_pieces) as f64
            } else {
                self.step * (of_concepts as f64 + of_pieces as f64 / damping)
            }
        };
        [sum(of_concepts[0], of_pieces[0]), sum(of_concepts[1], of_pieces[1])]
    }

    fn of_concepts(&self, concepts: &[u16]) -> [i64; 2] {
        let mut sums = [0_i64; 2];
        for weights in concepts.iter().filter_map(|concept| self.concepts.get(usize::from(*concept))) {
            add(&mut sums, weights.map(i32::from));
        }
        sums
    }

    /// What a text of the training data says, as sums of three labels whose mean is zero.
    pub(crate) fn sums(&self, text: &Text) -> [f64; 3] {
        let mut sums = [0_i64; 2];
        for (hash, count) in text.pieces() {
            let count = i32::try_from(*count).unwrap_or(i32::MAX);
            add(&mut sums, self.table.weights(*hash).map(|weight| weight.saturating_mul(count)));
        }
        let of_concepts = self.of_concepts(&text.concepts);
        let [first, second] = self.together(of_concepts, sums, text.damping().max(1.0));
        let mean = (first + second) / 3.0;
        [first - mean, second - mean, -mean]
    }
}

/// Adds weights to sums, which are wide: a text may be of any length.
#[inline]
pub(crate) fn add(sums: &mut [i64; 2], weights: [i32; 2]) {
    let [first, second] = sums;
    *first += i64::from(weights[0]);
    *second += i64::from(weights[1]);
}

/// Whether whole steps times a factor are finite sums. What is trained is far below the bound, what was forged may not be.
pub(crate) fn is_factor(factor: f64) -> bool {
    (0.0..=1e9).contains(&factor)
}
