//! Questions about texts: a table of them in, one row of answers each out.

use crate::detach::detached;
use crate::rows::Rows;
use crate::table::{from_columns, read};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Value, json};
use tenure::{Result, Table};
use tenure_arrow::Frame;

/// What a table of texts is called, and the column that holds them.
pub(crate) struct Texts {
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
}

impl Texts {
    /// Reads a table. It may also be one row as a dict, or texts alone: one or a column of them.
    pub(crate) fn read(&self, object: &Bound<'_, PyAny>) -> PyResult<Frame> {
        let of_texts = |texts: Bound<'_, PyAny>| from_columns(self.table, &[(self.column.to_owned(), texts)]);
        if object.is_instance_of::<PyString>() {
            return of_texts(PyList::new(object.py(), [object])?.into_any());
        }
        if is_row(object) {
            return read(self.table, &PyList::new(object.py(), [object])?.into_any());
        }
        if is_column_of_texts(object)? { of_texts(object.clone()) } else { read(self.table, object) }
    }

    /// Asks something of every row, without the interpreter lock. The answers stand beside what names the rows.
    pub(crate) fn answer<A>(
        &self,
        rows: &Bound<'_, PyAny>,
        ask: impl FnOnce(&Table<'_>) -> Result<Vec<A>> + Send,
        beside: impl FnOnce(&Frame, &[A]) -> Result<Frame> + Send,
    ) -> PyResult<Rows> {
        let frame = self.read(rows)?;
        let answers = detached(rows.py(), || {
            let answers = ask(&frame.table(self.table)?)?;
            beside(&frame.naming()?, &answers)
        })?;
        Ok(Rows::new(answers))
    }
}

/// The options of a question about texts as JSON, from keywords. In Python the evidence is there unless one asks for none,
/// and `strip` may be one truth value for all that can be left out.
pub(crate) fn texts_options(mut options: Map<String, Value>) -> String {
    options.entry("evidence").or_insert_with(|| 5.into());
    if let Some(strip) = options.get_mut("strip")
        && let Value::Bool(all) = *strip
    {
        *strip = json!({"markup": all, "quotes": all, "signature": all});
    }
    Value::Object(options).to_string()
}

/// Whether a dict is one row: some value of it is none that a column could be.
fn is_row(object: &Bound<'_, PyAny>) -> bool {
    let is_one = |value: &Bound<'_, PyAny>| {
        let is_number = value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>();
        value.is_none() || is_number || value.is_instance_of::<PyString>()
    };
    object.cast::<PyDict>().is_ok_and(|row| row.values().iter().any(|value| is_one(&value)))
}

/// Whether an object is a list of texts, or an array or series of a library. Tables have columns, arrays have one type.
/// What is no text either is refused later, where it is known what there should be.
fn is_column_of_texts(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        for item in object.try_iter()? {
            let item = item?;
            if !item.is_none() {
                return Ok(!item.is_instance_of::<PyDict>());
            }
        }
        return Ok(true);
    }
    if object.hasattr("columns")? {
        return Ok(false);
    }
    let is_struct = || object.getattr("type")?.str()?.to_str().map(|name| name.starts_with("struct"));
    let speaks_arrow = object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?;
    let is_array = speaks_arrow && !object.hasattr("schema")? && !is_struct().unwrap_or(true);
    Ok(is_array || object.hasattr("dtype")?)
}
