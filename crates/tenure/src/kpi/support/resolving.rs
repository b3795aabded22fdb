//! What measures have in common that end with a resolution.

use super::stopwatch::Stopwatch;
use super::touches::last_responder;
use crate::compute::{Out, Sink};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::choice;
use crate::scope::Micros;
use crate::summary::Elapsed;
use crate::view::{Conversation, NOWHERE, Need, Resolution};

choice! {
    /// In which period something counts that ends with a resolution.
    pub enum ResolutionAttribution {
        /// That in which the conversation was created.
        Created = "created",
        /// That in which it was resolved; of those still open, where they are units, that in which they were created.
        Resolved = "resolved",
    }
}

/// Messages are looked at to tell who replied last.
pub(crate) const RESPONDER: Need = Need::For("responder");

pub(crate) const NO_REPLY: Reason =
    Reason::new("conversation_id", "no_reply", "was resolved without a reply of a person");

pub(crate) const REPLY_BEFORE_START: Reason =
    Reason::new("created_at", "reply_before_start", "is later than the first reply");

const BEFORE_CREATION: Reason =
    Reason::new("created_at", "resolution_before_creation", "is later than the resolution");

/// The fate of the time from the creation to a resolution, or to none yet.
pub(crate) fn time_to<E: Evidence>(
    resolution: Option<Resolution>,
    stopwatch: &Stopwatch,
    conversation: &Conversation<'_>,
    created: Micros,
    why: &mut E,
) -> Result<Fate<Elapsed>> {
    note(resolution, why);
    match resolution {
        Some(resolution) if resolution.at < created => Ok(Fate::Invalid(BEFORE_CREATION)),
        _ => stopwatch.fate(
            conversation.schedule_id(),
            created,
            resolution.map(|resolution| resolution.at),
            why,
        ),
    }
}

/// The resolution of what is resolved.
pub(crate) fn resolved<E: Evidence>(conversation: &Conversation<'_>, why: &mut E) -> Option<Resolution> {
    let resolution = conversation.resolved();
    note(resolution, why);
    resolution
}

/// Says which resolution counts.
fn note<E: Evidence>(resolution: Option<Resolution>, why: &mut E) {
    why.note("resolution", || resolution.map_or("none that counts".to_owned(), told_by));
}

/// What tells of a resolution.
pub(crate) fn told_by(resolution: Resolution) -> String {
    match resolution.row {
        NOWHERE => "as the conversation's own row says".to_owned(),
        row => format!("row {row} of status_history"),
    }
}

impl ResolutionAttribution {
    /// Puts what ends with a resolution, or has not ended.
    pub(crate) fn put<V>(
        self,
        conversation: &Conversation<'_>,
        created: Micros,
        resolution: Option<Resolution>,
        fate: Fate<V>,
        out: &mut Out<'_, '_, impl Sink<V>>,
    ) -> Result<()> {
        match resolution {
            Some(resolution) => last_responder(conversation, resolution, out),
            None => out.attribute("responder", || Key::Null),
        }
        let at = match (self, resolution) {
            (Self::Resolved, Some(resolution)) => resolution.at,
            _ => created,
        };
        out.put(conversation.number, Some(at), fate, Vec::new())
    }
}
