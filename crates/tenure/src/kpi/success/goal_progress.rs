//! # Goal progress
//!
//! **Question.** How far have customers come towards their goals?
//!
//! **Definition.** `100 * (value - baseline) / (target - baseline)` of each goal at the end of each period, or at `as_of` if
//! that comes first; told is the mean by `weight`. The value is the last one measured until then and until the goal was
//! closed. With `at: due` it is the value that the goal would have when it is due, if it went on at the pace so far: `baseline +
//! (value - baseline) * (due - created) / (measured - created)`.
//!
//! **Example.** From 0 to 100 and at 30, and from 40 down to 10 and at 25: 30 and 50 percent, together 40; if the first weighs
//! three times as much, 35.
//!
//! **Edge cases.** Nothing measured, no target or no baseline: missing. With `at: due` also without a due date, and when
//! nothing was measured after the goal was set; of a goal that was due or closed the value then. Progress beyond the target
//! and behind the baseline counts as 100 and 0, unless `beyond` keeps it. Weights that are all 0: undefined; a goal without
//! weight weighs 1. Invalid are a target equal to the baseline, a negative weight, a due date before the goal was set, and
//! the second of two rows of one goal. In words a goal is reached, missed (due or closed, and not reached), on pace, behind,
//! or open, which is without a due date.
//!
//! **Merging and sources.** Exact sums of weights and weighted percentages; all rows of a goal go to one part, and measurements
//! to every part. A straight line is the simplest forecast that can be redone by hand.

use super::of_goal::{GOALS_FROM_DATA, GoalMeasure, NO_DISTANCE, OfGoals, unusable};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Out, Pipeline, Sink};
use crate::error::Result;
use crate::formula::{Answer, CellFormula};
use crate::measure::{Evidence, Fate, Reason, Value};
use crate::policy::{choice, policy};
use crate::scope::{Micros, format_instant};
use crate::summary::{Cell, Number, Overflow, Pair, Reals, Summary};
use crate::view::{EachGoal, Goal, GoalEvidence};

choice! {
    /// Of which instant the progress is told.
    pub enum ProgressAt {
        /// Now: at the end of the period, or at `as_of`.
        AsOf = "as_of",
        /// When the goal is due: a forecast.
        Due = "due",
    }
}

choice! {
    /// What progress beyond the target or behind the baseline counts as.
    pub enum BeyondTarget {
        /// As 100 and 0.
        Cap = "cap",
        /// As it is.
        Keep = "keep",
    }
}

choice! {
    /// What weights are for.
    pub enum GoalWeights {
        /// The mean is by weight.
        Use = "use",
        /// All goals weigh the same.
        Ignore = "ignore",
    }
}

policy! {
    /// The choices of goal progress.
    pub struct GoalProgress {
        /// Of which instant the progress is told. By default of now, which needs no forecast.
        pub at: ProgressAt = ProgressAt::AsOf,
        /// What progress beyond the target or behind the baseline counts as. By default as 100 and 0: one goal far beyond its target would hide others that are not reached.
        pub beyond: BeyondTarget = BeyondTarget::Cap,
        /// What weights are for. By default the mean is by weight: who gives weights means them.
        pub weights: GoalWeights = GoalWeights::Use,
    }
    presets {}
}

static CARD: Card = Card {
    id: "goal_progress",
    name: "Goal progress",
    question: "How far have customers come towards their goals?",
    formula: "100 * (value - baseline) / (target - baseline), the mean by weight",
    unit: "percent",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "goals",
    key: "goal_id",
    inputs: &[
        "account_id",
        "created_at",
        "due_at?",
        "closed_at?",
        "outcome?",
        "metric?",
        "baseline?",
        "target?",
        "actual?",
        "weight?",
        "measures.account_id?",
        "measures.measure?",
        "measures.occurred_at?",
        "measures.value?",
        "accounts.internal?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["actual", "due_at", "internal"],
    revision: 1,
    sources: &[GOALS_FROM_DATA],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = GoalProgress;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = OfGoals(choices.clone());
        Ok(Planned::new(Pipeline::<_, _, Weighted>::entities(EachGoal, measure, WeightedMean)))
    }
}

/// How far a goal has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Progress {
    percent: f64,
    weight: f64,
    standing: Option<&'static str>,
}

impl Value for Progress {
    fn number(&self) -> Option<f64> {
        Some(self.percent)
    }

    fn label(&self) -> Option<&str> {
        self.standing
    }
}

/// Weighted percentages, and weights.
type Weighted = Pair<Reals, Reals>;

impl Summary<Progress> for Weighted {
    fn update(&mut self, progress: &Progress, times: u64) -> Result<(), Overflow> {
        let Pair(percentages, weights) = self;
        percentages.update(&Number::Real(progress.weight * progress.percent), times)?;
        weights.update(&Number::Real(progress.weight), times)
    }
}

/// The mean by weight.
struct WeightedMean;

impl CellFormula<Weighted> for WeightedMean {
    fn answer(&self, cell: &Cell<Weighted>, _: f64) -> Answer {
        let Pair(percentages, weights) = &cell.summary;
        let weight = weights.sum();
        let mean = (weight > 0.0).then(|| percentages.sum() / weight);
        Answer::of(mean.filter(|mean| mean.is_finite()))
    }
}

const REACHED: &str = "reached";
const ON_PACE: &str = "on_pace";
const BEHIND: &str = "behind";
const MISSED: &str = "missed";
const OPEN: &str = "open";

const TOO_FAR: Reason =
    Reason::new("target", "out_of_range", "is too near or too far to tell progress in percent");

impl GoalMeasure for Choices {
    type Value = Progress;

    fn goal<E: Evidence>(
        &self,
        goal: &Goal,
        out: &mut Out<'_, '_, impl Sink<Progress>>,
        why: &mut E,
    ) -> Result<()> {
        let zone = out.gated.frame.context.scope.zone;
        out.stock_of(goal.row, (goal.created, None), |_, end| {
            let fate = unusable(goal).unwrap_or_else(|| self.fate(goal, end.known));
            if let Some((at, value)) = goal.latest(end.known, end.known) {
                let seen = format_instant(end.at, zone);
                why.note("value", || {
                    format!("{value} on {}, the last one at {seen}", format_instant(at, zone))
                });
            }
            if let Some(at) = goal.reached_at(end.known, GoalEvidence::Any) {
                why.note("reached", || format_instant(at, zone));
            }
            Ok((Some(goal.created), fate))
        })
    }
}

impl Choices {
    /// What becomes of a goal, as known at an instant.
    fn fate(&self, goal: &Goal, known: Micros) -> Fate<Progress> {
        let Some(target) = goal.target else { return Fate::Missing };
        if !goal.has_distance() {
            return Fate::Invalid(NO_DISTANCE);
        }
        let Some(baseline) = goal.baseline else { return Fate::Missing };
        let pace = Pace { goal, baseline };
        let is_over = goal.closed_by(known).is_some() || goal.due.is_some_and(|due| due <= known);
        let value = match (self.at, goal.due) {
            (ProgressAt::AsOf, _) => goal.latest(known, known).map(|(_, value)| value),
            (ProgressAt::Due, due) if is_over => {
                let until = due.map_or(known, |due| due.min(known));
                goal.latest(until, known).map(|(_, value)| value)
            }
            (ProgressAt::Due, None) => return Fate::MissingAs(OPEN),
            (ProgressAt::Due, Some(due)) => pace.forecast(due, known),
        };
        let Some(value) = value else { return Fate::Missing };
        let percent = 100.0 * (value - baseline) / (target - baseline);
        let percent = if self.beyond == BeyondTarget::Cap { percent.clamp(0.0, 100.0) } else { percent };
        let weight = match self.weights {
            GoalWeights::Use => goal.weight.unwrap_or(1.0),
            GoalWeights::Ignore => 1.0,
        };
        // Numbers near the ends of their range.
        if !(percent * weight).is_finite() {
            return Fate::Invalid(TOO_FAR);
        }
        let standing = if goal.reached_at(known, GoalEvidence::Any).is_some() {
            Some(REACHED)
        } else if is_over {
            Some(MISSED)
        } else {
            match goal.due {
                None => Some(OPEN),
                Some(due) => {
                    let forecast = pace.forecast(due, known);
                    forecast.map(|forecast| if goal.meets(forecast) { ON_PACE } else { BEHIND })
                }
            }
        };
        Fate::Observed(Progress { percent, weight, standing })
    }
}

/// How fast a goal has come to where it is.
struct Pace<'g> {
    goal: &'g Goal,
    baseline: f64,
}

impl Pace<'_> {
    /// The value at an instant, if it goes on like that; nothing if nothing was measured after the goal was set.
    fn forecast(&self, due: Micros, known: Micros) -> Option<f64> {
        let created = self.goal.created;
        let (at, value) = self.goal.latest(known, known).filter(|(at, _)| *at > created)?;
        Some(self.baseline + (value - self.baseline) * (due - created) as f64 / (at - created) as f64)
    }
}
