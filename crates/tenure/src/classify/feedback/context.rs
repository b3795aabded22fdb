//! Cues in context: "not good" is no praise, and what comes after "but" is what is meant.
//!
//! What a cue says depends on what stands around it, so each concept that has a direction becomes several features: affirmed
//! or negated, before or after a contrast, and again. What each says is stated here, and bettered by what is learned.

use crate::classify::text::{Cue, Lexicon, SPACE, is_thai};
use std::cmp::Reverse;

/// What a concept does to others, or others to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Says what it says, wherever it stands.
    Plain,
    /// Has a direction, which a negation turns.
    Polar,
    /// Negates what comes after it: "not".
    Negation,
    /// Negates what comes before it: Turkish "degil".
    NegationBehind,
    /// Divides what is said in passing from what is meant: "but".
    Contrast,
}

/// The concepts that speak of sentiment, by name: what each does, and what it says before anything is learned, as log-odds
/// of negative, neutral and positive.
const CONCEPTS: [(&str, Role, [f64; 3]); 22] = [
    ("complaint_events", Role::Polar, [1.0, -0.5, -1.0]),
    ("contrast", Role::Contrast, [0.0, 0.0, 0.0]),
    ("emoji_negative", Role::Plain, [0.8, -0.2, -0.8]),
    ("emoji_positive", Role::Plain, [-0.8, -0.2, 0.8]),
    ("goes_well", Role::Plain, [-0.5, -0.2, 0.5]),
    ("goes_wrong", Role::Plain, [0.5, -0.2, -0.5]),
    ("intensifier", Role::Plain, [0.0, -0.3, 0.0]),
    ("leaving", Role::Plain, [0.8, -0.2, -0.8]),
    ("mildly_negative", Role::Polar, [0.5, 0.0, -0.5]),
    ("mildly_positive", Role::Polar, [-0.4, 0.0, 0.4]),
    ("negated_negative", Role::Polar, [-0.6, -0.2, 0.6]),
    ("negated_positive", Role::Polar, [0.9, -0.2, -0.9]),
    ("negation", Role::Negation, [0.2, 0.0, -0.2]),
    ("negation_behind", Role::NegationBehind, [0.2, 0.0, -0.2]),
    ("negative", Role::Polar, [0.9, -0.3, -0.9]),
    ("neutral", Role::Plain, [-0.2, 0.9, -0.2]),
    ("positive", Role::Polar, [-0.9, -0.3, 0.9]),
    ("praise_events", Role::Polar, [-1.0, -0.5, 1.0]),
    ("sarcasm_markers", Role::Plain, [0.8, -0.2, -0.8]),
    ("strongly_negative", Role::Polar, [1.3, -0.8, -1.3]),
    ("strongly_positive", Role::Polar, [-1.3, -0.8, 1.3]),
    ("wish", Role::Plain, [0.0, 0.5, -0.2]),
];

/// Features of a concept: affirmed, negated, affirmed before and after a contrast, and told a second and a fourth time.
const FEATURES: usize = 6;
const AFFIRMED: u16 = 0;
const NEGATED: u16 = 1;
const BEFORE_CONTRAST: u16 = 2;
const AFTER_CONTRAST: u16 = 3;
const TWICE: u16 = 4;
const OFTEN: u16 = 5;

/// How far a negation reaches: words between it and what it turns, and letters where there are no spaces.
const WORDS_BETWEEN: usize = 2;
const THAI_BETWEEN: usize = 6;
/// Letters within which a negation is looked for.
const REACH: usize = 64;

/// The lexicon of comments, with the roles of its concepts.
#[derive(Clone, Debug)]
pub(crate) struct Cues {
    pub(crate) lexicon: Lexicon,
    roles: Vec<Role>,
    /// Which concepts speak of sentiment.
    speaks: Vec<bool>,
}

/// The cues of a text and their features. Kept from text to text, so that reading one allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Read {
    /// Cues in the order of the text; of sentiment those that no longer one contains.
    cues: Vec<Cue>,
    /// The features and where they are told; [`Cue::concept`] is the feature.
    pub(crate) told: Vec<Cue>,
    /// The features that are there, each once, rising.
    pub(crate) features: Vec<u16>,
    /// How often each concept was affirmed so far.
    affirmed: Vec<u8>,
}

impl Cues {
    pub(crate) fn of(lexicon: Lexicon) -> Self {
        let known = |name: &String| CONCEPTS.iter().find(|(known, ..)| known == name);
        let roles = lexicon.concepts.iter().map(|name| known(name).map_or(Role::Plain, |(_, role, _)| *role));
        let speaks = lexicon.concepts.iter().map(|name| known(name).is_some());
        Self { roles: roles.collect(), speaks: speaks.collect(), lexicon }
    }

    /// How many features there are.
    pub(crate) fn features(&self) -> usize {
        FEATURES * self.roles.len()
    }

    /// What is said of sentiment by each feature before anything is learned; `None` of features that have nothing to do with
    /// it.
    pub(crate) fn stated(&self) -> Vec<Option<[f64; 3]>> {
        let of_concept = |name: &String| {
            let stated = CONCEPTS.iter().find(|(known, ..)| known == name).map(|(.., stated)| *stated);
            let part = |part: f64| stated.map(|stated| stated.map(|odds| part * odds));
            // Negated it says the opposite, less strongly, and no less that it is neither.
            let negated =
                stated.map(|[negative, neutral, positive]| [0.7 * positive, neutral, 0.7 * negative]);
            [stated, negated, part(-0.3), part(0.5), part(0.6), part(0.6)]
        };
        self.lexicon.concepts.iter().flat_map(of_concept).collect()
    }

    /// The place of the sentiment that a concept stands for; `None` if it stands for none.
    pub(crate) fn sentiment(concept: &str) -> Option<usize> {
        let (.., stated) = CONCEPTS.iter().find(|(known, ..)| *known == concept)?;
        stated.iter().position(|odds| *odds > 0.3)
    }

    fn role(&self, cue: Cue) -> Role {
        self.roles.get(usize::from(cue.concept)).copied().unwrap_or(Role::Plain)
    }

    /// Finds the cues of a folded text and what they say there.
    pub(crate) fn read(&self, letters: &[u8], read: &mut Read) {
        let Read { cues, told, features, affirmed } = read;
        affirmed.clear();
        affirmed.resize(self.roles.len(), 0);
        cues.clear();
        told.clear();
        features.clear();
        self.lexicon.find(letters, |cue| cues.push(cue));
        cues.sort_unstable_by_key(|cue| (cue.start, Reverse(cue.end), cue.concept));
        self.leave_out_contained(cues);
        let contrast = cues.iter().position(|cue| self.role(*cue) == Role::Contrast);
        for at in 0..cues.len() {
            let Some(cue) = cues.get(at).copied() else { break };
            let first = u16::try_from(FEATURES * usize::from(cue.concept)).unwrap_or(u16::MAX);
            let mut tell = |feature: u16| told.push(Cue { concept: first.saturating_add(feature), ..cue });
            if self.role(cue) != Role::Polar {
                tell(AFFIRMED);
            } else if self.is_negated(letters, cues, at, cue) {
                tell(NEGATED);
            } else {
                tell(AFFIRMED);
                if let Some(times) = affirmed.get_mut(usize::from(cue.concept)) {
                    *times = times.saturating_add(1);
                    match *times {
                        2 => tell(TWICE),
                        4 => tell(OFTEN),
                        _ => {}
                    }
                }
                match contrast {
                    Some(contrast) if at < contrast => tell(BEFORE_CONTRAST),
                    Some(_) => tell(AFTER_CONTRAST),
                    None => {}
                }
            }
        }
        features.extend(told.iter().map(|cue| cue.concept));
        features.sort_unstable();
        features.dedup();
    }

    /// Leaves out cues of sentiment that lie within a longer one: "would be nice" is not "nice". Cues of themes stay: two that
    /// overlap may both be meant.
    fn leave_out_contained(&self, cues: &mut Vec<Cue>) {
        let mut longest = (0, 0);
        cues.retain(|cue| {
            if !self.speaks.get(usize::from(cue.concept)).copied().unwrap_or_default() {
                return true;
            }
            if cue.end <= longest.1 && (cue.start, cue.end) != longest {
                return false;
            }
            if cue.end > longest.1 {
                longest = (cue.start, cue.end);
            }
            true
        });
    }

    fn is_negated(&self, letters: &[u8], cues: &[Cue], at: usize, cue: Cue) -> bool {
        let is_within_reach =
            |other: &&Cue| other.start.abs_diff(cue.start) <= REACH && self.role(**other) != Role::Contrast;
        let mut before = cues.iter().take(at).rev().take_while(is_within_reach);
        let mut behind = cues.iter().skip(at + 1).take_while(is_within_reach);
        before.any(|other| self.role(*other) == Role::Negation && is_near(letters, other.end, cue.start))
            || behind.any(|other| {
                self.role(*other) == Role::NegationBehind && is_near(letters, cue.end, other.start)
            })
    }
}

/// Whether few words lie between two places, and no end of a sentence that is told by a sign.
fn is_near(letters: &[u8], from: usize, to: usize) -> bool {
    let Some(between) = letters.get(from..to) else { return true };
    let (mut words, mut thai) = (0, 0);
    for letter in between {
        match *letter {
            SPACE => words += 1,
            b'!' | b'?' => return false,
            letter if is_thai(letter) => thai += 1,
            _ => {}
        }
    }
    words <= WORDS_BETWEEN && thai <= THAI_BETWEEN
}
