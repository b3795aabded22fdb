//! Where gathered items are put: beside the others of their unit.

use crate::error::{Error, Result};

/// Items on their way to the place of their unit.
pub(super) struct Shelves<T> {
    /// Where the items of each unit lie. The end moves with each item.
    spans: Vec<(u32, u32)>,
    items: Vec<T>,
    /// Where items are scattered.
    ranges: Option<Ranges>,
}

/// Scattered items first come to those of the same range of units: so many lists can be written to at once, and the
/// items of one range fit into the cache when each finds its own unit.
struct Ranges {
    /// Where the items of each range lie. The end moves with each item.
    spans: Vec<(u32, u32)>,
    /// Of each item the number of its unit within its range.
    units: Vec<u16>,
}

/// So many bits of the numbers of a range's units differ.
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
            let mut spans = vec![(0, 0); (units >> RANGE) + 1];
            lay_out(&mut spans, parents.iter().map(|parent| parent >> RANGE), 0);
            shelves.ranges = Some(Ranges { spans, units: vec![0; parents.len()] });
        } else {
            lay_out(&mut shelves.spans, parents.iter().copied(), 0);
        }
        Ok(shelves)
    }

    #[inline]
    pub(super) fn put(&mut self, unit: u32, item: T) {
        match &mut self.ranges {
            None => {
                shelve(&mut self.spans, &mut self.items, unit, item);
            }
            Some(ranges) => {
                if let Some(place) = shelve(&mut ranges.spans, &mut self.items, unit >> RANGE, item)
                    && let Some(slot) = ranges.units.get_mut(place)
                {
                    *slot = local(unit);
                }
            }
        }
    }

    /// The spans of all units, and the items, after a look at those of each unit while they are in cache.
    pub(super) fn close(mut self, mut look: impl FnMut(&mut [T])) -> (Vec<(u32, u32)>, Vec<T>) {
        let mut look_at = |spans: &[(u32, u32)], items: &mut [T]| {
            for (from, to) in spans {
                look(items.get_mut(*from as usize..*to as usize).unwrap_or_default());
            }
        };
        let Some(ranges) = self.ranges.take() else {
            look_at(&self.spans, &mut self.items);
            return (self.spans, self.items);
        };
        let mut of_range = Vec::new();
        for ((from, to), spans) in ranges.spans.into_iter().zip(self.spans.chunks_mut(1 << RANGE)) {
            let places = from as usize..to as usize;
            let units = ranges.units.get(places.clone()).unwrap_or_default();
            lay_out(spans, units.iter().map(|unit| u32::from(*unit)), from);
            of_range.clear();
            of_range.extend_from_slice(self.items.get(places).unwrap_or_default());
            for (unit, item) in units.iter().zip(&of_range) {
                shelve(spans, &mut self.items, u32::from(*unit), *item);
            }
            look_at(spans, &mut self.items);
        }
        (self.spans, self.items)
    }
}

/// A unit's number within its range.
#[allow(clippy::cast_possible_truncation, reason = "a range has fewer units")]
fn local(unit: u32) -> u16 {
    (unit & ((1 << RANGE) - 1)) as u16
}

/// Gives each unit the place that its items need, from `first` on, all empty yet.
fn lay_out(spans: &mut [(u32, u32)], units: impl Iterator<Item = u32>, first: u32) {
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
}

/// Puts an item where its unit's next one goes, and tells where that is.
#[inline]
fn shelve<T: Copy>(spans: &mut [(u32, u32)], items: &mut Vec<T>, unit: u32, item: T) -> Option<usize> {
    let (_, end) = spans.get_mut(unit as usize)?;
    let place = *end as usize;
    if place >= items.len() {
        fill(items, place, item);
    }
    *items.get_mut(place)? = item;
    *end += 1;
    Some(place)
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

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: u32 = 200_000;

    /// Every item ends beside those of its unit, in the order in which they came; rows that belong to no unit are left
    /// out.
    fn check(parents: &[u32], scattered: bool) {
        assert_eq!(is_scattered(parents), scattered);
        let mut shelves = Shelves::new(parents, UNITS as usize).unwrap();
        let mut expected = vec![Vec::new(); UNITS as usize];
        for (row, parent) in (0_u32..).zip(parents) {
            // A row in seven cannot be read.
            if row % 7 != 0 {
                shelves.put(*parent, row);
                if let Some(of_unit) = expected.get_mut(*parent as usize) {
                    of_unit.push(row);
                }
            }
        }
        let mut seen = 0;
        let (spans, items) = shelves.close(|of_unit| {
            seen += of_unit.len();
            of_unit.reverse();
        });
        assert_eq!(spans.len(), UNITS as usize);
        assert_eq!(seen, expected.iter().map(Vec::len).sum::<usize>());
        for ((from, to), mut rows) in spans.into_iter().zip(expected) {
            rows.reverse();
            assert_eq!(items[from as usize..to as usize], rows);
        }
    }

    #[test]
    fn items_come_together_from_near_and_far() {
        let rows = 3 * UNITS;
        let near: Vec<u32> = (0..rows).map(|row| row / 3).collect();
        check(&near, false);
        // The step shares no divisor with the number of units, so that every unit is met.
        let steps = std::iter::successors(Some(0), |unit| Some((unit + 99_991) % UNITS));
        let mut far: Vec<u32> = steps.take(rows as usize).collect();
        far.extend([u32::MAX, UNITS, 0]);
        check(&far, true);
        check(&[], false);
    }
}
