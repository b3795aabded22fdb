//! `sla_policies`: what customers were promised. The company's own, so all its rows come with the company's own
//! account.

use super::Table;
use crate::calendar::Instant;
use crate::column::{Field, Read};
use crate::company::World;

pub(super) static TABLE: Table<Promise> = Table {
    name: "sla_policies",
    columns: &[
        Field { name: "policy_id", read: Read::Text(|it| Some(format!("{}_{}", it.metric, it.priority))) },
        Field { name: "metric", read: Read::Word(|it| Some(it.metric)) },
        Field { name: "priority", read: Read::Word(|it| Some(it.priority)) },
        Field { name: "target_seconds", read: Read::I64(|it| Some(it.minutes * 60)) },
        Field { name: "clock", read: Read::Word(|it| Some(it.clock)) },
        Field { name: "pauses", read: Read::Words(|it| it.pauses) },
        Field { name: "valid_from", read: Read::Time(|it| it.from) },
        Field { name: "valid_to", read: Read::Time(|it| it.to) },
    ],
    rows: |world, account| if account.internal { promises(world) } else { Vec::new() },
};

/// One target for one priority. Its hours are those of the conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise {
    metric: &'static str,
    priority: &'static str,
    minutes: i64,
    clock: &'static str,
    pauses: Option<&'static [&'static str]>,
    from: Option<Instant>,
    to: Option<Instant>,
}

const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];
const FIRST: [i64; 4] = [60, 240, 480, 960];
const NEXT: [i64; 4] = [120, 240, 480, 960];
const RESOLUTION: [i64; 4] = [8 * 60, 24 * 60, 72 * 60, 120 * 60];
const PAUSES: &[&str] = &["pending", "on_hold"];

/// First and next responses in working time; resolutions too, and the clock stands still while others must act.
/// Urgent ones are promised by the calendar. Halfway through, a first response to normal ones was promised in
/// half the time.
fn promises(world: &World) -> Vec<Promise> {
    let halfway = world.calendar.midnight_of(world.calendar.days() / 2);
    let metrics = [
        ("first_response", FIRST, None),
        ("next_response", NEXT, None),
        ("resolution", RESOLUTION, Some(PAUSES)),
    ];
    let mut promises = Vec::new();
    for (metric, targets, pauses) in metrics {
        for (priority, minutes) in PRIORITIES.into_iter().zip(targets) {
            let clock = if priority == "urgent" { "calendar" } else { "business" };
            let promise = Promise { metric, priority, minutes, clock, pauses, from: None, to: None };
            if (metric, priority) == ("first_response", "normal") {
                promises.push(Promise { to: Some(halfway), ..promise });
                promises.push(Promise { minutes: minutes / 2, from: Some(halfway), ..promise });
            } else {
                promises.push(promise);
            }
        }
    }
    promises
}
