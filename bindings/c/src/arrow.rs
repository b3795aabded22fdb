//! Arrow's C structs: moved in, given out.

use crate::error::Error;
use crate::guard::guard;
use crate::pointer::{give, given, misuse, text};
use crate::result::ResultTable;
use crate::status::Status;
use crate::table::Table;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use tenure_arrow::arrow_array::ffi_stream::FFI_ArrowArrayStream;

/// How does an Arrow C stream become a table? The stream is read to its end, without copying, and moved: its
/// `release` is NULL afterwards, also on error. A stream that was released before is an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_from_arrow_stream(
    name: *const c_char,
    name_len: usize,
    stream: *mut FFI_ArrowArrayStream,
    table: Option<&mut MaybeUninit<*mut Table>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        if stream.is_null() {
            return Err(misuse(Status::NullArgument, "stream is NULL"));
        }
        // First of all, so that the stream is moved whatever else is wrong.
        // SAFETY: not NULL, and by the rules in tenure.h a valid struct.
        let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream) };
        let table = given(table, "table")?;
        // SAFETY: the rules for pointers in tenure.h.
        let name = unsafe { text(name, name_len, "name") }?.to_owned();
        let frame = Frame::from_stream(stream).map_err(|error| error.in_table(&name))?;
        give(table, Table { name, frame });
        Ok(())
    })
}

/// Adds a column of the Arrow C data interface, without copying. The array is moved: its `release` is NULL
/// afterwards, also on error. The schema is only read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_arrow(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    array: *mut FFI_ArrowArray,
    schema: *const FFI_ArrowSchema,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        if array.is_null() {
            return Err(misuse(Status::NullArgument, "array is NULL"));
        }
        // SAFETY: not NULL, and by the rules in tenure.h a valid struct.
        let array = unsafe { FFI_ArrowArray::from_raw(array) };
        let table = given(table, "table")?;
        // SAFETY: by the rules in tenure.h NULL or a valid struct.
        let schema = given(unsafe { schema.as_ref() }, "schema")?;
        // SAFETY: the rules for pointers in tenure.h.
        let name = unsafe { text(name, name_len, "name") }?;
        // SAFETY: by the rules in tenure.h the two belong together.
        let array = unsafe { tenure_arrow::import_array(array, schema) };
        let located = |error: tenure_core::Error| error.in_table(&table.name).in_column(name);
        let array = array.map_err(located)?;
        table.add(name, &array)
    })
}

/// How does a result leave as Arrow? Writes a C stream of one batch to `stream`, which the caller releases; what
/// was there before is not released. The stream is independent of the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_result_to_arrow_stream(
    result: Option<&ResultTable>,
    stream: Option<&mut MaybeUninit<FFI_ArrowArrayStream>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, stream) = (given(result, "result")?, given(stream, "stream")?);
        stream.write(tenure_arrow::export_stream(result.batch().clone()));
        Ok(())
    })
}
