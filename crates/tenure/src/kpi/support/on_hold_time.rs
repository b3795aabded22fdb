//! # On-hold time
//!
//! **Question.** How long do problems wait for somebody else until they are solved?
//!
//! **Definition.** The time that a conversation is on hold, from its first known status until it is resolved for the last
//! time, in seconds: the mean, the median or any percentile of it over conversations that are solved or closed at `as_of`.
//!
//! **Example.** Open at 9:00, on hold at 10:00, open at 11:00, solved at 11:30: 3600 seconds.
//!
//! **Edge cases.** What follows a reopening counts, time resolved does not. Not resolved: missing; with `open: kaplan_meier` it
//! lasts at least as long as so far. Without any status nothing is known: missing. Resolved and never on hold: 0, which is
//! part of the mean and the median.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a conversation goes to one part. The status is
//! Zendesk's `hold`, which `dbt_zendesk` counts in whole minutes. With the business clock all stretches add up under the
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
    /// The choices of the on-hold time.
    pub struct OnHoldTime {
        /// In which period the time counts. By default that in which the conversation was resolved, when all of it is known.
        pub attribution: ResolutionAttribution = ResolutionAttribution::Resolved,
    }
    presets {
        /// Median. https://support.zendesk.com/hc/en-us/articles/4408834848154
        Zendesk { statistic: Statistic::MEDIAN.into() }
    }
}

static CARD: Card = Card {
    id: "on_hold_time",
    name: "On-hold time",
    question: "How long do problems wait for somebody else until they are solved?",
    formula: "time on hold until the last resolution; mean, median or percentile over conversations",
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
    type Policy = OnHoldTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let timing = choices.timing();
        let measure = TimeInStatus {
            statuses: vec![Status::OnHold],
            assigned: false,
            attribution: choices.attribution,
            timing: timing.clone(),
        };
        Ok(durations(measure, timing))
    }
}
