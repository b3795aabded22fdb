//! What was planted in the stages and the goals, counted from the plan of the company.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::calendar::{DAY, Instant};
use crate::company::World;
use crate::dirt::{self, StageDirt};
use crate::goal::Goal;
use crate::journey::{Entry, Journey};
use crate::stage::Stage;

/// The stages of accounts and leads at the end of the company's data, the company's own account left out. Rows with an
/// unknown stage, from before the account was known, or of another stage at the instant of a move say nothing; a move that
/// the model does not allow happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleTruth {
    /// Leads that never signed up.
    pub leads: u64,
    /// Those of them that are lost.
    pub lost_leads: u64,
    /// How many times one stage followed another.
    pub moves: u64,
    /// How many are in which stage.
    pub stages: BTreeMap<String, u64>,
    /// How many are `on_track`, `behind`, `stuck`, `paused` and `churned`, by the time in their stage without pauses.
    pub states: BTreeMap<String, u64>,
    /// The accounts whose last stage nobody wrote down. Grows with the company.
    pub forgotten: Vec<i64>,
    /// The accounts that are in another stage than subscription, onboarding and health say: those that were forgotten,
    /// and those that nobody has got to yet. Grows with the company.
    pub differing: Vec<i64>,
    /// The accounts that left and came back. Grows with the company.
    pub returned: Vec<i64>,
    /// What accounts want to reach.
    pub goals: GoalTruth,
}

/// Goals, all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalTruth {
    /// Closed as won.
    pub won: u64,
    /// Closed as lost.
    pub lost: u64,
    /// Not closed.
    pub open: u64,
    /// Goals with a measured value that met the target after they were created, until they were closed or due.
    pub met: u64,
    /// Won, with a rating of 7 or more: the required outcome and the appropriate experience.
    pub won_happily: u64,
    /// Won, with a rating of 6 or less: the required outcome alone.
    pub won_unhappily: u64,
    /// Lost, with a rating of 7 or more: the appropriate experience alone.
    pub lost_happily: u64,
    /// Closed without a rating.
    pub unrated: u64,
    /// Won, and somebody looked whether that is true.
    pub verified: u64,
}

impl LifecycleTruth {
    /// Takes in the way of an account or a lead.
    pub(super) fn add_account(&mut self, world: &World, account: &Account, journey: &Journey) {
        if account.internal {
            return;
        }
        let end = world.calendar.end();
        let valid = journey.entries.iter().filter(|entry| {
            use StageDirt::{BeforeAccount, SameInstant, UnknownStage};
            !matches!(entry.dirt, Some(UnknownStage | BeforeAccount | SameInstant))
        });
        let mut stay: Option<Stay> = None;
        for entry in valid {
            let same = stay.filter(|stay| stay.stage == entry.stage);
            self.moves += u64::from(stay.is_some() && same.is_none());
            let entered = Stay { stage: entry.stage, from: entry.at, paused: 0, paused_from: None };
            stay = Some(same.unwrap_or(entered).paused(entry));
        }
        self.leads += u64::from(account.is_lead());
        if account.returned.is_some() {
            self.returned.push(account.id);
        }
        let Some(stay) = stay else { return };
        self.lost_leads += u64::from(account.is_lead() && stay.stage == Stage::Churned);
        *self.stages.entry(stay.stage.name().to_owned()).or_default() += 1;
        *self.states.entry(stay.state(end).to_owned()).or_default() += 1;
        if journey.told.is_some_and(|stage| stage != stay.stage) {
            self.differing.push(account.id);
            if dirt::forgets_last_stage(account) && !account.is_lead() {
                self.forgotten.push(account.id);
            }
        }
    }

    /// Takes in the goals of an account.
    pub(super) fn add_goals(&mut self, goals: &[Goal]) {
        let truth = &mut self.goals;
        for goal in goals {
            let happy = goal.experience.map(|experience| experience >= 7);
            let won = goal.closing.map(|(_, won)| won);
            truth.won += u64::from(won == Some(true));
            truth.lost += u64::from(won == Some(false));
            truth.open += u64::from(won.is_none());
            truth.met += u64::from(goal.is_met());
            truth.won_happily += u64::from((won, happy) == (Some(true), Some(true)));
            truth.won_unhappily += u64::from((won, happy) == (Some(true), Some(false)));
            truth.lost_happily += u64::from((won, happy) == (Some(false), Some(true)));
            truth.unrated += u64::from(won.is_some() && happy.is_none());
            truth.verified += u64::from(goal.verified_at.is_some());
        }
    }
}

/// The stage that an account is in.
#[derive(Debug, Clone, Copy)]
struct Stay {
    stage: Stage,
    from: Instant,
    /// How long it was paused before.
    paused: i64,
    /// Since when it is.
    paused_from: Option<Instant>,
}

impl Stay {
    fn paused(mut self, entry: &Entry) -> Self {
        match entry.paused {
            Some(true) => self.paused_from = self.paused_from.or(Some(entry.at)),
            Some(false) => self.paused += self.paused_from.take().map_or(0, |from| entry.at - from),
            None => {}
        }
        self
    }

    fn state(&self, end: Instant) -> &'static str {
        let elapsed = end - self.from - self.paused;
        match self.stage.expected_and_stuck_days() {
            _ if self.stage == Stage::Churned => "churned",
            _ if self.paused_from.is_some() => "paused",
            Some((_, stuck)) if elapsed > stuck * DAY => "stuck",
            Some((expected, _)) if elapsed > expected * DAY => "behind",
            _ => "on_track",
        }
    }
}
