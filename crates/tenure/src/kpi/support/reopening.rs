//! Reopening: whether what was resolved stayed so.

use super::of_conversation::ConversationMeasure;
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::policy::Within;
use crate::request::Scope;
use crate::scope::{Micros, format_instant};
use crate::summary::Trial;
use crate::view::{Conversation, Need, Parts};

/// What a measure of reopening assembles. Columns that only say when a conversation was solved cannot stand in: they do
/// not tell what was opened again.
pub(crate) const PARTS: Parts =
    Parts { messages: Need::No, history: Need::Table, surveys: false, people: false };

/// What became of a conversation's first resolution.
struct Outcome {
    /// When it was resolved.
    at: Micros,
    /// Whether it was opened again in time; nothing as long as the time has not passed.
    reopened: Option<bool>,
}

/// What became of a conversation's first resolution, if it ever was resolved.
fn first_resolution<E: Evidence>(
    conversation: &Conversation<'_>,
    within: Within,
    scope: &Scope,
    why: &mut E,
) -> Option<Outcome> {
    let Some(resolution) = conversation.resolutions().next() else {
        why.note("resolution", || "never resolved: no unit".to_owned());
        return None;
    };
    let instant = |at: Micros| format_instant(at, scope.zone);
    why.note("resolution", || {
        format!("first at {}, row {} of status_history", instant(resolution.at), resolution.row)
    });
    why.note("reopened", || resolution.reopened.map_or("not known of".to_owned(), instant));
    let is_over = within.is_over(resolution.at, scope.as_of);
    if let Some(end) = within.end(resolution.at) {
        why.note("waited until", || {
            format!("{}{}", instant(end), if is_over { "" } else { ": later than as_of" })
        });
    }
    let in_time = resolution.reopened.is_some_and(|at| within.holds(resolution.at, at));
    Some(Outcome { at: resolution.at, reopened: is_over.then_some(in_time) })
}

/// What became of the first resolution of conversations: the share that was opened again in time, or that was not.
pub(crate) struct FirstResolution {
    pub(crate) within: Within,
    pub(crate) counts_if_reopened: bool,
}

impl ConversationMeasure for FirstResolution {
    type Value = Trial;
    type Side = ();

    fn parts(&self) -> Parts {
        PARTS
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        _: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let scope = out.gated.frame.context.scope;
        let Some(outcome) = first_resolution(conversation, self.within, scope, why) else {
            return Ok(());
        };
        let counts = |reopened| Fate::Observed((reopened == self.counts_if_reopened).into());
        let fate = outcome.reopened.map_or(Fate::Immature, counts);
        out.put(conversation.number, Some(outcome.at), fate, Vec::new())
    }
}
