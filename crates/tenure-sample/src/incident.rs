//! When services were down: exports during the whole month of the outage, any of them now and then for less than
//! three hours, and the application for two hours of maintenance on the first Sunday of each month.

use crate::calendar::{DAY, HOUR, Instant, MINUTE, Month, SECOND};
use crate::company::World;
use crate::dirt::IncidentDirt;
use crate::random::{Purpose, Random};

/// One incident of one service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incident {
    /// Its number, from 1, in the order of time.
    pub(crate) id: i64,
    pub(crate) service: &'static str,
    pub(crate) planned: bool,
    pub(crate) started_at: Instant,
    /// Nobody has to notice what was planned.
    pub(crate) detected_at: Option<Instant>,
    pub(crate) acknowledged_at: Option<Instant>,
    pub(crate) repair_started_at: Option<Instant>,
    /// None where it is still down, and in the one that is wrong.
    pub(crate) repaired_at: Option<Instant>,
    pub(crate) resolved_at: Option<Instant>,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<IncidentDirt>,
}

pub(crate) const SERVICES: [&str; 3] = ["app", "api", "exports"];
/// The service that is down during the outage.
pub(crate) const OUTAGE_SERVICE: &str = "exports";

impl Incident {
    /// Whether its service was down at an instant. One that is wrong was never down.
    pub(crate) fn covers(&self, service: &str, at: Instant) -> bool {
        let over = self.repaired_at.is_some_and(|end| end <= at);
        self.dirt.is_none() && self.service == service && self.started_at <= at && !over
    }
}

/// The incidents of the company, in the order of time.
pub(crate) fn incidents(world: &World) -> Vec<Incident> {
    let calendar = &world.calendar;
    let mut random = world.random(0, Purpose::Incidents);
    let mut incidents = Vec::new();
    for (number, month) in calendar.months().iter().enumerate() {
        incidents.push(maintenance(world, month));
        let outage = number == world.outage_month;
        if outage {
            let (from, until) = (calendar.midnight_of(month.first_day), calendar.midnight_of(month.end_day));
            incidents.push(failure(OUTAGE_SERVICE, from, until, &mut random));
        }
        for _ in 0..random.weighted(&[(4, 0), (4, 1), (2, 2)]) {
            let service = random.pick(if outage { &["app", "api"] } else { &SERVICES });
            let day = random.between(month.first_day, month.end_day - 3);
            let from = calendar.midnight_of(day) + random.below(86_400) * SECOND;
            let until = from + random.between(5, 170) * MINUTE;
            incidents.push(failure(service, from, until, &mut random));
        }
    }
    let open = failure("api", calendar.end() - 5 * HOUR, calendar.end(), &mut random);
    incidents.push(Incident { repaired_at: None, resolved_at: None, ..open });
    let from = calendar.end() - 10 * DAY;
    let wrong = failure("app", from, from + HOUR, &mut random);
    incidents.push(Incident {
        repaired_at: None,
        resolved_at: Some(from - HOUR),
        dirt: Some(IncidentDirt::ResolvedBeforeStarted),
        ..wrong
    });
    incidents.sort_by_key(|incident| incident.started_at);
    for (incident, id) in incidents.iter_mut().zip(1..) {
        incident.id = id;
        // What happens later is not known.
        for end in [&mut incident.repaired_at, &mut incident.resolved_at] {
            *end = end.filter(|at| *at < calendar.end());
        }
    }
    incidents
}

/// From 2:00 to 4:00 UTC on the first Sunday.
fn maintenance(world: &World, month: &Month) -> Incident {
    let sunday = month.first_day + 7 - world.calendar.weekday(month.first_day);
    let from = world.calendar.midnight_of(sunday) + 2 * HOUR;
    let until = Some(from + 2 * HOUR);
    Incident {
        id: 0,
        service: "app",
        planned: true,
        started_at: from,
        detected_at: None,
        acknowledged_at: None,
        repair_started_at: Some(from),
        repaired_at: until,
        resolved_at: until,
        dirt: None,
    }
}

/// A service that was down from one instant to another, and how people went about it.
fn failure(service: &'static str, from: Instant, until: Instant, random: &mut Random) -> Incident {
    let detected = from + random.between(20, 120) * SECOND;
    let acknowledged = detected + random.between(10, 60) * SECOND;
    let repair_started = acknowledged + random.between(10, 90) * SECOND;
    let resolved = until + random.between(10, 600) * MINUTE;
    Incident {
        id: 0,
        service,
        planned: false,
        started_at: from,
        detected_at: Some(detected),
        acknowledged_at: Some(acknowledged),
        repair_started_at: Some(repair_started),
        repaired_at: Some(until),
        resolved_at: Some(resolved),
        dirt: None,
    }
}
