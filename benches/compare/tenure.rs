//! The side of tenure in the comparison with other engines: writes the data that all of them read, and answers the
//! questions on one thread.
//!
//! - `tenure-compare data SUITE FOLDER SIZE` writes Arrow IPC files.
//! - `tenure-compare answer SUITE FOLDER SIZE REPEATS [CASE ...]` prints one line of JSON a case: seconds of every
//!   repeat, and cells.

mod classify;
mod lifecycle;
mod nps;
mod support;
mod usage;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int8Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use serde_json::{Map, Value, json};
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write, stdout};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tenure::{Book, Outcome, Request};
use tenure_arrow::Frame;
use tenure_benches::batches;

/// Short questions are repeated for so many seconds, because other programs run too. So does `peers.py`.
const LONG_ENOUGH: f64 = 3.0;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// What a suite of questions can do.
struct Suite {
    /// Writes the tables of the folder, of this size.
    data: fn(&Path, usize) -> Fallible<()>,
    /// The names of the cases.
    cases: fn() -> Vec<&'static str>,
    /// Answers a case about the tables of the folder, of this size, so many times.
    answer: fn(&str, &Path, usize, usize) -> Fallible<Value>,
}

fn suite(name: &str) -> Fallible<Suite> {
    match name {
        "nps" => Ok(nps::SUITE),
        "support" => Ok(support::SUITE),
        "usage" => Ok(usage::SUITE),
        "lifecycle" => Ok(lifecycle::SUITE),
        "classify" => Ok(classify::SUITE),
        _ => Err(format!("there is no suite \"{name}\"").into()),
    }
}

/// Asks often enough: the seconds of every time, and the last answer.
fn timed<T>(repeats: usize, mut ask: impl FnMut() -> Fallible<T>) -> Fallible<(Vec<f64>, T)> {
    let mut seconds: Vec<f64> = Vec::new();
    loop {
        let begin = Instant::now();
        let answer = ask()?;
        seconds.push(begin.elapsed().as_secs_f64());
        if seconds.len() >= repeats && seconds.iter().sum::<f64>() >= LONG_ENOUGH {
            return Ok((seconds, answer));
        }
    }
}

/// What the other engines' answers are compared with.
fn cell(outcome: &Outcome) -> Value {
    json!({
        "by": outcome.by, "dimensions": outcome.dimensions, "start": outcome.period.map(|(start, _)| start),
        "value": outcome.value, "numerator": outcome.numerator, "denominator": outcome.denominator,
        "n": outcome.n, "n_missing": outcome.n_missing, "n_immature": outcome.n_immature,
    })
}

/// Asks all questions, an object of requests by name, in one call: the line that is printed, with cells that say of
/// which question they are.
fn answered(
    questions: &str,
    frames: &[(&str, Frame)],
    case: &str,
    size: usize,
    repeats: usize,
) -> Fallible<Value> {
    let questions: Map<String, Value> = serde_json::from_str(questions)?;
    let requests: Vec<Request> = questions
        .values()
        .map(|request| Request::from_json(&request.to_string()))
        .collect::<Result<_, _>>()?;
    // A book may remember how it grouped the rows: every repeat has one of its own.
    let (seconds, answers) = timed(repeats, || {
        let mut book = Book::new();
        for (name, frame) in frames {
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

fn frame(folder: &Path, file: &str) -> Fallible<Frame> {
    let file = File::open(folder.join(format!("{file}.arrow")))?;
    Ok(Frame::from_reader(FileReader::try_new(BufReader::new(file), None)?)?)
}

fn write(path: &Path, batches: impl IntoIterator<Item = Fallible<RecordBatch>>) -> Fallible<()> {
    let mut writer = None;
    for batch in batches {
        let batch = batch?;
        let writer = match &mut writer {
            Some(writer) => writer,
            None => writer.insert(FileWriter::try_new(BufWriter::new(File::create(path)?), &batch.schema())?),
        };
        writer.write(&batch)?;
    }
    Ok(writer.ok_or("a table without batches")?.finish()?)
}

fn in_batches<T>(
    folder: &Path,
    name: &str,
    rows: &[T],
    batch: impl Fn(&[T]) -> Fallible<RecordBatch>,
) -> Fallible<()> {
    let ranges = batches(0..rows.len());
    let slices = ranges.map(|range| batch(rows.get(range).unwrap_or_default()));
    write(&folder.join(format!("{name}.arrow")), slices)
}

fn times(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone("UTC"))
}

fn numbers(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn texts(values: impl IntoIterator<Item = impl AsRef<str>>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn dictionary(keys: impl IntoIterator<Item = i8>, names: &[&str]) -> Fallible<ArrayRef> {
    let names = Arc::new(StringArray::from_iter_values(names));
    Ok(Arc::new(DictionaryArray::<Int8Type>::try_new(Int8Array::from_iter_values(keys), names)?))
}

fn main() -> Fallible<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["data", name, folder, size] => (suite(name)?.data)(Path::new(folder), size.parse()?),
        ["answer", name, folder, size, repeats, wanted @ ..] => {
            let suite = suite(name)?;
            let (folder, size, repeats) = (Path::new(folder), size.parse()?, repeats.parse()?);
            for case in (suite.cases)().into_iter().filter(|case| wanted.is_empty() || wanted.contains(case))
            {
                writeln!(stdout(), "{}", (suite.answer)(case, folder, size, repeats)?)?;
            }
            Ok(())
        }
        _ => {
            let usage =
                "usage: tenure-compare data SUITE FOLDER SIZE | answer SUITE FOLDER SIZE REPEATS [CASE ...]";
            Err(usage.into())
        }
    }
}
