//! Reopening: whether what was resolved stayed so.

use crate::measure::Evidence;
use crate::policy::Within;
use crate::request::Scope;
use crate::scope::{Micros, format_instant};
use crate::view::{Conversation, Need, Parts};

/// What a measure of reopening assembles. Columns that only say when a conversation was solved cannot stand in: they do
/// not tell what was opened again.
pub(crate) const PARTS: Parts =
    Parts { messages: Need::No, history: Need::Table, surveys: false, people: false };

/// What became of a conversation's first resolution.
pub(crate) struct Outcome {
    /// When it was resolved.
    pub(crate) at: Micros,
    /// Whether it was opened again in time; nothing as long as the time has not passed.
    pub(crate) reopened: Option<bool>,
}

/// What became of a conversation's first resolution, if it ever was resolved.
pub(crate) fn first_resolution<E: Evidence>(
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
