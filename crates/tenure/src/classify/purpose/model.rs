//! What a classifier knows: weights in whole steps, and the sums of an interaction under them.

use super::axes::AxisModel;
use super::fields::Fields;
use crate::classify::linear::{Metrics, TextWeights, add, numbers, softmax};
use crate::classify::text::{Languages, Lexicon};

/// One of a field's steps, in log-odds.
pub(crate) const FIELD_STEP: f64 = 1.0 / 1024.0;

/// Everything that makes the answers of a classifier.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) name: String,
    /// Checksum of the data that it learned from.
    pub(crate) data: u32,
    pub(crate) lexicon: Lexicon,
    pub(crate) languages: Languages,
    pub(crate) axes: AxisModel,
    /// What words say: support and service, each against success.
    pub(crate) words: TextWeights,
    /// Weights of fields' values and of the constants, in [`FIELD_STEP`]s.
    pub(crate) fields: Vec<[i16; 2]>,
    /// What the fields' sums are multiplied by where there is no text: beside one they are held back.
    pub(crate) alone: f64,
    pub(crate) metrics: Metrics,
}

/// What is found of a text on the way. Kept from text to text, so that reading one allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The concepts that are there, each once, rising.
    pub(crate) concepts: Vec<u16>,
    hashes: Vec<u32>,
    /// Log-odds of support and service against success; nothing if there is no word.
    pub(crate) log_odds: Option<[f64; 2]>,
}

impl Model {
    /// What a folded text says.
    pub(crate) fn read(&self, letters: &[u8], found: &mut Found) {
        self.lexicon.concepts_in(letters, &mut found.concepts);
        found.log_odds = self.words.log_odds(letters, &found.concepts, &mut found.hashes);
    }

    /// The probabilities of an interaction with these fields.
    pub(crate) fn probabilities(&self, text: Option<[f64; 2]>, fields: Fields) -> [f64; 3] {
        let mut sums = [0_i64; 2];
        for number in numbers(fields.marks(text.is_some())) {
            add(&mut sums, self.fields.get(number).copied().unwrap_or_default().map(i32::from));
        }
        let step = if text.is_some() { FIELD_STEP } else { self.alone * FIELD_STEP };
        let [support, service] = sums.map(|sum| step * sum as f64);
        let [text_support, text_service] = text.unwrap_or_default();
        let [support, service, _] = softmax([text_support + support, text_service + service, 0.0]);
        // What is left, so that the three sum to 1.
        [support, service, (1.0 - (support + service)).max(0.0)]
    }
}
