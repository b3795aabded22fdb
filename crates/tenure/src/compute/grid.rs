//! The grid: all cells of a computation, by group, period and dimension.

use crate::error::{Error, Result};
use crate::key::Key;
use crate::scope::Micros;
use crate::state::{Reader, Writer};
use crate::summary::{Cell, Encode, Mergeable};
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
    fn encode(&self, out: &mut Writer);
    fn as_any(&self) -> &dyn Any;
    fn clone_box(&self) -> Box<dyn AnyGrid>;
}

impl<S: Mergeable> AnyGrid for Grid<S> {
    fn merge(&mut self, other: &dyn AnyGrid) -> Result<()> {
        let Some(other) = other.as_any().downcast_ref::<Self>() else {
            return Err(Error::internal("states of one request hold different summaries"));
        };
        for (group, cells) in &other.groups {
            let mine = self.groups.entry(group.clone()).or_default();
            for (place, cell) in cells {
                mine.entry(place.clone()).or_default().merge(cell)?;
            }
        }
        Ok(())
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
    pub(crate) fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut grid = Self::default();
        for _ in 0..bytes.len()? {
            let width = bytes.len()?;
            let group = (0..width).map(|_| bytes.key()).collect::<Result<Vec<Key>>>()?;
            let mut cells = BTreeMap::new();
            for _ in 0..bytes.len()? {
                let period = bytes.wide()?;
                let period =
                    period.try_into().map_err(|_| Error::corrupt("a period in the state is too large"))?;
                cells.insert((period, bytes.key()?), Cell::decode(bytes)?);
            }
            grid.groups.insert(group, cells);
        }
        if bytes.is_empty() { Ok(grid) } else { Err(Error::corrupt("bytes are left over after the state")) }
    }
}
