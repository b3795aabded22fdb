//! The grid: all cells of a computation, by group, period and dimension.

use crate::error::{Error, Result};
use crate::key::Key;
use crate::scope::{Micros, is_in_time};
use crate::state::{Reader, Writer};
use crate::summary::{Cell, Encode, Mergeable, Tally};
use std::any::Any;
use std::collections::BTreeMap;

/// Where in a group a cell lies: the start of its period (the beginning of time without periods) and its
/// dimension ([`Key::Null`] for all values together).
pub(crate) type Place = (Micros, Key);

/// Cells by group, in order, so that encoding and finishing never depend on the order of rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid<S> {
    pub(crate) groups: BTreeMap<Vec<Key>, BTreeMap<Place, Cell<S>>>,
}

impl<S> Default for Grid<S> {
    fn default() -> Self {
        Self { groups: BTreeMap::new() }
    }
}

/// A grid whose summary only its plan knows.
pub(crate) trait AnyGrid: Send + Sync {
    fn merge(&mut self, other: &dyn AnyGrid) -> Result<()>;
    /// Keeps what the cells say of their units, but not how many there were.
    fn forget_units(&mut self);
    fn encode(&self, out: &mut Writer);
    fn as_any(&self) -> &dyn Any;
    fn clone_box(&self) -> Box<dyn AnyGrid>;
}

impl<S: Mergeable> AnyGrid for Grid<S> {
    fn merge(&mut self, other: &dyn AnyGrid) -> Result<()> {
        let Some(other) = other.as_any().downcast_ref::<Self>() else {
            return Err(Error::internal("states of one request hold different summaries"));
        };
        // First every cell that both have, so that an error leaves this grid as it was; then all of them.
        let mut merged = Vec::new();
        for (group, cells) in &other.groups {
            let mine = self.groups.get(group);
            for (place, theirs) in cells {
                let mut cell = mine.and_then(|mine| mine.get(place)).cloned().unwrap_or_default();
                cell.merge(theirs)?;
                merged.push((group, place, cell));
            }
        }
        for (group, place, cell) in merged {
            if let Some(mine) = self.groups.get_mut(group) {
                mine.insert(place.clone(), cell);
            } else {
                self.groups.insert(group.clone(), BTreeMap::from([(place.clone(), cell)]));
            }
        }
        Ok(())
    }

    fn forget_units(&mut self) {
        for cell in self.groups.values_mut().flat_map(BTreeMap::values_mut) {
            cell.tally = Tally::default();
        }
    }

    fn encode(&self, out: &mut Writer) {
        out.count(self.groups.len() as u64);
        for (group, cells) in &self.groups {
            out.count(group.len() as u64);
            for key in group {
                out.key(key);
            }
            out.count(cells.len() as u64);
            for ((period, dimension), cell) in cells {
                out.wide(i128::from(*period));
                out.key(dimension);
                cell.encode(out);
            }
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn clone_box(&self) -> Box<dyn AnyGrid> {
        Box::new(self.clone())
    }
}

impl<S: Mergeable> Grid<S> {
    /// Reads the cells of groups of `by` columns. They come in order, so that equal grids are equal bytes.
    pub(crate) fn decode(bytes: &mut Reader<'_>, by: usize) -> Result<Self> {
        let mut grid = Self::default();
        for _ in 0..bytes.len()? {
            if bytes.len()? != by {
                return Err(Error::corrupt(
                    "a group in the state has another number of columns than the request",
                ));
            }
            let group = (0..by).map(|_| bytes.key()).collect::<Result<Vec<Key>>>()?;
            let mut cells: BTreeMap<Place, Cell<S>> = BTreeMap::new();
            for _ in 0..bytes.len()? {
                let period = bytes.wide()?;
                let period =
                    period.try_into().map_err(|_| Error::corrupt("a period in the state is too large"))?;
                let place = (period, bytes.key()?);
                if !is_in_time(period) || cells.last_key_value().is_some_and(|(last, _)| *last >= place) {
                    return Err(Error::corrupt("the cells in the state are not in order"));
                }
                cells.insert(place, Cell::decode(bytes)?);
            }
            if grid.groups.last_key_value().is_some_and(|(last, _)| *last >= group) {
                return Err(Error::corrupt("the groups in the state are not in order"));
            }
            grid.groups.insert(group, cells);
        }
        if bytes.is_empty() { Ok(grid) } else { Err(Error::corrupt("bytes are left over after the state")) }
    }
}
