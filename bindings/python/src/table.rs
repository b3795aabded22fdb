//! Tables: whatever Python calls one, as Arrow record batches.

use crate::capsule::{import_array, import_stream, read_columns};
use crate::detach::detached;
use crate::error::{OrRaise, invalid, raised, wrong_type};
use crate::rows::Rows;
use crate::{buffer, values};
use pyo3::exceptions::{PyBaseException, PyException, PyImportError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList, PyString, PyTuple};
use std::sync::Arc;
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::cast::AsArray;
use tenure_arrow::arrow_array::{Array, ArrayRef, NullArray, RecordBatch, RecordBatchOptions};
use tenure_arrow::arrow_schema::{DataType, Field, Schema};

/// Where an error of a conversion lies.
pub(crate) struct Place<'p> {
    pub(crate) table: &'p str,
    pub(crate) column: &'p str,
}

impl Place<'_> {
    fn locate(&self, error: &tenure::Error) -> tenure::Error {
        let row = error.at().row;
        let at_row = row.map(|row| format!(", row {row}")).unwrap_or_default();
        let message =
            format!("column \"{}\" of table \"{}\"{at_row}: {}", self.column, self.table, error.message());
        let located = tenure::Error::new(error.kind(), message).in_table(self.table).in_column(self.column);
        match row {
            Some(row) => located.in_row(row),
            None => located,
        }
    }

    fn raise(&self, py: Python<'_>, error: &tenure::Error) -> PyErr {
        raised(py, &self.locate(error))
    }
}

/// A table of a book.
pub(crate) fn read(name: &str, object: &Bound<'_, PyAny>) -> PyResult<Frame> {
    if let Ok(rows) = object.cast::<Rows>() {
        return Ok(rows.get().frame().clone());
    }
    let type_name = object.get_type().name()?;
    if type_name.to_str().is_ok_and(|type_name| type_name == "LazyFrame") {
        // Its plan may be of any size: when it is run is the caller's choice.
        let message = format!(
            "table \"{name}\" is a LazyFrame, which has no rows yet; expected a frame: call .collect()"
        );
        return Err(wrong_type(message).in_table(name)).or_raise(object.py());
    }
    match through_arrow(name, object)? {
        Some(frame) => Ok(frame),
        None => through_columns(name, object),
    }
}

/// A table that is an Arrow stream or array, zero-copy.
fn through_arrow(name: &str, object: &Bound<'_, PyAny>) -> PyResult<Option<Frame>> {
    let py = object.py();
    if object.hasattr("__arrow_c_stream__")? {
        let stream = match import_stream(object) {
            Ok(stream) => stream,
            // pandas needs pyarrow for this; its columns come in on their own.
            Err(error) if error.is_instance_of::<PyImportError>(py) => return Ok(None),
            Err(error) => return Err(of_column(name, object).unwrap_or_else(|| unreadable(py, name, &error))),
        };
        return detached(py, || Frame::from_stream(stream).map_err(|error| error.in_table(name))).map(Some);
    }
    if object.hasattr("__arrow_c_array__")? {
        let array = import_array(object).map_err(|error| unreadable(py, name, &error))?;
        let Some(table) = array.as_struct_opt() else {
            let message =
                format!("table \"{name}\" is an Arrow array of type {}, not of rows", array.data_type());
            return Err(wrong_type(message).in_table(name)).or_raise(py);
        };
        let batch = RecordBatch::from(table);
        return Ok(Some(Frame::from(batch)));
    }
    Ok(None)
}

/// The error of the first column of a data frame that cannot be read: a stream of all of them does not say which.
fn of_column(name: &str, object: &Bound<'_, PyAny>) -> Option<PyErr> {
    let is_frame = object.hasattr("keys").ok()? && object.hasattr("__getitem__").ok()?;
    is_frame.then(|| through_columns(name, object).err()).flatten()
}

/// An exception of another library becomes the cause of one of ours. What is no `Exception`, such as the
/// interrupt of a user, passes.
fn unreadable(py: Python<'_>, name: &str, error: &PyErr) -> PyErr {
    if !error.is_instance_of::<PyException>(py) || is_ours(py, error) {
        return error.clone_ref(py);
    }
    let message = format!("table \"{name}\" cannot be read: {error}");
    let ours = raised(py, &wrong_type(message).in_table(name));
    ours.set_cause(py, Some(error.clone_ref(py)));
    ours
}

fn is_ours(py: Python<'_>, error: &PyErr) -> bool {
    let class = py.import("tenure.errors").and_then(|errors| errors.getattr("TenureError"));
    class.and_then(|class| error.value(py).cast::<PyBaseException>()?.is_instance(&class)).unwrap_or(false)
}

/// A table as a mapping of columns, as a data frame without Arrow, or as a list of rows.
fn through_columns(name: &str, object: &Bound<'_, PyAny>) -> PyResult<Frame> {
    let py = object.py();
    let expected = || {
        let type_name = object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        let message = format!(
            "table \"{name}\" is of type {type_name}; expected an object with the Arrow PyCapsule interface (pandas, \
             polars, pyarrow, DuckDB, ...), a dict of columns, or a list of dicts; a pandas frame comes in through \
             pyarrow if it is installed, otherwise through numpy"
        );
        raised(py, &wrong_type(message).in_table(name))
    };
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        return from_columns(name, &of_rows(name, object)?);
    }
    // A data frame iterates over its column names, as a dict does over its keys.
    let is_mapping = object.hasattr("keys")? && object.hasattr("__getitem__")?;
    if !is_mapping {
        return Err(expected());
    }
    let mut columns = Vec::new();
    for key in object.call_method0("keys").map_err(|_| expected())?.try_iter()? {
        let key = key?;
        let column = object.get_item(&key).map_err(|error| unreadable(py, name, &error))?;
        columns.push((column_name(name, &key)?, column));
    }
    from_columns(name, &columns)
}

fn column_name(table: &str, key: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = key.cast::<PyString>().ok().and_then(|text| text.to_str().ok()).map(str::to_owned);
    text.ok_or_else(|| invalid(format!("a column name of table \"{table}\" is not text")).in_table(table))
        .or_raise(key.py())
}

/// The columns of a list of dicts, in order of first sight; a key that a row lacks is missing in it.
fn of_rows<'py>(table: &str, rows: &Bound<'py, PyAny>) -> PyResult<Vec<(String, Bound<'py, PyAny>)>> {
    let py = rows.py();
    let mut columns: Vec<(String, Bound<'py, PyList>)> = Vec::new();
    for (row, record) in rows.try_iter()?.enumerate() {
        let record = record?;
        let Ok(record) = record.cast::<PyDict>() else {
            let type_name = record.get_type().name()?;
            let message = format!("row {row} of table \"{table}\" is of type {type_name}; expected a dict");
            return Err(wrong_type(message).in_table(table).in_row(row as u64)).or_raise(py);
        };
        for (key, value) in record.iter() {
            let name = column_name(table, &key)?;
            let at = match columns.iter().position(|(known, _)| *known == name) {
                Some(at) => at,
                None => {
                    columns.push((name, PyList::new(py, vec![None::<bool>; row])?));
                    columns.len() - 1
                }
            };
            if let Some((_, column)) = columns.get(at) {
                column.append(value)?;
            }
        }
        for (_, column) in &columns {
            if column.len() == row {
                column.append(py.None())?;
            }
        }
    }
    Ok(columns.into_iter().map(|(name, column)| (name, column.into_any())).collect())
}

/// A table of named columns.
pub(crate) fn from_columns(table: &str, columns: &[(String, Bound<'_, PyAny>)]) -> PyResult<Frame> {
    let Some((_, first)) = columns.first() else {
        return Ok(Frame::empty());
    };
    let py = first.py();
    let mut chunked = Vec::new();
    for (name, column) in columns {
        chunked.push(read_column(&Place { table, column: name }, column)?);
    }
    let fields = columns.iter().zip(&chunked).map(|((name, _), chunks)| {
        let data_type = chunks.first().map_or(DataType::Null, |chunk| chunk.data_type().clone());
        Field::new(name, data_type, true)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let rows = |chunks: &[ArrayRef]| chunks.iter().map(Array::len).sum::<usize>();
    let expected = chunked.first().map_or(0, |chunks| rows(chunks));
    for ((name, _), chunks) in columns.iter().zip(&chunked) {
        if rows(chunks) != expected {
            let message = format!("it has {} values where the first column has {expected}", rows(chunks));
            return Err(Place { table, column: name }.raise(py, &invalid(message)));
        }
    }
    let mut batches = Vec::new();
    for cut in cuts(&chunked).windows(2) {
        let [from, to] = cut else { continue };
        let arrays = chunked.iter().map(|chunks| slice(chunks, *from, to - from)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(to - from));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options);
        let batch = batch.map_err(|error| wrong_type(format!("table \"{table}\": {error}")).in_table(table));
        batches.push(batch.or_raise(py)?);
    }
    Ok(Frame { schema, batches })
}

/// Where the chunks of any column begin or end: between two cuts, every column is one array.
fn cuts(columns: &[Vec<ArrayRef>]) -> Vec<usize> {
    let mut cuts = vec![0];
    for chunks in columns {
        let mut end = 0;
        for chunk in chunks {
            end += chunk.len();
            cuts.push(end);
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Rows of a chunked column that lie in one chunk.
fn slice(chunks: &[ArrayRef], mut from: usize, rows: usize) -> ArrayRef {
    for chunk in chunks {
        if from < chunk.len() {
            return chunk.slice(from, rows.min(chunk.len() - from));
        }
        from -= chunk.len();
    }
    Arc::new(NullArray::new(rows))
}

/// A column, in one or more chunks.
pub(crate) fn read_column(place: &Place<'_>, object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    let py = object.py();
    let located = |error: PyErr| {
        if !error.is_instance_of::<PyException>(py) || is_ours(py, &error) {
            return error;
        }
        let ours = place.raise(py, &wrong_type(format!("it cannot be read: {error}")));
        ours.set_cause(py, Some(error));
        ours
    };
    if object.hasattr("__arrow_c_stream__")? {
        match import_stream(object) {
            Ok(stream) => {
                return detached(py, || read_columns(stream).map_err(|error| place.locate(&error)));
            }
            Err(error) if error.is_instance_of::<PyImportError>(py) => {}
            Err(error) => return Err(located(error)),
        }
    } else if object.hasattr("__arrow_c_array__")? {
        return import_array(object).map(|array| vec![array]).map_err(located);
    }
    let is_text = object.is_instance_of::<PyString>() || object.is_instance_of::<PyDict>();
    if is_text || object.is_instance_of::<PyBytes>() || object.is_instance_of::<PyByteArray>() {
        let message = format!("a value of type {} is no column; expected a list", object.get_type().name()?);
        return Err(place.raise(py, &wrong_type(message)));
    }
    // A series of pandas, where pyarrow is not installed.
    let object = if object.hasattr("to_numpy")? {
        object.call_method0("to_numpy").map_err(located)?
    } else {
        object.clone()
    };
    if let Some(array) = buffer::read(&object).map_err(located)? {
        return Ok(vec![array]);
    }
    let object =
        if object.hasattr("tolist")? { object.call_method0("tolist").map_err(located)? } else { object };
    match values::read(&object).map_err(located)? {
        Ok(array) => Ok(vec![array]),
        Err(error) => Err(place.raise(py, &error)),
    }
}
