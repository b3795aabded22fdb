//! Where gathered items are put: beside the others of their unit.

use super::rows_of::NOWHERE;
use crate::error::{Error, Result};

/// Scattered items are first put beside those of the same range of units, this many bits of whose numbers differ: the
/// items of one range fit into the cache.
const RANGE: u32 = 13;

/// Items on their way to the place of their unit. The end of a unit's span moves with each of its items.
pub(super) struct Shelves<T> {
    spans: Vec<(u32, u32)>,
    items: Vec<T>,
    /// How many there may be at most.
    most: usize,
    /// Where items are scattered.
    staged: Option<Staged<T>>,
}

/// Items and their units, by range of units.
struct Staged<T> {
    items: Vec<(u32, T)>,
    /// The next free place of each range.
    next: Vec<u32>,
}

impl<T: Copy> Shelves<T> {
    /// `parents` are the units of the items to come.
    pub(super) fn new(parents: &[u32], units: usize) -> Result<Self> {
        let mut spans = vec![(0_u32, 0_u32); units];
        for parent in parents {
            if let Some((_, count)) = spans.get_mut(*parent as usize) {
                *count += 1;
            }
        }
        // As large as all rows need, but empty yet.
        let mut total = 0_u32;
        for (from, to) in &mut spans {
            let count = std::mem::replace(to, total);
            *from = total;
            total =
                total.checked_add(count).ok_or_else(|| Error::overflow("the number of rows of a table"))?;
        }
        let staged = is_scattered(parents).then(|| {
            let next = spans.iter().step_by(1 << RANGE).map(|(from, _)| *from).collect();
            Staged { items: Vec::new(), next }
        });
        Ok(Self { spans, items: Vec::new(), most: total as usize, staged })
    }

    #[inline]
    pub(super) fn put(&mut self, unit: u32, item: T) {
        if self.items.is_empty() {
            self.build(item);
        }
        let Some(staged) = &mut self.staged else { return self.shelve(unit, item) };
        if let Some(next) = staged.next.get_mut((unit >> RANGE) as usize) {
            if let Some(slot) = staged.items.get_mut(*next as usize) {
                *slot = (unit, item);
            }
            *next += 1;
        }
    }

    /// Fills all places with any item, so that no value needs to be made up.
    #[cold]
    fn build(&mut self, item: T) {
        self.items = vec![item; self.most];
        if let Some(staged) = &mut self.staged {
            staged.items = vec![(NOWHERE, item); self.most];
        }
    }

    #[inline]
    fn shelve(&mut self, unit: u32, item: T) {
        if let Some((_, end)) = self.spans.get_mut(unit as usize) {
            if let Some(slot) = self.items.get_mut(*end as usize) {
                *slot = item;
            }
            *end += 1;
        }
    }

    /// The spans of all units, and the items.
    pub(super) fn close(mut self) -> (Vec<(u32, u32)>, Vec<T>) {
        for (unit, item) in self.staged.take().map(|staged| staged.items).unwrap_or_default() {
            self.shelve(unit, item);
        }
        (self.spans, self.items)
    }
}

/// Whether rows that follow each other often belong to units far apart, so that each would be put where nothing is in
/// cache.
fn is_scattered(parents: &[u32]) -> bool {
    let range = |parent: &u32| parent >> RANGE;
    let jumps = parents.iter().zip(parents.iter().skip(1));
    jumps.filter(|(one, other)| range(one).abs_diff(range(other)) > 1).count() > parents.len() / 8
}
