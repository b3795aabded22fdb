//! The same settings give the same rows, whatever else was asked for and however they are cut.

use crate::rows::company;
use tenure_sample::{Chunk, Column, Company, DEFAULT_CHUNK_ROWS, Error, Settings};

fn small(seed: u64) -> Company {
    Company::new(Settings { accounts: 40, months: 9, seed, ..Settings::default() }).unwrap()
}

/// All rows of a table as one text per column, so that differently cut chunks can be compared.
fn joined(chunks: impl Iterator<Item = Chunk>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for chunk in chunks {
        columns.resize(chunk.columns.len(), String::new());
        for (text, (_, column)) in columns.iter_mut().zip(&chunk.columns) {
            let values = match column {
                Column::I8(values) => format!("{values:?}"),
                Column::I16(values) => format!("{values:?}"),
                Column::I32(values) => format!("{values:?}"),
                Column::I64(values) | Column::Time(values) => format!("{values:?}"),
                Column::Bool(values) => format!("{values:?}"),
                Column::Text(values) => format!("{values:?}"),
                Column::Word(values) => format!("{values:?}"),
                Column::Words(values) => format!("{values:?}"),
                Column::Texts(values) => format!("{values:?}"),
            };
            text.push_str(values.trim_matches(['[', ']']));
            text.push_str(", ");
        }
    }
    columns
}

#[test]
fn the_same_seed_gives_the_same_rows_in_any_order_of_tables() {
    let (forwards, backwards) = (small(5), small(5));
    let names: Vec<&str> = forwards.tables().iter().map(|table| table.name).collect();
    assert_eq!(names.len(), 25);
    let mut first: Vec<Vec<Chunk>> =
        names.iter().map(|name| forwards.table(name).unwrap().collect()).collect();
    let second: Vec<Vec<Chunk>> =
        names.iter().rev().map(|name| backwards.table(name).unwrap().collect()).collect();
    first.reverse();
    assert_eq!(first, second);
    assert_eq!(forwards.truth(), backwards.truth());
}

#[test]
fn another_seed_gives_other_rows() {
    // What the company decides for itself does not depend on its customers.
    let fixed = ["schedules", "holidays", "sla_policies", "mailboxes"];
    for table in small(5).tables().into_iter().filter(|table| !fixed.contains(&table.name)) {
        let rows = |seed| joined(small(seed).table(table.name).unwrap());
        assert_ne!(rows(5), rows(6), "{}", table.name);
    }
}

#[test]
fn rows_do_not_depend_on_the_size_of_chunks() {
    let company = small(5);
    for table in company.tables() {
        let whole = joined(company.table(table.name).unwrap());
        for most in [1, 7, 1000] {
            assert_eq!(joined(company.table_in_chunks(table.name, most).unwrap()), whole, "{}", table.name);
        }
    }
}

/// One account more changes nothing for the others: its rows come after theirs.
#[test]
fn accounts_do_not_depend_on_how_many_there_are() {
    let larger = Company::new(Settings { accounts: 41, months: 9, seed: 5, ..Settings::default() }).unwrap();
    for table in larger.tables() {
        let fewer = joined(small(5).table(table.name).unwrap());
        let more = joined(larger.table(table.name).unwrap());
        for (fewer, more) in fewer.iter().zip(&more) {
            assert!(more.starts_with(fewer.as_str()), "{}", table.name);
        }
    }
}

#[test]
fn chunks_are_full_but_for_the_last_and_have_the_columns_of_the_table() {
    let company = company();
    for table in company.tables() {
        for most in [100, DEFAULT_CHUNK_ROWS] {
            let chunks: Vec<Chunk> = company.table_in_chunks(table.name, most).unwrap().collect();
            let (last, full) = chunks.split_last().unwrap();
            assert!(full.iter().all(|chunk| chunk.rows() == most), "{}", table.name);
            assert!((1..=most).contains(&last.rows()), "{}", table.name);
            for chunk in &chunks {
                assert_eq!(chunk.columns.len(), table.columns.len());
                for ((name, column), info) in chunk.columns.iter().zip(&table.columns) {
                    assert_eq!((*name, column.kind()), (info.name, info.kind));
                    assert_eq!(column.len(), chunk.rows());
                }
            }
        }
    }
}

#[test]
fn settings_out_of_range_are_errors() {
    let month = |day| chrono::NaiveDate::from_ymd_opt(2024, 1, day).unwrap();
    for settings in [
        Settings { months: 0, ..Settings::default() },
        Settings { months: 601, ..Settings::default() },
        Settings { accounts: 10_000_001, ..Settings::default() },
        Settings { activity_percent: 1001, ..Settings::default() },
        Settings { start: month(2), ..Settings::default() },
        Settings { start: chrono::NaiveDate::MAX, ..Settings::default() },
    ] {
        assert!(matches!(Company::new(settings), Err(Error::InvalidSettings { .. })));
    }
    let error = company().table("survey").unwrap_err();
    assert!(error.to_string().contains("'survey'") && error.to_string().contains("surveys"), "{error}");
}

#[test]
fn the_smallest_companies_work() {
    for (accounts, months) in [(0, 1), (1, 1), (3, 1), (2, 2), (30, 3)] {
        let company = Company::new(Settings { accounts, months, ..Settings::default() }).unwrap();
        let truth = company.truth();
        for table in company.tables() {
            let rows: usize = company.table(table.name).unwrap().map(|chunk| chunk.rows()).sum();
            let planned = truth.rows.get(table.name).copied().unwrap_or(0);
            assert_eq!(u64::try_from(rows).unwrap(), planned, "{accounts} {months} {}", table.name);
        }
    }
}
