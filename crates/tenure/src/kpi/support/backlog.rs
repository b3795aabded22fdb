//! # Backlog
//!
//! **Question.** How many conversations are open?
//!
//! **Definition.** Conversations that were created and are neither solved nor closed, at the end of each period; of one
//! that `end` or `as_of` cuts, at that instant. The history says what was open then, not the current status.
//!
//! **Example.** Of three conversations one was solved in January and opened again in March: the backlog at the end of
//! January is two, at the end of March three.
//!
//! **Edge cases.** Nothing open is 0. What happens at the very end of a period belongs to the next one. `start` hides
//! periods, not conversations: what was created before it and is still open counts. A conversation without any status
//! is open.
//!
//! **Merging and sources.** Counts; all of a conversation goes to one part. Vendors differ on snoozed conversations.

use super::of_conversation::{ConversationMeasure, total};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::policy;
use crate::scope::{Micros, format_instant};
use crate::view::{Change, Conversation, Need, Numbers, Parts, Status};
use std::sync::Arc;

policy! {
    /// The choices of the backlog.
    pub struct Backlog {
        /// Whether snoozed conversations are open. By default they are: the customer still waits.
        pub snoozed_counts: bool = true,
    }
    presets {
        /// Snoozed conversations are not open. https://help.getredo.com/en/articles/
        Redo { snoozed_counts: false }
    }
}

static CARD: Card = Card {
    id: "backlog",
    name: "Backlog",
    question: "How many conversations are open?",
    formula: "conversations created and not resolved at the end of the period",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: super::HISTORY_INPUTS,
    dimensions: &[],
    attributes: &["assignee", "team"],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://github.com/fivetran/dbt_zendesk", "https://plain.com/docs/reporting/metrics"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Backlog;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(total(choices.clone()))
    }
}

/// The spans in which a conversation is open, with the change that each begins with. Before its first change a
/// conversation is new.
fn open_spans<'h>(
    history: &'h [Change],
    created: Micros,
    is_open: impl Fn(Status) -> bool + 'h,
) -> impl Iterator<Item = (Micros, Option<Micros>, Option<&'h Change>)> {
    let mut rest = history;
    // What was recorded before the creation says how it began.
    let early = rest.partition_point(|change| change.at <= created);
    let mut current = early.checked_sub(1).and_then(|at| rest.get(at));
    rest = rest.get(early..).unwrap_or_default();
    let mut from = created;
    let mut is_over = false;
    std::iter::from_fn(move || {
        while !is_over {
            let (start, change) = (from, current);
            let opens = change.is_none_or(|change| is_open(change.status));
            let end = match rest.split_first() {
                Some((next, later)) => {
                    (from, current, rest) = (next.at, Some(next), later);
                    Some(next.at)
                }
                None => {
                    is_over = true;
                    None
                }
            };
            if opens && end != Some(start) {
                return Some((start, end, change));
            }
        }
        None
    })
}

/// What puts conversations wherever they are open at the end of a period.
pub(crate) struct PutOpen {
    snoozed_counts: bool,
    /// The columns of the history that tell who a conversation is assigned to, as far as `by` asks for them.
    owners: Vec<(&'static str, Arc<Numbers>)>,
}

impl PutOpen {
    pub(crate) fn of(context: &Context<'_>, snoozed_counts: bool) -> Result<Self> {
        let asked = CARD.attributes.iter().filter(|column| context.asks(column));
        let owners = asked.map(|column| Ok((*column, Numbers::of(context.book, "status_history", column)?)));
        Ok(Self { snoozed_counts, owners: owners.collect::<Result<_>>()? })
    }

    /// Puts a conversation. `measure` is asked once for each span in which it is open, with the change that the span
    /// begins with, and says what it counts for at the end of a period.
    pub(crate) fn put<V, E, F>(
        &self,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<V>>,
        why: &mut E,
        measure: impl Fn(Option<&Change>, &mut E) -> F,
    ) -> Result<()>
    where
        E: Evidence,
        F: Fn(Micros) -> Fate<V>,
    {
        let zone = out.gated.frame.context.scope.zone;
        let opens =
            |status: Status| !status.is_resolved() && (self.snoozed_counts || status != Status::Snoozed);
        let mut first_open = None;
        for (from, to, change) in open_spans(conversation.history, created, opens) {
            why.note("open", || {
                let until = to.map_or("as_of".to_owned(), |to| format_instant(to, zone));
                format!("from {} to {until}", format_instant(from, zone))
            });
            first_open = first_open.or(Some(from));
            let fate = measure(change, why);
            self.tell_owner(change, out);
            out.known(conversation.number, from)?;
            out.stock(conversation.number, (from, to), fate)?;
        }
        if first_open == Some(created) {
            return Ok(());
        }
        // It was there before it was ever open.
        self.tell_owner(conversation.history.first(), out);
        out.known(conversation.number, created)
    }

    /// Tells who a conversation is assigned to, if the history says so.
    fn tell_owner<V>(&self, change: Option<&Change>, out: &mut Out<'_, '_, impl Sink<V>>) {
        let Some(change) = change else { return };
        for (column, owners) in &self.owners {
            if let Some(owner) = owners.key(change.row as usize) {
                out.attribute(column, || owner.clone());
            }
        }
    }
}

impl ConversationMeasure for Choices {
    type Value = i64;
    type Side = PutOpen;

    fn parts(&self) -> Parts {
        Parts { history: Need::Required, ..Parts::default() }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, context: &Context<'_>) -> Result<PutOpen> {
        PutOpen::of(context, self.snoozed_counts)
    }

    fn conversation<E: Evidence>(
        &self,
        open: &PutOpen,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<i64>>,
        why: &mut E,
    ) -> Result<()> {
        open.put(conversation, created, out, why, |_, _| |_| Fate::Observed(1))
    }
}
