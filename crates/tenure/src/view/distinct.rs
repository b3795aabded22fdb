//! The distinct values of a column: accounts, features, people on record.

use super::View;
use super::coded::Numbers;
use super::rows_of::NOWHERE;
use crate::compute::{Gated, Moment, RowView};
use crate::error::Result;
use crate::key::Key;
use hashbrown::HashMap;

/// The values of one column, each once, whatever the number of its rows; a row without one is nothing. All of them are
/// one entity, so that they can be compared with each other.
pub(crate) struct Distinct {
    /// The rows.
    pub(crate) rows: RowView,
    /// The column.
    pub(crate) column: &'static str,
}

/// All values that are asked for, in order of their first rows.
pub(crate) struct Values<'e>(pub(crate) Vec<Value<'e>>);

/// A value, and where it occurs: once in each group.
pub(crate) struct Value<'e> {
    pub(crate) key: &'e Key,
    pub(crate) occurrences: Vec<Occurrence>,
}

/// What stands for a value in a group.
#[derive(Clone, Copy)]
pub(crate) struct Occurrence {
    /// The first of its rows.
    pub(crate) row: usize,
    /// Since when: the earliest time of its rows, absent if any has none.
    pub(crate) since: Moment,
    group: u32,
}

impl View for Distinct {
    type Entity<'e> = Values<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        self.column
    }

    fn looks_at_people(&self) -> bool {
        true
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&Values<'_>) -> Result<()>) -> Result<()> {
        let (frame, book) = (gated.frame, gated.frame.context.book);
        frame.table.require(self.column)?;
        let numbers = Numbers::of(book, frame.table.name(), self.column)?;
        let mut places = vec![NOWHERE; numbers.keys().len()];
        let mut values: Vec<Value<'_>> = Vec::new();
        let mut further: HashMap<(u32, u32), usize> = HashMap::new();
        let is_timed = !frame.clock.is_absent();
        for row in gated.kept() {
            let number = numbers.of_row(row);
            let Some((place, key)) = places.get_mut(number as usize).zip(numbers.keys().get(number as usize))
            else {
                continue;
            };
            if number == 0 {
                continue;
            }
            if *place == NOWHERE {
                *place = u32::try_from(values.len()).unwrap_or(NOWHERE);
                values.push(Value { key, occurrences: Vec::new() });
            }
            let Some(value) = values.get_mut(*place as usize) else { continue };
            let (group, found) = (gated.group(row), &mut value.occurrences);
            let since = if is_timed {
                gated.row(row).map_or(Moment::Absent, |(_, time)| time)
            } else {
                Moment::Absent
            };
            // Rows of one group mostly follow each other.
            let last = found.len().wrapping_sub(1);
            let at = match found.last() {
                Some(known) if known.group == group => last,
                None => found.len(),
                Some(_) => further.get(&(number, group)).copied().unwrap_or(found.len()),
            };
            match found.get_mut(at) {
                Some(known) => known.since = earlier(known.since, since),
                None => {
                    further.insert((number, group), at);
                    found.push(Occurrence { row, since, group });
                }
            }
        }
        tell(&Values(values))
    }
}

/// Of two times of a value the one that holds: always, if one says nothing; else the first that can be read.
fn earlier(one: Moment, other: Moment) -> Moment {
    match (one, other) {
        (Moment::Absent, _) | (_, Moment::Absent) => Moment::Absent,
        (Moment::At(one), Moment::At(other)) => Moment::At(one.min(other)),
        (Moment::Bad(..), other) => other,
        (one, Moment::Bad(..)) => one,
    }
}
