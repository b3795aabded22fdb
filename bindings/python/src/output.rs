//! Answers as plain Python values.

use crate::error::{OrRaise, wrong_type};
use chrono::{DateTime, FixedOffset};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use tenure::Key;
use tenure_arrow::arrow_array::cast::AsArray;
use tenure_arrow::arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use tenure_arrow::arrow_array::{Array, RecordBatch};
use tenure_arrow::arrow_schema::{DataType, TimeUnit};

/// The rows of a batch as dicts.
pub(crate) fn dicts<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let rows: Vec<_> = (0..batch.num_rows()).map(|_| PyDict::new(py)).collect();
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        for (row, value) in rows.iter().zip(values(py, column)?) {
            row.set_item(field.name(), value)?;
        }
    }
    Ok(rows)
}

/// The values of an array; missing ones are `None`.
pub(crate) fn values<'py>(py: Python<'py>, array: &dyn Array) -> PyResult<Vec<Bound<'py, PyAny>>> {
    match array.data_type() {
        DataType::Null => Ok((0..array.len()).map(|_| py.None().into_bound(py)).collect()),
        DataType::Boolean => array.as_boolean().iter().map(|value| value.into_bound_py_any(py)).collect(),
        DataType::Int8 => numbers::<Int8Type>(py, array),
        DataType::Int16 => numbers::<Int16Type>(py, array),
        DataType::Int32 => numbers::<Int32Type>(py, array),
        DataType::Int64 => numbers::<Int64Type>(py, array),
        DataType::UInt8 => numbers::<UInt8Type>(py, array),
        DataType::UInt16 => numbers::<UInt16Type>(py, array),
        DataType::UInt32 => numbers::<UInt32Type>(py, array),
        DataType::UInt64 => numbers::<UInt64Type>(py, array),
        DataType::Float32 => numbers::<Float32Type>(py, array),
        DataType::Float64 => numbers::<Float64Type>(py, array),
        DataType::Decimal128(_, 0) => numbers::<Decimal128Type>(py, array),
        DataType::Utf8 => texts(py, array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(py, array.as_string::<i64>().iter()),
        DataType::Utf8View => texts(py, array.as_string_view().iter()),
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            let times = array.as_primitive::<TimestampMicrosecondType>().iter();
            times
                .map(|at| at.map_or(Ok(py.None().into_bound(py)), |at| time(py, at, zone.as_deref())))
                .collect()
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let known = values(py, dictionary.values())?;
            let none = py.None().into_bound(py);
            if known.is_empty() {
                return Ok(vec![none; array.len()]);
            }
            let keys = dictionary.normalized_keys().into_iter().enumerate();
            let value =
                |row, key: usize| if array.is_null(row) { &none } else { known.get(key).unwrap_or(&none) };
            Ok(keys.map(|(row, key)| value(row, key).clone()).collect())
        }
        DataType::List(_) => array
            .as_list::<i32>()
            .iter()
            .map(|items| match items {
                Some(items) => Ok(PyList::new(py, values(py, &items)?)?.into_any()),
                None => Ok(py.None().into_bound(py)),
            })
            .collect(),
        DataType::Struct(fields) => {
            let rows: Vec<_> = (0..array.len()).map(|_| PyDict::new(py)).collect();
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                for (row, value) in rows.iter().zip(values(py, column)?) {
                    row.set_item(field.name(), value)?;
                }
            }
            Ok(rows.into_iter().map(Bound::into_any).collect())
        }
        other => Err(wrong_type(format!(
            "a column of Arrow type {other} has no plain Python values; use to_arrow()"
        )))
        .or_raise(py),
    }
}

/// Texts. Arrays of other libraries may hold bytes that are not UTF-8, which Python could not take.
fn texts<'a, 'py>(
    py: Python<'py>,
    texts: impl Iterator<Item = Option<&'a str>>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let read = |text: Option<&'a str>| text.map(|text| String::from_utf8_lossy(text.as_bytes()));
    texts.map(|text| read(text).into_bound_py_any(py)).collect()
}

fn numbers<'py, T>(py: Python<'py>, array: &dyn Array) -> PyResult<Vec<Bound<'py, PyAny>>>
where
    T: ArrowPrimitiveType,
    T::Native: IntoPyObjectExt<'py>,
{
    array.as_primitive::<T>().iter().map(|value| value.into_bound_py_any(py)).collect()
}

/// A time in a zone as a `datetime`; wall-clock time without a zone.
pub(crate) fn time<'py>(py: Python<'py>, micros: i64, zone: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
    let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    let Some(zone) = zone else { return at.naive_utc().into_bound_py_any(py) };
    if zone == "UTC" {
        return at.into_bound_py_any(py);
    }
    let in_zone = |zone: Bound<'py, PyAny>| at.into_bound_py_any(py)?.call_method1("astimezone", (zone,));
    let named = py.import("zoneinfo")?.getattr("ZoneInfo")?.call1((zone,)).and_then(in_zone);
    // Python knows no zones where the system has no rules for them; tenure's own give the offset. Near the ends of
    // Python's calendar only UTC is left.
    named.or_else(|_| match zone.parse::<chrono_tz::Tz>() {
        Ok(zone) => {
            let local: DateTime<FixedOffset> = at.with_timezone(&zone).fixed_offset();
            local.into_bound_py_any(py).or_else(|_| at.into_bound_py_any(py))
        }
        Err(_) => at.into_bound_py_any(py),
    })
}

/// The value of a `by` column or a dimension.
pub(crate) fn key<'py>(py: Python<'py>, key: &Key) -> PyResult<Bound<'py, PyAny>> {
    match key {
        Key::Bool(value) => value.into_bound_py_any(py),
        Key::Whole(value) => value.into_bound_py_any(py),
        Key::Real(value) => value.into_bound_py_any(py),
        Key::Time(at) => time(py, *at, Some("UTC")),
        Key::Text(text) => text.into_bound_py_any(py),
        _ => Ok(py.None().into_bound(py)),
    }
}
