//! `messages`: what was written in conversations, notes between agents included.

use super::Table;
use crate::column::{Field, Read};
use crate::conversation::{Message, conversations};

pub(super) static TABLE: Table<Message> = Table {
    name: "messages",
    columns: &[
        Field {
            name: "message_id",
            read: Read::I64(|it| Some(it.conversation_id * 100 + i64::from(it.seq))),
        },
        Field { name: "conversation_id", read: Read::I64(|it| Some(it.conversation_id)) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "author", read: Read::Word(|it| Some(it.author)) },
        Field { name: "author_id", read: Read::I64(|it| it.author_id) },
        Field { name: "public", read: Read::Bool(|it| Some(it.public)) },
        Field { name: "auto", read: Read::Bool(|it| Some(it.auto)) },
        Field { name: "text", read: Read::Word(|it| Some(it.text)) },
        Field { name: "seq", read: Read::I16(|it| Some(it.seq)) },
    ],
    rows: |world, account| conversations(world, account).into_iter().flat_map(|it| it.messages).collect(),
};
