//! A help desk's numbers, all asked for in one call. Its tables are read from the folder, in order of time or in none.

use crate::{Fallible, Suite, cell, dictionary, timed, times, write};
use arrow_array::{ArrayRef, BooleanArray, Int8Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;
use tenure::{Book, Request};
use tenure_arrow::Frame;
use tenure_benches::batches;
use tenure_benches::support::{
    AUTHORS, CHANNELS, Conversation, Desk, HOLIDAYS, INITIATORS, Message, PRIORITIES, STATUSES, Status,
    TARGETS, ZONE,
};

pub(crate) const SUITE: Suite = Suite { data, cases, answer };

/// The questions by name: `support.py` says what is compared of each.
const QUESTIONS: &str = include_str!("support.json");
/// The tables that come in either order, and those that do not.
const ORDERED: [&str; 3] = ["conversations", "messages", "status_history"];
const SMALL: [&str; 3] = ["schedules", "holidays", "sla_policies"];

fn cases() -> Vec<&'static str> {
    vec!["sorted", "shuffled"]
}

fn frame(folder: &Path, file: &str) -> Fallible<Frame> {
    let file = File::open(folder.join(format!("{file}.arrow")))?;
    Ok(Frame::from_reader(FileReader::try_new(BufReader::new(file), None)?)?)
}

fn answer(case: &str, folder: &Path, size: usize, repeats: usize) -> Fallible<Value> {
    let questions: Map<String, Value> = serde_json::from_str(QUESTIONS)?;
    let requests: Vec<Request> = questions
        .values()
        .map(|request| Request::from_json(&request.to_string()))
        .collect::<Result<_, _>>()?;
    let ordered = ORDERED.iter().map(|name| Ok((*name, frame(folder, &format!("{name}_{case}"))?)));
    let small = SMALL.iter().map(|name| Ok((*name, frame(folder, name)?)));
    let frames: Vec<(&str, Frame)> = ordered.chain(small).collect::<Fallible<_>>()?;
    // A book may remember how it grouped the messages: every repeat has one of its own.
    let (seconds, answers) = timed(repeats, || {
        let mut book = Book::new();
        for (name, frame) in &frames {
            book.add(frame.table(*name)?)?;
        }
        Ok(book.compute_all(&requests)?)
    })?;
    let mut cells = Vec::new();
    for (question, answer) in questions.keys().zip(&answers) {
        for outcome in &answer.rows {
            let mut cell = cell(outcome);
            if let Value::Object(cell) = &mut cell {
                cell.insert("question".to_owned(), json!(question));
            }
            cells.push(cell);
        }
    }
    Ok(json!({"case": case, "rows": size, "seconds": seconds, "cells": cells}))
}

fn numbers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn texts<'t>(values: impl IntoIterator<Item = &'t str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn conversations(rows: &[Conversation]) -> Fallible<RecordBatch> {
    Ok(RecordBatch::try_from_iter([
        ("conversation_id", numbers(rows.iter().map(|row| row.id))),
        ("created_at", times(rows.iter().map(|row| row.created_at))),
        ("priority", dictionary(rows.iter().map(|row| row.priority), &PRIORITIES)?),
        ("channel", dictionary(rows.iter().map(|row| row.channel), &CHANNELS)?),
        ("initiated_by", dictionary(rows.iter().map(|row| row.initiated_by), &INITIATORS)?),
        ("assignee", numbers(rows.iter().map(|row| row.assignee))),
    ])?)
}

fn messages(rows: &[Message]) -> Fallible<RecordBatch> {
    let flags = |flag: fn(&Message) -> bool| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(flag(row))).collect::<BooleanArray>())
    };
    Ok(RecordBatch::try_from_iter([
        ("conversation_id", numbers(rows.iter().map(|row| row.id))),
        ("occurred_at", times(rows.iter().map(|row| row.occurred_at))),
        ("author", dictionary(rows.iter().map(|row| row.author), &AUTHORS)?),
        ("public", flags(|row| row.public)),
        ("auto", flags(|row| row.auto)),
    ])?)
}

fn status_history(rows: &[Status]) -> Fallible<RecordBatch> {
    Ok(RecordBatch::try_from_iter([
        ("conversation_id", numbers(rows.iter().map(|row| row.id))),
        ("occurred_at", times(rows.iter().map(|row| row.occurred_at))),
        ("status", dictionary(rows.iter().map(|row| row.status), &STATUSES)?),
    ])?)
}

/// From Monday to Friday, from nine to five.
fn schedules() -> Fallible<RecordBatch> {
    Ok(RecordBatch::try_from_iter([
        ("schedule_id", texts(["support"; 5])),
        ("zone", texts([ZONE; 5])),
        ("weekday", Arc::new(Int8Array::from_iter_values(1..=5)) as ArrayRef),
        ("opens", texts(["09:00"; 5])),
        ("closes", texts(["17:00"; 5])),
    ])?)
}

fn holidays() -> Fallible<RecordBatch> {
    let schedules = texts(HOLIDAYS.iter().map(|_| "support"));
    Ok(RecordBatch::try_from_iter([("schedule_id", schedules), ("date", texts(HOLIDAYS))])?)
}

fn sla_policies() -> Fallible<RecordBatch> {
    let hours = TARGETS.iter().flat_map(|&(response, resolution)| [response, resolution]);
    Ok(RecordBatch::try_from_iter([
        ("policy_id", numbers(1..=8)),
        ("metric", texts(TARGETS.iter().flat_map(|_| ["first_response", "resolution"]))),
        ("priority", texts(PRIORITIES.iter().flat_map(|priority| [*priority; 2]))),
        ("target_seconds", numbers(hours.map(|hours| hours * 3600))),
        ("clock", texts(TARGETS.iter().flat_map(|_| ["business", "calendar"]))),
    ])?)
}

fn data(folder: &Path, size: usize) -> Fallible<()> {
    let mut desk = Desk::sorted(size);
    for order in cases() {
        if order == "shuffled" {
            desk = desk.shuffled();
        }
        in_batches(folder, &format!("conversations_{order}"), &desk.conversations, conversations)?;
        in_batches(folder, &format!("messages_{order}"), &desk.messages, messages)?;
        in_batches(folder, &format!("status_history_{order}"), &desk.statuses, status_history)?;
    }
    write(&folder.join("schedules.arrow"), [schedules()])?;
    write(&folder.join("holidays.arrow"), [holidays()])?;
    write(&folder.join("sla_policies.arrow"), [sla_policies()])
}

fn in_batches<T>(
    folder: &Path,
    name: &str,
    rows: &[T],
    batch: fn(&[T]) -> Fallible<RecordBatch>,
) -> Fallible<()> {
    let ranges = batches(0..rows.len());
    let slices = ranges.map(|range| batch(rows.get(range).unwrap_or_default()));
    write(&folder.join(format!("{name}.arrow")), slices)
}
