//! `accounts`: one row per account; plan and seats are the latest ones. An account is on record from the first contact on.

use super::Table;
use crate::account::Account;
use crate::column::{Field, Read};
use crate::lead::with_lead;

pub(super) static TABLE: Table<Account> = Table {
    name: "accounts",
    columns: &[
        Field { name: "account_id", read: Read::I64(|account| Some(account.id)) },
        Field { name: "parent_id", read: Read::I64(|account| account.parent) },
        Field { name: "name", read: Read::Text(|account| Some(account.name.join(" "))) },
        Field { name: "segment", read: Read::Word(|account| Some(account.segment.name())) },
        Field { name: "plan", read: Read::Word(|account| account.terms.last().map(|term| term.plan.name())) },
        Field { name: "region", read: Read::Word(|account| Some(account.region.name())) },
        Field { name: "manager", read: Read::Word(|account| account.manager) },
        Field { name: "created_at", read: Read::Time(|account| Some(account.known_from())) },
        Field { name: "seats", read: Read::I64(|account| account.terms.last().map(|term| term.seats)) },
        Field { name: "internal", read: Read::Bool(|account| Some(account.internal)) },
    ],
    rows: with_lead,
};
