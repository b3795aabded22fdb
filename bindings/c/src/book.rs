//! The book: tables in, results out.

use crate::error::Error;
use crate::guard::{Failure, guard, read};
use crate::lifecycle::Lifecycle;
use crate::open_hours::OpenHours;
use crate::pointer::{give, given, misuse, text};
use crate::result::ResultTable;
use crate::results::ResultList;
use crate::state::State;
use crate::status::Status;
use crate::table::Table;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use tenure_core::{Key, Request};

/// All tables of one company. It belongs to the caller, who frees it with `tenure_book_free`. Several threads may
/// ask it at once as long as none adds a table or sets the lifecycle.
pub struct Book {
    tables: Vec<Table>,
    lifecycle: Option<tenure_core::Lifecycle>,
    /// What the core works out of the tables, kept from one question to the next.
    indexes: tenure_core::Indexes,
}

impl Book {
    /// The core's book, which borrows from the tables here for the length of one call.
    fn borrowed(&self) -> Result<tenure_core::Book<'_>, Failure> {
        let mut book = tenure_core::Book::new();
        for table in &self.tables {
            book.add(table.frame.table(&table.name)?)?;
        }
        if let Some(lifecycle) = &self.lifecycle {
            book = book.with_lifecycle(lifecycle);
        }
        Ok(book.with_indexes(&self.indexes))
    }
}

/// A request from JSON.
///
/// # Safety
/// As for [`text`].
unsafe fn request_of(request: *const c_char, request_len: usize) -> Result<Request, Failure> {
    // SAFETY: promised by the caller.
    Ok(Request::from_json(unsafe { text(request, request_len, "request") }?)?)
}

/// How does a book begin? Empty. The caller frees it with `tenure_book_free`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_book_new(
    book: Option<&mut MaybeUninit<*mut Book>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let empty = Book { tables: Vec::new(), lifecycle: None, indexes: tenure_core::Indexes::default() };
        give(given(book, "book")?, empty);
        Ok(())
    })
}

/// Puts a table into the book, in the place of one with the same name. The book takes the table over in any case,
/// also on error: it is neither used nor freed by the caller again.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_book_add(
    book: Option<&mut Book>,
    table: Option<Box<Table>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let table = *given(table, "table")?;
        let book = given(book, "book")?;
        // A table that the core refuses is refused here and not at the first question.
        tenure_core::Book::new().add(table.frame.table(&table.name)?)?;
        book.tables.retain(|known| known.name != table.name);
        book.tables.push(table);
        book.indexes = tenure_core::Indexes::default();
        Ok(())
    })
}

/// Which lifecycle do the company's customers go through? It holds where the policy of a request names none. The lifecycle stays
/// the caller's, and the book does not need it any more.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_book_set_lifecycle(
    book: Option<&mut Book>,
    lifecycle: Option<&Lifecycle>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, lifecycle) = (given(book, "book")?, given(lifecycle, "lifecycle")?);
        book.lifecycle = Some(lifecycle.lifecycle.clone());
        Ok(())
    })
}

/// What is the answer to a request? `request` is one JSON object: `{"kpi": "nps", "as_of": "2026-07-01", "by":
/// ["segment"], "every": "month"}`. `as_of` is required, and `"latest"` stands for the latest time in the tables
/// read. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_compute(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, result) = (given(book, "book")?, given(result, "result")?);
        // SAFETY: the rules for pointers in tenure.h.
        let request = unsafe { request_of(request, request_len) }?;
        give(result, ResultTable::of_outcomes(&book.borrowed()?.compute(&request)?)?);
        Ok(())
    })
}

/// What are the answers to several requests? `requests` is a JSON list of requests; the first that fails fails all.
/// The caller frees the list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_compute_all(
    book: Option<&Book>,
    requests: *const c_char,
    requests_len: usize,
    results: Option<&mut MaybeUninit<*mut ResultList>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, results) = (given(book, "book")?, given(results, "results")?);
        // SAFETY: the rules for pointers in tenure.h.
        let requests = Request::list_from_json(unsafe { text(requests, requests_len, "requests") }?)?;
        let answers = book.borrowed()?.compute_all(&requests)?;
        let tables = answers.iter().map(ResultTable::of_outcomes).collect::<Result<_, _>>()?;
        give(results, ResultList { results: tables });
        Ok(())
    })
}

/// What became of every unit of a KPI? One row a unit, to be written back beside it: key, `by` columns,
/// `occurred_at`, fate, reason, value, label. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_units(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, result) = (given(book, "book")?, given(result, "result")?);
        // SAFETY: the rules for pointers in tenure.h.
        let request = unsafe { request_of(request, request_len) }?;
        give(result, ResultTable::new(tenure_arrow::units(&book.borrowed()?.units(&request)?)?));
        Ok(())
    })
}

/// Which rows cannot be used, and why? One row a fault: table, column, row, reason, text. Without a request
/// (NULL and 0) those that any KPI by its default policy cannot use. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_faults(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, result) = (given(book, "book")?, given(result, "result")?);
        let book = book.borrowed()?;
        let faults = if request.is_null() && request_len == 0 {
            book.all_faults()?
        } else {
            // SAFETY: the rules for pointers in tenure.h.
            book.faults(&unsafe { request_of(request, request_len) }?)?
        };
        give(result, ResultTable::new(tenure_arrow::faults(&faults)?));
        Ok(())
    })
}

/// Why did the units whose `column` holds `value` count as they did? `value` is JSON: `42` or `"c-17"`. One row a
/// step: kpi, row, what, found. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_trace(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    column: *const c_char,
    column_len: usize,
    value: *const c_char,
    value_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, result) = (given(book, "book")?, given(result, "result")?);
        // SAFETY: the rules for pointers in tenure.h.
        let (request, column, value) = unsafe {
            let request = request_of(request, request_len)?;
            (request, text(column, column_len, "column")?, text(value, value_len, "value")?)
        };
        let traces = book.borrowed()?.trace(&request, column, &key(value)?)?;
        give(result, ResultTable::new(tenure_arrow::traces(&traces)?));
        Ok(())
    })
}

/// How did all accounts go through the lifecycle? One row a stay, by account and in order of time: `account_id`, stay, stage,
/// `entered_at`, `left_at`, `next_stage`, seconds (without pauses, and up to `as_of` where the stay goes on),
/// `paused_seconds`, status, source, reason, allowed, `inferred_stage`, `differs_since`. `request` is a JSON object without a KPI: `{"as_of":
/// "2026-07-01", "policy": {"impossible": "refuse"}}`. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_journeys(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, result) = (given(book, "book")?, given(result, "result")?);
        // SAFETY: the rules for pointers in tenure.h.
        let request = Request::about_journeys(unsafe { text(request, request_len, "request") }?)?;
        give(result, ResultTable::new(tenure_arrow::journeys(&book.borrowed()?.journeys(&request)?)?));
        Ok(())
    })
}

/// What happened with one account? One row an event, in order of time: at, kind, label, stage, text, id. `account` is its id as
/// JSON: `42` or `"acme"`; one that no table knows is `TENURE_STATUS_INVALID_REQUEST`. `request` is as for
/// `tenure_book_journeys`. The caller frees the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_journey(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    account: *const c_char,
    account_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, result) = (given(book, "book")?, given(result, "result")?);
        // SAFETY: the rules for pointers in tenure.h.
        let (request, account) =
            unsafe { (text(request, request_len, "request")?, text(account, account_len, "account")?) };
        let story = book.borrowed()?.journey(&Request::about_journeys(request)?, &key(account)?)?;
        give(result, ResultTable::new(tenure_arrow::story(&story)?));
        Ok(())
    })
}

/// A value as JSON writes it.
fn key(json: &str) -> Result<Key, Failure> {
    use serde_json::Value;
    let wrong =
        || misuse(Status::InvalidRequest, format!("value {json} is not a JSON text, number or truth value"));
    Ok(match serde_json::from_str(json).map_err(|_| wrong())? {
        Value::Null => Key::Null,
        Value::Bool(value) => Key::Bool(value),
        Value::String(text) => Key::Text(text),
        Value::Number(number) => match (number.as_i128(), number.as_f64()) {
            (Some(whole), _) => Key::Whole(whole),
            (None, Some(real)) => Key::Real(real),
            (None, None) => return Err(wrong()),
        },
        Value::Array(_) | Value::Object(_) => return Err(wrong()),
    })
}

/// What does part `part` of `of` parts of the book contribute to a request? Parts are counted from 0; one part of
/// one is the whole book. Merging the states of all parts, or of several books, gives the state of all. The caller
/// frees the state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_partial(
    book: Option<&Book>,
    request: *const c_char,
    request_len: usize,
    part: u64,
    of: u64,
    state: Option<&mut MaybeUninit<*mut State>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, state) = (given(book, "book")?, given(state, "state")?);
        // SAFETY: the rules for pointers in tenure.h.
        let request = unsafe { request_of(request, request_len) }?;
        give(state, State { state: book.borrowed()?.partial_of(&request, part, of)? });
        Ok(())
    })
}

/// When is a schedule open? By the tables `schedules` and `holidays` of the book; without a name (NULL and 0) the only
/// schedule there is, with `"*"` whenever any of them is. The caller frees the open hours with
/// `tenure_open_hours_free`; they do not need the book any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_book_open_hours(
    book: Option<&Book>,
    schedule: *const c_char,
    schedule_len: usize,
    hours: Option<&mut MaybeUninit<*mut OpenHours>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (book, hours) = (given(book, "book")?, given(hours, "hours")?);
        // SAFETY: the rules for pointers in tenure.h.
        let name = unsafe { text(schedule, schedule_len, "schedule") }?;
        let name = if schedule.is_null() { None } else { Some(name) };
        give(hours, OpenHours { hours: book.borrowed()?.open_hours(name)? });
        Ok(())
    })
}

/// Frees a book and its tables. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_book_free(book: Option<Box<Book>>) {
    read((), || drop(book));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_json_says() {
        assert_eq!(key("42").unwrap(), Key::Whole(42));
        assert_eq!(key("\"c-17\"").unwrap(), Key::Text("c-17".to_owned()));
        assert_eq!(key("7.5").unwrap(), Key::Real(7.5));
        assert_eq!(key("true").unwrap(), Key::Bool(true));
        assert_eq!(key("null").unwrap(), Key::Null);
        for wrong in ["", "c-17", "[1]", "{}"] {
            assert!(matches!(key(wrong), Err(Failure::Misuse(Status::InvalidRequest, _))), "{wrong}");
        }
    }
}
