//! What users do in the product: visits of a few events each.

use crate::account::{Account, Segment};
use crate::alias;
use crate::calendar::{Instant, SECOND};
use crate::company::World;
use crate::dirt::{self, EventDirt};
use crate::person::{Person, people};
use crate::random::{Purpose, Random};

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: i64,
    /// Whoever did it, also before they signed in.
    pub(crate) user_id: Option<i64>,
    /// The id that stands for them before they have signed in.
    pub(crate) alias_id: Option<i64>,
    pub(crate) account_id: i64,
    pub(crate) at: Instant,
    pub(crate) name: &'static str,
    /// Its place in the visit, from 1.
    pub(crate) seq: i16,
    pub(crate) session_id: i64,
    pub(crate) device_id: i64,
    pub(crate) seconds: i64,
    pub(crate) object_id: Option<i64>,
    pub(crate) value: Option<i64>,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<EventDirt>,
}

/// How many of the usual visits are left on a weekend, during the outage, and before an account leaves.
const WEEKEND_PER_MILLE: i64 = 120;
pub(crate) const OUTAGE_PER_MILLE: i64 = 550;
const UNHAPPY_PER_MILLE: i64 = 500;

/// The event that only enterprise accounts cause.
pub(crate) const ENTERPRISE_EVENT: &str = "webhook_created";
/// The event that stops during the outage.
pub(crate) const OUTAGE_EVENT: &str = "export_run";

/// The events of an account, user by user, each user's in the order of time.
pub(crate) fn events(world: &World, account: &Account) -> Vec<Event> {
    let mut random = world.random(account.index, Purpose::Visits);
    let mut events = Vec::new();
    for person in people(world, account) {
        visits(world, account, &person, &mut random, &mut events);
    }
    for (event, number) in events.iter_mut().zip(1..) {
        event.id = account.id * 100_000_000 + number;
    }
    plant(account, &mut events);
    alias::before_sign_in(world, account, events)
}

fn visits(world: &World, account: &Account, person: &Person, random: &mut Random, events: &mut Vec<Event>) {
    let calendar = &world.calendar;
    let activity = i64::from(world.settings.activity_percent);
    let first = calendar.local_clock(account.region, person.created_at).0;
    let last = calendar.local_clock(account.region, account.until).0;
    let mut session = person.id * 100_000;
    for (number, month) in calendar.months().iter().enumerate() {
        let outage = number == world.outage_month;
        let usual = person.visits_per_mille * activity / 100 * month.season / 1000;
        let usual = if outage { usual * OUTAGE_PER_MILLE / 1000 } else { usual };
        for day in month.first_day.max(first)..month.end_day.min(last + 1) {
            let weekend = !person.bot && calendar.is_weekend(day);
            let likely = if weekend { usual * WEEKEND_PER_MILLE / 1000 } else { usual };
            if !random.chance(likely) {
                continue;
            }
            // Mornings and evenings are rarer than the middle of the day; programs run at night, too.
            let seconds = if person.bot {
                random.below(23 * 3600)
            } else {
                27_000 + random.below(18_000) + random.below(18_000)
            };
            let at = calendar.local(account.region, day, seconds);
            if account.is_unhappy(at) && !random.chance(UNHAPPY_PER_MILLE) {
                continue;
            }
            session += 1;
            visit(account, person, session, at, outage, random, events);
        }
    }
}

fn visit(
    account: &Account,
    person: &Person,
    session_id: i64,
    begun: Instant,
    outage: bool,
    random: &mut Random,
    events: &mut Vec<Event>,
) {
    let count = if person.bot { random.between(3, 8) } else { random.between(1, 5) };
    let device = if person.bot { 0 } else { random.weighted(&[(75, 1), (25, 2)]) };
    let mut at = begun;
    for seq in (1_i16..).take(usize::try_from(count).unwrap_or(0)) {
        let name = match (person.bot, seq) {
            (true, _) => "api_call",
            (false, 1) => "login",
            (false, _) => action(account.segment, outage, random),
        };
        let seconds = random.between(5, 600);
        if at >= account.until {
            return;
        }
        // The first visit may have been drawn for the hours before the user existed.
        if at >= person.created_at {
            let about_a_report = name.starts_with("report");
            events.push(Event {
                id: 0,
                user_id: Some(person.id),
                alias_id: None,
                account_id: account.id,
                at,
                name,
                seq,
                session_id,
                device_id: person.id * 10 + device,
                seconds,
                object_id: about_a_report.then(|| account.id * 100 + random.between(1, 20)),
                value: (name == OUTAGE_EVENT).then(|| random.between(10, 5000)),
                dirt: None,
            });
        }
        at += seconds * SECOND;
    }
}

fn action(segment: Segment, outage: bool, random: &mut Random) -> &'static str {
    let exports = if outage { 0 } else { 12 };
    let webhooks = if segment == Segment::Enterprise { 3 } else { 0 };
    random.weighted(&[
        (45, "report_viewed"),
        (15, "report_created"),
        (exports, OUTAGE_EVENT),
        (10, "dashboard_shared"),
        (10, "search_run"),
        (4, "invite_sent"),
        (webhooks, ENTERPRISE_EVENT),
    ])
}

/// Makes one event of some accounts wrong.
fn plant(account: &Account, events: &mut Vec<Event>) {
    let Some(dirt) = dirt::of_events(account) else { return };
    let middle = events.len() / 2;
    let Some(event) = events.get_mut(middle) else { return };
    match dirt {
        EventDirt::MissingUser => {
            event.user_id = None;
            event.dirt = Some(dirt);
        }
        EventDirt::Duplicate => {
            let again = Event { dirt: Some(dirt), ..event.clone() };
            events.insert(middle + 1, again);
        }
    }
}
