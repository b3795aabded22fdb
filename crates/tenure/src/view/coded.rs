//! Columns read in order, block by block, with what becomes of their values.

use crate::book::Book;
use crate::column::{Column, Reading};
use crate::error::Result;
use crate::key::{Coder, Key};
use crate::table::Table;
use std::ops::Range;
use std::sync::Arc;

/// Columns are read in blocks of this many rows, so that what is worked out of a block stays in cache.
pub(super) const BLOCK: usize = 8192;

/// Where a row lies while its table is read block by block.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(super) chunk: usize,
    /// The first row of the block in its chunk, and how many there are.
    pub(super) from: usize,
    pub(super) len: usize,
    /// The row's place in the block.
    pub(super) offset: usize,
}

impl Place {
    /// Gives the places of all rows of a table, with their numbers, in order.
    pub(crate) fn each(table: &Table<'_>, mut tell: impl FnMut(Place, usize)) {
        for (at, chunk) in table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                for offset in 0..len {
                    tell(Place { chunk: at, from, len, offset }, chunk.first_row + from + offset);
                }
            }
        }
    }
}

/// A column read in order, with what becomes of each distinct value.
pub(crate) struct Coded<'t, V> {
    blocks: Blocks<'t>,
    value: Box<dyn Fn(&Key) -> V + 't>,
    /// What becomes of each code.
    values: Vec<V>,
    /// What becomes of every row where there is no column.
    absent: V,
    /// What becomes of the rows of the block.
    of_rows: Vec<V>,
}

impl<'t, V: Copy> Coded<'t, V> {
    /// What becomes of the values of a column, each distinct one looked at once; without a column, of a missing value.
    pub(crate) fn new(table: &'t Table<'t>, column: Option<usize>, value: impl Fn(&Key) -> V + 't) -> Self {
        let absent = value(&Key::Null);
        Self {
            blocks: Blocks::new(table, column),
            value: Box::new(value),
            values: Vec::new(),
            absent,
            of_rows: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn at(&mut self, place: Place) -> V {
        if self.blocks.opens(place) {
            self.open(place);
        }
        self.of_row(place.offset)
    }

    /// What becomes of a row of the block read last.
    #[inline]
    pub(crate) fn of_row(&self, offset: usize) -> V {
        self.of_rows.get(offset).copied().unwrap_or(self.absent)
    }

    /// What becomes of some rows of the block read last.
    pub(crate) fn of_rows(&self, rows: Range<usize>) -> &[V] {
        self.of_rows.get(rows).unwrap_or_default()
    }

    /// Reads a block of rows.
    #[inline(never)]
    pub(crate) fn open(&mut self, place: Place) {
        let Self { blocks, value, values, absent, of_rows } = self;
        // Flags need no codes.
        if let Some(Column::Bool(bits, validity)) = blocks.column_at(place) {
            blocks.block = (place.chunk, place.from);
            of_rows.clear();
            of_rows.resize(place.len, value(&Key::from(Reading::Bool(true))));
            bits.mark_unset(place.from, of_rows, value(&Key::from(Reading::Bool(false))));
            if let Some(validity) = validity {
                validity.mark_unset(place.from, of_rows, *absent);
            }
            return;
        }
        blocks.open(place);
        values.extend(blocks.coder.keys().iter().skip(values.len()).map(value));
        of_rows.clear();
        of_rows
            .extend(blocks.codes.iter().map(|code| values.get(*code as usize).copied().unwrap_or(*absent)));
    }
}

/// Numbers for the distinct values of a column, by row: 0 for a missing one.
#[derive(Default)]
pub(crate) struct Numbers {
    of_rows: Vec<u32>,
    /// The values, by number. None at all if there is no such column.
    keys: Vec<Key>,
}

impl Numbers {
    /// Worked out once for all requests about a book.
    pub(crate) fn of(book: &Book<'_>, table: &str, column: &str) -> Result<Arc<Self>> {
        book.index(&format!("{table} numbered by {column}"), || {
            let Some(table) = book.table(table) else { return Ok(Self::default()) };
            let Some(at) = table.find(column) else { return Ok(Self::default()) };
            let mut coder = Coder::default();
            coder.code(Reading::Missing);
            let mut of_rows = vec![0; table.rows()];
            for (number, chunk) in table.chunks().iter().enumerate() {
                let of_chunk = of_rows.get_mut(chunk.first_row..chunk.first_row + chunk.rows);
                if let (Some(column), Some(of_chunk)) = (chunk.columns.get(at), of_chunk) {
                    coder.block(column, number, 0, of_chunk);
                }
            }
            let keys = coder.keys().to_vec();
            let names: Vec<bool> = keys.iter().map(|key| Key::named(key.reading()) != Key::Null).collect();
            if names.iter().skip(1).any(|names| !names) {
                let is_name = |number: &u32| names.get(*number as usize).copied().unwrap_or(false);
                of_rows.iter_mut().filter(|number| !is_name(number)).for_each(|number| *number = 0);
            }
            Ok(Self { of_rows, keys })
        })
    }

    /// The number of the value in a row.
    #[inline]
    pub(crate) fn of_row(&self, row: usize) -> u32 {
        self.of_rows.get(row).copied().unwrap_or(0)
    }

    /// The numbers of all rows, in order; none if there is no such column.
    pub(crate) fn of_rows(&self) -> &[u32] {
        &self.of_rows
    }

    /// The value in a row, which may be missing; nothing if there is no such column.
    pub(crate) fn key(&self, row: usize) -> Option<&Key> {
        self.keys.get(self.of_row(row) as usize)
    }

    /// The values, by number. None at all if there is no such column.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

/// The codes of a column, block by block.
struct Blocks<'t> {
    table: &'t Table<'t>,
    column: Option<usize>,
    coder: Coder,
    /// Those of the block read last; none without a column.
    codes: Vec<u32>,
    /// Its chunk, and its first row there.
    block: (usize, usize),
}

impl<'t> Blocks<'t> {
    fn new(table: &'t Table<'t>, column: Option<usize>) -> Self {
        Self { table, column, coder: Coder::default(), codes: Vec::new(), block: (usize::MAX, 0) }
    }

    fn column_at(&self, place: Place) -> Option<&'t Column<'t>> {
        self.table.chunks().get(place.chunk)?.columns.get(self.column?)
    }

    /// Whether a place lies in another block than the last one.
    #[inline]
    fn opens(&self, place: Place) -> bool {
        self.block != (place.chunk, place.from) && self.column.is_some()
    }

    #[inline(never)]
    fn open(&mut self, place: Place) {
        self.block = (place.chunk, place.from);
        self.codes.clear();
        self.codes.resize(place.len, 0);
        if let Some(column) = self.column_at(place) {
            self.coder.block(column, place.chunk, place.from, &mut self.codes);
        }
    }
}
