//! Usage of a real shop's web site, against what a script worked out of the same events. They are no part of the project:
//! without them the test says so and passes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tenure::{Book, Key, Outcome, Request, Status, Table};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/retentioneering_ecom")
}

/// Says something even if the test passes.
#[allow(clippy::explicit_write, reason = "the runner swallows what the macros print")]
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

/// The lines of a file after the first, each cut at its commas.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn number<N: std::str::FromStr>(text: &str) -> N {
    text.parse().ok().unwrap()
}

/// The events of the site; nothing if they are not there.
fn events() -> Option<String> {
    let file = folder().join("ecom.csv.gz");
    if !file.exists() {
        say("skipped: real events are read from ../shared/data, which is not there");
        return None;
    }
    let Ok(unpacked) = Command::new("gzip").arg("-dc").arg(file).output() else {
        say("skipped: real events are packed, and there is no gzip");
        return None;
    };
    Some(String::from_utf8(unpacked.stdout).unwrap())
}

fn expected(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}

fn ask(book: &Book<'_>, request: &str) -> Vec<Outcome> {
    book.compute(&Request::from_json(request).unwrap()).unwrap().rows
}

fn whole(key: &Key) -> usize {
    match key {
        Key::Whole(number) => usize::try_from(*number).unwrap(),
        _ => usize::MAX,
    }
}

#[test]
fn usage_is_what_others_found() {
    let Some(text) = events() else { return };
    let lines = rows(&text);
    assert_eq!(lines.len(), 31_106);
    let column = |at: usize| lines.iter().map(|line| line[at]).collect::<Vec<_>>();
    let table = Table::new("events")
        .column("user_id", column(0))
        .column("session_id", column(1))
        .column("name", column(2))
        .column("occurred_at", column(3));
    let mut book = Book::new();
    book.add(table).unwrap();

    by_day(&book);
    by_cohort(&book);
    by_age(&book);
    by_number_of_days(&book);
}

/// Active users of a day, of 7 and of 30 days; what share of the latter came that day; events.
fn by_day(book: &Book<'_>) {
    let text = expected("expected_dau_wau_mau.csv");
    let days = rows(&text);
    let ask = |kpi: &str, policy: &str| {
        let when = r#""every": "day", "start": "2024-01-04", "end": "2024-06-30", "as_of": "2024-07-31""#;
        ask(book, &format!(r#"{{"kpi": "{kpi}", "policy": {policy}, {when}}}"#))
    };
    let daily = ask("active_users", "{}");
    let weekly = ask("active_users", r#"{"window": "7d"}"#);
    let monthly = ask("active_users", r#"{"window": "30d"}"#);
    let sticky = ask("stickiness_ratio", r#"{"definition": "last", "window": "30d"}"#);
    let trend = ask("usage_trend", r#"{"window": "1d"}"#);
    assert_eq!([daily.len(), weekly.len(), monthly.len(), sticky.len(), trend.len()], [178; 5]);
    let mut before = 0;
    for (at, day) in days.iter().enumerate() {
        let users = [&daily, &weekly, &monthly].map(|rows| rows[at].value);
        assert_eq!(users, [1, 2, 3].map(|column| Some(number::<f64>(day[column]))), "{}", day[0]);
        let share = 100.0 * number::<f64>(day[5]);
        assert!((sticky[at].value.unwrap() - share).abs() < 1e-9, "{}: {share}", day[0]);
        let events: i64 = number(day[4]);
        let told = (trend[at].numerator, trend[at].denominator);
        assert_eq!(told, (Some(events - before), Some(before)), "{}", day[0]);
        before = events;
    }
    say(&format!("{} days: active users, stickiness and events are those of the script", days.len()));
}

/// Weekly cohorts; the script tells only weeks in which anybody came back.
fn by_cohort(book: &Book<'_>) {
    let text = expected("expected_weekly_retention.csv");
    let cells = rows(&text);
    let known: HashMap<(&str, usize), (i64, i64)> =
        cells.iter().map(|cell| ((cell[0], number(cell[1])), (number(cell[2]), number(cell[3])))).collect();
    let matrix =
        ask(book, r#"{"kpi": "cohort_matrix", "every": "week", "as_of": "2024-06-30T23:59:59.999999Z"}"#);
    let mut found = 0;
    for row in matrix.iter().filter(|row| row.status == Status::Ok) {
        let (cohort, age) = (row.dimensions[0].as_text().unwrap(), whole(&row.dimensions[1]));
        let size = row.denominator.unwrap();
        match known.get(&(cohort, age)) {
            Some(expected) => {
                assert_eq!((row.numerator.unwrap(), size), *expected, "{cohort}, week {age}");
                found += 1;
            }
            None => assert_eq!(row.numerator, Some(0), "{cohort}, week {age}"),
        }
    }
    assert_eq!(found, known.len());
    assert!(matrix.iter().all(|row| row.status == Status::Ok || row.denominator == Some(0)));
    say(&format!("{found} cells of weekly cohorts are those of the script"));
}

/// Retention on single days after the first.
fn by_age(book: &Book<'_>) {
    let text = expected("expected_day_n_retention.csv");
    let ages = rows(&text);
    let told = ask(
        book,
        r#"{"kpi": "user_retention", "policy": {"at": [1, 3, 7, 14, 30]}, "as_of": "2024-06-29T23:59:59.999999Z"}"#,
    );
    assert_eq!(told.len(), ages.len());
    for (row, age) in told.iter().zip(&ages) {
        assert_eq!(whole(&row.dimensions[0]), number::<usize>(age[0]));
        let expected = (Some(number(age[1])), Some(number(age[2])));
        assert_eq!((row.numerator, row.denominator), expected, "day {}", age[0]);
    }
    say(&format!("retention on {} days after the first is that of the script", ages.len()));
}

/// How many were there on one day of the busiest month, on two and so on.
fn by_number_of_days(book: &Book<'_>) {
    let text = expected("expected_stickiness_days_in_busiest_month.csv");
    let numbers = rows(&text);
    let told = ask(
        book,
        r#"{"kpi": "stickiness_distribution", "policy": {"window": "period"}, "every": "month",
            "start": "2024-05-01", "end": "2024-06-01", "as_of": "2024-07-01"}"#,
    );
    let told: Vec<_> = told.iter().map(|row| (whole(&row.dimensions[0]), row.value)).collect();
    let expected: Vec<_> =
        numbers.iter().map(|line| (number(line[1]), Some(number::<f64>(line[2])))).collect();
    assert_eq!(told, expected);
    say(&format!("{} numbers of active days are those of the script", expected.len()));
}
