//! # Usage drop
//!
//! **Question.** Did usage fall far below what is usual?
//!
//! **Definition.** Usage of a period, active users or events, against the last eight periods before it: the modified z-score
//! `0.6745 * (x - median) / MAD`, where MAD is the median distance from the median. Below -3.5 usage has `dropped`, else it
//! is `steady`.
//!
//! **Example.** After weeks with 10, 12, 11, 9, 10, 11, 10 and 12 users a week with 3: 0.6745 * (3 - 10.5) / 0.5, -10.1:
//! dropped; with 8 it were -3.4, steady.
//!
//! **Edge cases.** Earlier periods begin with the first that has anything to count, also before `start`; an empty one after it
//! is 0. Fewer than five: undefined. Where most earlier periods are equal, MAD is 0 and the mean distance takes its place;
//! where all are equal another equal one is 0, and anything else undefined. A period that `as_of` cuts is compared as far
//! as it has come. A rise is no drop.
//!
//! **Merging and sources.** Counts by period; all of a person goes to one part. Iglewicz and Hoaglin (1993), How to detect
//! and handle outliers.

use super::lifecycle::calendar;
use super::population::usage_policy;
use super::usage_trend::UsageOf;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Pipeline, PutSets, SetMeasure, Sink, Stretch};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::measure::Fate;
use crate::policy::{Choice, choice};
use crate::scope::Micros;
use crate::stats::modified_z_score;
use crate::summary::Integers;
use crate::view::{Activity, Grain, Wanted};

choice! {
    /// What usage did.
    pub enum UsageChange {
        /// It fell far below what is usual.
        Dropped = "dropped",
        /// It did not.
        Steady = "steady",
    }
}

usage_policy! {
    /// The choices of the usage drop.
    pub struct UsageDrop {
        /// What is counted. By default active users: one of them may make any number of events.
        pub of: UsageOf = UsageOf::ActiveUsers,
        /// How many periods before are what is usual; at least five.
        pub baseline: i64 = 8,
    }
    presets {}
}

static CARD: Card = Card {
    id: "usage_drop",
    name: "Usage drop",
    question: "Did usage fall far below what is usual?",
    formula: "0.6745 * (usage - median of the periods before) / their median distance from it; dropped below -3.5",
    unit: "score",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm"],
};

pub(crate) struct Definition;

/// With fewer periods nothing is usual.
const FEWEST: usize = 5;
/// Below this usage has dropped.
const FAR_BELOW: f64 = -3.5;

impl crate::catalog::Definition for Definition {
    type Policy = UsageDrop;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let baseline = usize::try_from(choices.baseline).ok().filter(|count| (FEWEST..=1000).contains(count));
        let message = "baseline is a number of periods, from 5 to 1000: of fewer nothing is usual";
        let baseline = baseline.ok_or_else(|| Error::invalid(message))?;
        Ok(Planned::new(Pipeline::<_, _, Integers>::sets(choices.clone(), Drop { baseline })).label())
    }
}

impl SetMeasure for Choices {
    type Value = i64;

    fn wanted(&self) -> Wanted {
        self.of.wanted(&self.population(), Grain::Period)
    }

    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    fn begins_with(&self) -> Option<usize> {
        self.of.begins_with()
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<i64>>) -> Result<()> {
        let context = out.context();
        let calendar = calendar(context, CARD.id)?;
        let Some((met, _)) = activity.ends() else { return Ok(()) };
        let (first, last) = context.window()?;
        let most = usize::try_from(context.scope.max_rows).unwrap_or(usize::MAX);
        let bounds = if met <= last { calendar.bounds(met, last, most)? } else { Vec::new() };
        // The period that `start` cuts is told from there on; those before it are only compared with.
        let shown = calendar.period(first.max(met))?.0;
        for pair in bounds.windows(2) {
            let [start, end] = *pair else { continue };
            if start < shown {
                self.of.put(start, (start, end), &Fate::Compared(1), activity, out)?;
                continue;
            }
            let from = start.max(first);
            let stretch = Stretch { at: from, from, to: end.min(last + 1) };
            self.of.put(from, (from, stretch.to), &Fate::Observed(1), activity, out)?;
            out.put_excluded(&stretch)?;
        }
        if first <= last {
            // Silence up to the end is what a drop looks like.
            out.know_groups(last)?;
        }
        Ok(())
    }
}

/// The score of each period, and what it means.
struct Drop {
    baseline: usize,
}

impl Formula<Integers> for Drop {
    fn finish(&self, cells: &Cells<'_, Integers>, rows: &mut Rows<'_>) {
        let Some(calendar) = cells.scope.calendar else { return };
        let used = cells.met.iter().filter(|(_, cell)| cell.summary.n > 0);
        let first = used.map(|((start, _), _)| *start).min();
        let count =
            |start: Micros| cells.met.get(&(start, Key::Null)).map_or(0.0, |cell| cell.summary.n as f64);
        for period in cells.shown.clone() {
            let Some(of) = cells.periods.get(period) else { continue };
            let mut before = Vec::with_capacity(self.baseline);
            let mut start = of.place;
            while before.len() < self.baseline && first.is_some_and(|first| first < start) {
                let Ok((earlier, _)) = calendar.period(start - 1) else { break };
                before.push(count(earlier));
                start = earlier;
            }
            let enough = before.len() >= FEWEST;
            let score = modified_z_score(count(of.place), &before).filter(|_| enough);
            let label =
                score.map(|score| if score < FAR_BELOW { UsageChange::Dropped } else { UsageChange::Steady });
            let label = label.map(|label| label.name().to_owned());
            // All usage is counted, and no sample: nothing at all is an answer too.
            let answer = Answer { label, is_census: true, ..Answer::of(score) };
            rows.push(period, &[], cells.whole(period), &answer);
        }
    }
}
