//! The fast driver: measures that a single number decides.
//!
//! Rows are handled a block at a time, one small loop after the other, each simple enough for the compiler to run on
//! vectors: values become classes, classes of rows that do not count are overwritten, and what remains is to add one
//! to the counter of period, combination and class. A block that holds something else is left to the careful driver,
//! row by row, which says the same.

mod classes;
mod counters;
#[cfg(test)]
mod tests;

use super::clock::ABSENT;
use super::frame::{Codes, Frame, Untimed};
use super::grid::Grid;
use super::row::BoundInput;
use crate::column::Column;
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Fate, RowMeasure};
use crate::scope::{Micros, is_in_time};
use crate::summary::Summary;
use crate::table::Chunk;
use classes::Classes;
use counters::Counters;

/// Counts the blocks that it can; the careful driver does the others.
pub(crate) struct Fast<V> {
    input: BoundInput,
    classes: Classes<V>,
    counters: Counters,
    /// Rows counted so far. No counter can hold more, so none overflows while this does not.
    rows: u32,
    times: Vec<Micros>,
    verdicts: Verdicts,
}

/// What is made of the rows of a block: one value each, in memory that every block uses again.
#[derive(Default)]
struct Verdicts {
    classes: Vec<u8>,
    /// The codes of the periods, unless all rows share one.
    periods: Vec<u32>,
    keep: Vec<bool>,
    bytes: Vec<i8>,
}

/// Rows to be counted.
struct Block<'c> {
    column: &'c Column<'c>,
    chunk: &'c Chunk<'c>,
    /// The chunk's number, and the first row in it.
    place: (usize, usize),
    len: usize,
    times: Option<&'c [Micros]>,
    /// The code of the period, if all rows lie in one.
    shared: Option<u32>,
}

impl Block<'_> {
    fn at(&self, offset: usize) -> Option<Micros> {
        self.times?.get(offset).copied().filter(|at| *at != ABSENT)
    }
}

impl<V: Clone + PartialEq> Fast<V> {
    /// Nothing where the measure or the request need every row judged on its own.
    pub(super) fn new<M: RowMeasure<Value = V>>(
        frame: &Frame<'_>,
        measure: &M,
        inputs: &[Option<BoundInput>],
    ) -> Option<Self> {
        if !measure.decided_by_first_input() || frame.context.scope.strict || !frame.is_window_whole() {
            return None;
        }
        let classes = Classes::of(measure)?;
        let counters = Counters::new(classes.fates().len());
        let (times, verdicts) = Default::default();
        Some(Self { input: (*inputs.first()?)?, classes, counters, rows: 0, times, verdicts })
    }

    /// Counts one block; `false`, with nothing counted, if it holds something that needs judging.
    pub(super) fn block<'b, M: RowMeasure<Value = V>>(
        &mut self,
        measure: &M,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        chunk: &Chunk<'_>,
        (chunk_at, from, len): (usize, usize, usize),
    ) -> Result<bool> {
        let Some(column) = self.input.of(chunk) else { return Ok(false) };
        let Some(rows) = u32::try_from(len).ok().and_then(|len| self.rows.checked_add(len)) else {
            return Ok(false);
        };
        let times = match frame.clock.micros(chunk, from, len, &mut self.times) {
            None if !frame.clock.is_absent() => return Ok(false),
            times => times,
        };
        let shared = match times {
            Some(times) => codes.periods.shared(times, frame.window())?,
            None => Some(codes.periods.only()?),
        };
        if let (Some(period), Column::I8(slice)) = (shared, column)
            && let (true, Some(values)) = (frame.is_plain(), slice.dense(from, from + len))
            && codes.groups.is_whole()
            && self.counters.reserve(1, codes.periods.starts().len())
        {
            for (class, count) in self.classes.count(values) {
                self.counters.add(period, 0, class, count);
            }
            self.rows = rows;
            return Ok(true);
        }
        let block = Block { column, chunk, place: (chunk_at, from), len, times, shared };
        if !self.verdicts.judge(&self.classes, measure, frame, codes, &block)? {
            return Ok(false);
        }
        codes.groups.codes(chunk, chunk_at, from, len, |offset| block.at(offset));
        let has_room = self.counters.reserve(codes.groups.len(), codes.periods.starts().len());
        if codes.groups.is_too_long() || !has_room {
            return Ok(false);
        }
        let (combinations, Verdicts { classes, periods, .. }) = (codes.groups.combinations(), &self.verdicts);
        match shared {
            Some(period) => self.counters.add_rows(period, combinations, classes),
            None => self.counters.add_scattered(periods, combinations, classes),
        }
        self.rows = rows;
        Ok(true)
    }

    /// What was counted, as cells.
    pub(super) fn add_to<S: Summary<V>>(&self, codes: &mut Codes<'_>, grid: &mut Grid<S>) -> Result<()> {
        for combination in 0..codes.groups.len() {
            let of_periods = self.counters.of_combination(combination).enumerate();
            let of_periods: Vec<_> =
                of_periods.filter(|(_, counts)| self.counted(counts).next().is_some()).collect();
            if of_periods.is_empty() {
                continue;
            }
            let group = codes.groups.group(u32::try_from(combination).unwrap_or(u32::MAX))?;
            let cells = grid.groups.entry(codes.groups.values(group)).or_default();
            for (period, counts) in of_periods {
                let start = codes.periods.starts().get(period).copied().unwrap_or_default();
                let cell = cells.entry((start, Key::Null)).or_default();
                for (fate, count) in self.counted(counts) {
                    cell.update(fate, count)?;
                }
            }
        }
        Ok(())
    }

    /// The fates of the units that were counted, and how many came to each.
    fn counted<'c>(&'c self, counts: &'c [u32]) -> impl Iterator<Item = (&'c Fate<V>, u64)> {
        let counts = counts.iter().map(|count| u64::from(*count));
        let fates = self.classes.fates().iter().zip(counts);
        fates.filter(|(fate, count)| *count > 0 && **fate != Fate::NoUnit)
    }
}

impl Verdicts {
    /// Finds the class of every row, and its period; `false` if a row needs judging on its own.
    fn judge<'b, M: RowMeasure>(
        &mut self,
        known: &Classes<M::Value>,
        measure: &M,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        block: &Block<'_>,
    ) -> Result<bool> {
        let Block { column, chunk, place, len, times, shared } = *block;
        self.classes.resize(len, 0);
        if !known.of_rows(measure, column, place.1, &mut self.classes, &mut self.bytes) {
            return Ok(false);
        }
        if !frame.is_plain() {
            self.keep_all(len);
            frame.drop_excluded(codes, chunk, place, &mut self.keep);
            if let (None, Some(times)) = (shared, times) {
                // What has no time is judged as if it were not marked: it may never have been answered.
                self.keep.iter_mut().zip(times).for_each(|(keep, at)| *keep |= *at == ABSENT);
            }
            let no_unit = known.no_unit;
            self.overwrite(|class| if class == no_unit { no_unit } else { known.excluded });
            self.keep_all(len);
            frame.sift(codes, chunk, place, &mut self.keep, |offset| block.at(offset));
            self.overwrite(|_| no_unit);
        }
        if let (None, Some(times)) = (shared, times)
            && !self.find_periods(known, frame, codes, times)?
        {
            return Ok(false);
        }
        if frame.has_scales() {
            self.keep_all(len);
            frame.drop_other_scales(codes, chunk, place, &mut self.keep);
            let counts = |class: u8| class != known.no_unit && class != known.excluded;
            return Ok(self.classes.iter().zip(&self.keep).all(|(class, agrees)| *agrees || !counts(*class)));
        }
        Ok(true)
    }

    fn keep_all(&mut self, len: usize) {
        self.keep.clear();
        self.keep.resize(len, true);
    }

    /// Gives another class to the rows that are not kept.
    fn overwrite(&mut self, other: impl Fn(u8) -> u8) {
        for (class, keep) in self.classes.iter_mut().zip(&self.keep) {
            *class = if *keep { *class } else { other(*class) };
        }
    }

    /// Finds the period of every row, and leaves out the rows that have none; `false` if a time is none at all.
    fn find_periods<V>(
        &mut self,
        known: &Classes<V>,
        frame: &Frame<'_>,
        codes: &mut Codes<'_>,
        times: &[Micros],
    ) -> Result<bool> {
        let (first, last) = frame.window();
        // Without periods a row that should have a time counts among the invalid, in the only period there is.
        let without_time = match frame.context.scope.calendar {
            Some(_) => None,
            None => Some(codes.periods.only()?),
        };
        let is_fault = without_time.is_some() && frame.view.untimed == Untimed::Fault;
        self.periods.resize(times.len(), 0);
        for ((at, class), period) in times.iter().zip(&mut self.classes).zip(&mut self.periods) {
            if first <= *at && *at <= last && *at != ABSENT {
                *period = codes.periods.code(*at)?;
                continue;
            }
            if *at != ABSENT && !is_in_time(*at) {
                return Ok(false);
            }
            let was_answered = *class != known.missing && *class != known.no_unit;
            let counts = *at == ABSENT && is_fault && was_answered;
            *class = if counts { known.invalid } else { known.no_unit };
            *period = without_time.unwrap_or_default();
        }
        Ok(true)
    }
}
