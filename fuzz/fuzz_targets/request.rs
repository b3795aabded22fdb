//! Any text is a request or an error, and any request has an answer or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenure::{Book, Request, Table};

fuzz_target!(|text: &str| {
    let Ok(mut request) = Request::from_json(text) else { return };
    request.max_rows = request.max_rows.min(1_000);
    let times = ["2026-01-05T10:00:00Z", "2026-03-29T02:30:00", "", "2026-12-31"];
    let mut book = Book::new();
    let surveys = Table::new("surveys")
        .column("score", &[10, 9, 3, 42])
        .column("answered_at", &times)
        .column("account_id", &["a", "b", "", "a"]);
    book.add(surveys).expect("columns of one length");
    if let Ok(outcomes) = book.compute(&request) {
        assert!(outcomes.iter().all(|row| row.value.is_none_or(f64::is_finite)));
    }
    let _ = book.units(&request);
    let _ = book.faults(&request);
});
