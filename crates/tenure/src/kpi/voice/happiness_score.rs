//! # Happiness score
//!
//! **Question.** How many more customers rated a reply great than not good?
//!
//! **Definition.** `100 * (great - not good) / (great + okay + not good)`, in points from -100 to 100.
//!
//! **Example.** 41 great, 34 okay, 35 not good: `100 * (41 - 35) / 110 = 5.4545`.
//!
//! **Edge cases.** No ratings: undefined. Okay counts in the denominator. Ratings come in words, or as scores of which
//! the policy says where the good and the bad ones begin.
//!
//! **Merging and sources.** Three counts a cell; intervals as for [`nps`](mod@super::nps).

use super::three_way::{Bands, Points, Side, Sided, Sides, TrinomialInterval};
use super::{answers, label_or_score, score};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Reading;
use crate::compute::{Pipeline, Row};
use crate::error::Result;
use crate::measure::{Fate, Input, RowMeasure};
use crate::policy::{Scale, policy};

policy! {
    /// The choices of the happiness score.
    pub struct HappinessScore {
        /// Lowest and highest score, where ratings come as scores.
        pub scale: Scale = Scale::new(1, 3),
        /// The lowest good score. Left out: the highest of the scale.
        pub positive_from: Option<i64> = None,
        /// The highest bad score. Left out: the lowest of the scale.
        pub negative_to: Option<i64> = None,
        /// How the interval is computed.
        pub interval: TrinomialInterval = TrinomialInterval::AdjustedWald,
    }
    presets {
        /// Great, okay and not good. https://developer.helpscout.com/help-desk-api/objects/time-range-stats-happiness
        HelpScout { scale: Scale::new(1, 3) }
        /// Five points, neutral taken as bad. https://metricsflare.com
        MetricsFlare { scale: Scale::ONE_TO_FIVE, positive_from: Some(4), negative_to: Some(3) }
    }
}

static CARD: Card = Card {
    id: "happiness_score",
    name: "Happiness score",
    question: "How many more customers rated a reply great than not good?",
    formula: "100 * (great - not good) / (great + okay + not good)",
    unit: "points",
    range: Some((-100.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "surveys",
    key: "survey_id",
    inputs: &["label?", "score?", "answered_at?", "kind?", "excluded?"],
    dimensions: &[],
    attributes: &[],
    values: Some("score"),
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://developer.helpscout.com/help-desk-api/objects/time-range-stats-happiness",
        super::source::ADJUSTED_WALD,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = HappinessScore;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        choices.positive_from.get_or_insert(choices.scale.high());
        choices.negative_to.get_or_insert(choices.scale.low());
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = Bands {
            scale: choices.scale,
            positive_from: choices.positive_from.unwrap_or(choices.scale.high()),
            negative_to: choices.negative_to.unwrap_or(choices.scale.low()),
            names: &["great", "okay", "not_good"],
        };
        let bands = bands.checked("positive_from", "negative_to")?;
        // Words have no scale, and rows that carry both may declare that of their score.
        let view = answers(Some("happiness"), None);
        Ok(Planned::new(Pipeline::<_, _, Sides>::rows(
            view,
            Happiness { bands },
            Points::from(choices.interval),
        ))
        .ratio())
    }
}

/// A rating in words, or as a score.
struct Happiness {
    bands: Bands,
}

impl RowMeasure for Happiness {
    type Value = Sided;

    fn inputs(&self) -> &[Input] {
        &super::LABEL_OR_SCORE
    }

    fn row(&self, row: &Row<'_>) -> Fate<Sided> {
        let sided = |side| Some(Fate::Observed(self.bands.sided(side)));
        let of_label = |label: &str| match label {
            "great" => sided(Side::Positive),
            "okay" => sided(Side::Neutral),
            "not_good" => sided(Side::Negative),
            _ => None,
        };
        let of_score = |reading: Reading<'_>| match score(reading, self.bands.scale) {
            Ok(score) => Fate::Observed(self.bands.side(score)),
            Err(fate) => fate,
        };
        label_or_score(row, self.bands.scale, of_label, of_score)
    }
}
