//! Support, service or success: the classifier of interactions.

use crate::detach::detached;
use crate::error::OrRaise;
use crate::json::{from_json, to_map};
use crate::rows::Rows;
use crate::texts::{Texts, texts_options};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use serde_json::Value;
use std::borrow::Cow;
use tenure::classify::{ClassifyOptions, FitOptions};
use tenure::{Error, ErrorKind};
use tenure_arrow::classifications;

const INTERACTIONS: Texts = Texts { table: "interactions", column: "text" };

/// The options of classifying, from keywords.
fn classify_options(py: Python<'_>, given: Option<&Bound<'_, PyDict>>) -> PyResult<ClassifyOptions> {
    let given = given.map(|given| to_map(given)).transpose()?.unwrap_or_default();
    ClassifyOptions::from_json(&texts_options(given)).or_raise(py)
}

/// What interactions are for: support, service or success, by the standard classifier.
///
/// **Question.** What is the dominant purpose of each contact with a customer, how sure is that, and what says so?
///
/// `p_support + p_service + p_success = 1`; `p_service_any = p_support + p_service`, because support is a part of service in
/// the wide sense. `label` is the likeliest of the three, and None (`abstained`) where it is less likely than `threshold`
/// or there is nothing to go by.
///
/// Parameters
/// ----------
/// interactions : table, dict, list of str or str
///     A table of `interactions` with any of the columns `text`, `author`, `channel`, `trigger`, `purchase_phase`,
///     `lifecycle_stage`, `scope`, `horizon_days`, `transactional`, `departments`, `outcome_measure`,
///     `conversation_id` and `goal_id`; or one row as a dict; or texts alone.
/// threshold : float, optional
///     Abstain when the likeliest label is less likely than this; 0.45 unless given.
/// evidence : int, optional
///     How many pieces of evidence to give; 5 unless given. With 0 it is faster.
/// strip : bool or dict, optional
///     What to leave out of texts: `{"markup": True, "quotes": True, "signature": True}`, all of it unless given.
/// max_characters : int, optional
///     How many characters of a text to look at, after stripping; 20,000 unless given.
///
/// Returns
/// -------
/// Rows
///     One row per interaction, in order: its ids (columns that end in `_id`), times (`_at`) and `manager` as they are, `label`,
///     `p_support`, `p_service`, `p_success`, `p_service_any`, `abstained`, seven scores from -1 (how service works) to 1
///     (how success works) `axis_initiative` to `axis_departments`, `evidence` (a list of `what`, `value`, `start`,
///     `end`, `pushes`, `weight`), `language`, `ignored` (how many fields held an unknown word) and `model`.
///
/// Raises
/// ------
/// WrongTypeError
///     A column holds something else than it should.
/// InvalidRequestError
///     An option is unknown or out of range.
///
/// Examples
/// --------
/// >>> labelled = tenure.classify([
/// ...     {"interaction_id": 1, "text": "The export fails with error 500", "author": "customer"},
/// ...     {"interaction_id": 2, "text": "Where is the invoice for my order?"},
/// ...     {"interaction_id": 3, "text": "Let us review your goals for the next quarter", "author": "company"},
/// ...     {"interaction_id": 4, "text": "  "},
/// ... ])
/// >>> labelled["label"]
/// ['support', 'service', 'success', None]
/// >>> labelled[0]["p_service_any"] == labelled[0]["p_support"] + labelled[0]["p_service"]
/// True
#[pyfunction]
#[pyo3(signature = (interactions, /, **options))]
pub(crate) fn classify(
    interactions: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Rows> {
    Classifier::standard(interactions.py())?.classify(interactions, options)
}

/// Says what interactions are for, and can be trained with rows of one's own.
///
/// `Classifier.standard()` comes with the package, for English, Indonesian, Swedish, Thai and Turkish;
/// `Classifier.fit(labelled)` learns from a company's own labels. Classifiers pickle, and equal ones give equal answers.
///
/// Examples
/// --------
/// >>> classifier = tenure.Classifier.standard()
/// >>> classifier.classify("Where is my parcel?")["label"]
/// ['service']
/// >>> sorted(classifier.languages)
/// ['en', 'id', 'sv', 'th', 'tr']
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct Classifier {
    classifier: Cow<'static, tenure::classify::Classifier>,
}

impl Classifier {
    fn own(classifier: tenure::classify::Classifier) -> Self {
        Self { classifier: Cow::Owned(classifier) }
    }
}

#[pymethods]
impl Classifier {
    /// The classifier that comes with the package.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Classifier.standard().id.split("-")[0]
    /// 'standard'
    #[staticmethod]
    fn standard(py: Python<'_>) -> PyResult<Self> {
        let classifier = detached(py, tenure::classify::Classifier::standard)?;
        Ok(Self { classifier: Cow::Borrowed(classifier) })
    }

    /// Trains a classifier with rows whose label is known, and measures it by cross-validation.
    ///
    /// Parameters
    /// ----------
    /// labelled : table
    ///     A table of `interactions` with a column `label` (`support`, `service`, `success`; rows without are skipped),
    ///     and `language` (such as `sv`) and `group` if there are any. Rows of a group are either learned from or
    ///     tested on, never both: one's author or account. `text` and `label` are enough.
    /// adapt : bool, optional
    ///     Begin with the standard classifier, which needs few rows, or learn from these alone; True unless given.
    /// folds : int, optional
    ///     Into how many parts to divide the rows for the metrics, 2 to 20; 5 unless given.
    /// regularisation : float, optional
    ///     How strongly weights are held back: more for few or noisy rows; 1 unless given.
    /// name : str, optional
    ///     What its id begins with; `own` unless given.
    ///
    /// Raises
    /// ------
    /// MissingColumnError
    ///     There is no column `label`.
    /// InvalidRowError
    ///     A label is none of the three.
    /// InvalidRequestError
    ///     There are too few rows, or an option is unknown or out of range.
    ///
    /// Examples
    /// --------
    /// >>> labelled = {
    /// ...     "text": ["Printer on fire", "Printer jammed", "Send me an invoice", "Refund, please", "Our yearly goals",
    /// ...              "A training for the team"],
    /// ...     "label": ["support", "support", "service", "service", "success", "success"],
    /// ... }
    /// >>> classifier = tenure.Classifier.fit(labelled, folds=2, name="printers")
    /// >>> classifier.id.startswith("printers-"), classifier.metrics.rows
    /// (True, 6)
    #[staticmethod]
    #[pyo3(signature = (labelled, /, **options))]
    fn fit(labelled: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let py = labelled.py();
        let options = options.map(|given| to_map(given)).transpose()?.unwrap_or_default();
        let options = FitOptions::from_json(&Value::Object(options).to_string()).or_raise(py)?;
        let frame = INTERACTIONS.read(labelled)?;
        let fit = || tenure::classify::Classifier::fit_table(&frame.table(INTERACTIONS.table)?, &options);
        detached(py, fit).map(Self::own)
    }

    /// What interactions are for; takes and gives what `tenure.classify` does.
    ///
    /// Examples
    /// --------
    /// >>> labelled = tenure.Classifier.standard().classify(["The app crashes", "I want a refund"], evidence=1)
    /// >>> [(row["label"], row["evidence"][0]["pushes"]) for row in labelled]
    /// [('support', 'support'), ('service', 'service')]
    #[pyo3(signature = (interactions, /, **options))]
    fn classify(
        &self,
        interactions: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Rows> {
        let options = classify_options(interactions.py(), options)?;
        let ask = |table: &tenure::Table<'_>| self.classifier.classify_table(table, &options);
        INTERACTIONS.answer(interactions, ask, classifications)
    }

    /// Its name and a checksum of all that it knows: equal ids give equal answers.
    #[getter]
    fn id(&self) -> &str {
        self.classifier.id()
    }

    /// The languages that it detects.
    #[getter]
    fn languages(&self) -> Vec<&str> {
        self.classifier.languages().collect()
    }

    /// How good it is with groups of rows that it was not trained with, by cross-validation.
    #[getter]
    fn metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let text = serde_json::to_string(self.classifier.metrics())
            .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()));
        py.import("tenure.quality")?.getattr("Metrics")?.call1((from_json(py, &text.or_raise(py)?)?,))
    }

    /// Writes the classifier to a file, which every language reads.
    ///
    /// Parameters
    /// ----------
    /// path : str or path
    ///     A file that is there is replaced.
    ///
    /// Examples
    /// --------
    /// >>> import tempfile, pathlib
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     tenure.Classifier.standard().save(pathlib.Path(folder) / "interactions.model")
    /// ...     tenure.Classifier.load(pathlib.Path(folder) / "interactions.model") == tenure.Classifier.standard()
    /// True
    fn save(&self, path: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = path.py();
        file(path)?.call_method1("write_bytes", (self.encode(py)?,)).map(|_| ())
    }

    /// Reads a file that `save` wrote, in any language.
    ///
    /// Parameters
    /// ----------
    /// path : str or path
    ///     Damaged or foreign files are a CorruptStateError.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Classifier.load("nowhere.model")
    /// Traceback (most recent call last):
    /// FileNotFoundError: [Errno 2] No such file or directory: 'nowhere.model'
    #[staticmethod]
    fn load(path: &Bound<'_, PyAny>) -> PyResult<Self> {
        let bytes = file(path)?.call_method0("read_bytes")?;
        Self::decode(path.py(), bytes.cast::<PyBytes>()?.as_bytes())
    }

    /// The classifier as bytes: those that `save` writes.
    ///
    /// Examples
    /// --------
    /// >>> classifier = tenure.Classifier.standard()
    /// >>> tenure.Classifier.decode(classifier.encode()).id == classifier.id
    /// True
    fn encode<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &detached(py, || Ok(self.classifier.save()))?))
    }

    /// Reads what `encode` gave.
    ///
    /// Parameters
    /// ----------
    /// data : bytes
    ///     Damaged or foreign bytes are a CorruptStateError.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Classifier.decode(tenure.Classifier.standard().encode()) == tenure.Classifier.standard()
    /// True
    #[staticmethod]
    #[pyo3(signature = (data, /))]
    fn decode(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        detached(py, || tenure::classify::Classifier::load(data)).map(Self::own)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().id() == self.id())
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.id().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let decode = slf.get_type().getattr("decode")?;
        Ok((decode, (slf.get().encode(slf.py())?,)))
    }

    fn __repr__(&self) -> String {
        let metrics = self.classifier.metrics();
        format!(
            "Classifier {} for {}: accuracy {:.3}, macro-F1 {:.3} with {} rows in cross-validation",
            self.id(),
            self.languages().join(", "),
            metrics.accuracy,
            metrics.macro_f1,
            metrics.rows
        )
    }
}

/// A path of Python, whose errors name it.
fn file<'py>(path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    path.py().import("pathlib")?.getattr("Path")?.call1((path,))
}
