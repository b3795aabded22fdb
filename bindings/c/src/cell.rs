//! One value of a result.

use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::Value;
use std::fmt::Write;
use tenure_arrow::arrow_array::cast::AsArray;
use tenure_arrow::arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use tenure_arrow::arrow_array::{Array, RecordBatch};
use tenure_arrow::arrow_schema::DataType;

/// What the columns of results hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Bool(bool),
    Whole(i64),
    Real(f64),
    /// Microseconds since 1970-01-01 UTC, to be shown in a zone.
    Time(i64, Tz),
    Text(&'a str),
    /// A list, or what is in one: an array and a row of it.
    Nested(&'a dyn Array, usize),
}

/// The value in a row; beyond the end it is null.
pub(crate) fn cell(array: &dyn Array, row: usize) -> Cell<'_> {
    if row >= array.len() || array.is_null(row) {
        return Cell::Null;
    }
    match array.data_type() {
        DataType::Boolean => Cell::Bool(array.as_boolean().value(row)),
        DataType::Int64 => Cell::Whole(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Cell::Real(array.as_primitive::<Float64Type>().value(row)),
        DataType::Timestamp(_, zone) => {
            let zone = zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
            Cell::Time(array.as_primitive::<TimestampMicrosecondType>().value(row), zone)
        }
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row)),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_dictionary::<Int32Type>();
            dictionary.key(row).map_or(Cell::Null, |key| cell(dictionary.values().as_ref(), key))
        }
        DataType::List(_) | DataType::Struct(_) => Cell::Nested(array, row),
        _ => Cell::Null,
    }
}

/// The items of a list as a JSON list, the columns of a row in one as a JSON object.
fn nested(array: &dyn Array, row: usize) -> Value {
    match array.data_type() {
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            (0..items.len()).map(|at| cell(items.as_ref(), at).to_json()).collect()
        }
        _ => {
            let columns = array.as_struct();
            let names = columns.column_names().into_iter().map(str::to_owned);
            names.zip(columns.columns().iter().map(|column| cell(column.as_ref(), row).to_json())).collect()
        }
    }
}

impl Cell<'_> {
    /// The value as a person reads it; `None` if there is none.
    pub(crate) fn to_text(self) -> Option<String> {
        Some(match self {
            Cell::Null => return None,
            Cell::Bool(value) => value.to_string(),
            Cell::Whole(value) => value.to_string(),
            Cell::Real(value) => value.to_string(),
            Cell::Time(at, zone) => iso(at, zone),
            Cell::Text(text) => text.to_owned(),
            Cell::Nested(array, row) => nested(array, row).to_string(),
        })
    }

    fn to_json(self) -> Value {
        match self {
            Cell::Null => Value::Null,
            Cell::Bool(value) => value.into(),
            Cell::Whole(value) => value.into(),
            Cell::Real(value) => value.into(),
            Cell::Time(at, zone) => iso(at, zone).into(),
            Cell::Text(text) => text.into(),
            Cell::Nested(array, row) => nested(array, row),
        }
    }
}

fn iso(at: i64, zone: Tz) -> String {
    DateTime::from_timestamp_micros(at)
        .map_or_else(|| at.to_string(), |time| time.with_timezone(&zone).to_rfc3339())
}

/// A list of objects, one a row, with the columns in their order.
pub(crate) fn json(batch: &RecordBatch) -> String {
    let schema = batch.schema();
    let names: Vec<_> =
        schema.fields().iter().map(|field| Value::from(field.name().as_str()).to_string()).collect();
    let mut json = String::from("[");
    for row in 0..batch.num_rows() {
        json.push_str(if row == 0 { "{" } else { ",{" });
        for (at, (name, array)) in names.iter().zip(batch.columns()).enumerate() {
            json.push_str(if at == 0 { "" } else { "," });
            json.push_str(name);
            json.push(':');
            // Writing to a string does not fail.
            let _ = write!(json, "{}", cell(array.as_ref(), row).to_json());
        }
        json.push('}');
    }
    json.push(']');
    json
}
