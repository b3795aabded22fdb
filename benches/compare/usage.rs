//! A product's numbers, all asked for in one call. Its events are read from the folder, in order of time or in none, or
//! with texts in the place of numbers.

use crate::{Fallible, Suite, answered, dictionary, frame, in_batches, numbers, texts, times, write};
use arrow_array::{ArrayRef, RecordBatch};
use serde_json::Value;
use std::path::Path;
use tenure_benches::usage::{Event, Product, User, names};

pub(crate) const SUITE: Suite = Suite { data, cases, answer };

/// The questions by name: `usage.py` says what is compared of each.
const QUESTIONS: &str = include_str!("usage.json");
/// The case whose users and names are plain texts.
const TEXT: &str = "text";

fn cases() -> Vec<&'static str> {
    vec!["sorted", "shuffled", TEXT]
}

fn answer(case: &str, folder: &Path, size: usize, repeats: usize) -> Fallible<Value> {
    let users = if case == TEXT { "users_text" } else { "users" };
    let frames = [("events", frame(folder, &format!("events_{case}"))?), ("users", frame(folder, users)?)];
    answered(QUESTIONS, &frames, case, size, repeats)
}

/// Too long to be kept beside its length, as identifiers in texts are.
fn user_text(user: u32) -> String {
    format!("user-{user:012}")
}

fn events(rows: &[Event], names: &[&str], as_text: bool) -> Fallible<RecordBatch> {
    let name = |row: &Event| {
        usize::try_from(row.name).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
    };
    let (users, names): (ArrayRef, ArrayRef) = if as_text {
        (texts(rows.iter().map(|row| user_text(row.user))), texts(rows.iter().map(name)))
    } else {
        (numbers(rows.iter().map(|row| row.user.into())), dictionary(rows.iter().map(|row| row.name), names)?)
    };
    let occurred_at = times(rows.iter().map(|row| row.occurred_at));
    Ok(RecordBatch::try_from_iter([("user_id", users), ("occurred_at", occurred_at), ("name", names)])?)
}

fn users(rows: &[User], as_text: bool) -> Fallible<RecordBatch> {
    let numbered = 0..u32::try_from(rows.len())?;
    let ids = if as_text { texts(numbered.map(user_text)) } else { numbers(numbered.map(i64::from)) };
    Ok(RecordBatch::try_from_iter([
        ("user_id", ids),
        ("account_id", numbers(rows.iter().map(|row| row.account))),
        ("created_at", times(rows.iter().map(|row| row.created_at))),
    ])?)
}

fn data(folder: &Path, size: usize) -> Fallible<()> {
    let names = names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let product = Product::sorted(size);
    write(&folder.join("users.arrow"), [users(&product.users, false)])?;
    write(&folder.join("users_text.arrow"), [users(&product.users, true)])?;
    in_batches(folder, "events_sorted", &product.events, |rows| events(rows, &names, false))?;
    in_batches(folder, "events_text", &product.events, |rows| events(rows, &names, true))?;
    let product = product.shuffled();
    in_batches(folder, "events_shuffled", &product.events, |rows| events(rows, &names, false))
}
