//! The voice of the customer: what people answer when they are asked.
//!
//! Nearly all of these KPIs read the `surveys` table. A unit is an answer: a row with an `answered_at` (or any row, if
//! the table has no such column).

pub mod ces;
pub mod ces_index;
pub mod ces_mean;
pub mod coding_agreement;
pub mod comment_rate;
pub mod csat;
pub mod csat_mean;
pub mod happiness_score;
pub mod nps;
pub mod nps_account;
pub mod nps_account_mean;
pub mod nps_delta;
pub mod nps_distribution;
pub mod sentiment_mean;
pub mod sentiment_net;
pub mod survey_response_rate;
pub mod theme_impact;
pub mod theme_score;
pub mod theme_share;

pub use ces::{Ces, CesDefinition, ces};
pub use ces_index::{CesIndex, ces_index};
pub use ces_mean::{CesMean, Direction, ces_mean};
pub use coding_agreement::{AgreementDefinition, CodingAgreement};
pub use comment_rate::CommentRate;
pub use csat::{Csat, CsatDefinition, Origin, RatingAttribution, RatingRepeats, csat};
pub use csat_mean::{CsatMean, csat_mean};
pub use happiness_score::HappinessScore;
pub use nps::{Nps, Repeats, nps};
pub use nps_account::NpsAccount;
pub use nps_account_mean::NpsAccountMean;
pub use nps_delta::{Against, ChangeStatistic, NpsDelta};
pub use nps_distribution::NpsDistribution;
pub use sentiment::Sentiment;
pub use sentiment_mean::SentimentMean;
pub use sentiment_net::{PerComments, SentimentNet};
pub use survey_response_rate::{ResponseDenominator, ResponseState, SurveyResponseRate};
pub use theme_impact::ThemeImpact;
pub use theme_score::{ThemeBase, ThemeScore};
pub use theme_share::ThemeShare;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &nps::Definition,
    &nps_distribution::Definition,
    &nps_account::Definition,
    &nps_account_mean::Definition,
    &nps_delta::Definition,
    &csat::Definition,
    &csat_mean::Definition,
    &happiness_score::Definition,
    &ces::Definition,
    &ces_mean::Definition,
    &ces_index::Definition,
    &survey_response_rate::Definition,
    &comment_rate::Definition,
    &sentiment_mean::Definition,
    &sentiment_net::Definition,
    &theme_share::Definition,
    &theme_score::Definition,
    &theme_impact::Definition,
    &coding_agreement::Definition,
];

mod of_entity;
mod rating;
mod sentiment;
mod themes;
mod three_way;

pub use crate::formula::ProportionInterval;
pub use themes::ThemesFrom;
pub use three_way::TrinomialInterval;

use crate::catalog::{Kpi, Planned};
use crate::column::Reading;
use crate::compute::{Pipeline, Row, RowView, Untimed};
use crate::formula::Formula;
use crate::measure::{Fate, Input, InputKind, Reason, RowMeasure};
use crate::policy::Scale;
use crate::summary::Summary;
use crate::view::ByEntity;
use of_entity::{Attribution, Keep, OfEntity};

/// The answers to one kind of survey, on one scale.
pub(crate) fn answers(kind: Option<&'static str>, scale: Option<Scale>) -> RowView {
    RowView {
        table: "surveys",
        key: "survey_id",
        time: &["answered_at"],
        untimed: Untimed::Fault,
        kind,
        excluded: &["excluded"],
        scale,
    }
}

/// The answers of each respondent, account or conversation, of which the policy says which count.
pub(crate) fn of_entity<F, S, M>(
    rows: RowView,
    entity: &'static str,
    keep: Keep,
    (measure, formula): (M, F),
) -> Planned
where
    F: Formula<S> + 'static,
    S: Summary<M::Value>,
    M: RowMeasure + 'static,
{
    let view = ByEntity { rows, entity, in_time: keep != Keep::All, closed_at: None };
    let measure = OfEntity { answer: measure, keep, attribution: Attribution::Answered };
    Planned::new(Pipeline::<_, _, S>::entities(view, measure, formula))
}

/// The score column, which most of these KPIs need.
pub(crate) const SCORE: Input = Input::required("score", InputKind::Number);

const OUT_OF_RANGE: Reason = Reason::new("score", "out_of_range", "is outside the scale");
const NOT_WHOLE: Reason = Reason::new("score", "not_whole", "is not a whole number");

/// An answer on a scale, or why it is none.
#[inline]
pub(crate) fn score<V>(reading: Reading<'_>, scale: Scale) -> Result<i64, Fate<V>> {
    match reading {
        Reading::Missing => Err(Fate::Missing),
        Reading::Whole(score) => match i64::try_from(score) {
            Ok(score) if scale.low() <= score && score <= scale.high() => Ok(score),
            _ => Err(Fate::Invalid(OUT_OF_RANGE)),
        },
        _ => Err(Fate::Invalid(NOT_WHOLE)),
    }
}

/// The inputs of ratings that come in words or as scores.
pub(crate) const LABEL_OR_SCORE: [Input; 4] = [
    Input::optional("label", InputKind::Text),
    Input::optional("score", InputKind::Number),
    Input::optional("scale_min", InputKind::Number),
    Input::optional("scale_max", InputKind::Number),
];

const UNKNOWN_LABEL: Reason = Reason::new("label", "unknown_label", "is not one of the answers");

const OTHER_SCALE: Reason = Reason::new("score", "other_scale", "is on another scale, as its row declares");

/// An answer in words or, where there is no label, on a scale. Words have no scale; a score has.
pub(crate) fn label_or_score<V>(
    row: &Row<'_>,
    scale: Scale,
    of_label: impl Fn(&str) -> Option<Fate<V>>,
    of_score: impl Fn(Reading<'_>) -> Fate<V>,
) -> Fate<V> {
    let [label, score_input, low, high] = [0, 1, 2, 3];
    let is = |end: usize, expected: i64| {
        matches!(row.read(end), Reading::Missing) || row.read(end) == Reading::Whole(i128::from(expected))
    };
    match row.read(label).unless_blank() {
        Reading::Text(text) => of_label(text).unwrap_or(Fate::Invalid(UNKNOWN_LABEL)),
        _ if row.read(score_input) == Reading::Missing => Fate::Missing,
        _ if !is(low, scale.low()) || !is(high, scale.high()) => Fate::Invalid(OTHER_SCALE),
        _ => of_score(row.read(score_input)),
    }
}

/// Sources that several of these KPIs share.
pub(crate) mod source {
    pub(crate) const WILSON: &str =
        "Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22";
    pub(crate) const ADJUSTED_WALD: &str = "Rocks (2016), Interval estimation for the Net Promoter Score, The American Statistician 70; https://measuringu.com/nps-confidence-intervals/";
}
