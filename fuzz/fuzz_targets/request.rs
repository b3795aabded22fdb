//! Any text as a request: an answer or an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tenure::{Book, Request, Table};

fuzz_target!(|text: &str| {
    let Ok(requests) = Request::list_from_json(text) else { return };
    let mut book = Book::new();
    let surveys = Table::new("surveys")
        .column("score", [Some(10_i64), Some(42), None, Some(3)])
        .column("answered_at", ["2026-01-05", "2026-03-29T02:30:00", "never", "2026-02-02T12:00:00Z"])
        .column("respondent_id", ["a", "b", "a", "c"])
        .column("segment", ["smb", "smb", "", "enterprise"]);
    book.add(surveys).expect("columns of one length");
    for mut request in requests.into_iter().take(4) {
        // What is large on purpose is refused by these limits, and slow only by raising them.
        request.max_rows = request.max_rows.min(10_000);
        request.max_groups = request.max_groups.min(10_000);
        let answer = book.compute(&request);
        let again = Request::from_json(&request.to_json()).expect("a request reads its own JSON");
        assert_eq!(answer, book.compute(&again));
        if let Ok(outcomes) = &answer {
            assert!(outcomes.iter().all(|row| row.value.is_none_or(f64::is_finite)));
        }
        let _ = (book.units(&request), book.faults(&request));
        if let Ok(state) = book.partial(&request) {
            assert_eq!(state.finish(), answer);
        }
    }
});
