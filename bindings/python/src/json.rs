//! Python values as JSON: how a request, written in Python, reaches the core.

use crate::error::{OrRaise, invalid};
use crate::lifecycle::Lifecycle;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Number, Value};
use tenure::{Micros, When};

/// Deeper than any request; values that contain themselves end here.
const DEPTH: usize = 32;

/// A Python value as JSON. Dates and times become ISO 8601 text; a time with a zone becomes UTC.
pub(crate) fn to_json(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    convert(value, DEPTH)
}

/// A mapping as a JSON object.
pub(crate) fn to_map(value: &Bound<'_, PyAny>) -> PyResult<Map<String, Value>> {
    match to_json(value)? {
        Value::Object(map) => Ok(map),
        _ => Err(invalid("a request is a dict with at least \"kpi\"")).or_raise(value.py()),
    }
}

/// A time that stands alone: a datetime or ISO 8601 text; without a zone it is UTC.
pub(crate) fn instant(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Micros> {
    let py = value.py();
    match to_json(value)? {
        Value::String(text) => When::Text(text).instant(name, "UTC").or_raise(py),
        _ => Err(invalid(format!("{name} is not a time; expected a datetime or ISO 8601 text"))).or_raise(py),
    }
}

/// JSON text as Python values.
pub(crate) fn from_json<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}

fn convert(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    let py = value.py();
    if depth == 0 {
        return Err(invalid("a request is not nested this deeply")).or_raise(py);
    }
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Value::Bool(flag.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        let whole =
            value.extract::<i64>().map(Number::from).or_else(|_| value.extract::<u64>().map(Number::from));
        return whole
            .map(Value::Number)
            .map_err(|_| invalid("a number in the request is too large"))
            .or_raise(py);
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        let number = Number::from_f64(number.value());
        return number
            .map(Value::Number)
            .ok_or_else(|| invalid("a number in the request is not finite"))
            .or_raise(py);
    }
    if let Ok(text) = value.cast::<PyString>() {
        let text =
            text.to_str().map_err(|_| invalid("a text in the request is not valid Unicode")).or_raise(py)?;
        return Ok(Value::String(text.to_owned()));
    }
    if value.is_instance_of::<PyDict>() || value.hasattr("keys")? {
        let mut map = Map::new();
        for key in value.call_method0("keys")?.try_iter()? {
            let key = key?;
            let name = key.extract::<String>();
            let name = name.map_err(|_| invalid("a key in the request is not text")).or_raise(py)?;
            map.insert(name, convert(&value.get_item(&key)?, depth - 1)?);
        }
        return Ok(Value::Object(map));
    }
    if let Ok(lifecycle) = value.cast::<Lifecycle>() {
        return Ok(lifecycle.get().to_value());
    }
    if let Some(text) = iso_text(value)? {
        return Ok(Value::String(text));
    }
    // A number of numpy knows itself as a Python number.
    if let Ok(item) = value.getattr("item")
        && !value.hasattr("__len__")?
    {
        return convert(&item.call0()?, depth - 1);
    }
    let is_list =
        value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() || value.hasattr("__len__")?;
    if is_list && let Ok(items) = value.try_iter() {
        let items = items.map(|item| convert(&item?, depth - 1));
        return Ok(Value::Array(items.collect::<PyResult<_>>()?));
    }
    let type_name = value.get_type().name()?;
    Err(invalid(format!("a request cannot hold a value of type {type_name}"))).or_raise(py)
}

/// ISO 8601 text of a date or time of the standard library, pandas or numpy.
fn iso_text(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = value.py();
    let is_numpy_time = value.get_type().name()?.to_str().is_ok_and(|name| name == "datetime64");
    if is_numpy_time {
        return Ok(Some(value.str()?.extract()?));
    }
    if !value.hasattr("isoformat")? {
        return Ok(None);
    }
    // An offset may have seconds in Python but not in ISO 8601.
    let is_aware = value.getattr("tzinfo").is_ok_and(|zone| !zone.is_none());
    let utc = py.import("datetime")?.getattr("timezone")?.getattr("utc")?;
    let value = if is_aware { value.call_method1("astimezone", (utc,))? } else { value.clone() };
    Ok(Some(value.call_method0("isoformat")?.extract()?))
}
