//! What a classifier knows: weights in whole steps, and the sums of an interaction under them.

use super::axes::AxisModel;
use super::corpus::{Text, damping};
use super::features::pieces;
use super::fields::Fields;
use super::language::Languages;
use super::lexicon::Lexicon;
use super::metrics::Metrics;
use super::solver::{ALWAYS, WITH_TEXT, softmax};
use super::table::Table;

/// One of a field's steps, in log-odds.
pub(super) const FIELD_STEP: f64 = 1.0 / 1024.0;

/// Everything that makes the answers of a classifier.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) name: String,
    /// Checksum of the data that it learned from.
    pub(super) data: u32,
    pub(super) lexicon: Lexicon,
    pub(super) languages: Languages,
    pub(super) axes: AxisModel,
    /// Weights of concepts, in the same steps as those of pieces.
    pub(super) concepts: Vec<[i16; 2]>,
    pub(super) table: Table,
    /// One step of a concept's or piece's weight, in log-odds, before damping.
    pub(super) step: f64,
    /// Weights of fields' values and of the constants, in [`FIELD_STEP`]s.
    pub(super) fields: Vec<[i16; 2]>,
    /// What the fields' sums are multiplied by where there is no text: beside one they are held back.
    pub(super) alone: f64,
    pub(super) metrics: Metrics,
}

/// What is found of a text on the way. Kept from text to text, so that reading one allocates nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The concepts that are there, each once, rising.
    pub(super) concepts: Vec<u16>,
    hashes: Vec<u32>,
    /// Log-odds of support and service against success; nothing if there is no word.
    pub(super) log_odds: Option<[f64; 2]>,
}

impl Model {
    /// What a folded text says.
    pub(super) fn read(&self, letters: &[u8], found: &mut Found) {
        found.concepts.clear();
        self.lexicon.find(letters, |cue| found.concepts.push(cue.concept));
        found.concepts.sort_unstable();
        found.concepts.dedup();
        let mut sums = [0_i32; 2];
        for weights in found.concepts.iter().filter_map(|concept| self.concepts.get(usize::from(*concept))) {
            add(&mut sums, weights.map(i32::from));
        }
        // First all numbers, then all weights: the second loop has no branches, and so the processor fetches many buckets
        // at once instead of waiting for each.
        found.hashes.clear();
        pieces(letters, |piece| found.hashes.push(piece.hash));
        for hash in &found.hashes {
            add(&mut sums, self.table.weights(*hash));
        }
        let count = found.hashes.len();
        found.log_odds = (count > 0).then(|| {
            let step = self.step / damping(count);
            sums.map(|sum| step * f64::from(sum))
        });
    }

    /// What a text of the training data says, as sums of three labels whose mean is zero.
    pub(super) fn text_sums(&self, text: &Text) -> [f64; 3] {
        let mut sums = [0_i32; 2];
        for weights in text.concepts.iter().filter_map(|concept| self.concepts.get(usize::from(*concept))) {
            add(&mut sums, weights.map(i32::from));
        }
        for (hash, count) in text.pieces() {
            let count = i32::try_from(*count).unwrap_or(i32::MAX);
            add(&mut sums, self.table.weights(*hash).map(|weight| weight.saturating_mul(count)));
        }
        let [support, service] = sums.map(|sum| self.step / text.damping().max(1.0) * f64::from(sum));
        let mean = (support + service) / 3.0;
        [support - mean, service - mean, -mean]
    }

    /// The probabilities of an interaction with these fields.
    pub(super) fn probabilities(&self, text: Option<[f64; 2]>, fields: Fields) -> [f64; 3] {
        let mut sums = [0_i32; 2];
        let with_text = text.map(|_| WITH_TEXT);
        for number in fields.numbers().chain([ALWAYS]).chain(with_text) {
            add(&mut sums, self.fields.get(number).copied().unwrap_or_default().map(i32::from));
        }
        let step = if text.is_some() { FIELD_STEP } else { self.alone * FIELD_STEP };
        let [support, service] = sums.map(|sum| step * f64::from(sum));
        let [text_support, text_service] = text.unwrap_or_default();
        let [support, service, _] = softmax([text_support + support, text_service + service, 0.0]);
        // What is left, so that the three sum to 1.
        [support, service, (1.0 - (support + service)).max(0.0)]
    }
}

#[inline]
fn add(sums: &mut [i32; 2], weights: [i32; 2]) {
    let [support, service] = sums;
    *support += weights[0];
    *service += weights[1];
}
