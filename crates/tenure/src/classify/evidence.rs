//! Why: which fields and which words spoke for which label.

use super::classification::{Evidence, Label};
use super::corpus::damping;
use super::features::pieces;
use super::fields::{Fields, VALUES};
use super::model::{FIELD_STEP, Model};
use super::text::{SPACE, is_thai};

/// What speaks for support, service and success.
type Votes = [f64; 3];

/// Finds reasons. Kept from text to text.
#[derive(Clone, Debug, Default)]
pub(super) struct Explainer {
    /// For every letter of a text its part of the votes.
    letters: Vec<Votes>,
    spans: Vec<(usize, usize, Votes)>,
}

/// Log-odds against success as votes whose sum is zero.
fn votes(support: f64, service: f64) -> Votes {
    let mean = (support + service) / 3.0;
    [support - mean, service - mean, -mean]
}

/// The label that votes speak for, and by how much more than for the mean of the others.
fn push(votes: Votes) -> (Label, f64) {
    let mut best = (Label::Support, f64::NEG_INFINITY);
    for (label, vote) in Label::ALL.into_iter().zip(votes) {
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

impl Explainer {
    /// The strongest reasons, strongest first.
    pub(super) fn explain(
        &mut self,
        model: &Model,
        text: &str,
        letters: &[u8],
        origins: &[u32],
        fields: Fields,
        most: usize,
    ) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for number in fields.numbers() {
            let (Some(value), Some(weights)) = (VALUES.get(number), model.fields.get(number)) else {
                continue;
            };
            let [support, service] = weights.map(|weight| FIELD_STEP * f64::from(weight));
            let (pushes, weight) = push(votes(support, service));
            if weight > 0.0 {
                evidence.push(Evidence {
                    what: value.field,
                    value: value.name.to_owned(),
                    start: None,
                    end: None,
                    pushes,
                    weight,
                });
            }
        }
        self.vote(model, letters);
        self.join(letters);
        let place = |letter: usize| origins.get(letter).map(|at| *at as usize);
        for (start, end, votes) in &self.spans {
            let (pushes, weight) = push(*votes);
            let (Some(start), Some(last)) = (place(*start), end.checked_sub(1).and_then(place)) else {
                continue;
            };
            let value: String = text.chars().skip(start).take(last + 1 - start).collect();
            if weight > 0.0 && !value.is_empty() {
                evidence.push(Evidence {
                    what: "text",
                    value,
                    start: Some(start),
                    end: Some(last + 1),
                    pushes,
                    weight,
                });
            }
        }
        evidence.sort_by(|a, b| {
            b.weight.total_cmp(&a.weight).then(a.start.cmp(&b.start)).then(a.what.cmp(b.what))
        });
        evidence.truncate(most);
        evidence
    }

    /// Shares the weight of every piece and cue among its letters.
    fn vote(&mut self, model: &Model, letters: &[u8]) {
        self.letters.clear();
        self.letters.resize(letters.len(), [0.0; 3]);
        let mut count = 0;
        pieces(letters, |_| count += 1);
        let step = model.step / damping(count);
        let mut share = |start: usize, end: usize, [support, service]: [i32; 2]| {
            let touched = self.letters.get_mut(start..end).unwrap_or_default();
            let each = step / touched.len().max(1) as f64;
            let votes = votes(each * f64::from(support), each * f64::from(service));
            for letter in touched {
                add(letter, votes);
            }
        };
        pieces(letters, |piece| share(piece.start, piece.end, model.table.weights(piece.hash)));
        let mut seen = Vec::new();
        model.lexicon.find(letters, |cue| {
            // A concept counts once, where it is named first.
            if !seen.contains(&cue.concept) {
                seen.push(cue.concept);
                let weights = model.concepts.get(usize::from(cue.concept)).copied().unwrap_or_default();
                share(cue.start, cue.end, weights.map(i32::from));
            }
        });
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

    fn pushes(&self, letter: usize) -> Option<Label> {
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

/// Whether a Thai letter can begin a syllable: vowels and marks above, below and behind a consonant cannot.
fn is_base(letter: u8) -> bool {
    !matches!(letter, 0xb0..=0xba | 0xc5..=0xce)
}
