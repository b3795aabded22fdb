//! # Mean effort
//!
//! **Question.** How much effort do customers report on average?
//!
//! **Definition.** `sum of answers / answers`, in units of the scale: from 1 to 7, where higher means easier, or the
//! older form from 1 to 5, of which the direction has to be declared because vendors ask it both ways.
//!
//! **Example.** Counts of 80, 210, 140, 110, 160, 180 and 120 answers from 1 to 7 have a mean of 4.08.
//!
//! ```
//! assert_eq!(tenure::ces_mean([7, 6, 4, 3])?.value, Some(5.0));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No answers: undefined. A scale other than 1 to 7 without a direction is an error: two such numbers
//! could not be compared. The direction is part of the policy in the result.
//!
//! **Merging and sources.** Number, sum and sum of squares a cell (D18).

use super::answers;
use super::rating::Rating;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::Pipeline;
use crate::error::{Error, Result};
use crate::formula::Mean;
use crate::outcome::Outcome;
use crate::policy::{Scale, choice, policy};
use crate::summary::Integers;

choice! {
    /// Which answers are the better ones.
    pub enum Direction {
        /// A high answer means little effort.
        HigherIsBetter = "higher_is_better",
        /// A high answer means much effort.
        LowerIsBetter = "lower_is_better",
    }
}

policy! {
    /// The choices of mean effort.
    pub struct CesMean {
        /// Lowest and highest answer.
        pub scale: Scale = Scale::ONE_TO_SEVEN,
        /// Which answers are the better ones. Left out: higher on the scale of 1 to 7; any other scale has to declare it.
        pub direction: Option<Direction> = None,
    }
    presets {
        /// 1 to 5, agreement: higher is better. https://help.benbria.com/en/articles/3358803
        Benbria { scale: Scale::ONE_TO_FIVE, direction: Some(Direction::HigherIsBetter) }
        /// 1 to 5, effort: lower is better. https://help.closealert.com/en/articles/447422
        Closealert { scale: Scale::ONE_TO_FIVE, direction: Some(Direction::LowerIsBetter) }
    }
}

static CARD: Card = Card {
    id: "ces_mean",
    name: "Mean effort",
    question: "How much effort do customers report on average?",
    formula: "sum of answers / answers, of 1 to 7, or of 1 to 5 with a declared direction",
    unit: "score",
    range: None,
    better: Better::Declared,
    discipline: Discipline::Support,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "answered_at?", "kind?", "excluded?", "scale_min?", "scale_max?"],
    dimensions: &[],
    attributes: &[],
    values: Some("score"),
    aliases: &[("ces_v1", r#"{"scale": [1, 5]}"#)],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://support.cys.group/support/solutions/articles/3000095529",
        "https://help.closealert.com/en/articles/447422",
        "https://help.benbria.com/en/articles/3358803",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = CesMean;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        if choices.scale == Scale::ONE_TO_SEVEN {
            choices.direction.get_or_insert(Direction::HigherIsBetter);
        }
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        if choices.direction.is_none() {
            let message = format!(
                "an effort scale of {} needs a direction: higher_is_better or lower_is_better; vendors ask it both ways",
                choices.scale
            );
            return Err(Error::invalid(message));
        }
        let view = answers(Some("ces"), Some(choices.scale));
        let formula = Mean { interval_from: 2 };
        Ok(Planned::new(Pipeline::<_, _, Integers>::rows(view, Rating { scale: choices.scale }, formula)))
    }
}

/// The mean of plain answers from 1 to 7.
///
/// ```
/// assert_eq!(tenure::ces_mean([7, 6, 4, 3])?.value, Some(5.0));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn ces_mean<'a>(answers: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, answers.into())
}
