//! # Lifecycle status
//!
//! **Question.** How many customers are on track, behind or stuck in their stage?
//!
//! **Definition.** At the end of each period, or at `as_of` if that comes first, every account is in one state: `churned` or
//! `completed` in a stage that is an end; `paused` while the clock stands still; else `on_track` up to the expected duration
//! of its stage, `behind` after it, `stuck` beyond the second threshold. There is a row for each state that occurs.
//!
//! **Example.** A trial is expected to take 14 days and stuck beyond 30. One account is in it for 10 days, one for 20, one
//! for 20 of which 10 were paused: two are on track, one is behind.
//!
//! **Edge cases.** Exactly at a threshold is still before it (`edges`). A stage without expected duration is on track for
//! ever. An account on record without any stage is missing; with `goals: stop` the clock stops when all goals that were set
//! during the stay are reached. A row of `stages` that tells of an unknown stage is invalid, and the stay before goes on.
//!
//! **Merging and sources.** Counts; all of an account goes to one part. The thresholds and the pause are Custify's.

use super::choices::Chosen;
use super::lifecycle_policy;
use super::of_journey::{JourneyMeasure, journeys, tell_stay};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Joined, Out, PeriodEnd, Pipeline, Sink};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::kpi::lifecycle::Pauses;
use crate::lifecycle::{Edges, LifecycleState, Spell};
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Value};
use crate::policy::{Choice, choice};
use crate::scope::{Micros, format_instant};
use crate::summary::{Class, Counts};
use crate::view::{AccountRow, AccountRows, GoalEvidence, Goals, Journeys, KnownJourney};
use std::sync::Arc;

choice! {
    /// What reached goals do to the clock of a stage.
    pub enum CompletedGoals {
        /// Nothing.
        Ignore = "ignore",
        /// When all goals that were set during the stay are reached, the clock stops.
        Stop = "stop",
    }
}

lifecycle_policy! {
    /// The choices of the lifecycle status.
    pub struct LifecycleStatus {
        /// What an account is that is in a stage exactly as long as a threshold says. By default still what it was.
        pub edges: Edges = Edges::Inclusive,
        /// What reached goals do to the clock. By default nothing, so that the answer needs no goals.
        pub goals: CompletedGoals = CompletedGoals::Ignore,
    }
    presets {
        /// Pauses and completed goals stop the clock; at the threshold is on track. https://kb.custify.com/lifecycles
        Custify { edges: Edges::Inclusive, goals: CompletedGoals::Stop, pauses: Pauses::Stop }
    }
}

static CARD: Card = Card {
    id: "lifecycle_status",
    name: "Lifecycle status",
    question: "How many customers are on track, behind or stuck in their stage?",
    formula: "accounts by state at the end of the period: time in stage without pauses against its expected duration and the one \
              beyond which it is stuck",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "stages",
    key: "account_id",
    inputs: super::INPUTS,
    dimensions: &["state"],
    attributes: super::ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://kb.custify.com/lifecycles",
        "https://kb.custify.com/what-is-the-difference-between-lifecycles-and-playbooks",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = LifecycleStatus;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let chosen = choices.chosen()?;
        let stops = choices.goals == CompletedGoals::Stop;
        let measure = States { chosen: chosen.clone(), edges: choices.edges, goals_stop: stops };
        let plan = journeys::<Counts<6>, _, _>(&chosen, measure, ByState);
        let without = Pipeline::<_, _, Counts<6>>::entities(AccountRows, WithoutStage(chosen), ByState);
        let plan = Joined::of(Box::new(plan)).and_if_there(Box::new(without));
        Ok(Planned::new(plan).dimensions(CARD.dimensions).label())
    }
}

/// How an account is doing, and for how long it has been in its stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Doing {
    state: LifecycleState,
    elapsed: Micros,
}

impl Class for Doing {
    fn class(&self) -> usize {
        LifecycleState::ALL.iter().position(|(_, _, state)| *state == self.state).unwrap_or(0)
    }
}

impl Value for Doing {
    /// The time in the stage, in seconds.
    fn number(&self) -> Option<f64> {
        Some(self.elapsed as f64 / 1e6)
    }

    fn label(&self) -> Option<&str> {
        Some(Choice::name(self.state))
    }
}

/// One row for each state that occurs.
struct ByState;

impl Formula<Counts<6>> for ByState {
    fn finish(&self, cells: &Cells<'_, Counts<6>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts(counts) = cell.summary;
            let states = LifecycleState::ALL.iter().zip(counts).filter(|(_, count)| *count > 0);
            let mut any = false;
            for ((name, _, _), count) in states {
                any = true;
                let answer = Answer { label: Some((*name).to_owned()), ..Answer::count(count as f64) };
                rows.push(period, &[Key::from(*name)], cell, &answer);
            }
            if !any {
                rows.push(period, &[Key::Null], cell, &Answer::default());
            }
        }
    }
}

struct States {
    chosen: Chosen,
    edges: Edges,
    /// Whether reached goals stop the clock.
    goals_stop: bool,
}

/// When the last of the goals that were set during a stay was reached, if all were by an instant. Goals that cannot be used
/// say nothing.
fn goals_reached(goals: &Goals, account: &Key, stay: &Spell<'_>, at: Micros) -> Option<Micros> {
    let set = goals.of_account(account).filter(|goal| {
        goal.wrong.is_none()
            && goal.created >= stay.entered()
            && goal.created <= at
            && stay.left().is_none_or(|left| goal.created < left)
    });
    let mut last = None;
    for goal in set {
        last = last.max(Some(goal.reached_at(at, GoalEvidence::Any)?));
    }
    last
}

impl JourneyMeasure for States {
    type Value = Doing;
    /// The goals, if they matter and there are any.
    type Side = Option<Arc<Goals>>;

    fn side(&self, context: &Context<'_>) -> Result<Self::Side> {
        let has_goals = context.book.table("goals").is_some();
        (self.goals_stop && has_goals).then(|| Goals::of(context)).transpose()
    }

    fn journey<E: Evidence>(
        &self,
        goals: &Self::Side,
        journey: &KnownJourney<'_>,
        out: &mut Out<'_, '_, impl Sink<Doing>>,
        why: &mut E,
    ) -> Result<()> {
        let Chosen { lifecycle, pauses_stop, .. } = &self.chosen;
        for stay in journey.spells() {
            let row = stay.row() as usize;
            if !out.gated.keeps(row) {
                continue;
            }
            tell_stay(&self.chosen, journey, &stay, out.gated.frame.context.scope.as_of, out, why);
            out.attribute_of_few("stage", stay.stage(), || Key::from(journey.stage(&stay)));
            let reached = |at: Micros| {
                goals.as_ref().and_then(|goals| goals_reached(goals, journey.account(), &stay, at))
            };
            let doing = |end: PeriodEnd| {
                // Where the clock stopped, the account is as it was then; a pause after that is none.
                let reached = reached(end.known);
                let elapsed = stay.elapsed(reached.unwrap_or(end.at), *pauses_stop);
                let pauses = *pauses_stop && reached.is_none();
                let state = LifecycleState::of(lifecycle, &stay, end.known, elapsed, pauses, self.edges);
                Doing { state, elapsed }
            };
            if why.listens()
                && let Some(at) = reached(out.gated.frame.context.scope.as_of)
            {
                why.note("goals", || {
                    format!("all reached by {}", format_instant(at, out.gated.frame.context.scope.zone))
                });
            }
            // Units tell when the stay began, and not when one looks.
            out.stock_of(row, (stay.entered(), stay.left()), |_, end| {
                let fate = journey.exclusion().map_or_else(|| Fate::Observed(doing(end)), Fate::Excluded);
                Ok((Some(stay.entered()), fate))
            })?;
        }
        Ok(())
    }
}

/// Accounts on record, for as long as they are in no stage.
struct WithoutStage(Chosen);

impl EntityMeasure for WithoutStage {
    type Value = Doing;
    type View = AccountRows;
    /// The journeys, and since when there are any.
    type Side = (Arc<Journeys>, Option<Micros>);

    fn inputs(&self) -> &[Input] {
        const { &[Input::required("account_id", InputKind::Any)] }
    }

    fn attributes(&self) -> &'static [&'static str] {
        super::ATTRIBUTES
    }

    fn side(&self, context: &Context<'_>) -> Result<Self::Side> {
        let journeys = Journeys::of(context, &self.0.lifecycle, self.0.refuses)?;
        let begin = journeys.begin(context.scope.as_of);
        Ok((journeys, begin))
    }

    fn entity<E: Evidence>(
        &self,
        (journeys, begin): &Self::Side,
        account: &AccountRow<'_>,
        out: &mut Out<'_, '_, impl Sink<Doing>>,
        why: &mut E,
    ) -> Result<()> {
        let AccountRow { number, row } = *account;
        let scope = out.gated.frame.context.scope;
        let as_of = scope.as_of;
        let began = journeys.begin_of(number, as_of);
        let time = out.gated.time(row);
        let (created, fate) = match out.gated.frame.judge(Fate::Missing, row, time)? {
            None => return Ok(()),
            Some((at, fate @ Fate::Invalid(_))) => return out.put(number, at, fate, Vec::new()),
            Some(judged) => judged,
        };
        // Whoever has no date was always there: as long as anything is asked for, or known.
        let always = || scope.start.unwrap_or_else(|| begin.unwrap_or(as_of));
        let from = created.unwrap_or_else(always);
        if Key::named(row.read(0)) == Key::Null || began.is_some_and(|began| began <= from) {
            return Ok(());
        }
        why.note("stage", || "on record without any stage".to_owned());
        out.stock_of(number, (from, began), |_, _| Ok((None, fate)))
    }
}
