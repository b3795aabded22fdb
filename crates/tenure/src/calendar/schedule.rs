//! Weekly hours, holidays and their versions, checked row by row.

use super::row::{HolidayRow, OpenRow, Place, Shift, holiday_date};
use super::{DAY, MODELLED, WEEK};
use crate::error::Result;
use crate::scope::{Micros, When, zone};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::ops::Range;

/// When is one team open? The rows of one `schedule_id`.
///
/// Rows can be added in any order; a row that is refused leaves the schedule as it was, so a caller may count it as
/// invalid and go on. The [module](super) says which instants are open.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    id: String,
    pub(super) versions: Vec<Version>,
    /// The hours of each holiday; none: closed all day.
    pub(super) holidays: BTreeMap<NaiveDate, Vec<Shift>>,
}

/// The rows of one zone and one validity.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Version {
    pub(super) zone: Tz,
    /// Instants; `Micros::MIN` and `Micros::MAX` are no bounds.
    pub(super) valid: Range<Micros>,
    /// From Monday to Sunday.
    pub(super) week: [Vec<Shift>; 7],
}

const ALWAYS: Range<Micros> = Micros::MIN..Micros::MAX;

impl Schedule {
    /// A schedule without rows yet.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), versions: Vec::new(), holidays: BTreeMap::new() }
    }

    /// The same hours on each of some weekdays, 1 Monday to 7 Sunday.
    ///
    /// ```
    /// use tenure::calendar::Schedule;
    /// let office = [("09:00", "12:00"), ("13:00", "17:00")];
    /// let support = Schedule::weekly("support", "Europe/London", 1..=5, &office)?;
    /// assert_eq!(support.id(), "support");
    /// let error = Schedule::weekly("support", "Europe/London", [8], &office).unwrap_err();
    /// assert_eq!(error.message(), "schedule \"support\", weekday 8: expected 1 (Monday) to 7 (Sunday)");
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn weekly(
        id: impl Into<String>,
        zone: &str,
        weekdays: impl IntoIterator<Item = i64>,
        hours: &[(&str, &str)],
    ) -> Result<Self> {
        let mut schedule = Self::new(id);
        for weekday in weekdays {
            for (opens, closes) in hours {
                schedule.open(&OpenRow::new(zone, weekday, *opens, *closes))?;
            }
        }
        Ok(schedule)
    }

    /// Adds a row of `schedules`.
    ///
    /// Refused, with a message that names the schedule, the weekday and what was expected: a weekday outside 1 to 7,
    /// an unknown zone, a time of day that is none, a validity that ends before it begins or lies outside 1901 to
    /// 2099. A validity that ends as it begins is a version that never was: it adds nothing.
    pub fn open(&mut self, row: &OpenRow<'_>) -> Result<()> {
        let place = Place::Weekday(&self.id, row.weekday);
        let day = usize::try_from(row.weekday).ok().filter(|day| (1..=7).contains(day));
        let day = day.ok_or_else(|| place.error("weekday", "expected 1 (Monday) to 7 (Sunday)"))?;
        let zone = zone(row.zone).map_err(|error| place.error("zone", error))?;
        let shift = Shift::read(row.opens, row.closes, &place)?;
        let instant = |column, time: &Option<When>, absent: Micros| match time {
            None => Ok(absent),
            Some(time) => time.resolve(column, zone).map_err(|error| place.error(column, error)),
        };
        let from = instant("valid_from", &row.valid_from, ALWAYS.start)?;
        let to = instant("valid_to", &row.valid_to, ALWAYS.end)?;
        if to < from {
            return Err(place.error("valid_to", "valid_to is before valid_from; expected it after"));
        }
        if from >= MODELLED.end {
            return Err(
                place.error("valid_from", "valid_from is after 2099; expected an earlier time, or none")
            );
        }
        if to <= MODELLED.start {
            return Err(place.error("valid_to", "valid_to is before 1901; expected a later time, or none"));
        }
        if from == to {
            return Ok(());
        }
        let valid = if from <= MODELLED.start { ALWAYS.start } else { from }..if to >= MODELLED.end {
            ALWAYS.end
        } else {
            to
        };
        self.add(zone, &valid, day - 1, shift);
        Ok(())
    }

    fn add(&mut self, zone: Tz, valid: &Range<Micros>, day: usize, shift: Shift) {
        let same = |version: &&mut Version| version.zone == zone && version.valid == *valid;
        if let Some(version) = self.versions.iter_mut().find(same) {
            version.week.iter_mut().skip(day).take(1).for_each(|shifts| shifts.push(shift));
            return;
        }
        let mut week: [Vec<Shift>; 7] = Default::default();
        week.iter_mut().skip(day).take(1).for_each(|shifts| shifts.push(shift));
        self.versions.push(Version { zone, valid: valid.clone(), week });
    }

    /// Adds a row of `holidays`: `opens` and `closes` are the hours in which the date is open.
    ///
    /// Refused, with a message that names the schedule, the date and what was expected: what is not a date from 1901
    /// to 2099, a time of day that is none, `opens` without `closes` or the reverse.
    pub fn holiday(&mut self, row: &HolidayRow<'_>) -> Result<()> {
        let place = Place::Holiday(&self.id, row.date);
        let date = holiday_date(row.date);
        let date =
            date.ok_or_else(|| place.error("date", "expected a date from 1901-01-01 to 2099-12-31"))?;
        let shift = match (row.opens, row.closes) {
            (None, None) => None,
            (Some(opens), Some(closes)) => Some(Shift::read(opens, closes, &place)?),
            (opens, _) => {
                let (given, absent) = if opens.is_some() { ("opens", "closes") } else { ("closes", "opens") };
                let message = format!(
                    "{given} without {absent}; expected both, or neither for a date that is closed all day"
                );
                return Err(place.error(absent, message));
            }
        };
        self.holidays.entry(date).or_default().extend(shift);
        Ok(())
    }

    /// The `schedule_id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The instants at which the weekly hours change, in order: where a version begins or ends.
    pub fn changes(&self) -> Vec<Micros> {
        let bounds = self.versions.iter().flat_map(|version| [version.valid.start, version.valid.end]);
        let mut changes: Vec<_> = bounds.filter(|at| *at != ALWAYS.start && *at != ALWAYS.end).collect();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// The schedule with the weekly hours of one instant for all time; holidays stay as they are.
    ///
    /// For the vendors whose schedule of record is the one at an event, whatever changes later (Zendesk's first
    /// response and resolution); without this, time accumulates under whatever version is in force (Zendesk's status
    /// times, timetoreply). Between two [`changes`](Self::changes) it is the same schedule.
    pub fn frozen_at(&self, at: Micros) -> Schedule {
        let mut frozen =
            Schedule { id: self.id.clone(), versions: Vec::new(), holidays: self.holidays.clone() };
        for version in self.versions.iter().filter(|version| version.valid.contains(&at)) {
            for (day, shifts) in version.week.iter().enumerate() {
                for shift in shifts {
                    frozen.add(version.zone, &ALWAYS, day, *shift);
                }
            }
        }
        frozen
    }

    /// Whether the rows alone say that it never closes.
    pub(super) fn is_always_open(&self) -> bool {
        self.holidays.is_empty() && self.versions.iter().any(Version::is_always_open)
    }
}

impl Version {
    fn is_always_open(&self) -> bool {
        let mut shifts: Vec<_> = (0..)
            .zip(&self.week)
            .flat_map(|(day, shifts)| {
                // What runs past Sunday midnight is also the beginning of Monday.
                [day * DAY, day * DAY - WEEK]
                    .into_iter()
                    .flat_map(move |at| shifts.iter().map(move |shift| at + shift.opens..at + shift.closes))
            })
            .collect();
        shifts.sort_unstable_by_key(|shift| shift.start);
        let mut reach = 0;
        for shift in shifts {
            if shift.start > reach {
                return false;
            }
            reach = reach.max(shift.end);
        }
        self.valid == ALWAYS && reach >= WEEK
    }
}
