//! From measurements to cells.

use super::frame::{Codes, Frame, Measurement};
use super::grid::Grid;
use super::plan::invalid_row;
use super::source::Sink;
use crate::error::Result;
use crate::key::{Interner, Key};
use crate::measure::{Fate, Silent};
use crate::summary::{Cell, Mergeable, Summary};
use hashbrown::HashMap;

/// Puts measurements into cells, by the codes of group, period and dimension.
pub(super) struct Gathering<'f, 'b, S> {
    /// Where an invalid row is an error: the frame that it comes from.
    strict: Option<&'f Frame<'b>>,
    dimensions: Interner,
    /// The code of all values of the dimension together.
    whole: u32,
    /// The cells, in order of first sight.
    places: HashMap<(u32, u32, u32), usize>,
    cells: Vec<Cell<S>>,
    /// Where the cell of a group is, by period, as far as lists take no more than [`LISTED`] places: for all values of the
    /// dimension together.
    listed: Vec<Vec<u32>>,
    /// Cells seen lately, so that few are looked up.
    recent: [((u32, u32, u32), usize); RECENT],
    /// How many values the first cell may expect.
    room: usize,
}

const LISTED: usize = 1 << 20;
const NOWHERE: u32 = u32::MAX;
/// A power of two.
const RECENT: usize = 64;
/// No cell has it: there are fewer codes.
const NO_PLACE: (u32, u32, u32) = (u32::MAX, u32::MAX, u32::MAX);

/// Where a cell is among the recent ones: those of periods that follow each other are apart.
#[inline]
fn slot((group, period, dimension): (u32, u32, u32)) -> usize {
    (period ^ group.wrapping_mul(19) ^ dimension.wrapping_mul(29)) as usize % RECENT
}

impl<'f, 'b, S: Mergeable> Gathering<'f, 'b, S> {
    pub(super) fn new(strict: Option<&'f Frame<'b>>, room: usize) -> Self {
        let mut dimensions = Interner::default();
        let whole = dimensions.code(Key::Null.reading());
        Self {
            strict,
            dimensions,
            whole,
            places: HashMap::new(),
            cells: Vec::new(),
            listed: Vec::new(),
            recent: [(NO_PLACE, 0); RECENT],
            room,
        }
    }

    #[inline]
    fn cell(&mut self, place: (u32, u32, u32)) -> Option<&mut Cell<S>> {
        match self.recent.get(slot(place)) {
            Some((known, at)) if *known == place => self.cells.get_mut(*at),
            _ => self.other_cell(place),
        }
    }

    /// The cell of a group in a period, for all values of the dimension together.
    #[inline]
    fn whole_cell(&mut self, group: u32, period: u32) -> Option<&mut Cell<S>> {
        let listed = self.listed.get(period as usize).and_then(|groups| groups.get(group as usize));
        match listed {
            Some(at) if *at != NOWHERE => self.cells.get_mut(*at as usize),
            _ => self.other_cell((group, period, self.whole)),
        }
    }

    #[inline(never)]
    fn other_cell(&mut self, place: (u32, u32, u32)) -> Option<&mut Cell<S>> {
        let cells = &mut self.cells;
        let at = *self.places.entry(place).or_insert_with(|| {
            let mut cell: Cell<S> = Cell::default();
            cell.summary.expect(std::mem::take(&mut self.room));
            cells.push(cell);
            cells.len() - 1
        });
        let (group, period, dimension) = (place.0 as usize, place.1 as usize, place.2);
        if dimension == self.whole && (group + 1).saturating_mul(period + 1) <= LISTED {
            self.listed.resize_with(self.listed.len().max(period + 1), Vec::new);
            if let (Some(groups), Ok(at)) = (self.listed.get_mut(period), u32::try_from(at)) {
                groups.resize(groups.len().max(group + 1), NOWHERE);
                groups.get_mut(group).into_iter().for_each(|slot| *slot = at);
            }
        } else if let Some(recent) = self.recent.get_mut(slot(place)) {
            *recent = (place, at);
        }
        self.cells.get_mut(at)
    }

    /// The cells by what their codes stand for, in order.
    pub(super) fn grid(mut self, codes: &Codes<'_>) -> Grid<S> {
        let mut grid = Grid::default();
        for ((group, period, dimension), at) in &self.places {
            let place = (
                codes.periods.starts().get(*period as usize).copied().unwrap_or_default(),
                self.dimensions.keys().get(*dimension as usize).cloned().unwrap_or(Key::Null),
            );
            if let Some(cell) = self.cells.get_mut(*at) {
                let cell = std::mem::take(cell);
                grid.groups.entry(codes.groups.values(*group)).or_default().insert(place, cell);
            }
        }
        grid
    }
}

impl<V, S: Summary<V>> Sink<V> for Gathering<'_, '_, S> {
    type Evidence = Silent;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "so that a measurement is never put together in memory")]
    fn take(&mut self, _: &Codes<'_>, visit: Measurement<V>) -> Result<()> {
        if let (Some(frame), Fate::Invalid(_)) = (self.strict, &visit.fate) {
            return Err(invalid_row(frame, &visit));
        }
        let Some(period) = visit.period else { return Ok(()) };
        if let Some(cell) = self.whole_cell(visit.group, period) {
            cell.update(&visit.fate, visit.times)?;
        }
        for dimension in &visit.dimensions {
            let dimension = self.dimensions.code(dimension.reading());
            if let Some(cell) = self.cell((visit.group, period, dimension)) {
                cell.update(&visit.fate, visit.times)?;
            }
        }
        Ok(())
    }

    fn wants_units(&self) -> bool {
        false
    }
}
