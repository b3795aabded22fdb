//! Published examples, reported defects of others and the edges of the interface.

use super::*;
use crate::error::ErrorKind;
use chrono::DateTime;
use std::ops::Range;

pub(super) const MINUTE: Micros = 60_000_000;
pub(super) const HOUR: Micros = 60 * MINUTE;

pub(super) fn at(text: &str) -> Micros {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

pub(super) fn year(year: i32) -> Range<Micros> {
    at(&format!("{year}-01-01T00:00:00Z"))..at(&format!("{}-01-01T00:00:00Z", year + 1))
}

pub(super) fn weekly(zone: &str, weekdays: &[i64], hours: &[(&str, &str)]) -> Schedule {
    Schedule::weekly("support", zone, weekdays.iter().copied(), hours).unwrap()
}

fn office(zone: &str, hours: &[(&str, &str)]) -> Schedule {
    weekly(zone, &[1, 2, 3, 4, 5], hours)
}

fn holidays(schedule: &mut Schedule, dates: &[&str]) {
    for date in dates {
        schedule.holiday(&HolidayRow::closed(date)).unwrap();
    }
}

fn intervals(hours: &OpenHours, from: Micros, to: Micros) -> Vec<(Micros, Micros)> {
    hours.intervals(from, to).map(|open| (open.start, open.end)).collect()
}

fn open(schedule: &Schedule, span: Range<Micros>) -> OpenHours {
    OpenHours::new([schedule], span).unwrap()
}

/// `EmailAnalytics`' examples of work hours 8 to 17, Monday to Friday (V15).
#[test]
fn only_work_hours_count() {
    let hours = open(&office("UTC", &[("08:00", "17:00")]), year(2026));
    let elapsed = |from, to| hours.elapsed(at(from), at(to)) / MINUTE;
    assert_eq!(elapsed("2026-01-07T07:00:00Z", "2026-01-07T08:05:00Z"), 5);
    assert_eq!(elapsed("2026-01-07T16:00:00Z", "2026-01-07T18:27:00Z"), 60);
    // Both outside: no open time between, and the first instant is closed, so a KPI can leave it out.
    assert_eq!(elapsed("2026-01-07T18:00:00Z", "2026-01-07T18:27:00Z"), 0);
    assert!(!hours.is_open(at("2026-01-07T18:00:00Z")));
}

/// Work hours 9 to 17 (V16): half an hour and an hour and a half; a quarter.
#[test]
fn nights_do_not_count() {
    let hours = open(&office("UTC", &[("09:00", "17:00")]), year(2026));
    let elapsed = |from, to| hours.elapsed(at(from), at(to)) / MINUTE;
    assert_eq!(elapsed("2026-01-07T16:30:00Z", "2026-01-08T10:30:00Z"), 120);
    assert_eq!(elapsed("2026-01-07T20:00:00Z", "2026-01-08T09:15:00Z"), 15);
}

/// The example of `workclock`'s documentation (V17), and its boundaries by hand.
#[test]
fn targets_are_used_up_across_breaks_and_holidays() {
    let mut london = office("Europe/London", &[("09:00", "12:00"), ("13:00", "17:00")]);
    holidays(&mut london, &["2026-12-25", "2026-12-28"]);
    let hours = open(&london, year(2026));
    let opened = at("2026-12-24T16:30:00Z");
    assert_eq!(hours.at(opened, 8 * HOUR), Some(at("2026-12-30T09:30:00Z")));
    // Used up exactly at closing: that closing, and a microsecond more is after the next opening.
    assert_eq!(hours.at(opened, 30 * MINUTE), Some(at("2026-12-24T17:00:00Z")));
    assert_eq!(hours.at(opened, 30 * MINUTE + 1), Some(at("2026-12-29T09:00:00Z") + 1));
    assert_eq!(hours.at(opened, 3 * HOUR + 30 * MINUTE), Some(at("2026-12-29T12:00:00Z")));
    assert_eq!(hours.at(opened, 0), Some(opened));
    assert_eq!(hours.at(opened, -HOUR), Some(opened));
    // Opened at night: the clock starts at the next opening.
    assert_eq!(hours.at(at("2026-12-24T20:00:00Z"), HOUR), Some(at("2026-12-29T10:00:00Z")));
    assert_eq!(hours.elapsed(at("2026-12-30T09:30:00Z"), opened), 0);
}

/// `dbt_zendesk` issue 117: hours that cross midnight UTC kept a holiday as a work day.
#[test]
fn holidays_are_dates_of_the_zone() {
    let mut eastern = office("US/Eastern", &[("09:00", "20:00")]);
    holidays(&mut eastern, &["2023-09-04"]);
    let hours = open(&eastern, year(2023));
    // Labor Day in New York, 00:00 to 24:00 there.
    assert_eq!(hours.elapsed(at("2023-09-04T00:00:00-04:00"), at("2023-09-05T00:00:00-04:00")), 0);
    // Friday from 19:00, Tuesday until 10:00.
    assert_eq!(hours.elapsed(at("2023-09-01T19:00:00-04:00"), at("2023-09-05T10:00:00-04:00")), 2 * HOUR);
    // Friday's hours end at midnight UTC sharp.
    assert_eq!(hours.at(at("2023-09-01T13:00:00Z"), 11 * HOUR), Some(at("2023-09-02T00:00:00Z")));
}

/// `dbt_zendesk` issue 92 and pull request 114: holidays were ignored, then one second short.
#[test]
fn a_holiday_is_a_whole_day() {
    let mut always = weekly("Europe/Stockholm", &[1, 2, 3, 4, 5, 6, 7], &[("00:00", "24:00")]);
    holidays(&mut always, &["2026-06-19"]);
    let hours = open(&always, year(2026));
    assert!(!hours.is_always());
    let week = hours.elapsed(at("2026-06-15T00:00:00+02:00"), at("2026-06-22T00:00:00+02:00"));
    assert_eq!(week, 6 * 24 * HOUR);
    assert!(hours.is_open(at("2026-06-19T00:00:00+02:00") - 1));
    assert!(!hours.is_open(at("2026-06-19T00:00:00+02:00")));
    assert!(!hours.is_open(at("2026-06-20T00:00:00+02:00") - 1));
    assert!(hours.is_open(at("2026-06-20T00:00:00+02:00")));
}

/// `dbt_zendesk` issue 25 and pull request 114: hours of one season with the offset of the other.
#[test]
fn seasons_have_their_own_offset() {
    let hours = open(&office("Europe/London", &[("09:00", "17:00")]), year(2021));
    // 08:30 to 09:30 UTC is half an hour before opening in January, and 09:30 to 10:30 on the clock in July.
    assert_eq!(hours.elapsed(at("2021-01-11T08:30:00Z"), at("2021-01-11T09:30:00Z")), 30 * MINUTE);
    assert_eq!(hours.elapsed(at("2021-07-12T08:30:00Z"), at("2021-07-12T09:30:00Z")), HOUR);
    // 261 weekdays in 2021, of eight hours each, whatever the season.
    assert_eq!(hours.elapsed(year(2021).start, year(2021).end), 261 * 8 * HOUR);
}

/// `dbt_zendesk` issue 215: round the clock was not calendar time.
#[test]
fn round_the_clock_is_calendar_time() {
    let days = [1, 2, 3, 4, 5, 6, 7];
    for hours in [
        &[("00:00", "24:00")][..],
        &[("00:00", "00:00")],
        &[("07:00", "07:00")],
        &[("18:00", "06:00"), ("06:00", "18:00")],
    ] {
        let hours = open(&weekly("America/Los_Angeles", &days, hours), year(2025));
        assert!(hours.is_always());
        let (created, solved) = (at("2025-03-01T00:00:00Z"), at("2025-11-20T12:34:56Z"));
        assert_eq!(hours.elapsed(created, solved), solved - created);
        assert_eq!(hours.at(created, HOUR), Some(created + HOUR));
        assert_eq!(intervals(&hours, created, solved), [(created, solved)]);
    }
    let six_days = weekly("America/Los_Angeles", &days[..6], &[("00:00", "24:00")]);
    assert!(!open(&six_days, year(2025)).is_always());
    assert_eq!(OpenHours::always().at(Micros::MAX, 1), None);
}

#[test]
fn hours_cross_midnight_utc() {
    let hours = open(&office("Pacific/Auckland", &[("09:00", "17:00")]), year(2026));
    // Wednesday 1 July 2026, 09:00 to 17:00 in Auckland (+12) is Tuesday 21:00 to Wednesday 05:00 UTC.
    let open = intervals(&hours, at("2026-06-30T12:00:00Z"), at("2026-07-01T12:00:00Z"));
    assert_eq!(open, [(at("2026-06-30T21:00:00Z"), at("2026-07-01T05:00:00Z"))]);
}

#[test]
fn shifts_run_past_midnight_and_holidays_cut_them_there() {
    let mut night = weekly("UTC", &[1, 2, 3], &[("22:00", "06:00")]);
    let all = at("2026-01-05T00:00:00Z")..at("2026-01-12T00:00:00Z");
    let total = |schedule: &Schedule| open(schedule, all.clone()).elapsed(all.start, all.end) / HOUR;
    assert_eq!(total(&night), 24);
    // Tuesday is closed: Monday's shift ends at midnight, and of Tuesday's only Wednesday's six hours are left.
    holidays(&mut night, &["2026-01-06"]);
    assert_eq!(total(&night), 2 + 6 + 8);
    // Wednesday too: the six hours go, and the two of Wednesday evening.
    holidays(&mut night, &["2026-01-07"]);
    assert_eq!(total(&night), 2 + 6);
}

#[test]
fn hours_of_a_holiday_replace_those_of_its_weekday() {
    let mut support = office("Europe/Stockholm", &[("08:00", "12:00"), ("13:00", "17:00")]);
    for (date, opens, closes) in [
        ("2026-12-23", "10:00", "14:00"),
        ("2026-12-24", "09:00", "10:00"),
        ("2026-12-24", "11:00", "12:00"),
        // A Saturday, otherwise closed; until two in the morning.
        ("2026-12-26", "22:00", "02:00"),
    ] {
        support.holiday(&HolidayRow::open(date, opens, closes)).unwrap();
    }
    // Hours beside "closed all day" are the more specific.
    holidays(&mut support, &["2026-12-23", "2026-12-25"]);
    let hours = open(&support, year(2026));
    let day = |date: &str| {
        let start = at(&format!("{date}T00:00:00+01:00"));
        hours.elapsed(start, start + DAY) / HOUR
    };
    assert_eq!(
        ["22", "23", "24", "25", "26", "27", "28"].map(|date| day(&format!("2026-12-{date}"))),
        [8, 4, 2, 0, 2, 2, 8]
    );
    // A holiday's hours end where the next holiday begins.
    holidays(&mut support, &["2026-12-27"]);
    let sunday = at("2026-12-27T00:00:00+01:00");
    assert_eq!(open(&support, year(2026)).elapsed(sunday, sunday + DAY), 0);
}

#[test]
fn versions_are_half_open_in_local_time() {
    let mut support = Schedule::new("support");
    for weekday in 1..=5 {
        support
            .open(&OpenRow::new("Europe/Stockholm", weekday, "08:00", "17:00").valid_to("2026-07-01"))
            .unwrap();
        support
            .open(&OpenRow::new("Europe/Stockholm", weekday, "09:00", "15:00").valid_from("2026-07-01"))
            .unwrap();
    }
    let change = at("2026-07-01T00:00:00+02:00");
    assert_eq!(support.changes(), [change]);
    // Tuesday 30 June has nine hours, Wednesday 1 July six.
    let (from, to) = (at("2026-06-30T00:00:00+02:00"), at("2026-07-02T00:00:00+02:00"));
    assert_eq!(open(&support, year(2026)).elapsed(from, to), 15 * HOUR);
    // The schedule of record at an event: the same hours before and after.
    assert_eq!(open(&support.frozen_at(change - 1), year(2026)).elapsed(from, to), 18 * HOUR);
    assert_eq!(open(&support.frozen_at(change), year(2026)).elapsed(from, to), 12 * HOUR);
    // An instant cuts a shift.
    let mut cut = Schedule::new("cut");
    let noon = at("2026-07-01T12:00:00+02:00");
    cut.open(&OpenRow::new("Europe/Stockholm", 3, "08:00", "17:00").valid_to(crate::When::Instant(noon)))
        .unwrap();
    let hours = open(&cut, year(2026));
    assert_eq!(hours.elapsed(change, change + DAY), 4 * HOUR);
    // After its end no target is used up.
    assert_eq!(hours.at(change, 4 * HOUR), Some(noon));
    assert_eq!(hours.at(change, 4 * HOUR + 1), None);
    assert!(OpenHours::new([&cut.frozen_at(noon)], year(2026)).is_err());
}

#[test]
fn a_version_without_end_is_written_in_many_ways() {
    let open_ended = office("UTC", &[("09:00", "17:00")]);
    let mut sentinel = Schedule::new("support");
    for weekday in 1..=5 {
        let row = OpenRow::new("UTC", weekday, "09:00", "17:00");
        sentinel.open(&row.valid_from("1900-01-01").valid_to("9999-12-31")).unwrap();
        // One that never was.
        let row = OpenRow::new("UTC", weekday, "00:00", "24:00").valid_from("2026-01-01");
        sentinel.open(&row.valid_to("2026-01-01")).unwrap();
    }
    assert_eq!(sentinel, open_ended);
}

#[test]
fn a_union_is_open_when_any_team_is() {
    let stockholm = office("Europe/Stockholm", &[("08:00", "17:00")]);
    let new_york = office("America/New_York", &[("08:00", "17:00")]);
    let both = OpenHours::new([&stockholm, &new_york], year(2026)).unwrap();
    let wednesday = at("2026-01-14T00:00:00Z");
    // 07:00 to 16:00 UTC and 13:00 to 22:00 UTC.
    assert_eq!(
        intervals(&both, wednesday, wednesday + DAY),
        [(at("2026-01-14T07:00:00Z"), at("2026-01-14T22:00:00Z"))]
    );
    assert_eq!(both.elapsed(wednesday, wednesday + DAY), 15 * HOUR);
    // A holiday closes only the team that has it.
    let mut closed = stockholm.clone();
    holidays(&mut closed, &["2026-01-14"]);
    let both = OpenHours::new([&closed, &new_york], year(2026)).unwrap();
    assert_eq!(both.elapsed(wednesday, wednesday + DAY), 9 * HOUR);
}

#[test]
fn the_span_is_a_matter_of_speed_only() {
    let mut london = office("Europe/London", &[("09:00", "17:00")]);
    holidays(&mut london, &["2031-05-05"]);
    let near = open(&london, year(2026));
    let empty = open(&london, 0..0);
    let wide = open(&london, at("1901-01-01T00:00:00Z")..at("2100-01-01T00:00:00Z"));
    for (from, to) in
        [("1999-12-31T12:00:00Z", "2026-06-01T12:00:00Z"), ("2026-06-01T12:00:00Z", "2093-01-01T00:00:00Z")]
    {
        let (from, to) = (at(from), at(to));
        let elapsed = wide.elapsed(from, to);
        assert_eq!(near.elapsed(from, to), elapsed);
        assert_eq!(empty.elapsed(from, to), elapsed);
        assert_eq!(near.at(from, elapsed), wide.at(from, elapsed));
        assert_eq!(near.intervals(from, to).last(), wide.intervals(from, to).last());
        assert_eq!(near.intervals(from, to).map(|open| open.end - open.start).sum::<Micros>(), elapsed);
    }
    // Sentinels of other systems: 52 weeks of 40 hours, before and after all that is worked out.
    for sentinel in ["1601-01-01T00:00:00Z", "9998-12-31T00:00:00Z"] {
        assert_eq!(near.elapsed(at(sentinel), at(sentinel) + 52 * WEEK), 52 * 40 * HOUR);
        assert_eq!(near.elapsed(near.at(at(sentinel), 40 * HOUR).unwrap(), at(sentinel) + WEEK), 0);
    }
    // No instant is too far.
    assert!(near.elapsed(Micros::MIN, Micros::MAX) > 0);
    assert_eq!(near.at(Micros::MAX, HOUR), None);
    assert_eq!(near.at(0, Micros::MAX), None);
    assert!(near.at(Micros::MIN, HOUR).is_some());
    assert!(!near.is_open(Micros::MAX));
}

#[test]
fn a_table_that_ends_closes_nothing() {
    let mut always = weekly("Europe/Stockholm", &[1, 2, 3, 4, 5, 6, 7], &[("00:00", "24:00")]);
    holidays(&mut always, &["2026-06-19"]);
    let hours = open(&always, year(2026));
    // The holiday, 22:00 to 22:00 UTC, is the only time in three centuries at which it is closed.
    let (from, to) = (at("1850-06-01T00:00:00Z"), at("2150-06-01T00:00:00Z"));
    let (closes, opens) = (at("2026-06-18T22:00:00Z"), at("2026-06-19T22:00:00Z"));
    assert_eq!(intervals(&hours, from, to), [(from, closes), (opens, to)]);
    assert_eq!(hours.elapsed(from, to), to - from - DAY);
    assert_eq!(hours.at(from, to - from - DAY), Some(to));
    // A night shift is one interval also where the weeks begin to repeat: two weeks outside the years worked out.
    let night = open(&weekly("UTC", &[1, 2, 3, 4, 5, 6, 7], &[("22:00", "06:00")]), year(2026));
    for midnight in
        [MODELLED.start - 2 * WEEK, MODELLED.end + 2 * WEEK, MODELLED.end + 3 * WEEK, year(2026).end]
    {
        let shift = (midnight - 2 * HOUR, midnight + 6 * HOUR);
        assert_eq!(intervals(&night, midnight - 12 * HOUR, midnight + 12 * HOUR), [shift]);
    }
    // Round the clock, but only this year.
    let mut this_year = Schedule::new("support");
    for weekday in 1..=7 {
        let row = OpenRow::new("UTC", weekday, "00:00", "24:00");
        this_year.open(&row.valid_from("2026-01-01").valid_to("2027-01-01")).unwrap();
    }
    let hours = open(&this_year, year(2026));
    assert!(!hours.is_always());
    assert_eq!(intervals(&hours, from, to), [(year(2026).start, year(2026).end)]);
}

#[test]
fn a_schedule_without_open_time_is_an_error() {
    let error = OpenHours::new([&Schedule::new("night")], year(2026)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRow);
    assert_eq!(
        error.message(),
        "schedule \"night\" is never open; expected at least one row with open time that holidays and valid_to leave"
    );
    assert_eq!(error.at().table.as_deref(), Some("schedules"));
    let error = OpenHours::new([], year(2026)).unwrap_err();
    assert!(error.message().starts_with("no schedule was given"));
    let error = OpenHours::new([&Schedule::new("a"), &Schedule::new("b")], year(2026)).unwrap_err();
    assert!(error.message().starts_with("none of the 2 schedules \"a\", \"b\" is ever open"));
    // One day that is a holiday.
    let mut day = Schedule::new("day");
    let row = OpenRow::new("UTC", 1, "09:00", "17:00").valid_from("2026-01-05").valid_to("2026-01-06");
    day.open(&row).unwrap();
    assert!(OpenHours::new([&day], year(2026)).is_ok());
    assert!(OpenHours::new([&day], year(1999)).is_ok());
    holidays(&mut day, &["2026-01-05"]);
    assert!(OpenHours::new([&day], year(2026)).is_err());
}

#[test]
fn rows_that_are_refused_say_why() {
    let mut support = Schedule::new("support");
    let valid = OpenRow::new("UTC", 3, "09:00", "17:00");
    let cases = [
        (OpenRow { weekday: 0, ..valid.clone() }, "weekday", "weekday 0: expected 1 (Monday) to 7 (Sunday)"),
        (
            OpenRow { zone: "Europe/Stokholm", ..valid.clone() },
            "zone",
            "weekday 3: \"Europe/Stokholm\" is not an IANA time zone; did you mean \"Europe/Stockholm\"?",
        ),
        (
            OpenRow { opens: "25:00".into(), ..valid.clone() },
            "opens",
            "weekday 3: opens \"25:00\" is not a time of day; expected HH:MM",
        ),
        (
            OpenRow { opens: "24:00".into(), ..valid.clone() },
            "opens",
            "weekday 3: opens is 24:00; expected a time before",
        ),
        (OpenRow { closes: "24:01".into(), ..valid.clone() }, "closes", "weekday 3: closes \"24:01\" is not"),
        (
            OpenRow { closes: (DAY + 1).into(), ..valid.clone() },
            "closes",
            "weekday 3: closes 86400000001 microseconds is not",
        ),
        (valid.clone().valid_from("soon"), "valid_from", "weekday 3: valid_from \"soon\" is not a time"),
        (
            valid.clone().valid_from("2026-02-01").valid_to("2026-01-01"),
            "valid_to",
            "weekday 3: valid_to is before valid_from",
        ),
        (valid.clone().valid_from("2222-01-01"), "valid_from", "weekday 3: valid_from is after 2099"),
        (valid.clone().valid_to("1755-11-01"), "valid_to", "weekday 3: valid_to is before 1901"),
    ];
    for (row, column, message) in cases {
        let error = support.open(&row).unwrap_err();
        assert!(error.message().starts_with(&format!("schedule \"support\", {message}")), "{error}");
        assert_eq!(error.kind(), ErrorKind::InvalidRow);
        assert_eq!(error.at().table.as_deref(), Some("schedules"));
        assert_eq!(error.at().column.as_deref(), Some(column));
    }
    let cases = [
        (HolidayRow::closed("2026-02-30"), "date", "holiday \"2026-02-30\": expected a date from 1901-01-01"),
        (HolidayRow::closed("2100-01-01"), "date", "holiday \"2100-01-01\": expected a date from 1901-01-01"),
        (
            HolidayRow { closes: None, ..HolidayRow::open("2026-12-24", "09:00", "12:00") },
            "closes",
            "holiday \"2026-12-24\": opens without closes; expected both",
        ),
        (
            HolidayRow { opens: None, ..HolidayRow::open("2026-12-24", "09:00", "12:00") },
            "opens",
            "holiday \"2026-12-24\": closes without opens; expected both",
        ),
        (
            HolidayRow::open("2026-12-24", "9", "12:00"),
            "opens",
            "holiday \"2026-12-24\": opens \"9\" is not a time of day",
        ),
    ];
    for (row, column, message) in cases {
        let error = support.holiday(&row).unwrap_err();
        assert!(error.message().starts_with(&format!("schedule \"support\", {message}")), "{error}");
        assert_eq!(error.at().table.as_deref(), Some("holidays"));
        assert_eq!(error.at().column.as_deref(), Some(column));
    }
    assert_eq!(support, Schedule::new("support"));
}

#[test]
fn times_of_day_are_read_as_people_and_files_write_them() {
    let row = |opens: &'static str, closes: &'static str| weekly("UTC", &[1], &[(opens, closes)]);
    let same = row("09:00", "24:00");
    assert_eq!(row("9:00", "00:00"), same);
    assert_eq!(row("09:00:00", "24:00:00"), same);
    assert_eq!(row(" 09:00:00.000000 ", "24:00:00.000"), same);
    let mut micros = Schedule::new("support");
    micros.open(&OpenRow::new("UTC", 1, 9 * HOUR, DAY)).unwrap();
    assert_eq!(micros, same);
    let odd = open(&row("09:00:00.25", "09:00:01"), year(2026));
    assert_eq!(odd.elapsed(at("2026-01-05T00:00:00Z"), at("2026-01-06T00:00:00Z")), 750_000);
}

/// Everything about a schedule can be shared between threads, also the part that is worked out late.
#[test]
fn open_hours_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<OpenHours>();
    shared::<Schedule>();
}
