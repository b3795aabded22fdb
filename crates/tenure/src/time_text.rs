//! Times as text: what requests, files and other programs write.
//!
//! ISO 8601 and RFC 3339 in the forms that exports print: `2026-01-05`, `2026-01-05T10:00`, `2026-01-05 10:00:00.5`,
//! `20260105T100000Z`, each time with or without an offset: `Z`, `UTC`, `+01`, `+0100` or `+01:00`, also after a blank
//! and in small letters. A zone in brackets may follow, as RFC 9557 has it.

use crate::scope::{Local, Micros, local};
use chrono::format::{Parsed, StrftimeItems};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;

const SECOND: Micros = 1_000_000;
const DAY: Micros = 86_400 * SECOND;

/// A time as text: an instant if it names an offset or a zone, else wall-clock time.
pub(crate) fn parse_time(text: &str) -> Option<(Micros, bool)> {
    let text = text.trim();
    match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        Some((time, zone)) => Some((in_zone(parse(time)?, zone.parse().ok()?)?, true)),
        None => parse(text).map(|time| (time.at, time.offset != Offset::None)),
    }
}

/// Which offset a text names.
#[derive(Clone, Copy, PartialEq)]
enum Offset {
    None,
    Utc,
    Of(FixedOffset),
}

#[derive(Clone, Copy)]
struct Time {
    /// Without an offset as if it were UTC.
    at: Micros,
    offset: Offset,
}

/// The instant of a time whose zone is named beside it. An offset that the zone did not have is a contradiction; `Z`
/// says nothing about the zone's own.
fn in_zone(time: Time, zone: Tz) -> Option<Micros> {
    match time.offset {
        Offset::Utc => Some(time.at),
        Offset::None => match local(zone, time.at) {
            Local::At(at) => Some(at),
            Local::Skipped(_) | Local::OutOfRange => None,
        },
        Offset::Of(offset) => {
            let at = DateTime::from_timestamp_micros(time.at)?;
            let is_of_zone = at.with_timezone(&zone).naive_local() == at.with_timezone(&offset).naive_local();
            is_of_zone.then_some(time.at)
        }
    }
}

fn parse(text: &str) -> Option<Time> {
    // Other years have a sign, or are two digits of who knows which century.
    let year = text.get(..4).filter(|year| year.bytes().all(|digit| digit.is_ascii_digit()))?;
    let is_extended = text.get(year.len()..)?.starts_with('-');
    let format = if is_extended { "%Y-%m-%d" } else { "%Y%m%d" };
    let (date, rest) = NaiveDate::parse_and_remainder(text, format).ok()?;
    if text.strip_suffix(rest)?.contains(char::is_whitespace) {
        return None;
    }
    let midnight = Micros::from(date.to_epoch_days()) * DAY;
    if rest.is_empty() {
        // Eight digits alone may be anything.
        return is_extended.then_some(Time { at: midnight, offset: Offset::None });
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?.replacen(',', ".", 1);
    let (of_day, rest) = time_of_day(&rest, is_extended)?;
    let offset = offset(rest.trim_start_matches(' '))?;
    let ahead = if let Offset::Of(offset) = offset { offset.local_minus_utc() } else { 0 };
    let micros = Micros::from(of_day.nanosecond() / 1000);
    let seconds = Micros::from(of_day.num_seconds_from_midnight()) - Micros::from(ahead);
    let at = midnight + seconds * SECOND + micros;
    // A leap second ends a day of UTC, and here it is the second after it; at any other time it is a mistake.
    let is_possible = micros < SECOND || at.rem_euclid(DAY) < SECOND;
    is_possible.then_some(Time { at, offset })
}

fn time_of_day(text: &str, is_extended: bool) -> Option<(NaiveTime, &str)> {
    let formats = ["%H:%M:%S%.f", "%H:%M", "%H%M%S%.f", "%H%M"];
    let formats = if is_extended { formats.get(..2)? } else { &formats };
    let (time, rest) = formats.iter().find_map(|format| NaiveTime::parse_and_remainder(text, format).ok())?;
    (!text.strip_suffix(rest)?.contains(char::is_whitespace)).then_some((time, rest))
}

/// The offset, which ends the text.
fn offset(text: &str) -> Option<Offset> {
    if text.is_empty() {
        return Some(Offset::None);
    }
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Some(Offset::Utc);
    }
    // Chrono does not mind a colon without minutes.
    if text.ends_with(':') {
        return None;
    }
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, StrftimeItems::new("%#z")).ok()?;
    parsed.to_fixed_offset().ok().map(Offset::Of)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-05 10:00 UTC.
    const TEN: Micros = 1_767_607_200 * SECOND;

    #[test]
    fn instants_in_all_forms_that_exports_print() {
        for text in [
            "2026-01-05T10:00:00Z",
            "2026-01-05t10:00:00z",
            "2026-01-05 10:00:00 UTC",
            "2026-01-05 10:00:00 utc",
            "2026-01-05 10:00:00.000000 UTC",
            "2026-01-05T10:00Z",
            "2026-01-05 10:00:00+00",
            "2026-01-05 12:00:00 +0200",
            "2026-01-05T04:00:00.000-06:00",
            "2026-01-05T10:00:00,000Z",
            " 2026-1-5 10:00:00Z ",
            "20260105T100000Z",
            "20260105t1000z",
            "20260105T100000.000+0000",
            "20260105 11:00:00+01:00",
            "2026-01-05T11:00:00+01:00[Europe/Stockholm]",
            "2026-01-05T10:00:00Z[Europe/Stockholm]",
            "2026-01-05T11:00[Europe/Stockholm]",
        ] {
            assert_eq!(parse_time(text), Some((TEN, true)), "{text}");
        }
    }

    #[test]
    fn without_an_offset_it_is_wall_clock_time() {
        for text in ["2026-01-05T10:00:00", "2026-01-05 10:00", "2026-01-05 10:00:00.000", "20260105T100000"]
        {
            assert_eq!(parse_time(text), Some((TEN, false)), "{text}");
        }
        assert_eq!(parse_time("2026-01-05"), Some((TEN - 36_000 * SECOND, false)));
        // What is finer than a microsecond is cut off.
        assert_eq!(parse_time("2026-01-05T10:00:00.123456789"), Some((TEN + 123_456, false)));
        assert_eq!(parse_time("1969-12-31T23:59:59.5Z"), Some((-SECOND / 2, true)));
    }

    #[test]
    fn a_leap_second_is_the_second_after_it_and_only_at_the_end_of_a_day() {
        // 2017-01-01 00:00 UTC.
        let after = 1_483_228_800 * SECOND;
        assert_eq!(parse_time("2016-12-31T23:59:60Z"), Some((after, true)));
        assert_eq!(parse_time("2017-01-01T00:59:60.5+01:00"), Some((after + SECOND / 2, true)));
        assert_eq!(parse_time("2016-12-31 23:59:60"), Some((after, false)));
        assert_eq!([parse_time("2026-01-05 10:00:60"), parse_time("2016-12-31T23:59:60+01:00")], [None; 2]);
    }

    #[test]
    fn nonsense_is_no_time() {
        for text in [
            "",
            "yesterday",
            "20260105",
            "1767607200",
            "05-01-26",
            "2026",
            "2026-01",
            "2026-01- 5",
            "2026-02-30",
            "12026-01-05",
            "+2026-01-05",
            "2026-01-05T",
            "2026-01-05Z",
            "2026-01-05T10",
            "2026-01-05T1000",
            "2026-01-05T10:00:00.",
            "2026-01-05T24:00:00",
            "2026-01-05T10:60:00",
            "2026-01-05T10:00:61",
            "2026-01-05T10:00:00+24:00",
            "2026-01-05T10:00:00+01:",
            "2026-01-05T10:00:00 CET",
            "2026-01-05T10:00:00[Europe/Stokholm]",
            "2026-01-05T10:00:00+02:00[Europe/Stockholm]",
            "2026-03-29T02:30:00[Europe/Stockholm]",
            "2026-01-05[Europe/Stockholm]Z",
            "2026-01-05T10:00:00\u{e9}",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
