//! Tables that go out: results, units, faults and the sample company. Plain rows to Python, a stream to Arrow.

use crate::capsule::export_stream;
use crate::detach::detached;
use crate::error::{OrRaise, invalid};
use crate::outcome::{Names, Outcome};
use crate::output::{dicts, key, time, values};
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyIterator, PyList, PySlice, PyString};
use std::sync::Arc;
use tenure::Outcomes;
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::RecordBatchIterator;
use tenure_arrow::arrow_array::ffi_stream::FFI_ArrowArrayStream;

/// A table, for any library that speaks Arrow and for plain Python.
///
/// It is what `units` and `faults` return and what the tables of the sample company are. Indexed by a name it
/// gives a column, by a number a row; iterating gives the rows as dicts.
///
/// Examples
/// --------
/// >>> book = tenure.Book(surveys={"score": [10, 42, 7]})
/// >>> faults = book.faults("nps")
/// >>> len(faults), faults.columns
/// (1, ['table', 'column', 'row', 'reason', 'text'])
/// >>> faults["row"]
/// [1]
#[pyclass(frozen, subclass, module = "tenure._tenure")]
pub(crate) struct Rows {
    frame: Frame,
}

impl Rows {
    pub(crate) fn new(frame: Frame) -> Self {
        Self { frame }
    }

    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    fn len(&self) -> usize {
        self.frame.rows()
    }

    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let Ok(at) = self.frame.schema.index_of(name) else {
            let columns = self.columns().join(", ");
            return Err(PyKeyError::new_err(format!("no column \"{name}\"; there are {columns}")));
        };
        let list = PyList::empty(py);
        for batch in &self.frame.batches {
            for value in values(py, batch.column(at))? {
                list.append(value)?;
            }
        }
        Ok(list)
    }
}

/// A function of the package's own Python modules.
fn python<'py>(py: Python<'py>, module: &str, function: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(module)?.getattr(function)
}

#[pymethods]
impl Rows {
    /// The names of the columns, in order.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.frame.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match index.cast::<PyString>() {
            Ok(name) => Ok(self.column(py, name.to_str()?)?.into_any()),
            Err(_) => self.to_dicts(py)?.get_item(index),
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.to_dicts(py)?.try_iter()
    }

    /// The rows as dicts; times are datetimes in the zone of the request, missing values are None.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"score": [10, 42, 7]})
    /// >>> book.faults("nps").to_dicts()[0]["reason"]
    /// 'out_of_range'
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let list = PyList::empty(py);
        for batch in &self.frame.batches {
            for row in dicts(py, batch)? {
                list.append(row)?;
            }
        }
        Ok(list.into_any())
    }

    /// The table as a pandas frame; needs pandas, but not pyarrow.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3]})
    /// >>> float(book.compute("nps").to_pandas().value[0])
    /// 25.0
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        python(slf.py(), "tenure._frames", "to_pandas")?.call1((slf,))
    }

    /// The table as a polars frame; needs polars.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3]})
    /// >>> book.compute("nps").to_polars()["value"][0]
    /// 25.0
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        python(slf.py(), "tenure._frames", "to_polars")?.call1((slf,))
    }

    /// The table as a pyarrow table; needs pyarrow.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3]})
    /// >>> book.compute("nps").to_arrow()["value"][0].as_py()
    /// 25.0
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        python(slf.py(), "tenure._frames", "to_arrow")?.call1((slf,))
    }

    /// The Arrow PyCapsule interface: any library that speaks it reads this table without a copy.
    ///
    /// Parameters
    /// ----------
    /// requested_schema : capsule, optional
    ///     Accepted as the protocol demands, and not used: the table goes out as it is.
    ///
    /// Examples
    /// --------
    /// >>> import polars
    /// >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3]})
    /// >>> polars.DataFrame(book.compute("nps"))["n"][0]
    /// 4
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = self.frame.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.frame.schema));
        export_stream(py, FFI_ArrowArrayStream::new(Box::new(reader)))
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        python(slf.py(), "tenure._show", "rows_text")?.call1((slf,))?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        python(slf.py(), "tenure._show", "rows_html")?.call1((slf,))?.extract()
    }
}

/// The answer to one request: a table of outcomes.
///
/// One row a period and group. Indexed by a number or iterated it gives outcomes, indexed by a name a column.
///
/// Examples
/// --------
/// >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3], "segment": ["smb", "smb", "smb", "enterprise"]})
/// >>> result = book.compute("nps", by="segment")
/// >>> [(outcome.by["segment"], outcome.value, outcome.n) for outcome in result]
/// [('enterprise', -100.0, 1), ('smb', 66.66666666666667, 3)]
/// >>> result["status"]
/// ['ok', 'ok']
#[pyclass(frozen, extends = Rows, name = "Result", module = "tenure._tenure")]
pub(crate) struct Answers {
    outcomes: Outcomes,
    names: Arc<Names>,
}

impl Answers {
    /// The Python object of an answer.
    pub(crate) fn of(py: Python<'_>, outcomes: Outcomes) -> PyResult<Bound<'_, Self>> {
        let (batch, outcomes) = detached(py, move || Ok((tenure_arrow::outcomes(&outcomes)?, outcomes)))?;
        let names = Arc::new(Names::of(&outcomes));
        let rows = Rows::new(Frame::from(batch));
        Bound::new(py, PyClassInitializer::from(rows).add_subclass(Self { outcomes, names }))
    }

    fn outcome(&self, row: &tenure::Outcome) -> Outcome {
        Outcome::new(row.clone(), Arc::clone(&self.names))
    }

    fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let outcomes = self.outcomes.iter().map(|row| Bound::new(py, self.outcome(row)));
        PyList::new(py, outcomes.collect::<PyResult<Vec<_>>>()?)
    }
}

#[pymethods]
impl Answers {
    /// The id of the KPI.
    #[getter]
    fn kpi(&self) -> &str {
        self.outcomes.kpi
    }

    /// What was known: rows with a later time read as absent.
    #[getter]
    fn as_of<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        time(py, self.outcomes.as_of, Some(&self.outcomes.zone))
    }

    /// The zone of the periods.
    #[getter]
    fn zone(&self) -> &str {
        &self.outcomes.zone
    }

    /// The names of the `by` columns.
    #[getter]
    fn by(&self) -> Vec<String> {
        self.outcomes.by.clone()
    }

    /// The names of the KPI's own dimensions.
    #[getter]
    fn dimensions(&self) -> Vec<&str> {
        self.outcomes.dimensions.clone()
    }

    fn __getitem__<'py>(slf: &Bound<'py, Self>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if let Ok(name) = index.cast::<PyString>() {
            return Ok(slf.as_super().get().column(py, name.to_str()?)?.into_any());
        }
        if index.is_instance_of::<PySlice>() {
            return slf.get().list(py)?.into_any().get_item(index);
        }
        let rows = &slf.get().outcomes.rows;
        let index: isize = index.extract()?;
        let from_end =
            if index < 0 { rows.len().checked_add_signed(index) } else { usize::try_from(index).ok() };
        match from_end.and_then(|at| rows.get(at)) {
            Some(row) => Ok(Bound::new(py, slf.get().outcome(row))?.into_any()),
            None => Err(PyIndexError::new_err(format!("the result has {} rows", rows.len()))),
        }
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.list(py)?.try_iter()
    }

    /// The outcome of a result that has exactly one row.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Book(surveys={"score": [10, 9, 7, 3]}).compute("nps").only().value
    /// 25.0
    fn only(&self, py: Python<'_>) -> PyResult<Outcome> {
        match self.outcomes.rows.as_slice() {
            [row] => Ok(self.outcome(row)),
            rows => Err(invalid(format!("the result has {} rows, not one", rows.len()))).or_raise(py),
        }
    }
}

/// Why one unit counted as it did: what was looked at, and what was found.
///
/// Examples
/// --------
/// >>> book = tenure.Book(surveys={"survey_id": ["a", "b"], "score": [10, 42]})
/// >>> [trace] = book.trace("nps", survey_id="b")
/// >>> trace.kpi, trace.row
/// ('nps', 1)
/// >>> all(isinstance(what, str) and isinstance(found, str) for what, found in trace.notes)
/// True
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct Trace {
    trace: tenure::Trace,
}

impl Trace {
    pub(crate) fn new(trace: tenure::Trace) -> Self {
        Self { trace }
    }
}

#[pymethods]
impl Trace {
    /// The id of the KPI.
    #[getter]
    fn kpi(&self) -> &str {
        self.trace.kpi
    }

    /// The row of the unit, counted from 0.
    #[getter]
    fn row(&self) -> u64 {
        self.trace.row
    }

    /// The steps: what was looked at, and what was found.
    #[getter]
    fn notes(&self) -> Vec<(String, String)> {
        self.trace.notes.iter().map(|note| (note.what.clone(), note.found.clone())).collect()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        python(slf.py(), "tenure._show", "trace_text")?.call1((slf,))?.extract()
    }
}

/// A dict of named keys: the `by` columns or the dimensions of an outcome.
pub(crate) fn named<'py>(
    py: Python<'py>,
    names: &[String],
    keys: &[tenure::Key],
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in names.iter().zip(keys) {
        dict.set_item(name, key(py, value)?)?;
    }
    Ok(dict)
}
