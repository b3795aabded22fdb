//! How comments sound, as the table says: in words, as a number, or both.

use super::answers;
use super::comment_rate::is_written;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Reading;
use crate::compute::{Pipeline, Row, RowView, Untimed};
use crate::formula::Formula;
use crate::measure::{Fate, Input, InputKind, Reason, RowMeasure, Value};
use crate::summary::Summary;
use serde::Serialize;

/// How content a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sentiment {
    /// Complains, is let down, leaves.
    Negative,
    /// Neither: asks, wishes, reports, or good and bad hold the balance.
    Neutral,
    /// Is content, praises, recommends.
    Positive,
}

impl Sentiment {
    /// All sentiments, in the order of their probabilities everywhere.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// The sentiment's name, the same in every language: `negative`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    /// The sentiment of a name; `None` if there is none of that name. Upper case and blanks around it do not matter.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sentiment| sentiment.name().eq_ignore_ascii_case(name.trim()))
    }

    /// -1, 0 or 1.
    pub(super) fn sign(self) -> i8 {
        match self {
            Self::Negative => -1,
            Self::Neutral => 0,
            Self::Positive => 1,
        }
    }
}

/// How good or bad a comment sounds, from -1 to 1, in billionths: sums of whole numbers are the same in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Polarity(pub(super) i64);

impl Polarity {
    pub(super) const UNIT: f64 = 1e9;

    /// Nothing outside -1 to 1.
    pub(super) fn of(value: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, reason = "a billion fits")]
        (-1.0..=1.0).contains(&value).then(|| Self((value * Self::UNIT).round() as i64))
    }

    pub(super) fn value(self) -> f64 {
        self.0 as f64 / Self::UNIT
    }
}

/// How one comment sounds. What is said in one way only tells the other too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) sentiment: Sentiment,
    pub(super) polarity: Polarity,
}

impl From<Sentiment> for Heard {
    fn from(sentiment: Sentiment) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "a billion fits")]
        let polarity = Polarity(i64::from(sentiment.sign()) * Polarity::UNIT as i64);
        Self { sentiment, polarity }
    }
}

/// What the cards of sentiment have in common; the rest is each KPI's own.
pub(super) const COMMON: Card = Card {
    id: "",
    name: "",
    question: "",
    formula: "",
    unit: "score",
    // Depends on the policy.
    range: None,
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["sentiment?", "polarity?", "comment?", "answered_at?", "excluded?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["sentiment", "polarity"],
    revision: 1,
    sources: &[],
};

/// Nearer to 0 than this a polarity says neither good nor bad, by default: what users of VADER agree on.
pub(super) const NEUTRAL_WITHIN: f64 = 0.05;

const SENTIMENT: usize = 0;
const POLARITY: usize = 1;
const COMMENT: usize = 2;

const UNKNOWN: Reason =
    Reason::new("sentiment", "unknown_sentiment", "is none of negative, neutral and positive");
const OUT_OF_RANGE: Reason = Reason::new("polarity", "out_of_range", "is no number from -1 to 1");

/// A measure of how each comment sounds; `value` says what of it counts.
pub(super) struct Sounds<F> {
    /// A polarity nearer to 0 than this is neutral.
    pub(super) neutral_within: f64,
    pub(super) value: F,
}

impl<V: Value, F: Fn(Heard) -> V + Send + Sync + 'static> Sounds<F> {
    /// View, measure and formula of the KPIs of sentiment.
    pub(super) fn planned<S: Summary<V>>(self, formula: impl Formula<S> + 'static) -> Planned {
        let view = RowView { untimed: Untimed::NoUnit, ..answers(None, None) };
        Planned::new(Pipeline::<_, _, S>::rows(view, self, formula))
    }
}

impl<F> Sounds<F> {
    /// How a comment sounds, or why that is not known.
    fn heard<V>(&self, row: &Row<'_>) -> Result<Heard, Fate<V>> {
        if row.has(COMMENT) && !is_written(row.read(COMMENT)) {
            return Err(Fate::Missing);
        }
        let sentiment = match row.read(SENTIMENT).unless_blank() {
            Reading::Text(name) => Some(Sentiment::of(name).ok_or(Fate::Invalid(UNKNOWN))?),
            _ => None,
        };
        let polarity = match row.read(POLARITY) {
            Reading::Missing => None,
            Reading::Whole(whole) => Some(whole as f64),
            Reading::Real(real) => Some(real),
            _ => return Err(Fate::Invalid(OUT_OF_RANGE)),
        };
        let polarity = match polarity {
            Some(value) => Some(Polarity::of(value).ok_or(Fate::Invalid(OUT_OF_RANGE))?),
            None => None,
        };
        match (sentiment, polarity) {
            (Some(sentiment), Some(polarity)) => Ok(Heard { sentiment, polarity }),
            (Some(sentiment), None) => Ok(sentiment.into()),
            (None, Some(polarity)) => Ok(Heard { sentiment: self.sign(polarity), polarity }),
            (None, None) => Err(Fate::Missing),
        }
    }

    /// The sentiment that a polarity says.
    fn sign(&self, polarity: Polarity) -> Sentiment {
        let value = polarity.value();
        if polarity == Polarity(0) || value.abs() < self.neutral_within {
            Sentiment::Neutral
        } else if value > 0.0 {
            Sentiment::Positive
        } else {
            Sentiment::Negative
        }
    }
}

impl<V: Value, F: Fn(Heard) -> V + Send + Sync> RowMeasure for Sounds<F> {
    type Value = V;

    fn inputs(&self) -> &[Input] {
        const {
            &[
                Input::required_unless("polarity", "sentiment", InputKind::Text),
                Input::optional("polarity", InputKind::Number),
                Input::optional("comment", InputKind::Text),
            ]
        }
    }

    fn row(&self, row: &Row<'_>) -> Fate<V> {
        match self.heard(row) {
            Ok(heard) => Fate::Observed((self.value)(heard)),
            Err(fate) => fate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polarity_is_whole_billionths() {
        assert_eq!(
            [Polarity::of(0.1), Polarity::of(-1.0)],
            [Some(Polarity(100_000_000)), Some(Polarity(-1_000_000_000))]
        );
        assert_eq!([1.000_000_001, f64::NAN, f64::INFINITY].map(Polarity::of), [None; 3]);
        let heard = Heard::from(Sentiment::Negative);
        assert_eq!(heard, Heard { sentiment: Sentiment::Negative, polarity: Polarity(-1_000_000_000) });
    }
}
