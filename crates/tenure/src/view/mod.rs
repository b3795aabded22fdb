//! Views: one entity's rows, assembled.
//!
//! A row view needs no assembling, see [`RowView`]. An entity view gathers the rows that belong together, in order
//! of time, and hands each entity to a measure as plain Rust.

mod answers;
mod conversation;

pub(crate) use answers::{Answers, AnswersOf};
pub(crate) use conversation::{Conversation, Conversations, Replies};

use crate::compute::{Gated, RowView};
use crate::error::Result;

/// Assembles entities.
pub(crate) trait View: Send + Sync {
    type Entity<'e>;

    /// The unit table: its rows are what `units` lists and what groups are looked up for.
    fn rows(&self) -> &RowView;

    /// The column of the unit table whose rows belong together: how the data may be split.
    fn entity(&self) -> &'static str;

    /// Gives every entity that has a row asked for.
    fn each(&self, gated: &Gated<'_, '_>, tell: impl FnMut(&Self::Entity<'_>) -> Result<()>) -> Result<()>;
}
