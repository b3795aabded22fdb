//! `mailboxes`: the company's own, so all its rows come with the company's own account.

use super::Table;
use crate::column::{Field, Read};
use crate::email::{DOMAIN, MAILBOXES, address};
use crate::schedule::Desk;

pub(super) static TABLE: Table<(&str, Option<Desk>)> = Table {
    name: "mailboxes",
    columns: &[
        Field { name: "mailbox", read: Read::Text(|(name, _)| Some(address(name))) },
        Field { name: "schedule_id", read: Read::Word(|(_, desk)| desk.map(Desk::schedule)) },
        Field { name: "domain", read: Read::Word(|_| Some(DOMAIN)) },
    ],
    rows: |_, account| if account.internal { MAILBOXES.to_vec() } else { Vec::new() },
};
