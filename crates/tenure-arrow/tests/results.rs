//! Results as batches: which columns there are, in which order and of which type.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where something is missing")]

use std::sync::Arc;
use tenure::{Book, Every, Key, Request, Table};
use tenure_arrow::arrow_array::cast::AsArray;
use tenure_arrow::arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use tenure_arrow::arrow_array::{Array, RecordBatch};
use tenure_arrow::arrow_schema::{DataType, TimeUnit};
use tenure_arrow::{Frame, export_stream};

const SCORES: [i64; 5] = [10, 9, 3, 42, 7];
const TIMES: [&str; 5] = ["2026-01-05", "2026-01-31T23:30:00Z", "2026-02-02", "2026-02-03", "2026-02-04"];
const SEGMENTS: [&str; 5] = ["smb", "smb", "enterprise", "smb", "enterprise"];

fn book() -> Book<'static> {
    let mut book = Book::new();
    let surveys = Table::new("surveys")
        .column("score", SCORES)
        .column("answered_at", TIMES)
        .column("segment", SEGMENTS)
        .column("account_id", [1_i64, 1, 2, 1, 2]);
    book.add(surveys).unwrap();
    book
}

fn nps() -> Request {
    Request::new("nps").as_of("2026-04-01").zone("Europe/Stockholm")
}

fn names(batch: &RecordBatch) -> Vec<String> {
    batch.schema().fields().iter().map(|field| field.name().clone()).collect()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).unwrap();
    column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
fn outcomes_have_the_documented_columns() {
    let outcomes = book().compute(&nps().every(Every::Month).by("segment").by("account_id")).unwrap();
    let batch = tenure_arrow::outcomes(&outcomes).unwrap();
    let expected = [
        "kpi",
        "period_start",
        "period_end",
        "segment",
        "account_id",
        "value",
        "numerator",
        "denominator",
        "n",
        "n_missing",
        "n_invalid",
        "n_immature",
        "n_excluded",
        "n_censored",
        "status",
        "low",
        "high",
        "level",
        "method",
        "unit",
        "policy",
    ];
    assert_eq!(names(&batch), expected);
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from("Europe/Stockholm")));
    let policy = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let types = [
        ("kpi", DataType::Utf8),
        ("period_start", time.clone()),
        ("period_end", time),
        ("segment", DataType::Utf8),
        ("account_id", DataType::Int64),
        ("value", DataType::Float64),
        ("numerator", DataType::Int64),
        ("n", DataType::Int64),
        ("status", DataType::Utf8),
        ("low", DataType::Float64),
        ("method", DataType::Utf8),
        ("policy", policy),
    ];
    for (name, expected) in types {
        assert_eq!(batch.column_by_name(name).unwrap().data_type(), &expected, "{name}");
    }
    assert_eq!(batch.num_rows(), outcomes.len());
    let starts = batch.column_by_name("period_start").unwrap().as_primitive::<TimestampMicrosecondType>();
    // 2026-01-01 in Stockholm is an hour before it is in Greenwich: second 1767225600 - 3600.
    assert_eq!(starts.value(0), (1_767_225_600 - 3_600) * 1_000_000);
    let policies = batch.column_by_name("policy").unwrap().as_dictionary::<Int32Type>();
    assert_eq!(policies.values().len(), 1, "one policy is stored once");
    assert_eq!(policies.values().as_string::<i32>().value(0), outcomes.rows[0].policy.as_ref());
}

#[test]
fn values_are_those_of_the_outcomes() {
    let outcomes = book().compute(&nps().by("segment")).unwrap();
    let batch = tenure_arrow::outcomes(&outcomes).unwrap();
    assert_eq!(texts(&batch, "segment"), [Some("enterprise".to_owned()), Some("smb".to_owned())]);
    let values = batch.column_by_name("value").unwrap().as_primitive::<Float64Type>();
    // enterprise: 3 and 7, one detractor of two; smb: 10 and 9, two promoters, and 42 is no score.
    assert_eq!(values.values(), &[-50.0, 100.0]);
    let invalid = batch.column_by_name("n_invalid").unwrap().as_primitive::<Int64Type>();
    assert_eq!(invalid.values(), &[0, 1]);
    assert!(batch.column_by_name("period_start").is_none());
}

#[test]
fn an_undefined_value_is_null() {
    let mut book = Book::new();
    book.add(Table::new("surveys").column("score", Vec::<i64>::new())).unwrap();
    let batch = tenure_arrow::outcomes(&book.compute(&nps()).unwrap()).unwrap();
    assert_eq!(batch.num_rows(), 1);
    assert!(batch.column_by_name("value").unwrap().is_null(0));
    assert!(batch.column_by_name("low").unwrap().is_null(0));
    assert_eq!(texts(&batch, "status"), [Some("undefined".to_owned())]);
}

#[test]
fn units_and_faults_and_traces() {
    let book = book();
    let units = tenure_arrow::units(&book.units(&nps().by("segment")).unwrap()).unwrap();
    assert_eq!(names(&units), ["row", "segment", "occurred_at", "fate", "reason", "value", "label"]);
    assert_eq!(texts(&units, "fate")[3].as_deref(), Some("invalid"));

    let faults = tenure_arrow::faults(&book.faults(&nps()).unwrap()).unwrap();
    assert_eq!(names(&faults), ["table", "column", "row", "reason", "text"]);
    assert_eq!(faults.num_rows(), 1);
    assert_eq!(faults.column_by_name("row").unwrap().as_primitive::<Int64Type>().value(0), 3);

    let traces = book.trace(&nps(), "score", &Key::Whole(42)).unwrap();
    let batch = tenure_arrow::traces(&traces).unwrap();
    assert_eq!(names(&batch), ["kpi", "row", "what", "found"]);
    assert_eq!(batch.num_rows(), traces.iter().map(|trace| trace.notes.len()).sum::<usize>());
    assert!(batch.num_rows() > 0);

    let none = tenure_arrow::faults(&[]).unwrap();
    assert_eq!((none.num_rows(), none.num_columns()), (0, 5));
}

#[test]
fn a_result_goes_through_a_c_stream() {
    let outcomes = book().compute(&nps().every(Every::Month)).unwrap();
    let batch = tenure_arrow::outcomes(&outcomes).unwrap();
    let back = Frame::from_stream(export_stream(batch.clone())).unwrap();
    assert_eq!(back.batches, [batch]);
}
