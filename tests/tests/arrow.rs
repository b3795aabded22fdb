//! The vectors, run through Arrow: columns in random layouts (chunks, slices, dictionaries, wide and narrow types),
//! states of random parts merged in random orders.

#![allow(
    clippy::expect_used,
    clippy::from_iter_instead_of_collect,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test stops at what it does not expect"
)]

use serde_json::Value;
use std::sync::Arc;
use tenure::{Book, Request, Splits, State};
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::builder::{ListBuilder, StringBuilder};
use tenure_arrow::arrow_array::types::Int32Type;
use tenure_arrow::arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, Int8Array,
    Int16Array, Int32Array, Int64Array, LargeStringArray, NullArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampSecondArray, UInt8Array,
    UInt64Array,
};
use tenure_conformance::interactions::about_texts;
use tenure_conformance::{KNOWN_CHECKS, Vector, Written, answer, compare, files, instant, tables};

/// Sebastiano Vigna's `SplitMix64`: the choices of one run, the same every time.
struct Choices(u64);

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("below n")
    }
}

fn whole(values: &[Value]) -> impl Iterator<Item = Option<i64>> {
    values.iter().map(Value::as_i64)
}

/// A column in one of the layouts that hold its values.
fn array(written: &Written, choices: &mut Choices) -> ArrayRef {
    let values = &written.values;
    let texts = || values.iter().map(Value::as_str).collect::<Vec<_>>();
    let micros = || values.iter().map(|value| value.as_str().map(instant));
    let small = |low: i64, high: i64| whole(values).flatten().all(|value| low <= value && value <= high);
    let narrow = |value: Option<i64>| value.map(|v| i8::try_from(v).expect("small"));
    match written.kind().as_str() {
        "null" => Arc::new(NullArray::new(values.len())),
        "i8" => Arc::new(Int8Array::from_iter(whole(values).map(narrow))),
        "i16" => {
            Arc::new(Int16Array::from_iter(whole(values).map(|v| v.map(|v| i16::try_from(v).expect("fits")))))
        }
        "i32" => {
            Arc::new(Int32Array::from_iter(whole(values).map(|v| v.map(|v| i32::try_from(v).expect("fits")))))
        }
        "u8" => {
            Arc::new(UInt8Array::from_iter(whole(values).map(|v| v.map(|v| u8::try_from(v).expect("fits")))))
        }
        "u64" => Arc::new(UInt64Array::from_iter(values.iter().map(Value::as_u64))),
        "i64" if values.iter().any(|value| value.as_u64().is_some_and(|v| v > i64::MAX.unsigned_abs())) => {
            Arc::new(UInt64Array::from_iter(values.iter().map(Value::as_u64)))
        }
        "i64" => match choices.below(4) {
            0 if small(-128, 127) => Arc::new(Int8Array::from_iter(whole(values).map(narrow))),
            1 if small(0, 255) => Arc::new(UInt8Array::from_iter(
                whole(values).map(|v| v.map(|v| u8::try_from(v).expect("small"))),
            )),
            // A float that is a whole number is the integer, and NaN is missing.
            2 if small(-1_000_000, 1_000_000) => Arc::new(Float64Array::from_iter_values(
                values.iter().map(|v| v.as_f64().unwrap_or(f64::NAN)),
            )),
            _ => Arc::new(Int64Array::from_iter(whole(values))),
        },
        #[allow(clippy::cast_possible_truncation, reason = "the vector says single precision")]
        "f32" => Arc::new(Float32Array::from_iter(values.iter().map(|v| v.as_f64().map(|v| v as f32)))),
        "f64" => Arc::new(Float64Array::from_iter(values.iter().map(Value::as_f64))),
        "bool" => Arc::new(BooleanArray::from_iter(values.iter().map(Value::as_bool))),
        "text" | "dictionary" => match choices.below(4) {
            0 => Arc::new(StringArray::from(texts())),
            1 => Arc::new(LargeStringArray::from(texts())),
            2 => Arc::new(StringViewArray::from(texts())),
            _ => Arc::new(texts().into_iter().collect::<DictionaryArray<Int32Type>>()),
        },
        "list" => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for value in values {
                for item in value.as_array().into_iter().flatten() {
                    lists.values().append_option(item.as_str());
                }
                lists.append(value.is_array());
            }
            Arc::new(lists.finish())
        }
        kind => {
            let zone = kind.contains("UTC").then(|| Arc::<str>::from("UTC"));
            if kind.starts_with("timestamp[s") {
                let seconds = micros().map(|at| at.map(|at| at.div_euclid(1_000_000)));
                Arc::new(TimestampSecondArray::from_iter(seconds).with_timezone_opt(zone))
            } else if kind.starts_with("timestamp[ms") {
                let millis = micros().map(|at| at.map(|at| at.div_euclid(1_000)));
                Arc::new(TimestampMillisecondArray::from_iter(millis).with_timezone_opt(zone))
            } else if kind == "date" {
                let days = micros()
                    .map(|at| at.map(|at| i32::try_from(at.div_euclid(86_400_000_000)).expect("a day")));
                Arc::new(Date32Array::from_iter(days))
            } else {
                Arc::new(TimestampMicrosecondArray::from_iter(micros()).with_timezone_opt(zone))
            }
        }
    }
}

/// A table cut into batches at random places, each a slice of a longer array.
fn frame(columns: &[(String, Written)], choices: &mut Choices) -> Frame {
    let arrays: Vec<(String, ArrayRef)> =
        columns.iter().map(|(name, column)| (name.clone(), array(column, choices))).collect();
    let whole =
        RecordBatch::try_from_iter_with_nullable(arrays.into_iter().map(|(name, array)| (name, array, true)))
            .expect("columns of one length");
    let mut batches = Vec::new();
    let mut from = 0;
    while from < whole.num_rows() {
        let len = 1 + choices.below(whole.num_rows() - from);
        batches.push(whole.slice(from, len));
        from += len;
        if choices.below(3) == 0 {
            batches.push(whole.slice(from, 0));
        }
    }
    Frame { schema: whole.schema(), batches }
}

fn frames(vector: &Vector, choices: &mut Choices) -> Vec<(String, Frame)> {
    tables(vector).iter().map(|(name, columns)| (name.clone(), frame(columns, choices))).collect()
}

fn book(frames: &[(String, Frame)]) -> Book<'_> {
    let mut book = Book::new();
    for (name, frame) in frames {
        book.add(frame.table(name).expect("a table")).expect("a book");
    }
    book
}

#[test]
fn every_vector_gives_its_answer_in_any_layout() {
    let mut checks = 0;
    let mut wrong = Vec::new();
    for seed in 0..3 {
        let mut choices = Choices(seed);
        for (name, file) in files() {
            for vector in &file.vectors {
                let frames = frames(vector, &mut choices);
                let book = book(&frames);
                for (at, check) in vector.checks.iter().enumerate() {
                    checks += 1;
                    let texts = frames.first().map(|(name, frame)| frame.table(name).expect("a table"));
                    let about = texts.and_then(|texts| about_texts(&check.verb, &texts, &check.request));
                    let found = about.unwrap_or_else(|| answer(&book, &check.verb, &check.request));
                    if let Some(problem) = compare(&check.expect, &found, vector.tolerance) {
                        wrong.push(format!("seed {seed}, {name} / {} / check {at}: {problem}", vector.name));
                    }
                }
            }
        }
    }
    println!("vectors, Arrow: {checks} checks, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {checks} checks are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checks >= 3 * KNOWN_CHECKS, "only {checks} checks were run");
}

/// The batches of a frame dealt out to parts, row by row.
fn dealt(frame: &Frame, parts: usize, choices: &mut Choices) -> Vec<Frame> {
    let mut dealt: Vec<Frame> =
        (0..parts).map(|_| Frame { schema: frame.schema.clone(), batches: Vec::new() }).collect();
    for batch in &frame.batches {
        for row in 0..batch.num_rows() {
            dealt[choices.below(parts)].batches.push(batch.slice(row, 1));
        }
    }
    dealt
}

#[test]
fn parts_in_any_split_and_order_merge_to_the_same_bits() {
    let mut merged = 0;
    let mut choices = Choices(42);
    for (name, file) in files() {
        for vector in &file.vectors {
            let frames = frames(vector, &mut choices);
            let whole = book(&frames);
            for check in vector.checks.iter().filter(|check| check.verb == "compute") {
                let Ok(request) = Request::from_json(&check.request.to_string()) else { continue };
                let Ok(answer) = whole.compute(&request) else { continue };
                let explained = tenure::explain(&request.kpi).expect("a known KPI");
                if explained.splits == Splits::Whole {
                    continue;
                }
                if let Err(error) = whole.partial(&request) {
                    assert!(error.message().contains("give start and end"), "{name}: {error}");
                    continue;
                }
                let parts = 2 + choices.below(3);
                let state = |part: usize| whole.partial_of(&request, part as u64, parts as u64);
                let mut states: Vec<State> = (0..parts).map(|part| state(part).expect("a state")).collect();
                // Where any rows may go to any part, deal them out at random instead of by hash.
                let table = explained.unit_table;
                let is_dealt = request.policy.is_empty() && explained.splits == Splits::Rows;
                if let (true, Some((_, unit))) = (is_dealt, frames.iter().find(|(name, _)| name == table)) {
                    let dealt: Vec<Vec<(String, Frame)>> = dealt(unit, parts, &mut choices)
                        .into_iter()
                        .map(|part| {
                            let others = frames.iter().filter(|(name, _)| name != table).cloned();
                            others.chain([(table.to_owned(), part)]).collect()
                        })
                        .collect();
                    states =
                        dealt.iter().map(|frames| book(frames).partial(&request).expect("a state")).collect();
                }
                while states.len() > 1 {
                    let other = states.swap_remove(choices.below(states.len()));
                    let into = choices.below(states.len());
                    states[into].merge(&other).expect("the same question");
                }
                let found = states[0].finish().expect("an answer");
                assert_eq!(found, answer, "{name} / {}: {request:?}", vector.name);
                merged += 1;
            }
        }
    }
    println!("vectors, Arrow, merged from parts: {merged}");
    assert!(merged > 1_000, "only {merged} answers were merged from parts");
}

#[test]
fn arrays_keep_their_lengths() {
    // The runner's own guard: a layout that loses rows would make every comparison meaningless.
    let mut choices = Choices(7);
    let mut seen = 0;
    for (_, file) in files() {
        for vector in &file.vectors {
            for (_, columns) in tables(vector) {
                for (_, column) in &columns {
                    assert_eq!(array(column, &mut choices).len(), column.values.len());
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 400, "only {seen} columns were seen");
}
