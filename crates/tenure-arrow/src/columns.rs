//! Columns on their way into a record batch.

#[cfg(feature = "classify")]
use crate::frame::Frame;
use crate::frame::invalid;
use crate::{keys, text};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    RecordBatchOptions, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenure::{Error, ErrorKind, Key, Result};

/// Columns on their way into a batch.
pub(crate) struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    rows: usize,
}

impl Columns {
    pub(crate) fn new(rows: usize) -> Self {
        Self { fields: Vec::new(), arrays: Vec::new(), rows }
    }

    /// Begins with the columns of a batch, as they are.
    #[cfg(feature = "classify")]
    pub(crate) fn beside(batch: &RecordBatch) -> Self {
        Self {
            fields: batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect(),
            arrays: batch.columns().to_vec(),
            rows: batch.num_rows(),
        }
    }

    pub(crate) fn add(&mut self, name: &str, array: ArrayRef) {
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
    }

    pub(crate) fn text<'t>(&mut self, name: &str, values: impl Iterator<Item = Option<&'t str>> + Clone) {
        self.add(name, text::array(values));
    }

    pub(crate) fn whole(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        self.add(name, Arc::new(values.collect::<Int64Array>()));
    }

    pub(crate) fn count(&mut self, name: &str, values: impl Iterator<Item = u64>) -> Result<()> {
        let whole = values.map(|count| {
            i64::try_from(count).map_err(|_| {
                Error::new(ErrorKind::Overflow, format!("{name} of {count} does not fit 64 bits"))
            })
        });
        let array = whole.collect::<Result<Int64Array>>()?;
        self.add(name, Arc::new(array));
        Ok(())
    }

    pub(crate) fn real(&mut self, name: &str, values: impl Iterator<Item = Option<f64>>) {
        self.add(name, Arc::new(values.collect::<Float64Array>()));
    }

    pub(crate) fn truth(&mut self, name: &str, values: impl Iterator<Item = bool>) {
        self.add(name, Arc::new(values.map(Some).collect::<BooleanArray>()));
    }

    pub(crate) fn time(&mut self, name: &str, zone: &str, values: impl Iterator<Item = Option<i64>>) {
        let array = values.collect::<TimestampMicrosecondArray>().with_timezone(zone);
        self.add(name, Arc::new(array));
    }

    /// One column a name, from the values that each row holds in the order of the names.
    pub(crate) fn keys<'r, R: 'r>(
        &mut self,
        names: impl Iterator<Item = &'r str>,
        rows: &'r [R],
        values: impl Fn(&'r R) -> &'r [Key] + Copy,
    ) {
        for (at, name) in names.enumerate() {
            self.add(
                name,
                keys::array(rows.iter().map(move |row| values(row).get(at).unwrap_or(&Key::Null))),
            );
        }
    }

    pub(crate) fn finish(self) -> Result<RecordBatch> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let schema = Arc::new(Schema::new(self.fields));
        RecordBatch::try_new_with_options(schema, self.arrays, &options).map_err(|error| invalid(&error))
    }
}

/// Long texts of which there are few: each distinct one is stored once.
pub(crate) fn dictionary<'t>(texts: impl Iterator<Item = &'t Arc<str>>) -> Result<ArrayRef> {
    let mut codes: BTreeMap<&str, i32> = BTreeMap::new();
    let mut distinct: Vec<&str> = Vec::new();
    let mut last: Option<(&Arc<str>, i32)> = None;
    let mut keys = Vec::new();
    for text in texts {
        let code = match last {
            Some((known, code)) if Arc::ptr_eq(known, text) => code,
            _ => {
                let next = i32::try_from(distinct.len())
                    .map_err(|_| Error::new(ErrorKind::LimitExceeded, "more than 2^31 distinct texts"))?;
                *codes.entry(text).or_insert_with(|| {
                    distinct.push(text);
                    next
                })
            }
        };
        last = Some((text, code));
        keys.push(code);
    }
    let values: ArrayRef = Arc::new(StringArray::from_iter_values(distinct));
    let array = DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), values);
    Ok(Arc::new(array.map_err(|error| invalid(&error))?))
}

/// Names of which there are few, as dictionary: eight million rows should not hold a dozen names eight million times.
pub(crate) fn names<'t>(names: impl Iterator<Item = Option<&'t str>>) -> Result<ArrayRef> {
    let mut distinct: Vec<&str> = Vec::new();
    let code = |name: Option<&'t str>| {
        // Few enough that looking through them is faster than hashing.
        let known = name.map(|name| {
            distinct.iter().position(|known| *known == name).unwrap_or_else(|| {
                distinct.push(name);
                distinct.len() - 1
            })
        });
        known.and_then(|at| i32::try_from(at).ok())
    };
    let keys: Int32Array = names.map(code).collect();
    let values: ArrayRef = Arc::new(StringArray::from_iter_values(distinct));
    let array = DictionaryArray::<Int32Type>::try_new(keys, values);
    Ok(Arc::new(array.map_err(|error| invalid(&error))?))
}

/// Answers beside rows, batch by batch.
#[cfg(feature = "classify")]
pub(crate) fn beside<A>(
    rows: &Frame,
    answers: &[A],
    add: impl Fn(&mut Columns, &[A]) -> Result<()>,
) -> Result<Frame> {
    let of_batch = |batch: &RecordBatch, answers: &[A]| {
        let mut columns = Columns::beside(batch);
        add(&mut columns, answers)?;
        columns.finish()
    };
    let mut rest = answers;
    let mut batches = Vec::with_capacity(rows.batches.len());
    for batch in &rows.batches {
        let Some((these, others)) = rest.split_at_checked(batch.num_rows()) else { break };
        batches.push(of_batch(batch, these)?);
        rest = others;
    }
    if batches.len() < rows.batches.len() || !rest.is_empty() {
        let message = format!("{} answers for {} rows", answers.len(), rows.rows());
        return Err(Error::new(ErrorKind::Internal, message));
    }
    let schema = match batches.first() {
        Some(batch) => batch.schema(),
        None => of_batch(&RecordBatch::new_empty(Arc::clone(&rows.schema)), &[])?.schema(),
    };
    Ok(Frame { schema, batches })
}
