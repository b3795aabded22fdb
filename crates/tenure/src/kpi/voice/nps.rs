//! # Net Promoter Score
//!
//! **Question.** How many more customers would recommend us than would not?
//!
//! **Definition.** Of the answers from 0 to 10: promoters answer 9 or 10, detractors 0 to 6.
//! `NPS = 100 * (promoters - detractors) / answers`, in points from -100 to 100. Passives count in the
//! denominator only. Nothing is rounded.
//!
//! **Example.** Of 10, 9, 7 and 3 two are promoters and one is a detractor: `100 * (2 - 1) / 4`.
//!
//! ```
//! let outcome = tenure::nps([10, 9, 7, 3])?;
//! assert_eq!(outcome.value, Some(25.0));
//! assert_eq!((outcome.numerator, outcome.denominator), (Some(1), Some(4)));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** No answers: undefined, never 0. A score of 11, -1 or 7.5 is invalid and counted; a missing
//! score is counted as missing. Another scale needs its bands to be named. Several answers of one respondent:
//! all of them, or the latest, by policy.
//!
//! **Merging and sources.** The state is three counts a cell; any split of the rows merges to the same bits, and
//! any split of the respondents when only their latest answers count. Vendors differ on repeated answers, on
//! answers without a score and on other scales (D19, D21). The interval is the adjusted Wald interval, which
//! Rocks (2016) found to cover best.

use super::of_entity;
use super::of_entity::Keep;
use super::three_way::{Bands, Points, Side, Sides, TrinomialInterval};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Column;
use crate::compute::{Moment, Pipeline, Row};
use crate::error::{Error, Result};
use crate::formula::Formula;
use crate::measure::{Fate, Input, InputKind, RowMeasure};
use crate::outcome::Outcome;
use crate::policy::{Scale, choice, policy};

choice! {
    /// Which answers of one respondent count.
    pub enum Repeats {
        /// Every answer: the score is of answers, not of people.
        All = "all",
        /// A respondent's latest answer in each period.
        LatestInPeriod = "latest_in_period",
        /// A respondent's latest answer up to `as_of`, in the period in which it was given.
        LatestEver = "latest_ever",
    }
}

policy! {
    /// The choices of the Net Promoter Score.
    pub struct Nps {
        /// Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`, because vendors map other scales differently.
        pub scale: Scale = Scale::ZERO_TO_TEN,
        /// The lowest answer of a promoter: 9 on the scale of 0 to 10, as the score's authors defined it.
        pub promoter_from: Option<i64> = None,
        /// The highest answer of a detractor: 6 on the scale of 0 to 10, as the score's authors defined it.
        pub detractor_to: Option<i64> = None,
        /// Which answers of one respondent count. By default all do, because not every table names respondents.
        pub repeats: Repeats = Repeats::All,
        /// Whether answers without a score enlarge the denominator. By default they do not: they say nothing of the score.
        pub no_score_in_denominator: bool = false,
        /// How the interval is computed. The default covers best for few and for many answers.
        pub interval: TrinomialInterval = TrinomialInterval::AdjustedWald,
    }
    presets {
        /// Answers without a score are part of n. https://support.customergauge.com/support/solutions/articles/5000782949-nps-nps-summary
        CustomerGauge { no_score_in_denominator: true }
        /// 5-point scale: 5 promotes, 1 to 3 detract. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket5 { scale: Scale::ONE_TO_FIVE, promoter_from: Some(5), detractor_to: Some(3) }
        /// 7-point scale: 7 promotes, 1 to 4 detract. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket7 { scale: Scale::ONE_TO_SEVEN, promoter_from: Some(7), detractor_to: Some(4) }
        /// Only a user's latest rating in the period. https://feedback.uservoice.com/knowledgebase/articles/253905-user-satisfaction-report
        UserVoice { repeats: Repeats::LatestInPeriod }
        /// All answers that are not flagged as excluded. https://docs.userpilot.com/user-feedback/nps/nps-responses
        Userpilot { repeats: Repeats::All }
        /// All answers that are not flagged as excluded. https://docs.wootric.com/api
        Wootric { repeats: Repeats::All }
    }
}

static CARD: Card = Card {
    id: "nps",
    name: "Net Promoter Score",
    question: "How many more customers would recommend us than would not?",
    formula: "100 * (promoters - detractors) / answers; promoters answer 9 or 10, detractors 0 to 6, of 0 to 10",
    unit: "points",
    range: Some((-100.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "answered_at?", "kind?", "excluded?", "respondent_id?", "scale_min?", "scale_max?"],
    dimensions: &[],
    attributes: &[],
    values: Some("score"),
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "Reichheld (2003), The one number you need to grow, Harvard Business Review 81",
        super::source::ADJUSTED_WALD,
        "https://docs.userpilot.com/user-feedback/nps/nps-responses",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Nps;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        usual_bands(choices.scale, &mut choices.promoter_from, &mut choices.detractor_to);
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = bands(choices.scale, choices.promoter_from, choices.detractor_to)?;
        let formula = Points::from(choices.interval);
        let measure = Answers { bands, no_score_in_denominator: choices.no_score_in_denominator };
        Ok(planned(choices.repeats, measure, formula).ratio())
    }
}

/// The bands of the scale of 0 to 10, where none are named.
pub(crate) fn usual_bands(scale: Scale, promoter_from: &mut Option<i64>, detractor_to: &mut Option<i64>) {
    if scale == Scale::ZERO_TO_TEN {
        promoter_from.get_or_insert(9);
        detractor_to.get_or_insert(6);
    }
}

/// Promoters, passives and detractors; every scale but 0 to 10 has to name its bands.
pub(crate) fn bands(scale: Scale, promoter_from: Option<i64>, detractor_to: Option<i64>) -> Result<Bands> {
    let (positive_from, negative_to) = match (promoter_from, detractor_to) {
        (Some(from), Some(to)) => (from, to),
        _ => {
            let message =
                format!("a scale of {scale} needs both promoter_from and detractor_to: vendors differ on it");
            return Err(Error::invalid(message));
        }
    };
    Bands { scale, positive_from, negative_to, names: &["promoter", "passive", "detractor"] }
        .checked("promoter_from", "detractor_to")
}

/// NPS answers with a formula over their sides: all of them, or each respondent's latest.
pub(crate) fn planned<F: Formula<Sides> + 'static>(
    repeats: Repeats,
    measure: Answers,
    formula: F,
) -> Planned {
    let rows = measure.bands.answers("nps");
    let latest = |keep| (rows.clone(), "respondent_id", keep);
    let (rows, respondent, keep) = match repeats {
        Repeats::All => return Planned::new(Pipeline::<_, _, Sides>::rows(rows, measure, formula)),
        Repeats::LatestInPeriod => latest(Keep::LatestInPeriod),
        Repeats::LatestEver => latest(Keep::Latest),
    };
    of_entity(rows, respondent, keep, (measure, formula))
}

/// Bands, and what an answer without a score is: missing, or one that only enlarges the denominator.
pub(crate) struct Answers {
    pub(crate) bands: Bands,
    pub(crate) no_score_in_denominator: bool,
}

impl RowMeasure for Answers {
    type Value = super::three_way::Sided;

    fn inputs(&self) -> &[Input] {
        // An answer without a score is told from no answer by its time.
        if self.no_score_in_denominator { &WITH_TIME } else { self.bands.inputs() }
    }

    fn row(&self, row: &Row<'_>) -> Fate<Self::Value> {
        match self.bands.row(row) {
            Fate::Missing if self.no_score_in_denominator && row.moment(1) != Moment::Absent => {
                Fate::Observed(self.bands.sided(Side::Unscored))
            }
            fate => fate,
        }
    }

    fn decided_by_first_input(&self) -> bool {
        !self.no_score_in_denominator
    }
}

const WITH_TIME: [Input; 2] = [super::SCORE, Input::required("answered_at", InputKind::Time)];

/// NPS of plain scores, by the default policy.
///
/// ```
/// assert_eq!(tenure::nps([10, 9, 7, 3])?.value, Some(25.0));
/// assert_eq!(tenure::nps(vec![None::<i64>])?.value, None);
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn nps<'a>(scores: impl Into<Column<'a>>) -> Result<Outcome> {
    crate::book::of_values(CARD.id, scores.into())
}
