//! The same questions answered another way: by walking through the minutes and reading the clock at each.

use super::tests::{MINUTE, at};
use super::*;
use crate::scope::When;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Nights on which some clock moved: forward, back, by half an hour, at midnight, just after it, by a day.
const NIGHTS: &[(&str, &str)] = &[
    ("UTC", "2026-03-29T00:00:00Z"),
    ("Asia/Kolkata", "2026-03-29T00:00:00Z"),
    ("Europe/Stockholm", "2026-03-29T01:00:00Z"),
    ("Europe/Stockholm", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ("America/Havana", "2026-03-08T05:00:00Z"),
    ("America/Havana", "2026-11-01T05:00:00Z"),
    ("America/St_Johns", "2010-03-14T03:31:00Z"),
    ("America/St_Johns", "2010-11-07T02:31:00Z"),
    ("Pacific/Chatham", "2026-04-04T14:00:00Z"),
    ("Antarctica/Troll", "2026-10-25T01:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),
];

const DAYS_AROUND: Micros = 4;

/// Hours of a weekday or of a date, in minutes since midnight; `closes` may be 1440.
type Pair = (i64, i64);

#[derive(Clone, Debug)]
struct Case {
    zone: &'static str,
    /// The walk, in minutes since 1970.
    walk: std::ops::Range<i64>,
    /// Weekday, hours, and the minutes of the walk between which they are valid.
    rows: Vec<(i64, Pair, Option<i64>, Option<i64>)>,
    /// Days after the walk's first date, and hours.
    holidays: Vec<(u64, Option<Pair>)>,
}

impl Case {
    fn date(&self, days: u64) -> NaiveDate {
        clock(self.zone(), self.walk.start).date() + Days::new(days)
    }

    fn zone(&self) -> Tz {
        self.zone.parse().unwrap()
    }

    fn schedule(&self) -> Schedule {
        let mut schedule = Schedule::new("case");
        let instant = |minutes: &i64| When::Instant((self.walk.start + minutes) * MINUTE);
        for (weekday, (opens, closes), from, to) in &self.rows {
            let row = OpenRow::new(self.zone, *weekday, opens * MINUTE, closes * MINUTE);
            let row =
                OpenRow { valid_from: from.as_ref().map(instant), valid_to: to.as_ref().map(instant), ..row };
            schedule.open(&row).unwrap();
        }
        for (days, hours) in &self.holidays {
            let date = self.date(*days).to_string();
            let hours = hours.map(|(opens, closes)| (opens * MINUTE, closes * MINUTE));
            let row = HolidayRow {
                opens: hours.map(|(opens, _)| opens.into()),
                closes: hours.map(|(_, closes)| closes.into()),
                ..HolidayRow::closed(&date)
            };
            schedule.holiday(&row).unwrap();
        }
        schedule
    }

    /// Whether each minute of the walk is open.
    fn walk(&self) -> Vec<bool> {
        let zone = self.zone();
        let clocks: Vec<_> = self.walk.clone().map(|minute| clock(zone, minute)).collect();
        // A date begins once: where midnight is repeated, the first time.
        let mut dates: Vec<_> = clocks.iter().map(NaiveDateTime::date).collect();
        for index in 1..dates.len() {
            dates[index] = dates[index].max(dates[index - 1]);
        }
        let mut holidays: BTreeMap<NaiveDate, Vec<Pair>> = BTreeMap::new();
        for (days, hours) in &self.holidays {
            holidays.entry(self.date(*days)).or_default().extend(*hours);
        }
        let mut open = vec![false; clocks.len()];
        let first = dates[0] - Days::new(2);
        for date in first.iter_days().take_while(|date| date <= dates.last().unwrap()) {
            for (weekday, hours, from, to) in &self.rows {
                if i64::from(date.weekday().number_from_monday()) == *weekday {
                    let valid = from.unwrap_or(i64::MIN)..to.unwrap_or(i64::MAX);
                    for minute in minutes_of_shift(&clocks, date, *hours) {
                        let is_valid = valid.contains(&i64::try_from(minute).unwrap());
                        open[minute] |= is_valid && !holidays.contains_key(&dates[minute]);
                    }
                }
            }
            for hours in holidays.get(&date).into_iter().flatten() {
                for minute in minutes_of_shift(&clocks, date, *hours) {
                    let valid = self.rows.iter().any(|(_, _, from, to)| {
                        let valid = from.unwrap_or(i64::MIN)..to.unwrap_or(i64::MAX);
                        valid.contains(&i64::try_from(minute).unwrap())
                    });
                    open[minute] |=
                        valid && (dates[minute] <= date || !holidays.contains_key(&dates[minute]));
                }
            }
        }
        open
    }
}

/// What the clock reads at a minute.
fn clock(zone: Tz, minute: i64) -> NaiveDateTime {
    DateTime::from_timestamp(minute * 60, 0).unwrap().with_timezone(&zone).naive_local()
}

/// From the first to the last minute at which the clock reads a time of the shift.
fn minutes_of_shift(
    clocks: &[NaiveDateTime],
    date: NaiveDate,
    (opens, closes): Pair,
) -> std::ops::Range<usize> {
    let midnight = date.and_time(NaiveTime::MIN);
    let closes = if closes <= opens { closes + 1440 } else { closes };
    let reads = |clock: &NaiveDateTime| {
        (midnight + TimeDelta::minutes(opens)..midnight + TimeDelta::minutes(closes)).contains(clock)
    };
    match (clocks.iter().position(reads), clocks.iter().rposition(reads)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..0,
    }
}

prop_compose! {
    /// Mostly around the night, where the rules differ; anywhere else otherwise.
    fn hours()(near in any::<bool>(), opens in 0..96_i64, closes in 0..=96_i64, short in 0..16_i64, long in 1..=16_i64, odd in 0..3_i64) -> Pair {
        let (opens, closes) = if near { ((short + 90) % 96, (short + 90 + long) % 96) } else { (opens, closes) };
        (opens * 15 + odd, if closes == 96 { 1440 } else { closes * 15 + odd })
    }
}

prop_compose! {
    fn case()(
        (zone, night) in proptest::sample::select(NIGHTS),
        rows in prop::collection::vec(
            (1..=7_i64, hours(), prop::option::weighted(0.2, 0..11_520_i64), prop::option::weighted(0.2, 0..11_520_i64)),
            1..12,
        ),
        round_the_clock in prop::bool::weighted(0.1),
        holidays in prop::collection::vec((0..9_u64, prop::option::of(hours())), 0..4),
    ) -> Case {
        let minute = at(night) / MINUTE;
        let around = DAYS_AROUND * 1440;
        let mut rows = rows;
        if round_the_clock {
            rows = (1..=7).map(|weekday| (weekday, (0, 1440), None, None)).collect();
        }
        // The row of a version that is over before it begins is refused.
        rows.retain(|(_, _, from, to)| from.zip(*to).is_none_or(|(from, to)| from <= to));
        Case { zone, walk: minute - around..minute + around, rows, holidays }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn hours_are_those_of_a_walk_through_the_minutes(case in case(), spans in prop::collection::vec((0..11_520_i64, 0..11_520_i64), 24)) {
        let schedule = case.schedule();
        let start = case.walk.start * MINUTE;
        let end = case.walk.end * MINUTE;
        let open = case.walk();
        let mut before = vec![0_i64];
        for is_open in &open {
            before.push(before[before.len() - 1] + i64::from(*is_open));
        }
        // The walk cannot see whether a schedule is open outside it.
        let Ok(hours) = OpenHours::new([&schedule], start..end) else {
            prop_assert_eq!(before.last(), Some(&0));
            return Ok(());
        };
        for (minute, is_open) in open.iter().enumerate() {
            let instant = start + i64::try_from(minute).unwrap() * MINUTE;
            prop_assert_eq!(hours.is_open(instant), *is_open, "minute {} of {:?}", minute, case);
        }
        let sum: Micros = hours.intervals(start, end).map(|open| open.end - open.start).sum();
        prop_assert_eq!(sum, before[open.len()] * MINUTE);
        for (from, to) in spans {
            let (first, last) = (usize::try_from(from).unwrap(), usize::try_from(to).unwrap());
            let elapsed = (before[last.max(first)] - before[first]) * MINUTE;
            prop_assert_eq!(hours.elapsed(start + from * MINUTE, start + to * MINUTE), elapsed);
            // The first minute by which as much was used up.
            let walked = before.iter().skip(first).position(|open| open - before[first] == elapsed / MINUTE).unwrap();
            let at = start + (from + i64::try_from(walked).unwrap()) * MINUTE;
            prop_assert_eq!(hours.at(start + from * MINUTE, elapsed), Some(at));
        }
    }

    #[test]
    fn elapsed_adds_up_and_at_is_its_inverse(
        case in case(),
        narrow in prop::bool::weighted(0.3),
        wide in prop::bool::weighted(0.2),
        instants in prop::collection::vec(any::<i64>(), 3),
        target in 0..400 * 3_600_000_000_i64,
    ) {
        let (start, end) = (case.walk.start * MINUTE, case.walk.end * MINUTE);
        let span = if narrow { start + DAY..start + 2 * DAY } else { start..end };
        let Ok(hours) = OpenHours::new([&case.schedule()], span) else { return Ok(()) };
        // Within the walk and a day around it, or anywhere in 6,000 years.
        let reach = if wide { start - 156_000 * WEEK..end + 156_000 * WEEK } else { start - DAY..end + DAY };
        let mut instants: Vec<_> = instants.iter().map(|at| reach.start + at.rem_euclid(reach.end - reach.start)).collect();
        instants.sort_unstable();
        let [a, b, c] = instants[..] else { unreachable!() };
        prop_assert_eq!(hours.elapsed(a, c), hours.elapsed(a, b) + hours.elapsed(b, c));
        prop_assert!((0..=c - a).contains(&hours.elapsed(a, c)));
        prop_assert_eq!(hours.elapsed(c, a), 0);
        // Back from an instant to the first one with as much open time.
        let elapsed = hours.elapsed(a, b);
        let earliest = hours.at(a, elapsed).unwrap();
        prop_assert!(earliest <= b && hours.elapsed(earliest, b) == 0);
        prop_assert_eq!(hours.elapsed(a, earliest), elapsed);
        prop_assert!(elapsed == 0 || hours.elapsed(a, earliest - 1) == elapsed - 1);
        // And from a target to its instant and back.
        if let Some(due) = hours.at(a, target) {
            prop_assert_eq!(hours.elapsed(a, due), target);
            prop_assert!(target == 0 || hours.is_open(due - 1));
        }
    }

    #[test]
    fn a_union_is_open_when_either_is(one in case(), other in case(), minutes in prop::collection::vec(0..11_520_i64, 32)) {
        let (one_hours, other_hours) = (one.schedule(), other.schedule());
        let start = one.walk.start * MINUTE;
        let span = start..one.walk.end * MINUTE;
        let hours = |schedules: &[&Schedule]| OpenHours::new(schedules.iter().copied(), span.clone()).ok();
        let both = hours(&[&one_hours, &other_hours]);
        let apart = [hours(&[&one_hours]), hours(&[&other_hours])];
        for minute in minutes {
            let is_open = |hours: &Option<OpenHours>| hours.as_ref().is_some_and(|hours| hours.is_open(start + minute * MINUTE));
            prop_assert_eq!(is_open(&both), apart.iter().any(is_open));
        }
    }
}
