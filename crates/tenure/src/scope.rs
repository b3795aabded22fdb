//! Which rows count and in which period: instants, zones, calendar periods.
//!
//! Instants are microseconds since 1970-01-01 UTC. Periods are half-open, `[start, end)`, and begin at local
//! midnight (or the local hour) of an IANA zone, so a day has 23, 24 or 25 hours. Time-zone rules are compiled
//! in: two machines give one number.

use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use crate::policy::choice;
use crate::time_text::parse_time;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01 UTC.
pub type Micros = i64;

/// The version of the compiled-in time-zone rules, e.g. `2025b`.
pub const ZONE_RULES: &str = chrono_tz::IANA_TZDB_VERSION;

/// The first instant of the year 1: an earlier time is no time of a customer.
pub(crate) const BEGINNING_OF_TIME: Micros = -62_135_596_800_000_000;
/// The last instant of the year 9999.
pub(crate) const END_OF_TIME: Micros = 253_402_300_799_999_999;

/// Whether an instant lies in the years 1 to 9999. Everything inside relies on that: differences of such instants fit,
/// and so do the periods around them.
pub(crate) fn is_in_time(at: Micros) -> bool {
    (BEGINNING_OF_TIME..=END_OF_TIME).contains(&at)
}

const HOUR: Micros = 3_600_000_000;

choice! {
    /// The grain of periods.
    pub enum Every {
        /// Hours counted from local midnight; an hour that the clock repeats is two periods.
        Hour = "hour",
        /// Local calendar days.
        Day = "day",
        /// Seven days from the request's `week_start`.
        Week = "week",
        /// Calendar months.
        Month = "month",
        /// Three months, counted from the request's `year_start`.
        Quarter = "quarter",
        /// Twelve months from the request's `year_start`.
        Year = "year",
    }
}

/// Finds a zone by its IANA name.
pub(crate) fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let hint = suggest(name, known);
        Error::new(ErrorKind::UnknownZone, format!("{} is not an IANA time zone{hint}", quoted(name)))
    })
}

/// What became of a wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Local {
    /// It happened, at this instant; of two, the first.
    At(Micros),
    /// The clock skipped it; this is the first instant after the gap.
    Skipped(Micros),
    /// It is outside the range of dates.
    OutOfRange,
}

/// The instant of a wall-clock time, given in microseconds as if it were UTC.
pub(crate) fn local(zone: Tz, wall_clock: Micros) -> Local {
    if zone == Tz::UTC {
        return Local::At(wall_clock);
    }
    match DateTime::from_timestamp_micros(wall_clock) {
        Some(time) => local_datetime(zone, time.naive_utc()),
        None => Local::OutOfRange,
    }
}

fn local_datetime(zone: Tz, wall_clock: NaiveDateTime) -> Local {
    if let Some(time) = zone.from_local_datetime(&wall_clock).earliest() {
        return Local::At(time.timestamp_micros());
    }
    // A gap: the offset before it, applied to the skipped time, gives an instant as far after the gap as the
    // skipped time is inside it; the gap's end is where the clock was put forward.
    let day_before = wall_clock.checked_sub_days(Days::new(1));
    let before = day_before.and_then(|time| zone.from_local_datetime(&time).earliest());
    let (Some(before), mut low) = (before, 0_i64) else { return Local::OutOfRange };
    let start = before.timestamp_micros();
    let mut high = 2 * 24 * HOUR;
    let is_after = |elapsed: Micros| {
        DateTime::from_timestamp_micros(start + elapsed)
            .is_some_and(|time| time.with_timezone(&zone).naive_local() > wall_clock)
    };
    // The first instant whose wall clock is later than the skipped time.
    while high - low > 1 {
        let middle = low.midpoint(high);
        if is_after(middle) { high = middle } else { low = middle }
    }
    Local::Skipped(start + high)
}

/// The instant at which a local day begins: midnight, or the first instant after a midnight that was skipped.
fn day_start(zone: Tz, date: NaiveDate) -> Option<Micros> {
    match local_datetime(zone, date.and_time(NaiveTime::MIN)) {
        Local::At(at) | Local::Skipped(at) => Some(at),
        Local::OutOfRange => None,
    }
}

/// A time of a request: an instant, or text that is read in the request's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected ISO 8601 text such as 2026-07-01 or 2026-07-01T08:00:00Z")]
pub enum When {
    /// Microseconds since 1970-01-01 UTC.
    Instant(Micros),
    /// ISO 8601 text: a date, or a date and time with or without an offset or a zone in brackets.
    Text(String),
}

impl When {
    /// The instant, in microseconds since 1970-01-01 UTC; a time without an offset is read in `zone`. `name` says in
    /// messages what the time is.
    ///
    /// ```
    /// use tenure::When;
    /// assert_eq!(When::from("1970-01-02").instant("due", "UTC")?, 86_400_000_000);
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn instant(&self, name: &str, zone: &str) -> Result<Micros> {
        self.resolve(name, self::zone(zone)?)
    }

    /// The instant; a wall-clock time that the zone's clock skipped is the first instant after the gap.
    pub(crate) fn resolve(&self, field: &str, zone: Tz) -> Result<Micros> {
        let out_of_range =
            |at: String| Error::invalid(format!("{field} {at} lies outside the years 1 to 9999"));
        let checked = |at: Micros, shown: &dyn Fn() -> String| {
            if is_in_time(at) { Ok(at) } else { Err(out_of_range(shown())) }
        };
        let text = match self {
            When::Instant(at) => return checked(*at, &|| at.to_string()),
            When::Text(text) => text,
        };
        match parse_time(text) {
            Some((at, true)) => checked(at, &|| text.clone()),
            Some((wall_clock, false)) => match local(zone, wall_clock) {
                Local::At(at) | Local::Skipped(at) => checked(at, &|| text.clone()),
                Local::OutOfRange => Err(out_of_range(text.clone())),
            },
            None => Err(Error::invalid(format!(
                "{field} {} is not a time; expected ISO 8601 such as 2026-07-01 or 2026-07-01T08:00:00Z",
                quoted(text)
            ))),
        }
    }
}

impl<Z: TimeZone> From<DateTime<Z>> for When {
    fn from(time: DateTime<Z>) -> Self {
        When::Instant(time.timestamp_micros())
    }
}

impl From<NaiveDate> for When {
    fn from(date: NaiveDate) -> Self {
        When::Text(date.to_string())
    }
}

impl From<&str> for When {
    fn from(text: &str) -> Self {
        When::Text(text.to_owned())
    }
}

impl From<String> for When {
    fn from(text: String) -> Self {
        When::Text(text)
    }
}

/// An instant in a zone, as ISO 8601 text.
pub(crate) fn format_instant(at: Micros, zone: Tz) -> String {
    DateTime::from_timestamp_micros(at)
        .map_or_else(|| at.to_string(), |time| time.with_timezone(&zone).to_rfc3339())
}

/// The same time of the clock one year, or a number of days, before.
pub(crate) fn year_before(zone: Tz, at: Micros, days: Option<Days>) -> Result<Micros> {
    let out_of_range = || Error::invalid("a time lies outside the range of dates");
    let wall_clock = DateTime::from_timestamp_micros(at).map(|time| time.with_timezone(&zone).naive_local());
    let before = wall_clock.and_then(|time| match days {
        Some(days) => time.checked_sub_days(days),
        None => time.checked_sub_months(Months::new(12)),
    });
    match local_datetime(zone, before.ok_or_else(out_of_range)?) {
        Local::At(at) | Local::Skipped(at) => Ok(at),
        Local::OutOfRange => Err(out_of_range()),
    }
}

/// Calendar periods of one grain in one zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Calendar {
    pub(crate) zone: Tz,
    pub(crate) every: Every,
    /// 1 Monday to 7 Sunday.
    pub(crate) week_start: u8,
    /// 1 January to 12 December.
    pub(crate) year_start: u8,
}

impl Calendar {
    fn date(self, at: Micros) -> Option<NaiveDate> {
        let utc: DateTime<Utc> = DateTime::from_timestamp_micros(at)?;
        Some(utc.with_timezone(&self.zone).date_naive())
    }

    /// The first day of the period that holds a date; for hours, the day.
    fn first_day(self, date: NaiveDate) -> Option<NaiveDate> {
        match self.every {
            Every::Hour | Every::Day => Some(date),
            Every::Week => {
                let weekday = date.weekday().number_from_monday();
                let back = (weekday + 7 - u32::from(self.week_start)) % 7;
                date.checked_sub_days(Days::new(u64::from(back)))
            }
            Every::Month => date.with_day(1),
            Every::Quarter | Every::Year => {
                let months = if self.every == Every::Year { 12 } else { 3 };
                let back = (date.month() + 12 - u32::from(self.year_start)) % months;
                date.with_day(1)?.checked_sub_months(Months::new(back))
            }
        }
    }

    fn next_day(self, first: NaiveDate) -> Option<NaiveDate> {
        match self.every {
            Every::Hour | Every::Day => first.checked_add_days(Days::new(1)),
            Every::Week => first.checked_add_days(Days::new(7)),
            Every::Month => first.checked_add_months(Months::new(1)),
            Every::Quarter => first.checked_add_months(Months::new(3)),
            Every::Year => first.checked_add_months(Months::new(12)),
        }
    }

    /// The period that holds an instant, `[start, end)`.
    ///
    /// A period begins with the first midnight of its first day and ends with that of the next period. Where the clock
    /// goes back across midnight the hour before it comes twice; the second time belongs to the new period, although
    /// the clock shows the old date.
    pub(crate) fn period(self, at: Micros) -> Result<(Micros, Micros)> {
        let out_of_range = || Error::invalid("a time lies outside the range of dates");
        let mut first = self.date(at).and_then(|date| self.first_day(date)).ok_or_else(out_of_range)?;
        loop {
            let start = day_start(self.zone, first).ok_or_else(out_of_range)?;
            let next = self.next_day(first).ok_or_else(out_of_range)?;
            let end = day_start(self.zone, next).ok_or_else(out_of_range)?;
            if at >= end {
                first = next;
            } else if self.every == Every::Hour {
                let start = start + (at - start).div_euclid(HOUR) * HOUR;
                return Ok((start, end.min(start + HOUR)));
            } else {
                return Ok((start, end));
            }
        }
    }

    /// The beginning of the local day that lies so many days before that of an instant.
    pub(crate) fn days_before(self, at: Micros, days: u32) -> Result<Micros> {
        let date = self.date(at).and_then(|date| date.checked_sub_days(Days::new(u64::from(days))));
        let start = date.and_then(|date| day_start(self.zone, date));
        start.ok_or_else(|| Error::invalid("a window reaches back beyond the range of dates"))
    }

    /// The start of the same period one year before the period that starts at `start`.
    pub(crate) fn year_before(self, start: Micros) -> Result<Micros> {
        // Weeks do not divide a year: 52 weeks before is the same weekday.
        let days = (self.every == Every::Week).then(|| Days::new(364));
        let before = year_before(self.zone, start, days)?;
        Ok(self.period(before)?.0)
    }

    /// The starts of all periods from the one that holds `first` to the one that holds `last`, and the end
    /// of the last.
    pub(crate) fn bounds(self, first: Micros, last: Micros, most: usize) -> Result<Vec<Micros>> {
        let (start, mut end) = self.period(first)?;
        let mut bounds = vec![start];
        while end <= last {
            if bounds.len() > most {
                return Err(Error::new(
                    ErrorKind::LimitExceeded,
                    format!(
                        "more than {most} periods between the first and the last row; raise max_rows, or give start and end"
                    ),
                ));
            }
            bounds.push(end);
            end = self.period(end)?.1;
        }
        bounds.push(end);
        Ok(bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Micros {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
    }

    fn calendar(zone: Tz, every: Every) -> Calendar {
        Calendar { zone, every, week_start: 1, year_start: 1 }
    }

    #[test]
    fn a_spring_day_has_23_hours_and_an_autumn_day_25() {
        let days = calendar(Tz::Europe__Stockholm, Every::Day);
        let (start, end) = days.period(at("2026-03-29T10:00:00Z")).unwrap();
        assert_eq!((end - start) / HOUR, 23);
        let (start, end) = days.period(at("2026-10-25T10:00:00Z")).unwrap();
        assert_eq!((end - start) / HOUR, 25);
        let hours = calendar(Tz::Europe__Stockholm, Every::Hour);
        assert_eq!(hours.bounds(start, end - 1, 100).unwrap().len(), 26);
    }

    #[test]
    fn months_begin_at_local_midnight() {
        let months = calendar(Tz::Europe__Stockholm, Every::Month);
        let (start, end) = months.period(at("2026-03-31T22:30:00Z")).unwrap();
        assert_eq!(start, at("2026-04-01T00:00:00+02:00"));
        assert_eq!(end, at("2026-05-01T00:00:00+02:00"));
    }

    #[test]
    fn weeks_and_fiscal_years_start_where_told() {
        let weeks = Calendar { week_start: 7, ..calendar(Tz::UTC, Every::Week) };
        assert_eq!(weeks.period(at("2026-11-21T12:00:00Z")).unwrap().0, at("2026-11-15T00:00:00Z"));
        let quarters = Calendar { year_start: 2, ..calendar(Tz::UTC, Every::Quarter) };
        assert_eq!(quarters.period(at("2026-01-10T00:00:00Z")).unwrap().0, at("2025-11-01T00:00:00Z"));
        let years = Calendar { year_start: 4, ..calendar(Tz::UTC, Every::Year) };
        assert_eq!(years.period(at("2026-03-31T00:00:00Z")).unwrap().0, at("2025-04-01T00:00:00Z"));
    }

    #[test]
    fn skipped_times_are_told_apart() {
        let wall_clock = at("2026-03-29T02:30:00Z");
        let gap_end = at("2026-03-29T01:00:00Z");
        assert_eq!(local(Tz::Europe__Stockholm, wall_clock), Local::Skipped(gap_end));
        // The clock struck 02:30 twice; the first was in summer time.
        let twice = at("2026-10-25T02:30:00Z");
        assert_eq!(local(Tz::Europe__Stockholm, twice), Local::At(at("2026-10-25T00:30:00Z")));
        // Midnight itself was skipped in Sao Paulo in 2018.
        let days = calendar(Tz::America__Sao_Paulo, Every::Day);
        let (start, end) = days.period(at("2018-11-04T12:00:00Z")).unwrap();
        assert_eq!(start, at("2018-11-04T03:00:00Z"));
        assert_eq!((end - start) / HOUR, 23);
        // A whole day was skipped in Samoa.
        let samoa = calendar(Tz::Pacific__Apia, Every::Day);
        let bounds = samoa.bounds(at("2011-12-29T12:00:00Z"), at("2012-01-01T00:00:00Z"), 100).unwrap();
        assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn times_are_read_in_the_zone_of_the_request() {
        let when = When::from("2026-07-01");
        assert_eq!(when.resolve("start", Tz::Europe__Stockholm).unwrap(), at("2026-07-01T00:00:00+02:00"));
        let when = When::from("2026-03-29T02:30:00");
        assert_eq!(when.resolve("start", Tz::Europe__Stockholm).unwrap(), at("2026-03-29T01:00:00Z"));
        assert_eq!(parse_time("2026-07-01T08:00:00.5+0200"), Some((at("2026-07-01T06:00:00.5Z"), true)));
        assert_eq!(parse_time("yesterday"), None);
        assert!(zone("Europe/Stokholm").unwrap_err().message().contains("Europe/Stockholm"));
    }
}
