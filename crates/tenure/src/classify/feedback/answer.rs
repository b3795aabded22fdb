//! The answer: how content a customer is, with what, how sure that is, and why.

use crate::classify::Sentiment;
use crate::classify::linear::Evidence;
use serde::Serialize;
use std::sync::Arc;

/// How likely each sentiment is when there is nothing to go by.
pub(super) const NOTHING: f64 = 1.0 / 3.0;

/// What a customer said.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Feedback {
    /// How content the customer is; `None` if there was nothing to go by, or nothing likely enough.
    pub sentiment: Option<Sentiment>,
    /// How likely the customer is not content, 0 to 1.
    pub p_negative: f64,
    /// How likely the customer is neither, 0 to 1.
    pub p_neutral: f64,
    /// How likely the customer is content, 0 to 1. The three sum to 1.
    pub p_positive: f64,
    /// `p_positive - p_negative`, -1 to 1. The mean over many comments is the net sentiment.
    pub polarity: f64,
    /// Whether there were words to read: without any, what the comment speaks about is not known.
    pub has_text: bool,
    /// What the comment speaks about: built-in themes by name, then one's own.
    pub themes: Vec<Arc<str>>,
    /// What spoke for which sentiment, strongest first; as many as were asked for.
    pub evidence: Vec<Evidence<Sentiment>>,
    /// The words that named the themes, in the order of the text; none if no evidence was asked for.
    pub mentions: Vec<Mention>,
    /// The language of the text as found: `en`, `id`, `sv`, `th`, `tr`, or `und` if it is another one or cannot be told.
    pub language: Arc<str>,
    /// Who read it: a name and a checksum of all that it knows.
    pub model: Arc<str>,
    /// Whether there was a score that could not be used: off its scale, or without one.
    pub score_ignored: bool,
}

impl Feedback {
    /// The probabilities in the order of [`Sentiment::ALL`].
    pub fn probabilities(&self) -> [f64; 3] {
        [self.p_negative, self.p_neutral, self.p_positive]
    }

    /// Whether there was nothing to go by, neither words nor a score: then all three are equally likely.
    pub fn is_empty(&self) -> bool {
        self.probabilities().iter().all(|probability| probability.to_bits() == NOTHING.to_bits())
    }
}

/// Words that name a theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Mention {
    /// The theme.
    pub theme: Arc<str>,
    /// The words as they stand in the text.
    pub value: String,
    /// Where the words begin, in Unicode characters from 0.
    pub start: usize,
    /// Where the words end, exclusive.
    pub end: usize,
}
