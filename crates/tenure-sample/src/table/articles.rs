//! `articles`: what was read in the help centre, and how its articles are kept.

use super::Table;
use crate::column::{Field, Read};
use crate::help::{ArticleEvent, sessions, upkeep};

pub(super) static TABLE: Table<ArticleEvent> = Table {
    name: "articles",
    columns: &[
        Field { name: "article_id", read: Read::I64(|it| Some(it.article_id)) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "kind", read: Read::Word(|it| Some(it.kind)) },
        Field { name: "user_id", read: Read::I64(|it| it.user_id) },
        Field { name: "session_id", read: Read::I64(|it| it.session_id) },
        Field { name: "verified_until", read: Read::Time(|it| it.verified_until) },
    ],
    rows: |world, account| {
        let mut rows = if account.internal { upkeep(world) } else { Vec::new() };
        rows.extend(sessions(world, account).into_iter().flat_map(|it| it.views));
        rows
    },
};
