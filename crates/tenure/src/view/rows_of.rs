//! Rows of another table, gathered by the row of the unit table that they belong to.

use super::coded::{BLOCK, Coded, Place};
use super::shelves::Shelves;
use crate::book::Book;
use crate::column::{Column, Reading};
use crate::compute::{Clock, Context, Ids, check_ids, moment};
use crate::error::Result;
use crate::key::Key;
use crate::measure::Reason;
use crate::outcome::Fault;
use crate::request::Scope;
use crate::scope::{Micros, is_in_time};
use crate::table::Table;
use chrono_tz::Tz;
use hashbrown::{HashMap, HashSet};
use std::cmp::Ordering;
use std::sync::Arc;

/// Stands for no row.
pub(crate) const NOWHERE: u32 = u32::MAX;
/// Stands for a row that counts nowhere, and is no fault.
pub(crate) const DROPPED: u32 = u32::MAX - 1;

/// The row of each key of a table.
pub(crate) struct RowsByKey {
    rows: Rows,
    /// Rows whose key another row has already.
    duplicates: HashSet<usize>,
}

enum Rows {
    /// Whole numbers that lie close together: a plain list, by their distance from the least.
    Dense {
        least: i128,
        rows: Vec<u32>,
    },
    Sparse(HashMap<Key, u32>),
}

impl RowsByKey {
    /// Of several rows with one key the earliest counts, which stays so whenever one looks; of equally early ones the
    /// first in the order of all columns, however they come.
    pub(crate) fn of(table: &Table<'_>, key: usize, time: Option<(usize, Tz)>) -> Self {
        let mut duplicates = HashSet::new();
        let order = table.order("");
        let at = |row: usize| {
            time.and_then(|(column, zone)| moment(table.read(column, row), zone).at()).unwrap_or(Micros::MAX)
        };
        let seq = table.find("seq");
        let seq = |row: usize| seq.map(|column| Key::from(table.read(column, row)));
        let is_before = |a: usize, b: usize| {
            let by_time = at(a).cmp(&at(b)).then_with(|| seq(a).cmp(&seq(b)));
            by_time.then_with(|| order.compare(a, b)) == Ordering::Less
        };
        let mut enter = |slot: &mut u32, row: usize| {
            let known = *slot as usize;
            let fresh = u32::try_from(row).unwrap_or(NOWHERE);
            if *slot == NOWHERE {
                *slot = fresh;
            } else if is_before(row, known) {
                *slot = fresh;
                duplicates.insert(known);
            } else {
                duplicates.insert(row);
            }
        };
        let rows = match Self::span(table, key) {
            Some((least, span)) => {
                let mut rows = vec![NOWHERE; span + 1];
                each_whole(table, key, |row, value| {
                    if let Some(slot) = usize::try_from(value - least).ok().and_then(|at| rows.get_mut(at)) {
                        enter(slot, row);
                    }
                });
                Rows::Dense { least, rows }
            }
            None => {
                let mut rows = HashMap::with_capacity(table.rows());
                for row in 0..table.rows() {
                    let value = Key::named(table.read(key, row));
                    if value != Key::Null {
                        enter(rows.entry(value).or_insert(NOWHERE), row);
                    }
                }
                Rows::Sparse(rows)
            }
        };
        Self { rows, duplicates }
    }

    /// The least of the keys and how far they reach, if they are whole numbers that lie close together.
    fn span(table: &Table<'_>, key: usize) -> Option<(i128, usize)> {
        let mut ends: Option<(i128, i128)> = None;
        let all_whole = each_whole(table, key, |_, value| {
            ends = Some(ends.map_or((value, value), |(least, most)| (least.min(value), most.max(value))));
        });
        let (least, most) = ends.filter(|_| all_whole)?;
        let span = usize::try_from(most - least).ok()?;
        (span < 16 + 8 * table.rows()).then_some((least, span))
    }

    /// Whether another row has the key of a row, and counts instead.
    pub(crate) fn is_duplicate(&self, row: usize) -> bool {
        !self.duplicates.is_empty() && self.duplicates.contains(&row)
    }

    /// All rows whose key another row has, in order.
    pub(crate) fn duplicates(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = self.duplicates.iter().copied().collect();
        rows.sort_unstable();
        rows
    }

    /// The row that a value names, or [`NOWHERE`].
    pub(crate) fn find(&self, value: Reading<'_>) -> u32 {
        match (&self.rows, value) {
            (Rows::Dense { least, rows }, Reading::Whole(value)) => {
                let at = usize::try_from(value - least).ok();
                at.and_then(|at| rows.get(at)).copied().unwrap_or(NOWHERE)
            }
            (Rows::Dense { .. }, _) | (_, Reading::Missing) => NOWHERE,
            (Rows::Sparse(rows), value) => rows.get(&Key::named(value)).copied().unwrap_or(NOWHERE),
        }
    }

    /// Appends the rows that the values of a column name, in order.
    fn find_all(&self, column: &Column<'_>, found: &mut Vec<u32>) {
        // Plain columns of whole numbers need no reading value by value.
        if let (Rows::Dense { least, rows }, Column::I64(values)) = (&self.rows, column)
            && let (Some(dense), Ok(least)) = (values.dense(0, values.len()), i64::try_from(*least))
        {
            found.extend(dense.iter().map(|value| {
                let place = usize::try_from(value.wrapping_sub(least)).ok();
                place.and_then(|place| rows.get(place)).copied().unwrap_or(NOWHERE)
            }));
            return;
        }
        found.extend((0..column.len()).map(|at| self.find(column.read(at))));
    }
}

/// Gives the rows that hold whole numbers, and their values; tells whether all rows do that hold anything.
fn each_whole(table: &Table<'_>, column: usize, mut tell: impl FnMut(usize, i128)) -> bool {
    let mut all = true;
    for chunk in table.chunks() {
        let Some(column) = chunk.columns.get(column) else { continue };
        // Plain columns of whole numbers need no reading value by value.
        if let Column::I64(values) = column
            && let Some(dense) = values.dense(0, values.len())
        {
            for (row, value) in (chunk.first_row..).zip(dense) {
                tell(row, i128::from(*value));
            }
            continue;
        }
        for local in 0..chunk.rows {
            match column.read(local) {
                Reading::Whole(value) => tell(chunk.first_row + local, value),
                Reading::Missing => {}
                _ => all = false,
            }
        }
    }
    all
}

/// The rows of a table by their ids, found once for all requests.
pub(crate) fn rows_by_key(
    context: &Context<'_>,
    name: &str,
    key: &str,
    time: &str,
) -> Result<Arc<RowsByKey>> {
    let zone = context.scope.column_zone(name, time);
    context.book.index(&format!("{name} by {key}, {zone}"), || {
        let table = context.book.require(name)?;
        Ok(RowsByKey::of(table, table.require(key)?, table.find(time).map(|column| (column, zone))))
    })
}

/// The rows of conversations by their ids, found once for all requests.
pub(crate) fn conversations_by_id(book: &Book<'_>, scope: &Scope) -> Result<Arc<RowsByKey>> {
    let zone = scope.column_zone("conversations", "created_at");
    book.index(&format!("conversations by id, {zone}"), || {
        let table = book.require("conversations")?;
        let created_at = table.find("created_at").map(|column| (column, zone));
        Ok(RowsByKey::of(table, table.require("conversation_id")?, created_at))
    })
}

/// An item that belongs to a unit.
pub(crate) trait Item: Copy {
    fn at(&self) -> Micros;
    /// Its row in its own table.
    fn row(&self) -> u32;
}

/// What the rows of a table say beside whose they are and when.
pub(crate) trait Columns {
    type Item: Item;

    /// Reads a block of rows.
    fn open(&mut self, block: Place);

    /// The item of a row of the block.
    fn item(&self, offset: usize, at: Micros, row: u32) -> Result<Self::Item, Reason>;
}

/// Items gathered by the row they belong to: those of row `r` are `items[from..to]` with `(from, to) = spans[r]`.
pub(crate) struct Gathered<T> {
    spans: Vec<(u32, u32)>,
    items: Vec<T>,
    latest: Micros,
}

impl<T: Item> Gathered<T> {
    /// The latest instant of all.
    pub(crate) fn latest(&self) -> Micros {
        self.latest
    }

    /// The items of a row.
    #[inline]
    pub(crate) fn of_row(&self, row: usize) -> &[T] {
        let (from, to) = self.spans.get(row).copied().unwrap_or_default();
        self.items.get(from as usize..to as usize).unwrap_or_default()
    }
}

/// A table of rows that belong to conversations: to which each does, and when it happened.
pub(crate) struct RowsOf<'t> {
    pub(crate) table: &'t Table<'t>,
    parents: Vec<u32>,
    units: usize,
    time: usize,
    zone: Tz,
    /// What is wrong with a row that belongs to no unit.
    nowhere: Reason,
}

const NO_CONVERSATION: Reason = Reason::new("conversation_id", "no_conversation", "names no conversation");

impl<'t> RowsOf<'t> {
    /// Finds the conversation of each row.
    pub(crate) fn open(book: &'t Book<'t>, scope: &Scope, name: &str) -> Result<Self> {
        let table = book.require(name)?;
        let rows = conversations_by_id(book, scope)?;
        let key = table.require("conversation_id")?;
        check_ids(Ids(table, "conversation_id"), &[Ids(book.require("conversations")?, "conversation_id")])?;
        let mut parents = Vec::with_capacity(table.rows());
        for chunk in table.chunks() {
            if let Some(column) = chunk.columns.get(key) {
                rows.find_all(column, &mut parents);
            }
        }
        let units = book.require("conversations")?.rows();
        Self::new(scope, table, parents, units, NO_CONVERSATION)
    }

    /// Rows of a table whose units are known; `nowhere` says what is wrong with those that have none.
    pub(crate) fn new(
        scope: &Scope,
        table: &'t Table<'t>,
        parents: Vec<u32>,
        units: usize,
        nowhere: Reason,
    ) -> Result<Self> {
        let zone = scope.column_zone(table.name(), "occurred_at");
        Ok(Self { table, parents, units, time: table.require("occurred_at")?, zone, nowhere })
    }

    /// What the rows of a table are called once gathered: all that they depend on beside the tables.
    pub(crate) fn index_name(scope: &Scope, name: &str) -> String {
        let zone = |table: &str, column: &str| scope.column_zone(table, column).name();
        let zones = [zone(name, "occurred_at"), zone("conversations", "created_at")];
        format!("{name} by conversation, {}", zones.join(", "))
    }

    /// What becomes of the values of a column, each distinct one looked at once.
    pub(crate) fn coded<V: Copy>(
        &self,
        column: Option<usize>,
        value: impl Fn(&Key) -> V + 't,
    ) -> Coded<'t, V> {
        Coded::new(self.table, column, value)
    }

    /// Gathers the items of all rows that can be read, each unit's in order of time, `seq`, the column `id` and then
    /// the others; and tells the rows that cannot.
    pub(crate) fn gather<C: Columns>(
        &self,
        id: &str,
        mut columns: C,
    ) -> Result<(Gathered<C::Item>, Vec<Fault>)> {
        let mut faults = Vec::new();
        let mut shelves = Shelves::new(&self.parents, self.units)?;
        let clock = Clock::new(vec![(self.time, "occurred_at", self.zone)]);
        let mut scratch = Vec::new();
        for (chunk_at, chunk) in self.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                let first = chunk.first_row + from;
                columns.open(Place { chunk: chunk_at, from, len, offset: 0 });
                let times = clock.micros(chunk, from, len, &mut scratch).unwrap_or_default();
                let parents = self.parents.get(first..first + len).unwrap_or_default();
                for (offset, parent) in parents.iter().enumerate() {
                    let row = first + offset;
                    if *parent == DROPPED {
                        continue;
                    }
                    let at = match times.get(offset) {
                        Some(at) if *parent != NOWHERE && is_in_time(*at) => *at,
                        _ => match self.find(*parent, row) {
                            Ok(at) => at,
                            Err(reason) => {
                                faults.push(Fault::of(self.table, row, reason));
                                continue;
                            }
                        },
                    };
                    let number = u32::try_from(row).unwrap_or(NOWHERE);
                    match columns.item(offset, at, number) {
                        Ok(item) => shelves.put(*parent, item),
                        Err(reason) => faults.push(Fault::of(self.table, row, reason)),
                    }
                }
            }
        }
        let seq = self.table.find("seq");
        let order = self.table.order(id);
        let read_seq =
            |item: &C::Item| seq.map(|column| Key::from(self.table.read(column, item.row() as usize)));
        let compare = |a: &C::Item, b: &C::Item| {
            a.at()
                .cmp(&b.at())
                .then_with(|| read_seq(a).cmp(&read_seq(b)))
                .then_with(|| order.compare(a.row() as usize, b.row() as usize))
        };
        let mut latest = Micros::MIN;
        let (spans, items) = shelves.close(|of_unit| {
            put_in_order(of_unit, compare);
            latest = latest.max(of_unit.last().map_or(latest, Item::at));
        });
        Ok((Gathered { spans, items, latest }, faults))
    }

    /// The instant of a row that belongs to a unit.
    #[cold]
    fn find(&self, parent: u32, row: usize) -> Result<Micros, Reason> {
        if parent == NOWHERE {
            return Err(self.nowhere);
        }
        moment(self.table.read(self.time, row), self.zone).placed("occurred_at")
    }
}

/// Sorts items by time, and those of one instant by all that is compared.
fn put_in_order<T: Item>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let is_in_order = |items: &[T]| items.is_sorted_by(|a, b| a.at() < b.at());
    if is_in_order(items) {
        return;
    }
    put_few_in_order(items);
    if !is_in_order(items) {
        items.sort_unstable_by(compare);
    }
}

/// Sorts a few items by time: the place of each is the number of earlier ones, which is counted without a branch that
/// the processor could only guess. Leaves many as they are.
fn put_few_in_order<T: Item>(items: &mut [T]) {
    const FEW: usize = 16;
    let Some(first) = items.first().filter(|_| items.len() <= FEW) else { return };
    let mut places = [0_u8; FEW];
    for (at, item) in items.iter().enumerate() {
        let (before, own) = places.split_at_mut(at);
        let mut earlier = 0;
        for (place, other) in before.iter_mut().zip(items.iter()) {
            let is_later = u8::from(other.at() > item.at());
            *place += is_later;
            earlier += 1 - is_later;
        }
        if let Some(place) = own.first_mut() {
            *place = earlier;
        }
    }
    let mut sorted = [*first; FEW];
    for (item, place) in items.iter().zip(places) {
        if let Some(slot) = sorted.get_mut(usize::from(place)) {
            *slot = *item;
        }
    }
    items.iter_mut().zip(sorted).for_each(|(slot, item)| *slot = item);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;

    #[test]
    fn keys_lead_to_rows() {
        let dense = Table::new("t").column("id", [7_i64, 5, 6]);
        let rows = RowsByKey::of(&dense, 0, None);
        assert!(matches!(rows.rows, Rows::Dense { .. }));
        assert_eq!([5, 6, 7, 8].map(|id| rows.find(Reading::Whole(id))), [1, 2, 0, NOWHERE]);
        let sparse = Table::new("t").column("id", ["a", "b"]);
        assert_eq!(RowsByKey::of(&sparse, 0, None).find(Reading::Text("b")), 1);
        let far = Table::new("t").column("id", [1_i64, i64::MAX]);
        assert_eq!(RowsByKey::of(&far, 0, None).find(Reading::Whole(i128::from(i64::MAX))), 1);
    }

    #[test]
    fn of_two_rows_with_one_key_the_same_counts_in_any_order() {
        let first = |table: Table<'_>, time: Option<(usize, Tz)>| {
            let rows = RowsByKey::of(&table, 0, time);
            (rows.find(Reading::Whole(1)), rows.is_duplicate(0), rows.is_duplicate(1))
        };
        let table = |channels: [&'static str; 2], times: [&'static str; 2]| {
            Table::new("t")
                .column("id", [1_i64, 1])
                .column("channel", channels.to_vec())
                .column("time", times.to_vec())
        };
        let (early, late) = ("2026-01-01", "2026-01-02");
        assert_eq!(first(table(["b", "a"], [early, late]), None), (1, true, false));
        assert_eq!(first(table(["a", "b"], [late, early]), None), (0, false, true));
        // The earlier one stays the one that counts, whatever comes later.
        let time = Some((2, Tz::UTC));
        assert_eq!(first(table(["b", "a"], [early, late]), time), (0, false, true));
        assert_eq!(first(table(["a", "b"], [late, early]), time), (1, true, false));
        assert_eq!(first(table(["a", "b"], ["never", early]), time), (1, true, false));
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Thing(Micros, u32);
    impl Item for Thing {
        fn at(&self) -> Micros {
            self.0
        }
        fn row(&self) -> u32 {
            self.1
        }
    }

    #[test]
    fn few_and_many_items_come_in_order() {
        let by_all = |a: &Thing, b: &Thing| a.at().cmp(&b.at()).then(a.row().cmp(&b.row()));
        for len in 0..40_u32 {
            for (step, instants) in [(7, 41), (7, 5), (40, 41), (0, 1)] {
                let thing = |row: u32| Thing(i64::from((row * step + len) % instants), len - row);
                let mut items: Vec<Thing> = (0..len).map(thing).collect();
                let mut sorted = items.clone();
                sorted.sort_by(by_all);
                put_in_order(&mut items, by_all);
                assert_eq!(items, sorted);
            }
        }
    }

    #[test]
    fn rows_come_together_in_order() {
        struct Bare;
        impl Columns for Bare {
            type Item = Thing;
            fn open(&mut self, _: Place) {}
            fn item(&self, _: usize, at: Micros, row: u32) -> Result<Thing, Reason> {
                Ok(Thing(at, row))
            }
        }
        let times = ["2026-01-03", "2026-01-01", "2026-01-01", "2026-01-02", "never", "2026-01-01"];
        let mut book = Book::new();
        book.add(Table::new("conversations").column("conversation_id", [10_i64, 20, 30])).unwrap();
        let things = Table::new("things")
            .column("conversation_id", [20_i64, 20, 20, 10, 10, 99])
            .column("occurred_at", times)
            .column("seq", [1_i64, 2, 1, 1, 1, 1]);
        book.add(things).unwrap();
        let scope = Scope::of(&Request::new("first_response_time").as_of("2026-02-01"), || Ok(0)).unwrap();
        let rows = RowsOf::open(&book, &scope, "things").unwrap();
        let (gathered, faults) = rows.gather("", Bare).unwrap();
        let of = |row| gathered.of_row(row).iter().map(|thing| thing.1).collect::<Vec<_>>();
        assert_eq!([of(0), of(1), of(2)], [vec![3], vec![2, 1, 0], vec![]]);
        let found: Vec<_> = faults.iter().map(|fault| (fault.row, fault.reason)).collect();
        assert_eq!(found, [(4, "not_a_time"), (5, "no_conversation")]);
    }
}
