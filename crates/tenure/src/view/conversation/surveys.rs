//! What became of the surveys about conversations.

use crate::compute::{Clock, Gated, Ids, check_ids, find_flag};
use crate::error::Result;
use crate::key::Key;
use crate::measure::flag;
use crate::scope::Micros;
use crate::table::Table;
use hashbrown::HashMap;
use std::sync::Arc;

/// What became of the surveys about a conversation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Replies {
    /// When the first was answered.
    pub(crate) answered_at: Option<Micros>,
    /// Whether one was declined.
    pub(crate) declined: bool,
}

/// What became of the surveys about each conversation.
pub(super) struct RepliesById {
    /// The column of the id in the table of conversations.
    id: usize,
    replies: HashMap<Key, Replies>,
}

impl RepliesById {
    pub(super) fn of_row(&self, conversations: &Table<'_>, row: usize) -> Option<&Replies> {
        self.replies.get(&Key::named(conversations.read(self.id, row)))
    }
}

/// The surveys of every conversation, gathered once for all requests. Rows marked as excluded do not count.
pub(super) fn index(gated: &Gated<'_, '_>) -> Result<Arc<RepliesById>> {
    let context = gated.frame.context;
    let zone = context.scope.column_zone("surveys", "answered_at");
    context.book.index(&format!("surveys by conversation, {zone}"), || {
        let id = gated.frame.table.require("conversation_id")?;
        let surveys = context.book.require("surveys")?;
        let about = surveys.require("conversation_id")?;
        surveys.require("answered_at")?;
        check_ids(Ids(surveys, "conversation_id"), &[Ids(gated.frame.table, "conversation_id")])?;
        let (excluded, declined) = (find_flag(surveys, "excluded")?, find_flag(surveys, "declined")?);
        let marked =
            |column: Option<usize>, row| column.is_some_and(|column| flag(surveys.read(column, row)));
        let mut replies: HashMap<Key, Replies> = HashMap::new();
        Clock::of(surveys, "answered_at", zone).each(surveys, |row, answered| {
            let about = Key::named(surveys.read(about, row));
            if about == Key::Null || marked(excluded, row) {
                return;
            }
            let reply = replies.entry(about).or_default();
            reply.declined |= marked(declined, row);
            reply.answered_at = reply.answered_at.into_iter().chain(answered.at()).min();
        });
        Ok(RepliesById { id, replies })
    })
}
