//! Nights on which the clock is put forward or back, each worked out by hand.

use super::tests::{HOUR, MINUTE, at, weekly, year};
use super::*;

const SATURDAY: i64 = 6;
const SUNDAY: i64 = 7;

/// The open intervals of one shift a week within three days around a Sunday.
fn shift(zone: &str, weekday: i64, opens: &str, closes: &str, sunday: &str) -> Vec<(Micros, Micros)> {
    let midnight = at(&format!("{sunday}T00:00:00Z"));
    let schedule = weekly(zone, &[weekday], &[(opens, closes)]);
    let hours = OpenHours::new([&schedule], midnight - 4 * WEEK..midnight + 4 * WEEK).unwrap();
    // Whatever the zone, a shift of Saturday or Sunday lies in these three days.
    let open = hours.intervals(midnight - 36 * HOUR, midnight + 36 * HOUR);
    open.map(|open| (open.start, open.end)).collect()
}

fn minutes(zone: &str, weekday: i64, opens: &str, closes: &str, sunday: &str) -> Micros {
    shift(zone, weekday, opens, closes, sunday).iter().map(|(opens, closes)| closes - opens).sum::<Micros>()
        / MINUTE
}

/// 29 March 2026, 02:00 becomes 03:00 at 01:00 UTC; 25 October 2026, 03:00 becomes 02:00 at 01:00 UTC.
#[test]
fn stockholm() {
    let zone = "Europe/Stockholm";
    let (spring, autumn) = ("2026-03-29", "2026-10-25");
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", spring), 23 * 60);
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", autumn), 25 * 60);
    assert_eq!(minutes(zone, SATURDAY, "22:00", "06:00", spring), 7 * 60);
    assert_eq!(minutes(zone, SATURDAY, "22:00", "06:00", autumn), 9 * 60);
    assert_eq!(minutes(zone, SATURDAY, "12:00", "12:00", spring), 23 * 60);
    assert_eq!(minutes(zone, SATURDAY, "12:00", "12:00", autumn), 25 * 60);

    // Skipped: an opening at 02:30 is 03:00 summer time, a closing at 02:30 is 02:00 winter time: the same instant.
    let gap = at("2026-03-29T01:00:00Z");
    assert_eq!(shift(zone, SUNDAY, "02:30", "03:30", spring), [(gap, gap + 30 * MINUTE)]);
    assert_eq!(shift(zone, SUNDAY, "01:00", "02:30", spring), [(gap - HOUR, gap)]);
    assert_eq!(shift(zone, SUNDAY, "02:00", "03:00", spring), []);
    assert_eq!(shift(zone, SUNDAY, "02:15", "02:45", spring), []);

    // Twice: from the first 02:30 (00:30 UTC) to 04:00; from 22:00 to the second 02:30 (01:30 UTC).
    let autumn_at = |time: &str| at(&format!("2026-10-{time}:00Z"));
    assert_eq!(
        shift(zone, SUNDAY, "02:30", "04:00", autumn),
        [(autumn_at("25T00:30"), autumn_at("25T03:00"))]
    );
    assert_eq!(
        shift(zone, SATURDAY, "22:00", "02:30", autumn),
        [(autumn_at("24T20:00"), autumn_at("25T01:30"))]
    );
    // Closing at 02:00 is before anything is repeated; opening at 03:00 is after.
    assert_eq!(
        shift(zone, SATURDAY, "22:00", "02:00", autumn),
        [(autumn_at("24T20:00"), autumn_at("25T00:00"))]
    );
    assert_eq!(
        shift(zone, SUNDAY, "03:00", "04:00", autumn),
        [(autumn_at("25T02:00"), autumn_at("25T03:00"))]
    );
}

/// 8 March 2026, 02:00 becomes 03:00 at 07:00 UTC; 1 November 2026, 02:00 becomes 01:00 at 06:00 UTC.
#[test]
fn new_york() {
    let zone = "America/New_York";
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", "2026-03-08"), 23 * 60);
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", "2026-11-01"), 25 * 60);
    assert_eq!(
        shift(zone, SATURDAY, "22:00", "06:00", "2026-03-08"),
        [(at("2026-03-08T03:00:00Z"), at("2026-03-08T10:00:00Z"))]
    );
    assert_eq!(
        shift(zone, SATURDAY, "22:00", "06:00", "2026-11-01"),
        [(at("2026-11-01T02:00:00Z"), at("2026-11-01T11:00:00Z"))]
    );
    // A target of eight hours that starts with the shift is used up an hour late, or early, on the clock.
    let night = weekly(zone, &[1, 2, 3, 4, 5, 6, 7], &[("22:00", "06:00")]);
    let hours = OpenHours::new([&night], year(2026)).unwrap();
    assert_eq!(hours.at(at("2026-03-08T03:00:00Z"), 8 * HOUR), Some(at("2026-03-08T22:00:00-04:00") + HOUR));
    assert_eq!(hours.at(at("2026-11-01T02:00:00Z"), 8 * HOUR), Some(at("2026-11-01T05:00:00-05:00")));
}

/// Half an hour: 5 April 2026, 02:00 (+11) becomes 01:30 (+10:30); 4 October 2026, 02:00 becomes 02:30.
#[test]
fn lord_howe() {
    let zone = "Australia/Lord_Howe";
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", "2026-04-05"), 24 * 60 + 30);
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", "2026-10-04"), 23 * 60 + 30);
    assert_eq!(minutes(zone, SATURDAY, "22:00", "06:00", "2026-04-05"), 8 * 60 + 30);
    assert_eq!(minutes(zone, SATURDAY, "22:00", "06:00", "2026-10-04"), 7 * 60 + 30);
    // From the first 01:45 (14:45 UTC) to the second 01:50 (15:20 UTC).
    assert_eq!(
        shift(zone, SUNDAY, "01:45", "01:50", "2026-04-05"),
        [(at("2026-04-04T14:45:00Z"), at("2026-04-04T15:20:00Z"))]
    );
}

/// Five and a half hours from UTC all year: 09:30 to 18:30 is 04:00 to 13:00 UTC.
#[test]
fn kolkata() {
    for sunday in ["2026-03-29", "2026-10-25"] {
        let (opens, closes) = (at(&format!("{sunday}T04:00:00Z")), at(&format!("{sunday}T13:00:00Z")));
        assert_eq!(shift("Asia/Kolkata", SUNDAY, "09:30", "18:30", sunday), [(opens, closes)]);
    }
}

/// At midnight: 4 November 2018, 00:00 (-3) becomes 01:00 (-2); 18 February 2018, 00:00 (-2) becomes 23:00 (-3).
#[test]
fn sao_paulo() {
    let zone = "America/Sao_Paulo";
    assert_eq!(
        shift(zone, SUNDAY, "00:00", "24:00", "2018-11-04"),
        [(at("2018-11-04T03:00:00Z"), at("2018-11-05T02:00:00Z"))]
    );
    assert_eq!(
        shift(zone, SATURDAY, "22:00", "02:00", "2018-11-04"),
        [(at("2018-11-04T01:00:00Z"), at("2018-11-04T04:00:00Z"))]
    );
    assert_eq!(minutes(zone, SATURDAY, "00:00", "24:00", "2018-02-18"), 25 * 60);
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", "2018-02-18"), 24 * 60);
    // A holiday on the Sunday without midnight closes its 23 hours.
    let mut always = weekly(zone, &[1, 2, 3, 4, 5, 6, 7], &[("00:00", "24:00")]);
    always.holiday(&HolidayRow::closed("2018-11-04")).unwrap();
    let hours = OpenHours::new([&always], year(2018)).unwrap();
    let three_days = hours.elapsed(at("2018-11-03T03:00:00Z"), at("2018-11-06T02:00:00Z"));
    assert_eq!(three_days, 48 * HOUR);
    assert!(hours.is_open(at("2018-11-04T03:00:00Z") - 1) && !hours.is_open(at("2018-11-04T03:00:00Z")));
}

/// Midnight twice: 1 November 2026, 01:00 (-4) becomes 00:00 (-5) at 05:00 UTC.
#[test]
fn havana() {
    let zone = "America/Havana";
    // Saturday ends at the first midnight, when the clock no longer reads Saturday.
    assert_eq!(
        shift(zone, SATURDAY, "09:00", "24:00", "2026-11-01"),
        [(at("2026-10-31T13:00:00Z"), at("2026-11-01T04:00:00Z"))]
    );
    assert_eq!(minutes(zone, SUNDAY, "00:00", "24:00", "2026-11-01"), 25 * 60);
}

/// A date that never was: Samoa went from Thursday 29 to Saturday 31 December 2011.
#[test]
fn apia() {
    let zone = "Pacific/Apia";
    let friday = weekly(zone, &[5], &[("09:00", "17:00")]);
    let hours = OpenHours::new([&friday], year(2011)).unwrap();
    assert_eq!(hours.elapsed(at("2011-12-28T00:00:00Z"), at("2012-01-02T00:00:00Z")), 0);
    let mut always = weekly(zone, &[1, 2, 3, 4, 5, 6, 7], &[("00:00", "24:00")]);
    always.holiday(&HolidayRow::closed("2011-12-30")).unwrap();
    let hours = OpenHours::new([&always], year(2011)).unwrap();
    let (from, to) = (at("2011-12-28T00:00:00Z"), at("2012-01-02T00:00:00Z"));
    assert_eq!(hours.elapsed(from, to), to - from);
    // Thursday's night shift, 22:00 to 06:00, ends after two hours, as midnight is Saturday's.
    let thursday = weekly(zone, &[4], &[("22:00", "06:00")]);
    let hours = OpenHours::new([&thursday], year(2011)).unwrap();
    assert_eq!(hours.elapsed(from, to), 2 * HOUR);
}
