//! How well an account is: a score from 0 to 100, on the first day of each month about the month before.

use std::collections::BTreeSet;

use crate::account::Account;
use crate::calendar::{DAY, HOUR, Instant};
use crate::company::World;
use crate::person::people;
use crate::random::Purpose;
use crate::visit::events;

/// One value of something that is measured again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) at: Instant,
    pub(crate) value: i64,
}

/// Below this an account is at risk.
pub(crate) const LEAST_HEALTH: i64 = 50;
/// What it is worth if all users come.
const USAGE_POINTS: i64 = 50;
/// A month is told when the account had paid for half of it.
const LEAST_PAID: i64 = 14 * DAY;

/// The scores of an account in the order of time: more users who come give more points, the outage takes some away,
/// and so does wanting to leave.
pub(crate) fn health(world: &World, account: &Account) -> Vec<Reading> {
    if account.terms.is_empty() || account.is_lead() {
        return Vec::new();
    }
    let calendar = &world.calendar;
    let mut random = world.random(account.index, Purpose::Health);
    let usual = random.between(42, 58);
    let seen: BTreeSet<(usize, i64)> = events(world, account)
        .iter()
        .filter(|event| event.name != "api_call")
        .filter_map(|event| Some((calendar.month_of(event.at)?, event.user_id?)))
        .collect();
    let people = people(world, account);
    let mut readings = Vec::new();
    for (number, month) in calendar.months().iter().enumerate() {
        let at = calendar.midnight_of(month.end_day) + 6 * HOUR;
        let outage = random.between(15, 35);
        let after_outage = random.between(0, 15);
        let unhappy = random.between(5, 25);
        let returned = random.between(52, 75);
        if at >= calendar.end() {
            break;
        }
        if account.returned.is_some_and(|it| it.from < at && it.to.is_none_or(|to| at < to)) {
            readings.push(Reading { at, value: returned });
            continue;
        }
        if at < account.paid_from + LEAST_PAID || at >= account.until {
            continue;
        }
        let month_end = calendar.midnight_of(month.end_day);
        let there = people.iter().filter(|person| !person.bot && person.created_at < month_end).count();
        let active = seen.range((number, i64::MIN)..(number + 1, i64::MIN)).count();
        let points = |count: usize| i64::try_from(count).unwrap_or(0);
        let mut value = usual + USAGE_POINTS * points(active) / points(there).max(1);
        if number == world.outage_month {
            value -= outage;
        } else if number == world.outage_month + 1 {
            value -= after_outage;
        }
        if account.is_unhappy(at) {
            value -= unhappy;
        }
        readings.push(Reading { at, value: value.clamp(0, 100) });
    }
    readings
}
