//! Plans: a KPI's four parts put together for one request.

use super::frame::{Frame, Measurement, RowView};
use super::gathering::Gathering;
use super::grid::{AnyGrid, Grid};
use super::source::{AnySink, Described, OfEntities, OfRows, Source};
use super::watch::{self, Tell, Visit, Watched};
use super::{Bounds, Context, Part, Periods, Splits, check_rows};
use crate::book::Book;
use crate::error::{Error, ErrorKind, Result};
use crate::formula::{Cells, Formula, Rows};
use crate::key::Key;
use crate::measure::Reason;
use crate::outcome::{Fault, Note, Outcome, UnitRow};
use crate::request::Scope;
use crate::state::Reader;
use crate::summary::{Cell, Mergeable, Summary};
use crate::view::{EventReading, Identity};
use hashbrown::HashSet;
use std::collections::BTreeSet;
use std::marker::PhantomData;

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

    /// What it reads of the events, so that a list of requests can read it in one pass.
    fn readings(&self, _context: &Context<'_>) -> Result<Vec<EventReading>> {
        Ok(Vec::new())
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
    fn gather(&self, context: &Context<'_>, part: Option<Part>) -> Result<Grid<S>> {
        let frame = self.source().frame(context, part)?;
        let mut codes = frame.codes(self.source.attributes())?;
        let mut fast = self.source.fast(&frame)?;
        let strict = context.scope.strict.then_some(&frame);
        if strict.is_some()
            && let Some(fault) = self.source().all_faults(&frame)?.into_iter().next()
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
        watch::units(self, context)
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        watch::faults(self, context)
    }

    fn bounds(&self) -> Bounds {
        self.source.bounds()
    }

    fn readings(&self, context: &Context<'_>) -> Result<Vec<EventReading>> {
        self.source.readings(context)
    }

    fn unit_rows(&self, context: &Context<'_>, mut rows: Vec<usize>) -> Result<Vec<usize>> {
        if let Some(people) = self.source().people(context)? {
            let mut met = HashSet::new();
            rows.retain(|row| met.insert(people.of_row(*row)));
            return Ok(rows);
        }
        self.source().unit_rows(context, rows)
    }

    fn trace(&self, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
        watch::trace(self, context, row)
    }
}

impl<P, F, S> Watched for Pipeline<P, F, S>
where
    P: Source,
    F: Formula<S>,
    S: Summary<P::Value>,
{
    fn source(&self) -> &dyn Described {
        &self.source
    }

    fn watch(&self, context: &Context<'_>, tell: &mut Tell<'_>) -> Result<()> {
        let frame = self.source().frame(context, None)?;
        let mut codes = frame.codes(self.source.attributes())?;
        // One type of sink for all who look at measurements one by one, so that measures are compiled once for them.
        let mut sink: &mut AnySink<'_, P::Value> =
            &mut |codes, measurement| tell(&frame, codes, &Visit::of(&measurement));
        self.source.feed(&frame, &mut codes, None, &mut sink)
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
            expected: 0,
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
        total += rows.told.len().max(usize::try_from(rows.expected).unwrap_or(usize::MAX));
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
