//! Which language a text is in: naive Bayes over three letters at a time.

use super::folded::SPACE;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The language of a text in none of the known ones, and of no text.
pub(crate) const UNDETERMINED: &str = "und";
/// How many classes three letters fall into.
const CLASSES: usize = 1 << 12;
/// How many letters are looked at: a language shows early.
const MOST_LETTERS: usize = 400;
/// Three letters overlap with the next three, so each counts less than a whole.
const OVERLAP: f64 = 0.4;
/// A language is named when it is this likely.
const LIKELY: f64 = 0.6;
/// Steps of a natural logarithm; 255 of them are the rarest that can be.
const STEPS: f64 = 16.0;

/// Tells languages apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Languages {
    /// Names; [`UNDETERMINED`] stands for all others.
    names: Vec<Arc<str>>,
    /// For every class and language how rare it is: the negative logarithm of its share, in steps.
    rarity: Vec<u8>,
    undetermined: Arc<str>,
}

fn class(letters: &[u8]) -> usize {
    let bits = letters.iter().fold(0_u32, |bits, letter| (bits << 8) | u32::from(*letter));
    (bits.wrapping_mul(0x9e37_79b1) >> 20) as usize
}

/// Threes of letters that are not all beyond a word.
fn threes(letters: &[u8]) -> impl Iterator<Item = &[u8]> {
    let letters = letters.get(..letters.len().min(MOST_LETTERS)).unwrap_or_default();
    letters.windows(3).filter(|three| three.get(1) != Some(&SPACE))
}

/// Counts threes of letters in texts whose language is known.
#[derive(Debug, Default)]
pub(crate) struct Learner {
    counts: BTreeMap<String, Vec<u32>>,
}

impl Learner {
    /// Takes in a folded text.
    pub(crate) fn add(&mut self, language: &str, letters: &[u8]) {
        if !self.counts.contains_key(language) {
            self.counts.insert(language.to_owned(), vec![0; CLASSES]);
        }
        let Some(counts) = self.counts.get_mut(language) else { return };
        for three in threes(letters) {
            if let Some(count) = counts.get_mut(class(three)) {
                *count += 1;
            }
        }
    }

    /// What was learned.
    pub(crate) fn finish(&self) -> Languages {
        let names: Vec<Arc<str>> = self.counts.keys().map(|name| Arc::from(name.as_str())).collect();
        let mut rarity = vec![0; Languages::size(names.len())];
        for (at, counts) in self.counts.values().enumerate() {
            let total = f64::from(counts.iter().sum::<u32>()) + 0.5 * CLASSES as f64;
            let places = rarity.iter_mut().skip(at).step_by(names.len());
            for (rarity, count) in places.zip(counts) {
                let steps = -STEPS * libm::log((f64::from(*count) + 0.5) / total);
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "rounded and bounded"
                )]
                let steps = steps.round().clamp(0.0, 255.0) as u8;
                *rarity = steps;
            }
        }
        Languages { names, rarity, undetermined: Arc::from(UNDETERMINED) }
    }
}

impl Languages {
    /// Languages as they were written down; `None` if their numbers do not fit.
    pub(crate) fn of(names: Vec<Arc<str>>, rarity: Vec<u8>) -> Option<Self> {
        (rarity.len() == Self::size(names.len())).then(|| Self {
            names,
            rarity,
            undetermined: Arc::from(UNDETERMINED),
        })
    }

    /// How many numbers there are for so many languages.
    pub(crate) fn size(languages: usize) -> usize {
        CLASSES.saturating_mul(languages)
    }

    pub(crate) fn rarity(&self) -> &[u8] {
        &self.rarity
    }

    /// All names, [`UNDETERMINED`] among them if foreign texts were learned.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// These languages and those of `others` that are not among them.
    pub(crate) fn with(&self, others: &Self) -> Self {
        let new: Vec<usize> = (0..others.names.len())
            .filter(|at| others.names.get(*at).is_some_and(|name| !self.names.contains(name)))
            .collect();
        let mut names = self.names.clone();
        names.extend(new.iter().filter_map(|at| others.names.get(*at).cloned()));
        let mut rarity = Vec::with_capacity(CLASSES * names.len());
        for class in 0..CLASSES {
            let row = |languages: &Self| {
                let count = languages.names.len();
                languages.rarity.get(class * count..(class + 1) * count).unwrap_or_default().to_vec()
            };
            rarity.extend(row(self));
            let other = row(others);
            rarity.extend(new.iter().filter_map(|at| other.get(*at).copied()));
        }
        Self { names, rarity, undetermined: Arc::clone(&self.undetermined) }
    }

    /// The language of a folded text.
    pub(crate) fn detect(&self, letters: &[u8]) -> Arc<str> {
        /// More languages than this are not compared: sums are kept without an allocation.
        const MOST: usize = 32;
        let count = self.names.len().min(MOST);
        let mut sums = [0_u32; MOST];
        for three in threes(letters) {
            let from = class(three) * self.names.len();
            let rarity = self.rarity.get(from..from + count).unwrap_or_default();
            for (sum, rarity) in sums.iter_mut().zip(rarity) {
                *sum += u32::from(*rarity);
            }
        }
        let sums = sums.get(..count).unwrap_or_default();
        let Some((best, least)) = sums.iter().enumerate().min_by_key(|(_, sum)| **sum) else {
            return Arc::clone(&self.undetermined);
        };
        let others: f64 = sums.iter().map(|sum| libm::exp(-OVERLAP * f64::from(sum - least) / STEPS)).sum();
        match self.names.get(best) {
            Some(name) if 1.0 / others >= LIKELY => Arc::clone(name),
            _ => Arc::clone(&self.undetermined),
        }
    }
}
