//! # Mean time to acknowledge, repair, recover and resolve
//!
//! **Question.** How fast are incidents dealt with?
//!
//! **Definition.** In seconds, by `definition`, which has to be chosen because the R stands for several things:
//! - `acknowledge`: from the alert, `detected_at`, to `acknowledged_at`.
//! - `repair`: from `repair_started_at` to `repaired_at`.
//! - `recovery`: from the start of the outage until service is back: `repaired_at`, else `resolved_at`.
//! - `resolve`: from the start of the outage to `resolved_at`.
//!
//! The mean, the median or any percentile of it over incidents.
//!
//! **Example.** Out at 10:00, alert at 10:05, acknowledged at 10:07, repaired from 10:20 to 11:00, resolved at 14:00:
//! acknowledged in 120 seconds, repaired in 2400, recovered in 3600, resolved in 14400.
//!
//! **Edge cases.** No incidents: undefined. What has not ended at `as_of` is missing; with `open: kaplan_meier` it lasts
//! at least until then, or until the incident was resolved: what was never acknowledged by then is not waited for any
//! more. Without the time that it is measured from: missing. An end before it is invalid. Planned incidents are left out.
//!
//! **Merging and sources.** The durations themselves, a multiset; any rows may go to any part. An incident counts in the
//! period in which it started. Atlassian tells the four meanings apart (D63).

use super::incidents::{
    REPAIRED_OR_RESOLVED, RESOLVED, RESOLVED_IF_KNOWN, before_start, incidents, known, restored,
};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Row};
use crate::error::{Error, Result};
use crate::formula::Spread;
use crate::measure::{Fate, Input, InputKind, Reason, RowMeasure};
use crate::policy::{Choice, OneOrMany, OpenUnits, Statistic, choice, policy};
use crate::summary::{Durations, Elapsed};

choice! {
    /// What is waited for, and from when.
    pub enum MttrDefinition {
        /// From the alert until somebody took it up.
        Acknowledge = "acknowledge",
        /// From the begin of the repair to its end.
        Repair = "repair",
        /// From the start of the outage until service was back.
        Recovery = "recovery",
        /// From the start of the outage until all was done.
        Resolve = "resolve",
    }
}

policy! {
    /// The choices of the mean time to acknowledge, repair, recover and resolve.
    pub struct Mttr {
        /// What is waited for, and from when. There is no default: the four are different numbers under one name.
        pub definition: Option<MttrDefinition> = None,
        /// What is told; a list gives one row each. By default the mean, which the name promises.
        pub statistic: OneOrMany<Statistic> = Statistic::MEAN.into(),
        /// What is done with what has not ended. By default it is left out, as vendors do.
        pub open: OpenUnits = OpenUnits::CompletedOnly,
    }
    presets {}
}

static CARD: Card = Card {
    id: "mttr",
    name: "Mean time to acknowledge, repair, recover or resolve",
    question: "How fast are incidents dealt with?",
    formula: "acknowledge: acknowledged_at - detected_at; repair: repaired_at - repair_started_at; recovery: repaired_at, else resolved_at, - started_at; resolve: resolved_at - started_at; mean, median or percentile over incidents",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Shared,
    table: "incidents",
    key: "incident_id",
    inputs: &[
        "started_at?",
        "detected_at?",
        "acknowledged_at?",
        "repair_started_at?",
        "repaired_at?",
        "resolved_at?",
        "planned?",
    ],
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[
        ("mtta", r#"{"definition": "acknowledge"}"#),
        ("mean_time_to_acknowledge", r#"{"definition": "acknowledge"}"#),
        ("mttr_repair", r#"{"definition": "repair"}"#),
        ("mean_time_to_repair", r#"{"definition": "repair"}"#),
        ("mttr_recovery", r#"{"definition": "recovery"}"#),
        ("mean_time_to_recovery", r#"{"definition": "recovery"}"#),
        ("mttr_resolve", r#"{"definition": "resolve"}"#),
        ("mean_time_to_resolve", r#"{"definition": "resolve"}"#),
    ],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &["https://www.atlassian.com/incident-management/kpis/common-metrics"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Mttr;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let definition = choices.definition.ok_or_else(|| {
            let names: Vec<&str> = MttrDefinition::ALL.iter().map(|(name, ..)| *name).collect();
            let names = names.join(", ");
            Error::invalid(format!("\"mttr\" means different things: choose its definition among {names}"))
        })?;
        let measure = TimeTo { definition, open: choices.open };
        let formula = Spread { statistic: choices.statistic.clone(), open: choices.open };
        let plan = Pipeline::<_, _, Durations>::rows(incidents(&["planned"]), measure, formula);
        Ok(Planned::new(plan).dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

/// How long something took in an incident.
struct TimeTo {
    definition: MttrDefinition,
    open: OpenUnits,
}

/// Where the measure finds the start of the incident.
const START: usize = 0;
/// What it measures to.
const TO: usize = 1;
/// When the incident was over.
const OVER: usize = 2;
/// What it measures from, where that is not the start.
const FROM: usize = 3;

const STARTED: Input = Input::required("started_at", InputKind::Time);
const STARTED_IF_KNOWN: Input = Input::optional("started_at", InputKind::Time);
const DETECTED: Input = Input::required("detected_at", InputKind::Time);
const ACKNOWLEDGED: Input = Input::required("acknowledged_at", InputKind::Time);
const REPAIR_STARTED: Input = Input::required("repair_started_at", InputKind::Time);
const REPAIRED: Input = Input::required("repaired_at", InputKind::Time);

impl RowMeasure for TimeTo {
    type Value = Elapsed;

    fn inputs(&self) -> &[Input] {
        match self.definition {
            MttrDefinition::Acknowledge => {
                const { &[STARTED_IF_KNOWN, ACKNOWLEDGED, RESOLVED_IF_KNOWN, DETECTED] }
            }
            MttrDefinition::Repair => {
                const { &[STARTED_IF_KNOWN, REPAIRED, RESOLVED_IF_KNOWN, REPAIR_STARTED] }
            }
            MttrDefinition::Recovery => const { &[STARTED, REPAIRED_OR_RESOLVED, RESOLVED_IF_KNOWN] },
            MttrDefinition::Resolve => const { &[STARTED, RESOLVED] },
        }
    }

    fn row(&self, row: &Row<'_>) -> Fate<Elapsed> {
        self.fate(row).unwrap_or_else(Fate::Invalid)
    }
}

impl TimeTo {
    fn fate(&self, row: &Row<'_>) -> Result<Fate<Elapsed>, Reason> {
        if row.has(START) {
            // Without a start an incident has no place in time, also if there is nothing to measure of it.
            row.moment(START).placed("started_at")?;
        }
        let from = match self.definition {
            MttrDefinition::Acknowledge => known(row, FROM, "detected_at"),
            MttrDefinition::Repair => known(row, FROM, "repair_started_at"),
            MttrDefinition::Recovery | MttrDefinition::Resolve => known(row, START, "started_at"),
        };
        let to = |column| Ok(known(row, TO, column)?.map(|end| (end, column)));
        let end = match self.definition {
            MttrDefinition::Acknowledge => to("acknowledged_at"),
            MttrDefinition::Repair => to("repaired_at"),
            MttrDefinition::Recovery => restored(row, [TO, OVER]),
            MttrDefinition::Resolve => to("resolved_at"),
        };
        let (Some(start), end) = (from?, end?) else { return Ok(Fate::Missing) };
        Ok(match end {
            Some((end, column)) if end < start => Fate::Invalid(before_start(column)),
            Some((end, _)) => Fate::Observed(Elapsed(end - start)),
            None if self.open == OpenUnits::CompletedOnly => Fate::Missing,
            None => {
                let seen = known(row, OVER, "resolved_at")?.unwrap_or(row.as_of());
                Fate::Censored(Elapsed(seen.max(start) - start))
            }
        })
    }
}
