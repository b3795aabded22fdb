//! A conversation and what belongs to it.

use super::View;
use super::answers::instants;
use crate::compute::{Gated, Moment, Row, RowView};
use crate::error::Result;
use crate::key::Key;
use crate::scope::Micros;

/// Conversations with the first answer to a survey about each.
pub(crate) struct Conversations {
    /// The conversations.
    pub(crate) rows: RowView,
}

/// One conversation.
pub(crate) struct Conversation<'e> {
    pub(crate) number: usize,
    pub(crate) row: Row<'e>,
    pub(crate) time: Moment,
    /// When the first survey about it was answered.
    pub(crate) answered_at: Option<Micros>,
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
        let answers = instants(gated, "surveys", "conversation_id", "answered_at")?;
        let id = table.require("conversation_id")?;
        for number in gated.kept() {
            if !gated.wants(&[number]) {
                continue;
            }
            let key = Key::from(table.read(id, number));
            let answered_at = if key == Key::Null { None } else { answers.get(&key).copied() };
            if let Some((row, time)) = gated.row(number) {
                tell(&Conversation { number, row, time, answered_at })?;
            }
        }
        Ok(())
    }
}
