//! Results as record batches: the columns, their order and their types are the public contract of a result.

use crate::frame::invalid;
use crate::{keys, text};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{Field, Schema};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenure::{Error, ErrorKind, Fault, Key, Outcome, Outcomes, Result, Trace, UnitRow, Units};

/// Columns on their way into a batch.
struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    rows: usize,
}

impl Columns {
    fn new(rows: usize) -> Self {
        Self { fields: Vec::new(), arrays: Vec::new(), rows }
    }

    fn add(&mut self, name: &str, array: ArrayRef) {
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
    }

    fn text<'t>(&mut self, name: &str, values: impl Iterator<Item = Option<&'t str>> + Clone) {
        self.add(name, text::array(values));
    }

    fn whole(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        self.add(name, Arc::new(values.collect::<Int64Array>()));
    }

    fn count(&mut self, name: &str, values: impl Iterator<Item = u64>) -> Result<()> {
        let whole = values.map(|count| {
            i64::try_from(count).map_err(|_| {
                Error::new(ErrorKind::Overflow, format!("{name} of {count} does not fit 64 bits"))
            })
        });
        let array = whole.collect::<Result<Int64Array>>()?;
        self.add(name, Arc::new(array));
        Ok(())
    }

    fn real(&mut self, name: &str, values: impl Iterator<Item = Option<f64>>) {
        self.add(name, Arc::new(values.collect::<Float64Array>()));
    }

    fn time(&mut self, name: &str, zone: &str, values: impl Iterator<Item = Option<i64>>) {
        let array = values.collect::<TimestampMicrosecondArray>().with_timezone(zone);
        self.add(name, Arc::new(array));
    }

    /// One column a name, from the values that each row holds in the order of the names.
    fn keys<'r, R: 'r>(
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

    fn finish(self) -> Result<RecordBatch> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let schema = Arc::new(Schema::new(self.fields));
        RecordBatch::try_new_with_options(schema, self.arrays, &options).map_err(|error| invalid(&error))
    }
}

/// Long texts of which there are few: each distinct one is stored once.
fn dictionary<'t>(texts: impl Iterator<Item = &'t Arc<str>>) -> Result<ArrayRef> {
    let mut codes: BTreeMap<&str, i32> = BTreeMap::new();
    let mut distinct: Vec<&str> = Vec::new();
    let mut last: Option<(&Arc<str>, i32)> = None;
    let mut keys = Vec::new();
    for text in texts {
        let code = match last {
            Some((known, code)) if Arc::ptr_eq(known, text) => code,
            _ => {
                let next = i32::try_from(distinct.len())
                    .map_err(|_| Error::new(ErrorKind::LimitExceeded, "more than 2^31 distinct policies"))?;
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

/// The rows of a result.
pub fn outcomes(outcomes: &Outcomes) -> Result<RecordBatch> {
    let rows = &outcomes.rows;
    let has = outcomes.columns;
    let each = || rows.iter();
    let mut columns = Columns::new(rows.len());
    columns.text("kpi", each().map(|row| Some(row.kpi)));
    if has.period {
        columns.time("period_start", &outcomes.zone, each().map(|row| row.period.map(|(start, _)| start)));
        columns.time("period_end", &outcomes.zone, each().map(|row| row.period.map(|(_, end)| end)));
    }
    columns.keys(outcomes.by.iter().map(String::as_str), rows, |row: &Outcome| &row.by);
    columns.keys(outcomes.dimensions.iter().copied(), rows, |row: &Outcome| &row.dimensions);
    columns.real("value", each().map(|row| row.value));
    if has.label {
        columns.text("label", each().map(|row| row.label.as_deref()));
    }
    if has.instant {
        columns.time("instant", &outcomes.zone, each().map(|row| row.instant));
    }
    if has.ratio {
        columns.whole("numerator", each().map(|row| row.numerator));
        columns.whole("denominator", each().map(|row| row.denominator));
    }
    if has.money {
        columns.whole("amount_minor", each().map(|row| row.amount_minor));
        columns.text("currency", each().map(|row| row.currency.as_deref()));
    }
    columns.count("n", each().map(|row| row.n))?;
    columns.count("n_missing", each().map(|row| row.n_missing))?;
    columns.count("n_invalid", each().map(|row| row.n_invalid))?;
    columns.count("n_immature", each().map(|row| row.n_immature))?;
    columns.count("n_excluded", each().map(|row| row.n_excluded))?;
    columns.count("n_censored", each().map(|row| row.n_censored))?;
    columns.text("status", each().map(|row| Some(row.status.name())));
    columns.real("low", each().map(|row| row.interval.map(|interval| interval.low)));
    columns.real("high", each().map(|row| row.interval.map(|interval| interval.high)));
    columns.real("level", each().map(|row| row.interval.map(|interval| interval.level)));
    columns.text("method", each().map(|row| row.interval.map(|interval| interval.method)));
    columns.text("unit", each().map(|row| Some(row.unit)));
    columns.add("policy", dictionary(each().map(|row| &row.policy))?);
    columns.finish()
}

/// What became of every unit. A `by` column that is the key itself appears once.
pub fn units(units: &Units) -> Result<RecordBatch> {
    let rows = &units.rows;
    let each = || rows.iter();
    let mut columns = Columns::new(rows.len());
    columns.add(&units.key, keys::array(each().map(|row| &row.key)));
    for (at, name) in units.by.iter().enumerate().filter(|(_, name)| **name != units.key) {
        columns.add(name, keys::array(each().map(move |row| row.by.get(at).unwrap_or(&Key::Null))));
    }
    columns.keys(units.dimensions.iter().copied(), rows, |row: &UnitRow| &row.dimensions);
    columns.time("occurred_at", &units.zone, each().map(|row| row.occurred_at));
    columns.text("fate", each().map(|row| Some(row.fate)));
    columns.text("reason", each().map(|row| row.reason));
    columns.real("value", each().map(|row| row.value));
    columns.text("label", each().map(|row| row.label.as_deref()));
    columns.finish()
}

/// The rows that could not be used.
pub fn faults(faults: &[Fault]) -> Result<RecordBatch> {
    let mut columns = Columns::new(faults.len());
    columns.text("table", faults.iter().map(|fault| Some(fault.table.as_str())));
    columns.text("column", faults.iter().map(|fault| Some(fault.column.as_str())));
    columns.count("row", faults.iter().map(|fault| fault.row))?;
    columns.text("reason", faults.iter().map(|fault| Some(fault.reason)));
    columns.text("text", faults.iter().map(|fault| Some(fault.text.as_str())));
    columns.finish()
}

/// The stories of units: one row a step, in order.
pub fn traces(traces: &[Trace]) -> Result<RecordBatch> {
    let steps = || traces.iter().flat_map(|trace| trace.notes.iter().map(move |note| (trace, note)));
    let mut columns = Columns::new(steps().count());
    columns.text("kpi", steps().map(|(trace, _)| Some(trace.kpi)));
    columns.count("row", steps().map(|(trace, _)| trace.row))?;
    columns.text("what", steps().map(|(_, note)| Some(note.what.as_str())));
    columns.text("found", steps().map(|(_, note)| Some(note.found.as_str())));
    columns.finish()
}
