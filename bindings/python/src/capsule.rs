//! The Arrow PyCapsule interface: how tables and columns of other libraries come in and results go out, by
//! protocol and without importing any of them.
//!
//! This is the only file of the crate with unsafe code. A capsule holds a C structure that its producer filled;
//! taking it moves the structure out and marks it as released, so that it is read once.
#![allow(unsafe_code, reason = "the C data interface is a set of pointers")]

use crate::error::{OrRaise, wrong_type};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use std::ffi::{CStr, c_void};
use std::ptr::NonNull;
use tenure_arrow::arrow_array::ArrayRef;
use tenure_arrow::arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use tenure_arrow::arrow_array::ffi_stream::FFI_ArrowArrayStream;

const STREAM: &CStr = c"arrow_array_stream";
const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

fn pointer(capsule: &Bound<'_, PyAny>, name: &CStr) -> PyResult<NonNull<c_void>> {
    capsule.cast::<PyCapsule>()?.pointer_checked(Some(name))
}

/// The stream of an object with `__arrow_c_stream__`.
pub(crate) fn import_stream(object: &Bound<'_, PyAny>) -> PyResult<FFI_ArrowArrayStream> {
    let capsule = object.call_method0("__arrow_c_stream__")?;
    let stream = pointer(&capsule, STREAM)?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a stream that its producer initialised, and lives until the end of this
    // function; `from_raw` leaves a released stream behind, which the capsule's destructor skips.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) })
}

/// The array of an object with `__arrow_c_array__`.
pub(crate) fn import_array(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let capsules = object.call_method0("__arrow_c_array__")?;
    let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = capsules.cast::<PyTuple>()?.extract()?;
    let schema = pointer(&schema, SCHEMA)?.cast::<FFI_ArrowSchema>();
    let array = pointer(&array, ARRAY)?.cast::<FFI_ArrowArray>();
    // SAFETY: capsules of these names hold structures that their producer initialised, and live until the end of
    // this function; `from_raw` leaves released structures behind.
    let (schema, array) =
        unsafe { (FFI_ArrowSchema::from_raw(schema.as_ptr()), FFI_ArrowArray::from_raw(array.as_ptr())) };
    // SAFETY: the producer vouches that the array is of the type that the schema says.
    unsafe { tenure_arrow::import_array(array, &schema) }.or_raise(object.py())
}

/// All arrays of a stream of columns that are not tables, as a polars series or a chunked array gives it.
///
/// `Frame::from_stream` reads tables only.
pub(crate) fn read_columns(mut stream: FFI_ArrowArrayStream) -> tenure::Result<Vec<ArrayRef>> {
    let (Some(get_schema), Some(get_next), Some(_)) = (stream.get_schema, stream.get_next, stream.release)
    else {
        return Err(wrong_type("the Arrow stream was consumed before"));
    };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the stream is not released, and both pointers are valid for the call.
    if unsafe { get_schema(&raw mut stream, &raw mut schema) } != 0 {
        return Err(failure(&mut stream));
    }
    let mut arrays = Vec::new();
    loop {
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: as above.
        if unsafe { get_next(&raw mut stream, &raw mut array) } != 0 {
            return Err(failure(&mut stream));
        }
        if array.is_released() {
            return Ok(arrays);
        }
        // SAFETY: the producer vouches that every array of the stream is of the type of its schema.
        arrays.push(unsafe { tenure_arrow::import_array(array, &schema) }?);
    }
}

fn failure(stream: &mut FFI_ArrowArrayStream) -> tenure::Error {
    let text = stream.get_last_error.and_then(|get_last_error| {
        // SAFETY: the stream is not released; the text that it returns is valid until its next call.
        let text = unsafe { get_last_error(std::ptr::from_mut(stream)) };
        // SAFETY: the text, if there is one, is null-terminated.
        (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
    });
    wrong_type(format!(
        "the Arrow stream failed: {}",
        text.as_deref().unwrap_or("its producer gives no reason")
    ))
}

/// A capsule that hands a stream out.
pub(crate) fn export_stream(py: Python<'_>, stream: FFI_ArrowArrayStream) -> PyResult<Bound<'_, PyCapsule>> {
    // Dropping the stream releases it if nobody took it.
    PyCapsule::new_with_value(py, stream, STREAM)
}
