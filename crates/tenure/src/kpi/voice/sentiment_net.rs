//! # Net sentiment
//!
//! **Question.** How many more comments sound good than bad?
//!
//! **Definition.** `10 * (positive - negative) / comments`, from -10 to 10; policy `per` gives the same per comment, from
//! -1 to 1, or per hundred, from -100 to 100. How a comment sounds is what column `sentiment` says (negative, neutral,
//! positive), else what column `polarity` does (a number from -1 to 1). People fill them in, or a model does:
//! `tenure.feedback`.
//!
//! **Example.** 49 positive and 4 negative comments of 53: `10 * 45 / 53 = 8.49`.
//!
//! **Edge cases.** Neutral comments are in the denominator. A polarity nearer to 0 than `neutral_within` is neutral. A blank
//! comment is missing, whatever the columns say of it; so is one that nobody judged. Coverage is `n` over all units: quote
//! it beside the score. No comments: undefined.
//!
//! **Merging and sources.** Three counts a cell; intervals as for [`nps`](mod@super::nps). The vendor's page prints the
//! example as 0.85 and as 8.5.

use super::sentiment::{COMMON, Heard, NEUTRAL_WITHIN, Sentiment, Sounds};
use super::three_way::TrinomialInterval;
use crate::catalog::{Card, Planned};
use crate::error::{Error, Result};
use crate::formula::{Answer, CellFormula, shown};
use crate::measure::Value;
use crate::policy::{Choice, choice, policy};
use crate::stats::Trinomial;
use crate::summary::{Cell, Class, Counts};

choice! {
    /// Per how many comments the score is told.
    pub enum PerComments {
        /// Per ten: it runs from -10 to 10.
        Ten = "ten",
        /// Per comment: it runs from -1 to 1.
        One = "one",
        /// Per hundred: points from -100 to 100, as NPS has them.
        Hundred = "hundred",
    }
}

impl PerComments {
    fn most(self) -> f64 {
        match self {
            PerComments::Ten => 10.0,
            PerComments::One => 1.0,
            PerComments::Hundred => 100.0,
        }
    }
}

policy! {
    /// The choices of net sentiment.
    pub struct SentimentNet {
        /// Per how many comments the score is told. By default ten, as the vendor has it who names the score.
        pub per: PerComments = PerComments::Ten,
        /// A polarity nearer to 0 than this is neutral, where the table has polarities and no sentiments. By default 0.05, as users of VADER have it.
        pub neutral_within: f64 = NEUTRAL_WITHIN,
        /// How the interval is computed.
        pub interval: TrinomialInterval = TrinomialInterval::AdjustedWald,
    }
    presets {
        /// From -10 to 10. https://help.closealert.com/en/articles/447422
        Closealert { per: PerComments::Ten }
    }
}

static CARD: Card = Card {
    id: "sentiment_net",
    name: "Net sentiment",
    question: "How many more comments sound good than bad?",
    formula: "10 * (positive - negative) / comments",
    sources: &[
        "https://help.closealert.com/en/articles/447422",
        "https://github.com/cjhutto/vaderSentiment#about-the-scoring",
        super::source::ADJUSTED_WALD,
    ],
    ..COMMON
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SentimentNet;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let neutral_within = choices.neutral_within;
        if !(0.0..=1.0).contains(&neutral_within) {
            let message = format!("neutral_within {neutral_within} is no number from 0 to 1");
            return Err(Error::invalid(message));
        }
        let most = choices.per.most();
        let value = move |heard: Heard| Signed { sentiment: heard.sentiment, most };
        let measure = Sounds { neutral_within, value };
        let planned = measure.planned::<Counts<3>>(Net { interval: choices.interval, most }).ratio();
        Ok(match choices.per {
            PerComments::Hundred => planned.unit("points"),
            PerComments::Ten | PerComments::One => planned,
        })
    }
}

/// How a comment sounds, and what the best one scores.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Signed {
    sentiment: Sentiment,
    most: f64,
}

impl Class for Signed {
    fn class(&self) -> usize {
        match self.sentiment {
            Sentiment::Positive => 0,
            Sentiment::Neutral => 1,
            Sentiment::Negative => 2,
        }
    }
}

impl Value for Signed {
    fn number(&self) -> Option<f64> {
        Some(self.most * f64::from(self.sentiment.sign()))
    }

    fn label(&self) -> Option<&'static str> {
        Some(self.sentiment.name())
    }
}

/// `most * (positive - negative) / comments`.
struct Net {
    interval: TrinomialInterval,
    most: f64,
}

impl CellFormula<Counts<3>> for Net {
    fn answer(&self, cell: &Cell<Counts<3>>, level: f64) -> Answer {
        let Counts([positive, neutral, negative]) = cell.summary;
        let comments = Trinomial { positive, neutral, negative };
        Answer::ratio(self.most, shown(positive) - shown(negative), shown(comments.n())).with_interval(
            self.interval.of(&comments, level),
            self.interval.name(),
            self.most,
            (-self.most, self.most),
        )
    }
}
