//! `identities`: ids under which users are seen before they sign in.

use super::Table;
use crate::alias::{Alias, aliases};
use crate::column::{Field, Read};

pub(super) static TABLE: Table<Alias> = Table {
    name: "identities",
    columns: &[
        Field { name: "alias_id", read: Read::I64(|alias| Some(alias.id)) },
        Field { name: "user_id", read: Read::I64(|alias| Some(alias.user_id)) },
    ],
    rows: aliases,
};
