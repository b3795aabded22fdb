//! The one shape of every answer: a table with typed columns.

use crate::buffer::Buffer;
use crate::cell::{Cell, cell, json};
use crate::error::{Error, c_text};
use crate::guard::{Failure, guard, read};
use crate::pointer::{give, given, misuse, text};
use crate::status::Status;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::ptr::null;
use std::sync::OnceLock;
use tenure_arrow::arrow_array::cast::AsArray;
use tenure_arrow::arrow_array::types::Int32Type;
use tenure_arrow::arrow_array::{Array, ArrayRef, RecordBatch};
use tenure_arrow::arrow_schema::DataType;

/// Outcomes, units, faults, a trace or classifications: rows and typed columns. It belongs to the caller, who frees it with
/// `tenure_result_free`; several threads may read it at once.
pub struct ResultTable {
    batch: RecordBatch,
    names: Vec<CString>,
    texts: Vec<OnceLock<Texts>>,
    as_of: Option<i64>,
}

/// What a column of a result holds.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// No such column.
    None = 0,
    /// Truth values, read with `tenure_result_i64` as 0 or 1.
    Bool = 1,
    /// 64-bit integers, read with `tenure_result_i64`.
    I64 = 2,
    /// Doubles, read with `tenure_result_f64`.
    F64 = 3,
    /// Instants in microseconds since 1970-01-01 UTC, read with `tenure_result_i64`.
    Time = 4,
    /// Text, read with `tenure_result_text`; also lists, whose text is JSON.
    Text = 5,
}

/// The texts of a column behind each other, each followed by a NUL.
struct Texts {
    bytes: Vec<u8>,
    /// Where the text of a row begins and ends; `None` if missing.
    places: Vec<Option<(usize, usize)>>,
}

impl Texts {
    fn of(array: &dyn Array) -> Self {
        let mut texts = Self { bytes: Vec::new(), places: Vec::with_capacity(array.len()) };
        for row in 0..array.len() {
            let place = cell(array, row).to_text().map(|text| {
                let from = texts.bytes.len();
                texts.bytes.extend_from_slice(text.as_bytes());
                let to = texts.bytes.len();
                texts.bytes.push(0);
                (from, to)
            });
            texts.places.push(place);
        }
        texts
    }

    /// The text of a row, with its NUL, and its length without.
    fn get(&self, row: usize) -> Option<(&[u8], usize)> {
        let (from, to) = (*self.places.get(row)?)?;
        Some((self.bytes.get(from..=to)?, to - from))
    }
}

impl ResultTable {
    pub(crate) fn new(batch: RecordBatch) -> Self {
        let names = batch.schema().fields().iter().map(|field| c_text(field.name())).collect();
        let texts = batch.columns().iter().map(|_| OnceLock::new()).collect();
        Self { batch, names, texts, as_of: None }
    }

    pub(crate) fn of_outcomes(outcomes: &tenure_core::Outcomes) -> Result<Self, Failure> {
        Ok(Self { as_of: Some(outcomes.as_of), ..Self::new(tenure_arrow::outcomes(outcomes)?) })
    }

    pub(crate) fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    fn column(&self, row: usize, column: usize) -> Result<&ArrayRef, Failure> {
        let (rows, columns) = (self.batch.num_rows(), self.batch.num_columns());
        let array = self.batch.columns().get(column).filter(|_| row < rows);
        array.ok_or_else(|| {
            let message =
                format!("row {row}, column {column} of a result of {rows} rows and {columns} columns");
            misuse(Status::OutOfRange, message)
        })
    }

    fn cell(&self, row: usize, column: usize) -> Result<Cell<'_>, Failure> {
        Ok(cell(self.column(row, column)?.as_ref(), row))
    }

    /// The failure of a cell that holds no value, or none of the wanted type.
    fn unfit(&self, row: usize, column: usize, found: Cell<'_>, wanted: &str) -> Failure {
        let name = self.names.get(column).map_or_else(|| "?".into(), |name| name.to_string_lossy());
        match found {
            Cell::Null => misuse(Status::NoValue, format!("column \"{name}\" has no value in row {row}")),
            _ => misuse(Status::WrongType, format!("column \"{name}\" does not hold {wanted}")),
        }
    }

    /// The text of a cell. Texts are made once a column, and once a distinct value where the column is a
    /// dictionary.
    fn text(&self, row: usize, column: usize) -> Result<(&[u8], usize), Failure> {
        let array = self.column(row, column)?;
        let texts = self.texts.get(column).map(|texts| match array.data_type() {
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_dictionary::<Int32Type>();
                (texts.get_or_init(|| Texts::of(dictionary.values().as_ref())), dictionary.key(row))
            }
            _ => (texts.get_or_init(|| Texts::of(array.as_ref())), Some(row)),
        });
        let text = texts.and_then(|(texts, row)| texts.get(row?));
        text.ok_or_else(|| self.unfit(row, column, Cell::Null, "text"))
    }
}

/// How many rows? 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_row_count(result: Option<&ResultTable>) -> usize {
    read(0, || result.map_or(0, |result| result.batch.num_rows()))
}

/// How many columns? 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_column_count(result: Option<&ResultTable>) -> usize {
    read(0, || result.map_or(0, |result| result.batch.num_columns()))
}

/// What is a column called? NULL beyond the last column. The text belongs to the result.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_column_name(result: Option<&ResultTable>, column: usize) -> *const c_char {
    read(null(), || result.and_then(|result| result.names.get(column)).map_or(null(), |name| name.as_ptr()))
}

/// What does a column hold? `TENURE_VALUE_TYPE_NONE` beyond the last column.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_column_type(result: Option<&ResultTable>, column: usize) -> ValueType {
    read(ValueType::None, || {
        let array = result.and_then(|result| result.batch.columns().get(column));
        match array.map(Array::data_type) {
            None => ValueType::None,
            Some(DataType::Boolean) => ValueType::Bool,
            Some(DataType::Int64) => ValueType::I64,
            Some(DataType::Float64) => ValueType::F64,
            Some(DataType::Timestamp(_, _)) => ValueType::Time,
            Some(_) => ValueType::Text,
        }
    })
}

/// Which column has this name? `TENURE_STATUS_UNKNOWN_COLUMN` if none has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_result_column_index(
    result: Option<&ResultTable>,
    name: *const c_char,
    name_len: usize,
    column: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, column) = (given(result, "result")?, given(column, "column")?);
        // SAFETY: the rules for pointers in tenure.h.
        let name = unsafe { text(name, name_len, "name") }?;
        let schema = result.batch.schema();
        let Some((found, _)) = schema.column_with_name(name) else {
            let known: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let message = format!("the result has no column \"{name}\"; it has {}", known.join(", "));
            return Err(misuse(Status::UnknownColumn, message));
        };
        column.write(found);
        Ok(())
    })
}

/// Is the cell empty?
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_is_null(
    result: Option<&ResultTable>,
    row: usize,
    column: usize,
    is_null: Option<&mut MaybeUninit<bool>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, is_null) = (given(result, "result")?, given(is_null, "is_null")?);
        is_null.write(result.cell(row, column)? == Cell::Null);
        Ok(())
    })
}

/// Which number is in the cell? Of doubles and integers. An empty cell is `TENURE_STATUS_NO_VALUE`: undefined is
/// not zero.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_f64(
    result: Option<&ResultTable>,
    row: usize,
    column: usize,
    value: Option<&mut MaybeUninit<f64>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, value) = (given(result, "result")?, given(value, "value")?);
        value.write(match result.cell(row, column)? {
            Cell::Real(real) => real,
            Cell::Whole(whole) => whole as f64,
            other => return Err(result.unfit(row, column, other, "numbers")),
        });
        Ok(())
    })
}

/// Which integer is in the cell? Of integers, truth values (0 or 1) and times (microseconds since 1970-01-01 UTC).
/// An empty cell is `TENURE_STATUS_NO_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_i64(
    result: Option<&ResultTable>,
    row: usize,
    column: usize,
    value: Option<&mut MaybeUninit<i64>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, value) = (given(result, "result")?, given(value, "value")?);
        value.write(match result.cell(row, column)? {
            Cell::Whole(whole) => whole,
            Cell::Bool(truth) => i64::from(truth),
            Cell::Time(at, _) => at,
            other => return Err(result.unfit(row, column, other, "integers, truth values or times")),
        });
        Ok(())
    })
}

/// How does the cell read? Of every type: numbers are written out, times are ISO text in the zone of the request, lists
/// are JSON.
/// The text ends with NUL and belongs to the result; `len`, its length, may be NULL. An empty cell is
/// `TENURE_STATUS_NO_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_text(
    result: Option<&ResultTable>,
    row: usize,
    column: usize,
    text: Option<&mut MaybeUninit<*const c_char>>,
    len: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, text) = (given(result, "result")?, given(text, "text")?);
        let (found, length) = result.text(row, column)?;
        text.write(found.as_ptr().cast());
        if let Some(len) = len {
            len.write(length);
        }
        Ok(())
    })
}

/// Up to which instant was the data read, in microseconds since 1970-01-01 UTC? What `"as_of": "latest"` stood for.
/// Only outcomes have it; other results are `TENURE_STATUS_NO_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_as_of(
    result: Option<&ResultTable>,
    as_of: Option<&mut MaybeUninit<i64>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, as_of) = (given(result, "result")?, given(as_of, "as_of")?);
        let known = result.as_of.ok_or_else(|| misuse(Status::NoValue, "only outcomes have an as_of"))?;
        as_of.write(known);
        Ok(())
    })
}

/// How does the result read as JSON? A list of objects, one a row; times are ISO text, empty cells null. The
/// caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_to_json(
    result: Option<&ResultTable>,
    json_text: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (result, json_text) = (given(result, "result")?, given(json_text, "json_text")?);
        give(json_text, Buffer::new(json(&result.batch)));
        Ok(())
    })
}

/// Frees a result. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_result_free(result: Option<Box<ResultTable>>) {
    read((), || drop(result));
}
