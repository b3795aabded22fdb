//! A table of Arrow data, owned, from which the core borrows.

use crate::column::column;
use crate::keys;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, RecordBatchReader};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use std::sync::Arc;
use tenure::{Error, ErrorKind, Key, Result, Table};

/// A table in Arrow's memory: a schema and any number of batches of it.
///
/// It owns the data, so that the tables of a [`tenure::Book`] can borrow from it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows, in order.
    pub batches: Vec<RecordBatch>,
}

pub(crate) fn invalid(error: &ArrowError) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("the Arrow data cannot be read: {error}"))
}

impl Frame {
    /// A table without columns and rows.
    pub fn empty() -> Self {
        Self { schema: Arc::new(Schema::empty()), batches: Vec::new() }
    }

    /// Reads all batches of a reader.
    pub fn from_reader(reader: impl RecordBatchReader) -> Result<Self> {
        let schema = reader.schema();
        let batches = reader.collect::<Result<_, _>>().map_err(|error| invalid(&error))?;
        Ok(Self { schema, batches })
    }

    /// Reads all batches of a C stream, which is released in any case. A stream that was released already, that
    /// fails, or whose arrays are not what its schema says is an error.
    pub fn from_stream(stream: FFI_ArrowArrayStream) -> Result<Self> {
        crate::stream::import(stream)
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The same table with one more column, cut into the batches that there are.
    pub fn with_column(&self, name: &str, array: &ArrayRef) -> Result<Self> {
        let rows = self.rows();
        let first = self.schema.fields().is_empty();
        if !first && array.len() != rows {
            let message =
                format!("column \"{name}\" has {} rows where the columns before it have {rows}", array.len());
            return Err(Error::new(ErrorKind::InvalidRequest, message).in_column(name));
        }
        if self.schema.column_with_name(name).is_some() {
            let message = format!("the table has a column \"{name}\" already");
            return Err(Error::new(ErrorKind::InvalidRequest, message).in_column(name));
        }
        let mut fields = self.schema.fields().to_vec();
        fields.push(Arc::new(Field::new(name, array.data_type().clone(), true)));
        let schema = Arc::new(Schema::new(fields));
        let mut row = 0;
        let mut batches = Vec::new();
        let lengths =
            if first { vec![array.len()] } else { self.batches.iter().map(RecordBatch::num_rows).collect() };
        for (at, len) in lengths.into_iter().enumerate() {
            let mut columns = self.batches.get(at).map_or_else(Vec::new, |batch| batch.columns().to_vec());
            columns.push(array.slice(row, len));
            row += len;
            let options = RecordBatchOptions::new().with_row_count(Some(len));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options);
            batches.push(batch.map_err(|error| invalid(&error))?);
        }
        Ok(Self { schema, batches })
    }

    /// The columns that name the rows: ids (`account_id`), times (`occurred_at`) and `manager`. Answers stand beside them,
    /// so that they can be joined to other tables.
    pub fn naming(&self) -> Result<Self> {
        let names = |field: &Field| {
            let name = field.name();
            name.ends_with("_id") || name.ends_with("_at") || name == "manager"
        };
        let fields = self.schema.fields().iter().enumerate();
        let chosen: Vec<usize> = fields.filter(|(_, field)| names(field)).map(|(at, _)| at).collect();
        let schema = self.schema.project(&chosen).map_err(|error| invalid(&error))?;
        let batches = self.batches.iter().map(|batch| batch.project(&chosen));
        let batches = batches.collect::<Result<_, _>>().map_err(|error| invalid(&error))?;
        Ok(Self { schema: Arc::new(schema), batches })
    }

    /// The same rows in one batch, copied, with the types that results have: truth values, 64-bit integers, doubles, times in
    /// UTC, text.
    pub fn in_one_batch(&self) -> Result<Self> {
        let columns = self.schema.fields().iter().enumerate().map(|(at, field)| {
            let chunks = self.batches.iter().filter_map(|batch| batch.columns().get(at));
            let values: Vec<Key> = chunks
                .map(|array| column(array.as_ref()))
                .flat_map(|column| {
                    (0..column.len()).map(|row| Key::from(column.read(row))).collect::<Vec<_>>()
                })
                .collect();
            let array = keys::array(values.iter());
            (Field::new(field.name(), array.data_type().clone(), true), array)
        });
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows()));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options);
        Ok(Self::from(batch.map_err(|error| invalid(&error))?))
    }

    /// The table under a name of its own, borrowed. Nothing is copied, except dates and the offsets of lists,
    /// whose layout differs.
    pub fn table(&self, name: impl Into<String>) -> Result<Table<'_>> {
        let name = name.into();
        for batch in &self.batches {
            if batch.num_columns() != self.schema.fields().len() {
                let message = format!(
                    "a batch of table \"{name}\" has {} columns where its schema has {}",
                    batch.num_columns(),
                    self.schema.fields().len()
                );
                return Err(Error::new(ErrorKind::InvalidRequest, message).in_table(name));
            }
        }
        let names = self.schema.fields().iter().map(|field| field.name().clone()).collect();
        let chunks =
            self.batches.iter().map(|batch| batch.columns().iter().map(|array| column(array.as_ref())));
        Ok(Table::from_chunks(name, names, chunks.map(Iterator::collect).collect()))
    }
}

impl From<RecordBatch> for Frame {
    fn from(batch: RecordBatch) -> Self {
        Self { schema: batch.schema(), batches: vec![batch] }
    }
}
