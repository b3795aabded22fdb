//! Support, service or success: the classifier of interactions.

use crate::buffer::Buffer;
use crate::error::{Error, c_text};
use crate::guard::{Failure, guard, read};
use crate::pointer::{give, given, values};
use crate::result::ResultTable;
use crate::status::Status;
use crate::table::Table;
use crate::texts::{Question, options_of};
use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::ptr::null;
use tenure_core::classify::{ClassifyOptions, FitOptions};

/// Says what interactions are for: support, service or success. It belongs to the caller, who frees it with
/// `tenure_classifier_free`. Several threads may ask it at once.
pub struct Classifier {
    classifier: Cow<'static, tenure_core::classify::Classifier>,
    id: CString,
}

impl Classifier {
    fn new(classifier: Cow<'static, tenure_core::classify::Classifier>) -> Self {
        Self { id: c_text(classifier.id()), classifier }
    }

    fn own(classifier: tenure_core::classify::Classifier) -> Self {
        Self::new(Cow::Owned(classifier))
    }

    fn standard() -> Result<Self, Failure> {
        Ok(Self::new(Cow::Borrowed(tenure_core::classify::Classifier::standard()?)))
    }

    fn classify(&self, question: Question<'_, ClassifyOptions>) -> Result<(), Failure> {
        let ask = |rows: &tenure_core::Table<'_>, options: &_| self.classifier.classify_table(rows, options);
        question.answer(ask, tenure_arrow::classifications)
    }
}

/// Tells something of a classifier as bytes.
fn told(
    classifier: Option<&Classifier>,
    (bytes, name): (Option<&mut MaybeUninit<*mut Buffer>>, &str),
    error: Option<&mut MaybeUninit<*mut Error>>,
    tell: impl FnOnce(&tenure_core::classify::Classifier) -> Result<Buffer, Failure>,
) -> Status {
    guard(error, || {
        let (classifier, bytes) = (given(classifier, "classifier")?, given(bytes, name)?);
        give(bytes, tell(&classifier.classifier)?);
        Ok(())
    })
}

/// What are the rows of a table of `interactions` for? By the standard classifier, as `tenure_classifier_classify` does it. The
/// caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_classify(
    interactions: Option<&Table>,
    options: *const c_char,
    options_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (table, options) = ((interactions, "interactions"), (options, options_len));
        // SAFETY: the rules for pointers in tenure.h.
        let question = unsafe { Question::read(table, options, ClassifyOptions::from_json, result) }?;
        Classifier::standard()?.classify(question)
    })
}

/// Which classifier comes with the library? It is for English, Indonesian, Swedish, Thai and Turkish. The caller frees
/// the handle.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_classifier_standard(
    classifier: Option<&mut MaybeUninit<*mut Classifier>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        give(given(classifier, "classifier")?, Classifier::standard()?);
        Ok(())
    })
}

/// What does a classifier learn from one's own rows? From a table of `interactions` with a column `label` (`support`,
/// `service`, `success`; rows without are skipped), and `language` and `group` if there are any: rows of a group are
/// either learned from or tested on, never both. `options` is a JSON object or NULL and 0: `{"adapt": true, "folds": 5,
/// "regularisation": 1, "name": "own"}`. The table is only read, and may have any name. The caller frees the classifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_classifier_fit(
    labelled: Option<&Table>,
    options: *const c_char,
    options_len: usize,
    classifier: Option<&mut MaybeUninit<*mut Classifier>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (table, classifier) = (given(labelled, "labelled")?, given(classifier, "classifier")?);
        // SAFETY: the rules for pointers in tenure.h.
        let options = unsafe { options_of(options, options_len, FitOptions::from_json) }?;
        let rows = table.frame.table(&table.name)?;
        give(classifier, Classifier::own(tenure_core::classify::Classifier::fit_table(&rows, &options)?));
        Ok(())
    })
}

/// What are the rows of a table of `interactions` for? One row each, in order: its ids (columns that end in `_id`), times
/// (`_at`) and `manager`; `label`, which is empty where the classifier abstained; `p_support`, `p_service`,
/// `p_success`, which sum to 1, and `p_service_any`, the sum of the first two; `abstained`; seven scores from -1 (how
/// service works) to 1 (how success works), `axis_initiative` to `axis_departments`; `evidence`, whose text is JSON;
/// `language`, `ignored`, `model`.
///
/// `options` is a JSON object or NULL and 0: `{"threshold": 0.45, "evidence": 5, "strip": {"markup": true, "quotes": true,
/// "signature": true}, "max_characters": 20000}`; without `evidence` none is given. The table is only read, and may have
/// any name; it comes from plain columns or from Arrow. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_classifier_classify(
    classifier: Option<&Classifier>,
    interactions: Option<&Table>,
    options: *const c_char,
    options_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let classifier = given(classifier, "classifier")?;
        let (table, options) = ((interactions, "interactions"), (options, options_len));
        // SAFETY: the rules for pointers in tenure.h.
        let question = unsafe { Question::read(table, options, ClassifyOptions::from_json, result) }?;
        classifier.classify(question)
    })
}

/// Which classifier is it? Its name and a checksum of all that it knows: equal ids give equal answers. NULL for NULL; the
/// text belongs to the classifier.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_classifier_id(classifier: Option<&Classifier>) -> *const c_char {
    read(null(), || classifier.map_or(null(), |classifier| classifier.id.as_ptr()))
}

/// Which languages does it detect? A JSON list: `["en", "id", "sv", "th", "tr"]`. The caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_classifier_languages(
    classifier: Option<&Classifier>,
    json: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    told(classifier, (json, "json"), error, |classifier| {
        Buffer::json(&classifier.languages().collect::<Vec<_>>())
    })
}

/// How good is it, with groups of rows that it was not trained with? By cross-validation. A JSON object: `rows`, `accuracy`,
/// `macro_f1`, `success_accuracy`, `calibration_error`, `log_loss`, `labels`, `confusion`, `abstention`, `languages`. The
/// caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_classifier_metrics(
    classifier: Option<&Classifier>,
    json: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    told(classifier, (json, "json"), error, |classifier| Buffer::json(classifier.metrics()))
}

/// How is the classifier stored? As versioned bytes with a checksum, which every language reads. Equal classifiers give
/// equal bytes. The caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_classifier_save(
    classifier: Option<&Classifier>,
    bytes: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    told(classifier, (bytes, "bytes"), error, |classifier| Ok(Buffer::new(classifier.save())))
}

/// Which classifier do these bytes hold? Foreign or damaged bytes are `TENURE_STATUS_CORRUPT_STATE`. The bytes are
/// copied; the caller frees the classifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_classifier_load(
    bytes: *const c_char,
    len: usize,
    classifier: Option<&mut MaybeUninit<*mut Classifier>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let classifier = given(classifier, "classifier")?;
        // SAFETY: the rules for pointers in tenure.h.
        let bytes = unsafe { values(bytes.cast::<u8>(), len, "bytes") }?;
        give(classifier, Classifier::own(tenure_core::classify::Classifier::load(bytes)?));
        Ok(())
    })
}

/// Frees a classifier. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_classifier_free(classifier: Option<Box<Classifier>>) {
    read((), || drop(classifier));
}
