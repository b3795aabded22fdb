//! Where gathered items are put: beside the others of their unit.

use crate::error::{Error, Result};

/// Items on their way to the place of their unit.
pub(super) struct Shelves<T> {
    /// Where the items of each unit lie. The end moves with each item.
    spans: Vec<(u32, u32)>,
    items: Vec<T>,
    /// Where items are scattered: they and their units, by range of units.
    ranges: Option<Vec<Vec<(u32, T)>>>,
}

/// Scattered items are first put beside those of the same range of units, this many bits of whose numbers differ: the
/// items of one range fit into the cache.
const RANGE: u32 = 12;

/// What belongs to so many units is more than the cache holds.
const FAR: u32 = 1 << 16;

impl<T: Copy> Shelves<T> {
    /// `parents` are the units of the items to come.
    pub(super) fn new(parents: &[u32], units: usize) -> Result<Self> {
        let mut shelves =
            Self { spans: vec![(0, 0); units], items: Vec::with_capacity(parents.len()), ranges: None };
        if u32::try_from(parents.len()).is_err() {
            return Err(Error::overflow("the number of rows of a table"));
        }
        if is_scattered(parents) {
            let mut counts = vec![0_usize; (units >> RANGE) + 1];
            for parent in parents {
                if let Some(count) = counts.get_mut((parent >> RANGE) as usize) {
                    *count += 1;
                }
            }
            shelves.ranges = Some(counts.into_iter().map(Vec::with_capacity).collect());
        } else {
            lay_out(&mut shelves.spans, parents.iter().copied(), 0);
        }
        Ok(shelves)
    }

    #[inline]
    pub(super) fn put(&mut self, unit: u32, item: T) {
        match &mut self.ranges {
            None => shelve(&mut self.spans, &mut self.items, unit, item),
            Some(ranges) => {
                if let Some(range) = ranges.get_mut((unit >> RANGE) as usize) {
                    range.push((unit, item));
                }
            }
        }
    }

    /// The spans of all units, and the items.
    pub(super) fn close(mut self) -> (Vec<(u32, u32)>, Vec<T>) {
        let Some(ranges) = self.ranges.take() else { return (self.spans, self.items) };
        let mut first = 0;
        for (range, spans) in ranges.into_iter().zip(self.spans.chunks_mut(1 << RANGE)) {
            // The unit's number within its range.
            let local = |unit: u32| unit & ((1 << RANGE) - 1);
            let next = lay_out(spans, range.iter().map(|(unit, _)| local(*unit)), first);
            for (unit, item) in range {
                shelve(spans, &mut self.items, local(unit), item);
            }
            first = next;
        }
        (self.spans, self.items)
    }
}

/// Gives each unit the place that its items need, from `first` on, all empty yet. Gives the place after the last.
fn lay_out(spans: &mut [(u32, u32)], units: impl Iterator<Item = u32>, first: u32) -> u32 {
    for unit in units {
        if let Some((_, count)) = spans.get_mut(unit as usize) {
            *count += 1;
        }
    }
    let mut next = first;
    for (from, to) in spans {
        let count = std::mem::replace(to, next);
        *from = next;
        next += count;
    }
    next
}

#[inline]
fn shelve<T: Copy>(spans: &mut [(u32, u32)], items: &mut Vec<T>, unit: u32, item: T) {
    if let Some((_, end)) = spans.get_mut(unit as usize) {
        let place = *end as usize;
        if place >= items.len() {
            fill(items, place, item);
        }
        if let Some(slot) = items.get_mut(place) {
            *slot = item;
        }
        *end += 1;
    }
}

/// Fills the places up to one and some more with any item, so that no value needs to be made up; not all at once, so
/// that they are still in cache when they get their own.
#[cold]
fn fill<T: Copy>(items: &mut Vec<T>, place: usize, item: T) {
    const SOME: usize = 4096;
    items.resize((place + SOME).min(items.capacity()).max(place + 1), item);
}

/// Whether rows that follow each other often belong to units far apart, so that each would be put where nothing is in
/// cache.
fn is_scattered(parents: &[u32]) -> bool {
    let pairs = parents.iter().zip(parents.iter().skip(1));
    pairs.filter(|(one, other)| one.abs_diff(**other) > FAR).count() > parents.len() / 8
}
