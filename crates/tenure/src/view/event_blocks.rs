//! The events block by block: what every reader of them works out first.

use super::coded::{BLOCK, Place};
use super::people::{Identity, People};
use crate::compute::{Codes, Frame};
use crate::error::Result;
use crate::measure::Reason;
use crate::scope::{Micros, is_in_time};
use crate::table::Chunk;
use std::ops::Range;

/// Some rows of the table of events, in order.
pub(super) struct EventBlock<'e> {
    pub(super) chunk: &'e Chunk<'e>,
    pub(super) place: Place,
    /// The number of the first row.
    pub(super) first: usize,
    /// When each happened; an instant in no time if that cannot be read.
    pub(super) times: &'e [Micros],
    /// Who did it.
    pub(super) people: &'e [u32],
}

impl EventBlock<'_> {
    /// When the event of a row happened, if that can be read.
    #[inline]
    pub(super) fn at(&self, offset: usize) -> Option<Micros> {
        self.times.get(offset).copied().filter(|at| is_in_time(*at))
    }

    /// Which rows `where` and kind ask for; nothing at all if they ask for all.
    pub(super) fn sift<'b>(&self, frame: &Frame<'b>, codes: &mut Codes<'b>, keep: &mut Vec<bool>) {
        keep.clear();
        if !frame.is_unfiltered() {
            keep.resize(self.place.len, true);
            let Place { chunk, from, .. } = self.place;
            frame.sift(codes, self.chunk, (chunk, from), keep, |offset| self.at(offset));
        }
    }

    /// Why a row is of no use: it has no time, or names nobody.
    #[cold]
    pub(super) fn reason(&self, frame: &Frame<'_>, offset: usize, identity: Identity) -> Reason {
        let time = frame.clock.read(self.chunk, self.place.from + offset, Micros::MAX);
        time.placed("occurred_at").err().unwrap_or(identity.nobody())
    }

    /// Tells the combinations of `by` of all rows.
    pub(super) fn group(&self, codes: &mut Codes<'_>) {
        let Place { chunk, from, len, .. } = self.place;
        codes.groups.codes(self.chunk, chunk, from, len, |offset| self.at(offset));
    }

    /// Times and people of some of the rows.
    pub(super) fn some(&self, rows: Range<usize>) -> (&[Micros], &[u32]) {
        let people = self.people.get(rows.clone()).unwrap_or_default();
        (self.times.get(rows).unwrap_or_default(), people)
    }
}

/// Gives all events, a block at a time, as fast as the context's pace calls for them.
pub(super) fn each_block(
    frame: &Frame<'_>,
    people: &People,
    mut tell: impl FnMut(&EventBlock<'_>) -> Result<()>,
) -> Result<()> {
    let of_rows = people.of_rows();
    let (mut scratch, mut slow) = (Vec::new(), Vec::new());
    let mut step = |rows: Range<usize>| {
        for (chunk_at, chunk) in frame.table.chunks().iter().enumerate() {
            let begin = rows.start.saturating_sub(chunk.first_row);
            let end = rows.end.saturating_sub(chunk.first_row).min(chunk.rows);
            for from in (begin..end).step_by(BLOCK) {
                let len = BLOCK.min(end - from);
                let first = chunk.first_row + from;
                let times = match frame.clock.micros(chunk, from, len, &mut scratch) {
                    Some(times) => times,
                    None => {
                        slow.clear();
                        let read =
                            |local| frame.clock.read(chunk, local, Micros::MAX).at().unwrap_or(Micros::MIN);
                        slow.extend((from..from + len).map(read));
                        &slow
                    }
                };
                let people = of_rows.get(first..first + len).unwrap_or_default();
                let place = Place { chunk: chunk_at, from, len, offset: 0 };
                tell(&EventBlock { chunk, place, first, times, people })?;
            }
        }
        Ok(())
    };
    (frame.context.pace)(frame.view.table, frame.table.rows(), &mut step)
}
