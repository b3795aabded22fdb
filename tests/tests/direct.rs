//! The vectors, run through the Rust library with plain columns.

use serde_json::{Map, Value};
use tenure::{Book, Error, Request};
use tenure_conformance::{
    Check, KNOWN_CHECKS, compare, fault_rows, files, outcome_row, table, tables, unit_rows,
};

fn answer(book: &Book<'_>, check: &Check) -> Result<Vec<Map<String, Value>>, Error> {
    let request = Request::from_json(&check.request.to_string())?;
    match check.verb.as_str() {
        "compute" => {
            let outcomes = book.compute(&request)?;
            Ok(outcomes.iter().map(|outcome| outcome_row(&outcomes, outcome)).collect())
        }
        "units" => Ok(unit_rows(&book.units(&request)?)),
        "faults" => Ok(fault_rows(&book.faults(&request)?)),
        verb => panic!("no verb {verb}"),
    }
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
                if let Some(problem) = compare(&check.expect, &answer(&book, check), vector.tolerance) {
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
                let observed = units.rows.iter().filter(|unit| unit.fate == "observed").count();
                assert_eq!(outcome.n, observed as u64, "{name} / {}", vector.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "only {compared} outcomes were compared with their units");
}
