//! # Time in stage
//!
//! **Question.** How long do customers stay in a stage?
//!
//! **Definition.** From entering a stage to leaving it, without pauses, in seconds: the median, the mean or any percentile of
//! it over stays. Stays that are open at `as_of` lasted at least until then (Kaplan-Meier); `by` stage tells them apart.
//!
//! **Example.** Trials of 10 and 20 days, and one that is open after 15: half of the trials are over after 20 days.
//!
//! **Edge cases.** Who comes back has another stay. Stays in ends are left out, because nobody is expected to leave them;
//! with `ends: include` churned lasts until an account is won back. The quantile is `not_reached` if too many are open.
//! Saying the present stage again does not end a stay.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of an account goes to one part. Kaplan and Meier 1958,
//! doi 10.1080/01621459.1958.10501452. `HubSpot` tells the latest and the cumulative time: the table of journeys has both.

use super::choices::Chosen;
use super::lifecycle_policy;
use super::of_journey::{END_STAGE, StayMeasure, stays};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::Spread;
use crate::lifecycle::Spell;
use crate::measure::Fate;
use crate::policy::{OneOrMany, OpenUnits, Statistic, choice};
use crate::scope::Micros;
use crate::summary::{Durations, Elapsed};

choice! {
    /// What stays in stages are that are ends.
    pub enum EndStages {
        /// Left out.
        LeaveOut = "leave_out",
        /// Stays as others: churned lasts until somebody is won back.
        Include = "include",
    }
}

choice! {
    /// In which period a stay counts.
    pub enum StayAttribution {
        /// In that in which it began.
        Entered = "entered",
        /// In that in which it ended; open stays do not count.
        Left = "left",
    }
}

lifecycle_policy! {
    /// The choices of the time in stage.
    pub struct TimeInStage {
        /// What is told; a list gives one row each. By default the median, which a few who never move do not carry away.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// What is done with stays that are open. By default they count for as long as they have lasted: left out, only the quick would be seen.
        pub open: OpenUnits = OpenUnits::KaplanMeier,
        /// What stays in stages are that are ends. By default left out.
        pub ends: EndStages = EndStages::LeaveOut,
        /// In which period a stay counts. By default in that in which it began, where open ones are too.
        pub attribution: StayAttribution = StayAttribution::Entered,
    }
    presets {}
}

static CARD: Card = Card {
    id: "time_in_stage",
    name: "Time in stage",
    question: "How long do customers stay in a stage?",
    formula: "left - entered, without pauses, open stays censored; median, mean or percentile over stays",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "stages",
    key: "account_id",
    inputs: super::INPUTS,
    dimensions: &["statistic"],
    attributes: super::ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "values",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://kb.custify.com/lifecycles",
        "https://doi.org/10.1080/01621459.1958.10501452",
        "https://knowledge.hubspot.com/properties/stage-calculated-properties",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TimeInStage;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let chosen = choices.chosen()?;
        let measure = Times {
            chosen: chosen.clone(),
            open: choices.open,
            ends: choices.ends,
            attribution: choices.attribution,
        };
        let formula = Spread { statistic: choices.statistic.clone(), open: choices.open };
        let planned = stays::<Durations, _, _>(&chosen, measure, formula);
        Ok(planned.dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

struct Times {
    chosen: Chosen,
    open: OpenUnits,
    ends: EndStages,
    attribution: StayAttribution,
}

impl StayMeasure for Times {
    type Value = Elapsed;

    fn stay(&self, stay: &Spell<'_>, as_of: Micros) -> Option<(Micros, Fate<Elapsed>)> {
        let at = match self.attribution {
            StayAttribution::Entered => stay.entered(),
            StayAttribution::Left => stay.left()?,
        };
        let elapsed = Elapsed(stay.elapsed(as_of, self.chosen.pauses_stop));
        let is_end = self.chosen.lifecycle.is_end(stay.stage());
        Some((
            at,
            match (stay.left(), self.open) {
                _ if is_end && self.ends == EndStages::LeaveOut => Fate::Excluded(END_STAGE),
                (Some(_), _) => Fate::Observed(elapsed),
                (None, OpenUnits::KaplanMeier) => Fate::Censored(elapsed),
                (None, OpenUnits::CompletedOnly) => Fate::Missing,
            },
        ))
    }
}
