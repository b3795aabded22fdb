//! Several unit tables under one formula: contacts over customers, readers over askers.

use super::plan::{Finish, Plan};
use super::{AnyGrid, Bounds, Context, Part, Splits, check_rows};
use crate::book::Book;
use crate::error::{Error, Result};
use crate::key::Key;
use crate::outcome::{Fault, Note, Outcome, UnitRow};
use crate::request::Scope;
use crate::state::Reader;
use crate::view::EventReading;
use std::collections::BTreeSet;

/// Plans of one summary each over its own unit table, where columns of `by` and `where` are looked up too. Their cells
/// are put together before the formula of the first sees them.
///
/// The data is split as the first one's. What the others remember has to be the same wherever their rows are: sets of
/// ids, or sums of rows that are in one part only.
pub(crate) struct Joined {
    first: Box<dyn Plan>,
    /// Whether the first one's table has to be there, whatever others are.
    needs_first: bool,
    others: Vec<Other>,
}

/// Plans that stand in for each other: of these, those whose tables a book has.
struct Other {
    plans: Vec<Box<dyn Plan>>,
    /// Whether at least one of the tables has to be there.
    required: bool,
    /// Whether their rows are units too, and not only something to divide by.
    are_units: bool,
}

impl Other {
    /// The plans that a book has the tables for; if for none, the first, which says what is missing.
    fn present<'p>(&'p self, book: &Book<'_>) -> impl Iterator<Item = &'p dyn Plan> {
        let has = |plan: &dyn Plan| book.table(plan.unit_table().0).is_some();
        let known: Vec<bool> = self.plans.iter().map(|plan| has(plan.as_ref())).collect();
        let none = self.required && !known.contains(&true);
        let wanted = known.into_iter().enumerate().map(move |(at, known)| known || (none && at == 0));
        self.plans.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(plan, _)| plan.as_ref())
    }
}

impl Joined {
    pub(crate) fn of(first: Box<dyn Plan>) -> Self {
        Self { first, needs_first: true, others: Vec::new() }
    }

    /// Units of either table or of both; at least one of them has to be there.
    pub(crate) fn either(first: impl Plan + 'static, second: impl Plan + 'static) -> Self {
        Self { needs_first: false, ..Self::of(Box::new(first)).and_if_there(Box::new(second)) }
    }

    /// Adds units of other tables; at least one of the tables has to be there.
    pub(crate) fn and(mut self, plans: Vec<Box<dyn Plan>>) -> Self {
        self.others.push(Other { plans, required: true, are_units: true });
        self
    }

    /// Adds units of another table, if that is there.
    pub(crate) fn and_if_there(mut self, plan: Box<dyn Plan>) -> Self {
        self.others.push(Other { plans: vec![plan], required: false, are_units: true });
        self
    }

    /// Adds a table whose rows are no units: they do not count in n, and are not listed.
    pub(crate) fn beside(mut self, plan: Box<dyn Plan>) -> Self {
        self.others.push(Other { plans: vec![plan], required: true, are_units: false });
        self
    }

    /// All plans that a book has the tables for, and whether their rows are units.
    fn present<'p>(&'p self, book: &Book<'_>) -> Vec<(&'p dyn Plan, bool)> {
        let others = self.others.iter();
        let mut present: Vec<(&dyn Plan, bool)> =
            others.flat_map(|other| other.present(book).map(|plan| (plan, other.are_units))).collect();
        // If there is none the first says what is missing.
        if self.needs_first || present.is_empty() || book.table(self.first.unit_table().0).is_some() {
            present.insert(0, (self.first.as_ref(), true));
        }
        present
    }

    /// Whether the units of the tables have different keys.
    fn has_other_keys(&self) -> bool {
        let key = self.first.unit_table().1;
        let units = self.others.iter().filter(|other| other.are_units);
        units.flat_map(|other| &other.plans).any(|plan| plan.unit_table().1 != key)
    }
}

impl Plan for Joined {
    /// The first one's table. Where units of other tables have other keys no column tells all of them apart: the row does,
    /// with the table's name as its label.
    fn unit_table(&self) -> (&'static str, &'static str) {
        let (table, key) = self.first.unit_table();
        (table, if self.has_other_keys() { "row" } else { key })
    }

    /// Of a table that may be absent the units may stand in the other one.
    fn unit_table_of(&self, book: &Book<'_>) -> (&'static str, &'static str) {
        let (_, key) = self.unit_table();
        let present = self.present(book);
        let table = present.first().map_or(self.first.unit_table().0, |(plan, _)| plan.unit_table().0);
        (table, key)
    }

    fn parts(&self, book: &Book<'_>) -> Vec<&dyn Plan> {
        let units = self.present(book).into_iter().filter(|(_, are_units)| *are_units);
        units.flat_map(|(plan, _)| plan.parts(book)).collect()
    }

    fn splits(&self) -> Splits {
        self.first.splits()
    }

    fn bounds(&self) -> Bounds {
        self.first.bounds()
    }

    fn readings(&self, context: &Context<'_>) -> Result<Vec<EventReading>> {
        let mut readings = Vec::new();
        for (plan, _) in self.present(context.book) {
            readings.append(&mut plan.readings(context)?);
        }
        Ok(readings)
    }

    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        self.present(book).into_iter().flat_map(|(plan, _)| plan.stand_ins(book)).collect()
    }

    fn grid(&self, context: &Context<'_>, part: Option<Part>) -> Result<Box<dyn AnyGrid>> {
        let mut joined: Option<Box<dyn AnyGrid>> = None;
        for (plan, are_units) in self.present(context.book) {
            let mut grid = plan.grid(context, part)?;
            if !are_units {
                grid.forget_units();
            }
            match &mut joined {
                None => joined = Some(grid),
                Some(joined) => joined.merge(grid.as_ref())?,
            }
        }
        joined.ok_or_else(|| Error::internal("units of no table"))
    }

    fn decode(&self, bytes: &mut Reader<'_>, by: usize) -> Result<Box<dyn AnyGrid>> {
        self.first.decode(bytes, by)
    }

    fn finish(&self, grid: &dyn AnyGrid, scope: &Scope, ask: &Finish) -> Result<Vec<Outcome>> {
        self.first.finish(grid, scope, ask)
    }

    fn units(&self, context: &Context<'_>) -> Result<Vec<UnitRow>> {
        let mut rows = Vec::new();
        for plan in self.parts(context.book) {
            let (table, _) = plan.unit_table();
            let mut units = plan.units(context)?;
            if self.has_other_keys() {
                for unit in &mut units {
                    unit.key = Key::Whole(i128::from(unit.row));
                    unit.label.get_or_insert_with(|| table.to_owned());
                }
            }
            rows.append(&mut units);
            check_rows(rows.len(), context.scope)?;
        }
        Ok(rows)
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        let (mut faults, mut met) = (Vec::new(), BTreeSet::new());
        for (plan, _) in self.present(context.book) {
            // Plans may look at the same tables beside their own.
            faults.extend(plan.faults(context)?.into_iter().filter(|fault| met.insert(fault.clone())));
            check_rows(faults.len(), context.scope)?;
        }
        Ok(faults)
    }

    fn trace(&self, context: &Context<'_>, row: usize) -> Result<Vec<Note>> {
        self.first.trace(context, row)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, Request, Table};

    fn book() -> Book<'static> {
        let mut book = Book::new();
        let conversations = Table::new("conversations")
            .column("conversation_id", [7_i64, 8])
            .column("created_at", ["2026-01-05", "2026-01-06"])
            .column("requester_id", ["ann", "fay"]);
        let articles = Table::new("articles")
            .column("occurred_at", ["2026-01-05", "2026-01-05", "?"])
            .column("user_id", ["ann", "bob", "bob"])
            .column("article_id", [1_i64, 1, 1]);
        let accounts = Table::new("accounts").column("account_id", [1_i64, 1, 2]);
        for table in [conversations, articles, accounts] {
            book.add(table).unwrap();
        }
        book
    }

    #[test]
    fn units_of_several_tables_are_told_apart() {
        let book = book();
        let request = Request::new("self_service_score").as_of("2026-02-01");
        let units = book.units(&request).unwrap();
        assert_eq!(units.key, "row");
        let told: Vec<_> =
            units.rows.iter().map(|unit| (unit.label.as_deref(), unit.row, unit.fate)).collect();
        let of = |table| Some(table);
        assert_eq!(
            told,
            [
                (of("conversations"), 0, "observed"),
                (of("conversations"), 1, "observed"),
                (of("articles"), 0, "observed"),
                (of("articles"), 1, "observed"),
                (of("articles"), 2, "invalid"),
            ]
        );
        let faults = book.faults(&request).unwrap();
        assert_eq!(
            faults.iter().map(|fault| (fault.table.as_str(), fault.row)).collect::<Vec<_>>(),
            [("articles", 2)]
        );
    }

    #[test]
    fn a_trace_finds_the_table_that_has_the_column() {
        let book = book();
        let request = Request::new("self_service_score").as_of("2026-02-01");
        let story = |column: &str, value: &str| {
            let traces = book.trace(&request, column, &value.into()).unwrap();
            traces.iter().map(|trace| trace.notes[0].found.clone()).collect::<Vec<_>>()
        };
        assert_eq!(story("requester_id", "fay"), ["1 of table \"conversations\""]);
        assert_eq!(story("user_id", "ann"), ["0 of table \"articles\""]);
        assert!(book.trace(&request, "nobody", &"ann".into()).is_err());
    }

    #[test]
    fn what_stands_beside_is_no_unit() {
        let book = book();
        let request = Request::new("contact_rate").as_of("2026-02-01");
        let outcomes = book.compute(&request).unwrap();
        // Two contacts of two accounts; two rows of one account are one customer.
        assert_eq!(outcomes.rows[0].value, Some(100.0));
        assert_eq!(outcomes.rows[0].n, 2);
        let units = book.units(&request).unwrap();
        assert_eq!((units.key.as_str(), units.rows.len()), ("conversation_id", 2));
        // Accounts without a date are customers in every period, and do not make periods of their own.
        let months = book.compute(&request.every(crate::Every::Month)).unwrap();
        let told: Vec<_> = months.rows.iter().map(|row| (row.numerator, row.denominator)).collect();
        assert_eq!(told, [(Some(2), Some(2)), (Some(0), Some(2))]);
    }
}
