//! Columns of numpy and of the standard library's arrays, through the buffer protocol: numpy itself is never
//! imported.

use crate::error::{OrRaise, wrong_type};
use pyo3::buffer::{Element, PyBuffer, PyUntypedBuffer};
use pyo3::prelude::*;
use std::sync::Arc;
use tenure_arrow::arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use tenure_arrow::arrow_array::{
    ArrayRef, BooleanArray, Date32Array, PrimitiveArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
};

/// What numpy stores for "not a time".
const NOT_A_TIME: i64 = i64::MIN;

/// The values of an array that lies in memory as numbers or times; `None` for any other object.
pub(crate) fn read(object: &Bound<'_, PyAny>) -> PyResult<Option<ArrayRef>> {
    // A masked array hides values that its buffer still shows; a list of its values does not.
    if object.hasattr("mask")? {
        return Ok(None);
    }
    match kind(object) {
        Some('b') => {
            let bytes = numbers::<u8>(&object.call_method1("view", ("uint8",))?)?;
            Ok(Some(Arc::new(bytes.into_iter().map(|byte| Some(byte != 0)).collect::<BooleanArray>())))
        }
        Some('M') => times(object).map(Some),
        Some('i' | 'u' | 'f') => {
            let native = object.getattr("dtype")?.call_method1("newbyteorder", ("=",))?;
            let half = native.getattr("itemsize")?.extract::<usize>()? == 2 && kind(object) == Some('f');
            let native = if half { "float32".into_pyobject(object.py())?.into_any() } else { native };
            let native = object.call_method1("astype", (native,))?;
            native_numbers(&native)
        }
        Some(_) => Ok(None),
        None => native_numbers(object),
    }
}

/// The kind of values of a numpy array: `i`, `u`, `f`, `b`, `M`, ...
fn kind(object: &Bound<'_, PyAny>) -> Option<char> {
    object.getattr("dtype").ok()?.getattr("kind").ok()?.extract().ok()
}

fn native_numbers(object: &Bound<'_, PyAny>) -> PyResult<Option<ArrayRef>> {
    let Ok(buffer) = PyUntypedBuffer::get(object) else { return Ok(None) };
    if buffer.dimensions() != 1 {
        return Err(wrong_type(format!("an array of {} dimensions is no column", buffer.dimensions())))
            .or_raise(object.py());
    }
    macro_rules! first_that_fits {
        ($($arrow:ty),*) => {$(
            if buffer.as_typed::<<$arrow as ArrowPrimitiveType>::Native>().is_ok() {
                return primitive::<$arrow>(object).map(Some);
            }
        )*};
    }
    first_that_fits!(
        Int8Type,
        Int16Type,
        Int32Type,
        Int64Type,
        UInt8Type,
        UInt16Type,
        UInt32Type,
        UInt64Type,
        Float32Type,
        Float64Type
    );
    Ok(None)
}

fn primitive<T: ArrowPrimitiveType>(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef>
where
    T::Native: Element,
{
    Ok(Arc::new(PrimitiveArray::<T>::from_iter_values(numbers::<T::Native>(object)?)))
}

/// The numbers of a buffer, copied: numpy may change them, an Arrow array must not change.
fn numbers<T: Element>(object: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    PyBuffer::<T>::get(object)?.to_vec(object.py())
}

fn times(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let name: String = object.getattr("dtype")?.getattr("name")?.extract()?;
    let unit = name.trim_start_matches("datetime64[").trim_end_matches(']');
    // Weeks, hours and the like are rare: microseconds hold them.
    let unit = if ["s", "ms", "us", "ns", "D"].contains(&unit) { unit } else { "us" };
    let counts =
        object.call_method1("astype", (format!("datetime64[{unit}]"),))?.call_method1("view", ("int64",))?;
    let counts = numbers::<i64>(&counts)?.into_iter().map(|count| (count != NOT_A_TIME).then_some(count));
    Ok(match unit {
        "s" => Arc::new(counts.collect::<TimestampSecondArray>()),
        "ms" => Arc::new(counts.collect::<TimestampMillisecondArray>()),
        "ns" => Arc::new(counts.collect::<TimestampNanosecondArray>()),
        "D" => Arc::new(
            counts.map(|days| days.and_then(|days| i32::try_from(days).ok())).collect::<Date32Array>(),
        ),
        _ => Arc::new(counts.collect::<TimestampMicrosecondArray>()),
    })
}
