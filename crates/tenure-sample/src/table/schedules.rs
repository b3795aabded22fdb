//! `schedules`: when teams work. The company's own, so all its rows come with the company's own account.

use super::Table;
use crate::column::{Field, Read};
use crate::schedule::{Hours, Schedule};

pub(super) static TABLE: Table<Shift> = Table {
    name: "schedules",
    columns: &[
        Field { name: "schedule_id", read: Read::Text(|it| Some(it.schedule.name())) },
        Field { name: "zone", read: Read::Word(|it| Some(it.schedule.region().zone().name())) },
        Field { name: "weekday", read: Read::I8(|it| Some(it.weekday)) },
        Field { name: "opens", read: Read::Text(|it| Some(clock(it.hours.0))) },
        Field { name: "closes", read: Read::Text(|it| Some(clock(it.hours.1))) },
    ],
    rows: |_, account| if account.internal { shifts() } else { Vec::new() },
};

/// One shift of a week.
#[derive(Debug)]
pub(super) struct Shift {
    schedule: Schedule,
    weekday: i8,
    hours: Hours,
}

fn shifts() -> Vec<Shift> {
    let of_day = |schedule: Schedule, weekday: i8| {
        let shifts = schedule.shifts(i64::from(weekday)).iter();
        shifts.map(move |hours| Shift { schedule, weekday, hours: *hours })
    };
    Schedule::all().flat_map(|it| (1..=7).flat_map(move |weekday| of_day(it, weekday))).collect()
}

/// `HH:MM`.
pub(super) fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
