//! # Customer effort score
//!
//! **Question.** Which share of the customers agrees that we made it easy?
//!
//! **Definition.** Of the answers from 1 (strongly disagree) to 7 (strongly agree), in percent, by `definition`:
//! - `percent_agree`: `100 * answers of 5 or more / answers`.
//! - `percent_of_max`: `100 * sum / (answers * highest)`.
//!
//! **Example.** 7, 6, 4 and 2: two of four agree, 50 %.
//!
//! ```
//! assert_eq!(tenure::ces([7, 6, 4, 2])?.value, Some(50.0));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No answers: undefined. The older form from 1 to 5 asks the opposite and is never pooled with this
//! one; see [`ces_mean`](mod@super::ces_mean).
//!
//! **Merging and sources.** Two counts, or number and sums, a cell. One distribution gives a mean of 4.08, 46 % who
//! agree and an index of -13 (D18).

use super::answers;
use super::csat::AtLeast;
use super::rating::{PercentOfMaximum, Rating};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::Pipeline;
use crate::error::{Error, Result};
use crate::formula::{Percent, ProportionInterval};
use crate::outcome::Outcome;
use crate::policy::{Scale, choice, policy};
use crate::summary::{Counts, Integers};

choice! {
    /// How answers become one number.
    pub enum CesDefinition {
        /// The share of those who agree.
        PercentAgree = "percent_agree",
        /// The sum as a share of the greatest possible.
        PercentOfMax = "percent_of_max",
    }
}

policy! {
    /// The choices of the customer effort score.
    pub struct Ces {
        /// How answers become one number. The share of those who agree needs no explanation.
        pub definition: CesDefinition = CesDefinition::PercentAgree,
        /// Lowest and highest answer.
        pub scale: Scale = Scale::ONE_TO_SEVEN,
        /// The lowest answer that agrees: 5, somewhat agree, of 7.
        pub agree_from: i64 = 5,
        /// How the interval of a share is computed; `percent_of_max` has a t interval.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {
        /// Sum over n times the highest answer. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket { definition: CesDefinition::PercentOfMax }
    }
}

static CARD: Card = Card {
    id: "ces",
    name: "Customer effort score",
    question: "Which share of the customers agrees that we made it easy?",
    formula: "percent_agree: 100 * answers of 5 or more / answers, of 1 to 7; percent_of_max: 100 * sum / (answers * highest)",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "answered_at?", "kind?", "excluded?", "scale_min?", "scale_max?"],
    dimensions: &[],
    attributes: &[],
    values: Some("score"),
    aliases: &[("ces_percent_agree", r#"{"definition": "percent_agree"}"#)],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://www.zonkafeedback.com/guides/customer-effort-score-guide/how-to-measure-customer-effort-score",
        super::source::WILSON,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Ces;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let scale = choices.scale;
        let view = answers(Some("ces"), Some(scale));
        Ok(match choices.definition {
            CesDefinition::PercentAgree => {
                let least = choices.agree_from;
                if least <= scale.low() || least > scale.high() {
                    let message = format!(
                        "agree_from {least} leaves no one to agree or disagree on a scale of {scale}"
                    );
                    return Err(Error::invalid(message));
                }
                let measure = AtLeast { scale, least, names: &["does_not_agree", "agrees"] };
                let percent = Percent { interval: choices.interval };
                Planned::new(Pipeline::<_, _, Counts<2>>::rows(view, measure, percent)).ratio()
            }
            CesDefinition::PercentOfMax => {
                if scale.high() <= 0 {
                    return Err(Error::invalid(format!("percent_of_max needs a scale above 0, not {scale}")));
                }
                let formula = PercentOfMaximum { scale, origin: 0 };
                Planned::new(Pipeline::<_, _, Integers>::rows(view, Rating { scale }, formula))
            }
        })
    }
}

/// CES of plain answers from 1 to 7, by the default policy.
///
/// ```
/// assert_eq!(tenure::ces([7, 6, 4, 2])?.value, Some(50.0));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn ces<'a>(answers: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, answers.into())
}
