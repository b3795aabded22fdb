//! The Net Promoter Score of survey answers that are made up in memory, in many layouts.

use crate::{Fallible, Suite, cell, dictionary, timed, times, write};
use arrow_array::{ArrayRef, Int8Array, RecordBatch};
use serde_json::{Value, json};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use tenure::{Book, Request};
use tenure_benches::{
    Extent, Order, SEGMENTS, Shape, answered_at, batches, by_month, scores_with_nan, scores_with_nulls,
    segments_text, segments_wide, whole,
};

pub(crate) const SUITE: Suite = Suite { data, cases, answer };

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

fn cases() -> Vec<&'static str> {
    CASES.iter().map(|case| case.name).collect()
}

fn answer(name: &str, _folder: &Path, rows: usize, repeats: usize) -> Fallible<Value> {
    let case = CASES.iter().find(|case| case.name == name).ok_or("no such case")?;
    let mut book = Book::new();
    book.add(case.shape.table(0..rows, rows))?;
    let request = (case.request)();
    let (seconds, outcomes) = timed(repeats, || Ok(book.compute(&request)?))?;
    // The cells of a hundred thousand accounts are nobody's to compare.
    let cells: Vec<_> = outcomes.rows.iter().take(10_000).map(cell).collect();
    Ok(json!({"case": name, "rows": rows, "seconds": seconds, "cells": cells}))
}

fn batch(range: &Range<usize>, rows: usize) -> Fallible<RecordBatch> {
    let at = |order| times(range.clone().map(|row| answered_at(rows, order, row)));
    let columns: [(&str, ArrayRef); 4] = [
        ("score", Arc::new(Int8Array::from_iter_values(range.clone().map(tenure_benches::score)))),
        ("sorted_at", at(Order::Sorted)),
        ("shuffled_at", at(Order::Shuffled)),
        ("segment", dictionary(range.clone().map(tenure_benches::segment), &SEGMENTS)?),
    ];
    Ok(RecordBatch::try_from_iter(columns)?)
}

fn data(folder: &Path, rows: usize) -> Fallible<()> {
    write(&folder.join("answers.arrow"), batches(0..rows).map(|range| batch(&range, rows)))
}
