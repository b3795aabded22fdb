//! `conversations`: its last four columns repeat what `messages` and `status_history` say in detail.

use super::Table;
use crate::account::Account;
use crate::calendar::{HOUR, Instant};
use crate::column::{Field, Read};
use crate::company::World;
use crate::conversation::{Conversation, Handling, conversations};
use crate::dirt::ConversationDirt;

pub(super) static TABLE: Table<Conversation> = Table {
    name: "conversations",
    columns: &[
        Field { name: "conversation_id", read: Read::I64(|it| Some(it.id)) },
        Field { name: "account_id", read: Read::I64(|it| Some(it.account_id)) },
        Field { name: "requester_id", read: Read::I64(|it| Some(it.requester_id)) },
        Field { name: "created_at", read: Read::Time(|it| Some(it.created_at)) },
        Field { name: "channel", read: Read::Word(|it| Some(it.channel)) },
        Field { name: "initiated_by", read: Read::Word(|it| Some(it.initiated_by)) },
        Field { name: "priority", read: Read::Word(|it| Some(it.priority)) },
        Field { name: "subject", read: Read::Word(|it| Some(it.subject)) },
        Field { name: "team", read: Read::Word(|it| Some(it.team)) },
        Field { name: "assignee", read: Read::Word(|it| it.assignee) },
        Field { name: "issue_key", read: Read::Text(issue_key) },
        Field { name: "spam", read: Read::Bool(|it| Some(it.handling == Handling::Spam)) },
        Field { name: "deleted", read: Read::Bool(|it| Some(it.handling == Handling::Deleted)) },
        Field { name: "merged", read: Read::Bool(|it| Some(it.handling == Handling::Merged)) },
        Field { name: "schedule_id", read: Read::Text(|it| Some(it.schedule.name())) },
        Field { name: "bot_outcome", read: Read::Word(|it| it.bot_outcome) },
        Field { name: "first_replied_at", read: Read::Time(Conversation::first_replied_at) },
        Field { name: "solved_at", read: Read::Time(solved_at) },
        Field { name: "closed_at", read: Read::Time(Conversation::closed_at) },
        Field { name: "replies", read: Read::I16(|it| i16::try_from(it.replies()).ok()) },
    ],
    rows,
};

fn rows(world: &World, account: &Account) -> Vec<Conversation> {
    let mut rows = conversations(world, account);
    let duplicate = rows.iter().position(|row| row.dirt == Some(ConversationDirt::Duplicate));
    // As when two exports overlap.
    if let Some((position, row)) = duplicate.and_then(|it| Some((it, rows.get(it)?.clone()))) {
        rows.insert(position, row);
    }
    rows
}

fn solved_at(conversation: &Conversation) -> Option<Instant> {
    match conversation.dirt {
        Some(ConversationDirt::SolvedBeforeCreated) => Some(conversation.created_at - HOUR),
        _ => conversation.solved_at(),
    }
}

/// The same account asking about the same topic again has the same issue.
fn issue_key(conversation: &Conversation) -> Option<String> {
    let topic = conversation.topic.name();
    (conversation.handling != Handling::Spam).then(|| format!("{}-{topic}", conversation.account_id))
}
