//! One plan or another, by which tables a book has.

use super::plan::{Finish, Plan};
use super::{AnyGrid, Bounds, Context, Part, Splits};
use crate::book::Book;
use crate::error::Result;
use crate::outcome::{Fault, Note, Outcome, UnitRow};
use crate::request::Scope;
use crate::state::Reader;
use crate::view::EventReading;

/// A plan, and one that stands in where the book lacks its unit table. Both have one summary and one formula.
pub(crate) struct Instead {
    plan: Box<dyn Plan>,
    other: Box<dyn Plan>,
}

impl Instead {
    pub(crate) fn of(plan: impl Plan + 'static, other: impl Plan + 'static) -> Self {
        Self { plan: Box::new(plan), other: Box::new(other) }
    }

    fn chosen(&self, book: &Book<'_>) -> &dyn Plan {
        let has = book.table(self.plan.unit_table().0).is_some();
        if has { self.plan.as_ref() } else { self.other.as_ref() }
    }
}

impl Plan for Instead {
    fn unit_table(&self) -> (&'static str, &'static str) {
        self.plan.unit_table()
    }

    fn unit_table_of(&self, book: &Book<'_>) -> (&'static str, &'static str) {
        self.chosen(book).unit_table_of(book)
    }

    fn parts(&self, book: &Book<'_>) -> Vec<&dyn Plan> {
        self.chosen(book).parts(book)
    }

    fn splits(&self) -> Splits {
        self.plan.splits()
    }

    fn bounds(&self) -> Bounds {
        self.plan.bounds()
    }

    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        self.chosen(book).stand_ins(book)
    }

    fn readings(&self, context: &Context<'_>) -> Result<Vec<EventReading>> {
        self.chosen(context.book).readings(context)
    }

    fn grid(&self, context: &Context<'_>, part: Option<Part>) -> Result<Box<dyn AnyGrid>> {
        self.chosen(context.book).grid(context, part)
    }

    fn decode(&self, bytes: &mut Reader<'_>, by: usize) -> Result<Box<dyn AnyGrid>> {
        self.plan.decode(bytes, by)
    }

    fn finish(&self, grid: &dyn AnyGrid, scope: &Scope, ask: &Finish) -> Result<Vec<Outcome>> {
        self.plan.finish(grid, scope, ask)
    }

    fn units(&self, context: &Context<'_>) -> Result<Vec<UnitRow>> {
        self.chosen(context.book).units(context)
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        self.chosen(context.book).faults(context)
    }

    fn trace(&self, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
        self.chosen(context.book).trace(context, row)
    }

    fn unit_rows(&self, context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        self.chosen(context.book).unit_rows(context, rows)
    }
}
