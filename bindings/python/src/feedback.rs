//! What customers say in their comments.

use crate::error::OrRaise;
use crate::json::to_map;
use crate::rows::Rows;
use crate::texts::{Texts, texts_options};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tenure::classify::{FeedbackOptions, FeedbackReader};

const COMMENTS: Texts = Texts { table: "surveys", column: "comment" };

/// What customers say in their comments: how content they are, and with what.
///
/// **Question.** Does a comment praise or complain, how sure is that, and what is it about?
///
/// `p_negative + p_neutral + p_positive = 1`; `polarity = p_positive - p_negative`, whose mean over many comments is the net
/// sentiment. What a score adds beside the words is stated, not learned: alone it decides, beside a text it settles what
/// the words leave open. Themes are `documentation`, `ease_of_use`, `features`, `integrations`, `mobile`, `onboarding`,
/// `performance`, `price`, `reliability` and `support_quality`, and your own.
///
/// Parameters
/// ----------
/// comments : table, dict, list of str or str
///     A table such as `surveys` with `comment` (or `text`), and any of `score`, `scale_min`, `scale_max` and `kind`; or one row
///     as a dict; or texts alone.
/// threshold : float, optional
///     Give no sentiment when the likeliest is less likely than this; 0 unless given.
/// evidence : int, optional
///     How many pieces of evidence to give; 5 unless given. With 0 no mentions are told either, which is faster.
/// strip : bool or dict, optional
///     What to leave out of texts: `{"markup": True, "quotes": True, "signature": True}`, all of it unless given.
/// max_characters : int, optional
///     How many characters of a text to look at, after stripping; 20,000 unless given.
/// themes : dict, optional
///     Themes of your own: for each its stems and phrases in any language, `{"delivery": ["deliver", "courier"]}`. One of a
///     built-in's name takes its place.
/// built_in_themes : bool, optional
///     Whether to look for the built-in themes too; True unless given.
///
/// Returns
/// -------
/// Rows
///     One row per comment, in order: its ids (columns that end in `_id`), times (`_at`) and `manager` as they are, `sentiment`
///     (`negative`, `neutral` or `positive`; None where there is nothing to go by), `p_negative`, `p_neutral`,
///     `p_positive`, `polarity`, `themes` (a list; None where there is no text), `evidence` (a list of `what`, `value`,
///     `start`, `end`, `pushes`, `weight`), `mentions` (a list of `theme`, `value`, `start`, `end`), `language`,
///     `score_ignored` (a score that is off its scale, or of no known scale) and `model`. As columns of `surveys` they are
///     what `sentiment_net`, `sentiment_mean` and the KPIs of themes read.
///
/// Raises
/// ------
/// MissingColumnError
///     The table has neither a comment nor a text nor a score.
/// WrongTypeError
///     A column holds something else than it should.
/// InvalidRequestError
///     An option is unknown or out of range.
///
/// Examples
/// --------
/// >>> said = tenure.feedback(["Lovely app, so easy to use!", "Far too expensive and it crashes every day", None])
/// >>> said["sentiment"]
/// ['positive', 'negative', None]
/// >>> said["themes"]
/// [['ease_of_use'], ['price', 'reliability'], None]
#[pyfunction]
#[pyo3(signature = (comments, /, **options))]
pub(crate) fn feedback(comments: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Rows> {
    let py = comments.py();
    let given = options.map(|given| to_map(given)).transpose()?.unwrap_or_default();
    let options = FeedbackOptions::from_json(&texts_options(given)).or_raise(py)?;
    let reader = FeedbackReader::standard().or_raise(py)?;
    COMMENTS.answer(comments, |table| reader.read_table(table, &options), tenure_arrow::feedback)
}
