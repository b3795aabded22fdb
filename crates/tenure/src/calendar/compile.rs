//! From weekly rows and holidays to instants.

use super::schedule::Schedule;
use super::{DAY, row::Shift};
use crate::scope::{Local, Micros, local};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use std::ops::Range;

/// The open intervals of several schedules inside a span: sorted, apart from each other.
pub(super) fn open_intervals(schedules: &[Schedule], span: &Range<Micros>) -> Vec<Range<Micros>> {
    let mut open = Vec::new();
    for schedule in schedules {
        schedule.open_within(span, &mut open);
        // After each schedule, so that a union of many holds the intervals of two at most.
        unite(&mut open);
    }
    open
}

/// Sorts intervals and joins those that overlap or touch.
fn unite(intervals: &mut Vec<Range<Micros>>) {
    intervals.sort_by_key(|interval| interval.start);
    intervals.dedup_by(|next, last| {
        let joins = next.start <= last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
}

impl Schedule {
    fn open_within(&self, span: &Range<Micros>, open: &mut Vec<Range<Micros>>) {
        for version in &self.versions {
            let within = span.start.max(version.valid.start)..span.end.min(version.valid.end);
            let mut keep = |interval: Range<Micros>| {
                let clipped = interval.start.max(within.start)..interval.end.min(within.end);
                if !clipped.is_empty() {
                    open.push(clipped);
                }
            };
            for date in dates(&within) {
                let weekday = date.weekday().num_days_from_monday() as usize;
                for shift in version.week.get(weekday).into_iter().flatten() {
                    self.without_holidays(version.zone, date, *shift, date, &mut keep);
                }
                let after = date + Days::new(1);
                for shift in self.holidays.get(&date).into_iter().flatten() {
                    self.without_holidays(version.zone, date, *shift, after, &mut keep);
                }
            }
        }
    }

    /// What holidays leave of a shift; `first` is the first date on which they are asked.
    fn without_holidays(
        &self,
        zone: Tz,
        date: NaiveDate,
        shift: Shift,
        first: NaiveDate,
        keep: &mut impl FnMut(Range<Micros>),
    ) {
        let (Some(mut opens), Some(closes)) =
            (opening(zone, date, shift.opens), closing(zone, date, shift.closes))
        else {
            return;
        };
        // A shift ends before the second midnight after it; where the clock goes back at midnight, just after.
        for (holiday, _) in self.holidays.range(first..=date + Days::new(2)) {
            let start = opening(zone, *holiday, 0).unwrap_or(closes);
            let end = opening(zone, *holiday, DAY).unwrap_or(closes);
            keep(opens..closes.min(start));
            opens = opens.max(end);
        }
        keep(opens..closes);
    }
}

/// The dates whose shifts may reach into a span, in any zone.
fn dates(span: &Range<Micros>) -> impl Iterator<Item = NaiveDate> {
    let date = |at| DateTime::from_timestamp_micros(at).map(|time| time.date_naive());
    let ends = if span.is_empty() { None } else { date(span.start).zip(date(span.end)) };
    ends.into_iter().flat_map(|(first, last)| {
        // Zones are up to 14 hours from UTC, and a shift may end almost two days after its date began.
        let last = last + Days::new(1);
        (first - Days::new(3)).iter_days().take_while(move |date| *date <= last)
    })
}

fn wall_clock(date: NaiveDate, since_midnight: Micros) -> Micros {
    date.and_time(NaiveTime::MIN).and_utc().timestamp_micros() + since_midnight
}

/// The first instant at which the clock reads this time or, if it is skipped, a later one.
fn opening(zone: Tz, date: NaiveDate, since_midnight: Micros) -> Option<Micros> {
    match local(zone, wall_clock(date, since_midnight)) {
        Local::At(at) | Local::Skipped(at) => Some(at),
        Local::OutOfRange => None,
    }
}

/// The instant after the last at which the clock reads a time before this one, of those next to it.
fn closing(zone: Tz, date: NaiveDate, since_midnight: Micros) -> Option<Micros> {
    let before = wall_clock(date, since_midnight) - 1;
    let last = zone.from_local_datetime(&DateTime::from_timestamp_micros(before)?.naive_utc()).latest();
    match last {
        Some(last) => Some(last.timestamp_micros() + 1),
        None => opening(zone, date, since_midnight - 1),
    }
}
