//! How much working time passed between two instants, and when will a target be used up?
//!
//! # Definition
//!
//! `elapsed(a, b)` is the length of `[a, b)` inside the open intervals of one or more schedules; `at(a, target)` is
//! the first instant `t >= a` with `elapsed(a, t) = target`. Instants and lengths are microseconds, exact. This is
//! `business_elapsed`, the clock under every business-time KPI.
//!
//! A [`Schedule`] holds rows of the tables `schedules` and `holidays`; [`OpenHours`] is one schedule, or several
//! together, worked out over a span of time.
//!
//! # Example
//!
//! ```
//! use tenure::calendar::{HolidayRow, OpenHours, Schedule};
//! use tenure::When;
//! # fn instant(text: &str) -> i64 { chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros() }
//! const HOUR: i64 = 3_600_000_000;
//!
//! let mut london = Schedule::weekly("london", "Europe/London", 1..=5, &[("09:00", "12:00"), ("13:00", "17:00")])?;
//! london.holiday(&HolidayRow::closed("2026-12-25"))?;
//! london.holiday(&HolidayRow::closed("2026-12-28"))?;
//! let hours = OpenHours::new([&london], instant("2026-01-01T00:00:00Z")..instant("2027-02-01T00:00:00Z"))?;
//!
//! // Opened on Thursday 24 December at 16:30 with eight hours to go: half an hour that day; Friday and Monday are
//! // holidays; seven hours on Tuesday 29 December; half an hour on Wednesday.
//! let opened = instant("2026-12-24T16:30:00Z");
//! let due = instant("2026-12-30T09:30:00Z");
//! assert_eq!(hours.at(opened, 8 * HOUR), Some(due));
//! assert_eq!(hours.elapsed(opened, due), 8 * HOUR);
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! # Which instants are open
//!
//! - **Rows are unioned.** Several rows a day leave breaks between them; rows that overlap or touch are one
//!   interval; several schedules are open when any of them is.
//! - **A shift belongs to the date on which it opens.** `closes` before `opens` ends on the next date; equal to it is
//!   24 hours; `24:00` is the end of the date.
//! - **Clock changes.** A shift is open from the first to the last instant at which the zone's clock reads a time of
//!   it. So an opening inside a skipped hour is the end of that hour, and so is a closing; of an opening time that
//!   happens twice the first counts, of a closing time the last. A shift that closes just as the repeated hour
//!   begins closes the first time: nothing of the shift is read after. A break inside the repeated hour disappears.
//! - **A holiday decides its date**, from local midnight to the next in the schedule's own zone: the weekly hours of
//!   that date are void, also what a shift of the day before would reach into it, and the hours that the holiday
//!   names hold instead: `opens` and `closes` of a holiday say when it is **open**. Without them the date is closed.
//!   A shift that begins on a holiday's evening still opens the part that lies on the next date, unless that is a
//!   holiday too; hours named by a holiday may run past midnight likewise. Several rows for one date are unioned,
//!   and of a row with hours and a row without, the hours hold: they are the more specific.
//! - **Versions.** A row counts from `valid_from` up to, not including, `valid_to`: instants, or local times of the
//!   row's zone, where a date is its first instant. A version is cut off there, also inside a shift. Rows may name
//!   different zones (a team that moved); a holiday is then its date in each of them.
//! - **The years 1901 to 2099** are worked out, as far as the compiled-in zone rules go; before and after, the first
//!   and the last week repeat. A validity that reaches out of them has no end there, so `9999-12-31` means what it
//!   is meant to.
//!
//! # Edge cases
//!
//! | question | answer |
//! |---|---|
//! | `elapsed(a, b)` with `a >= b` | 0: whether that is an error is the KPI's policy |
//! | no open time between `a` and `b` | 0; with [`OpenHours::is_open`] a KPI tells it from a same-instant answer |
//! | a target of zero or less | used up at `a` |
//! | a target used up exactly at closing time | that closing time, not the next opening |
//! | a target that the schedule never reaches, as it ends before | `None` |
//! | a schedule without open time | an error when it is worked out |
//!
//! # Sources
//!
//! - Hours of a special day are its open hours and replace the weekly ones: schema.org
//!   `specialOpeningHoursSpecification` (whose `opens`, `closes`, overnight rule and "closed without `opens`" these
//!   rows share), Google Business Profile `SpecialHourPeriod`, the holiday hours of `HelpSpot`, the exceptions of
//!   `SupportCandy`. Salesforce's `Holiday` names the hours that are *closed* instead: give the rest of the day's
//!   hours as rows. Zendesk's holidays are ranges of whole dates: one row a date.
//! - Holidays as local dates that cut shifts at midnight: Zendesk, whose intervals cannot span days; `workclock`.
//! - Defects that this avoids: `dbt_zendesk` issues 25 (one offset for all seasons), 92 and 117 (holidays ignored, then
//!   in UTC beside local hours), pull request 114 (holidays one second short, versions merged across clock changes),
//!   issue 215 (24/7 that is not calendar time).

mod compile;
mod intervals;
mod open_hours;
mod perpetual;
mod row;
mod schedule;
mod tables;
mod timetable;

#[cfg(test)]
mod clock_changes;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use intervals::Intervals;
pub use open_hours::OpenHours;
pub use row::{ClockTime, HolidayRow, OpenRow};
pub use schedule::Schedule;
pub(crate) use tables::Schedules;

use crate::scope::Micros;

const DAY: Micros = 86_400_000_000;
const WEEK: Micros = 7 * DAY;

/// The first instant of 1901, and that after the last of 2099, UTC: what validity and holidays may name.
const MODELLED: std::ops::Range<Micros> = -2_177_452_800_000_000..4_102_444_800_000_000;
