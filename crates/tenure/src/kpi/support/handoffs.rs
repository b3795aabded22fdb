//! # Handoffs
//!
//! **Question.** How often does a conversation pass from one person to another?
//!
//! **Definition.** Per conversation the distinct people who wrote in it, to the customer or as a note, less one; or, with
//! `reassignments`, the changes from one assignee to another after the first public reply of a person. The mean over
//! conversations.
//!
//! **Example.** Kim replies, Lee adds a note, Max replies: two handoffs.
//!
//! **Edge cases.** Nobody wrote: 0, not -1. Bots and automatic replies hand nothing over. Messages without `author_id`
//! tell nothing; if no author is known of what people wrote, the value is missing. Unassigned in between is no handoff of
//! its own: from Kim to nobody to Lee is one, from Kim to nobody to Kim none. Never replied to: no reassignments. With
//! `attribution: resolved` what is not resolved is no unit.
//!
//! **Merging and sources.** Exact sums; all of a conversation goes to one part. `dbt_zendesk` counts the people, not less
//! one; Intercom counts reassignments.

use super::of_conversation::{ConversationMeasure, mean};
use super::resolving::{ResolutionAttribution, resolved};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::{choice, policy};
use crate::scope::Micros;
use crate::view::{Author, Conversation, Need, Parts};
use std::collections::BTreeSet;

choice! {
    /// What a handoff is.
    pub enum HandoffDefinition {
        /// Each person who wrote after the first one.
        InternalAuthors = "internal_authors",
        /// Each change of assignee after the first reply.
        Reassignments = "reassignments",
    }
}

policy! {
    /// The choices of the handoffs.
    pub struct Handoffs {
        /// What a handoff is. By default another person who wrote, which needs no history.
        pub definition: HandoffDefinition = HandoffDefinition::InternalAuthors,
        /// In which period a conversation counts. By default that in which it was created, resolved or not.
        pub attribution: ResolutionAttribution = ResolutionAttribution::Created,
    }
    presets {
        /// Changes of assignee after the first reply. https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes
        Intercom { definition: HandoffDefinition::Reassignments }
        /// People who wrote, less one. https://github.com/fivetran/dbt_zendesk
        Zendesk { definition: HandoffDefinition::InternalAuthors }
    }
}

static CARD: Card = Card {
    id: "handoffs",
    name: "Handoffs",
    question: "How often does a conversation pass from one person to another?",
    formula: "mean of max(0, distinct people who wrote - 1)",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "initiated_by?",
        "spam?",
        "deleted?",
        "merged?",
        "first_replied_at?",
        "solved_at?",
        "closed_at?",
        "messages.occurred_at",
        "messages.author",
        "messages.author_id",
        "messages.public?",
        "messages.auto?",
        "status_history.occurred_at?",
        "status_history.status?",
        "status_history.assignee?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://github.com/fivetran/dbt_zendesk",
        "https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Handoffs;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(mean(choices.clone()))
    }
}

/// The people of the company who wrote in a conversation, to the customer or as a note.
pub(crate) struct Writers {
    pub(crate) named: u64,
    /// Whether somebody wrote of whom it is not known who it was.
    pub(crate) is_any_unnamed: bool,
}

impl Writers {
    pub(crate) fn of<E: Evidence>(conversation: &Conversation<'_>, why: &mut E) -> Self {
        let (mut named, mut is_any_unnamed) = (BTreeSet::new(), false);
        for message in conversation.messages.iter().filter(|m| m.author == Author::Agent && !m.auto) {
            match conversation.author_id(message) {
                0 => is_any_unnamed = true,
                author => {
                    if named.insert(author) {
                        why.note("author", || {
                            format!("row {} of messages: the first by its author", message.row)
                        });
                    }
                }
            }
        }
        Self { named: named.len() as u64, is_any_unnamed }
    }
}

/// How many people wrote after the first one; nothing if somebody wrote, but it is not known who.
fn further_authors<E: Evidence>(conversation: &Conversation<'_>, why: &mut E) -> Option<u64> {
    let Writers { named, is_any_unnamed } = Writers::of(conversation, why);
    if named == 0 && is_any_unnamed {
        why.note("author", || "no message tells who wrote it".to_owned());
        return None;
    }
    Some(named.saturating_sub(1))
}

/// How often the conversation passed from one assignee to another after the first reply.
fn reassignments<E: Evidence>(conversation: &Conversation<'_>, why: &mut E) -> u64 {
    let Some(reply) = conversation.human_replies().next() else {
        why.note("reply", || "none of a person".to_owned());
        return 0;
    };
    why.note("reply", || format!("row {} of messages, the first of a person", reply.row));
    let (mut count, mut assignee) = (0, 0);
    for change in conversation.history {
        let next = conversation.assignee(change);
        if next == 0 {
            continue;
        }
        if assignee != 0 && next != assignee && change.at > reply.at {
            count += 1;
            why.note("reassignment", || format!("row {} of status_history", change.row));
        }
        assignee = next;
    }
    count
}

impl ConversationMeasure for Choices {
    type Value = i64;
    type Side = ();

    fn parts(&self) -> Parts {
        let (messages, history) = match (self.definition, self.attribution) {
            (HandoffDefinition::Reassignments, _) => (Need::Required, Need::Table),
            (_, ResolutionAttribution::Resolved) => (Need::Table, Need::Required),
            (_, ResolutionAttribution::Created) => (Need::Table, Need::No),
        };
        Parts { messages, history, surveys: false, people: true }
    }

    fn side(&self, context: &Context<'_>) -> Result<()> {
        let (table, column) = match self.definition {
            HandoffDefinition::InternalAuthors => ("messages", "author_id"),
            HandoffDefinition::Reassignments => ("status_history", "assignee"),
        };
        context.book.require(table)?.require(column)?;
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<i64>>,
        why: &mut E,
    ) -> Result<()> {
        let resolution = match self.attribution {
            ResolutionAttribution::Created => None,
            ResolutionAttribution::Resolved => match resolved(conversation, why) {
                None => return Ok(()),
                resolution => resolution,
            },
        };
        let handoffs = match self.definition {
            HandoffDefinition::InternalAuthors => further_authors(conversation, why),
            HandoffDefinition::Reassignments => Some(reassignments(conversation, why)),
        };
        let fate = handoffs.map_or(Fate::Missing, |count| Fate::Observed(crate::formula::shown(count)));
        self.attribution.put(conversation, created, resolution, fate, out)
    }
}
