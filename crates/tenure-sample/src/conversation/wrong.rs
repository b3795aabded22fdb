//! Makes one conversation of some accounts wrong.

use super::{Conversation, Message, Status};
use crate::account::Account;
use crate::calendar::HOUR;
use crate::dirt::{self, ConversationDirt};

/// Makes the first conversation wrong to which it can happen: one that was answered and solved.
pub(super) fn plant(account: &Account, conversations: &mut [Conversation]) {
    let Some(dirt) = dirt::of_conversations(account) else { return };
    let suits = |conversation: &&mut Conversation| {
        conversation.first_replied_at().is_some() && conversation.solved_at().is_some()
    };
    let Some(conversation) = conversations.iter_mut().find(suits) else { return };
    conversation.dirt = Some(dirt);
    let created_at = conversation.created_at;
    match dirt {
        ConversationDirt::UnknownConversation => {
            let stray = conversation.messages.last().cloned();
            let stray = stray.map(|last| Message { conversation_id: -last.conversation_id, ..last });
            conversation.messages.extend(stray);
        }
        ConversationDirt::ReplyBeforeCreated => {
            if let Some(reply) = conversation.messages.iter_mut().find(|message| message.is_reply()) {
                reply.at = created_at - HOUR;
            }
        }
        ConversationDirt::SameInstant => {
            // Which of the two came first is written nowhere.
            if let Some(last) = conversation.statuses.last_mut() {
                last.seq = None;
                let again = Status { name: "pending", ..last.clone() };
                conversation.statuses.push(again);
            }
        }
        ConversationDirt::UnknownStatus => {
            if let Some(first) = conversation.statuses.first_mut() {
                first.name = "escalated";
            }
        }
        // Told by the table of conversations alone.
        ConversationDirt::SolvedBeforeCreated | ConversationDirt::Duplicate => {}
    }
}
