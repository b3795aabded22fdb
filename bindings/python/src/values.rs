//! Columns of plain Python values: lists as people type them and as JSON brings them.

use crate::error::wrong_type;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyFloat, PyInt, PyList, PyString, PyTuple};
use std::sync::Arc;
use tenure::Error;
use tenure_arrow::arrow_array::builder::{ListBuilder, StringBuilder};
use tenure_arrow::arrow_array::types::Decimal128Type;
use tenure_arrow::arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, NullArray, PrimitiveArray, StringArray,
    TimestampMicrosecondArray,
};

/// The most digits that a decimal has in Arrow.
const DIGITS: u8 = 38;

/// One Python value, as a column can hold it.
enum Value {
    Missing,
    Flag(bool),
    Whole(i128),
    Real(f64),
    /// `unscaled / 10^scale`.
    Decimal(i128, u8),
    Text(String),
    Instant(i64),
    WallClock(i64),
    Date(NaiveDate),
    Texts(Vec<Option<String>>),
}

/// What all values of a column have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Flags,
    Wholes,
    Reals,
    Decimals,
    Texts,
    Instants,
    WallClocks,
    Dates,
    Lists,
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value {
            Value::Missing => Self::Nothing,
            Value::Flag(_) => Self::Flags,
            Value::Whole(_) => Self::Wholes,
            Value::Real(_) => Self::Reals,
            Value::Decimal(..) => Self::Decimals,
            Value::Text(_) => Self::Texts,
            Value::Instant(_) => Self::Instants,
            Value::WallClock(_) => Self::WallClocks,
            Value::Date(_) => Self::Dates,
            Value::Texts(_) => Self::Lists,
        }
    }

    /// The kind that holds both, if there is one.
    fn with(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (kind, Self::Nothing) | (Self::Nothing, kind) => kind,
            (one, other) if one == other => one,
            (Self::Wholes, Self::Reals) | (Self::Reals, Self::Wholes) => Self::Reals,
            (Self::Wholes, Self::Decimals) | (Self::Decimals, Self::Wholes) => Self::Decimals,
            (Self::Dates, Self::WallClocks) | (Self::WallClocks, Self::Dates) => Self::WallClocks,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Flags => "bool",
            Self::Wholes => "int",
            Self::Reals => "float",
            Self::Decimals => "Decimal",
            Self::Texts => "str",
            Self::Instants => "datetime with zone",
            Self::WallClocks => "datetime without zone",
            Self::Dates => "date",
            Self::Lists => "list",
        }
    }
}

/// A column of any iterable of Python values.
///
/// The error in the result, beside exceptions that the iterable raises, says which row it speaks of.
pub(crate) fn read(values: &Bound<'_, PyAny>) -> PyResult<tenure::Result<ArrayRef>> {
    let mut column = Vec::new();
    let mut kind = Kind::Nothing;
    for (row, item) in values.try_iter()?.enumerate() {
        let value = match read_value(&item?)? {
            Ok(value) => value,
            Err(error) => return Ok(Err(error.in_row(row as u64))),
        };
        let found = Kind::of(&value);
        match kind.with(found) {
            Some(wider) => kind = wider,
            None => return Ok(Err(mixed(kind, found).in_row(row as u64))),
        }
        column.push(value);
    }
    Ok(array(kind, column))
}

fn mixed(kind: Kind, found: Kind) -> Error {
    wrong_type(format!("a value of type {} follows values of type {}", found.name(), kind.name()))
}

fn read_value(value: &Bound<'_, PyAny>) -> PyResult<tenure::Result<Value>> {
    if value.is_none() {
        return Ok(Ok(Value::Missing));
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Ok(Value::Flag(flag.is_true())));
    }
    if value.is_instance_of::<PyInt>() {
        let whole = value.extract::<i128>();
        return Ok(whole.map(Value::Whole).map_err(|_| wrong_type("an integer has more than 38 digits")));
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        // What is no number is missing among values of any type, as pandas writes it.
        let number = number.value();
        return Ok(Ok(if number.is_nan() { Value::Missing } else { Value::Real(number) }));
    }
    if value.is_instance_of::<PyString>() {
        return Ok(text(value).map(Value::Text));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        return texts(value);
    }
    let type_name = value.get_type().name()?;
    match type_name.to_str().unwrap_or_default() {
        // The missing values of pandas.
        "NaTType" | "NAType" => return Ok(Ok(Value::Missing)),
        "Decimal" => return decimal(value),
        "UUID" => return Ok(Ok(Value::Text(value.str()?.extract()?))),
        "time" => return Ok(Ok(Value::Text(value.call_method0("isoformat")?.extract()?))),
        "datetime64" => {
            return read_value(&value.call_method1("astype", ("datetime64[us]",))?.call_method0("item")?);
        }
        "ndarray" => return texts(&value.call_method0("tolist")?),
        _ => {}
    }
    if value.is_instance_of::<PyDateTime>() {
        return Ok(time(value));
    }
    if value.is_instance_of::<PyDate>() {
        let date = value.extract::<NaiveDate>();
        return Ok(date.map(Value::Date).map_err(|_| wrong_type("a date cannot be read")));
    }
    // A number of numpy knows itself as a Python number.
    if let Ok(item) = value.getattr("item")
        && !value.hasattr("__len__")?
    {
        let plain = item.call0()?;
        if !plain.get_type().is(value.get_type()) {
            return read_value(&plain);
        }
    }
    let message =
        format!("a value of type {type_name}; expected numbers, text, bools, dates, times or lists of text");
    Ok(Err(wrong_type(message)))
}

fn text(value: &Bound<'_, PyAny>) -> tenure::Result<String> {
    value.extract().map_err(|_| wrong_type("a text is not valid Unicode"))
}

fn texts(values: &Bound<'_, PyAny>) -> PyResult<tenure::Result<Value>> {
    let mut items = Vec::new();
    let Ok(values) = values.try_iter() else { return Ok(Err(wrong_type("an array without items"))) };
    for item in values {
        let item = item?;
        if item.is_none() {
            items.push(None);
        } else if item.is_instance_of::<PyString>() {
            match text(&item) {
                Ok(text) => items.push(Some(text)),
                Err(error) => return Ok(Err(error)),
            }
        } else {
            return Ok(Err(wrong_type(format!(
                "a list holds a value of type {}; expected text",
                item.get_type().name()?
            ))));
        }
    }
    Ok(Ok(Value::Texts(items)))
}

fn time(value: &Bound<'_, PyAny>) -> tenure::Result<Value> {
    if let Ok(time) = value.extract::<NaiveDateTime>() {
        return Ok(Value::WallClock(time.and_utc().timestamp_micros()));
    }
    // Any zone: it is Python that knows its offset.
    let instant = || -> PyResult<DateTime<Utc>> {
        let utc = value.py().import("datetime")?.getattr("timezone")?.getattr("utc")?;
        value.call_method1("astimezone", (utc,))?.extract()
    };
    instant()
        .map(|time| Value::Instant(time.timestamp_micros()))
        .map_err(|_| wrong_type("a datetime cannot be read"))
}

fn decimal(value: &Bound<'_, PyAny>) -> PyResult<tenure::Result<Value>> {
    if !value.call_method0("is_finite")?.is_truthy()? {
        let is_missing = value.call_method0("is_nan")?.is_truthy()?;
        return Ok(if is_missing { Ok(Value::Missing) } else { Ok(Value::Real(f64::INFINITY)) });
    }
    let text: String = value.call_method1("__format__", ("f",))?.extract()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= DIGITS);
    let unscaled = format!("{whole}{fraction}").parse::<i128>().ok();
    Ok(match (unscaled, scale) {
        (Some(unscaled), Some(scale)) => Ok(Value::Decimal(unscaled, scale)),
        _ => Err(too_many_digits()),
    })
}

fn too_many_digits() -> Error {
    wrong_type("a decimal has more than 38 digits")
}

/// The values of one kind; all others are missing, because no others are left.
fn pick<T>(values: Vec<Value>, as_kind: impl Fn(Value) -> Option<T>) -> impl Iterator<Item = Option<T>> {
    values.into_iter().map(as_kind)
}

fn array(kind: Kind, values: Vec<Value>) -> tenure::Result<ArrayRef> {
    Ok(match kind {
        Kind::Nothing => Arc::new(NullArray::new(values.len())),
        Kind::Flags => Arc::new(
            pick(values, |v| if let Value::Flag(v) = v { Some(v) } else { None }).collect::<BooleanArray>(),
        ),
        Kind::Wholes => return whole_numbers(values),
        #[allow(
            clippy::cast_precision_loss,
            reason = "beside floats, integers are floats, as in Python's own sums"
        )]
        Kind::Reals => Arc::new(
            pick(values, |v| match v {
                Value::Real(v) => Some(v),
                Value::Whole(v) => Some(v as f64),
                _ => None,
            })
            .collect::<Float64Array>(),
        ),
        Kind::Decimals => return decimals(values),
        Kind::Texts => Arc::new(
            pick(values, |v| if let Value::Text(v) = v { Some(v) } else { None }).collect::<StringArray>(),
        ),
        Kind::Instants => Arc::new(
            pick(values, |v| if let Value::Instant(v) = v { Some(v) } else { None })
                .collect::<TimestampMicrosecondArray>()
                .with_timezone("UTC"),
        ),
        Kind::WallClocks => Arc::new(
            pick(values, |v| match v {
                Value::WallClock(v) => Some(v),
                Value::Date(v) => Some(v.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()),
                _ => None,
            })
            .collect::<TimestampMicrosecondArray>(),
        ),
        Kind::Dates => Arc::new(
            pick(values, |v| if let Value::Date(v) = v { Some(v.to_epoch_days()) } else { None })
                .collect::<Date32Array>(),
        ),
        Kind::Lists => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for value in values {
                let is_list = matches!(value, Value::Texts(_));
                if let Value::Texts(items) = value {
                    for item in items {
                        lists.values().append_option(item);
                    }
                }
                lists.append(is_list);
            }
            Arc::new(lists.finish())
        }
    })
}

fn whole_numbers(values: Vec<Value>) -> tenure::Result<ArrayRef> {
    let fits = values.iter().all(|value| match value {
        Value::Whole(number) => i64::try_from(*number).is_ok(),
        _ => true,
    });
    if !fits {
        return decimals(values);
    }
    let number = |value| if let Value::Whole(number) = value { i64::try_from(number).ok() } else { None };
    Ok(Arc::new(pick(values, number).collect::<Int64Array>()))
}

fn decimals(values: Vec<Value>) -> tenure::Result<ArrayRef> {
    let scale =
        values.iter().map(|value| if let Value::Decimal(_, scale) = value { *scale } else { 0 }).max();
    let scale = scale.unwrap_or(0);
    let most = 10_u128.pow(u32::from(DIGITS));
    let mut unscaled = Vec::with_capacity(values.len());
    for (row, value) in values.into_iter().enumerate() {
        let (number, own_scale) = match value {
            Value::Decimal(number, own_scale) => (number, own_scale),
            Value::Whole(number) => (number, 0),
            _ => {
                unscaled.push(None);
                continue;
            }
        };
        let factor = 10_i128.checked_pow(u32::from(scale - own_scale));
        let number = factor.and_then(|factor| number.checked_mul(factor)).filter(|n| n.unsigned_abs() < most);
        unscaled.push(Some(number.ok_or_else(|| too_many_digits().in_row(row as u64))?));
    }
    let array = PrimitiveArray::<Decimal128Type>::from_iter(unscaled);
    let array = array.with_precision_and_scale(DIGITS, i8::try_from(scale).unwrap_or(0));
    Ok(Arc::new(array.map_err(|_| too_many_digits())?))
}
