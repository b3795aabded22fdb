//! # Stage funnel
//!
//! **Question.** How far do customers come through a row of stages?
//!
//! **Definition.** Of the accounts that entered the first of `stages` in a period, the share that have entered each of them
//! since, in percent.
//!
//! **Example.** Four accounts began a trial in January, three of them went to onboarding, two to adoption: 100, 75, 50.
//!
//! **Edge cases.** Who skipped a stage and entered a later one has reached it (`skipped`). An account counts once, when it
//! first enters the first stage. With `within` an account whose time has not passed by `as_of` is immature. `against:
//! previous` divides by the stage before, and may be more than 100 where skipped stages are missed.
//!
//! **Merging and sources.** Counts; all of an account goes to one part. What leaving out moves that skip stages does to
//! conversion rates: `funnelcast.com/post/conversion-rate-conundrums`.

use super::choices::Chosen;
use super::lifecycle_policy;
use super::of_journey::{JourneyMeasure, journeys, tell_stay};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Percent, ProportionInterval, Rows, shown};
use crate::key::Key;
use crate::lifecycle::{Lifecycle, StageCode};
use crate::measure::{Evidence, Fate};
use crate::policy::{Names, Span, choice};
use crate::summary::{Ticked, Ticks};
use crate::view::KnownJourney;

choice! {
    /// What the share is of.
    pub enum FunnelBase {
        /// Of those who entered the first stage.
        First = "first",
        /// Of those who reached the stage before.
        Previous = "previous",
    }
}

choice! {
    /// Whether a stage that was skipped was reached.
    pub enum SkippedStages {
        /// Yes, by everybody who entered a later one.
        Reached = "reached",
        /// No.
        Missed = "missed",
    }
}

lifecycle_policy! {
    /// The choices of the stage funnel.
    pub struct StageFunnel {
        /// The stages in order, two or more. There is no default: which way is meant has to be said.
        pub stages: Option<Names> = None,
        /// What the share is of. By default of those who entered the first stage.
        pub against: FunnelBase = FunnelBase::First,
        /// The time that everybody has; null: until `as_of`. With a span young cohorts are comparable with old ones.
        pub within: Option<Span> = None,
        /// Whether a stage that was skipped was reached. By default yes: whoever is further was not lost before.
        pub skipped: SkippedStages = SkippedStages::Reached,
        /// How the interval of each share is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "stage_funnel",
    name: "Stage funnel",
    question: "How far do customers come through a row of stages?",
    formula: "100 * accounts that have entered a stage / accounts that entered the first one in the period",
    unit: "percent",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "stages",
    key: "account_id",
    inputs: super::INPUTS,
    dimensions: &["stage"],
    attributes: &["cohort"],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://www.funnelcast.com/post/conversion-rate-conundrums"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = StageFunnel;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let chosen = choices.chosen()?;
        let stages = named(&chosen.lifecycle, choices.stages.as_ref())?;
        let measure = Reached {
            chosen: chosen.clone(),
            stages: stages.clone(),
            within: choices.within,
            skipped: choices.skipped,
        };
        let formula = Funnel {
            lifecycle: chosen.lifecycle.clone(),
            stages,
            against: choices.against,
            share: Percent { interval: choices.interval },
        };
        let plan = journeys::<Ticks, _, _>(&chosen, measure, formula);
        Ok(Planned::new(plan).dimensions(CARD.dimensions).ratio())
    }
}

/// The stages asked for, in their order.
fn named(lifecycle: &Lifecycle, names: Option<&Names>) -> Result<Vec<StageCode>> {
    let names = names.map(Names::as_slice).unwrap_or_default();
    let stages = names.iter().map(|name| lifecycle.require(name)).collect::<Result<Vec<_>>>()?;
    let twice = stages
        .iter()
        .enumerate()
        .find(|(at, stage)| stages.iter().take(*at).any(|earlier| earlier == *stage));
    if let Some((_, stage)) = twice {
        let message = format!("stages names \"{}\" twice", lifecycle.name_of(*stage));
        return Err(Error::invalid(message));
    }
    if stages.len() < 2 {
        let message = "stage_funnel needs stages: the names of two or more, in order";
        return Err(Error::invalid(message));
    }
    Ok(stages)
}

struct Reached {
    chosen: Chosen,
    stages: Vec<StageCode>,
    within: Option<Span>,
    skipped: SkippedStages,
}

impl JourneyMeasure for Reached {
    type Value = Ticked;
    type Side = ();

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn journey<E: Evidence>(
        &self,
        (): &(),
        journey: &KnownJourney<'_>,
        out: &mut Out<'_, '_, impl Sink<Ticked>>,
        why: &mut E,
    ) -> Result<()> {
        let as_of = out.gated.frame.context.scope.as_of;
        let Some(first) = journey.spells().find(|stay| self.stages.first() == Some(&stay.stage())) else {
            return Ok(());
        };
        let row = first.row() as usize;
        if !out.gated.keeps(row) {
            return Ok(());
        }
        let limit = self.within.map_or(as_of, |within| first.entered().saturating_add(within.micros()));
        let entered = |stage: &StageCode| {
            let after = journey.spells().filter(|stay| (first.entered()..=limit).contains(&stay.entered()));
            after.into_iter().any(|stay| stay.stage() == *stage)
        };
        let mut reached: Vec<usize> =
            self.stages.iter().enumerate().filter(|(_, stage)| entered(stage)).map(|(at, _)| at).collect();
        if let (SkippedStages::Reached, Some(last)) = (self.skipped, reached.last()) {
            reached = (0..=*last).collect();
        }
        tell_stay(&self.chosen, journey, &first, as_of, out, why);
        why.note("reached", || {
            let names = reached.iter().filter_map(|at| self.stages.get(*at));
            names.map(|stage| self.chosen.lifecycle.name_of(*stage)).collect::<Vec<_>>().join(", ")
        });
        let fate = match journey.exclusion() {
            Some(reason) => Fate::Excluded(reason),
            None if limit > as_of => Fate::Immature,
            None => Fate::Observed(Ticked(reached)),
        };
        out.put(row, Some(first.entered()), fate, Vec::new())
    }
}

/// One row a stage.
struct Funnel {
    lifecycle: Lifecycle,
    stages: Vec<StageCode>,
    against: FunnelBase,
    share: Percent,
}

impl Formula<Ticks> for Funnel {
    fn finish(&self, cells: &Cells<'_, Ticks>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            for (at, stage) in self.stages.iter().enumerate() {
                let before = if self.against == FunnelBase::First { 0 } else { at.saturating_sub(1) };
                let (count, of) = (cell.summary.of(at), cell.summary.of(before));
                // More than all is a ratio, and no share of anything.
                let answer = if count <= of {
                    self.share.of(count, of, cells.level)
                } else {
                    Answer::ratio(100.0, shown(count), shown(of))
                };
                rows.push(period, &[Key::from(self.lifecycle.name_of(*stage))], cell, &answer);
            }
        }
    }
}
