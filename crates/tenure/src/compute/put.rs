//! Where measures put what they found of events that were read for the groups of the answer already.

use super::frame::{Codes, Frame, Measurement};
use super::source::Sink;
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Fate, Input, InputKind, Value};
use crate::view::Unusable;

/// The column of events that all of them need.
pub(super) const OCCURRED_AT: &[Input] = &[Input::required("occurred_at", InputKind::Time)];

/// Takes measurements in groups that have numbers of their own.
pub(super) struct Put<'o, 'b, S> {
    pub(super) frame: &'o Frame<'b>,
    pub(super) codes: &'o mut Codes<'b>,
    pub(super) sink: &'o mut S,
    /// The values of each group.
    groups: &'o [Vec<Key>],
    /// Their codes, as far as they were needed; [`UNKNOWN`] else.
    known: Vec<u32>,
}

const UNKNOWN: u32 = u32::MAX;

impl<'o, 'b, S> Put<'o, 'b, S> {
    pub(super) fn new(
        frame: &'o Frame<'b>,
        codes: &'o mut Codes<'b>,
        sink: &'o mut S,
        groups: &'o [Vec<Key>],
    ) -> Self {
        Self { frame, codes, sink, groups, known: vec![UNKNOWN; groups.len()] }
    }

    /// The values of a group.
    pub(super) fn values(&self, group: u32) -> &'o [Key] {
        self.groups.get(group as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The code of a group.
    #[inline]
    pub(super) fn group(&mut self, group: u32) -> Result<u32> {
        match self.known.get_mut(group as usize) {
            Some(known) if *known != UNKNOWN => Ok(*known),
            _ => self.find(group),
        }
    }

    fn find(&mut self, group: u32) -> Result<u32> {
        let code = self.codes.groups.group_with(self.values(group))?;
        if let Some(known) = self.known.get_mut(group as usize) {
            *known = code;
        }
        Ok(code)
    }

    /// Puts the rows that are no event of anybody, each in the group that it has for `group`.
    pub(super) fn unusable<V: Value>(
        &mut self,
        rows: &[(Unusable, u32)],
        mut group: impl FnMut(&mut Self, usize, u32) -> Result<Option<u32>>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        for (unusable, number) in rows {
            let (row, at) = (unusable.row as usize, unusable.at);
            if at.is_some_and(|at| !self.frame.in_window(at)) {
                continue;
            }
            if let Some(group) = group(self, row, *number)? {
                let period = self.frame.period(self.codes, at)?;
                let fate = Fate::Invalid(unusable.reason);
                let dimensions = Vec::new();
                self.sink
                    .take(self.codes, Measurement { row, at, period, group, fate, dimensions, times: 1 })?;
            }
        }
        Ok(())
    }
}
