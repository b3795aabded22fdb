//! # Requester wait time
//!
//! **Question.** How long do customers wait for the company until their problem is solved?
//!
//! **Definition.** The time that a conversation is new, open or on hold, from its first known status until it is resolved
//! for the last time, in seconds: the mean, the median or any percentile of it over conversations that are solved or
//! closed at `as_of`.
//!
//! **Example.** New at 9:00, pending at 10:00, open at 11:00, solved at 11:30: 5400 seconds.
//!
//! **Edge cases.** Time pending is the customer's own and does not count, nor does time snoozed or resolved; what follows a
//! reopening counts. Time between the creation and the first known status does not count. Not resolved: missing; with
//! `open: kaplan_meier` it lasts at least as long as so far. Without any status nothing is known: missing. Resolved
//! without any such time: 0.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. The statuses are
//! those of Zendesk and `dbt_zendesk`, which counts whole minutes. With the business clock all stretches add up under the
//! schedule of record (D10).

use super::of_conversation::durations;
use super::resolving::ResolutionAttribution;
use super::time_in_status::{INPUTS, TimeInStatus};
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::policy::Statistic;
use crate::view::Status;

duration_policy! {
    /// The choices of the requester wait time.
    pub struct RequesterWaitTime {
        /// In which period the time counts. By default that in which the conversation was resolved, when all of it is known.
        pub attribution: ResolutionAttribution = ResolutionAttribution::Resolved,
    }
    presets {
        /// Median. https://support.zendesk.com/hc/en-us/articles/4408834848154
        Zendesk { statistic: Statistic::MEDIAN.into() }
    }
}

static CARD: Card = Card {
    id: "requester_wait_time",
    name: "Requester wait time",
    question: "How long do customers wait for the company until their problem is solved?",
    formula: "time new, open or on hold until the last resolution; mean, median or percentile over conversations",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: INPUTS,
    dimensions: &["statistic"],
    attributes: &["responder"],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://support.zendesk.com/hc/en-us/articles/4408834848154",
        "https://github.com/fivetran/dbt_zendesk",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = RequesterWaitTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let timing = choices.timing();
        let measure = TimeInStatus {
            statuses: vec![Status::New, Status::Open, Status::OnHold],
            assigned: false,
            attribution: choices.attribution,
            timing: timing.clone(),
        };
        Ok(durations(measure, timing))
    }
}
