//! Answers stand beside what names their rows, in however many batches those come.
#![cfg(feature = "classify")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::sync::Arc;
use tenure::classify::{Classification, Classifier, ClassifyOptions};
use tenure_arrow::Frame;
use tenure_arrow::arrow_array::cast::AsArray;
use tenure_arrow::arrow_array::types::{Float64Type, Int64Type};
use tenure_arrow::arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use tenure_arrow::arrow_schema::DataType;

const TEXTS: [Option<&str>; 4] = [
    Some("The export fails with error 500"),
    None,
    Some("Where is my invoice?"),
    Some("Our goals for the year"),
];

fn interactions() -> RecordBatch {
    let accounts: DictionaryArray<_> = ["a", "b", "a", "b"].into_iter().collect();
    let columns: [(&str, ArrayRef); 5] = [
        ("interaction_id", Arc::new(Int32Array::from(vec![1, 2, 3, 4]))),
        ("text", Arc::new(StringArray::from(TEXTS.to_vec()))),
        (
            "account_id",
            Arc::new(accounts) as Arc<DictionaryArray<tenure_arrow::arrow_array::types::Int8Type>>,
        ),
        ("occurred_at", Arc::new(TimestampMillisecondArray::from(vec![Some(0), None, Some(2), Some(3)]))),
        ("region", Arc::new(StringArray::from(vec!["eu"; 4]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
}

fn answers(frame: &Frame) -> Vec<Classification> {
    let options = ClassifyOptions { evidence: 2, ..ClassifyOptions::default() };
    Classifier::standard().unwrap().classify_table(&frame.table("interactions").unwrap(), &options).unwrap()
}

fn names(frame: &Frame) -> Vec<&str> {
    frame.schema.fields().iter().map(|field| field.name().as_str()).collect()
}

#[test]
fn ids_and_times_stand_beside_the_answers_as_they_came() {
    let whole = interactions();
    let batches = vec![whole.slice(0, 1), whole.slice(1, 0), whole.slice(1, 3)];
    let frame = Frame { schema: whole.schema(), batches };
    let rows = frame.naming().unwrap();
    assert_eq!(names(&rows), ["interaction_id", "account_id", "occurred_at"]);
    let labelled = tenure_arrow::classifications(&rows, &answers(&frame)).unwrap();
    assert_eq!(labelled.batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [1, 0, 3]);
    assert_eq!(labelled.schema.field(1).data_type(), whole.schema().field(2).data_type());
    assert!(labelled.batches.iter().all(|batch| batch.schema() == labelled.schema));
    let last = &labelled.batches[2];
    let labels = last.column_by_name("label").unwrap().as_string::<i32>();
    assert_eq!(labels.iter().collect::<Vec<_>>(), [None, Some("service"), Some("success")]);
    let evidence = last.column_by_name("evidence").unwrap().as_list::<i32>();
    assert_eq!(evidence.value(0).len(), 0);
    let first = evidence.value(1);
    let pieces = first.as_struct();
    let text = |name: &str| pieces.column_by_name(name).unwrap().clone();
    let place = |name: &str| usize::try_from(text(name).as_primitive::<Int64Type>().value(0)).unwrap();
    let value = text("value");
    assert_eq!(value.as_string::<i64>().value(0), &TEXTS[2].unwrap()[place("start")..place("end")]);
    assert!(text("weight").as_primitive::<Float64Type>().value(0) > 0.0);
}

#[test]
fn no_rows_have_the_same_columns() {
    let whole = interactions();
    let some = Frame::from(whole.clone());
    let none = Frame { schema: whole.schema(), batches: Vec::new() };
    let of =
        |frame: &Frame| tenure_arrow::classifications(&frame.naming().unwrap(), &answers(frame)).unwrap();
    assert_eq!(of(&none).schema, of(&some).schema);
    assert_eq!(names(&of(&Frame::empty()))[0], "label");
    let too_few = tenure_arrow::classifications(&some.naming().unwrap(), &[]);
    assert!(too_few.unwrap_err().message().contains("0 answers for 4 rows"));
}

#[test]
fn one_batch_has_the_types_of_results() {
    let whole = interactions();
    let frame = Frame { schema: whole.schema(), batches: vec![whole.slice(0, 3), whole.slice(3, 1)] };
    let plain = frame.naming().unwrap().in_one_batch().unwrap();
    assert_eq!((plain.batches.len(), plain.rows()), (1, 4));
    let batch = &plain.batches[0];
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().values(), &[1, 2, 3, 4]);
    assert_eq!(batch.column(1).as_string::<i32>().value(3), "b");
    assert!(
        matches!(batch.column(2).data_type(), DataType::Timestamp(_, Some(zone)) if zone.as_ref() == "UTC")
    );
    assert!(batch.column(2).is_null(1));
    let nothing = Frame::empty().in_one_batch().unwrap();
    assert_eq!((nothing.batches.len(), nothing.rows()), (1, 0));
}
