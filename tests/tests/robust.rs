//! Bad input: whatever comes in, an answer or an error comes out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::needless_borrows_for_generic_args,
    reason = "a test stops at what it does not expect"
)]

#[path = "robust/company.rs"]
mod company;

use proptest::prelude::*;
use serde_json::{Value, json};
use tenure::{Book, Column, ErrorKind, Key, Request, State, Table};

const COLUMNS: [&str; 20] = [
    "survey_id",
    "score",
    "label",
    "answered_at",
    "sent_at",
    "kind",
    "excluded",
    "respondent_id",
    "account_id",
    "conversation_id",
    "scale_min",
    "scale_max",
    "comment",
    "tags",
    "themes",
    "sentiment",
    "polarity",
    "occurred_at",
    "item_id",
    "coder",
];

/// A column of any type, with values that are near the edges.
fn column(rows: usize) -> impl Strategy<Value = Column<'static>> {
    let whole = prop_oneof![Just(None), (-2_i64..13).prop_map(Some), any::<i64>().prop_map(Some)];
    let real = prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(-0.0),
        (0_i8..11).prop_map(f64::from),
        any::<f64>()
    ];
    let text = prop_oneof![
        Just(None),
        Just(Some("nps".to_owned())),
        Just(Some("good".to_owned())),
        Just(Some("positive".to_owned())),
        Just(Some("success".to_owned())),
        Just(Some("2026-03-29T02:30:00".to_owned())),
        Just(Some("2026-01-31T23:30:00Z".to_owned())),
        "\\PC{0,6}".prop_map(Some),
    ];
    prop_oneof![
        Just(Column::Null(rows)),
        prop::collection::vec(whole.clone(), rows).prop_map(Column::from),
        prop::collection::vec(0_i8..11, rows).prop_map(Column::from),
        prop::collection::vec(real, rows).prop_map(Column::from),
        prop::collection::vec(any::<Option<bool>>(), rows).prop_map(Column::from),
        prop::collection::vec(text.clone(), rows).prop_map(Column::from),
        prop::collection::vec(whole, rows).prop_map(Column::instants),
        prop::collection::vec(prop::option::of(1_700_000_000_000_000_i64..1_800_000_000_000_000), rows)
            .prop_map(Column::instants),
        prop::collection::vec(prop::option::of(prop::collection::vec("[a-c]{0,2}", 0..3)), rows)
            .prop_map(|lists| Column::text_lists(&lists)),
    ]
}

fn table() -> impl Strategy<Value = Table<'static>> {
    let names = prop::sample::subsequence(COLUMNS.to_vec(), 1..COLUMNS.len());
    let table = prop_oneof![3 => Just("surveys"), 1 => Just("codes"), 1 => Just("interactions")];
    (0_usize..20, names, table).prop_flat_map(|(rows, names, table)| {
        let columns: Vec<_> = names.iter().map(|_| column(rows)).collect();
        (Just(names), columns).prop_map(move |(names, columns)| {
            names
                .into_iter()
                .zip(columns)
                .fold(Table::new(table), |table, (name, column)| table.column(name, column))
        })
    })
}

/// Any JSON value, and with luck one that a field takes.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..40).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![
            Just("month"),
            Just("hour"),
            Just("week"),
            Just("Europe/Stockholm"),
            Just("2026-03-29T02:30:00"),
            Just("2026-01-01"),
            Just("segment"),
            Just("score"),
            Just("kind"),
            Just("latest"),
            Just("90d"),
            Just("wootric"),
        ]
        .prop_map(Value::from),
        Just(json!(["score", "kind"])),
        Just(json!([1, 5])),
        Just(json!({"kind": ["nps", null, 3]})),
        Just(json!({"preset": "service_rocket_5", "repeats": "latest_ever"})),
        Just(json!({"window": "30d", "statistic": ["z", "change"]})),
        Just(json!({"themes": "text"})),
        Just(json!({"definition": "krippendorff_alpha"})),
        Just(json!({"per": "hundred", "neutral_within": 0.5})),
    ]
}

fn request() -> impl Strategy<Value = Value> {
    let kpi =
        prop::sample::select(tenure::catalog().map(|card| card.id).chain(["nothing"]).collect::<Vec<_>>());
    let fields = prop::sample::subsequence(
        vec![
            "policy",
            "start",
            "end",
            "zone",
            "every",
            "week_start",
            "year_start",
            "by",
            "where",
            "level",
            "min_n",
            "strict",
            "column_zones",
            "max_rows",
            "max_groups",
            "typo",
        ],
        0..5,
    );
    (kpi, fields).prop_flat_map(|(kpi, fields)| {
        let values: Vec<_> = fields.iter().map(|_| value()).collect();
        (Just(fields), values).prop_map(move |(fields, values)| {
            let mut request = json!({"kpi": kpi, "as_of": "2027-01-01T00:00:00Z"});
            for (field, value) in fields.into_iter().zip(values) {
                request[field] = value;
            }
            request
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_table_and_any_request_give_an_answer_or_an_error(table in table(), request in request()) {
        let mut book = Book::new();
        book.add(table).expect("columns of one length");
        let _ = book.all_faults();
        let Ok(mut request) = Request::from_json(&request.to_string()) else { return Ok(()) };
        // A row as of year 294247 and hourly periods since would be a result beyond any memory.
        request.max_rows = request.max_rows.min(5_000);
        let answer = book.compute(&request);
        if let Ok(outcomes) = &answer {
            for outcome in outcomes {
                prop_assert!(outcome.value.is_none_or(f64::is_finite), "{outcome:?}");
                if let Some(interval) = &outcome.interval {
                    prop_assert!(interval.low <= interval.high, "{outcome:?}");
                }
            }
        }
        prop_assert!(answer.as_ref().err().is_none_or(|error| error.kind() != ErrorKind::Internal), "{answer:?}");
        let _ = book.units(&request);
        let _ = book.faults(&request);
        let _ = book.trace(&request, "row", &Key::Whole(0));
        if let Ok(state) = book.partial_of(&request, 0, 2) {
            let read = State::decode(&state.encode()).expect("its own bytes");
            prop_assert_eq!(read.encode(), state.encode());
        }
    }

    #[test]
    fn any_bytes_are_a_state_or_an_error(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = scores(&[10, 9, 3]).partial(&asked("nps")).expect("a state").encode();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(state) = State::decode(&bytes) {
            let _ = state.finish();
        }
    }
}

fn asked(kpi: &str) -> Request {
    Request::new(kpi).as_of("2027-01-01T00:00:00Z")
}

fn scores(scores: &[i8]) -> Book<'_> {
    let mut book = Book::new();
    book.add(Table::new("surveys").column("score", scores)).expect("a table");
    book
}

#[test]
fn counts_that_do_not_fit_are_an_error_and_leave_the_state_as_it_was() {
    for kpi in ["nps", "csat_mean", "comment_rate"] {
        let mut book = Book::new();
        book.add(Table::new("surveys").column("score", &[5_i8, 4]).column("comment", &["a", ""]))
            .expect("a table");
        let mut state = book.partial(&asked(kpi)).expect("a state");
        let error = loop {
            let doubled = state.clone();
            let before = state.encode();
            if let Err(error) = state.merge(&doubled) {
                assert_eq!(state.encode(), before, "{kpi}");
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::Overflow, "{kpi}");
        assert!(state.finish().is_ok(), "{kpi}");
    }
}

#[test]
fn states_of_different_questions_do_not_merge() {
    let book = scores(&[10, 3]);
    let mut state = book.partial(&asked("nps")).expect("a state");
    for other in [
        asked("csat_mean"),
        asked("nps").as_of("2026-01-01"),
        asked("nps").level(0.9),
        asked("nps").zone("Asia/Tokyo"),
    ] {
        let error = state.merge(&book.partial(&other).expect("a state")).expect_err("another question");
        assert_eq!(error.kind(), ErrorKind::StateMismatch);
    }
    assert_eq!(State::decode(b"").expect_err("nothing").kind(), ErrorKind::CorruptState);
    assert_eq!(State::decode(b"PAR1....").expect_err("foreign").kind(), ErrorKind::CorruptState);
}

#[test]
fn a_large_request_is_read_or_refused() {
    let values: Vec<String> = (1_000_000..2_000_000).map(|at| at.to_string()).collect();
    let text = format!(
        "{{\"kpi\": \"nps\", \"as_of\": \"2027-01-01\", \"where\": {{\"score\": [{}]}}}}",
        values.join(",")
    );
    assert!(text.len() > 7_900_000);
    let request = Request::from_json(&text).expect("large, but well formed");
    let outcomes = scores(&[10, 3]).compute(&request).expect("an answer");
    assert_eq!(outcomes.rows[0].n, 0);
    let deep = "[".repeat(100_000);
    assert_eq!(Request::from_json(&deep).expect_err("too deep").kind(), ErrorKind::InvalidRequest);
}
