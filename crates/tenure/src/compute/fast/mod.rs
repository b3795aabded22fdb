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
    scratch: Scratch,
}

/// One value a row of a block, used again for every block.
#[derive(Default)]
struct Scratch {
    times: Vec<Micros>,
    bytes: Vec<i8>,
    classes: Vec<u8>,
    keep: Vec<bool>,
    periods: Vec<u32>,
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
        Some(Self { input: (*inputs.first()?)?, classes, counters, rows: 0, scratch: Scratch::default() })
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
        let Scratch { times, bytes, classes, keep, periods } = &mut self.scratch;
        let times = match frame.clock.micros(chunk, from, len, times) {
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
        classes.resize(len, 0);
        if !self.classes.of_rows(measure, column, from, classes, bytes) {
            return Ok(false);
        }
        let at = |offset: usize| times?.get(offset).copied().filter(|at| *at != ABSENT);
        if !frame.is_plain() {
            let place = (chunk_at, from);
            keep.clear();
            keep.resize(len, true);
            frame.drop_excluded(codes, chunk, place, keep);
            if let (None, Some(times)) = (shared, times) {
                // What has no time is judged as if it were not marked: it may never have been answered.
                keep.iter_mut().zip(times).for_each(|(keep, at)| *keep |= *at == ABSENT);
            }
            self.classes.exclude(classes, keep);
            keep.fill(true);
            frame.sift(codes, chunk, place, keep, at);
            self.classes.leave_out(classes, keep);
        }
        if let (None, Some(times)) = (shared, times)
            && !self.classes.place(frame, codes, times, classes, periods)?
        {
            return Ok(false);
        }
        if frame.has_scales() {
            keep.fill(true);
            frame.drop_other_scales(codes, chunk, (chunk_at, from), keep);
            let counts = |class: &u8| *class != self.classes.no_unit && *class != self.classes.excluded;
            if classes.iter().zip(keep.iter()).any(|(class, agrees)| !agrees && counts(class)) {
                return Ok(false);
            }
        }
        codes.groups.codes(chunk, chunk_at, from, len, at);
        if codes.groups.is_too_long()
            || !self.counters.reserve(codes.groups.len(), codes.periods.starts().len())
        {
            return Ok(false);
        }
        match shared {
            Some(period) => self.counters.add_rows(period, codes.groups.combinations(), classes),
            None => self.counters.add_scattered(periods, codes.groups.combinations(), classes),
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

impl<V: PartialEq> Classes<V> {
    /// Makes excluded what is not kept, unless it is no unit at all.
    #[allow(clippy::needless_bitwise_bool, reason = "without a branch the loop runs on vectors")]
    fn exclude(&self, classes: &mut [u8], keep: &[bool]) {
        let Self { excluded, no_unit, .. } = *self;
        for (class, keep) in classes.iter_mut().zip(keep) {
            *class = if *keep | (*class == no_unit) { *class } else { excluded };
        }
    }

    /// Leaves out what is not kept.
    fn leave_out(&self, classes: &mut [u8], keep: &[bool]) {
        let Self { no_unit, .. } = *self;
        for (class, keep) in classes.iter_mut().zip(keep) {
            *class = if *keep { *class } else { no_unit };
        }
    }

    /// Finds the period of every row, and leaves out the rows that have none; `false` if a time is none at all.
    fn place(
        &self,
        frame: &Frame<'_>,
        codes: &mut Codes<'_>,
        times: &[Micros],
        classes: &mut [u8],
        periods: &mut Vec<u32>,
    ) -> Result<bool> {
        let (first, last) = frame.window();
        // Without periods a row that should have a time counts among the invalid, in the only period there is.
        let without_time = match frame.context.scope.calendar {
            Some(_) => None,
            None => Some(codes.periods.only()?),
        };
        let is_fault = without_time.is_some() && frame.view.untimed == Untimed::Fault;
        periods.clear();
        for (at, class) in times.iter().zip(classes) {
            if first <= *at && *at <= last && *at != ABSENT {
                periods.push(codes.periods.code(*at)?);
                continue;
            }
            if *at != ABSENT && !is_in_time(*at) {
                return Ok(false);
            }
            let was_answered = *class != self.missing && *class != self.no_unit;
            let counts = *at == ABSENT && is_fault && was_answered;
            *class = if counts { self.invalid } else { self.no_unit };
            periods.push(without_time.unwrap_or_default());
        }
        Ok(true)
    }
}
