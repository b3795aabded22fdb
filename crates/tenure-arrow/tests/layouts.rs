//! The same rows in another layout give the same outcomes, to the last bit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where something is missing")]

use proptest::prelude::*;
use std::sync::Arc;
use tenure::{Book, Every, Outcomes, Request};
use tenure_arrow::arrow_array::types::Int8Type;
use tenure_arrow::arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int8Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray,
};
use tenure_arrow::{Frame, export_stream};

#[derive(Clone, Debug)]
struct Row {
    score: Option<i8>,
    /// Seconds since the start of 2026.
    answered: Option<i64>,
    segment: Option<&'static str>,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        proptest::option::weighted(0.9, -1_i8..=12),
        proptest::option::weighted(0.9, 0_i64..20_000_000),
        proptest::option::weighted(
            0.9,
            prop_oneof![Just("smb"), Just("enterprise, large and long"), Just("")],
        ),
    );
    proptest::collection::vec(row, 0..60).prop_map(|rows| {
        rows.into_iter().map(|(score, answered, segment)| Row { score, answered, segment }).collect()
    })
}

const START: i64 = 1_767_225_600;

fn batch(score: ArrayRef, answered: ArrayRef, segment: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable([
        ("score", score, true),
        ("answered_at", answered, true),
        ("segment", segment, true),
    ])
    .unwrap()
}

fn plain(rows: &[Row]) -> RecordBatch {
    let micros = |row: &Row| row.answered.map(|at| (START + at) * 1_000_000);
    let times = rows.iter().map(micros).collect::<TimestampMicrosecondArray>().with_timezone("UTC");
    let scores: Int8Array = rows.iter().map(|row| row.score).collect();
    let segments: StringArray = rows.iter().map(|row| row.segment).collect();
    batch(Arc::new(scores), Arc::new(times), Arc::new(segments))
}

/// The same rows, every column in another layout.
fn relaid(rows: &[Row], text: u8) -> RecordBatch {
    let scores: Float64Array = rows.iter().map(|row| row.score.map(f64::from)).collect();
    let millis = |row: &Row| row.answered.map(|at| (START + at) * 1_000);
    let times = rows.iter().map(millis).collect::<TimestampMillisecondArray>().with_timezone("+00:00");
    let segments = rows.iter().map(|row| row.segment);
    let segments: ArrayRef = match text {
        0 => Arc::new(segments.collect::<LargeStringArray>()),
        1 => Arc::new(segments.collect::<StringViewArray>()),
        2 => Arc::new(segments.collect::<DictionaryArray<Int8Type>>()),
        _ => {
            // Missing values that are values of the dictionary, not missing keys.
            let names = ["enterprise, large and long", "", "smb"];
            let code = |row: &Row| names.iter().position(|name| Some(*name) == row.segment).unwrap_or(3);
            let keys: Int8Array = rows.iter().map(|row| i8::try_from(code(row)).ok()).collect();
            let values = StringArray::from(names.into_iter().map(Some).chain([None]).collect::<Vec<_>>());
            Arc::new(DictionaryArray::try_new(keys, Arc::new(values)).unwrap())
        }
    };
    batch(Arc::new(scores), Arc::new(times), segments)
}

/// Cut at these places; empty batches included.
fn chunked(batch: &RecordBatch, cuts: &[usize]) -> Frame {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (batch.num_rows() + 1)).collect();
    places.extend([0, batch.num_rows()]);
    places.sort_unstable();
    let batches = places.windows(2).map(|pair| batch.slice(pair[0], pair[1] - pair[0])).collect();
    Frame { schema: batch.schema(), batches }
}

fn answers(frame: &Frame) -> Vec<Outcomes> {
    let mut book = Book::new();
    book.add(frame.table("surveys").unwrap()).unwrap();
    let nps = || Request::new("nps").as_of("2026-06-01");
    let requests = [
        nps(),
        nps().by("segment"),
        nps().every(Every::Month).zone("Europe/Stockholm").by("segment"),
        Request::new("nps_distribution").as_of("2026-06-01").every(Every::Quarter),
    ];
    book.compute_all(&requests).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_layout_gives_the_same_outcomes(
        rows in rows(),
        before in rows(),
        text in 0_u8..4,
        cuts in proptest::collection::vec(0_usize..1_000, 0..5),
    ) {
        let expected = answers(&Frame::from(plain(&rows)));
        let other = relaid(&rows, text);
        prop_assert_eq!(&answers(&chunked(&plain(&rows), &cuts)), &expected);
        prop_assert_eq!(&answers(&chunked(&other, &cuts)), &expected);
        // A slice out of a longer table, so that every buffer has an offset.
        let longer: Vec<Row> = before.iter().chain(&rows).chain(&before).cloned().collect();
        let slice = relaid(&longer, text).slice(before.len(), rows.len());
        prop_assert_eq!(&answers(&chunked(&slice, &cuts)), &expected);
        // And through the C interface.
        let imported = Frame::from_stream(export_stream(slice)).unwrap();
        prop_assert_eq!(&answers(&imported), &expected);
    }
}

#[test]
fn a_table_without_batches_is_a_table() {
    let schema = plain(&[]).schema();
    let frame = Frame { schema, batches: Vec::new() };
    assert_eq!(frame.rows(), 0);
    assert_eq!(answers(&frame), answers(&Frame::from(plain(&[]))));
}

#[test]
fn a_column_can_be_added_to_several_batches() {
    let rows: Vec<Row> = (0..7).map(|at| Row { score: Some(at), answered: None, segment: None }).collect();
    let frame = chunked(&plain(&rows), &[2, 5]);
    let ids: ArrayRef = Arc::new(Int8Array::from(vec![1, 2, 3, 4, 5, 6, 7]));
    let wider = frame.with_column("survey_id", &ids).unwrap();
    assert_eq!((wider.batches.len(), wider.rows()), (3, 7));
    assert_eq!(wider.batches[1].column(3).as_ref(), ids.slice(2, 3).as_ref());
    let short = frame.with_column("survey_id", &ids.slice(0, 6)).unwrap_err();
    assert!(short.message().contains("6 rows where the columns before it have 7"), "{short}");
    assert!(wider.with_column("survey_id", &ids).is_err());
    let alone = Frame::empty().with_column("survey_id", &ids).unwrap();
    assert_eq!((alone.rows(), alone.schema.fields().len()), (7, 1));
}
