//! Rows of the tables `schedules` and `holidays`, as they were read.

use super::DAY;
use crate::error::{Error, ErrorKind, Result, quoted};
use crate::scope::{Micros, When};
use chrono::{NaiveDate, NaiveTime, Timelike};
use std::fmt;

/// A local time of day: ISO text, or microseconds since midnight.
///
/// Text is `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`; `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockTime<'r> {
    /// `09:00`
    Text(&'r str),
    /// Microseconds since midnight, from 0 to 86,400,000,000.
    Micros(Micros),
}

impl<'r> From<&'r str> for ClockTime<'r> {
    fn from(text: &'r str) -> Self {
        ClockTime::Text(text)
    }
}

impl From<Micros> for ClockTime<'_> {
    fn from(micros: Micros) -> Self {
        ClockTime::Micros(micros)
    }
}

impl fmt::Display for ClockTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockTime::Text(text) => f.write_str(&quoted(text)),
            ClockTime::Micros(micros) => write!(f, "{micros} microseconds"),
        }
    }
}

impl ClockTime<'_> {
    /// Microseconds since midnight, the end of the day included.
    fn micros(self) -> Option<Micros> {
        let micros = match self {
            ClockTime::Micros(micros) => micros,
            ClockTime::Text(text) => match text.trim().strip_prefix("24:") {
                Some(rest) if time_of_day(&format!("00:{rest}"))? == 0 => DAY,
                Some(_) => return None,
                None => time_of_day(text.trim())?,
            },
        };
        (0..=DAY).contains(&micros).then_some(micros)
    }
}

fn time_of_day(text: &str) -> Option<Micros> {
    let formats = ["%H:%M", "%H:%M:%S%.f"];
    let time = formats.iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())?;
    Some(Micros::from(time.num_seconds_from_midnight()) * 1_000_000 + Micros::from(time.nanosecond() / 1_000))
}

/// One row of `schedules`: open hours of one weekday.
///
/// ```
/// use tenure::calendar::{OpenRow, Schedule};
/// let mut night = Schedule::new("night");
/// // Monday 22:00 to Tuesday 06:00, from July on.
/// night.open(&OpenRow::new("Asia/Kolkata", 1, "22:00", "06:00").valid_from("2026-07-01"))?;
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow<'r> {
    /// IANA name of the zone of `opens` and `closes`.
    pub zone: &'r str,
    /// 1 Monday to 7 Sunday.
    pub weekday: i64,
    /// When it opens, local time, before 24:00.
    pub opens: ClockTime<'r>,
    /// When it closes, local time. Before `opens`: on the next date; equal: after 24 hours.
    pub closes: ClockTime<'r>,
    /// The first instant at which the row counts; without zone it is local time.
    pub valid_from: Option<When>,
    /// The first instant at which it no longer counts.
    pub valid_to: Option<When>,
}

impl<'r> OpenRow<'r> {
    /// A row that always counts.
    pub fn new(
        zone: &'r str,
        weekday: i64,
        opens: impl Into<ClockTime<'r>>,
        closes: impl Into<ClockTime<'r>>,
    ) -> Self {
        Self { zone, weekday, opens: opens.into(), closes: closes.into(), valid_from: None, valid_to: None }
    }

    /// The same row, counting from this time on.
    pub fn valid_from(mut self, time: impl Into<When>) -> Self {
        self.valid_from = Some(time.into());
        self
    }

    /// The same row, counting up to, not including, this time.
    pub fn valid_to(mut self, time: impl Into<When>) -> Self {
        self.valid_to = Some(time.into());
        self
    }
}

/// One row of `holidays`: a local date with other hours than its weekday.
///
/// `opens` and `closes` say when the date is open, instead of its weekly hours; without both it is closed all day.
/// Several rows of one date are several intervals.
///
/// ```
/// use tenure::calendar::{HolidayRow, Schedule};
/// let mut support = Schedule::weekly("support", "Europe/Stockholm", 1..=5, &[("08:00", "17:00")])?;
/// support.holiday(&HolidayRow::closed("2026-12-25"))?;
/// support.holiday(&HolidayRow::open("2026-12-23", "08:00", "12:00"))?;
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolidayRow<'r> {
    /// The date in the zone of the schedule, from 1901 to 2099: `2026-12-24`.
    pub date: &'r str,
    /// When it opens on that date.
    pub opens: Option<ClockTime<'r>>,
    /// When it closes.
    pub closes: Option<ClockTime<'r>>,
}

impl<'r> HolidayRow<'r> {
    /// A date that is closed all day.
    pub fn closed(date: &'r str) -> Self {
        Self { date, opens: None, closes: None }
    }

    /// A date with hours of its own.
    pub fn open(date: &'r str, opens: impl Into<ClockTime<'r>>, closes: impl Into<ClockTime<'r>>) -> Self {
        Self { date, opens: Some(opens.into()), closes: Some(closes.into()) }
    }
}

/// From opening to closing, in wall-clock microseconds since the midnight that begins the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) opens: Micros,
    /// After `opens`, and at most 24 hours after.
    pub(super) closes: Micros,
}

impl Shift {
    /// Reads two times of day; `place` says whose they are.
    pub(super) fn read(opens: ClockTime<'_>, closes: ClockTime<'_>, place: &Place<'_>) -> Result<Self> {
        let expected = "expected HH:MM from 00:00 to 24:00, or microseconds since midnight";
        let read = |column, time: ClockTime<'_>| {
            time.micros().ok_or_else(|| {
                place.error(column, format!("{column} {time} is not a time of day; {expected}"))
            })
        };
        let opens = read("opens", opens)?;
        let closes = read("closes", closes)?;
        if opens == DAY {
            return Err(place.error("opens", "opens is 24:00; expected a time before the end of the day"));
        }
        let closes = if closes <= opens { closes + DAY } else { closes };
        Ok(Self { opens, closes })
    }
}

/// Where a value was read: part of every message.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// A row of `schedules`.
    Weekday(&'p str, i64),
    /// A row of `holidays`.
    Holiday(&'p str, &'p str),
}

impl Place<'_> {
    pub(super) fn error(&self, column: &str, message: impl fmt::Display) -> Error {
        let (table, message) = match self {
            Place::Weekday(id, weekday) => {
                ("schedules", format!("schedule {}, weekday {weekday}: {message}", quoted(id)))
            }
            Place::Holiday(id, date) => {
                ("holidays", format!("schedule {}, holiday {}: {message}", quoted(id), quoted(date)))
            }
        };
        Error::new(ErrorKind::InvalidRow, message).in_table(table).in_column(column)
    }
}

/// The date of a holiday, if it is one of the years that are worked out.
pub(super) fn holiday_date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    let midnight = date.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
    super::MODELLED.contains(&midnight).then_some(date)
}
