//! Usage is the same however the events have to be read: in order of time or not, all of them or all but some, with the
//! account on the event or on the user.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test stops at what it does not expect")]

use serde_json::{Value, json};
use tenure::{Book, Every, Outcomes, Request, Table, catalog};

/// Enough that many rows in a row are of one day.
const EVENTS: usize = 30_000;
const DAYS: usize = 12;
/// Enough that sets of them are kept as bits.
const USERS: i64 = 840;
const ACCOUNTS: i64 = 7;
const NAMES: [&str; 5] = ["opened", "report", "export", "invite", "search"];
/// Midnight of a Monday, in microseconds.
const FIRST: i64 = 1_767_571_200_000_000;

/// The tables of a product, in one of several forms that say the same.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    InOrder,
    InNoOrder,
    /// Somebody is on record who does not count, and never did anything.
    WithStaff,
    /// Events have ids.
    WithIds,
    /// Events name accounts themselves.
    WithAccounts,
}

/// Numbers that look like chance: the constants are Knuth's, MMIX.
fn dice(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

fn book(form: Form) -> Book<'static> {
    let mut state = 42;
    let mut rows: Vec<(i64, i64, usize)> = (0..EVENTS)
        .map(|number| {
            let day = i64::try_from(number * DAYS / EVENTS).expect("a day");
            let second = i64::try_from(dice(&mut state, 86_400)).expect("a second");
            // People and names join over time, some on the same day.
            let known = (day + 1).unsigned_abs();
            let user = 1 + i64::try_from(dice(&mut state, 70 * known)).expect("a user");
            let name = usize::try_from(dice(&mut state, 1 + known.min(8) / 2)).expect("a name");
            // No two at one instant: their order would be for ids to say.
            let fraction = i64::try_from(number).expect("a number");
            (FIRST + (day * 86_400 + second) * 1_000_000 + fraction, user, name)
        })
        .collect();
    rows.sort_unstable();
    if form == Form::InNoOrder {
        for last in (1..rows.len()).rev() {
            let other = usize::try_from(dice(&mut state, last as u64 + 1)).expect("a row");
            rows.swap(last, other);
        }
    }
    let account = |user: i64| user % ACCOUNTS;
    let at = |row: &(i64, i64, usize)| chrono::DateTime::from_timestamp_micros(row.0).expect("a time");
    let mut events = Table::new("events")
        .column("user_id", rows.iter().map(|row| row.1).collect::<Vec<_>>())
        .column("occurred_at", rows.iter().map(at).collect::<Vec<_>>())
        .column("name", rows.iter().map(|row| NAMES[row.2]).collect::<Vec<_>>());
    if form == Form::WithIds {
        events = events.column("event_id", (0..rows.len()).map(|row| format!("e{row}")).collect::<Vec<_>>());
    }
    if form == Form::WithAccounts {
        events = events.column("account_id", rows.iter().map(|row| account(row.1)).collect::<Vec<_>>());
    }
    let mut users: Vec<i64> = (1..=USERS).collect();
    if form == Form::WithStaff {
        users.push(2 * USERS);
    }
    let created =
        |user: &i64| chrono::DateTime::from_timestamp_micros(FIRST - user * 1_000_000).expect("a time");
    let users = Table::new("users")
        .column("account_id", users.iter().map(|user| account(*user)).collect::<Vec<_>>())
        .column("created_at", users.iter().map(created).collect::<Vec<_>>())
        .column("internal", users.iter().map(|user| *user > USERS).collect::<Vec<_>>())
        .column("user_id", users);
    let mut book = Book::new();
    book.add(events).expect("events").add(users).expect("users");
    book
}

/// What is asked of each KPI of usage beside its defaults, so that it has an answer and takes its several ways.
fn policies(id: &str) -> Vec<Value> {
    match id {
        "funnel_conversion" | "time_to_convert" => vec![json!({"steps": ["opened", "report", "export"]})],
        "activation_rate" => vec![json!({"moment": "export"})],
        "event_ratio" => vec![json!({"numerator": "report", "denominator": "opened"})],
        "percent_users_doing" => vec![json!({"events": ["report"]})],
        "time_to_adopt" => vec![json!({"features": ["export"]})],
        "active_users" => vec![json!({}), json!({"window": "10d"}), json!({"events": ["report", "export"]})],
        "event_count" => vec![json!({}), json!({"figure": "per_user"})],
        "usage_breadth" => {
            vec![json!({}), json!({"definition": "features"}), json!({"definition": "users_share"})]
        }
        "usage_drop" | "usage_trend" => vec![json!({"of": "events"}), json!({"of": "active_users"})],
        "sessions" => vec![json!({}), json!({"cap": "1h"})],
        "user_retention" => vec![json!({}), json!({"start": "first"})],
        _ => vec![json!({})],
    }
}

fn told(answer: tenure::Result<Outcomes>) -> Value {
    match answer {
        Ok(outcomes) => {
            let row = |row: &tenure::Outcome| {
                let by: Vec<String> = row.by.iter().map(ToString::to_string).collect();
                let dimensions: Vec<String> = row.dimensions.iter().map(ToString::to_string).collect();
                json!([
                    row.period,
                    by,
                    dimensions,
                    row.value,
                    row.label,
                    row.n,
                    row.n_missing,
                    row.n_immature,
                    row.numerator,
                    row.denominator,
                    row.status,
                ])
            };
            outcomes.rows.iter().map(row).collect()
        }
        Err(error) => json!(error.kind().name()),
    }
}

/// Each unit with the row that stands for it, which is the same wherever rows come in the same order.
fn units(book: &Book<'_>, request: &Request) -> Value {
    match book.units(request) {
        Ok(units) => units.rows.iter().map(|unit| json!([unit.row, unit.fate])).collect(),
        Err(error) => json!(error.kind().name()),
    }
}

#[test]
fn usage_is_the_same_in_every_form() {
    let forms = [Form::InNoOrder, Form::WithStaff, Form::WithIds, Form::WithAccounts];
    let (plain, others) = (book(Form::InOrder), forms.map(|form| (form, book(form))));
    let (mut asked, mut answered) = (0, 0);
    for card in catalog().filter(|card| card.table == "events") {
        for policy in policies(card.id) {
            for (by, every) in
                [(None, None), (None, Some(Every::Week)), (Some("account_id"), Some(Every::Month))]
            {
                let mut request = Request::new(card.id).as_of("2026-03-01");
                request.policy = policy.as_object().expect("a policy").clone().into_iter().collect();
                request = by.map_or(request.clone(), |by| request.by(by));
                request = every.map_or(request.clone(), |every| request.every(every));
                let expected = told(plain.compute(&request));
                asked += 1;
                answered += u32::from(expected.as_array().is_some_and(|rows| !rows.is_empty()));
                for (form, book) in &others {
                    let what = format!("{} {policy} by {by:?} every {every:?} {form:?}", card.id);
                    assert_eq!(told(book.compute(&request)), expected, "{what}");
                    if by.is_none() && *form == Form::WithIds {
                        assert_eq!(units(book, &request), units(&plain, &request), "{what}");
                    }
                }
            }
        }
    }
    assert!(answered * 10 >= asked * 8, "{answered} answers to {asked} questions");
}
