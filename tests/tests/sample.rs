//! What was planted in the sample company is what the KPIs find, and nothing else.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test stops at what it does not expect"
)]

use chrono::{DateTime, Datelike, Utc};
use tenure::{Book, Every, Outcome, Request, Status, Table, UsageDrop, UsageOf, UsageSeason};
use tenure_sample::{Column, Company, Settings};

/// Companies that differ by chance and by the month of their outage.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=3;

struct Planted {
    seed: u64,
    company: Company,
    /// The month in which a service is down.
    outage: [i64; 2],
}

fn planted() -> impl Iterator<Item = Planted> {
    SEEDS.map(|seed| {
        let company = Company::new(Settings { seed, ..Settings::default() }).expect("a company");
        let outage = company.truth().outage;
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time").timestamp_micros();
        Planted { seed, outage: [at(&outage.start), at(&outage.end)], company }
    })
}

/// Some columns of a table of the company.
fn table(company: &Company, name: &str, columns: &[&str]) -> Table<'static> {
    let chunks: Vec<_> = company.table(name).expect("a table").collect();
    let mut table = Table::new(name);
    for column in columns {
        let parts = chunks.iter().map(|chunk| chunk.column(column).expect("a column"));
        let mut numbers: Vec<Option<i64>> = Vec::new();
        let mut times: Vec<Option<DateTime<Utc>>> = Vec::new();
        let mut flags: Vec<Option<bool>> = Vec::new();
        for part in parts {
            match part {
                Column::I32(values) => numbers.extend(values.iter().map(|value| value.map(i64::from))),
                Column::I64(values) => numbers.extend(values),
                Column::Bool(values) => flags.extend(values),
                Column::Time(values) => {
                    times.extend(values.iter().map(|at| at.and_then(DateTime::from_timestamp_micros)));
                }
                other => panic!("{name}.{column} has {:?}", other.kind()),
            }
        }
        table = match (numbers.is_empty(), times.is_empty()) {
            (false, _) => table.column(*column, numbers),
            (_, false) => table.column(*column, times),
            _ => table.column(*column, flags),
        };
    }
    table
}

fn usage(company: &Company) -> Book<'static> {
    let mut book = Book::new();
    for (name, columns) in [
        ("events", ["event_id", "user_id", "account_id", "occurred_at"].as_slice()),
        ("users", &["user_id", "account_id", "internal", "bot"]),
        ("accounts", &["account_id", "internal"]),
        ("identities", &["alias_id", "user_id"]),
    ] {
        book.add(table(company, name, columns)).expect("a table");
    }
    book
}

fn drops(book: &Book<'_>, every: Every, as_of: &str, policy: UsageDrop) -> Vec<Outcome> {
    let request = Request::new("usage_drop").every(every).as_of(as_of).policy(policy);
    book.compute(&request).expect("an answer").rows
}

fn has_dropped(row: &Outcome) -> bool {
    row.label.as_deref() == Some("dropped")
}

impl Planted {
    /// Whether a period lies in July or December, or begins or ends there, and in no outage.
    fn is_only_quiet(&self, row: &Outcome) -> bool {
        let (start, end) = row.period.expect("a period");
        let month = |at: i64| DateTime::from_timestamp_micros(at).expect("a time").month();
        let is_quiet = [month(start), month(end - 1)].iter().any(|month| [7, 12].contains(month));
        is_quiet && !self.is_in_outage(row)
    }

    fn is_in_outage(&self, row: &Outcome) -> bool {
        let (start, end) = row.period.expect("a period");
        start < self.outage[1] && end > self.outage[0]
    }
}

/// The company is quiet in July and in December, in its second year as in its first, when nobody can know that. A drop
/// that follows a quiet season is hard to tell from it, as in one of the companies; the outages of the others are found.
#[test]
fn outages_are_drops_and_quiet_weeks_and_months_are_not() {
    let (mut judged, mut alarms_of_the_score, mut found) = (0, 0, 0);
    for planted in planted() {
        let book = usage(&planted.company);
        let mut is_found = false;
        for (every, of) in [
            (Every::Week, UsageOf::ActiveUsers),
            (Every::Week, UsageOf::Events),
            (Every::Month, UsageOf::ActiveUsers),
            (Every::Month, UsageOf::Events),
        ] {
            let rule = UsageDrop { of: Some(of), ..UsageDrop::default() };
            for row in drops(&book, every, "2026-01-01T00:00:00Z", rule.clone()) {
                judged += u32::from(planted.is_only_quiet(&row) && row.value.is_some());
                assert!(!has_dropped(&row) || planted.is_in_outage(&row), "seed {}: {row:?}", planted.seed);
                is_found |= has_dropped(&row);
            }
            let score = UsageDrop { season: Some(UsageSeason::Ignore), least_percent: Some(0.0), ..rule };
            let rows = drops(&book, every, "2026-01-01T00:00:00Z", score);
            alarms_of_the_score +=
                rows.iter().filter(|row| has_dropped(row) && planted.is_only_quiet(row)).count();
        }
        found += u32::from(is_found);
    }
    assert_eq!(found, 2, "outages");
    assert!(judged > 100, "only {judged} quiet periods were judged");
    assert!(alarms_of_the_score > 10, "the score alone would do: {alarms_of_the_score} alarms");
}

/// A week that has just begun is compared with beginnings of weeks, and not at all before its first day is over.
#[test]
fn a_week_that_is_not_over_is_no_drop() {
    let planted = planted().next().expect("a company");
    let book = usage(&planted.company);
    // Mondays.
    for (month, day) in [(1, 13), (3, 17), (4, 14), (5, 12), (6, 16), (8, 18), (9, 15), (10, 13), (11, 17)] {
        for (days, hour) in [(0, 0), (0, 12), (1, 0), (1, 12), (2, 12), (4, 12)] {
            let as_of = format!("2025-{month:02}-{:02}T{hour:02}:00:00Z", day + days);
            let rows = drops(&book, Every::Week, &as_of, UsageDrop::default());
            let row = rows.last().expect("the last week");
            assert_eq!(row.status, Status::PartialPeriod, "{as_of}");
            assert_eq!(row.value.is_none(), days == 0, "{as_of}: {row:?}");
            assert!(!has_dropped(row), "{as_of}: {row:?}");
        }
    }
}
