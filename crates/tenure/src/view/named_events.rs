//! Events one by one, in the order of their rows, told apart by their names.

use super::View;
use super::activity::EVENTS;
use super::coded::Coded;
use super::event_blocks::each_block;
use super::people::{Identity, NOBODY, People};
use super::sequences::{REPEATED, repeated};
use crate::column::Reading;
use crate::compute::{Gated, RowView};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Fate, Reason};
use crate::policy::Names;
use crate::scope::Micros;
use crate::table::Chunk;

/// Every event of some names.
pub(crate) struct NamedEvents {
    /// Each of these choices of names is a kind of its own; `None` is every event.
    pub(crate) kinds: Vec<Option<Names>>,
    /// Whether it is asked when the first and the last event happened.
    pub(crate) ends: bool,
}

const ROWS: RowView = RowView { key: "event_id", ..EVENTS };

/// One event: of a kind that is asked for, or where there are groups of any.
pub(crate) struct NamedEvent<'e> {
    pub(crate) row: usize,
    /// Nothing if it cannot be read.
    pub(crate) at: Option<Micros>,
    /// The kinds that it is of, a bit each; none if it only tells that its group is there.
    pub(crate) kinds: u32,
    /// Whether it counts.
    pub(crate) fate: Fate<()>,
    /// The first and the last of the events told, if that is asked.
    pub(crate) ends: Option<(Micros, Micros)>,
    chunk: &'e Chunk<'e>,
    local: usize,
}

impl NamedEvent<'_> {
    /// The value of a column.
    #[inline]
    pub(crate) fn read(&self, column: Option<usize>) -> Reading<'_> {
        let column = column.and_then(|column| self.chunk.columns.get(column));
        column.map_or(Reading::Missing, |column| column.read(self.local))
    }
}

impl View for NamedEvents {
    type Entity<'e> = NamedEvent<'e>;

    fn rows(&self) -> &RowView {
        &ROWS
    }

    fn entity(&self) -> &'static str {
        "user_id"
    }

    fn looks_at_people(&self) -> bool {
        true
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&NamedEvent<'_>) -> Result<()>) -> Result<()> {
        let mut ends: Option<(Micros, Micros)> = None;
        if self.ends {
            self.rows(gated, None, |event| {
                if let Some(at) = event.at.filter(|_| !matches!(event.fate, Fate::Invalid(_))) {
                    ends = Some(ends.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
                }
                Ok(())
            })?;
        }
        self.rows(gated, ends, |event| tell(event))
    }
}

impl NamedEvents {
    /// Gives the events known at `as_of`.
    fn rows(
        &self,
        gated: &Gated<'_, '_>,
        ends: Option<(Micros, Micros)>,
        mut tell: impl FnMut(&NamedEvent<'_>) -> Result<()>,
    ) -> Result<()> {
        let frame = gated.frame;
        let (context, table) = (frame.context, frame.table);
        let people = &*People::of(context, Identity::User)?;
        let repeated = repeated(context)?;
        let mut kinds = Coded::new(table, table.find("name"), |key: &Key| {
            let is_of = |kind: &Option<Names>| match kind {
                None => true,
                Some(names) => key.as_text().is_some_and(|name| names.has(name)),
            };
            (0..).zip(&self.kinds).fold(0_u32, |kinds, (at, kind)| kinds | u32::from(is_of(kind)) << at)
        });
        let exclusions: Option<Vec<Option<Reason>>> = people
            .excluded()
            .iter()
            .any(|(set, _)| !set.is_empty())
            .then(|| (0..).zip(people.keys()).map(|(person, _)| people.exclusion(person)).collect());
        each_block(frame, people, |block| {
            kinds.open(block.place);
            for (offset, person) in block.people.iter().enumerate() {
                let row = block.first + offset;
                let kinds = kinds.of_row(offset);
                if (kinds == 0 && !gated.has_groups()) || !gated.keeps(row) {
                    continue;
                }
                let at = block.at(offset);
                if at.is_some_and(|at| at > context.scope.as_of) || !gated.wants_any([row].into_iter()) {
                    continue;
                }
                let exclusion = || {
                    let known = exclusions.as_ref().and_then(|known| known.get(*person as usize));
                    known.copied().flatten()
                };
                let is_duplicate = || repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(row));
                let fate = if kinds == 0 {
                    Fate::NoUnit
                } else if at.is_none() || *person == NOBODY {
                    Fate::Invalid(block.reason(frame, offset, Identity::User))
                } else if let Some(reason) = exclusion() {
                    Fate::Excluded(reason)
                } else if is_duplicate() {
                    Fate::Excluded(REPEATED)
                } else {
                    Fate::Observed(())
                };
                let local = block.place.from + offset;
                tell(&NamedEvent { row, at, kinds, fate, ends, chunk: block.chunk, local })?;
            }
            Ok(())
        })
    }
}
