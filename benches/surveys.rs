//! How long survey KPIs take, for people: `cargo bench --bench surveys`.
//!
//! Three shapes that stress different things: one batch (reading), many partitions that are encoded, decoded and merged
//! (states), and many groups (finding and finishing cells). Numbers are rows a second; the states' size is in the name.

#![allow(clippy::expect_used, reason = "a benchmark that cannot run has nothing to tell")]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tenure::{Book, Request, State};
use tenure_benches::{Extent, Order, Shape, by_month, scores_with_nan, segments_text, whole};

const ROWS: usize = 1_000_000;
const PARTITIONS: usize = 64;

fn book(shape: Shape, rows: std::ops::Range<usize>) -> Book<'static> {
    let mut book = Book::new();
    book.add(shape.table(rows, ROWS)).expect("the generator makes a table");
    book
}

fn one_batch(criterion: &mut Criterion) {
    const PLAIN: Shape = Shape::PLAIN;
    let shuffled = Shape { order: Order::Shuffled, ..PLAIN };
    let real = Shape { extent: Extent::Full, score: scores_with_nan, segment: segments_text, ..shuffled };
    let questions: [(&str, Shape, Request); 4] = [
        ("whole", Shape { extent: Extent::Scores, ..PLAIN }, whole()),
        ("segment and month, sorted", PLAIN, by_month("segment")),
        ("segment and month, shuffled", shuffled, by_month("segment")),
        ("segment and month, a real table", real, by_month("segment")),
    ];
    let mut group = criterion.benchmark_group("one batch");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, shape, request) in questions {
        let book = book(shape, 0..ROWS);
        group.bench_function(name, |bencher| bencher.iter(|| book.compute(black_box(&request))));
    }
}

fn many_partitions(criterion: &mut Criterion) {
    let request = by_month("segment");
    let parts = (0..PARTITIONS).map(|part| part * ROWS / PARTITIONS..(part + 1) * ROWS / PARTITIONS);
    let books: Vec<Book<'_>> = parts.map(|rows| book(Shape::PLAIN, rows)).collect();
    let partial = |book: &Book<'_>| book.partial(&request).expect("a state").encode();
    let merged = |states: Vec<Vec<u8>>| {
        let states = states.iter().map(|state| State::decode(state).expect("a state"));
        let merged = states.reduce(|mut all, state| {
            all.merge(&state).expect("states of one request");
            all
        });
        merged.expect("partitions").finish()
    };
    let states: Vec<Vec<u8>> = books.iter().map(partial).collect();
    let bytes = states.iter().map(Vec::len).sum::<usize>() / PARTITIONS;
    let mut group = criterion.benchmark_group("many partitions");
    group.throughput(Throughput::Elements(ROWS as u64));
    let name = BenchmarkId::new("partial and merge", format!("{PARTITIONS} states of {bytes} bytes"));
    group.bench_function(name, |bencher| bencher.iter(|| merged(books.iter().map(partial).collect())));
    group.throughput(Throughput::Elements(PARTITIONS as u64));
    group.bench_function("merge alone", |bencher| {
        bencher.iter_batched(|| states.clone(), merged, BatchSize::SmallInput);
    });
}

fn many_groups(criterion: &mut Criterion) {
    let shape = Shape { extent: Extent::Full, order: Order::Shuffled, ..Shape::PLAIN };
    let book = book(shape, 0..ROWS);
    let request = whole().by("account_id");
    let groups = book.compute(&request).expect("an answer").len();
    let bytes = book.partial(&request).expect("a state").encode().len();
    let mut group = criterion.benchmark_group("many groups");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    let name = BenchmarkId::new("accounts", format!("{groups} groups, a state of {bytes} bytes"));
    group.bench_function(name, |bencher| bencher.iter(|| book.compute(black_box(&request))));
}

criterion_group!(surveys, one_batch, many_partitions, many_groups);
criterion_main!(surveys);
