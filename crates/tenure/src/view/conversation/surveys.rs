//! What became of the surveys about conversations.

use crate::compute::{Gated, Moment, moment};
use crate::error::Result;
use crate::key::Key;
use crate::measure::flag;
use crate::scope::Micros;
use hashbrown::HashMap;

/// What became of the surveys about a conversation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Replies {
    /// When the first was answered.
    pub(crate) answered_at: Option<Micros>,
    /// Whether one was declined.
    pub(crate) declined: bool,
}

/// What became of the surveys about each conversation. Rows marked as excluded do not count.
pub(super) fn replies(gated: &Gated<'_, '_>) -> Result<HashMap<Key, Replies>> {
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
