//! Reads columns of a sample company for the tests: plainly, row by row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use tenure_sample::{Column, Company, Settings, Truth};

/// The company the tests look at.
pub(crate) fn company() -> Company {
    Company::new(Settings::default()).unwrap()
}

/// What was planted in it, counted once for all tests.
pub(crate) fn truth() -> Truth {
    static TRUTH: LazyLock<Truth> = LazyLock::new(|| company().truth());
    TRUTH.clone()
}

/// A column of integers of any width, or of times.
pub(crate) fn numbers(company: &Company, table: &str, column: &str) -> Vec<Option<i64>> {
    let mut all = Vec::new();
    for chunk in company.table(table).unwrap() {
        match chunk.column(column).unwrap() {
            Column::I8(values) => all.extend(values.iter().map(|value| value.map(i64::from))),
            Column::I16(values) => all.extend(values.iter().map(|value| value.map(i64::from))),
            Column::I32(values) => all.extend(values.iter().map(|value| value.map(i64::from))),
            Column::I64(values) | Column::Time(values) => all.extend(values),
            other => panic!("{table}.{column} has {:?}", other.kind()),
        }
    }
    all
}

/// A column of integers or times without missing values.
pub(crate) fn all_numbers(company: &Company, table: &str, column: &str) -> Vec<i64> {
    let numbers = numbers(company, table, column);
    numbers.into_iter().map(|number| number.unwrap_or_else(|| panic!("{table}.{column}"))).collect()
}

/// A column of text; missing values are empty.
pub(crate) fn words(company: &Company, table: &str, column: &str) -> Vec<String> {
    let mut all = Vec::new();
    for chunk in company.table(table).unwrap() {
        match chunk.column(column).unwrap() {
            Column::Text(values) => all.extend(values.iter().map(|value| value.clone().unwrap_or_default())),
            Column::Word(values) => {
                all.extend(values.iter().map(|value| value.unwrap_or_default().to_owned()));
            }
            other => panic!("{table}.{column} has {:?}", other.kind()),
        }
    }
    all
}

/// A column of truth values without missing ones.
pub(crate) fn truths(company: &Company, table: &str, column: &str) -> Vec<bool> {
    flags(company, table, column).into_iter().map(Option::unwrap).collect()
}

/// A column of truth values.
pub(crate) fn flags(company: &Company, table: &str, column: &str) -> Vec<Option<bool>> {
    let mut all = Vec::new();
    for chunk in company.table(table).unwrap() {
        match chunk.column(column).unwrap() {
            Column::Bool(values) => all.extend(values),
            other => panic!("{table}.{column} has {:?}", other.kind()),
        }
    }
    all
}

/// When accounts signed up: their first user came. Leads have none.
pub(crate) fn signed_up(company: &Company) -> BTreeMap<i64, i64> {
    let mut first = BTreeMap::new();
    let created = all_numbers(company, "users", "created_at");
    for (account, at) in all_numbers(company, "users", "account_id").into_iter().zip(created) {
        let first = first.entry(account).or_insert(at);
        *first = at.min(*first);
    }
    first
}

/// The distinct values of a column of integers, missing ones left out.
pub(crate) fn ids(company: &Company, table: &str, column: &str) -> BTreeSet<i64> {
    numbers(company, table, column).into_iter().flatten().collect()
}

/// An ISO 8601 instant in microseconds since 1970.
pub(crate) fn micros(iso: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(iso).unwrap().timestamp_micros()
}
