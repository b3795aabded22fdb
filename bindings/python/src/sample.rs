//! The sample company as tables.

use crate::detach::detached;
use crate::error::invalid;
use crate::json::from_json;
use crate::rows::Rows;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;
use tenure::{Error, ErrorKind, Result};
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::builder::{ListBuilder, StringBuilder, StringDictionaryBuilder};
use tenure_arrow::arrow_array::types::Int32Type;
use tenure_arrow::arrow_array::{
    ArrayRef, BooleanArray, Int8Array, Int16Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use tenure_arrow::arrow_schema::{DataType, Field, Schema, TimeUnit};
use tenure_sample::{Column, Company, Kind, Settings, TableInfo, write_csv};

/// Rows of a chunk: large, because the tables are whole in memory anyway.
const CHUNK_ROWS: usize = 1 << 20;

/// The tables of a sample company by name, as `tenure.sample.company` returns them.
#[pyfunction]
#[pyo3(signature = (accounts, months, seed, activity_percent))]
pub(crate) fn sample_tables(
    py: Python<'_>,
    accounts: u32,
    months: u32,
    seed: u64,
    activity_percent: u32,
) -> PyResult<Bound<'_, PyDict>> {
    let frames = detached(py, || {
        let company = company(accounts, months, seed, activity_percent)?;
        let tables = company.tables();
        tables.into_iter().map(|table| Ok((table.name, frame(&company, &table)?))).collect::<Result<Vec<_>>>()
    })?;
    let dict = PyDict::new(py);
    for (name, frame) in frames {
        dict.set_item(name, Bound::new(py, Rows::new(frame))?)?;
    }
    Ok(dict)
}

/// Writes a sample company as files, as `tenure.sample.write` does, and returns what was planted in it.
#[pyfunction]
#[pyo3(signature = (directory, accounts, months, seed, activity_percent))]
pub(crate) fn write_sample<'py>(
    py: Python<'py>,
    directory: &str,
    accounts: u32,
    months: u32,
    seed: u64,
    activity_percent: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let truth = detached(py, || {
        let company = company(accounts, months, seed, activity_percent)?;
        let truth = write_csv(&company, directory).map_err(|error| invalid(error.to_string()))?;
        serde_json::to_string(&truth).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))
    })?;
    from_json(py, &truth)
}

fn company(accounts: u32, months: u32, seed: u64, activity_percent: u32) -> Result<Company> {
    let settings = Settings { accounts, months, seed, activity_percent, ..Settings::default() };
    Company::new(settings).map_err(|error| invalid(error.to_string()))
}

fn frame(company: &Company, table: &TableInfo) -> Result<Frame> {
    let internal =
        |error: String| Error::new(ErrorKind::Internal, format!("table \"{}\": {error}", table.name));
    let fields: Vec<_> =
        table.columns.iter().map(|info| Field::new(info.name, data_type(info.kind), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let chunks =
        company.table_in_chunks(table.name, CHUNK_ROWS).map_err(|error| internal(error.to_string()))?;
    let batches = chunks.map(|chunk| {
        let arrays = chunk.columns.into_iter().map(|(_, column)| array(column)).collect();
        RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(|error| internal(error.to_string()))
    });
    Ok(Frame { batches: batches.collect::<Result<_>>()?, schema })
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::I8 => DataType::Int8,
        Kind::I16 => DataType::Int16,
        Kind::I32 => DataType::Int32,
        Kind::I64 => DataType::Int64,
        Kind::Bool => DataType::Boolean,
        Kind::Text => DataType::Utf8,
        Kind::Word => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Kind::Words | Kind::Texts => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

fn array(column: Column) -> ArrayRef {
    match column {
        Column::I8(values) => Arc::new(Int8Array::from(values)),
        Column::I16(values) => Arc::new(Int16Array::from(values)),
        Column::I32(values) => Arc::new(Int32Array::from(values)),
        Column::I64(values) => Arc::new(Int64Array::from(values)),
        Column::Bool(values) => Arc::new(BooleanArray::from(values)),
        Column::Text(values) => Arc::new(StringArray::from(values)),
        Column::Word(values) => {
            let mut words = StringDictionaryBuilder::<Int32Type>::new();
            words.extend(values);
            Arc::new(words.finish())
        }
        Column::Words(values) => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for items in values {
                items.into_iter().flatten().for_each(|item| lists.values().append_value(item));
                lists.append(items.is_some());
            }
            Arc::new(lists.finish())
        }
        Column::Texts(values) => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for items in values {
                items.iter().flatten().for_each(|item| lists.values().append_value(item));
                lists.append(items.is_some());
            }
            Arc::new(lists.finish())
        }
        Column::Time(values) => Arc::new(TimestampMicrosecondArray::from(values).with_timezone("UTC")),
    }
}
