//! `status_history`: the statuses conversations went through.

use super::Table;
use crate::column::{Field, Read};
use crate::conversation::{Status, conversations};

pub(super) static TABLE: Table<Status> = Table {
    name: "status_history",
    columns: &[
        Field { name: "conversation_id", read: Read::I64(|it| Some(it.conversation_id)) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "status", read: Read::Word(|it| Some(it.name)) },
        Field { name: "priority", read: Read::Word(|it| Some(it.priority)) },
        Field { name: "assignee", read: Read::Word(|it| it.assignee) },
        Field { name: "team", read: Read::Word(|it| Some(it.team)) },
        Field { name: "seq", read: Read::I16(|it| it.seq) },
    ],
    rows: |world, account| conversations(world, account).into_iter().flat_map(|it| it.statuses).collect(),
};
