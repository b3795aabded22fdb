//! # Handle time
//!
//! **Question.** How long is somebody busy with a conversation?
//!
//! **Definition.** The time that a conversation is unresolved and assigned to someone, without time snoozed, until it is
//! resolved for the last time, in seconds: the mean, the median or any percentile of it over conversations that are solved
//! or closed at `as_of`.
//!
//! **Example.** New at 9:00, assigned at 9:30, snoozed at 10:00, open at 11:00, solved at 11:30: 3600 seconds.
//!
//! **Edge cases.** Never assigned: 0. What follows a reopening counts, time resolved does not. Not resolved: missing; with
//! `open: kaplan_meier` it lasts at least as long as so far. Without any status nothing is known: missing. It is the time
//! that the work lies with someone, not the time that they look at it.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. Intercom's
//! definition, which counts a conversation once it is closed. With the business clock all stretches add up under the
//! schedule of record (D10).

use super::of_conversation::durations;
use super::resolving::ResolutionAttribution;
use super::time_in_status::TimeInStatus;
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::policy::Statistic;
use crate::view::Status;

duration_policy! {
    /// The choices of the handle time.
    pub struct HandleTime {
        /// Time in these statuses counts. By default in all unresolved ones but snoozed.
        pub counted_statuses: Vec<Status> = vec![Status::New, Status::Open, Status::Pending, Status::OnHold],
        /// In which period the time counts. By default that in which the conversation was resolved, when all of it is known.
        pub attribution: ResolutionAttribution = ResolutionAttribution::Resolved,
    }
    presets {
        /// Median. https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes
        Intercom { statistic: Statistic::MEDIAN.into() }
    }
}

static CARD: Card = Card {
    id: "handle_time",
    name: "Handle time",
    question: "How long is somebody busy with a conversation?",
    formula: "time unresolved, not snoozed and assigned until the last resolution; mean, median or percentile over conversations",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "spam?",
        "deleted?",
        "merged?",
        "schedule_id?",
        "status_history.occurred_at",
        "status_history.status",
        "status_history.assignee",
        "schedules.opens?",
        "holidays.date?",
    ],
    dimensions: &["statistic"],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = HandleTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let timing = choices.timing();
        let measure = TimeInStatus {
            statuses: choices.counted_statuses.clone(),
            assigned: true,
            attribution: choices.attribution,
            timing: timing.clone(),
        };
        Ok(durations(measure, timing))
    }
}
