//! A help desk's numbers, all asked for in one call. Its tables are read from the folder, in order of time or in none.

use crate::{Fallible, Suite, answered, dictionary, frame, in_batches, numbers, texts, times, write};
use arrow_array::{ArrayRef, BooleanArray, Int8Array, RecordBatch};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tenure_arrow::Frame;
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

fn answer(case: &str, folder: &Path, size: usize, repeats: usize) -> Fallible<Value> {
    let ordered = ORDERED.iter().map(|name| Ok((*name, frame(folder, &format!("{name}_{case}"))?)));
    let small = SMALL.iter().map(|name| Ok((*name, frame(folder, name)?)));
    let frames: Vec<(&str, Frame)> = ordered.chain(small).collect::<Fallible<_>>()?;
    answered(QUESTIONS, &frames, case, size, repeats)
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
