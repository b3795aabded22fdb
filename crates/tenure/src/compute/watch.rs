//! What people look at measurement by measurement: units, faults, traces. The same whatever type values have, so it is
//! compiled once.

use super::clock::Moment;
use super::frame::{Codes, Frame, Measurement};
use super::place::Located;
use super::source::Described;
use super::{Context, check_rows};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Fate, Reason, Value};
use crate::outcome::{Fault, Note, UnitRow};
use crate::scope::{Micros, format_instant};
use crate::view::{EVENTS, NOBODY, REPEATED, repeated};
use hashbrown::HashSet;

/// One measurement with its value told.
pub(super) struct Visit<'m> {
    row: usize,
    at: Option<Micros>,
    period: Option<u32>,
    group: u32,
    dimensions: &'m [Key],
    fate: &'static str,
    is_unit: bool,
    is_invalid: bool,
    reason: Option<Reason>,
    value: Option<f64>,
    label: Option<&'m str>,
}

impl<'m> Visit<'m> {
    pub(super) fn of<V: Value>(measurement: &'m Measurement<V>) -> Self {
        let Measurement { row, at, period, group, fate, dimensions, .. } = measurement;
        Self {
            row: *row,
            at: *at,
            period: *period,
            group: *group,
            dimensions,
            fate: fate.name(),
            is_unit: fate.is_unit(),
            is_invalid: matches!(fate, Fate::Invalid(_)),
            reason: fate.reason(),
            value: fate.value().and_then(Value::number),
            label: fate.label(),
        }
    }
}

/// Takes what is found, one by one.
pub(super) type Tell<'t> = dyn FnMut(&Frame<'_>, &Codes<'_>, &Visit<'_>) -> Result<()> + 't;

/// What can be looked at measurement by measurement.
pub(super) trait Watched {
    fn source(&self) -> &dyn Described;

    /// Gives every measurement.
    fn watch(&self, context: &Context<'_>, tell: &mut Tell<'_>) -> Result<()>;
}

/// Every unit, with what became of it.
pub(super) fn units(watched: &dyn Watched, context: &Context<'_>) -> Result<Vec<UnitRow>> {
    let mut rows = Vec::new();
    let people = watched.source().people(context)?;
    watched.watch(context, &mut |frame, codes, visit| {
        if context.is_only_looked_back_to(visit.at) || !visit.is_unit {
            return Ok(());
        }
        let key = match frame.table.find(frame.view.key) {
            _ if people.is_some() => {
                people.as_ref().map_or(Key::Null, |people| people.key_of(visit.row).clone())
            }
            Some(column) => Key::from(frame.table.read(column, visit.row)),
            None => Key::Whole(visit.row as i128),
        };
        let mut row = UnitRow {
            row: visit.row as u64,
            key,
            by: codes.groups.values(visit.group),
            dimensions: Vec::new(),
            occurred_at: visit.at,
            fate: visit.fate,
            reason: visit.reason.map(|reason| reason.code),
            value: visit.value,
            label: visit.label.map(str::to_owned),
        };
        if visit.dimensions.is_empty() {
            rows.push(row);
        } else {
            for dimension in visit.dimensions {
                row.dimensions = vec![dimension.clone()];
                rows.push(row.clone());
            }
        }
        check_rows(rows.len(), context.scope)
    })?;
    if people.is_some() {
        // Sets know no order of rows.
        rows.sort_by(|a, b| {
            let by_who = a.key.cmp(&b.key).then_with(|| a.occurred_at.cmp(&b.occurred_at));
            by_who.then_with(|| (&a.by, &a.dimensions, a.row).cmp(&(&b.by, &b.dimensions, b.row)))
        });
    }
    Ok(rows)
}

/// Every row that is of no use.
pub(super) fn faults(watched: &dyn Watched, context: &Context<'_>) -> Result<Vec<Fault>> {
    let mut faults = watched.source().all_faults(&watched.source().frame(context, None)?)?;
    // A unit that is looked at in several periods, or in several ways, is wrong once.
    let mut met = HashSet::new();
    watched.watch(context, &mut |frame, _, visit| {
        if context.is_only_looked_back_to(visit.at) {
            return Ok(());
        }
        if let Some(reason) =
            visit.reason.filter(|reason| visit.is_invalid && met.insert((visit.row, *reason)))
        {
            faults.push(Fault::of(frame.table, visit.row, reason));
        }
        check_rows(faults.len(), context.scope)
    })?;
    Ok(faults)
}

/// What was looked at for one row, and what became of it.
pub(super) fn trace(watched: &dyn Watched, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
    let source = watched.source();
    let mut notes = place_notes(source, context, row)?;
    notes.extend(repetitions(source, context, row)?);
    notes.extend(source.evidence(&source.frame(context, None)?, row)?);
    let mut note = |what: &str, found: String| notes.push(Note { what: what.to_owned(), found });
    let mut met = false;
    let people = source.people(context)?;
    let person = people.as_ref().map(|people| people.of_row(row));
    watched.watch(context, &mut |_, codes, visit| {
        let is_it = match &people {
            Some(people) => Some(people.of_row(visit.row)) == person,
            None => visit.row == row,
        };
        if !is_it || !visit.is_unit {
            return Ok(());
        }
        met = true;
        let start = visit.period.and_then(|period| codes.periods.starts().get(period as usize));
        if let Some(start) = start.filter(|_| context.scope.calendar.is_some()) {
            note("period", format!("starts {}", format_instant(*start, context.scope.zone)));
        }
        for (name, value) in context.scope.by.iter().zip(codes.groups.values(visit.group)) {
            note(name, format!("{value}: the group it counts in"));
        }
        for dimension in visit.dimensions {
            note("dimension", format!("counts for {dimension}"));
        }
        let label = visit.label.map(|label| format!(" as {label}"));
        let value = visit.value.map(|value| format!(", value {value}"));
        let reason = visit.reason.map(|reason| format!(": {} {}", reason.column, reason.text));
        let parts = [label, value, reason].map(Option::unwrap_or_default).concat();
        note("fate", format!("{}{parts}", visit.fate));
        Ok(())
    })?;
    if !met {
        note("fate", "not a unit of this request".to_owned());
    }
    Ok(notes)
}

/// Which rows of a unit are of no use because another row has their event already: the row's own, or those of its person.
fn repetitions(source: &dyn Described, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
    /// More of them than this nobody reads.
    const SHOWN: usize = 40;
    if source.rows().table != EVENTS.table || !source.looks_at_people() {
        return Ok(Vec::new());
    }
    let (table, people) = (context.book.require(EVENTS.table)?, source.people(context)?);
    let Some((repeated, id)) = repeated(context)?.zip(table.find(REPEATED.column)) else {
        return Ok(Vec::new());
    };
    let is_of_person = |other: usize| {
        let person = people.as_ref().map(|people| (people.of_row(row), people.of_row(other)));
        person.is_some_and(|(one, other)| one == other && one != NOBODY)
    };
    let note = |other: usize| {
        let place = if other == row { String::new() } else { format!(" in row {other}") };
        let found = format!("{}{place} {}: counts once", Key::from(table.read(id, other)), REPEATED.text);
        Note { what: REPEATED.column.to_owned(), found }
    };
    let rows = repeated.duplicates().into_iter().filter(|other| *other == row || is_of_person(*other));
    Ok(rows.take(SHOWN).map(note).collect())
}

/// What of a row's own columns and place was looked at.
fn place_notes(source: &dyn Described, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
    let frame = source.frame(context, None)?;
    let mut notes = Vec::new();
    let mut note = |what: &str, found: String| notes.push(Note { what: what.to_owned(), found });
    let Some((chunk_at, chunk, local)) = frame.table.locate(row) else {
        note("row", format!("table \"{}\" has no row {row}", frame.view.table));
        return Ok(notes);
    };
    note("row", format!("{row} of table \"{}\"", frame.view.table));
    let columns = source.inputs().iter().map(|input| input.column);
    let gates = frame.view.kind.map(|_| "kind").into_iter().chain(frame.view.excluded.iter().copied());
    for name in columns.chain(gates) {
        if let Some(column) = frame.table.find(name) {
            note(name, Key::from(frame.table.read(column, row)).to_string());
        }
    }
    let (first, last) = frame.window();
    let zone = context.scope.zone;
    let at = match frame.clock.read(chunk, local, context.scope.as_of) {
        Moment::At(at) => {
            let verdict = if at > context.scope.as_of {
                "after as_of: reads as absent"
            } else if at < first || at > last {
                "outside start and end"
            } else {
                "in scope"
            };
            note(frame.clock.name(), format!("{}: {verdict}", format_instant(at, zone)));
            Some(at)
        }
        Moment::Bad(_, text) => {
            note(frame.clock.name(), text.to_owned());
            None
        }
        Moment::Absent => {
            if !frame.clock.is_absent() {
                note(frame.clock.name(), "missing".to_owned());
            }
            None
        }
    };
    for name in context.scope.filter.keys() {
        let mut located = Located::find(context.book, frame.table, context.scope, name, &[])?;
        let key = located.key(chunk, chunk_at, local, at);
        note("where", format!("{name} is {key}"));
    }
    let mut codes = frame.codes(source.attributes())?;
    if let Some((name, key)) = codes.filter.rejects(chunk, chunk_at, local, at) {
        let found = format!("{name} {key} is not asked for: left out");
        note("where", found);
    }
    Ok(notes)
}
