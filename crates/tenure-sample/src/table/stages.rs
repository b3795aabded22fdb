//! `stages`: what was written down of the way of accounts and leads, one row a move or a pause.

use super::Table;
use crate::column::{Field, Read};
use crate::journey::{Entry, journey};
use crate::lead::with_lead;

pub(super) static TABLE: Table<Entry> = Table {
    name: "stages",
    columns: &[
        Field { name: "account_id", read: Read::I64(|it| Some(it.account_id)) },
        Field { name: "stage", read: Read::Word(|it| Some(it.written_stage())) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "reason", read: Read::Word(|it| it.reason) },
        Field { name: "paused", read: Read::Bool(|it| it.paused) },
    ],
    rows: |world, account| {
        with_lead(world, account).iter().flat_map(|account| journey(world, account).entries).collect()
    },
};
