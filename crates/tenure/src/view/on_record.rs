//! The accounts on record.

use super::rows_of::rows_by_key;
use super::{EVENTS, View};
use crate::compute::{Gated, Row, RowView, Untimed};
use crate::error::Result;

/// The accounts on record, from when on they were created; those without a date always were.
pub(crate) const ON_RECORD: RowView = RowView {
    table: "accounts",
    key: "account_id",
    time: &["created_at"],
    untimed: Untimed::Always,
    excluded: &["internal"],
    ..EVENTS
};

/// Each account on record: of several rows of one account the earliest.
pub(crate) struct AccountRows;

/// One account.
pub(crate) struct AccountRow<'e> {
    pub(crate) number: usize,
    pub(crate) row: &'e Row<'e>,
}

impl View for AccountRows {
    type Entity<'e> = AccountRow<'e>;

    fn rows(&self) -> &RowView {
        &ON_RECORD
    }

    fn entity(&self) -> &'static str {
        ON_RECORD.key
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&AccountRow<'_>) -> Result<()>) -> Result<()> {
        let rows = rows_by_key(gated.frame.context, ON_RECORD.table, ON_RECORD.key, "created_at")?;
        gated.each_row(
            |number, row| {
                if rows.is_duplicate(number) { Ok(()) } else { tell(&AccountRow { number, row }) }
            },
        )
    }
}
