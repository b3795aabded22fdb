//! A conversation and what belongs to it.

use super::View;
use crate::compute::{Gated, Moment, Row, RowView, moment};
use crate::error::Result;
use crate::key::Key;
use crate::measure::flag;
use crate::scope::Micros;
use hashbrown::HashMap;

/// Conversations with what became of the surveys about each.
pub(crate) struct Conversations {
    /// The conversations.
    pub(crate) rows: RowView,
}

/// One conversation.
pub(crate) struct Conversation<'e> {
    pub(crate) number: usize,
    pub(crate) row: Row<'e>,
    pub(crate) time: Moment,
    pub(crate) replies: Replies,
}

/// What became of the surveys about a conversation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Replies {
    /// When the first was answered.
    pub(crate) answered_at: Option<Micros>,
    /// Whether one was declined.
    pub(crate) declined: bool,
}

impl View for Conversations {
    type Entity<'e> = Conversation<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        "conversation_id"
    }

    fn each(
        &self,
        gated: &Gated<'_, '_>,
        mut tell: impl FnMut(&Conversation<'_>) -> Result<()>,
    ) -> Result<()> {
        let table = gated.frame.table;
        let replies = replies(gated)?;
        let id = table.require("conversation_id")?;
        for number in gated.kept() {
            if !gated.wants(&[number]) {
                continue;
            }
            let key = Key::from(table.read(id, number));
            let replies = if key == Key::Null { None } else { replies.get(&key).copied() };
            if let Some((row, time)) = gated.row(number) {
                tell(&Conversation { number, row, time, replies: replies.unwrap_or_default() })?;
            }
        }
        Ok(())
    }
}

/// What became of the surveys about each conversation. Rows marked as excluded do not count.
fn replies(gated: &Gated<'_, '_>) -> Result<HashMap<Key, Replies>> {
    let context = gated.frame.context;
    let surveys = context.book.require("surveys")?;
    let (of, answered) = (surveys.require("conversation_id")?, surveys.require("answered_at")?);
    let zone = context.scope.column_zone("surveys", "answered_at");
    let marked =
        |column: Option<usize>, row: usize| column.is_some_and(|column| flag(surveys.read(column, row)));
    let (excluded, declined) = (surveys.find("excluded"), surveys.find("declined"));
    let mut replies: HashMap<Key, Replies> = HashMap::new();
    for row in (0..surveys.rows()).filter(|row| !marked(excluded, *row)) {
        let reply = replies.entry(Key::from(surveys.read(of, row))).or_default();
        reply.declined |= marked(declined, row);
        if let Moment::At(at) = moment(surveys.read(answered, row), zone) {
            reply.answered_at = Some(reply.answered_at.map_or(at, |first| first.min(at)));
        }
    }
    Ok(replies)
}
