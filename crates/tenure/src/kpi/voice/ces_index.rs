//! # Effort index
//!
//! **Question.** How many more customers found it easy than difficult?
//!
//! **Definition.** Of the answers from 1 to 7: `100 * (answers of 6 and 7 - answers of 1 to 3) / answers`, in points
//! from -100 to 100. 4 and 5 are neutral.
//!
//! **Example.** Counts of 80, 210, 140, 110, 160, 180 and 120: `100 * (300 - 430) / 1000 = -13`.
//!
//! ```
//! assert_eq!(tenure::ces_index([7, 6, 4, 1])?.value, Some(25.0));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No answers: undefined.
//!
//! **Merging and sources.** Three counts a cell; intervals as for [`nps`](mod@super::nps) (D18).

use super::three_way::{Bands, Points, Sides, TrinomialInterval};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::Pipeline;
use crate::error::Result;
use crate::outcome::Outcome;
use crate::policy::{Scale, policy};

policy! {
    /// The choices of the effort index.
    pub struct CesIndex {
        /// Lowest and highest answer.
        pub scale: Scale = Scale::ONE_TO_SEVEN,
        /// The lowest answer that means easy.
        pub easy_from: i64 = 6,
        /// The highest answer that means difficult.
        pub difficult_to: i64 = 3,
        /// How the interval is computed.
        pub interval: TrinomialInterval = TrinomialInterval::AdjustedWald,
    }
    presets {}
}

static CARD: Card = Card {
    id: "ces_index",
    name: "Effort index",
    question: "How many more customers found it easy than difficult?",
    formula: "100 * (answers of 6 and 7 - answers of 1 to 3) / answers, of 1 to 7",
    unit: "points",
    range: Some((-100.0, 100.0)),
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
        "https://support.cys.group/support/solutions/articles/3000095531",
        super::source::ADJUSTED_WALD,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = CesIndex;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = Bands {
            scale: choices.scale,
            positive_from: choices.easy_from,
            negative_to: choices.difficult_to,
            names: &["easy", "neutral", "difficult"],
        };
        let bands = bands.checked("easy_from", "difficult_to")?;
        let view = bands.answers("ces");
        Ok(Planned::new(Pipeline::<_, _, Sides>::rows(view, bands, Points::from(choices.interval))).ratio())
    }
}

/// The index of plain answers from 1 to 7, by the default policy.
///
/// ```
/// assert_eq!(tenure::ces_index([7, 6, 4, 1])?.value, Some(25.0));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn ces_index<'a>(answers: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, answers.into())
}
