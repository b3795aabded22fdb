//! # Reopen rate
//!
//! **Question.** Which share of what was resolved had to be opened again?
//!
//! **Definition.** `100 * reopened / resolved`. By conversation: those that were opened again within `within_days` after
//! they were first resolved, over those whose first resolution is at least that old, by when that was. By event: all
//! reopenings over all resolutions of the period.
//!
//! **Example.** Of five conversations one was reopened twice the next day and one after ten days: 20 percent within
//! seven days, 40 ever. By event it is three reopenings over eight resolutions, if all were solved again: 37.5 percent.
//!
//! **Edge cases.** A resolution that is younger than `within_days` is immature, also if it was reopened already: else
//! young periods would hold nothing but failures. Closing what was solved is no second resolution. The last instant of
//! the window belongs to it. By event nothing has to mature, there is no interval, and the rate can exceed 100 percent;
//! `n` counts events of both kinds.
//!
//! **Merging and sources.** Two counts; all of a conversation goes to one part. Two reports of Chatwoot disagreed on
//! events and conversations until they were told apart (D15).

use super::of_conversation::{ConversationMeasure, plan, rate};
use super::reopening::{self, FirstResolution};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, shown};
use crate::measure::{Evidence, Fate, Value};
use crate::policy::{Within, choice, policy};
use crate::scope::Micros;
use crate::summary::{Cell, Class, Counts};
use crate::view::{Conversation, Parts};

choice! {
    /// What is counted as reopened.
    pub enum ReopenCounting {
        /// Conversations, each once.
        Conversations = "conversations",
        /// Reopenings, over resolutions; each in its own period.
        Events = "events",
    }
}

policy! {
    /// The choices of the reopen rate.
    pub struct ReopenRate {
        /// How soon after its first resolution a conversation has to be reopened to count. By default within 7 days, so that a period does not change for ever.
        pub within_days: Within = Within::Days(7),
        /// What is counted. By default conversations: one that is reopened five times is one that was not solved.
        pub counting: ReopenCounting = ReopenCounting::Conversations,
    }
    presets {}
}

static CARD: Card = Card {
    id: "reopen_rate",
    name: "Reopen rate",
    question: "Which share of what was resolved had to be opened again?",
    formula: "100 * reopened within within_days / resolved at least that long ago; events: 100 * reopenings / resolutions",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "spam?",
        "deleted?",
        "merged?",
        "status_history.occurred_at",
        "status_history.status",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://support.helpshift.com/hc/en/13-helpshift-technical-support/faq/1082-power-bi-glossary",
        "https://github.com/chatwoot/chatwoot/pull/12261",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ReopenRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(match choices.counting {
            ReopenCounting::Conversations => {
                rate(FirstResolution { within: choices.within_days, counts_if_reopened: true })
            }
            ReopenCounting::Events => plan::<_, Counts<2>, _>(Events, PerResolution).ratio(),
        })
    }
}

/// One thing that happened to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Resolved,
    Reopened,
}

impl Class for Event {
    fn class(&self) -> usize {
        usize::from(*self == Event::Reopened)
    }
}

impl Value for Event {
    fn number(&self) -> Option<f64> {
        Some(f64::from(u8::from(*self == Event::Reopened)))
    }

    fn label(&self) -> Option<&'static str> {
        Some(match self {
            Event::Resolved => "resolved",
            Event::Reopened => "reopened",
        })
    }
}

/// Every resolution and every reopening.
struct Events;

impl ConversationMeasure for Events {
    type Value = Event;
    type Side = ();

    fn parts(&self) -> Parts {
        reopening::PARTS
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        _: Micros,
        out: &mut Out<'_, '_, impl Sink<Event>>,
        why: &mut E,
    ) -> Result<()> {
        for resolution in conversation.resolutions() {
            why.note("resolution", || format!("row {} of status_history", resolution.row));
            let mut event =
                |at, event| out.put(conversation.number, Some(at), Fate::Observed(event), Vec::new());
            event(resolution.at, Event::Resolved)?;
            if let Some(at) = resolution.reopened {
                event(at, Event::Reopened)?;
            }
        }
        Ok(())
    }
}

/// Reopenings over resolutions, of which neither are a part of the other.
struct PerResolution;

impl CellFormula<Counts<2>> for PerResolution {
    fn answer(&self, cell: &Cell<Counts<2>>, _: f64) -> Answer {
        let Counts([resolved, reopened]) = cell.summary;
        Answer { least_n: Some(resolved), ..Answer::ratio(100.0, shown(reopened), shown(resolved)) }
    }
}
