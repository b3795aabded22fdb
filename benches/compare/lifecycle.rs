//! What became of a company's accounts, all asked for in one call, and every stay of theirs as a table. The rows are
//! read from the folder, in order of time or in none.

use crate::{Fallible, Suite, answered, dictionary, frame, in_batches, numbers, texts, timed, times, write};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tenure::{Book, Journeys, Key, Named, Request};
use tenure_arrow::Frame;
use tenure_benches::SEGMENTS;
use tenure_benches::lifecycle::{Account, Company, STAGES, Statement};

pub(crate) const SUITE: Suite = Suite { data, cases, answer };

/// The questions by name: `lifecycle.py` says what is compared of each.
const QUESTIONS: &str = include_str!("lifecycle.json");
/// What the table of journeys is asked with.
const JOURNEYS_REQUEST: &str = r#"{"kpi": "", "as_of": "2025-12-31T23:00:00Z", "zone": "Europe/Stockholm"}"#;
/// The case that is the table of journeys, of rows in order of time.
const JOURNEYS: &str = "journeys";

fn cases() -> Vec<&'static str> {
    vec!["sorted", "shuffled", JOURNEYS]
}

fn answer(case: &str, folder: &Path, size: usize, repeats: usize) -> Fallible<Value> {
    let order = if case == JOURNEYS { "sorted" } else { case };
    let frames =
        [("stages", frame(folder, &format!("stages_{order}"))?), ("accounts", frame(folder, "accounts")?)];
    if case == JOURNEYS {
        journeys(&frames, size, repeats)
    } else {
        answered(QUESTIONS, &frames, case, size, repeats)
    }
}

/// A row of the table of journeys, as far as it is compared. Times are microseconds since 1970-01-01 UTC.
struct Stay {
    account: i64,
    stage: String,
    entered_at: i64,
    left_at: Option<i64>,
    seconds: f64,
    status: String,
}

/// The stays as they are compared.
fn stays_of(journeys: &Journeys) -> impl Iterator<Item = Stay> {
    journeys.iter().map(|stay| Stay {
        account: match stay.account_id {
            Key::Whole(account) => i64::try_from(*account).unwrap_or(-1),
            _ => -1,
        },
        stage: stay.stage.to_owned(),
        entered_at: stay.entered_at,
        left_at: stay.left_at,
        seconds: stay.seconds,
        status: stay.status.name(),
    })
}

fn journeys(frames: &[(&str, Frame)], size: usize, repeats: usize) -> Fallible<Value> {
    let request = Request::from_json(JOURNEYS_REQUEST)?;
    let (seconds, found) = timed(repeats, || {
        let mut book = Book::new();
        for (name, frame) in frames {
            book.add(frame.table(*name)?)?;
        }
        Ok(book.journeys(&request)?)
    })?;
    // `lifecycle.py` adds up the same.
    let mut cells: BTreeMap<(String, String), [f64; 6]> = BTreeMap::new();
    for (row, stay) in stays_of(&found).enumerate() {
        let sums = cells.entry((stay.stage, stay.status)).or_default();
        let place = (row % 1009) as f64;
        let numbers = [
            1.0,
            stay.seconds,
            stay.entered_at as f64,
            stay.left_at.unwrap_or(0) as f64,
            stay.account as f64,
            place,
        ];
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum += number;
        }
    }
    let cells: Vec<Value> = cells
        .into_iter()
        .map(|((stage, status), sums)| json!({"stage": stage, "status": status, "sums": sums}))
        .collect();
    Ok(json!({"case": JOURNEYS, "rows": size, "seconds": seconds, "cells": cells}))
}

fn statements(rows: &[Statement]) -> Fallible<RecordBatch> {
    let paused: ArrayRef = Arc::new(rows.iter().map(|row| row.paused).collect::<BooleanArray>());
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("account_id", numbers(rows.iter().map(|row| row.account.into())), false),
        ("occurred_at", times(rows.iter().map(|row| row.occurred_at)), false),
        ("stage", dictionary(rows.iter().map(|row| row.stage), &STAGES)?, false),
        ("paused", paused, true),
    ])?)
}

fn accounts(rows: &[Account]) -> Fallible<RecordBatch> {
    Ok(RecordBatch::try_from_iter([
        ("account_id", numbers(0..i64::try_from(rows.len())?)),
        ("created_at", times(rows.iter().map(|row| row.created_at))),
        ("segment", dictionary(rows.iter().map(|row| row.segment), &SEGMENTS)?),
        ("manager", texts(rows.iter().map(|row| format!("manager-{:05}", row.manager)))),
    ])?)
}

fn data(folder: &Path, size: usize) -> Fallible<()> {
    let company = Company::sorted(size);
    write(&folder.join("accounts.arrow"), [accounts(&company.accounts)])?;
    in_batches(folder, "stages_sorted", &company.stages, statements)?;
    in_batches(folder, "stages_shuffled", &company.shuffled().stages, statements)
}
