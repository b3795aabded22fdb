//! `entitlements`: which features accounts may use.

use super::Table;
use crate::column::{Field, Read};
use crate::feature::{Entitlement, entitlements};

pub(super) static TABLE: Table<Entitlement> = Table {
    name: "entitlements",
    columns: &[
        Field { name: "account_id", read: Read::I64(|it| Some(it.account_id)) },
        Field { name: "feature", read: Read::Word(|it| Some(it.feature)) },
        Field { name: "since", read: Read::Time(|it| Some(it.since)) },
    ],
    rows: |_, account| entitlements(account),
};
