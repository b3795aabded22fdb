//! Damaged bytes as a state: a state or an error. The bytes begin as those of a real state, and the checksum is put
//! right afterwards, so that what lies behind it is met.
#![no_main]

mod damaged;

use damaged::damaged;
use libfuzzer_sys::fuzz_target;
use tenure::{Book, Request, State, Table, catalog};

/// The bytes of a state of one KPI; several cells, keys of several types.
fn encoded(kpi: &str) -> Option<Vec<u8>> {
    let mut book = Book::new();
    let surveys = Table::new("surveys")
        .column("score", [Some(1_i64), Some(4), None, Some(3)])
        .column("answered_at", ["2026-01-05", "2026-01-29T02:30:00Z", "2026-03-01", "2026-02-02T12:00:00Z"])
        .column("respondent_id", ["a", "b", "a", "c"])
        .column("account_id", [1_i64, 2, 1, 3])
        .column("segment", ["smb", "smb", "", "enterprise"]);
    book.add(surveys).ok()?;
    let request = Request::new(kpi).as_of("2026-07-01").every(tenure::Every::Month).by("segment").by("account_id");
    Some(book.partial(&request).ok()?.encode())
}

fuzz_target!(|input: (u8, u16, Vec<(u16, u8)>)| {
    let (kpi, cut, edits) = input;
    let cards: Vec<_> = catalog().collect();
    let Some(bytes) = encoded(cards[usize::from(kpi) % cards.len()].id) else { return };
    let Ok(state) = State::decode(&damaged(bytes, cut, edits)) else { return };
    let encoded = state.encode();
    let same = State::decode(&encoded).expect("a state reads its own bytes");
    assert_eq!(same.encode(), encoded);
    let mut twice = same;
    let _ = twice.merge(&state);
    let _ = twice.finish();
});
