//! Any values in any columns, asked of every KPI: an answer whose units add up, or an error.
#![no_main]

mod any_column;

use any_column::Values;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use tenure::{Book, Request, Table, catalog};

#[derive(Arbitrary, Debug)]
struct Company {
    rows: u8,
    score: Values,
    answered_at: Values,
    sent_at: Values,
    respondent_id: Values,
    account_id: Values,
    kind: Values,
    label: Values,
    excluded: Values,
    every: Option<u8>,
}

fuzz_target!(|company: Company| {
    let rows = usize::from(company.rows % 32);
    let table = Table::new("surveys")
        .column("score", company.score.column(rows))
        .column("answered_at", company.answered_at.column(rows))
        .column("sent_at", company.sent_at.column(rows))
        .column("respondent_id", company.respondent_id.column(rows))
        .column("account_id", company.account_id.column(rows))
        .column("kind", company.kind.column(rows))
        .column("label", company.label.column(rows))
        .column("excluded", company.excluded.column(rows));
    let mut book = Book::new();
    if book.add(table).is_err() {
        return;
    }
    for card in catalog() {
        let mut request = Request::new(card.id).as_of("2026-07-01").by("account_id");
        request.max_rows = 10_000;
        request.every = company.every.map(|grain| match grain % 3 {
            0 => tenure::Every::Day,
            1 => tenure::Every::Month,
            _ => tenure::Every::Year,
        });
        let answer = book.compute(&request);
        let _ = (book.units(&request), book.faults(&request));
        let Ok(mut whole) = book.partial_of(&request, 0, 2) else { continue };
        let Ok(other) = book.partial_of(&request, 1, 2) else { continue };
        whole.merge(&other).expect("parts of one request merge");
        assert_eq!(whole.finish(), answer);
    }
});
