//! The vectors, run through the Rust library with plain columns.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test stops at what it does not expect"
)]

use serde_json::{Map, Value};
use tenure::{Book, Error, Request, Splits, State};
use tenure_conformance::interactions::about_texts;
use tenure_conformance::{Check, KNOWN_CHECKS, Vector, Written, compare, files, table, tables};

fn answer(book: &Book<'_>, vector: &Vector, check: &Check) -> Result<Vec<Map<String, Value>>, Error> {
    let mut texts = tables(vector).into_iter().map(|(name, columns)| table(&name, &columns));
    if let Some(answer) = texts.next().and_then(|texts| about_texts(&check.verb, &texts, &check.request)) {
        return answer;
    }
    tenure_conformance::answer(book, &check.verb, &check.request)
}

#[test]
fn every_vector_gives_its_answer() {
    let mut checks = 0;
    let mut wrong = Vec::new();
    for (name, file) in files() {
        for vector in &file.vectors {
            assert!(!vector.source.is_empty(), "{name}: {} has no source", vector.name);
            let mut book = Book::new();
            for (name, columns) in tables(vector) {
                book.add(table(&name, &columns)).expect("a table");
            }
            for (at, check) in vector.checks.iter().enumerate() {
                checks += 1;
                if let Some(problem) = compare(&check.expect, &answer(&book, vector, check), vector.tolerance)
                {
                    wrong.push(format!("{name} / {} / check {at}: {problem}", vector.name));
                }
            }
        }
    }
    println!("vectors, Rust: {checks} checks, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{} of {checks} checks are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checks >= KNOWN_CHECKS, "only {checks} checks were run");
}

#[test]
fn units_are_conserved() {
    // Every unit is in exactly one count: used, missing, invalid, immature or excluded.
    let mut compared = 0;
    for (name, file) in files() {
        for vector in &file.vectors {
            let mut book = Book::new();
            for (name, columns) in tables(vector) {
                book.add(table(&name, &columns)).expect("a table");
            }
            for check in vector.checks.iter().filter(|check| check.verb == "compute") {
                let Ok(mut request) = Request::from_json(&check.request.to_string()) else { continue };
                request.every = None;
                request.by.clear();
                let (Ok(outcomes), Ok(units)) = (book.compute(&request), book.units(&request)) else {
                    continue;
                };
                // With a dimension or a comparison, rows speak of parts of the units.
                if outcomes.len() != 1 || !outcomes.dimensions.is_empty() || request.kpi == "nps_delta" {
                    continue;
                }
                let outcome = &outcomes.rows[0];
                assert_eq!(outcome.units(), units.rows.len() as u64, "{name} / {}", vector.name);
                let observed =
                    units.rows.iter().filter(|unit| ["observed", "censored"].contains(&unit.fate)).count();
                assert_eq!(outcome.n, observed as u64, "{name} / {}", vector.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "only {compared} outcomes were compared with their units");
}

/// Every compute check that has an answer, with the tables of its vector.
fn answered(mut tell: impl FnMut(&str, &[(String, Vec<(String, Written)>)], &Book<'_>, &Request)) {
    for (name, file) in files() {
        for vector in &file.vectors {
            let tables = tables(vector);
            let mut book = Book::new();
            for (name, columns) in &tables {
                book.add(table(name, columns)).expect("a table");
            }
            for check in vector.checks.iter().filter(|check| check.verb == "compute") {
                let Ok(request) = Request::from_json(&check.request.to_string()) else { continue };
                if book.compute(&request).is_ok() {
                    tell(&format!("{name} / {}", vector.name), &tables, &book, &request);
                }
            }
        }
    }
}

#[test]
fn parts_merge_to_the_whole_in_any_order() {
    let (mut merged, mut unbounded) = (0, 0);
    answered(|name, _, book, request| {
        let whole = book.compute(request).expect("an answer");
        if let Err(error) = book.partial(request) {
            assert!(error.message().contains("give start and end"), "{name}: {error}");
            unbounded += 1;
            return;
        }
        if tenure::explain(&request.kpi).expect("a known KPI").splits == Splits::Whole {
            assert!(book.partial_of(request, 0, 3).is_err(), "{name}: what cannot be split was");
            return;
        }
        let parts: Vec<Vec<u8>> =
            (0..3).map(|part| book.partial_of(request, part, 3).expect("a state").encode()).collect();
        for order in [[0, 1, 2], [2, 0, 1]] {
            let mut states =
                order.map(|part: usize| State::decode(&parts[part]).expect("a state")).into_iter();
            let mut state = states.next().expect("the first");
            for other in states {
                state.merge(&other).expect("the same question");
            }
            assert_eq!(state.finish().expect("an answer"), whole, "{name}: {request:?}");
            assert_eq!(state.finish().expect("an answer"), whole, "{name}: finishing twice");
            let all = book.partial(request).expect("a state");
            assert_eq!(state.encode(), all.encode(), "{name}: equal states are equal bytes");
        }
        merged += 1;
    });
    assert!(merged > 1_000, "only {merged} answers were merged from parts");
    assert!(unbounded < merged / 10, "{unbounded} answers could not be merged from parts");
}

#[test]
fn a_list_gives_what_each_request_gives() {
    let (mut together, mut longest) = (0, 0);
    for (name, file) in files() {
        for vector in &file.vectors {
            let mut book = Book::new();
            for (name, columns) in tables(vector) {
                book.add(table(&name, &columns)).expect("a table");
            }
            let checks = vector.checks.iter().filter(|check| check.verb == "compute");
            let requests = checks.filter_map(|check| Request::from_json(&check.request.to_string()).ok());
            let mut answered: Vec<_> = requests
                .filter_map(|request| book.compute(&request).ok().map(|answer| (request, answer)))
                .collect();
            // More than one pass takes, and in an order that no table has.
            if !answered.is_empty() && answered.len() < 20 && together % 8 == 0 {
                answered = answered.iter().cycle().take(20).cloned().collect();
            }
            let (requests, answers): (Vec<_>, Vec<_>) = answered.into_iter().unzip();
            assert_eq!(book.compute_all(&requests).expect("answers"), answers, "{name} / {}", vector.name);
            together += requests.len();
            longest = longest.max(requests.len());
        }
    }
    assert!(together > 1_000 && longest >= 20, "{together} requests, at most {longest} together");
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut shuffled = 0;
    answered(|name, tables, book, request| {
        let whole = book.compute(request).expect("an answer");
        let mut reversed = Book::new();
        for (table_name, columns) in tables {
            let rows = columns.first().map_or(0, |(_, column)| column.values.len());
            // A fixed permutation: from the back, in steps that meet every row once.
            let step = [7, 5, 3, 2, 1].into_iter().find(|step| rows % step != 0).unwrap_or(1);
            let order: Vec<usize> = (0..rows).map(|at| rows - 1 - at * step % rows).collect();
            let columns: Vec<(String, Written)> = columns
                .iter()
                .map(|(name, column)| {
                    let values = order.iter().map(|row| column.values[*row].clone()).collect();
                    (name.clone(), Written { kind: Some(column.kind()), values })
                })
                .collect();
            reversed.add(table(table_name, &columns)).expect("a table");
        }
        assert_eq!(reversed.compute(request).expect("an answer"), whole, "{name}: {request:?}");
        shuffled += 1;
    });
    assert!(shuffled > 1_000, "only {shuffled} answers were shuffled");
}
