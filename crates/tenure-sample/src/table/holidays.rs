//! `holidays`: when the desks of the technical team have other hours. The company's own, so all its rows come with
//! the company's own account.

use chrono::NaiveDate;

use super::Table;
use super::schedules::clock;
use crate::column::{Field, Read};
use crate::company::World;
use crate::schedule::{Desk, Hours};

pub(super) static TABLE: Table<Closure> = Table {
    name: "holidays",
    columns: &[
        Field { name: "schedule_id", read: Read::Word(|it| Some(it.desk.schedule())) },
        Field { name: "date", read: Read::Text(|it| Some(it.date.to_string())) },
        Field { name: "opens", read: Read::Text(|it| it.hours.map(|hours| clock(hours.0))) },
        Field { name: "closes", read: Read::Text(|it| it.hours.map(|hours| clock(hours.1))) },
    ],
    rows: |world, account| if account.internal { dates(world) } else { Vec::new() },
};

/// One holiday of one year.
#[derive(Debug)]
pub(super) struct Closure {
    desk: Desk,
    date: NaiveDate,
    hours: Option<Hours>,
}

/// All holidays while the company exists, and the days around, which are other dates elsewhere.
fn dates(world: &World) -> Vec<Closure> {
    let days = -1..=world.calendar.days();
    let of_day = |desk: Desk, day| {
        let holiday = desk.holiday(&world.calendar, day)?;
        Some(Closure { desk, date: world.calendar.date(day)?, hours: holiday.hours })
    };
    Desk::ALL.into_iter().flat_map(|desk| days.clone().filter_map(move |day| of_day(desk, day))).collect()
}
