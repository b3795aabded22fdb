//! `interactions`: what passed between accounts and us, and what it was for.

use super::Table;
use crate::column::{Field, Read};
use crate::interaction::{Interaction, interactions};

pub(super) static TABLE: Table<Interaction> = Table {
    name: "interactions",
    columns: &[
        Field { name: "interaction_id", read: Read::I64(|it| Some(it.id)) },
        Field { name: "account_id", read: Read::I64(|it| it.account_id) },
        Field { name: "occurred_at", read: Read::Time(|it| it.at) },
        Field { name: "channel", read: Read::Word(|it| Some(it.channel)) },
        Field { name: "author", read: Read::Word(|it| Some(it.author)) },
        Field { name: "text", read: Read::Word(|it| it.text) },
        Field { name: "trigger", read: Read::Word(|it| Some(it.trigger)) },
        Field { name: "purchase_phase", read: Read::Word(|_| Some("post")) },
        Field { name: "scope", read: Read::Word(|_| Some("one_customer")) },
        Field { name: "horizon_days", read: Read::I16(|it| Some(it.horizon_days)) },
        Field { name: "transactional", read: Read::Bool(|it| Some(it.transactional)) },
        Field { name: "departments", read: Read::Words(|it| Some(it.departments)) },
        Field { name: "conversation_id", read: Read::I64(|it| it.conversation_id) },
        Field { name: "goal_id", read: Read::I64(|it| it.goal_id) },
        Field { name: "manager", read: Read::Word(|it| it.manager) },
        Field { name: "label", read: Read::Word(|it| it.label) },
    ],
    rows: interactions,
};
