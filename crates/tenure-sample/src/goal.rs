//! What accounts want to reach with us, and what became of it.
//!
//! Whether a goal was reached and whether the account liked the way there are drawn apart, so that some are reached
//! and badly rated, and some are missed by people who are content.

use crate::account::Account;
use crate::calendar::{DAY, HOUR, Instant};
use crate::company::World;
use crate::dirt::{self, GoalDirt};
use crate::health::Reading;
use crate::interaction::REACTIVE_MANAGER;
use crate::random::{Purpose, Random};

/// One goal of an account.
#[derive(Debug, Clone)]
pub(crate) struct Goal {
    pub(crate) id: i64,
    pub(crate) account_id: i64,
    pub(crate) weight: i8,
    pub(crate) metric: &'static str,
    pub(crate) baseline: i64,
    pub(crate) target: Option<i64>,
    pub(crate) created_at: Instant,
    pub(crate) due_at: Instant,
    /// When it was closed, and whether as won.
    pub(crate) closing: Option<(Instant, bool)>,
    pub(crate) verified_at: Option<Instant>,
    /// How the account rates the way there, 0 to 10.
    pub(crate) experience: Option<i8>,
    /// What was measured of it, until it was closed or due.
    pub(crate) readings: Vec<Reading>,
    /// What is odd about it on purpose.
    pub(crate) dirt: Option<GoalDirt>,
}

impl Goal {
    pub(crate) fn closed_at(&self) -> Option<Instant> {
        self.closing.map(|(at, _)| at)
    }

    pub(crate) fn outcome(&self) -> &'static str {
        match self.closing {
            Some((_, true)) => "won",
            Some((_, false)) => "lost",
            None => "open",
        }
    }

    /// Whether people still work on it.
    pub(crate) fn is_open_at(&self, at: Instant) -> bool {
        (self.created_at..self.settled_at()).contains(&at)
    }

    /// Whether what was measured of it met the target.
    pub(crate) fn is_met(&self) -> bool {
        self.readings.iter().any(|reading| self.is_met_by(reading.value))
    }

    fn settled_at(&self) -> Instant {
        self.closed_at().unwrap_or(self.due_at).min(self.due_at)
    }
}

/// A metric, what it may be at first, and by how much of that it is to change, in percent.
#[derive(Debug, Clone, Copy, Default)]
struct Metric {
    name: &'static str,
    baseline: (i64, i64),
    change_percent: (i64, i64),
}

const METRICS: [Metric; 5] = [
    Metric { name: "active_colleagues", baseline: (4, 20), change_percent: (40, 120) },
    Metric { name: "reports_per_month", baseline: (10, 60), change_percent: (30, 100) },
    Metric { name: "hours_on_reports", baseline: (20, 60), change_percent: (-60, -25) },
    Metric { name: "error_percent", baseline: (8, 30), change_percent: (-70, -30) },
    Metric { name: "data_sources", baseline: (2, 8), change_percent: (50, 150) },
];

/// How a goal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Course {
    /// Reached after this part of its time, in thousandths.
    Reached(i64),
    /// On its due day this part of the way was gone, in thousandths; negative where things got worse.
    Missed(i64),
    /// Nobody measured.
    #[default]
    Unmeasured,
}

/// The goals of an account in the order in which they were agreed on.
pub(crate) fn goals(world: &World, account: &Account) -> Vec<Goal> {
    let with_goals = account.manager.is_some_and(|manager| manager != REACTIVE_MANAGER);
    let dirt = dirt::of_goals(account);
    if account.internal || account.is_lead() || !(with_goals || dirt.is_some()) {
        return Vec::new();
    }
    let mut random = world.random(account.index, Purpose::Goals);
    let most = random.between(1, 4);
    let first_metric = random.below(5);
    let mut created_at = account.paid_from + random.between(5, 40) * DAY;
    let mut goals = Vec::new();
    for number in 1..=most {
        let metric = (first_metric + number).rem_euclid(5);
        let metric = usize::try_from(metric).ok().and_then(|metric| METRICS.get(metric));
        let created = world.calendar.awake(account.region, created_at);
        let Some(metric) = metric.filter(|_| account.is_alive(created)) else { break };
        let dirt = dirt.filter(|_| number == 1);
        goals.push(goal(world, account, (account.id * 1000 + number, created), metric, dirt, &mut random));
        created_at += random.between(100, 220) * DAY;
    }
    goals
}

fn goal(
    world: &World,
    account: &Account,
    (id, created_at): (i64, Instant),
    metric: &Metric,
    dirt: Option<GoalDirt>,
    random: &mut Random,
) -> Goal {
    let (low, high) = metric.baseline;
    let mut baseline = random.between(low, high);
    let percent = random.between(metric.change_percent.0, metric.change_percent.1);
    // At least one in the direction of the change.
    let change = (baseline * percent / 100).abs().max(1) * percent.signum();
    let mut target = Some(baseline + change);
    let drawn = [random.between(350, 950), random.between(300, 850), random.between(-150, 150)];
    let [reached, partly, hardly] = drawn;
    let course = random.weighted(&[
        (55, Course::Reached(reached)),
        (25, Course::Missed(partly)),
        (12, Course::Missed(hardly)),
        (8, Course::Unmeasured),
    ]);
    let mut name = metric.name;
    match dirt {
        Some(GoalDirt::MissingTarget) => target = None,
        Some(GoalDirt::TargetIsBaseline) => target = Some(baseline),
        Some(GoalDirt::NegativeBaseline) => {
            (name, baseline, target) = ("score_of_their_customers", -2 * baseline, Some(baseline));
        }
        None => {}
    }
    let course = match dirt {
        Some(GoalDirt::MissingTarget | GoalDirt::TargetIsBaseline) => Course::Unmeasured,
        _ => course,
    };
    let mut goal = Goal {
        id,
        account_id: account.id,
        weight: random.pick(&[1, 1, 2, 3]),
        metric: name,
        baseline,
        target,
        created_at,
        due_at: created_at + random.pick(&[90, 120, 180]) * DAY,
        closing: None,
        verified_at: None,
        experience: None,
        readings: Vec::new(),
        dirt,
    };
    goal.measure(world, account, course);
    goal.settle(account, random);
    goal
}

impl Goal {
    /// On the first of each month somebody looks how far it is.
    fn measure(&mut self, world: &World, account: &Account, course: Course) {
        let Some(target) = self.target else { return };
        let span = (self.due_at - self.created_at) / HOUR;
        for month in world.calendar.months() {
            let at = world.calendar.midnight_of(month.first_day) + 7 * HOUR;
            if at <= self.created_at || at > self.due_at || !account.is_alive(at) {
                continue;
            }
            let elapsed = (at - self.created_at) / HOUR;
            let per_mille = match course {
                Course::Reached(part) => (1_000_000 * elapsed / (span * part)).min(1100),
                Course::Missed(part) => part * elapsed / span,
                Course::Unmeasured => return,
            };
            let value = self.baseline + (target - self.baseline) * per_mille / 1000;
            self.readings.push(Reading { at, value });
        }
    }

    /// Somebody closes it, people say how it was, and we look whether it is true.
    fn settle(&mut self, account: &Account, random: &mut Random) {
        let met_at = self.readings.iter().find(|reading| self.is_met_by(reading.value)).map(|it| it.at);
        let days = random.between(1, 20) * DAY;
        let by_hand = random.chance(750);
        let closing = match met_at {
            Some(met_at) => (met_at + days, true),
            // Where nobody can measure, somebody knows; unless there is nothing to know.
            None if self.readings.is_empty() => (self.due_at + days - 10 * DAY, true),
            None => (self.due_at + days, false),
        };
        let known = |at: Instant| account.is_alive(at);
        let nothing_to_reach = self.dirt == Some(GoalDirt::TargetIsBaseline);
        self.closing = Some(closing).filter(|(at, _)| by_hand && !nothing_to_reach && known(*at));
        if let Some(closed_at) = self.closed_at() {
            self.readings.retain(|reading| reading.at <= closed_at);
        }
        let settled_at = self.settled_at();
        let grim = account.is_unhappy(settled_at);
        let good_per_mille = match (self.outcome(), grim) {
            ("won", false) => 750,
            ("won", true) => 400,
            (_, false) => 350,
            (_, true) => 100,
        };
        let (good, bad) = (random.between(7, 10), random.between(1, 6));
        let rating = if random.chance(good_per_mille) { good } else { bad };
        let rated = random.chance(750) && known(settled_at);
        self.experience = i8::try_from(rating).ok().filter(|_| rated);
        let looked_at = random.chance(650);
        let verified = self.closing.map(|(at, _)| at + random.between(2, 40) * DAY);
        self.verified_at = verified.filter(|at| looked_at && self.outcome() == "won" && known(*at));
    }

    fn is_met_by(&self, value: i64) -> bool {
        self.target.is_some_and(|target| {
            if target > self.baseline { value >= target } else { target < self.baseline && value <= target }
        })
    }
}
