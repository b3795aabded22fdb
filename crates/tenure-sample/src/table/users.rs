//! `users`: the people of the accounts, some programs, and some of our own.

use super::Table;
use crate::column::{Field, Read};
use crate::person::{Person, people};

pub(super) static TABLE: Table<Person> = Table {
    name: "users",
    columns: &[
        Field { name: "user_id", read: Read::I64(|person| Some(person.id)) },
        Field { name: "account_id", read: Read::I64(|person| Some(person.account_id)) },
        Field { name: "created_at", read: Read::Time(|person| Some(person.created_at)) },
        Field { name: "invited_at", read: Read::Time(|person| person.invited_at) },
        Field { name: "internal", read: Read::Bool(|person| Some(person.internal)) },
        Field { name: "bot", read: Read::Bool(|person| Some(person.bot)) },
    ],
    rows: people,
};
