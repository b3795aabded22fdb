//! The tables of support with any values in any columns, asked of every KPI of the family: an answer whose parts merge to
//! it, or an error.
#![no_main]

mod any_column;

use any_column::Values;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use tenure::{Book, Column, ErrorKind, Request, Table, catalog, explain};

/// The tables of support and their columns.
const TABLES: [(&str, &[&str]); 10] = [
    (
        "conversations",
        &[
            "conversation_id", "created_at", "requester_id", "account_id", "schedule_id", "initiated_by", "priority",
            "assignee", "merged", "bot_outcome", "first_replied_at", "solved_at", "closed_at", "replies",
        ],
    ),
    ("messages", &["conversation_id", "occurred_at", "author", "author_id", "public", "auto", "seq"]),
    ("status_history", &["conversation_id", "occurred_at", "status", "priority", "assignee", "seq"]),
    ("schedules", &["schedule_id", "zone", "weekday", "opens", "closes", "valid_from", "valid_to"]),
    ("holidays", &["schedule_id", "date", "opens", "closes"]),
    (
        "sla_policies",
        &["policy_id", "metric", "target_seconds", "clock", "priority", "schedule_id", "pauses", "valid_from", "valid_to"],
    ),
    ("emails", &["message_id", "mailbox", "occurred_at", "sender", "recipients", "in_reply_to", "references", "auto"]),
    ("mailboxes", &["mailbox", "schedule_id", "domain"]),
    ("articles", &["article_id", "occurred_at", "kind", "user_id", "session_id"]),
    ("searches", &["search_id", "occurred_at", "user_id", "session_id", "results"]),
];

/// Words that mean something, at places that the input chooses: alone it would seldom spell them.
const WORDS: [&str; 24] = [
    "customer", "agent", "bot", "company", "new", "open", "on_hold", "solved", "closed", "first_response",
    "next_response", "resolution", "calendar", "business", "UTC", "Europe/Stockholm", "09:00", "17:00", "2026-01-05",
    "2026-01-05T09:00:00Z", "2026-03-29T02:30:00", "viewed", "confirmed", "kim@firm.example",
];

#[derive(Arbitrary, Debug)]
enum Cells {
    Any(Values),
    Words(Vec<u8>),
    /// Whole hours of January 2026.
    Hours(Vec<u16>),
    /// Numbers that often meet.
    Ids(Vec<u8>),
}

impl Cells {
    fn column(self, rows: usize) -> Column<'static> {
        fn fit<T: Clone + Default>(mut values: Vec<T>, rows: usize) -> Vec<T> {
            values.resize(rows, T::default());
            values
        }
        match self {
            Cells::Any(values) => values.column(rows),
            Cells::Words(at) => {
                let word = |at: u8| WORDS.get(usize::from(at)).map(|word| (*word).to_owned());
                fit(at, rows).into_iter().map(word).collect::<Vec<_>>().into()
            }
            Cells::Hours(hours) => {
                let hour = |hour: u16| Some(1_767_225_600_000_000 + i64::from(hour % 744) * 3_600_000_000);
                Column::instants(fit(hours, rows).into_iter().map(hour).collect())
            }
            Cells::Ids(ids) => fit(ids, rows).into_iter().map(|id| i64::from(id % 8)).collect::<Vec<_>>().into(),
        }
    }
}

fuzz_target!(|input: (Vec<(u8, Vec<Option<Cells>>)>, Option<u8>)| {
    let (tables, every) = input;
    let mut book = Book::new();
    for ((name, columns), (rows, cells)) in TABLES.iter().zip(tables) {
        let rows = usize::from(rows % 16);
        let known = columns.iter().zip(cells).filter_map(|(column, cells)| Some((*column, cells?)));
        let table = known.fold(Table::new(*name), |table, (column, cells)| table.column(column, cells.column(rows)));
        book.add(table).expect("columns of one length");
    }
    for card in catalog().filter(|card| explain(card.id).is_ok_and(|found| found.family == "support")) {
        let mut request = Request::new(card.id).as_of("2026-07-01");
        request.max_rows = 10_000;
        request.every = every.map(|grain| if grain % 2 == 0 { tenure::Every::Day } else { tenure::Every::Month });
        let answer = book.compute(&request);
        assert!(answer.as_ref().err().is_none_or(|error| error.kind() != ErrorKind::Internal), "{answer:?}");
        let _ = (book.units(&request), book.faults(&request));
        let Ok(mut whole) = book.partial_of(&request, 0, 2) else { continue };
        let Ok(other) = book.partial_of(&request, 1, 2) else { continue };
        whole.merge(&other).expect("parts of one request merge");
        assert_eq!(whole.finish(), answer);
    }
});
