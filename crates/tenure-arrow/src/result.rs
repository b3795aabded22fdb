//! Results as record batches: the columns, their order and their types are the public contract of a result.

use crate::columns::{Columns, dictionary};
use crate::keys;
use arrow_array::RecordBatch;
use tenure::{Fault, Key, Outcome, Outcomes, Result, Trace, UnitRow, Units};

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
