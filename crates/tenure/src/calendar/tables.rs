//! The tables `schedules` and `holidays` of a book.

use super::{ClockTime, HolidayRow, OpenHours, OpenRow, Schedule};
use crate::book::Book;
use crate::column::Reading;
use crate::compute::{Clock, Moment, moment};
use crate::error::{Error, Result, quoted};
use crate::key::Key;
use crate::request::Scope;
use crate::scope::{Micros, When};
use crate::table::Table;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names the union of all schedules: open when any of them is. A schedule of that very id comes first.
const ANY: &str = "*";

/// The open hours of every schedule of a book, by its id, and those of all of them together.
pub(crate) struct Schedules(BTreeMap<Key, Result<Arc<OpenHours>>>);

impl Schedules {
    /// Worked out once for all requests about a book.
    pub(crate) fn of(book: &Book<'_>, scope: &Scope) -> Result<Arc<Self>> {
        let zones = ["valid_from", "valid_to"].map(|column| scope.column_zone("schedules", column).name());
        book.index(&format!("open hours, {}", zones.join(", ")), || {
            let schedules = schedules(book, scope)?;
            let span = span(book, scope);
            let mut hours = BTreeMap::new();
            if schedules.len() > 1 {
                hours.insert(Key::from(ANY), OpenHours::new(schedules.values(), span.clone()).map(Arc::new));
            }
            // A schedule that is never open is an error of whoever uses it.
            for (key, schedule) in &schedules {
                hours.insert(key.clone(), OpenHours::new([schedule], span.clone()).map(Arc::new));
            }
            Ok(Self(hours))
        })
    }

    /// The schedule of units that name none: the one that is named here, else the only one that there is.
    pub(crate) fn default(&self, named: Option<&str>) -> Result<Option<Key>> {
        let Some(name) = named else {
            return Ok(self.0.keys().next().filter(|_| self.0.len() == 1).cloned());
        };
        let key = self.0.keys().find(|key| key.to_string() == name);
        key.cloned().map(Some).ok_or_else(|| self.unknown(&Key::from(name)))
    }

    /// The open hours of a schedule.
    pub(crate) fn get(&self, key: Option<&Key>) -> Result<&Arc<OpenHours>> {
        let Some(key) = key else {
            let message = format!(
                "no schedule is named, and there are {}; name one of them as the policy's schedule",
                self.known()
            );
            return Err(Error::invalid(message).in_table("schedules").in_column("schedule_id"));
        };
        self.0.get(key).ok_or_else(|| self.unknown(key))?.as_ref().map_err(Clone::clone)
    }

    fn unknown(&self, key: &Key) -> Error {
        let message = format!(
            "there is no schedule {}; table \"schedules\" has {}",
            quoted(&key.to_string()),
            self.known()
        );
        Error::invalid(message).in_table("schedules").in_column("schedule_id")
    }

    fn known(&self) -> String {
        let known: Vec<String> = self.0.keys().map(ToString::to_string).filter(|id| id != ANY).collect();
        match known.as_slice() {
            [] => "none".to_owned(),
            [only] => only.clone(),
            _ => format!("{}, and \"{ANY}\" for all of them together", known.join(", ")),
        }
    }
}

const YEAR: Micros = 366 * 86_400_000_000;

/// Where most instants lie: between the first conversation or message of the book and the last.
fn span(book: &Book<'_>, scope: &Scope) -> std::ops::Range<Micros> {
    let mut ends: Option<(Micros, Micros)> = None;
    for (name, column) in
        [("conversations", "created_at"), ("messages", "occurred_at"), ("emails", "occurred_at")]
    {
        let Some(table) = book.table(name) else { continue };
        Clock::of(table, column, scope.column_zone(name, column)).each(table, |_, time| {
            if let Some(at) = time.at() {
                ends = Some(ends.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
            }
        });
    }
    // Open ones last until `as_of`, which may lie beyond; a year more costs little.
    ends.map_or(0..0, |(first, last)| first..scope.as_of.clamp(last, last + YEAR))
}

/// The schedules of a book, by their ids.
fn schedules(book: &Book<'_>, scope: &Scope) -> Result<BTreeMap<Key, Schedule>> {
    let table = book.require("schedules")?;
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
        let wrong = |column: &str, expected: &str| table.wrong(row, column, expected);
        let key = Key::named(table.read(id, row));
        let Reading::Text(zone) = table.read(zone, row) else { return Err(wrong("zone", "an IANA zone")) };
        let Reading::Whole(weekday) = table.read(weekday, row) else {
            return Err(wrong("weekday", "1 (Monday) to 7 (Sunday)"));
        };
        let weekday = i64::try_from(weekday).map_err(|_| wrong("weekday", "1 (Monday) to 7 (Sunday)"))?;
        let opens = time_of_day(table.read(opens, row)).ok_or_else(|| wrong("opens", TIME_OF_DAY))?;
        let closes = time_of_day(table.read(closes, row)).ok_or_else(|| wrong("closes", TIME_OF_DAY))?;
        let instant = |column: Option<(&str, usize)>| {
            let Some((name, at)) = column else { return Ok(None) };
            match moment(table.read(at, row), scope.column_zone("schedules", name)) {
                Moment::At(at) => Ok(Some(When::Instant(at))),
                Moment::Absent => Ok(None),
                Moment::Bad(..) => Err(wrong(name, "a time, or none")),
            }
        };
        let [valid_from, valid_to] = valid.map(instant);
        let mut open = OpenRow::new(zone, weekday, opens, closes);
        (open.valid_from, open.valid_to) = (valid_from?, valid_to?);
        let schedule = schedules.entry(key.clone()).or_insert_with(|| Schedule::new(key.to_string()));
        schedule.open(&open).map_err(|error| in_row(table, row, &error))?;
    }
    holidays(book, &mut schedules)?;
    Ok(schedules)
}

fn holidays(book: &Book<'_>, schedules: &mut BTreeMap<Key, Schedule>) -> Result<()> {
    let Some(table) = book.table("holidays") else { return Ok(()) };
    let (id, date) = (table.require("schedule_id")?, table.require("date")?);
    let (opens, closes) = (table.find("opens"), table.find("closes"));
    for row in 0..table.rows() {
        let text;
        let day = match table.read(date, row).unless_blank() {
            Reading::Text(day) => day,
            Reading::Time(at, _) => {
                text = chrono::DateTime::from_timestamp_micros(at).map(|at| at.date_naive().to_string());
                text.as_deref().unwrap_or_default()
            }
            _ => return Err(table.wrong(row, "date", "a date")),
        };
        let hours = |column: &str, at: Option<usize>| match at
            .map_or(Reading::Missing, |at| table.read(at, row))
            .unless_blank()
        {
            Reading::Missing => Ok(None),
            found => match time_of_day(found) {
                None => Err(table.wrong(row, column, &format!("{TIME_OF_DAY}, or none"))),
                hours => Ok(hours),
            },
        };
        let holiday =
            HolidayRow { date: day, opens: hours("opens", opens)?, closes: hours("closes", closes)? };
        // The holidays of a schedule that nothing uses do no harm.
        if let Some(schedule) = schedules.get_mut(&Key::named(table.read(id, row))) {
            schedule.holiday(&holiday).map_err(|error| in_row(table, row, &error))?;
        }
    }
    Ok(())
}

const TIME_OF_DAY: &str = "a time of day such as 09:00";

fn time_of_day(reading: Reading<'_>) -> Option<ClockTime<'_>> {
    match reading.unless_blank() {
        Reading::Text(text) => Some(ClockTime::Text(text)),
        Reading::Time(micros, _) => Some(ClockTime::Micros(micros)),
        _ => None,
    }
}

/// What is wrong with a row of which the schedule itself says what it is.
fn in_row(table: &Table<'_>, row: usize, error: &Error) -> Error {
    table.invalid_row(row, error.at().column.as_deref().unwrap_or_default(), error.message())
}
