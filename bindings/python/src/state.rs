//! States: what a computation remembers, to be merged elsewhere.

use crate::detach::detached;
use crate::json::from_json;
use crate::rows::Answers;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// What a computation remembers: exact, mergeable in any order, serialisable.
///
/// States pickle, so that they travel through multiprocessing, Spark and the like.
///
/// Examples
/// --------
/// >>> book = tenure.Book(surveys={"survey_id": [1, 2, 3, 4], "score": [10, 9, 7, 3]})
/// >>> parts = [book.partial("nps", part=part, of=4, as_of="2026-07-01") for part in range(4)]
/// >>> whole = parts[0].merge(parts[1]).merge(parts[2]).merge(parts[3])
/// >>> whole.finish().only().value
/// 25.0
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct State {
    state: tenure::State,
}

impl State {
    pub(crate) fn new(state: tenure::State) -> Self {
        Self { state }
    }
}

#[pymethods]
impl State {
    /// The id of the KPI.
    #[getter]
    fn kpi(&self) -> &str {
        self.state.kpi()
    }

    /// The request that the state answers, everything resolved.
    #[getter]
    fn request<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let request = from_json(py, &self.state.request().to_json())?;
        for field in ["start", "end", "as_of"] {
            // As text, which can be asked again.
            if let Ok(micros) = request.get_item(field).and_then(|at| at.extract::<i64>())
                && let Some(at) = chrono::DateTime::from_timestamp_micros(micros)
            {
                request.set_item(field, at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))?;
            }
        }
        Ok(request)
    }

    /// A state of the rows of both; neither of the two changes.
    ///
    /// Parameters
    /// ----------
    /// other : State
    ///     A state of the same request; otherwise a StateMismatchError says what differs.
    ///
    /// Examples
    /// --------
    /// >>> request = dict(kpi="nps", as_of="2026-07-01")
    /// >>> one = tenure.Book(surveys={"score": [10, 9]}).partial(request)
    /// >>> two = tenure.Book(surveys={"score": [7, 3]}).partial(request)
    /// >>> one.merge(two).finish().only().value
    /// 25.0
    fn merge(&self, py: Python<'_>, other: &Bound<'_, Self>) -> PyResult<Self> {
        let other = &other.get().state;
        detached(py, || {
            let mut merged = self.state.clone();
            merged.merge(other)?;
            Ok(Self::new(merged))
        })
    }

    /// The answer. The state stays as it is.
    ///
    /// Examples
    /// --------
    /// >>> state = tenure.Book(surveys={"score": [10, 9]}).partial("nps", as_of="2026-07-01")
    /// >>> state.finish().only().n
    /// 2
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, Answers>> {
        let outcomes = detached(py, || self.state.finish())?;
        Answers::of(py, outcomes)
    }

    /// The state as bytes: equal states give equal bytes, in every language.
    ///
    /// Examples
    /// --------
    /// >>> state = tenure.Book(surveys={"score": [10, 9]}).partial("nps", as_of="2026-07-01")
    /// >>> state.encode()[:4]
    /// b'TNRS'
    fn encode<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &detached(py, || Ok(self.state.encode()))?))
    }

    /// Reads what `encode` wrote.
    ///
    /// Parameters
    /// ----------
    /// data : bytes
    ///     Damaged or foreign bytes are a CorruptStateError.
    ///
    /// Examples
    /// --------
    /// >>> state = tenure.Book(surveys={"score": [10, 9]}).partial("nps", as_of="2026-07-01")
    /// >>> tenure.State.decode(state.encode()) == state
    /// True
    #[staticmethod]
    #[pyo3(signature = (data, /))]
    fn decode(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        detached(py, || tenure::State::decode(data)).map(Self::new)
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let other = &other.get().state;
        detached(py, || Ok(self.state.encode() == other.encode()))
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.state.encode().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let decode = slf.get_type().getattr("decode")?;
        Ok((decode, (slf.get().encode(slf.py())?,)))
    }

    fn __repr__(&self) -> String {
        format!("State of {}", self.state.request().to_json())
    }
}
