//! The side of tenure in the comparison with other engines: writes the data that all of them read, and answers the
//! questions on one thread.
//!
//! - `tenure-compare data FILE ROWS` writes an Arrow IPC file.
//! - `tenure-compare answer ROWS REPEATS [CASE ...]` prints one line of JSON a case: seconds of every repeat, and cells.

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int8Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow_ipc::writer::FileWriter;
use serde_json::{Value, json};
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;
use tenure::{Book, Outcome, Request};
use tenure_benches::{
    Extent, Order, SEGMENTS, Shape, answered_at, batches, by_month, scores_with_nan, scores_with_nulls,
    segments_text, segments_wide, whole,
};

/// Short questions are repeated for so many seconds, because other programs run too. So does `peers.py`.
const LONG_ENOUGH: f64 = 3.0;

/// A question and the table that it is asked of. The other engines answer the first three.
struct Case {
    name: &'static str,
    shape: Shape,
    request: fn() -> Request,
}

fn by_segment() -> Request {
    by_month("segment")
}

fn by_account() -> Request {
    by_month("account_id")
}

const CASES: [Case; 12] = {
    const PLAIN: Shape = Shape::PLAIN;
    const SHUFFLED: Shape = Shape { order: Order::Shuffled, ..PLAIN };
    const fn case(name: &'static str, shape: Shape, request: fn() -> Request) -> Case {
        Case { name, shape, request }
    }
    [
        case("whole", Shape { extent: Extent::Scores, ..PLAIN }, whole),
        case("segment_month_sorted", PLAIN, by_segment),
        case("segment_month_shuffled", SHUFFLED, by_segment),
        case("whole_with_times", PLAIN, whole),
        case("segment_int32_keys", Shape { segment: segments_wide, ..PLAIN }, by_segment),
        case("segment_text", Shape { segment: segments_text, ..PLAIN }, by_segment),
        case("score_int64_nulls", Shape { score: scores_with_nulls, ..PLAIN }, by_segment),
        case("score_float64_nan", Shape { score: scores_with_nan, ..PLAIN }, by_segment),
        case("kind_excluded_whole", Shape { extent: Extent::Full, ..PLAIN }, whole),
        case("kind_excluded_sorted", Shape { extent: Extent::Full, ..PLAIN }, by_segment),
        case("kind_excluded_shuffled", Shape { extent: Extent::Full, ..SHUFFLED }, by_segment),
        case("account_month", Shape { extent: Extent::Full, ..SHUFFLED }, by_account),
    ]
};

fn cell(outcome: &Outcome) -> Value {
    json!([outcome.by, outcome.period.map(|(start, _)| start), outcome.numerator, outcome.denominator])
}

fn answer(case: &Case, rows: usize, repeats: usize) -> Result<Value, Box<dyn Error>> {
    let mut book = Book::new();
    book.add(case.shape.table(0..rows, rows))?;
    let request = (case.request)();
    let mut seconds: Vec<f64> = Vec::new();
    let mut cells = Vec::new();
    while seconds.len() < repeats || seconds.iter().sum::<f64>() < LONG_ENOUGH {
        let begin = Instant::now();
        let outcomes = book.compute(&request)?;
        seconds.push(begin.elapsed().as_secs_f64());
        // The cells of a hundred thousand accounts are nobody's to compare.
        cells = outcomes.rows.iter().take(10_000).map(cell).collect();
    }
    Ok(json!({"case": case.name, "rows": rows, "seconds": seconds, "cells": cells}))
}

fn batch(range: &Range<usize>, rows: usize) -> Result<RecordBatch, Box<dyn Error>> {
    let times = |order| {
        let times = range.clone().map(|row| answered_at(rows, order, row));
        Arc::new(TimestampMicrosecondArray::from_iter_values(times).with_timezone("UTC"))
    };
    let keys = Int8Array::from_iter_values(range.clone().map(tenure_benches::segment));
    let names = Arc::new(StringArray::from_iter_values(SEGMENTS));
    let columns: [(&str, ArrayRef); 4] = [
        ("score", Arc::new(Int8Array::from_iter_values(range.clone().map(tenure_benches::score)))),
        ("sorted_at", times(Order::Sorted)),
        ("shuffled_at", times(Order::Shuffled)),
        ("segment", Arc::new(DictionaryArray::<Int8Type>::try_new(keys, names)?)),
    ];
    Ok(RecordBatch::try_from_iter(columns)?)
}

fn data(path: &str, rows: usize) -> Result<(), Box<dyn Error>> {
    let file = BufWriter::new(File::create(path)?);
    let mut writer = FileWriter::try_new(file, &batch(&(0..0), rows)?.schema())?;
    for range in batches(0..rows) {
        writer.write(&batch(&range, rows)?)?;
    }
    Ok(writer.finish()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["data", path, rows] => data(path, rows.parse()?),
        ["answer", rows, repeats, wanted @ ..] => {
            let (rows, repeats) = (rows.parse()?, repeats.parse()?);
            for case in CASES.iter().filter(|case| wanted.is_empty() || wanted.contains(&case.name)) {
                writeln!(stdout(), "{}", answer(case, rows, repeats)?)?;
            }
            Ok(())
        }
        _ => Err("usage: tenure-compare data FILE ROWS | answer ROWS REPEATS [CASE ...]".into()),
    }
}
