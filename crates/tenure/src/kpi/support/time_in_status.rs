//! The time that conversations spend in some statuses until they are resolved.

use super::of_conversation::ConversationMeasure;
use super::resolving::{RESPONDER, ResolutionAttribution, resolved};
use super::stopwatch::Stopwatch;
use super::stretches::stretches;
use super::timing::Timing;
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::scope::Micros;
use crate::summary::Elapsed;
use crate::view::{Change, Conversation, Need, Parts, Status};

/// What measures of time in statuses read.
pub(crate) const INPUTS: &[&str] = &[
    "created_at",
    "spam?",
    "deleted?",
    "merged?",
    "schedule_id?",
    "status_history.occurred_at",
    "status_history.status",
    "schedules.opens?",
    "holidays.date?",
];

/// The time in some statuses, from the first known one to the last resolution.
pub(crate) struct TimeInStatus {
    pub(crate) statuses: Vec<Status>,
    /// Whether only the time counts in which someone is assigned.
    pub(crate) assigned: bool,
    pub(crate) attribution: ResolutionAttribution,
    pub(crate) timing: Timing,
}

impl TimeInStatus {
    fn counts(&self, conversation: &Conversation<'_>, change: &Change) -> bool {
        self.statuses.contains(&change.status) && (!self.assigned || conversation.assignee(change) != 0)
    }
}

impl ConversationMeasure for TimeInStatus {
    type Value = Elapsed;
    type Side = Stopwatch;

    fn parts(&self) -> Parts {
        // The instants of resolution that may stand in say nothing of the statuses before them.
        Parts { messages: RESPONDER, history: Need::Table, surveys: false, people: self.assigned }
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["responder"]
    }

    fn side(&self, context: &Context<'_>) -> Result<Stopwatch> {
        if self.assigned {
            context.book.require("status_history")?.require("assignee")?;
        }
        Stopwatch::of(context, &self.timing)
    }

    fn conversation<E: Evidence>(
        &self,
        stopwatch: &Stopwatch,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Elapsed>>,
        why: &mut E,
    ) -> Result<()> {
        let resolution = resolved(conversation, why);
        let fate = match conversation.history.first() {
            None => {
                why.note("history", || "nothing is known of its statuses: no value".to_owned());
                Fate::Missing
            }
            Some(first) => {
                let span = (first.at, stopwatch.end(resolution.map(|resolution| resolution.at)));
                let counts =
                    |change: Option<&Change>| change.is_some_and(|change| self.counts(conversation, change));
                let stretches: Vec<_> = stretches(conversation.history, span, counts).collect();
                let is_open = resolution.is_none();
                stopwatch.fate_of_stretches(conversation.schedule_id(), &stretches, is_open, why)?
            }
        };
        self.attribution.put(conversation, created, resolution, fate, out)
    }
}
