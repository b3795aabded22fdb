//! Tables of plain C columns, copied in, or of Arrow data, moved in.

use crate::error::Error;
use crate::guard::{Failure, guard, read};
use crate::pointer::{give, given, misuse, text, values};
use crate::status::Status;
use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::sync::Arc;
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float64Type, Int8Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use tenure_arrow::arrow_array::{ArrayRef, BooleanArray, LargeListArray, LargeStringArray, PrimitiveArray};
use tenure_arrow::arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use tenure_arrow::arrow_schema::{DataType, Field};

/// A named table on its way into a book. It belongs to the caller until `tenure_book_add` takes it. One thread at
/// a time.
pub struct Table {
    pub(crate) name: String,
    pub(crate) frame: Frame,
}

/// What one time value counts, since 1970-01-01.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    Seconds = 0,
    /// Milliseconds.
    Milliseconds = 1,
    /// Microseconds, the resolution of everything inside.
    Microseconds = 2,
    /// Nanoseconds; what lies below a microsecond is cut off.
    Nanoseconds = 3,
}

impl Table {
    pub(crate) fn add(&mut self, name: &str, array: &ArrayRef) -> Result<(), Failure> {
        let located = |error: tenure_core::Error| error.in_table(&self.name);
        self.frame = self.frame.with_column(name, array).map_err(located)?;
        Ok(())
    }
}

/// Adds a column to a table that was passed in, under a name that was.
///
/// # Safety
/// As for [`text`].
unsafe fn add(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
    array: impl FnOnce() -> Result<ArrayRef, Failure>,
) -> Status {
    guard(error, || {
        let table = given(table, "table")?;
        // SAFETY: promised by the caller.
        let name = unsafe { text(name, name_len, "name") }?;
        table.add(name, &array()?)
    })
}

/// Which values are there: one byte a value, 0 for missing; NULL if all are.
///
/// # Safety
/// As for [`values`].
unsafe fn nulls(validity: *const u8, len: usize) -> Result<Option<NullBuffer>, Failure> {
    if validity.is_null() {
        return Ok(None);
    }
    // SAFETY: promised by the caller.
    let valid = unsafe { values(validity, len, "validity") }?;
    Ok(Some(NullBuffer::new(valid.iter().map(|byte| *byte != 0).collect::<BooleanBuffer>())))
}

/// Copies numbers into an array.
///
/// # Safety
/// As for [`values`].
unsafe fn numbers<T: ArrowPrimitiveType>(
    data: *const T::Native,
    validity: *const u8,
    len: usize,
) -> Result<PrimitiveArray<T>, Failure> {
    // SAFETY: promised by the caller.
    let (numbers, nulls) = unsafe { (values(data, len, "values")?, nulls(validity, len)?) };
    Ok(PrimitiveArray::new(ScalarBuffer::from(numbers.to_vec()), nulls))
}

/// The bytes of texts: NULL or an unset validity is missing; without lengths they end with NUL.
///
/// # Safety
/// As for [`values`], for the pointers and for every text behind them.
unsafe fn rows<'a>(
    data: *const *const c_char,
    lengths: *const usize,
    validity: *const u8,
    len: usize,
) -> Result<Vec<Option<&'a [u8]>>, Failure> {
    // SAFETY: promised by the caller.
    let (pointers, nulls) = unsafe { (values(data, len, "values")?, nulls(validity, len)?) };
    // SAFETY: as above.
    let lengths = if lengths.is_null() { None } else { Some(unsafe { values(lengths, len, "lengths") }?) };
    let one = |(row, pointer): (usize, &*const c_char)| {
        if pointer.is_null() || nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return Ok(None);
        }
        match lengths.and_then(|lengths| lengths.get(row)) {
            // SAFETY: as above.
            Some(len) => unsafe { values(pointer.cast::<u8>(), *len, &format!("value {row}")) }.map(Some),
            // SAFETY: without lengths every text ends with NUL, which the caller promises.
            None => Ok(Some(unsafe { CStr::from_ptr(*pointer) }.to_bytes())),
        }
    };
    pointers.iter().enumerate().map(one).collect()
}

/// Texts, all of which are UTF-8.
///
/// # Safety
/// As for [`rows`].
unsafe fn texts<'a>(
    data: *const *const c_char,
    lengths: *const usize,
    validity: *const u8,
    len: usize,
) -> Result<Vec<Option<&'a str>>, Failure> {
    // SAFETY: promised by the caller.
    let rows = unsafe { rows(data, lengths, validity, len) }?;
    let one = |(row, bytes): (usize, Option<&'a [u8]>)| {
        let text = bytes.map(std::str::from_utf8).transpose();
        text.map_err(|error| {
            let message = format!("value {row} is not UTF-8 from byte {} on", error.valid_up_to());
            misuse(Status::InvalidUtf8, message)
        })
    };
    rows.into_iter().enumerate().map(one).collect()
}

/// How does a table begin? Empty, with the name that the KPIs know it by: `surveys`. The caller owns the table
/// until `tenure_book_add` takes it, or frees it with `tenure_table_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_new(
    name: *const c_char,
    name_len: usize,
    table: Option<&mut MaybeUninit<*mut Table>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let table = given(table, "table")?;
        // SAFETY: the rules for pointers in tenure.h.
        let name = unsafe { text(name, name_len, "name") }?.to_owned();
        give(table, Table { name, frame: Frame::empty() });
        Ok(())
    })
}

/// Adds 8-bit integers. `validity` has one byte a value, 0 for missing, or is NULL if all values are there. The
/// values are copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_i8(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const i8,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let numbers = unsafe { numbers::<Int8Type>(values, validity, len) }?;
        Ok(Arc::new(numbers) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds 32-bit integers, as `tenure_table_add_i8` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_i32(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const i32,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let numbers = unsafe { numbers::<Int32Type>(values, validity, len) }?;
        Ok(Arc::new(numbers) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds 64-bit integers, as `tenure_table_add_i8` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_i64(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const i64,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let numbers = unsafe { numbers::<Int64Type>(values, validity, len) }?;
        Ok(Arc::new(numbers) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds doubles, as `tenure_table_add_i8` does. A whole number is the integer, and NaN is missing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_f64(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const f64,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let numbers = unsafe { numbers::<Float64Type>(values, validity, len) }?;
        Ok(Arc::new(numbers) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds truth values, one byte each, as `tenure_table_add_i8` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_bool(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const bool,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // Any byte may stand here: a Rust `bool` is made of it, never read.
        let bytes = values.cast::<u8>();
        // SAFETY: the rules for pointers in tenure.h.
        let (truths, nulls) =
            unsafe { (crate::pointer::values(bytes, len, "values")?, nulls(validity, len)?) };
        let truths: BooleanBuffer = truths.iter().map(|byte| *byte != 0).collect();
        Ok(Arc::new(BooleanArray::new(truths, nulls)) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds times: `unit` says what they count since 1970-01-01 (a `tenure_time_unit`); `instant` whether they are
/// instants or wall-clock times in a zone that the request names in `column_zones`, else in UTC. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_time(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const i64,
    validity: *const u8,
    len: usize,
    unit: i32,
    instant: bool,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        let zone = instant.then(|| Arc::from("UTC"));
        // SAFETY: the rules for pointers in tenure.h.
        let array: ArrayRef = unsafe {
            match unit {
                unit if unit == TimeUnit::Seconds as i32 => {
                    Arc::new(numbers::<TimestampSecondType>(values, validity, len)?.with_timezone_opt(zone))
                }
                unit if unit == TimeUnit::Milliseconds as i32 => Arc::new(
                    numbers::<TimestampMillisecondType>(values, validity, len)?.with_timezone_opt(zone),
                ),
                unit if unit == TimeUnit::Microseconds as i32 => Arc::new(
                    numbers::<TimestampMicrosecondType>(values, validity, len)?.with_timezone_opt(zone),
                ),
                unit if unit == TimeUnit::Nanoseconds as i32 => Arc::new(
                    numbers::<TimestampNanosecondType>(values, validity, len)?.with_timezone_opt(zone),
                ),
                _ => return Err(misuse(Status::OutOfRange, format!("{unit} is no tenure_time_unit"))),
            }
        };
        Ok(array)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds dates: days since 1970-01-01, as `tenure_table_add_i8` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_date(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    days: *const i32,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let numbers = unsafe { numbers::<Date32Type>(days, validity, len) }?;
        Ok(Arc::new(numbers) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds texts. A NULL among `values`, or a 0 in `validity`, is a missing one. `lengths` may be NULL: then every
/// text ends with NUL. Times and dates may come as ISO text. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_text(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const *const c_char,
    lengths: *const usize,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let texts = unsafe { texts(values, lengths, validity, len) }?;
        Ok(Arc::new(LargeStringArray::from(texts)) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds texts as `tenure_table_add_text` does, but bytes that are not UTF-8 are no error: each becomes U+FFFD. For what
/// people wrote; an id that reads like another one would be counted as the other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_text_lossy(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    values: *const *const c_char,
    lengths: *const usize,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let rows = unsafe { rows(values, lengths, validity, len) }?;
        let texts = rows.into_iter().map(|bytes| bytes.map(String::from_utf8_lossy));
        Ok(Arc::new(texts.collect::<LargeStringArray>()) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// Adds lists of texts, such as tags: list `i` is `items[offsets[i]]` up to, without, `items[offsets[i + 1]]`, so
/// that there are `len + 1` offsets. `item_lengths` may be NULL, as may `validity`, which is of the lists. Copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_table_add_text_list(
    table: Option<&mut Table>,
    name: *const c_char,
    name_len: usize,
    offsets: *const usize,
    items: *const *const c_char,
    item_lengths: *const usize,
    validity: *const u8,
    len: usize,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    let array = || {
        // SAFETY: the rules for pointers in tenure.h.
        let (offsets, nulls) = unsafe {
            let offsets = crate::pointer::values(offsets, len.saturating_add(1), "offsets")?;
            (offsets, nulls(validity, len)?)
        };
        let narrow = offsets.iter().map(|offset| i64::try_from(*offset));
        let narrow = narrow.collect::<Result<Vec<_>, _>>().ok().filter(|offsets| offsets.is_sorted());
        let Some(narrow) = narrow.filter(|offsets| offsets.first() == Some(&0)) else {
            return Err(misuse(Status::InvalidRequest, "offsets begin with 0 and never go down"));
        };
        let count = offsets.last().copied().unwrap_or_default();
        // SAFETY: as above; the last offset is the number of items.
        let items = unsafe { texts(items, item_lengths, std::ptr::null(), count) }?;
        let array = LargeListArray::try_new(
            Arc::new(Field::new("item", DataType::LargeUtf8, true)),
            OffsetBuffer::new(ScalarBuffer::from(narrow)),
            Arc::new(LargeStringArray::from(items)),
            nulls,
        );
        let array = array.map_err(|error| misuse(Status::InvalidRequest, error.to_string()))?;
        Ok(Arc::new(array) as ArrayRef)
    };
    // SAFETY: as above.
    unsafe { add(table, name, name_len, error, array) }
}

/// How many rows does the table have? 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_table_row_count(table: Option<&Table>) -> usize {
    read(0, || table.map_or(0, |table| table.frame.rows()))
}

/// Frees a table that no book has taken. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_table_free(table: Option<Box<Table>>) {
    read((), || drop(table));
}
