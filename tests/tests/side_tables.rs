//! What tables say of each other: events that came twice, rows that nothing leads to, ids of two types, flags in words.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at what it does not expect"
)]

use tenure::{Book, ErrorKind, Key, PolicyMap, Request, Table};

fn book(tables: Vec<Table<'_>>) -> Book<'_> {
    let mut book = Book::new();
    for table in tables {
        book.add(table).expect("a table");
    }
    book
}

fn asked(kpi: &str) -> Request {
    Request::new(kpi).as_of("2028-01-01T00:00:00Z")
}

fn map(policy: &serde_json::Value) -> PolicyMap {
    policy.as_object().expect("an object").clone()
}

#[test]
fn a_trace_tells_of_events_that_came_twice() {
    let events = Table::new("events")
        .column("user_id", ["ann", "bob", "ann"])
        .column("occurred_at", ["2026-01-05", "2026-01-06", "2026-01-07"])
        .column("event_id", ["e1", "e2", "e1"]);
    let book = book(vec![events]);
    let told = |kpi: &str, column: &str, value: &Key| {
        let traces = book.trace(&asked(kpi), column, value).expect("a story");
        let notes = traces.into_iter().flat_map(|trace| trace.notes);
        let notes = notes.filter(|note| note.what == "event_id" || note.what == "fate");
        notes.map(|note| note.found).collect::<Vec<_>>()
    };
    // Whoever asks about the event, its row or its person learns which row counts for nothing.
    for (column, value) in [("user_id", Key::from("ann")), ("event_id", Key::from("e1"))] {
        let [twice, fate] = &told("active_users", column, &value)[..] else { panic!("two notes") };
        assert_eq!(twice, "e1 in row 2 is the id of another row already: counts once");
        assert!(fate.starts_with("observed"));
    }
    assert_eq!(
        told("active_users", "row", &Key::Whole(2))[0],
        "e1 is the id of another row already: counts once"
    );
    assert!(told("active_users", "user_id", &Key::from("bob")).iter().all(|note| !note.contains("already")));
    let of_event = told("event_count", "row", &Key::Whole(2));
    assert_eq!(
        of_event.last().map(String::as_str),
        Some("excluded: event_id is the id of another row already")
    );
    for kpi in ["sessions", "usage_trend", "time_in_app"] {
        let mut request = asked(kpi);
        request.start = Some("2026-01-05".into());
        request.end = Some("2026-01-12".into());
        let traces = book.trace(&request, "user_id", &Key::from("ann")).expect("a story");
        let twice = traces[0].notes.iter().filter(|note| note.what == "event_id").count();
        assert_eq!(twice, 1, "{kpi}");
    }
}

#[test]
fn side_tables_are_among_all_faults() {
    // Row 1 of the events is of use, and row 1 of the users is not: faults are told apart by their table.
    let events = Table::new("events")
        .column("user_id", ["a", "b"])
        .column("occurred_at", ["2026-01-05", "2026-01-06"]);
    let users = Table::new("users").column("user_id", ["a", "a"]).column("segment", ["l", "s"]);
    let faults = book(vec![events, users]).all_faults().expect("faults");
    let told: Vec<_> = faults.iter().map(|fault| (fault.table.as_str(), fault.row, fault.reason)).collect();
    assert_eq!(told, [("users", 1, "duplicate")]);
}

#[test]
fn replies_to_surveys_need_ids_of_one_type() {
    let conversations = Table::new("conversations")
        .column("conversation_id", [1_i64])
        .column("created_at", ["2026-01-05"])
        .column("closed_at", ["2026-01-06"]);
    let surveys = Table::new("surveys")
        .column("conversation_id", ["1"])
        .column("sent_at", ["2026-01-06"])
        .column("answered_at", ["2026-01-07"]);
    let mut request = asked("survey_response_rate");
    request.policy = map(&serde_json::json!({"denominator": "eligible"}));
    let error = book(vec![conversations, surveys]).compute(&request).expect_err("ids of two types");
    assert_eq!(error.kind(), ErrorKind::WrongType);
    assert_eq!(error.at().table.as_deref(), Some("surveys"));
}
