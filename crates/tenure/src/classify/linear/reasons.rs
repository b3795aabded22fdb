//! Why: which words spoke for which of three labels.

use super::corpus::damping;
use super::weights::TextWeights;
use crate::classify::Label;
use crate::classify::text::{Cue, SPACE, is_thai, pieces};
use serde::Serialize;

/// One thing that spoke for a label: of an interaction a [`Label`], of a comment a
/// [`Sentiment`](crate::classify::Sentiment).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence<L = Label> {
    /// The field's name (`trigger`), or `text`.
    pub what: &'static str,
    /// The field's value, or the words as they stand in the text.
    pub value: String,
    /// The place in the text: where the words begin, in Unicode characters from 0. `None` for fields.
    pub start: Option<usize>,
    /// Where the words end, exclusive. `None` for fields.
    pub end: Option<usize>,
    /// The label it speaks for.
    pub pushes: L,
    /// How strongly: by how much it raises the label's log-odds against the mean of the others.
    pub weight: f64,
}

impl<L: Copy> Evidence<L> {
    /// What a field says; `None` if that is nothing.
    pub(crate) fn of_field(
        what: &'static str,
        value: String,
        votes: Votes,
        labels: [L; 3],
    ) -> Option<Evidence<L>> {
        let (label, weight) = push(votes);
        let pushes = *labels.get(label)?;
        (weight > 0.0).then_some(Evidence { what, value, start: None, end: None, pushes, weight })
    }
}

/// A text that is explained, as it stands and as it is read.
#[derive(Debug)]
pub(crate) struct Explained<'t> {
    text: &'t str,
    pub(crate) letters: &'t [u8],
    /// For every letter the character that it comes from.
    origins: &'t [u32],
    /// For every character down to the last one with a letter, and the one behind it, the byte that it begins with.
    begins: Vec<usize>,
}

impl<'t> Explained<'t> {
    pub(crate) fn new(text: &'t str, letters: &'t [u8], origins: &'t [u32]) -> Self {
        let most = origins.last().map_or(0, |last| *last as usize + 2);
        let begins = text.char_indices().map(|(at, _)| at).chain([text.len()]).take(most).collect();
        Self { text, letters, origins, begins }
    }

    /// The words from one letter to another as they stand in the text, and where: characters from 0, the end exclusive.
    pub(crate) fn words(&self, start: usize, end: usize) -> Option<(String, usize, usize)> {
        let place = |letter: usize| self.origins.get(letter).map(|at| *at as usize);
        let (start, end) = (place(start)?, place(end.checked_sub(1)?)? + 1);
        let value = self.text.get(*self.begins.get(start)?..*self.begins.get(end)?)?;
        (!value.is_empty()).then(|| (value.to_owned(), start, end))
    }
}

/// What speaks for each of the labels; their sum is zero.
pub(crate) type Votes = [f64; 3];

/// Log-odds of the first two labels against the third as votes.
pub(crate) fn votes([first, second]: [f64; 2]) -> Votes {
    let mean = (first + second) / 3.0;
    [first - mean, second - mean, -mean]
}

/// The place of the label that votes speak for, and by how much more than for the mean of the others.
fn push(votes: Votes) -> (usize, f64) {
    let mut best = (0, f64::NEG_INFINITY);
    for (label, vote) in votes.into_iter().enumerate() {
        if vote > best.1 {
            best = (label, vote);
        }
    }
    // The three sum to zero: the others' mean is minus half of it.
    (best.0, 1.5 * best.1)
}

fn add(sum: &mut Votes, more: Votes) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Gathers the votes of the letters of a text into words. Kept from text to text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reasons {
    /// For every letter its part of the votes.
    letters: Vec<Votes>,
    spans: Vec<(usize, usize, Votes)>,
}

impl Reasons {
    /// Shares the weight of every piece and cue among its letters; `cues` hands over those that count.
    pub(crate) fn vote(
        &mut self,
        weights: &TextWeights,
        letters: &[u8],
        cues: impl FnOnce(&mut dyn FnMut(Cue)),
    ) {
        let in_steps = |step: f64, weights: [i32; 2]| weights.map(|weight| step * f64::from(weight));
        let of_piece =
            |hash: u32, damping: f64| in_steps(weights.step / damping, weights.table.weights(hash));
        let of_concept = |concept: u16, damping: f64| {
            let step = if weights.damps_concepts { weights.step / damping } else { weights.step };
            let weights = weights.concepts.get(usize::from(concept)).copied().unwrap_or_default();
            in_steps(step, weights.map(i32::from))
        };
        self.vote_by(of_piece, of_concept, letters, cues);
    }

    /// The same with log-odds from anywhere, for a piece or concept and the damping of the text.
    pub(crate) fn vote_by(
        &mut self,
        of_piece: impl Fn(u32, f64) -> [f64; 2],
        of_concept: impl Fn(u16, f64) -> [f64; 2],
        letters: &[u8],
        cues: impl FnOnce(&mut dyn FnMut(Cue)),
    ) {
        self.letters.clear();
        self.letters.resize(letters.len(), [0.0; 3]);
        let mut count = 0;
        pieces(letters, |_| count += 1);
        let damping = damping(count);
        let mut share = |start: usize, end: usize, odds: [f64; 2]| {
            let touched = self.letters.get_mut(start..end).unwrap_or_default();
            let count = touched.len().max(1) as f64;
            let votes = votes(odds.map(|odds| odds / count));
            for letter in touched {
                add(letter, votes);
            }
        };
        pieces(letters, |piece| share(piece.start, piece.end, of_piece(piece.hash, damping)));
        cues(&mut |cue| share(cue.start, cue.end, of_concept(cue.concept, damping)));
    }

    /// The words that spoke, as they stand in the text.
    pub(crate) fn evidence<L: Copy>(
        &mut self,
        of: &Explained<'_>,
        labels: [L; 3],
        into: &mut Vec<Evidence<L>>,
    ) {
        self.join(of.letters);
        for (start, end, votes) in &self.spans {
            let (label, weight) = push(*votes);
            let (Some(pushes), Some((value, start, end))) = (labels.get(label), of.words(*start, *end))
            else {
                continue;
            };
            if weight > 0.0 {
                let (start, end) = (Some(start), Some(end));
                into.push(Evidence { what: "text", value, start, end, pushes: *pushes, weight });
            }
        }
    }

    /// Words, and in Thai runs of letters that speak for the same label, joined with neighbours that do so too.
    fn join(&mut self, letters: &[u8]) {
        self.spans.clear();
        let mut start = 0;
        for end in 1..=letters.len() {
            let (last, next) = (letters.get(end - 1).copied().unwrap_or(SPACE), letters.get(end).copied());
            let is_end = match next {
                None | Some(SPACE) => true,
                Some(next) => {
                    last == SPACE
                        || (is_thai(last) && is_base(next) && self.pushes(end - 1) != self.pushes(end))
                }
            };
            if !is_end {
                continue;
            }
            if last != SPACE {
                let mut votes = [0.0; 3];
                self.letters
                    .get(start..end)
                    .unwrap_or_default()
                    .iter()
                    .for_each(|letter| add(&mut votes, *letter));
                self.append(start, end, votes);
            }
            start = end;
        }
    }

    fn pushes(&self, letter: usize) -> Option<usize> {
        self.letters.get(letter).map(|votes| push(*votes).0)
    }

    fn append(&mut self, start: usize, end: usize, votes: Votes) {
        if let Some((_, its_end, its_votes)) = self.spans.last_mut()
            && start - *its_end <= 1
            && push(*its_votes).0 == push(votes).0
        {
            *its_end = end;
            add(its_votes, votes);
        } else {
            self.spans.push((start, end, votes));
        }
    }
}

/// The strongest, strongest first.
pub(crate) fn strongest<L>(evidence: &mut Vec<Evidence<L>>, most: usize) {
    evidence
        .sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.start.cmp(&b.start)).then(a.what.cmp(b.what)));
    evidence.truncate(most);
}

/// Whether a Thai letter can begin a syllable: vowels and marks above, below and behind a consonant cannot.
fn is_base(letter: u8) -> bool {
    !matches!(letter, 0xb0..=0xba | 0xc5..=0xce)
}
