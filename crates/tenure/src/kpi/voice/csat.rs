//! # Customer satisfaction
//!
//! **Question.** Which share of the customers who rated us was satisfied?
//!
//! **Definition.** In percent from 0 to 100, by `definition`:
//! - `top2`: `100 * ratings in the two top boxes / ratings`; 4 and 5 on the scale of 1 to 5.
//! - `percent_of_max`: `100 * (mean - origin) / (highest - origin)`; the origin is the lowest rating (zero-based)
//!   or 0 (one-based), which give different numbers on the same data.
//! - `good_bad`: `100 * good / (good + bad)`, of ratings in words.
//!
//! **Example.** Of 5, 4, 3, 1 and 5 three are in the two top boxes: 60 %.
//!
//! ```
//! assert_eq!(tenure::csat([5, 4, 3, 1, 5])?.value, Some(60.0));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No ratings: undefined. Neutral ratings stay in the denominator of `top2`. What was offered and not
//! rated is missing. A row that declares another scale is an error: scales are never mixed.
//!
//! **Merging and sources.** Two counts, or number and sums, a cell. Vendors differ on nearly everything (D17).

use super::of_entity::{Attribution, Keep, OfEntity};
use super::rating::{PercentOfMaximum, Rating};
use super::{SCORE, answers, label_or_score, score};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::{Column, Reading};
use crate::compute::{Pipeline, Row, RowView};
use crate::error::{Error, Result};
use crate::formula::Formula;
use crate::formula::{Percent, ProportionInterval};
use crate::measure::{Fate, Input, RowMeasure, Value};
use crate::outcome::Outcome;
use crate::policy::{Scale, choice, policy};
use crate::summary::{Class, Counts, Integers, Summary};
use crate::view::ByEntity;

choice! {
    /// What counts as satisfaction.
    pub enum CsatDefinition {
        /// The share of ratings in the two top boxes.
        Top2 = "top2",
        /// The mean rating as a share of the best.
        PercentOfMax = "percent_of_max",
        /// Good ratings over good and bad ones.
        GoodBad = "good_bad",
    }
}

choice! {
    /// What `percent_of_max` takes as nothing.
    pub enum Origin {
        /// The lowest rating is 0 %.
        ZeroBased = "zero_based",
        /// Zero is 0 %: the lowest rating of five is 20 %.
        OneBased = "one_based",
    }
}

choice! {
    /// Which ratings of one conversation count.
    pub enum RatingRepeats {
        /// All of them.
        All = "all",
        /// The latest, where customers may rate again.
        Latest = "latest",
    }
}

choice! {
    /// In which period a rating counts.
    pub enum RatingAttribution {
        /// That in which it was given.
        Answered = "answered",
        /// That in which its conversation was closed.
        Closed = "closed",
    }
}

policy! {
    /// The choices of customer satisfaction.
    pub struct Csat {
        /// What counts as satisfaction. Most vendors count the two top boxes.
        pub definition: CsatDefinition = CsatDefinition::Top2,
        /// Lowest and highest rating. Left out: 1 to 5, and 0 to 1 for good and bad.
        pub scale: Option<Scale> = None,
        /// The lowest satisfied rating of `top2`. Left out: the two top boxes.
        pub satisfied_from: Option<i64> = None,
        /// What `percent_of_max` takes as nothing. By default the lowest rating, so that the range is 0 to 100.
        pub origin: Origin = Origin::ZeroBased,
        /// Which ratings of one conversation count. By default all, because not every table names conversations.
        pub repeats: RatingRepeats = RatingRepeats::All,
        /// In which period a rating counts. By default that of the rating.
        pub attribution: RatingAttribution = RatingAttribution::Answered,
        /// How the interval of a share is computed; `percent_of_max` has a t interval.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {
        /// The two top boxes. https://chatwoot.help/hc/user-guide/en/categories/reports
        Chatwoot { definition: CsatDefinition::Top2 }
        /// The two top boxes, in the period of the close. https://docs.vortexiq.ai/nerve-centre/kpi-cards/intercom/csat (third party)
        Intercom { definition: CsatDefinition::Top2, attribution: RatingAttribution::Closed }
        /// 9 and 10 on the scale of 1 to 10. https://www.questionpro.com/help/customer-experience/csat-cx.html
        Questionpro { definition: CsatDefinition::Top2, scale: Some(Scale::new(1, 10)) }
        /// Sum over n times the highest rating. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket { definition: CsatDefinition::PercentOfMax, origin: Origin::OneBased }
        /// Average index over the highest index, from 0. https://help.smartsurvey.co.uk/article/customer-satisfaction-calculations
        Smartsurvey { definition: CsatDefinition::PercentOfMax, origin: Origin::ZeroBased }
        /// The two top boxes. https://www.sogosurvey.com/help/introduction-to-customer-satisfaction-csat/
        Sogosurvey { definition: CsatDefinition::Top2 }
        /// Good over good and bad. https://intercom.help/scorebuddy-b32c18522ac7/en/articles/9610976-satisfaction-metrics (third party)
        Zendesk { definition: CsatDefinition::GoodBad }
    }
}

static CARD: Card = Card {
    id: "csat",
    name: "Customer satisfaction",
    question: "Which share of the customers who rated us was satisfied?",
    formula: "top2: 100 * ratings in the two top boxes / ratings; percent_of_max: 100 * (mean - origin) / (highest - origin); good_bad: 100 * good / (good + bad)",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "surveys",
    key: "survey_id",
    inputs: &[
        "score?",
        "label?",
        "answered_at?",
        "kind?",
        "excluded?",
        "conversation_id?",
        "scale_min?",
        "scale_max?",
        "conversations.closed_at?",
    ],
    dimensions: &[],
    attributes: &[],
    values: Some("score"),
    aliases: &[
        ("csat_top2", r#"{"definition": "top2"}"#),
        ("csat_percent_of_max", r#"{"definition": "percent_of_max"}"#),
        ("csat_good_bad", r#"{"definition": "good_bad"}"#),
    ],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://www.sogosurvey.com/help/introduction-to-customer-satisfaction-csat/",
        "https://help.smartsurvey.co.uk/article/customer-satisfaction-calculations",
        "https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score",
        super::source::WILSON,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Csat;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        let usual =
            if choices.definition == CsatDefinition::GoodBad { Scale::new(0, 1) } else { Scale::ONE_TO_FIVE };
        let scale = *choices.scale.get_or_insert(usual);
        if choices.definition == CsatDefinition::Top2 {
            choices.satisfied_from.get_or_insert(scale.high() - 1);
        }
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let good_bad = choices.definition == CsatDefinition::GoodBad;
        let scale = choices.scale.unwrap_or(Scale::ONE_TO_FIVE);
        // Words have no scale, and rows that carry both may declare that of their score.
        let rows = answers(Some("csat"), (!good_bad).then_some(scale));
        let percent = Percent { interval: choices.interval };
        Ok(match choices.definition {
            CsatDefinition::Top2 => {
                let satisfied_from = choices.satisfied_from.unwrap_or(scale.high() - 1);
                if satisfied_from <= scale.low() || satisfied_from > scale.high() {
                    let message = format!(
                        "satisfied_from {satisfied_from} leaves no one to be dissatisfied or satisfied on a scale of {scale}"
                    );
                    return Err(Error::invalid(message));
                }
                let measure = AtLeast { scale, least: satisfied_from, names: &["dissatisfied", "satisfied"] };
                choices.planned::<Counts<2>, _, _>(rows, measure, percent).ratio()
            }
            CsatDefinition::PercentOfMax => {
                let origin = if choices.origin == Origin::ZeroBased { scale.low() } else { 0 };
                if origin >= scale.high() {
                    return Err(Error::invalid(format!("one_based needs a scale above 0, not {scale}")));
                }
                let formula = PercentOfMaximum { scale, origin };
                choices.planned::<Integers, _, _>(rows, Rating { scale }, formula)
            }
            CsatDefinition::GoodBad => {
                choices.planned::<Counts<2>, _, _>(rows, GoodBad { scale }, percent).ratio()
            }
        })
    }
}

impl Choices {
    /// Ratings one by one, or those of each conversation together where the policy speaks of conversations.
    fn planned<S, M, F>(&self, rows: RowView, measure: M, formula: F) -> Planned
    where
        S: Summary<M::Value>,
        M: RowMeasure + 'static,
        F: Formula<S> + 'static,
    {
        let keep = if self.repeats == RatingRepeats::Latest { Keep::Latest } else { Keep::All };
        let attribution = match self.attribution {
            RatingAttribution::Answered => Attribution::Answered,
            RatingAttribution::Closed => Attribution::Closed,
        };
        if (keep, attribution) == (Keep::All, Attribution::Answered) {
            return Planned::new(Pipeline::<_, _, S>::rows(rows, measure, formula));
        }
        let closed_at = (attribution == Attribution::Closed).then_some(("conversations", "closed_at"));
        let in_time = keep != Keep::All;
        let view = ByEntity { rows, entity: "conversation_id", in_time, closed_at };
        let measure = OfEntity { answer: measure, keep, attribution };
        Planned::new(Pipeline::<_, _, S>::entities(view, measure, formula))
    }
}

/// Whether a score reaches a bound.
pub(crate) struct AtLeast {
    pub(crate) scale: Scale,
    pub(crate) least: i64,
    pub(crate) names: &'static [&'static str; 2],
}

/// Whether a unit is in the numerator, and what that is called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) yes: bool,
    names: &'static [&'static str; 2],
}

impl Class for Verdict {
    fn class(&self) -> usize {
        usize::from(self.yes)
    }
}

impl Value for Verdict {
    fn number(&self) -> Option<f64> {
        Some(f64::from(u8::from(self.yes)))
    }

    fn label(&self) -> Option<&'static str> {
        self.names.get(self.class()).copied()
    }
}

impl RowMeasure for AtLeast {
    type Value = Verdict;

    fn inputs(&self) -> &[Input] {
        &[SCORE]
    }

    fn row(&self, row: &Row<'_>) -> Fate<Verdict> {
        match score(row.read(0), self.scale) {
            Ok(score) => Fate::Observed(Verdict { yes: score >= self.least, names: self.names }),
            Err(fate) => fate,
        }
    }

    fn decided_by_first_input(&self) -> bool {
        true
    }
}

/// Ratings in words, or of two values.
struct GoodBad {
    scale: Scale,
}

impl RowMeasure for GoodBad {
    type Value = Verdict;

    fn inputs(&self) -> &[Input] {
        &super::LABEL_OR_SCORE
    }

    fn row(&self, row: &Row<'_>) -> Fate<Verdict> {
        let verdict = |yes| Fate::Observed(Verdict { yes, names: &["bad", "good"] });
        let of_label = |label: &str| match label {
            "good" => Some(verdict(true)),
            "bad" => Some(verdict(false)),
            "offered" | "unoffered" => Some(Fate::Missing),
            _ => None,
        };
        let of_score = |reading: Reading<'_>| match score::<Verdict>(reading, self.scale) {
            Ok(score) if score == self.scale.high() => verdict(true),
            Ok(score) if score == self.scale.low() => verdict(false),
            // Neither good nor bad, as an offer that was not taken.
            Ok(_) => Fate::Missing,
            Err(fate) => fate,
        };
        label_or_score(row, self.scale, of_label, of_score)
    }
}

/// CSAT of plain ratings from 1 to 5, by the default policy.
///
/// ```
/// assert_eq!(tenure::csat([5, 4, 3, 1, 5])?.value, Some(60.0));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn csat<'a>(ratings: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, ratings.into())
}
