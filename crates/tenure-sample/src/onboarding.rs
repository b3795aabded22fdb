//! The first steps of an account.

use crate::account::Account;
use crate::calendar::{DAY, HOUR, Instant};
use crate::company::World;
use crate::random::{Purpose, Random};

/// One step of an account's onboarding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) account_id: i64,
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    /// None before anybody began with it.
    pub(crate) started_at: Option<Instant>,
    pub(crate) completed_at: Option<Instant>,
}

/// The steps, whether they are required, and at which part of the whole time they start and end, in percent.
const STEPS: [(&str, bool, i64, i64); 6] = [
    ("kickoff", true, 0, 10),
    ("import_data", true, 10, 40),
    ("invite_team", true, 25, 65),
    ("connect_api", false, 50, 110),
    ("first_report", true, 70, 100),
    ("single_sign_on", false, 80, 140),
];
/// How many accounts take a step that is not required, in thousandths.
const OPTIONAL_PER_MILLE: i64 = 500;

/// The steps of an account. Most are through within a month, some take a quarter, a few much longer.
pub(crate) fn onboarding(world: &World, account: &Account) -> Vec<Step> {
    if account.internal {
        return Vec::new();
    }
    let mut random = world.random(account.index, Purpose::Onboarding);
    let days = random.weighted(&[(72, (8, 29)), (20, (31, 89)), (8, (91, 160))]);
    let span = random.between(days.0, days.1) * DAY;
    let mut steps = Vec::new();
    for (name, required, start, end) in STEPS {
        let taken = random.chance(OPTIONAL_PER_MILLE) || required;
        let begun = account.created_at + HOUR + span / 100 * start;
        let started_at = world.calendar.awake(account.region, begun).max(account.created_at);
        let completed_at = ended(world, account, span / 100 * end, &mut random).max(started_at + HOUR);
        let known = |at: Instant| Some(at).filter(|at| taken && account.is_alive(*at));
        steps.push(Step {
            account_id: account.id,
            name,
            required,
            started_at: known(started_at),
            completed_at: known(completed_at),
        });
    }
    steps
}

fn ended(world: &World, account: &Account, after: i64, random: &mut Random) -> Instant {
    let at = account.created_at + after + random.below(8 * 60) * HOUR / 60;
    world.calendar.awake(account.region, at)
}

/// When the last required step was completed; none while one is open.
pub(crate) fn finished_at(steps: &[Step]) -> Option<Instant> {
    let required = steps.iter().filter(|step| step.required).map(|step| step.completed_at);
    required.collect::<Option<Vec<_>>>()?.into_iter().max()
}
