//! The fast driver: measures that a single small number decides.
//!
//! The measure is asked once for each of the 256 values of a byte, not once a row. What remains a row is one
//! look-up and one increment. Where a whole block falls into one cell, not even that: the values are split into
//! runs of one fate, and comparing a block with the run's ends counts it without a branch or a look-up.

use super::frame::{Codes, Frame};
use super::grid::Grid;
use super::place::ABSENT;
use super::row::{BoundInput, Row};
use crate::column::{Column, Reading, Slice};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Fate, RowMeasure};
use crate::scope::Micros;
use crate::summary::Summary;
use crate::table::Chunk;

/// How many fates a byte may lead to; small enough that a cell's counts share a cache line or two.
const MOST_FATES: usize = 16;

/// What each value of a byte means to a measure.
struct Fates<V> {
    /// The class of each byte, as the bits of an `i8`.
    class_of: [u8; 256],
    /// The fate of each class.
    fates: Vec<Fate<V>>,
    /// The class of a missing value.
    missing: u8,
    /// Runs of values of one class in signed order: the last value of each run but the last, and its class.
    runs: Vec<(i8, u8)>,
    last_run: u8,
}

impl<V: Clone + PartialEq> Fates<V> {
    fn of<M: RowMeasure<Value = V>>(measure: &M) -> Option<Self> {
        let mut fates: Vec<Fate<V>> = Vec::new();
        let mut class = |fate: Fate<V>| {
            let at = fates.iter().position(|known| *known == fate).unwrap_or_else(|| {
                fates.push(fate);
                fates.len() - 1
            });
            u8::try_from(at).unwrap_or(u8::MAX)
        };
        let mut class_of = [0; 256];
        let mut runs: Vec<(i8, u8)> = Vec::new();
        for value in i8::MIN..=i8::MAX {
            let found = class(measure.row(&Row::only(Reading::Whole(i128::from(value)))));
            if let Some(slot) = class_of.get_mut(usize::from(value.cast_unsigned())) {
                *slot = found;
            }
            match runs.last_mut() {
                Some((last, class)) if *class == found => *last = value,
                _ => runs.push((value, found)),
            }
        }
        let missing = class(measure.row(&Row::only(Reading::Missing)));
        let (_, last_run) = runs.pop()?;
        (fates.len() <= MOST_FATES).then_some(Self { class_of, fates, missing, runs, last_run })
    }

    fn class(&self, value: i8) -> u8 {
        self.class_of.get(usize::from(value.cast_unsigned())).copied().unwrap_or(0)
    }

    /// Adds the classes of all values to `counts`.
    fn count(&self, values: &[i8], counts: &mut [u64; MOST_FATES]) {
        let mut before = 0;
        let mut add = |class: u8, upto: u64| {
            if let Some(count) = counts.get_mut(usize::from(class)) {
                *count += upto - before;
            }
            before = upto;
        };
        for (last, class) in &self.runs {
            let upto: u64 = values
                .chunks(255)
                .map(|part| u64::from(part.iter().fold(0_u8, |count, value| count + u8::from(value <= last))))
                .sum();
            add(*class, upto);
        }
        add(self.last_run, values.len() as u64);
    }
}

/// Counts of every class in every cell, laid out flat.
struct Counters {
    counts: Vec<u64>,
    /// How many periods there is room for.
    periods: usize,
}

impl Counters {
    fn new() -> Self {
        Self { counts: Vec::new(), periods: 64 }
    }

    fn row(&self, group: u32) -> usize {
        group as usize * self.periods * MOST_FATES
    }

    /// Makes room for groups and periods met since.
    fn reserve(&mut self, groups: usize, periods: usize) {
        if periods > self.periods {
            let wider = periods.next_power_of_two();
            let mut counts = vec![0; self.counts.len() / self.periods * wider];
            let rows = self.counts.chunks(self.periods * MOST_FATES);
            for (from, to) in rows.zip(counts.chunks_mut(wider * MOST_FATES)) {
                if let Some(to) = to.get_mut(..from.len()) {
                    to.copy_from_slice(from);
                }
            }
            (self.counts, self.periods) = (counts, wider);
        }
        let needed = groups * self.periods * MOST_FATES;
        if needed > self.counts.len() {
            self.counts.resize(needed.max(2 * self.counts.len()), 0);
        }
    }

    fn add(&mut self, at: usize, times: u64) {
        if let Some(count) = self.counts.get_mut(at) {
            *count += times;
        }
    }
}

/// Counts the blocks that it can; the careful driver does the others.
pub(crate) struct Fast<V> {
    input: BoundInput,
    fates: Fates<V>,
    counters: Counters,
    classes: Vec<u8>,
    times: Vec<Micros>,
    groups: Vec<u32>,
    /// The group of each code of a single `by` column; `u32::MAX` where not met yet.
    group_of_code: Vec<u32>,
}

impl<V: Clone + PartialEq> Fast<V> {
    /// Nothing where the measure, the table or the request need every row judged on its own.
    pub(super) fn new<M: RowMeasure<Value = V>>(
        frame: &Frame<'_>,
        measure: &M,
        inputs: &[Option<BoundInput>],
    ) -> Option<Self> {
        if !measure.decided_by_first_input() || !frame.is_plain() || frame.context.scope.strict {
            return None;
        }
        let input = (*inputs.first()?)?;
        Some(Self {
            input,
            fates: Fates::of(measure)?,
            counters: Counters::new(),
            classes: Vec::new(),
            times: Vec::new(),
            groups: Vec::new(),
            group_of_code: Vec::new(),
        })
    }

    /// Counts one block; `false`, with nothing counted, if it holds something that needs judging.
    pub(super) fn block(
        &mut self,
        frame: &Frame<'_>,
        codes: &mut Codes<'_>,
        chunk: &Chunk<'_>,
        (chunk_at, from, len): (usize, usize, usize),
    ) -> Result<bool> {
        let Some(column) = self.input.of(chunk) else { return Ok(false) };
        if frame.clock.is_absent() {
            let period = codes.periods.code(frame.window().1)?;
            return self.one_period(codes, chunk, (chunk_at, from, len), (column, from), period);
        }
        let Some(times) = frame.clock.micros(chunk, from, len, &mut self.times) else { return Ok(false) };
        let window = frame.window();
        if within(times, window) {
            // Most blocks of rows in order of time lie in one period; if not in the last one, then maybe in
            // that of the first row.
            let same = match codes.periods.same(times) {
                Some(period) => Some(period),
                None => {
                    codes.periods.code(times.first().copied().unwrap_or_default())?;
                    codes.periods.same(times)
                }
            };
            if let Some(period) = same {
                return self.one_period(codes, chunk, (chunk_at, from, len), (column, from), period);
            }
        }
        if !classify(&self.fates, column, from, len, &mut self.classes) {
            return Ok(false);
        }
        // An answer without a time is a fault that needs its row; a row with neither is no unit.
        let missing = self.fates.missing;
        let untimed = times.iter().zip(&self.classes).any(|(at, class)| *at == ABSENT && *class != missing);
        if untimed {
            return Ok(false);
        }
        group_block(codes, chunk, (chunk_at, from, len), &mut self.groups, &mut self.group_of_code)?;
        for ((class, group), at) in self.classes.iter().zip(&self.groups).zip(times) {
            if *at < window.0 || *at > window.1 || *at == ABSENT {
                continue;
            }
            let period = codes.periods.code(*at)?;
            self.counters.reserve(codes.groups.len(), codes.periods.starts().len());
            let place = self.counters.row(*group) + period as usize * MOST_FATES;
            self.counters.add(place + usize::from(*class), 1);
        }
        Ok(true)
    }

    /// A block of which every row counts, in one period.
    fn one_period(
        &mut self,
        codes: &mut Codes<'_>,
        chunk: &Chunk<'_>,
        place: (usize, usize, usize),
        (column, at): (&Column<'_>, usize),
        period: u32,
    ) -> Result<bool> {
        let len = place.2;
        let period = period as usize;
        if codes.groups.is_whole() {
            self.counters.reserve(1, codes.periods.starts().len());
            let mut counts = [0; MOST_FATES];
            match column {
                Column::I8(slice) if slice.dense(at, at + len).is_some() => {
                    self.fates.count(slice.dense(at, at + len).unwrap_or_default(), &mut counts);
                }
                column => {
                    if !classify(&self.fates, column, at, len, &mut self.classes) {
                        return Ok(false);
                    }
                    for class in &self.classes {
                        if let Some(count) = counts.get_mut(usize::from(*class)) {
                            *count += 1;
                        }
                    }
                }
            }
            for (class, count) in counts.into_iter().enumerate() {
                self.counters.add(period * MOST_FATES + class, count);
            }
            return Ok(true);
        }
        if !classify(&self.fates, column, at, len, &mut self.classes) {
            return Ok(false);
        }
        group_block(codes, chunk, place, &mut self.groups, &mut self.group_of_code)?;
        self.counters.reserve(codes.groups.len(), codes.periods.starts().len());
        let stride = self.counters.periods * MOST_FATES;
        for (class, group) in self.classes.iter().zip(&self.groups) {
            self.counters.add(*group as usize * stride + period * MOST_FATES + usize::from(*class), 1);
        }
        Ok(true)
    }

    /// What was counted, as cells.
    pub(super) fn add_to<S>(&self, codes: &Codes<'_>, grid: &mut Grid<S>) -> Result<()>
    where
        S: Summary<V>,
    {
        for group in 0..codes.groups.len() {
            let group = u32::try_from(group).unwrap_or(u32::MAX);
            for (period, start) in codes.periods.starts().iter().enumerate() {
                let at = self.counters.row(group) + period * MOST_FATES;
                let Some(counts) = self.counters.counts.get(at..at + MOST_FATES) else { continue };
                if period >= self.counters.periods || counts.iter().all(|count| *count == 0) {
                    continue;
                }
                let cells = grid.groups.entry(codes.groups.values(group)).or_default();
                let cell = cells.entry((*start, Key::Null)).or_default();
                for (fate, count) in self.fates.fates.iter().zip(counts).filter(|(_, count)| **count > 0) {
                    cell.update(fate, *count)?;
                }
            }
        }
        Ok(())
    }
}

/// The group of every row of a block.
fn group_block(
    codes: &mut Codes<'_>,
    chunk: &Chunk<'_>,
    (chunk_at, from, len): (usize, usize, usize),
    out: &mut Vec<u32>,
    group_of_code: &mut Vec<u32>,
) -> Result<()> {
    out.clear();
    if codes.groups.is_whole() {
        out.resize(len, 0);
        return Ok(());
    }
    codes.groups.codes(chunk, chunk_at, from, len, |_| None);
    let Some(single) = codes.groups.single() else {
        for offset in 0..len {
            out.push(codes.groups.group_of(offset)?);
        }
        return Ok(());
    };
    out.extend_from_slice(single);
    let most = out.iter().copied().max().unwrap_or(0) as usize;
    if most >= group_of_code.len() {
        group_of_code.resize(most + 1, u32::MAX);
    }
    for code in out.iter_mut() {
        let Some(known) = group_of_code.get_mut(*code as usize) else { continue };
        if *known == u32::MAX {
            *known = codes.groups.group_of_code(*code)?;
        }
        *code = *known;
    }
    Ok(())
}

/// Whether all instants lie in the window; the signs of the differences tell, without a branch.
fn within(times: &[Micros], (first, last): (Micros, Micros)) -> bool {
    let outside = |at: &Micros| {
        let before = if first == Micros::MIN { *at ^ 0 } else { at.wrapping_sub(first) };
        (if first == Micros::MIN { 0 } else { before }) | last.wrapping_sub(*at)
    };
    times.iter().fold(0, |seen, at| seen | outside(at) | if *at == ABSENT { -1 } else { 0 }) >= 0
}

/// The class of every row of a block; `false` if a value is neither missing nor a small whole number.
fn classify<V: Clone + PartialEq>(
    fates: &Fates<V>,
    column: &Column<'_>,
    from: usize,
    len: usize,
    out: &mut Vec<u8>,
) -> bool {
    fn each<V: Clone + PartialEq, T: Copy>(
        fates: &Fates<V>,
        slice: &Slice<'_, T>,
        (from, len): (usize, usize),
        out: &mut Vec<u8>,
        byte: impl Fn(T) -> Option<i8>,
        is_missing: impl Fn(T) -> bool,
    ) -> bool {
        out.clear();
        let mut all = true;
        let mut class = |value: T| match byte(value) {
            Some(byte) => fates.class(byte),
            None => {
                all &= is_missing(value);
                fates.missing
            }
        };
        match slice.dense(from, from + len) {
            Some(values) => out.extend(values.iter().map(|value| class(*value))),
            None => out.extend(
                (from..from + len).map(|at| slice.get(at).map_or(fates.missing, |value| class(*value))),
            ),
        }
        all
    }
    macro_rules! whole {
        ($slice:expr) => {
            each(fates, $slice, (from, len), out, |value| i8::try_from(value).ok(), |_| false)
        };
    }
    #[allow(clippy::cast_possible_truncation, reason = "saturates, and is compared with what it came from")]
    match column {
        Column::I8(slice) => whole!(slice),
        Column::I16(slice) => whole!(slice),
        Column::I32(slice) => whole!(slice),
        Column::I64(slice) => whole!(slice),
        Column::U8(slice) => whole!(slice),
        Column::U16(slice) => whole!(slice),
        Column::U32(slice) => whole!(slice),
        Column::U64(slice) => whole!(slice),
        #[allow(clippy::float_cmp, reason = "a whole number compares exactly")]
        Column::F32(slice) => each(
            fates,
            slice,
            (from, len),
            out,
            |v| Some(v as i8).filter(|b| f32::from(*b) == v),
            f32::is_nan,
        ),
        #[allow(clippy::float_cmp, reason = "a whole number compares exactly")]
        Column::F64(slice) => each(
            fates,
            slice,
            (from, len),
            out,
            |v| Some(v as i8).filter(|b| f64::from(*b) == v),
            f64::is_nan,
        ),
        _ => false,
    }
}
