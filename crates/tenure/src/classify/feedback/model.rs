//! What a reader of comments knows, and the sums of a comment under it.

use super::context::{Cues, Read};
use crate::classify::linear::{Table, TextWeights, damping, softmax};
use crate::classify::text::Languages;
use std::sync::Arc;

/// More built-in themes than this are not looked for: sums are kept without an allocation.
pub(crate) const MOST_THEMES: usize = 16;

/// Everything that makes the answers of a reader.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) name: String,
    /// Checksum of the data that it learned from.
    pub(crate) data: u32,
    pub(crate) cues: Cues,
    pub(crate) languages: Languages,
    /// What words say of the sentiment: negative and neutral, each against positive.
    pub(crate) words: TextWeights,
    /// What is added to that for every text.
    pub(crate) constant: [f64; 2],
    pub(crate) themes: Themes,
}

/// What names the built-in themes.
#[derive(Clone, Debug)]
pub(crate) struct Themes {
    pub(crate) names: Vec<Arc<str>>,
    /// For each theme the weights of the features of cues, in whole steps.
    pub(crate) features: Vec<Vec<i16>>,
    /// Each piece speaks for one theme, the one that it says most of: the theme's place, and the weight.
    pub(crate) table: Table,
    /// For each theme what the sum has to reach, in steps, in a text that is not damped.
    pub(crate) thresholds: Vec<f64>,
}

/// What is found of a text on the way. Kept from text to text, so that reading one allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) read: Read,
    hashes: Vec<u32>,
    /// Log-odds of negative and neutral against positive; nothing if there is nothing to read.
    pub(crate) log_odds: Option<[f64; 2]>,
    /// Which of the built-in themes are there, as bits.
    pub(crate) themes: u32,
}

impl Model {
    /// What a folded text says.
    pub(crate) fn read(&self, letters: &[u8], found: &mut Found) {
        self.cues.read(letters, &mut found.read);
        let odds = self.words.log_odds(letters, &found.read.features, &mut found.hashes);
        found.log_odds = odds.map(|[negative, neutral]| {
            let [first, second] = self.constant;
            [negative + first, neutral + second]
        });
        found.themes = self.themes.read(&found.read.features, &found.hashes);
    }
}

impl Themes {
    fn read(&self, features: &[u16], hashes: &[u32]) -> u32 {
        let mut sums = [0_i64; MOST_THEMES];
        for hash in hashes {
            let [theme, weight] = self.table.weights(*hash);
            // A piece that is not known adds nothing to the first.
            if let Some(sum) = sums.get_mut(theme.cast_unsigned() as usize) {
                *sum += i64::from(weight);
            }
        }
        let mut themes = 0;
        let each = 1.0 / damping(hashes.len());
        for (place, ((sum, weights), threshold)) in
            sums.iter().zip(&self.features).zip(&self.thresholds).enumerate()
        {
            let of_features: i32 = features
                .iter()
                .filter_map(|feature| weights.get(usize::from(*feature)))
                .map(|weight| i32::from(*weight))
                .sum();
            if each * *sum as f64 + f64::from(of_features) >= *threshold && !hashes.is_empty() {
                themes |= 1 << place;
            }
        }
        themes
    }
}

/// The probabilities of sentiments.
pub(crate) fn probabilities(text: Option<[f64; 2]>, score: Option<[f64; 3]>) -> [f64; 3] {
    let [negative, neutral] = text.unwrap_or_default();
    let mut sums = [negative, neutral, 0.0];
    for (sum, score) in sums.iter_mut().zip(score.unwrap_or_default()) {
        *sum += score;
    }
    let [negative, neutral, _] = softmax(sums);
    // What is left, so that the three sum to 1.
    [negative, neutral, (1.0 - (negative + neutral)).max(0.0)]
}
