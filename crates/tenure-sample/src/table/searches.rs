//! `searches`: what was looked for in the help centre.

use super::Table;
use crate::column::{Field, Read};
use crate::help::{Search, sessions};

pub(super) static TABLE: Table<Search> = Table {
    name: "searches",
    columns: &[
        Field { name: "search_id", read: Read::I64(|it| Some(it.id)) },
        Field { name: "user_id", read: Read::I64(|it| it.user_id) },
        Field { name: "session_id", read: Read::I64(|it| Some(it.session_id)) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "query", read: Read::Word(|it| Some(it.query)) },
        Field { name: "results", read: Read::I64(|it| it.results) },
    ],
    rows: |world, account| sessions(world, account).into_iter().flat_map(|it| it.searches).collect(),
};
