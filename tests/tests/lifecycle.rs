//! Journeys: told event by event or by rows, in any order, twice, and by rules.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at what it does not expect"
)]

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use tenure::lifecycle::Stay;
use tenure::{Book, Column, Key, Lifecycle, Request, Slice, Table, Unit};

const DAY: i64 = 86_400_000_000;
const NAMES: [&str; 5] = ["trial", "onboarding", "adoption", "at_risk", "churned"];

/// What is told of an account on a day: a stage, whether it is paused, or both.
type Statement = (i64, i64, Option<&'static str>, Option<bool>);

fn statements() -> impl Strategy<Value = Vec<Statement>> {
    let statement =
        (1..4_i64, 0..40_i64, prop::option::of(select(&NAMES[..])), prop::option::of(any::<bool>()));
    prop::collection::vec(statement, 0..30).prop_map(|mut rows| {
        // What is told of one instant twice is another test's.
        rows.sort_by_key(|(account, day, ..)| (*account, *day));
        rows.dedup_by_key(|(account, day, ..)| (*account, *day));
        rows.retain(|(_, _, stage, paused)| stage.is_some() || paused.is_some());
        rows
    })
}

fn table(rows: &[Statement]) -> Table<'static> {
    let times: Vec<i64> = rows.iter().map(|(_, day, ..)| day * DAY).collect();
    Table::new("stages")
        .column("account_id", rows.iter().map(|row| row.0).collect::<Vec<_>>())
        .column("stage", rows.iter().map(|row| row.2).collect::<Vec<_>>())
        .column(
            "occurred_at",
            Column::Time { unit: Unit::Micro, instant: true, values: Slice::owned(times, None) },
        )
        .column("paused", rows.iter().map(|row| row.3).collect::<Vec<_>>())
}

fn book(table: Table<'static>) -> Book<'static> {
    let mut book = Book::new();
    book.add(table).expect("a table");
    book
}

fn told(book: &Book<'_>, day: i64) -> Vec<String> {
    let request = Request::new("").as_of(tenure::When::Instant(day * DAY));
    let journeys = book.journeys(&request).expect("journeys");
    journeys.iter().map(|stay| format!("{stay:?}")).collect()
}

proptest! {
    #[test]
    fn rows_and_events_tell_the_same(rows in statements(), day in 0..45_i64) {
        let lifecycle = Lifecycle::subscription();
        let by_rows = book(table(&rows));
        let request = Request::new("").as_of(tenure::When::Instant(day * DAY));
        let found = by_rows.journeys(&request).expect("journeys");
        for account in 1..4 {
            let mut journey = lifecycle.journey();
            for (_, day, stage, paused) in rows.iter().filter(|row| row.0 == account && row.1 <= day) {
                if let Some(stage) = stage {
                    journey.record(stage, day * DAY).expect("a stage");
                }
                // A pause before any stage is refused by both.
                match paused {
                    Some(true) => drop(journey.pause(day * DAY)),
                    Some(false) => drop(journey.resume(day * DAY)),
                    None => {}
                }
            }
            let of_account: Vec<_> = found.iter().filter(|stay| *stay.account_id == Key::from(account)).collect();
            let stays: Vec<Stay> = journey.stays();
            prop_assert_eq!(of_account.len(), stays.len());
            for (row, stay) in of_account.iter().zip(&stays) {
                prop_assert_eq!((row.stage, row.entered_at, row.left_at), (stay.stage.as_str(), stay.entered, stay.left));
                prop_assert_eq!(row.allowed, stay.allowed);
            }
            if let Some(last) = of_account.last() {
                prop_assert_eq!(Some(last.status), journey.state(day * DAY));
                let seconds = journey.elapsed(day * DAY).map(|micros| micros as f64 / 1e6);
                prop_assert_eq!(Some(last.seconds), seconds);
            }
        }
    }

    #[test]
    fn order_and_repetition_change_nothing(rows in statements(), seed in any::<u64>(), day in 0..45_i64) {
        let once = told(&book(table(&rows)), day);
        let mut twice: Vec<Statement> = rows.iter().chain(&rows).copied().collect();
        let order = |row: usize| (row as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut places: Vec<usize> = (0..twice.len()).collect();
        places.sort_by_key(|row| order(*row));
        twice = places.into_iter().map(|row| twice[row]).collect();
        prop_assert_eq!(&told(&book(table(&twice)), day), &once);
        // What comes later changes nothing of what is known now.
        let later: Vec<Statement> = rows.iter().filter(|row| row.1 <= day).copied().collect();
        prop_assert_eq!(told(&book(table(&later)), day), once);
    }
}

fn company() -> Book<'static> {
    let mut book = Book::new();
    let stages = Table::new("stages")
        .column("account_id", ["acme", "acme", "birch", "birch"])
        .column("stage", ["trial", "onboarding", "trial", "kickoff"])
        .column("occurred_at", ["2026-01-01", "2026-01-11", "2026-01-05", "2026-01-06"])
        .column("reason", [None, Some("signed"), None, None]);
    let subscriptions = Table::new("subscriptions")
        .column("account_id", ["acme", "birch", "birch"])
        .column("starts_at", ["2026-01-11", "2026-01-05", "?"])
        .column("status", ["active", "trialing", "active"]);
    let accounts = Table::new("accounts").column("account_id", ["acme", "birch", "cedar"]);
    for table in [stages, subscriptions, accounts] {
        book.add(table).expect("a table");
    }
    book
}

fn asked(kpi: &str, policy: &serde_json::Value) -> Request {
    let mut request = Request::new(kpi).as_of("2026-03-01");
    request.policy.clone_from(policy.as_object().expect("an object"));
    request
}

#[test]
fn a_list_may_mix_rows_and_rules() {
    let book = company();
    let requests = [
        asked("time_in_stage", &json!({"stages_from": "rules"})),
        asked("lifecycle_status", &json!({})),
        asked("lifecycle_status", &json!({"stages_from": "rules"})),
        asked("interaction_mix", &json!({})),
    ];
    let together = book.compute_all(&requests[..3]).expect("answers");
    for (request, answer) in requests.iter().zip(&together) {
        assert_eq!(book.compute(request).as_ref(), Ok(answer));
    }
    assert!(book.compute_all(&requests).is_err(), "there are no interactions");
    let policy = |at: usize| together[at].rows[0].policy.to_string();
    assert!(policy(2).contains("\"measured_from\":[\"subscriptions\"]"), "{}", policy(2));
    assert!(!policy(1).contains("measured_from"));
}

#[test]
fn the_story_of_a_status_can_be_asked_by_account() {
    let book = company();
    let request = asked("lifecycle_status", &json!({}));
    let story = |account: &str| {
        let traces = book.trace(&request, "account_id", &account.into()).expect("a story");
        traces
            .iter()
            .flat_map(|trace| &trace.notes)
            .map(|note| format!("{}: {}", note.what, note.found))
            .collect::<Vec<_>>()
    };
    let acme = story("acme").join("\n");
    assert!(acme.contains("stage: onboarding since 2026-01-11") && acme.contains("signed"), "{acme}");
    assert!(acme.contains("expected 30d, stuck beyond 90d"), "{acme}");
    assert!(acme.contains("fate: observed as behind"), "{acme}");
    // The row of no use has a story of its own.
    let birch = story("birch").join("\n");
    assert!(birch.contains("invalid: stage is no stage of the lifecycle"), "{birch}");
    let cedar = story("cedar").join("\n");
    assert!(cedar.contains("on record without any stage"), "{cedar}");
}

#[test]
fn signals_of_no_use_are_faults() {
    let faults =
        company().faults(&asked("lifecycle_status", &json!({"stages_from": "rules"}))).expect("faults");
    let found: Vec<_> = faults.iter().map(|fault| (fault.table.as_str(), fault.row, fault.reason)).collect();
    assert_eq!(found, [("subscriptions", 2, "not_a_time")]);
}

#[test]
fn the_books_lifecycle_holds_where_a_request_names_none() {
    let text = r#"{"name": "own", "stages": [
        {"name": "trial", "kind": "start", "expected": "1d", "next": ["onboarding"]},
        {"name": "onboarding", "kind": "end"}]}"#;
    let own = Lifecycle::from_json(text).expect("a lifecycle");
    let book = company().with_lifecycle(&own);
    let labels = |policy: &serde_json::Value| {
        let outcomes = book.compute(&asked("lifecycle_status", policy)).expect("an answer");
        outcomes.rows.iter().map(|row| row.label.clone().expect("a state")).collect::<Vec<_>>()
    };
    assert_eq!(labels(&json!({})), ["behind", "completed"]);
    assert_eq!(labels(&json!({"lifecycle": "subscription"})), ["behind", "stuck"]);
    let journeys = book.journeys(&asked("", &json!({}))).expect("journeys");
    assert_eq!(journeys.iter().filter(|stay| stay.status == tenure::LifecycleState::Completed).count(), 1);
}
