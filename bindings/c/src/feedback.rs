//! What customers say in their comments.

use crate::error::Error;
use crate::guard::guard;
use crate::result::ResultTable;
use crate::status::Status;
use crate::table::Table;
use crate::texts::Question;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use tenure_core::classify::{FeedbackOptions, FeedbackReader};

/// How content are customers, and with what? A table such as `surveys` with a column `comment` (or `text`), and `score`,
/// `scale_min`, `scale_max`, `kind` if there are any. One row each, in order: its ids (columns that end in `_id`), times
/// (`_at`) and `manager`; `sentiment` (`negative`, `neutral`, `positive`; empty where there is nothing to go by),
/// `p_negative`, `p_neutral`, `p_positive`, which sum to 1, and `polarity`, from -1 to 1; `themes`, `evidence` and
/// `mentions`, whose text is JSON; `language`, `score_ignored`, `model`.
///
/// `options` is a JSON object or NULL and 0: `{"threshold": 0, "evidence": 5, "strip": {"markup": true, "quotes": true,
/// "signature": true}, "max_characters": 20000, "themes": {"delivery": ["deliver", "courier"]}, "built_in_themes":
/// true}`; without `evidence` none is given. The table is only read, and may have any name; it comes from plain columns
/// or from Arrow. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_feedback(
    comments: Option<&Table>,
    options: *const c_char,
    options_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let options = (options, options_len);
        // SAFETY: the rules for pointers in tenure.h.
        let question =
            unsafe { Question::read((comments, "comments"), options, FeedbackOptions::from_json, result) }?;
        let reader = FeedbackReader::standard()?;
        question.answer(|rows, options| reader.read_table(rows, options), tenure_arrow::feedback)
    })
}
