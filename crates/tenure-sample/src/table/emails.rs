//! `emails`: conversations by email as the mailboxes see them, threads between colleagues, and some that came twice.

use super::Table;
use crate::column::{Field, Read};
use crate::email::{Email, emails};

pub(super) static TABLE: Table<Email> = Table {
    name: "emails",
    columns: &[
        Field { name: "message_id", read: Read::Text(|it| Some(it.id.clone())) },
        Field { name: "mailbox", read: Read::Text(|it| Some(it.mailbox.clone())) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "sender", read: Read::Text(|it| it.sender.clone()) },
        Field { name: "recipients", read: Read::Texts(|it| Some(it.recipients.clone())) },
        Field { name: "in_reply_to", read: Read::Text(|it| it.in_reply_to.clone()) },
        // As in the header of that name: separated by spaces.
        Field {
            name: "references",
            read: Read::Text(|it| (!it.references.is_empty()).then(|| it.references.join(" "))),
        },
        Field { name: "auto", read: Read::Bool(|it| Some(it.auto)) },
    ],
    rows: emails,
};
