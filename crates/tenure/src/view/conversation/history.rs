//! The changes of status of conversations.

use super::Index;
use crate::compute::{Gated, find_input};
use crate::error::Result;
use crate::measure::{Input, InputKind, Reason};
use crate::policy::choice;
use crate::scope::Micros;
use crate::view::coded::{Coded, Place};
use crate::view::rows_of::{Columns, Item, NOWHERE, RowsOf};
use std::sync::Arc;

choice! {
    /// What a conversation can be.
    pub enum Status {
        /// Nobody has looked at it yet.
        New = "new",
        /// Someone is on it.
        Open = "open",
        /// It waits for the customer.
        Pending = "pending",
        /// It waits for somebody else.
        OnHold = "on_hold",
        /// The problem is solved.
        Solved = "solved",
        /// It is solved and over.
        Closed = "closed",
        /// It is put off until later.
        Snoozed = "snoozed",
    }
}

impl Status {
    /// Whether the customer's problem counts as solved.
    pub fn is_resolved(self) -> bool {
        matches!(self, Self::Solved | Self::Closed)
    }
}

/// One change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) at: Micros,
    /// Its row in the table of changes.
    pub(crate) row: u32,
    pub(crate) status: Status,
}

impl Change {
    /// A change of which nothing else is known.
    pub(super) fn to(status: Status, at: Micros) -> Self {
        Self { at, row: NOWHERE, status }
    }
}

impl Item for Change {
    fn at(&self) -> Micros {
        self.at
    }

    fn row(&self) -> u32 {
        self.row
    }
}

/// One time that a conversation was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resolution {
    pub(crate) at: Micros,
    /// The row of the change.
    pub(crate) row: u32,
    /// When it was opened again.
    pub(crate) reopened: Option<Micros>,
}

/// Each time that a history comes to be resolved, in order of time.
pub(super) fn resolutions(history: &[Change]) -> impl Iterator<Item = Resolution> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = history.get(at..)?;
        let from = rest.iter().position(|change| change.status.is_resolved())?;
        let change = rest.get(from)?;
        let until = rest.iter().skip(from).position(|change| !change.status.is_resolved());
        at += until.map_or(rest.len(), |until| from + until);
        let reopened = until.and_then(|until| rest.get(from + until)).map(|change| change.at);
        Some(Resolution { at: change.at, row: change.row, reopened })
    })
}

/// The last resolution, if nothing was opened again after it. Looked for from the end, where it is.
pub(super) fn lasting_resolution(history: &[Change]) -> Option<Resolution> {
    history.last().filter(|last| last.status.is_resolved())?;
    let opened = history.iter().rposition(|change| !change.status.is_resolved());
    let first = history.get(opened.map_or(0, |opened| opened + 1))?;
    Some(Resolution { at: first.at, row: first.row, reopened: None })
}

const UNKNOWN_STATUS: Reason = Reason::new(
    "status",
    "unknown_status",
    "is none of new, open, pending, on_hold, solved, closed and snoozed",
);

/// The column of what a status became.
struct Read<'t>(Coded<'t, Option<Status>>);

impl Columns for Read<'_> {
    type Item = Change;

    fn open(&mut self, block: Place) {
        self.0.open(block);
    }

    #[inline]
    fn item(&self, offset: usize, at: Micros, row: u32) -> Result<Change, Reason> {
        self.0.of_row(offset).map(|status| Change { at, row, status }).ok_or(UNKNOWN_STATUS)
    }
}

/// The changes of every conversation, gathered once for all KPIs that ask.
pub(super) fn index(gated: &Gated<'_, '_>) -> Result<Arc<Index<Change>>> {
    use crate::policy::Named;
    let context = gated.frame.context;
    context.book.index(&RowsOf::index_name(context.scope, "status_history"), || {
        let rows = RowsOf::open(context.book, context.scope, "status_history")?;
        let status = find_input(rows.table, &Input::required("status", InputKind::Text))?;
        // Letters may be of any case.
        let parse = |text: &str| <Status as Named>::parse(&text.trim().to_ascii_lowercase()).ok();
        let status = Read(rows.coded(status, move |key| parse(key.as_text()?)));
        let (gathered, faults) = rows.gather("", status)?;
        Ok(Index { gathered, faults })
    })
}

#[cfg(test)]
pub(crate) fn change_to(status: Status, at: Micros) -> Change {
    Change::to(status, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(history: &[(Micros, Status)]) -> Vec<(Micros, Option<Micros>)> {
        let history: Vec<Change> = history.iter().map(|(at, status)| Change::to(*status, *at)).collect();
        resolutions(&history).map(|resolution| (resolution.at, resolution.reopened)).collect()
    }

    #[test]
    fn closing_is_not_another_resolution() {
        use Status::{Closed, New, Open, Solved};
        assert_eq!(times(&[]), []);
        assert_eq!(times(&[(1, New), (2, Open)]), []);
        assert_eq!(times(&[(1, New), (2, Solved), (3, Closed)]), [(2, None)]);
        assert_eq!(times(&[(2, Solved), (3, Closed), (4, Open), (5, Closed)]), [(2, Some(4)), (5, None)]);
        assert_eq!(times(&[(2, Closed), (4, Open)]), [(2, Some(4))]);
    }

    #[test]
    fn a_lasting_resolution_is_the_last_one_unless_reopened() {
        use Status::{Closed, New, Open, Solved};
        let lasting = |statuses: &[Status]| {
            let changes = (1..).zip(statuses).map(|(at, status)| Change::to(*status, at));
            lasting_resolution(&changes.collect::<Vec<_>>()).map(|resolution| resolution.at)
        };
        assert_eq!(lasting(&[]), None);
        assert_eq!(lasting(&[New, Solved, Open]), None);
        assert_eq!(lasting(&[Solved]), Some(1));
        assert_eq!(lasting(&[New, Open, Solved, Closed]), Some(3));
        assert_eq!(lasting(&[Closed, Open, Closed, Solved]), Some(3));
    }
}
