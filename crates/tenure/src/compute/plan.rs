//! Plans: a KPI's four parts put together for one request.

use super::clock::Moment;
use super::frame::{Codes, Frame, Measurement, RowView};
use super::gathering::Gathering;
use super::grid::{AnyGrid, Grid};
use super::place::Located;
use super::source::{AnySink, OfEntities, OfRows, Source};
use super::{Bounds, Context, Part, Periods, Splits, check_rows};
use crate::book::Book;
use crate::error::{Error, ErrorKind, Result};
use crate::formula::{Cells, Formula, Rows};
use crate::key::Key;
use crate::measure::{Fate, Reason, Value};
use crate::outcome::{Fault, Note, Outcome, UnitRow};
use crate::request::Scope;
use crate::scope::format_instant;
use crate::state::Reader;
use crate::summary::{Cell, Mergeable, Summary};
use crate::view::{Identity, People};
use hashbrown::HashSet;
use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::Arc;

/// What the engine can do with a KPI, whatever its view, measure, summary and formula are. One dynamic call a
/// KPI and batch; inside everything is generic.
pub(crate) trait Plan: Send + Sync {
    /// The table whose rows are the units, and its key column.
    fn unit_table(&self) -> (&'static str, &'static str);
    /// The same for a book, where it depends on which tables that has.
    fn unit_table_of(&self, _book: &Book<'_>) -> (&'static str, &'static str) {
        self.unit_table()
    }
    /// The plans of single unit tables that it is made of.
    fn parts(&self, book: &Book<'_>) -> Vec<&dyn Plan>;
    fn splits(&self) -> Splits;
    /// The columns of the unit table that stand in for tables that a book lacks.
    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str>;
    fn grid(&self, context: &Context<'_>, part: Option<Part>) -> Result<Box<dyn AnyGrid>>;
    /// `by` is how many columns the groups have.
    fn decode(&self, bytes: &mut Reader<'_>, by: usize) -> Result<Box<dyn AnyGrid>>;
    fn finish(&self, grid: &dyn AnyGrid, scope: &Scope, ask: &Finish) -> Result<Vec<Outcome>>;
    fn units(&self, context: &Context<'_>) -> Result<Vec<UnitRow>>;
    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>>;
    fn trace(&self, context: &Context<'_>, row: usize) -> Result<Vec<Note>>;

    /// Which bounds a part of the data needs.
    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    /// The rows that stand for the units that any of some rows belong to.
    fn unit_rows(&self, _context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        Ok(rows)
    }
}

/// What a finish needs beside cells and scope.
pub(crate) struct Finish {
    pub(crate) template: Outcome,
    pub(crate) lookback: super::Lookback,
}

/// View and measure, summary, formula: one definition of a KPI.
pub(crate) struct Pipeline<P, F, S> {
    source: P,
    formula: F,
    summary: PhantomData<fn() -> S>,
}

impl<P, F, S> Pipeline<P, F, S> {
    pub(super) fn of(source: P, formula: F) -> Self {
        Self { source, formula, summary: PhantomData }
    }
}

impl<M, F, S> Pipeline<OfRows<M>, F, S> {
    /// Every row of a table is a unit.
    pub(crate) fn rows(view: RowView, measure: M, formula: F) -> Self {
        Self::of(OfRows { view, measure }, formula)
    }
}

impl<W, M, F, S> Pipeline<OfEntities<W, M>, F, S> {
    /// A view assembles entities.
    pub(crate) fn entities(view: W, measure: M, formula: F) -> Self {
        Self::of(OfEntities { view, measure }, formula)
    }
}

impl<P, F, S> Pipeline<P, F, S>
where
    P: Source,
    F: Formula<S>,
    S: Summary<P::Value>,
{
    fn frame<'b>(&'b self, context: &'b Context<'b>, part: Option<Part>) -> Result<Frame<'b>> {
        let entity = match self.source.splits() {
            Splits::Entity(column) => Some(column),
            Splits::Rows | Splits::Whole => None,
        };
        Ok(Frame::new(context, self.source.rows(), entity, part)?.with_people(self.people(context)?))
    }

    /// Gives every measurement.
    fn each(
        &self,
        context: &Context<'_>,
        mut tell: impl FnMut(&Frame<'_>, &Codes<'_>, Measurement<P::Value>) -> Result<()>,
    ) -> Result<()> {
        let frame = self.frame(context, None)?;
        let mut codes = frame.codes(self.source.attributes())?;
        // One type of sink for all who look at measurements one by one, so that measures are compiled once for them.
        let mut sink: &mut AnySink<'_, P::Value> = &mut |codes, measurement| tell(&frame, codes, measurement);
        self.source.feed(&frame, &mut codes, None, &mut sink)
    }

    fn gather(&self, context: &Context<'_>, part: Option<Part>) -> Result<Grid<S>> {
        let frame = self.frame(context, part)?;
        let mut codes = frame.codes(self.source.attributes())?;
        let mut fast = self.source.fast(&frame)?;
        let strict = context.scope.strict.then_some(&frame);
        if strict.is_some()
            && let Some(fault) = self.source.faults(&frame)?.into_iter().next()
        {
            return Err(invalid_fault(fault));
        }
        // If there is one cell, most units come to it.
        let is_one = context.scope.by.is_empty() && context.scope.calendar.is_none();
        let room = if is_one && part.is_none() { frame.table.rows() } else { 0 };
        let mut gathering = Gathering::new(strict, room);
        self.source.feed(&frame, &mut codes, fast.as_mut(), &mut gathering)?;
        let mut grid = gathering.grid(&codes);
        if let Some(fast) = &fast {
            fast.add_to(&mut codes, &mut grid)?;
        }
        Ok(grid)
    }
}

impl<P, F, S> Plan for Pipeline<P, F, S>
where
    P: Source,
    F: Formula<S>,
    S: Summary<P::Value>,
{
    fn unit_table(&self) -> (&'static str, &'static str) {
        let rows = self.source.rows();
        (rows.table, self.source.identity().map_or(rows.key, Identity::column))
    }

    fn parts(&self, _: &Book<'_>) -> Vec<&dyn Plan> {
        vec![self]
    }

    fn splits(&self) -> Splits {
        self.source.splits()
    }

    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        self.source.stand_ins(book)
    }

    fn grid(&self, context: &Context<'_>, part: Option<Part>) -> Result<Box<dyn AnyGrid>> {
        Ok(Box::new(self.gather(context, part)?))
    }

    fn decode(&self, bytes: &mut Reader<'_>, by: usize) -> Result<Box<dyn AnyGrid>> {
        Ok(Box::new(Grid::<S>::decode(bytes, by)?))
    }

    fn finish(&self, grid: &dyn AnyGrid, scope: &Scope, ask: &Finish) -> Result<Vec<Outcome>> {
        let grid = grid.as_any().downcast_ref::<Grid<S>>();
        finish(grid.ok_or_else(|| Error::internal("a state of another summary"))?, &self.formula, scope, ask)
    }

    fn units(&self, context: &Context<'_>) -> Result<Vec<UnitRow>> {
        let mut rows = Vec::new();
        let people = self.people(context)?;
        self.each(context, |frame, codes, visit| {
            if context.is_only_looked_back_to(visit.at) || !visit.fate.is_unit() {
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
                fate: visit.fate.name(),
                reason: visit.fate.reason().map(|reason| reason.code),
                value: visit.fate.value().and_then(Value::number),
                label: visit.fate.label().map(str::to_owned),
            };
            if visit.dimensions.is_empty() {
                rows.push(row);
            } else {
                for dimension in visit.dimensions {
                    row.dimensions = vec![dimension];
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

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        let mut faults = self.source.faults(&self.frame(context, None)?)?;
        self.each(context, |frame, _, visit| {
            if context.is_only_looked_back_to(visit.at) {
                return Ok(());
            }
            if let Fate::Invalid(_) = visit.fate {
                faults.push(fault(frame, &visit));
            }
            check_rows(faults.len(), context.scope)
        })?;
        Ok(faults)
    }

    fn bounds(&self) -> Bounds {
        self.source.bounds()
    }

    fn unit_rows(&self, context: &Context<'_>, mut rows: Vec<usize>) -> Result<Vec<usize>> {
        if let Some(people) = self.people(context)? {
            let mut met = HashSet::new();
            rows.retain(|row| met.insert(people.of_row(*row)));
        }
        Ok(rows)
    }

    fn trace(&self, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
        let mut notes = self.place_notes(context, row)?;
        notes.extend(self.source.evidence(&self.frame(context, None)?, row)?);
        let mut note = |what: &str, found: String| notes.push(Note { what: what.to_owned(), found });
        let mut met = false;
        let people = self.people(context)?;
        let person = people.as_ref().map(|people| people.of_row(row));
        self.each(context, |_, codes, visit| {
            let is_it = match &people {
                Some(people) => Some(people.of_row(visit.row)) == person,
                None => visit.row == row,
            };
            if !is_it || !visit.fate.is_unit() {
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
            let label = visit.fate.label().map(|label| format!(" as {label}"));
            let value = visit.fate.value().and_then(Value::number).map(|value| format!(", value {value}"));
            let reason = visit.fate.reason().map(|reason| format!(": {} {}", reason.column, reason.text));
            let parts = [label, value, reason].map(Option::unwrap_or_default).concat();
            note("fate", format!("{}{parts}", visit.fate.name()));
            Ok(())
        })?;
        if !met {
            note("fate", "not a unit of this request".to_owned());
        }
        Ok(notes)
    }
}

impl<P, F, S> Pipeline<P, F, S>
where
    P: Source,
    F: Formula<S>,
    S: Summary<P::Value>,
{
    /// The people of the events, where units are theirs.
    fn people(&self, context: &Context<'_>) -> Result<Option<Arc<People>>> {
        self.source.identity().map(|identity| People::of(context, identity)).transpose()
    }

    /// What of a row's own columns and place was looked at.
    fn place_notes(&self, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
        let frame = self.frame(context, None)?;
        let mut notes = Vec::new();
        let mut note = |what: &str, found: String| notes.push(Note { what: what.to_owned(), found });
        let Some((chunk_at, chunk, local)) = frame.table.locate(row) else {
            note("row", format!("table \"{}\" has no row {row}", frame.view.table));
            return Ok(notes);
        };
        note("row", format!("{row} of table \"{}\"", frame.view.table));
        let columns = self.source.inputs().iter().map(|input| input.column);
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
        let mut codes = frame.codes(self.source.attributes())?;
        if let Some((name, key)) = codes.filter.rejects(chunk, chunk_at, local, at) {
            let found = format!("{name} {key} is not asked for: left out");
            note("where", found);
        }
        Ok(notes)
    }
}

fn fault<V>(frame: &Frame<'_>, visit: &Measurement<V>) -> Fault {
    Fault::of(frame.table, visit.row, visit.fate.reason().unwrap_or(Reason::new("", "", "")))
}

pub(super) fn invalid_row<V>(frame: &Frame<'_>, visit: &Measurement<V>) -> Error {
    invalid_fault(fault(frame, visit))
}

fn invalid_fault(fault: Fault) -> Error {
    Error::new(ErrorKind::InvalidRow, format!("table \"{}\", row {}: {}", fault.table, fault.row, fault.text))
        .in_table(fault.table)
        .in_column(fault.column)
        .in_row(fault.row)
}

/// From cells to the rows of the answer.
fn finish<S: Mergeable>(
    grid: &Grid<S>,
    formula: &impl Formula<S>,
    scope: &Scope,
    ask: &Finish,
) -> Result<Vec<Outcome>> {
    let places = || grid.groups.values().flat_map(|cells| cells.keys());
    let met = places().map(|(start, _)| *start).min().zip(places().map(|(start, _)| *start).max());
    let periods = Periods::of(scope, ask.lookback, met)?;
    let dimensions: BTreeSet<&Key> =
        places().map(|(_, dimension)| dimension).filter(|dimension| **dimension != Key::Null).collect();
    let dimensions: Vec<Key> = dimensions.into_iter().cloned().collect();
    check_rows(periods.all.len().saturating_mul(grid.groups.len()), scope)?;
    let empty = Cell::default();
    let nothing = std::collections::BTreeMap::new();
    let mut by_period: Vec<Vec<Outcome>> = periods.all.iter().map(|_| Vec::new()).collect();
    let mut total = 0;
    let mut one_group = |values: &[Key], cells| -> Result<()> {
        let template = Outcome { by: values.to_vec(), ..ask.template.clone() };
        let mut rows = Rows {
            template: &template,
            periods: &periods.all,
            min_n: scope.min_n,
            most: scope.max_rows,
            level: scope.level,
            told: Vec::new(),
        };
        let cells = Cells {
            met: cells,
            empty: &empty,
            periods: &periods.all,
            shown: periods.first..periods.all.len(),
            dimensions: &dimensions,
            level: scope.level,
            scope,
        };
        formula.finish(&cells, &mut rows);
        total += rows.told.len();
        for (period, outcome) in rows.told {
            if let Some(rows) = by_period.get_mut(period) {
                rows.push(outcome);
            }
        }
        check_rows(total, scope)
    };
    // Without groups the answer has its row even when there is no data.
    if scope.by.is_empty() && grid.groups.is_empty() {
        one_group(&[], &nothing)?;
    }
    for (values, cells) in &grid.groups {
        one_group(values, cells)?;
    }
    Ok(by_period.into_iter().flatten().collect())
}
