//! How many instructions survey KPIs take, for the gate: `cargo bench --bench counts`.
//!
//! Instructions are counted by valgrind, so they hardly depend on the machine and not at all on what else it does. Each
//! benchmark names the count it had when it was last looked at, and fails above that plus ten percent. Whoever makes
//! something faster, or slower for a good reason, writes the new count here. The runner is
//! `cargo install gungraun-runner --version 0.20.0`.

#![allow(missing_docs, reason = "what the macros make has none")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run has nothing to tell")]

use gungraun::{
    Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};
use std::hint::black_box;
use tenure::{Book, Outcomes, Request, State};
use tenure_benches::{Extent, Order, Shape, by_month, scores_with_nan, segments_text, whole};

const ROWS: usize = 100_000;
const PARTITIONS: usize = 16;

const PLAIN: Shape = Shape::PLAIN;
const SCORES: Shape = Shape { extent: Extent::Scores, ..PLAIN };
const SHUFFLED: Shape = Shape { order: Order::Shuffled, ..PLAIN };
const REAL: Shape =
    Shape { extent: Extent::Full, score: scores_with_nan, segment: segments_text, ..SHUFFLED };

/// Fails above ten percent more instructions than there were.
fn were(instructions: u64) -> LibraryBenchmarkConfig {
    let mut callgrind = Callgrind::with_args(["--cache-sim=no"]);
    callgrind.hard_limits([(EventKind::Ir, instructions + instructions / 10)]);
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

fn book(shape: Shape, request: Request) -> (Book<'static>, Request) {
    let mut book = Book::new();
    book.add(shape.table(0..ROWS, ROWS)).expect("the generator makes a table");
    (book, request)
}

fn states() -> Vec<Vec<u8>> {
    let request = by_month("segment");
    let state = |part: usize| {
        let mut book = Book::new();
        let rows = part * ROWS / PARTITIONS..(part + 1) * ROWS / PARTITIONS;
        book.add(PLAIN.table(rows, ROWS)).expect("the generator makes a table");
        book.partial(&request).expect("a state").encode()
    };
    (0..PARTITIONS).map(state).collect()
}

#[library_benchmark]
#[bench::whole(args = (SCORES, whole()), setup = book, config = were(212_000))]
#[bench::segment_month_sorted(args = (PLAIN, by_month("segment")), setup = book, config = were(6_750_000))]
#[bench::segment_month_shuffled(args = (SHUFFLED, by_month("segment")), setup = book, config = were(7_030_000))]
#[bench::real_table(args = (REAL, by_month("segment")), setup = book, config = were(23_700_000))]
#[bench::many_groups(args = (REAL, whole().by("account_id")), setup = book, config = were(378_200_000))]
fn one_batch((book, request): (Book<'static>, Request)) -> Outcomes {
    black_box(book.compute(&request)).expect("an answer")
}

#[library_benchmark]
#[bench::sixteen(args = (), setup = states, config = were(3_240_000))]
fn many_partitions(states: Vec<Vec<u8>>) -> Outcomes {
    let states = states.iter().map(|state| State::decode(state).expect("a state"));
    let merged = states.reduce(|mut all, state| {
        all.merge(&state).expect("states of one request");
        all
    });
    black_box(merged.expect("partitions").finish()).expect("an answer")
}

library_benchmark_group!(name = surveys; benchmarks = one_batch, many_partitions);
main!(library_benchmark_groups = surveys);
