//! The C side of Arrow: arrays and streams come in and go out as C structs.
//!
//! Arrow's own import trusts its input and panics where a struct is not what the specification says. Here every
//! array is checked first, in the places where a wrong struct would be read beyond its end, and whatever Arrow
//! still refuses by panicking becomes an error: a host must survive a producer's mistake.
#![allow(unsafe_code, reason = "the C data interface consists of raw pointers and callbacks")]

use crate::frame::{Frame, invalid};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader, StructArray,
    make_array,
};
use arrow_data::{ArrayData, layout};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use std::ffi::CStr;
use std::mem::align_of;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tenure::{Error, ErrorKind, Result};

fn broken(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("the Arrow data cannot be read: {}", message.into()))
}

/// Runs an import; what panics inside was refused.
fn refused<T>(import: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(import)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
        Err(broken(format!("it is not what the C data interface says: {text}")))
    })
}

/// Reads a whole stream and releases it.
pub(crate) fn import(mut stream: FFI_ArrowArrayStream) -> Result<Frame> {
    if stream.release.is_none() {
        return Err(broken("the stream was released already; a stream can be read once"));
    }
    refused(|| {
        let schema = schema(&mut stream)?;
        let batch_type = DataType::Struct(schema.fields().clone());
        let mut batches = Vec::new();
        while let Some(array) = next(&mut stream)? {
            batches.push(batch(array, &schema, &batch_type)?);
        }
        Ok(Frame { schema, batches })
    })
}

/// What the producer says went wrong.
fn failure(stream: &mut FFI_ArrowArrayStream, code: i32) -> Error {
    // SAFETY: the stream is not released, and the callback is the producer's own.
    let text = stream.get_last_error.map(|last_error| unsafe { last_error(stream) });
    // SAFETY: a text that is not null is NUL-terminated and lives until the next call on the stream.
    let text =
        text.filter(|text| !text.is_null()).map(|text| unsafe { CStr::from_ptr(text) }.to_string_lossy());
    match text {
        Some(text) => broken(format!("the stream failed: {text}")),
        None => broken(format!("the stream failed with code {code}")),
    }
}

fn schema(stream: &mut FFI_ArrowArrayStream) -> Result<SchemaRef> {
    let get_schema = stream.get_schema.ok_or_else(|| broken("the stream has no get_schema"))?;
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the stream is not released, and the schema is ours to be written.
    let code = unsafe { get_schema(stream, &raw mut schema) };
    if code != 0 {
        return Err(failure(stream, code));
    }
    let schema = Schema::try_from(&schema).map_err(|error| invalid(&error))?;
    // A producer that promises no nulls is not held to it: missing values are counted, not fatal.
    let fields = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    Ok(Arc::new(Schema::new(fields.collect::<Vec<Field>>())))
}

fn next(stream: &mut FFI_ArrowArrayStream) -> Result<Option<FFI_ArrowArray>> {
    let get_next = stream.get_next.ok_or_else(|| broken("the stream has no get_next"))?;
    let mut array = FFI_ArrowArray::empty();
    // SAFETY: the stream is not released, and the array is ours to be written.
    let code = unsafe { get_next(stream, &raw mut array) };
    if code != 0 {
        return Err(failure(stream, code));
    }
    // A released array marks the end.
    Ok((!array.is_released()).then_some(array))
}

fn batch(array: FFI_ArrowArray, schema: &SchemaRef, batch_type: &DataType) -> Result<RecordBatch> {
    let import = || -> Result<RecordBatch, ArrowError> {
        // SAFETY: the array came from a stream of this schema.
        let data = unsafe { data(array, batch_type) }?;
        let rows = RecordBatchOptions::new().with_row_count(Some(data.len()));
        RecordBatch::try_new_with_options(Arc::clone(schema), StructArray::from(data).into_parts().1, &rows)
    };
    import().map_err(|error| invalid(&error))
}

/// One array of the C data interface, moved: it is released when the last reference to its memory goes.
///
/// # Safety
/// Both structs must be what the C data interface says; the schema describes the array.
pub unsafe fn import_array(array: FFI_ArrowArray, schema: &FFI_ArrowSchema) -> Result<ArrayRef> {
    if array.is_released() || schema.release.is_none() {
        return Err(broken("the array or its schema was released already; an array can be read once"));
    }
    refused(|| {
        let import = || -> Result<ArrayRef, ArrowError> {
            let data_type = DataType::try_from(schema)?;
            // SAFETY: the caller promises that the two belong together.
            let data = unsafe { data(array, &data_type) }?;
            Ok(make_array(data))
        };
        import().map_err(|error| invalid(&error))
    })
}

/// One batch as a C stream, to be released by whoever takes it.
pub fn export_stream(batch: RecordBatch) -> FFI_ArrowArrayStream {
    let schema = batch.schema();
    let reader: Box<dyn RecordBatchReader + Send> = Box::new(RecordBatchIterator::new([Ok(batch)], schema));
    FFI_ArrowArrayStream::new(reader)
}

/// Imports an array.
///
/// # Safety
/// The array is one of the type.
unsafe fn data(array: FFI_ArrowArray, data_type: &DataType) -> Result<ArrayData, ArrowError> {
    check(&array, data_type)?;
    let stand_in = stand_in(data_type);
    let has_nulls = stand_in != *data_type;
    // SAFETY: of the type, which the caller promises, and checked.
    let data = unsafe { from_ffi_and_data_type(array, stand_in) }?;
    Ok(if has_nulls { nulls_again(data, data_type) } else { data })
}

/// The type to import an array as. One of type null has no buffers, but polars and others say that it has one, as all other
/// types do, and Arrow's import then refuses it. A struct without fields has that buffer and may do without it.
fn stand_in(data_type: &DataType) -> DataType {
    let field = |field: &FieldRef| {
        Arc::new(field.as_ref().clone().with_data_type(stand_in(field.data_type()))) as FieldRef
    };
    match data_type {
        DataType::Null => DataType::Struct(Fields::empty()),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect()),
        DataType::List(item) => DataType::List(field(item)),
        DataType::LargeList(item) => DataType::LargeList(field(item)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(field(item), *size),
        other => other.clone(),
    }
}

/// An array with its own type, where it was imported as its [`stand_in`].
fn nulls_again(data: ArrayData, data_type: &DataType) -> ArrayData {
    let types = children(data_type);
    if *data_type == DataType::Null {
        return ArrayData::new_null(data_type, data.len());
    }
    if types.is_empty() {
        return data;
    }
    let inner = data.child_data().iter().zip(types);
    let inner = inner.map(|(child, its_type)| nulls_again(child.clone(), its_type)).collect();
    let data = data.into_builder().data_type(data_type.clone()).child_data(inner);
    // SAFETY: the same array, but for nulls in place of structs without fields, and as many of them.
    unsafe { data.build_unchecked() }
}

/// Longer arrays than this do not fit into memory with any type, and their byte lengths would overflow.
const MOST_ROWS: i64 = i64::MAX / 64;

/// Checks an array against its type in the places that Arrow's import reads without looking.
fn check(array: &FFI_ArrowArray, data_type: &DataType) -> Result<(), ArrowError> {
    let wrong = |message: String| Err(ArrowError::CDataInterface(format!("{data_type}: {message}")));
    if array.length < 0 || array.offset < 0 || array.length > MOST_ROWS || array.offset > MOST_ROWS {
        return wrong(format!("length {} and offset {} are no places in memory", array.length, array.offset));
    }
    let layout = layout(data_type);
    let least =
        layout.buffers.len() + usize::from(layout.can_contain_null_mask) + usize::from(layout.variadic);
    if usize::try_from(array.n_buffers).map_or(true, |buffers| buffers < least) {
        return wrong(format!("{} buffers where the type has {least}", array.n_buffers));
    }
    if least > 0 && array.buffers.is_null() {
        return wrong("no buffers".to_owned());
    }
    match data_type {
        DataType::Utf8 | DataType::Binary => check_offsets::<i32>(array)?,
        DataType::LargeUtf8 | DataType::LargeBinary => check_offsets::<i64>(array)?,
        DataType::Utf8View | DataType::BinaryView => check_lengths(array, least)?,
        DataType::Dictionary(_, values) => match array.dictionary() {
            Some(dictionary) => check(dictionary, values)?,
            None => return wrong("no dictionary".to_owned()),
        },
        _ => {}
    }
    for (at, child_type) in children(data_type).into_iter().enumerate() {
        // Missing children panic here, which is caught.
        let child = array.child(at);
        check(child, child_type)?;
        let is_struct = matches!(data_type, DataType::Struct(_));
        if is_struct && child.length < array.length + array.offset {
            return wrong(format!(
                "column {at} has {} rows of {}",
                child.length,
                array.length + array.offset
            ));
        }
    }
    Ok(())
}

fn children(data_type: &DataType) -> Vec<&DataType> {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| field.data_type()).collect(),
        DataType::RunEndEncoded(ends, values) => vec![ends.data_type(), values.data_type()],
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => vec![field.data_type()],
        _ => Vec::new(),
    }
}

/// The last offset is the length of the text and is read before anything is aligned.
fn check_offsets<O: Copy + Into<i64>>(array: &FFI_ArrowArray) -> Result<(), ArrowError> {
    let offsets = array.buffer(1).cast::<O>();
    if array.length == 0 || offsets.is_null() {
        return Ok(());
    }
    if offsets.addr() % align_of::<O>() != 0 {
        let message = format!("text offsets are not aligned to {} bytes", align_of::<O>());
        return Err(ArrowError::CDataInterface(message));
    }
    // SAFETY: an array of text has one more offset than it has values, counted with its own offset.
    let last = unsafe { offsets.add(array.len() + array.offset()).read() };
    if last.into() < 0 {
        return Err(ArrowError::CDataInterface(format!("the last text offset is {}", last.into())));
    }
    Ok(())
}

/// The last buffer of a view array holds the lengths of the data buffers.
#[allow(clippy::cast_ptr_alignment, reason = "the alignment is checked before the first read")]
fn check_lengths(array: &FFI_ArrowArray, least: usize) -> Result<(), ArrowError> {
    let data_buffers = array.num_buffers() - least;
    let lengths = array.buffer(array.num_buffers() - 1).cast::<i64>();
    if data_buffers > 0 && (lengths.is_null() || lengths.addr() % align_of::<i64>() != 0) {
        let message = "the lengths of the view buffers are missing or not aligned to 8 bytes";
        return Err(ArrowError::CDataInterface(message.to_owned()));
    }
    for at in 0..data_buffers {
        // SAFETY: there is one length a data buffer.
        let length = unsafe { lengths.add(at).read() };
        if length < 0 {
            return Err(ArrowError::CDataInterface(format!("view buffer {at} has {length} bytes")));
        }
    }
    Ok(())
}
