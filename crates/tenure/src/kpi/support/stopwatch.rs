//! How time is measured between two instants: on the calendar, or in the open hours of a schedule.

use super::timing::{Clock, OffHours, Timing};
use crate::calendar::{ClockTime, HolidayRow, OpenHours, OpenRow, Schedule};
use crate::column::Reading;
use crate::compute::Context;
use crate::error::{Error, ErrorKind, Result, quoted};
use crate::key::Key;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::OpenUnits;
use crate::scope::{Micros, When, format_instant};
use crate::summary::Elapsed;
use crate::table::Table;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Measures time as the policy says.
pub(crate) struct Stopwatch {
    off_hours: OffHours,
    open: OpenUnits,
    as_of: Micros,
    zone: Tz,
    /// Nothing: calendar time.
    schedules: Option<Schedules>,
}

/// The open hours of all schedules, and which of them holds for units that name none.
struct Schedules {
    hours: Arc<AllHours>,
    default: Option<Key>,
}

/// The open hours of each schedule.
pub(crate) struct AllHours(BTreeMap<Key, OpenHours>);

const OFF_HOURS: Reason =
    Reason::new("schedule_id", "off_hours", "has no open time between the two, although time passed");

impl Stopwatch {
    /// Works the schedules out, if open hours are what counts.
    pub(crate) fn of(context: &Context<'_>, timing: &Timing) -> Result<Self> {
        let schedules = match timing.clock {
            Clock::Calendar => None,
            Clock::Business => Some(Schedules::of(context, timing.schedule.as_deref())?),
        };
        Ok(Self {
            off_hours: timing.off_hours,
            open: timing.open,
            as_of: context.scope.as_of,
            zone: context.scope.zone,
            schedules,
        })
    }

    /// The open hours that hold for a unit: of the schedule that it names, else of the default one. Nothing for
    /// calendar time.
    pub(crate) fn hours(&self, schedule_id: Reading<'_>) -> Result<Option<&OpenHours>> {
        let Some(schedules) = &self.schedules else { return Ok(None) };
        let named = Key::from(schedule_id);
        let key = if named == Key::Null { schedules.default.as_ref() } else { Some(&named) };
        let Some(key) = key else {
            let known: Vec<String> = schedules.hours.0.keys().map(ToString::to_string).collect();
            let message = format!(
                "a unit names no schedule, and there are {}: {}; set the policy's schedule to one of them",
                known.len(),
                known.join(", ")
            );
            return Err(Error::invalid(message).in_table("schedules").in_column("schedule_id"));
        };
        match schedules.hours.0.get(key) {
            Some(hours) => Ok(Some(hours)),
            None => Err(no_schedule(key, &schedules.hours)),
        }
    }

    /// The fate of something that began, and maybe ended. Its end is not before its beginning.
    pub(crate) fn fate<E: Evidence>(
        &self,
        schedule_id: Reading<'_>,
        from: Micros,
        to: Option<Micros>,
        why: &mut E,
    ) -> Result<Fate<Elapsed>> {
        self.fate_of_stretches(schedule_id, &[(from, self.end(to))], to.is_none(), why)
    }

    /// The end of something, or `as_of` if it has not ended.
    pub(crate) fn end(&self, to: Option<Micros>) -> Micros {
        to.unwrap_or(self.as_of)
    }

    /// The fate of something that lasts for several stretches, and maybe goes on.
    pub(crate) fn fate_of_stretches<E: Evidence>(
        &self,
        schedule_id: Reading<'_>,
        stretches: &[(Micros, Micros)],
        is_open: bool,
        why: &mut E,
    ) -> Result<Fate<Elapsed>> {
        if is_open && self.open == OpenUnits::CompletedOnly {
            why.note("clock", || "has not ended: no value".to_owned());
            return Ok(Fate::Missing);
        }
        let hours = self.hours(schedule_id)?;
        let (mut counted, mut passed) = (0, 0);
        for (from, to) in stretches {
            let elapsed = hours.map_or(to - from, |hours| hours.elapsed(*from, *to));
            self.note(hours, *from, *to, elapsed, why);
            counted += elapsed;
            passed += to - from;
        }
        if counted == 0 && passed > 0 && hours.is_some() && self.off_hours == OffHours::Exclude {
            return Ok(Fate::Excluded(OFF_HOURS));
        }
        Ok(if is_open { Fate::Censored(Elapsed(counted)) } else { Fate::Observed(Elapsed(counted)) })
    }

    /// Says which time counted.
    fn note<E: Evidence>(
        &self,
        hours: Option<&OpenHours>,
        from: Micros,
        to: Micros,
        elapsed: Micros,
        why: &mut E,
    ) {
        /// More intervals than this nobody reads.
        const SHOWN: usize = 40;
        let show = |at| format_instant(at, self.zone);
        why.note("clock", || {
            let seconds = elapsed as f64 / 1e6;
            format!("ran from {} to {}: {seconds} seconds", show(from), show(to))
        });
        let Some(hours) = hours else { return };
        why.note("open hours", || {
            let mut intervals = hours.intervals(from, to);
            let shown: Vec<String> = intervals
                .by_ref()
                .take(SHOWN)
                .map(|open| format!("{} to {}", show(open.start), show(open.end)))
                .collect();
            let more = if intervals.next().is_some() { ", and more" } else { "" };
            if shown.is_empty() { "none".to_owned() } else { format!("{}{more}", shown.join(", ")) }
        });
    }
}

impl Schedules {
    fn of(context: &Context<'_>, named: Option<&str>) -> Result<Self> {
        let hours = hours(context)?;
        let default = match named {
            Some(name) => {
                let key = hours.0.keys().find(|key| key.to_string() == name || key.as_text() == Some(name));
                Some(key.cloned().ok_or_else(|| no_schedule(&Key::from(name), &hours))?)
            }
            None => hours.0.keys().next().filter(|_| hours.0.len() == 1).cloned(),
        };
        Ok(Self { hours, default })
    }
}

fn no_schedule(key: &Key, hours: &AllHours) -> Error {
    let known: Vec<String> = hours.0.keys().map(ToString::to_string).collect();
    let message = format!(
        "there is no schedule {}; table \"schedules\" has {}",
        quoted(&key.to_string()),
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    );
    Error::invalid(message).in_table("schedules").in_column("schedule_id")
}

/// The open hours of every schedule of a book, worked out once for all requests.
pub(crate) fn hours(context: &Context<'_>) -> Result<Arc<AllHours>> {
    let zones =
        ["valid_from", "valid_to"].map(|column| context.scope.column_zone("schedules", column).name());
    context.book.index(&format!("open hours, {}", zones.join(", ")), || {
        let schedules = schedules(context)?;
        let span = span(context);
        let hours = |(key, schedule): (Key, Schedule)| Ok((key, OpenHours::new([&schedule], span.clone())?));
        Ok(AllHours(schedules.into_iter().map(hours).collect::<Result<_>>()?))
    })
}

const YEAR: Micros = 366 * 86_400_000_000;

/// Where most instants lie: between the first conversation or message of the book and the last.
fn span(context: &Context<'_>) -> std::ops::Range<Micros> {
    let mut ends: Option<(Micros, Micros)> = None;
    for (name, column) in
        [("conversations", "created_at"), ("messages", "occurred_at"), ("emails", "occurred_at")]
    {
        let Some(table) = context.book.table(name) else { continue };
        let Some(column_at) = table.find(column) else { continue };
        let zone = context.scope.column_zone(name, column);
        for row in 0..table.rows() {
            if let crate::compute::Moment::At(at) = crate::compute::moment(table.read(column_at, row), zone) {
                ends = Some(ends.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
            }
        }
    }
    // Open ones last until `as_of`, which may lie beyond; a year more costs little.
    ends.map_or(0..0, |(first, last)| first..context.scope.as_of.clamp(last, last + YEAR))
}

/// The schedules of a book, by their ids.
fn schedules(context: &Context<'_>) -> Result<BTreeMap<Key, Schedule>> {
    let table = context.book.require("schedules")?;
    let [id, zone, weekday, opens, closes] = ["schedule_id", "zone", "weekday", "opens", "closes"];
    let [id, zone, weekday, opens, closes] = [
        table.require(id)?,
        table.require(zone)?,
        table.require(weekday)?,
        table.require(opens)?,
        table.require(closes)?,
    ];
    let valid = ["valid_from", "valid_to"].map(|name| table.find(name).map(|column| (name, column)));
    let mut schedules: BTreeMap<Key, Schedule> = BTreeMap::new();
    for row in 0..table.rows() {
        let wrong = |column: &str, expected: &str| {
            let found = table.find(column).map_or(Key::Null, |at| Key::from(table.read(at, row)));
            let message =
                format!("row {row} of table \"{}\": {column} {found}: expected {expected}", table.name());
            bad_row(table, row, column, message)
        };
        let key = Key::from(table.read(id, row));
        let Reading::Text(zone) = table.read(zone, row) else { return Err(wrong("zone", "an IANA zone")) };
        let Reading::Whole(weekday) = table.read(weekday, row) else {
            return Err(wrong("weekday", "1 (Monday) to 7 (Sunday)"));
        };
        let weekday = i64::try_from(weekday).map_err(|_| wrong("weekday", "1 (Monday) to 7 (Sunday)"))?;
        let expected = "a time of day such as 09:00";
        let opens = time_of_day(table.read(opens, row)).ok_or_else(|| wrong("opens", expected))?;
        let closes = time_of_day(table.read(closes, row)).ok_or_else(|| wrong("closes", expected))?;
        let mut open = OpenRow::new(zone, weekday, opens, closes);
        if let [Some((name, column)), _] = valid
            && let Some(from) = when(context, table, (name, column), row)
        {
            open = open.valid_from(from);
        }
        if let [_, Some((name, column))] = valid
            && let Some(to) = when(context, table, (name, column), row)
        {
            open = open.valid_to(to);
        }
        let schedule = schedules.entry(key.clone()).or_insert_with(|| Schedule::new(key.to_string()));
        schedule.open(&open).map_err(|error| bad_row(table, row, "opens", error.message().to_owned()))?;
    }
    holidays(context, &mut schedules)?;
    Ok(schedules)
}

fn holidays(context: &Context<'_>, schedules: &mut BTreeMap<Key, Schedule>) -> Result<()> {
    let Some(table) = context.book.table("holidays") else { return Ok(()) };
    let (id, date) = (table.require("schedule_id")?, table.require("date")?);
    let (opens, closes) = (table.find("opens"), table.find("closes"));
    for row in 0..table.rows() {
        let text;
        let day = match table.read(date, row) {
            Reading::Text(day) => day,
            Reading::Time(at, _) => {
                text = chrono::DateTime::from_timestamp_micros(at).map(|at| at.date_naive().to_string());
                text.as_deref().unwrap_or_default()
            }
            _ => {
                return Err(bad_row(
                    table,
                    row,
                    "date",
                    format!("row {row} of table \"holidays\": expected a date"),
                ));
            }
        };
        let read = |column: Option<usize>| column.map_or(Reading::Missing, |at| table.read(at, row));
        let holiday = match (time_of_day(read(opens)), time_of_day(read(closes))) {
            (Some(opens), Some(closes)) => HolidayRow::open(day, opens, closes),
            (None, None) => HolidayRow::closed(day),
            _ => {
                let message = format!("row {row} of table \"holidays\" has only one of opens and closes");
                return Err(bad_row(table, row, "opens", message));
            }
        };
        // The holidays of a schedule that nothing uses do no harm.
        if let Some(schedule) = schedules.get_mut(&Key::from(table.read(id, row))) {
            schedule
                .holiday(&holiday)
                .map_err(|error| bad_row(table, row, "date", error.message().to_owned()))?;
        }
    }
    Ok(())
}

fn time_of_day(reading: Reading<'_>) -> Option<ClockTime<'_>> {
    match reading {
        Reading::Text(text) if !text.trim().is_empty() => Some(ClockTime::Text(text)),
        Reading::Time(micros, _) => Some(ClockTime::Micros(micros)),
        _ => None,
    }
}

fn when(context: &Context<'_>, table: &Table<'_>, (name, column): (&str, usize), row: usize) -> Option<When> {
    match table.read(column, row) {
        Reading::Text(text) if !text.trim().is_empty() => Some(When::Text(text.to_owned())),
        reading => match crate::compute::moment(reading, context.scope.column_zone("schedules", name)) {
            crate::compute::Moment::At(at) => Some(When::Instant(at)),
            _ => None,
        },
    }
}

fn bad_row(table: &Table<'_>, row: usize, column: &str, message: String) -> Error {
    Error::new(ErrorKind::InvalidRow, message).in_table(table.name()).in_column(column).in_row(row as u64)
}
