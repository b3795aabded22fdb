//! # Workload
//!
//! **Question.** How many open conversations does each agent have?
//!
//! **Definition.** Open conversations that somebody is assigned to, over the distinct people that they are assigned to, at
//! the end of each period; of one that `end` or `as_of` cuts, at that instant.
//!
//! **Example.** Kim has three open conversations, Max one, and one is nobody's: 4 over 2 is 2.
//!
//! **Edge cases.** Who it is assigned to is what the last change of status by then says, and the conversation's own column
//! where there is no history of that. What is nobody's is missing. With nothing assigned it is undefined.
//!
//! **Merging and sources.** A count, and the set of those assigned; all of a conversation goes to one part.

use super::backlog::PutOpen;
use super::of_conversation::{ConversationMeasure, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::formula::EachOf;
use crate::key::Key;
use crate::measure::{Evidence, Fate};
use crate::policy::policy;
use crate::scope::Micros;
use crate::summary::Ids;
use crate::view::{Conversation, Need, Numbers, Parts};
use std::sync::Arc;

policy! {
    /// The choices of the workload.
    pub struct Workload {
        /// Whether snoozed conversations are open. By default they are: they come back.
        pub snoozed_counts: bool = true,
    }
    presets {}
}

static CARD: Card = Card {
    id: "workload",
    name: "Workload",
    question: "How many open conversations does each agent have?",
    formula: "assigned open conversations / distinct people they are assigned to",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "assignee?",
        "spam?",
        "deleted?",
        "merged?",
        "solved_at?",
        "closed_at?",
        "status_history.occurred_at?",
        "status_history.status?",
        "status_history.assignee?",
    ],
    dimensions: &[],
    attributes: &["assignee", "team"],
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://plain.com/docs/reporting/metrics"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Workload;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(plan::<_, Ids, _>(choices.clone(), EachOf).ratio())
    }
}

/// Who has a conversation: as the history says, else its own row.
pub(crate) struct Assignees {
    in_history: Arc<Numbers>,
    in_own_row: Arc<Numbers>,
}

impl ConversationMeasure for Choices {
    type Value = Key;
    type Side = (PutOpen, Assignees);

    fn parts(&self) -> Parts {
        Parts { history: Need::Required, ..Parts::default() }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, context: &Context<'_>) -> Result<(PutOpen, Assignees)> {
        let book = context.book;
        if book.require("conversations")?.find("assignee").is_none() {
            book.require("status_history")?.require("assignee")?;
        }
        let of = |table| Numbers::of(book, table, "assignee");
        let assignees = Assignees { in_history: of("status_history")?, in_own_row: of("conversations")? };
        Ok((PutOpen::of(context, self.snoozed_counts)?, assignees))
    }

    fn conversation<E: Evidence>(
        &self,
        (open, assignees): &(PutOpen, Assignees),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Key>>,
        why: &mut E,
    ) -> Result<()> {
        let Assignees { in_history, in_own_row } = assignees;
        open.put(conversation, created, out, why, |change, why| {
            let told = change.and_then(|change| in_history.key(change.row as usize));
            let owner = told.or_else(|| in_own_row.key(conversation.number)).unwrap_or(&Key::Null);
            why.note("assignee", || owner.to_string());
            move |_| match owner {
                Key::Null => Fate::Missing,
                owner => Fate::Observed(owner.clone()),
            }
        })
    }
}
