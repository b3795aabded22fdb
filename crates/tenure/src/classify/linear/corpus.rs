//! The texts to learn from, read once: their pieces and cues, and the vocabulary of any part of them.

use crate::classify::text::{Folded, Source, Strip, pieces};
use hashbrown::HashMap;
use std::ops::Range;

/// How many characters of a text are learned from.
const MOST_CHARACTERS: usize = 20_000;
/// A piece has to be in this many texts to be learned: what is in one alone is a name or a number.
const LEAST_TEXTS: u32 = 2;
/// How much more a rare piece counts than a frequent one: the power of its inverse document frequency.
const RARITY: f64 = 2.5;

/// What a concept counts, next to a piece that is in every text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Counts {
    /// So much, and less in a long text, as pieces do.
    Damped(f64),
    /// So much in every text.
    Always(f64),
}

impl Counts {
    fn value(self) -> f64 {
        match self {
            Self::Damped(value) | Self::Always(value) => value,
        }
    }
}

/// A text as numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    /// Its pieces and how often each is there, by rising number.
    pieces: Vec<(u32, u32)>,
    /// Its concepts, each once, rising.
    pub(crate) concepts: Vec<u16>,
    /// What all its weights are divided by.
    damping: f64,
}

impl Text {
    /// Its pieces and how often each is there, by rising number.
    pub(crate) fn pieces(&self) -> &[(u32, u32)] {
        &self.pieces
    }

    /// What all its weights are divided by.
    pub(crate) fn damping(&self) -> f64 {
        self.damping
    }

    /// The same with only those concepts.
    pub(crate) fn with_concepts(&self, keeps: impl Fn(&u16) -> bool) -> Self {
        let concepts = self.concepts.iter().copied().filter(keeps).collect();
        Self { concepts, ..self.clone() }
    }

    /// Whether there is nothing to read.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// What the weights of a text are divided by: its number of pieces to the power of 3/4. Were it all of them, a long text would
/// be as doubtful as its mean word; were it none, long texts would be certain. Only roots, because they are the same on
/// every platform.
#[inline]
pub(crate) fn damping(pieces: usize) -> f64 {
    let root = (pieces.max(1) as f64).sqrt();
    root * root.sqrt()
}

/// Reads texts into numbers.
#[derive(Debug, Default)]
pub(crate) struct TextReader {
    source: Source,
    hashes: Vec<u32>,
}

impl TextReader {
    /// A text as numbers, and its letters. `says_something` tells whether it is worth reading, `find` its concepts.
    pub(crate) fn read(
        &mut self,
        text: &str,
        says_something: impl FnOnce(&Folded) -> bool,
        find: impl FnOnce(&[u8], &mut Vec<u16>),
    ) -> (Text, &[u8]) {
        let folded = self.source.read(text, Strip::ALL, MOST_CHARACTERS, false);
        let letters = folded.letters();
        if !says_something(folded) {
            return (Text::default(), letters);
        }
        let hashes = &mut self.hashes;
        hashes.clear();
        pieces(letters, |piece| hashes.push(piece.hash));
        hashes.sort_unstable();
        let counted = hashes
            .chunk_by(|a, b| a == b)
            .filter_map(|same| Some((*same.first()?, u32::try_from(same.len()).unwrap_or(u32::MAX))));
        let mut concepts = Vec::new();
        find(letters, &mut concepts);
        (Text { pieces: counted.collect(), concepts, damping: damping(hashes.len()) }, letters)
    }
}

/// The pieces of some texts that can be learned.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// Concepts come first among the columns.
    concepts: u32,
    /// The column of a piece and what it counts.
    columns: HashMap<u32, (u32, f64)>,
    /// The pieces in the order of their columns.
    pub(crate) hashes: Vec<u32>,
    /// What a concept counts.
    cue: Counts,
    /// Makes the mean square length of the texts 1.
    scale: f64,
}

impl Vocabulary {
    /// The vocabulary of texts, behind so many concepts.
    pub(crate) fn of(texts: &[&Text], concepts: usize, cue: Counts) -> Self {
        let mut all: Vec<u32> =
            texts.iter().flat_map(|text| text.pieces.iter().map(|(hash, _)| *hash)).collect();
        all.sort_unstable();
        let frequent = all.chunk_by(|a, b| a == b).filter_map(|same| {
            let count = u32::try_from(same.len()).unwrap_or(u32::MAX);
            Some((*same.first()?, count)).filter(|_| count >= LEAST_TEXTS)
        });
        let concepts = u32::try_from(concepts).unwrap_or_default();
        let mut columns = HashMap::new();
        let mut hashes = Vec::new();
        for ((hash, count), column) in frequent.zip(concepts..) {
            let rarity = libm::log((1.0 + texts.len() as f64) / (1.0 + f64::from(count))) + 1.0;
            columns.insert(hash, (column, libm::pow(rarity, RARITY)));
            hashes.push(hash);
        }
        let mut vocabulary = Self { concepts, columns, hashes, cue, scale: 1.0 };
        let squares: f64 = texts
            .iter()
            .flat_map(|text| vocabulary.features(text))
            .map(|(_, value)| f64::from(value) * f64::from(value))
            .sum();
        if squares > 0.0 {
            vocabulary.scale = (texts.len() as f64 / squares).sqrt();
        }
        vocabulary
    }

    /// Whether concepts count less in a long text.
    pub(crate) fn damps_concepts(&self) -> bool {
        matches!(self.cue, Counts::Damped(_))
    }

    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        self.concepts as usize + self.hashes.len()
    }

    /// The columns of a text and their values.
    pub(crate) fn features(&self, text: &Text) -> impl Iterator<Item = (u32, f32)> {
        let each = self.scale / text.damping.max(1.0);
        let of_cue = match self.cue {
            Counts::Damped(value) => value * each,
            Counts::Always(value) => value * self.scale,
        };
        let concepts = text.concepts.iter().map(move |concept| (u32::from(*concept), of_cue));
        let pieces = text.pieces.iter().filter_map(move |(hash, count)| {
            let (column, value) = self.columns.get(hash)?;
            Some((*column, value * f64::from(*count) * each))
        });
        #[allow(clippy::cast_possible_truncation, reason = "learning needs no more digits")]
        concepts.chain(pieces).map(|(column, value)| (column, value as f32))
    }

    /// What a column counts in a text whose weights are divided by 1.
    pub(crate) fn value(&self, column: usize) -> f64 {
        let piece = column.checked_sub(self.concepts as usize).and_then(|at| self.hashes.get(at));
        let value =
            piece.and_then(|hash| self.columns.get(hash)).map_or(self.cue.value(), |(_, value)| *value);
        value * self.scale
    }

    /// Appends the features of texts to a problem's columns and values, and says where each text's are.
    pub(crate) fn fill(
        &self,
        texts: &[&Text],
        columns: &mut Vec<u32>,
        values: &mut Vec<f32>,
    ) -> Vec<Range<usize>> {
        let mut ranges = Vec::with_capacity(texts.len());
        for text in texts {
            let start = columns.len();
            for (column, value) in self.features(text) {
                columns.push(column);
                values.push(value);
            }
            ranges.push(start..columns.len());
        }
        ranges
    }
}
