//! C streams that are not what they should be are errors; nothing panics, nothing leaks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where something is missing")]
#![allow(unsafe_code, reason = "the C structs are built by hand")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::Arc;
use tenure::ErrorKind;
use tenure_arrow::arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use tenure_arrow::arrow_array::ffi_stream::FFI_ArrowArrayStream;
use tenure_arrow::arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Int64Array, ListArray, NullArray, RecordBatch, StringArray,
    StringViewArray, StructArray,
};
use tenure_arrow::arrow_buffer::OffsetBuffer;
use tenure_arrow::arrow_schema::{DataType, Field};
use tenure_arrow::{Frame, export_stream, import_array};

fn batch() -> RecordBatch {
    let scores: ArrayRef = Arc::new(Int64Array::from(vec![10, 9]));
    RecordBatch::try_from_iter([("score", scores)]).unwrap()
}

fn refusal(stream: FFI_ArrowArrayStream) -> String {
    let error = Frame::from_stream(stream).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    error.message().to_owned()
}

#[test]
fn a_released_stream_is_an_error() {
    assert!(refusal(FFI_ArrowArrayStream::empty()).contains("released already"));
}

#[test]
fn missing_callbacks_are_errors() {
    let mut stream = export_stream(batch());
    stream.get_schema = None;
    assert!(refusal(stream).contains("get_schema"));
    let mut stream = export_stream(batch());
    stream.get_next = None;
    assert!(refusal(stream).contains("get_next"));
}

unsafe extern "C" fn fail(_: *mut FFI_ArrowArrayStream, _: *mut FFI_ArrowArray) -> c_int {
    5
}

unsafe extern "C" fn say(_: *mut FFI_ArrowArrayStream) -> *const c_char {
    c"the disk is on fire".as_ptr()
}

unsafe extern "C" fn say_nothing(_: *mut FFI_ArrowArrayStream) -> *const c_char {
    null_mut()
}

#[test]
fn a_failing_stream_says_why() {
    let mut stream = export_stream(batch());
    stream.get_next = Some(fail);
    stream.get_last_error = Some(say);
    assert!(refusal(stream).contains("the disk is on fire"));
    let mut stream = export_stream(batch());
    stream.get_next = Some(fail);
    stream.get_last_error = Some(say_nothing);
    assert!(refusal(stream).contains("code 5"));
}

/// An array that is changed after its export.
fn damaged(array: &dyn Array, damage: impl FnOnce(&mut FFI_ArrowArray)) -> String {
    let data = array.to_data();
    let schema = FFI_ArrowSchema::try_from(data.data_type()).unwrap();
    let mut array = FFI_ArrowArray::new(&data);
    damage(&mut array);
    // SAFETY: the array is one of Arrow's own; what was changed is what the import has to notice.
    unsafe { import_array(array, &schema) }.unwrap_err().message().to_owned()
}

#[test]
fn arrays_that_contradict_themselves_are_errors() {
    let numbers = Int64Array::from(vec![1, 2]);
    let text = StringArray::from(vec!["a", "b"]);
    assert!(damaged(&numbers, |array| array.length = -1).contains("length -1"));
    assert!(damaged(&numbers, |array| array.length = i64::MAX).contains("no places in memory"));
    assert!(damaged(&numbers, |array| array.n_buffers = 1).contains("1 buffers where the type has 2"));
    assert!(damaged(&numbers, |array| array.buffers = null_mut()).contains("no buffers"));
    assert!(damaged(&text, |array| array.n_buffers = 0).contains("0 buffers"));
    let views = StringViewArray::from(vec!["a text that is too long to stand inline"]);
    assert!(damaged(&views, |array| array.n_buffers = 2).contains("2 buffers where the type has 3"));
    let table = StructArray::from(batch());
    assert!(damaged(&table, |array| array.n_children = 0).contains("not what the C data interface says"));
    assert!(damaged(&table, |array| array.length = 3).contains("column 0 has 2 rows of 3"));
    let nested = damaged(&table, |array| {
        // SAFETY: the array has one child.
        unsafe { (**array.children).n_buffers = 0 };
    });
    assert!(nested.contains("0 buffers"), "{nested}");
}

/// As polars and DuckDB hand them out: the specification knows no buffer of nulls, they say that there is one.
#[test]
fn nulls_may_say_that_they_have_a_buffer() {
    let mut no_buffer: [*const c_void; 1] = [null()];
    let mut import = |array: ArrayRef, depth: usize| {
        let data = array.to_data();
        let schema = FFI_ArrowSchema::try_from(data.data_type()).unwrap();
        let mut exported = FFI_ArrowArray::new(&data);
        let mut nulls = &raw mut exported;
        // SAFETY: the array is one of Arrow's own, which has a child at each level down to the nulls.
        let imported = unsafe {
            for _ in 0..depth {
                nulls = *(*nulls).children;
            }
            (*nulls).n_buffers = 1;
            (*nulls).buffers = no_buffer.as_mut_ptr();
            import_array(exported, &schema)
        };
        assert_eq!(&imported.unwrap(), &array);
    };
    let item = Arc::new(Field::new("item", DataType::Null, true));
    let nulls: ArrayRef = Arc::new(NullArray::new(3));
    let offsets = OffsetBuffer::from_lengths([2, 0, 1]);
    let lists: ArrayRef = Arc::new(ListArray::new(Arc::clone(&item), offsets, Arc::clone(&nulls), None));
    let fixed = FixedSizeListArray::new(item, 3, Arc::clone(&nulls), None);
    let table = |column: ArrayRef| StructArray::try_from(vec![("column", column)]).unwrap();
    import(Arc::clone(&nulls), 0);
    import(nulls.slice(1, 2), 0);
    import(Arc::clone(&lists), 1);
    import(lists.slice(1, 2), 1);
    import(Arc::new(fixed), 1);
    import(Arc::new(table(Arc::clone(&nulls))), 1);
    import(Arc::new(table(Arc::clone(&nulls)).slice(1, 1)), 1);
    import(Arc::new(table(lists)), 2);
}

#[test]
fn negative_text_offsets_are_an_error() {
    let offsets: [i32; 3] = [0, 1, -5];
    let text = StringArray::from(vec!["a", "b"]);
    let message = damaged(&text, |array| {
        // SAFETY: an array of text has three buffers.
        unsafe { *array.buffers.add(1) = offsets.as_ptr().cast() };
    });
    assert!(message.contains("the last text offset is -5"), "{message}");
}

#[test]
fn misaligned_values_are_read_and_misaligned_offsets_refused() {
    let mut bytes = [0_u8; 17];
    // An odd address, wherever the bytes lie.
    let at = 1 - bytes.as_ptr().addr() % 2;
    bytes[at..at + 8].copy_from_slice(&10_i64.to_ne_bytes());
    bytes[at + 8..at + 16].copy_from_slice(&3_i64.to_ne_bytes());
    let odd = bytes[at..].as_ptr();
    let data = Int64Array::from(vec![0, 0]).to_data();
    let schema = FFI_ArrowSchema::try_from(data.data_type()).unwrap();
    let array = FFI_ArrowArray::new(&data);
    // SAFETY: an array of integers has two buffers, and the bytes outlive the array.
    let imported = unsafe {
        *array.buffers.add(1) = odd.cast();
        import_array(array, &schema).unwrap()
    };
    assert_eq!(imported.as_ref(), &Int64Array::from(vec![10, 3]) as &dyn Array);

    let message = damaged(&StringArray::from(vec!["a", "b"]), |array| {
        // SAFETY: as above.
        unsafe { *array.buffers.add(1) = odd.cast() };
    });
    assert!(message.contains("not aligned to 4 bytes"), "{message}");
}

#[test]
fn a_released_array_is_an_error() {
    let schema = FFI_ArrowSchema::try_from(batch().column(0).data_type()).unwrap();
    // SAFETY: a released array is never read.
    let error = unsafe { import_array(FFI_ArrowArray::empty(), &schema) }.unwrap_err();
    assert!(error.message().contains("released already"));
    // SAFETY: as above.
    let error =
        unsafe { import_array(FFI_ArrowArray::new(&batch().column(0).to_data()), &FFI_ArrowSchema::empty()) };
    assert!(error.is_err());
}

#[test]
fn a_schema_that_is_no_table_is_an_error() {
    unsafe extern "C" fn numbers(_: *mut FFI_ArrowArrayStream, out: *mut FFI_ArrowSchema) -> c_int {
        let schema = FFI_ArrowSchema::try_from(Int64Array::from(vec![1]).data_type()).unwrap();
        // SAFETY: `out` is to be written.
        unsafe { out.write(schema) };
        0
    }
    let mut stream = export_stream(batch());
    stream.get_schema = Some(numbers);
    assert!(refusal(stream).contains("struct"));
    // The text of C is what it says.
    // SAFETY: a constant text.
    assert_eq!(unsafe { CStr::from_ptr(say(null_mut())) }, c"the disk is on fire");
}
