//! # Mean satisfaction
//!
//! **Question.** How do customers rate us on average?
//!
//! **Definition.** `sum of ratings / ratings`, in units of the scale.
//!
//! **Example.** 5, 4 and 3 have a mean of 4.
//!
//! ```
//! assert_eq!(tenure::csat_mean([5, 4, 3])?.value, Some(4.0));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No ratings: undefined. One rating has no interval. Nothing is rounded: 137 points of 20 ratings are
//! 6.85, which a vendor's page prints as 6.7. A row that declares another scale is an error.
//!
//! **Merging and sources.** Number, sum and sum of squares a cell, in exact integers.

use super::answers;
use super::rating::Rating;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::Mean;
use crate::outcome::Outcome;
use crate::policy::{Scale, policy};
use crate::summary::Integers;

policy! {
    /// The choices of mean satisfaction.
    pub struct CsatMean {
        /// Lowest and highest rating.
        pub scale: Scale = Scale::ONE_TO_FIVE,
    }
    presets {
        /// The scale of 1 to 10. https://www.questionpro.com/help/customer-experience/csat-cx.html
        Questionpro { scale: Scale::new(1, 10) }
    }
}

static CARD: Card = Card {
    id: "csat_mean",
    name: "Mean satisfaction",
    question: "How do customers rate us on average?",
    formula: "sum of ratings / ratings",
    unit: "score",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "answered_at?", "kind?", "excluded?", "scale_min?", "scale_max?"],
    dimensions: &[],
    attributes: &[],
    values: Some("score"),
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://www.questionpro.com/help/customer-experience/csat-cx.html",
        "https://sopyano.com/csat-calculation-methods/",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = CsatMean;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let view = answers(Some("csat"), Some(choices.scale));
        let formula = Mean { interval_from: 2 };
        Ok(Planned::new(Pipeline::<_, _, Integers>::rows(view, Rating { scale: choices.scale }, formula)))
    }
}

/// The mean of plain ratings from 1 to 5.
///
/// ```
/// assert_eq!(tenure::csat_mean([5, 4, 3])?.value, Some(4.0));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn csat_mean<'a>(ratings: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, ratings.into())
}
