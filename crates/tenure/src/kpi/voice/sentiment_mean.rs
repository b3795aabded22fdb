//! # Mean sentiment
//!
//! **Question.** How good or bad does what customers write sound, on average?
//!
//! **Definition.** The mean polarity of comments, from -1 to 1. A comment's polarity is what column `polarity` says, else
//! what column `sentiment` does (negative -1, neutral 0, positive 1). People fill them in, or a model does:
//! `tenure.feedback`.
//!
//! **Example.** Polarities of 0.5, -0.25, 1 and 0 have a mean of 0.3125.
//!
//! **Edge cases.** A blank comment is missing, whatever the columns say of it; so is one that nobody judged. Coverage is `n`
//! over all units: quote it beside the mean. A polarity outside -1 to 1 is invalid. No comments: undefined; one has no
//! interval.
//!
//! **Merging and sources.** Number, sum and sum of squares a cell, in whole billionths, so that the order of rows never
//! shows. The mean of two models' polarities is neither's: do not mix them.

use super::sentiment::{COMMON, Heard, NEUTRAL_WITHIN, Polarity, Sounds};
use crate::catalog::{Card, Planned};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, moments};
use crate::measure::Value;
use crate::policy::policy;
use crate::summary::{Cell, Integers, Overflow, Summary};

policy! {
    /// The choices of mean sentiment.
    pub struct SentimentMean {
    }
    presets {}
}

static CARD: Card = Card {
    id: "sentiment_mean",
    name: "Mean sentiment",
    question: "How good or bad does what customers write sound, on average?",
    formula: "sum of polarities / comments",
    range: Some((-1.0, 1.0)),
    sources: &["https://github.com/cjhutto/vaderSentiment#about-the-scoring"],
    ..COMMON
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SentimentMean;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, _: &Choices) -> Result<Planned> {
        let measure = Sounds { neutral_within: NEUTRAL_WITHIN, value: |heard: Heard| heard };
        Ok(measure.planned::<Integers>(MeanPolarity))
    }
}

impl Value for Heard {
    fn number(&self) -> Option<f64> {
        Some(self.polarity.value())
    }

    fn label(&self) -> Option<&'static str> {
        Some(self.sentiment.name())
    }
}

impl Summary<Heard> for Integers {
    fn update(&mut self, heard: &Heard, times: u64) -> std::result::Result<(), Overflow> {
        let Polarity(billionths) = heard.polarity;
        self.update(&billionths, times)
    }
}

/// The mean of polarities, with a t interval.
struct MeanPolarity;

impl CellFormula<Integers> for MeanPolarity {
    fn answer(&self, cell: &Cell<Integers>, level: f64) -> Answer {
        let moments = moments(&cell.summary);
        let interval = moments.t(level);
        // Not clipped, as the intervals of other means are not.
        Answer::of(moments.mean().map(|mean| mean / Polarity::UNIT)).with_interval(
            interval,
            "t",
            1.0 / Polarity::UNIT,
            (f64::NEG_INFINITY, f64::INFINITY),
        )
    }
}
