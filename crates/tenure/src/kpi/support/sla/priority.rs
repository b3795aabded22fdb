//! Which priority a conversation had when.

use super::PriorityAt;
use crate::compute::Context;
use crate::error::Result;
use crate::key::Key;
use crate::scope::Micros;
use crate::view::{Change, Conversation, Numbers};
use std::sync::Arc;

/// The classes of priority of conversations and of changes of status.
///
/// Priorities are turned into small numbers once a book, so that nothing is compared as text conversation by
/// conversation.
pub(super) struct Priorities {
    at: PriorityAt,
    /// Nothing where no target names a priority, or where there is no such column.
    conversations: Option<Classes>,
    changes: Option<Classes>,
}

/// What no target names.
const OTHER: u32 = 0;

/// A column, each value as the class of priority that it is.
struct Classes {
    numbers: Arc<Numbers>,
    /// The class of each number; nothing where no priority is named.
    classes: Vec<Option<u32>>,
}

/// The priority in force at an instant that only moves forward.
#[derive(Clone, Copy)]
pub(super) struct InForce<'h> {
    class: u32,
    later: &'h [Change],
}

impl Priorities {
    /// `named` are the priorities that targets name, in the order of their classes.
    pub(super) fn of(context: &Context<'_>, at: PriorityAt, named: &[Key]) -> Result<Self> {
        Ok(Self {
            at,
            conversations: Classes::of(context, "conversations", named)?,
            changes: Classes::of(context, "status_history", named)?,
        })
    }

    /// The priority of a conversation before anything changed, or the one that holds throughout.
    pub(super) fn of_conversation<'h>(&self, conversation: &Conversation<'h>) -> InForce<'h> {
        let class = self.conversations.as_ref().and_then(|classes| classes.of_row(conversation.number));
        let class = class.unwrap_or(OTHER);
        let Some(changes) = &self.changes else { return InForce { class, later: &[] } };
        let mut named = conversation.history.iter().map(|change| changes.of_row(change.row as usize));
        let throughout =
            |found: Option<Option<u32>>| InForce { class: found.flatten().unwrap_or(class), later: &[] };
        match self.at {
            PriorityAt::Event => InForce { class, later: conversation.history },
            PriorityAt::First => throughout(named.find(Option::is_some)),
            PriorityAt::Current => throughout(named.rfind(Option::is_some)),
        }
    }

    /// The class of the priority in force at an instant, not before the one asked for last.
    pub(super) fn class_at(&self, in_force: &mut InForce<'_>, at: Micros) -> u32 {
        while let Some((change, later)) = in_force.later.split_first()
            && change.at <= at
        {
            let class = self.changes.as_ref().and_then(|changes| changes.of_row(change.row as usize));
            *in_force = InForce { class: class.unwrap_or(in_force.class), later };
        }
        in_force.class
    }
}

impl Classes {
    fn of(context: &Context<'_>, table: &str, named: &[Key]) -> Result<Option<Self>> {
        if named.is_empty() {
            return Ok(None);
        }
        let numbers = Numbers::of(context.book, table, "priority")?;
        if numbers.keys().is_empty() {
            return Ok(None);
        }
        let class = |key: &Key| {
            let found = named.iter().position(|named| named == key);
            let class = found.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(OTHER);
            (*key != Key::Null).then_some(class)
        };
        let classes = numbers.keys().iter().map(class).collect();
        Ok(Some(Self { numbers, classes }))
    }

    fn of_row(&self, row: usize) -> Option<u32> {
        self.classes.get(self.numbers.of_row(row) as usize).copied().flatten()
    }
}
