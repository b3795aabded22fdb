//! Buffers of any content, with offsets, validity and keys that point anywhere, are read without a panic.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::borrow::Cow;
use tenure::{Bitmap, Book, Column, Request, Slice, Table, Text, Unit};

#[derive(Arbitrary, Debug)]
struct Buffers {
    bytes: Vec<u8>,
    bits: Vec<u8>,
    bit_offset: u8,
    offsets: Vec<i32>,
    keys: Vec<i8>,
    numbers: Vec<f64>,
    times: Vec<i64>,
    instant: bool,
    kpi: u8,
}

fuzz_target!(|buffers: Buffers| {
    let rows = buffers.keys.len();
    let bits = || Some(Bitmap::new(&buffers.bits, usize::from(buffers.bit_offset), rows));
    let fitted = |mut column: Vec<i64>| {
        column.resize(rows, 7);
        column
    };
    let mut offsets = buffers.offsets.clone();
    offsets.resize(rows + 1, 0);
    let text = || Text::Utf8 {
        offsets: Cow::Owned(offsets.clone()),
        data: Cow::Borrowed(&buffers.bytes),
        validity: bits(),
    };
    let mut numbers = buffers.numbers.clone();
    numbers.resize(rows, f64::NAN);
    let mut views = buffers.bytes.clone();
    views.resize(rows * 16, 0);
    let times = fitted(buffers.times.clone());
    let surveys = Table::new("surveys")
        .column("score", Column::F64(Slice::owned(numbers, bits())))
        .column(
            "answered_at",
            Column::Time { unit: Unit::Milli, instant: buffers.instant, values: Slice::new(&times, bits()) },
        )
        .column(
            "segment",
            Column::Dictionary {
                keys: Box::new(Column::I8(Slice::new(&buffers.keys, bits()))),
                values: Box::new(Column::Text(text())),
            },
        )
        .column(
            "comment",
            Column::Text(Text::View { views: &views, buffers: vec![&buffers.bytes], validity: bits() }),
        )
        .column(
            "tags",
            Column::List {
                offsets: Cow::Owned(offsets.iter().map(|offset| i64::from(*offset)).collect()),
                values: Box::new(Column::Text(text())),
                validity: bits(),
            },
        );
    let mut book = Book::new();
    book.add(surveys).expect("columns of one length");
    let kpis: Vec<&str> = tenure::catalog().map(|card| card.id).collect();
    let mut request =
        Request::new(kpis[usize::from(buffers.kpi) % kpis.len()]).by("segment").as_of("2030-01-01");
    request.max_rows = 10_000;
    let _ = book.compute(&request);
    let _ = book.units(&request);
});
