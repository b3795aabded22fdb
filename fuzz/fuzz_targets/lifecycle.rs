//! Any text as a lifecycle, in TOML and JSON: a lifecycle that reads its own JSON and can be asked, or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenure::{Book, Lifecycle, Request, Table};

const DAY: i64 = 86_400_000_000;

fuzz_target!(|text: &str| {
    for read in [Lifecycle::from_toml(text), Lifecycle::from_json(text)] {
        let Ok(lifecycle) = read else { continue };
        assert_eq!(Lifecycle::from_json(&lifecycle.to_json()).expect("its own JSON"), lifecycle);
        let mut journey = lifecycle.journey();
        let names: Vec<String> = lifecycle.stages().iter().map(|stage| stage.name.clone()).collect();
        for (at, name) in (0..).zip(&names) {
            journey.record(name, at * DAY).expect("a stage of its own, later than the one before");
            let _ = journey.state((at + 1) * DAY);
        }
        let mut book = Book::new().with_lifecycle(&lifecycle);
        let count = names.len();
        let times: Vec<String> = (0..count).map(|at| format!("2026-01-{:02}", at % 28 + 1)).collect();
        let stages =
            Table::new("stages").column("account_id", vec![1_i64; count]).column("stage", &names).column("occurred_at", &times);
        book.add(stages).expect("columns of one length");
        let subscriptions = Table::new("subscriptions")
            .column("account_id", [1_i64, 2])
            .column("starts_at", ["2026-01-01", "2026-01-05"])
            .column("ends_at", [Some("2026-01-20"), None]);
        book.add(subscriptions).expect("columns of one length");
        for kpi in ["lifecycle_status", "time_in_stage", "stage_transition_rate", "end_probability", "time_to_end"] {
            for answer in book.compute(&Request::new(kpi).as_of("2026-02-01")).iter().flatten() {
                assert!(answer.value.is_none_or(f64::is_finite));
            }
        }
        let _ = book.journeys(&Request::new("").as_of("2026-02-01"));
    }
});
