//! Checks of the services: every six hours for nobody in particular, and on every working day for each account.

use crate::account::Account;
use crate::calendar::{HOUR, Instant};
use crate::company::World;
use crate::incident::{Incident, SERVICES, incidents};
use crate::random::{Purpose, Random};

/// One check of one service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) service: &'static str,
    pub(crate) at: Instant,
    pub(crate) ok: bool,
    /// None where nothing was answered.
    pub(crate) latency_ms: Option<i32>,
    /// None for the company's own.
    pub(crate) account_id: Option<i64>,
    pub(crate) maintenance: bool,
}

/// How many checks fail although nothing is known to be down, in thousandths.
const FAILED_PER_MILLE: i64 = 3;
/// How many answers take several times as long as usual, in thousandths.
const SLOW_PER_MILLE: i64 = 40;

/// The checks of an account in the order of time; those for nobody in particular come with the company's own.
pub(crate) fn probes(world: &World, account: &Account) -> Vec<Probe> {
    let incidents = incidents(world);
    let mut random = world.random(account.index, Purpose::Probes);
    let mut probes = Vec::new();
    if account.internal {
        for day in 0..world.calendar.days() {
            for hour in [3, 9, 15, 21] {
                let at = world.calendar.midnight_of(day) + hour * HOUR;
                probes.extend(SERVICES.map(|service| check(&incidents, service, at, None, &mut random)));
            }
        }
        return probes;
    }
    let (first, _) = world.calendar.local_clock(account.region, account.created_at);
    let (last, _) = world.calendar.local_clock(account.region, account.until);
    for day in (first + 1..last).filter(|day| !world.calendar.is_weekend(*day)) {
        let at = world.calendar.local(account.region, day, random.between(8 * 3600, 18 * 3600));
        let service = random.pick(&SERVICES);
        probes.push(check(&incidents, service, at, Some(account.id), &mut random));
    }
    probes
}

fn check(
    incidents: &[Incident],
    service: &'static str,
    at: Instant,
    account_id: Option<i64>,
    random: &mut Random,
) -> Probe {
    let usual = match service {
        "api" => 90,
        "app" => 220,
        _ => 420,
    };
    let slow = if random.chance(SLOW_PER_MILLE) { random.between(3, 8) } else { 1 };
    let latency = (usual / 2 + random.below(usual)) * slow;
    let failed = random.chance(FAILED_PER_MILLE);
    let down = || incidents.iter().filter(|incident| incident.covers(service, at));
    let ok = !failed && down().next().is_none();
    Probe {
        service,
        at,
        ok,
        latency_ms: i32::try_from(latency).ok().filter(|_| ok),
        account_id,
        maintenance: down().any(|incident| incident.planned),
    }
}
