//! The accounts on record.

use super::EVENTS;
use crate::compute::{RowView, Untimed};

/// The accounts on record, from when on they were created; those without a date always were.
pub(crate) const ON_RECORD: RowView = RowView {
    table: "accounts",
    key: "account_id",
    time: &["created_at"],
    untimed: Untimed::Always,
    excluded: &["internal"],
    ..EVENTS
};
