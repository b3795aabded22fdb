//! Conformance vectors: tables, requests and expected answers as data, with the source of every number.
//!
//! The files lie in `tests/vectors` (one a KPI), `tests/systems` (one a vendor's system) and `tests/classify` (the
//! classifier); every language has a runner of its own over the same files. Here is the loader of the Rust runners and the comparison.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test stops at what it does not expect"
)]

pub mod interactions;

use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use tenure::{Book, Choice, Column, Error, Key, Request, Slice, Table, Unit};

/// A file of vectors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What the file is about.
    pub title: String,
    /// The vectors.
    pub vectors: Vec<Vector>,
}

/// Tables and what is expected of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// The edge that it shows.
    pub name: String,
    /// Who computed the numbers.
    pub source: String,
    /// Columns by table and name.
    pub tables: Map<String, Value>,
    /// The absolute tolerance of floats.
    #[serde(default = "tolerance")]
    pub tolerance: f64,
    /// Requests and answers.
    pub checks: Vec<Check>,
}

fn tolerance() -> f64 {
    1e-9
}

/// One request and its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// `compute`, `units`, `faults`; `journeys` or `journey`, whose request also names the account; or `classify` or
    /// `feedback`, whose request are the options.
    #[serde(default = "compute")]
    pub verb: String,
    /// The request as it is sent in every language.
    pub request: Value,
    /// `rows` or `error`.
    pub expect: Expect,
}

fn compute() -> String {
    "compute".to_owned()
}

/// What is expected.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// These rows, in this order; only the fields named are compared.
    Rows(Vec<Map<String, Value>>),
    /// An error of this kind whose message contains these texts.
    Error {
        /// The kind's name.
        kind: String,
        /// Parts of the message.
        #[serde(default)]
        contains: Vec<String>,
    },
}

/// The repository's `tests` folder.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// All files, with their names.
pub fn files() -> Vec<(String, File)> {
    let mut found = Vec::new();
    for part in ["vectors", "systems", "classify"] {
        let entries = std::fs::read_dir(folder().join(part)).expect("the folder of vectors");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ext| ext == "json")) {
            let text = std::fs::read_to_string(path).expect("a readable file");
            let name = format!("{part}/{}", path.file_stem().unwrap_or_default().to_string_lossy());
            let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            found.push((name, file));
        }
    }
    found
}

/// A column as the vectors write it: plain values, runs of them, or either with a type.
#[derive(Debug)]
pub struct Written {
    /// `i64`, `timestamp[us, UTC]`, ...; nothing if the values tell.
    pub kind: Option<String>,
    /// One a row.
    pub values: Vec<Value>,
}

/// Reads the JSON of a column.
pub fn written(column: &Value) -> Written {
    let runs = |runs: &Value| {
        let pairs = runs
            .as_array()
            .expect("runs are a list")
            .iter()
            .map(|run| run.as_array().expect("a run is a pair"));
        pairs
            .flat_map(|run| {
                let times = usize::try_from(run[1].as_u64().expect("a count")).expect("a small count");
                std::iter::repeat_n(run[0].clone(), times)
            })
            .collect()
    };
    match column {
        Value::Array(values) => Written { kind: None, values: values.clone() },
        Value::Object(map) => Written {
            kind: map.get("type").and_then(Value::as_str).map(str::to_owned),
            values: match (map.get("values"), map.get("runs")) {
                (Some(values), None) => values.as_array().expect("values are a list").clone(),
                (None, Some(pairs)) => runs(pairs),
                _ => panic!("a column has values or runs"),
            },
        },
        _ => panic!("a column is a list or an object"),
    }
}

impl Written {
    /// The type: as written, or as the values tell.
    pub fn kind(&self) -> String {
        if let Some(kind) = &self.kind {
            return kind.clone();
        }
        let any = |is: fn(&Value) -> bool| self.values.iter().any(is);
        let kind = if any(Value::is_array) {
            "list"
        } else if any(Value::is_string) {
            "text"
        } else if any(Value::is_boolean) {
            "bool"
        } else if any(Value::is_f64) {
            "f64"
        } else if any(Value::is_number) {
            "i64"
        } else {
            "null"
        };
        kind.to_owned()
    }

    /// As a column of the core.
    pub fn column(&self) -> Column<'static> {
        fn numbers<T: TryFrom<i128>>(values: &[Value]) -> Vec<Option<T>> {
            let number = |value: &Value| {
                let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
                let whole = whole.unwrap_or_else(|| panic!("{value} is not a whole number"));
                T::try_from(whole).ok().unwrap_or_else(|| panic!("{value} does not fit its type"))
            };
            values.iter().map(|value| (!value.is_null()).then(|| number(value))).collect()
        }
        let values = &self.values;
        let texts = || values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Vec<_>>();
        match self.kind().as_str() {
            "null" => Column::Null(values.len()),
            "i8" => numbers::<i8>(values).into(),
            "i16" => numbers::<i16>(values).into(),
            "i32" => numbers::<i32>(values).into(),
            "i64" => numbers::<i64>(values).into(),
            "u8" => numbers::<u8>(values).into(),
            "u64" => numbers::<u64>(values).into(),
            #[allow(clippy::cast_possible_truncation, reason = "the vector says single precision")]
            "f32" => values.iter().map(|value| value.as_f64().map(|v| v as f32)).collect::<Vec<_>>().into(),
            "f64" => values.iter().map(Value::as_f64).collect::<Vec<_>>().into(),
            "bool" => values.iter().map(Value::as_bool).collect::<Vec<_>>().into(),
            "text" => texts().into(),
            "dictionary" => {
                let mut distinct: Vec<String> = texts().into_iter().flatten().collect();
                distinct.sort();
                distinct.dedup();
                let key = |text: &String| {
                    i32::try_from(distinct.binary_search(text).expect("a value")).expect("few")
                };
                let keys: Vec<Option<i32>> = texts().iter().map(|text| text.as_ref().map(key)).collect();
                Column::Dictionary { keys: Box::new(keys.into()), values: Box::new(distinct.into()) }
            }
            "list" => {
                let item = |value: &Value| value.as_str().expect("a text").to_owned();
                let list = |value: &Value| value.as_array().map(|items| items.iter().map(item).collect());
                Column::text_lists(&values.iter().map(list).collect::<Vec<Option<Vec<String>>>>())
            }
            kind => self.times(kind),
        }
    }

    fn times(&self, kind: &str) -> Column<'static> {
        let micros: Vec<Option<i64>> = self.values.iter().map(|value| value.as_str().map(instant)).collect();
        let (unit, per) = match kind {
            kind if kind.starts_with("timestamp[s") => (Unit::Second, 1_000_000),
            kind if kind.starts_with("timestamp[ms") => (Unit::Milli, 1_000),
            kind if kind.starts_with("timestamp[us") => (Unit::Micro, 1),
            "date" => (Unit::Day, 86_400_000_000),
            kind => panic!("no type {kind}"),
        };
        let validity = tenure::Bitmap::from_bools(micros.iter().map(Option::is_some));
        let values = micros.iter().map(|value| value.unwrap_or(0).div_euclid(per)).collect();
        Column::Time { unit, instant: kind.contains("UTC"), values: Slice::owned(values, Some(validity)) }
    }
}

/// An instant, or wall-clock time as if it were UTC, in microseconds.
pub fn instant(text: &str) -> i64 {
    let parsed = chrono::DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_micros());
    let local = || {
        let with_time = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
            .iter()
            .find_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok());
        let date = || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
        with_time.or_else(date).map(|time| time.and_utc().timestamp_micros())
    };
    parsed.ok().or_else(local).unwrap_or_else(|| panic!("{text} is not a time"))
}

/// The tables of a vector, with their columns in the order written.
pub fn tables(vector: &Vector) -> Vec<(String, Vec<(String, Written)>)> {
    let columns = |columns: &Value| {
        let columns = columns.as_object().expect("a table is an object");
        columns.iter().map(|(name, column)| (name.clone(), written(column))).collect()
    };
    vector.tables.iter().map(|(name, table)| (name.clone(), columns(table))).collect()
}

/// A table of the core.
pub fn table(name: &str, columns: &[(String, Written)]) -> Table<'static> {
    columns.iter().fold(Table::new(name), |table, (name, column)| table.column(name, column.column()))
}

fn text(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

fn key(key: &Key) -> Value {
    serde_json::to_value(key).expect("a key is JSON")
}

/// A row of outcomes as the vectors name its fields.
pub fn outcome_row(outcomes: &tenure::Outcomes, outcome: &tenure::Outcome) -> Map<String, Value> {
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put("kpi", text(outcome.kpi));
    if let Some((start, end)) = outcome.period {
        put("period_start", start.into());
        put("period_end", end.into());
    }
    for (name, value) in outcomes.by.iter().zip(&outcome.by) {
        put(name, key(value));
    }
    for (name, value) in outcomes.dimensions.iter().zip(&outcome.dimensions) {
        put(name, key(value));
    }
    put("value", outcome.value.into());
    if outcomes.columns.label {
        put("label", outcome.label.clone().into());
    }
    if outcomes.columns.instant {
        put("instant", outcome.instant.into());
    }
    if outcomes.columns.ratio {
        put("numerator", outcome.numerator.into());
        put("denominator", outcome.denominator.into());
    }
    put("n", outcome.n.into());
    put("n_missing", outcome.n_missing.into());
    put("n_invalid", outcome.n_invalid.into());
    put("n_immature", outcome.n_immature.into());
    put("n_excluded", outcome.n_excluded.into());
    put("n_censored", outcome.n_censored.into());
    put("status", text(outcome.status.name()));
    put("low", outcome.interval.map(|interval| interval.low).into());
    put("high", outcome.interval.map(|interval| interval.high).into());
    put("level", outcome.interval.map(|interval| interval.level).into());
    put("method", outcome.interval.map(|interval| interval.method).into());
    put("unit", text(outcome.unit));
    put("policy", text(outcome.policy.as_ref()));
    row
}

/// Rows of units as the vectors name their fields.
pub fn unit_rows(units: &tenure::Units) -> Vec<Map<String, Value>> {
    let row = |unit: &tenure::UnitRow| {
        let mut row = Map::new();
        row.insert("row".to_owned(), unit.row.into());
        row.insert(units.key.clone(), key(&unit.key));
        for (name, value) in units.by.iter().zip(&unit.by) {
            row.insert(name.clone(), key(value));
        }
        for (name, value) in units.dimensions.iter().zip(&unit.dimensions) {
            row.insert((*name).to_owned(), key(value));
        }
        row.insert("occurred_at".to_owned(), unit.occurred_at.into());
        row.insert("fate".to_owned(), text(unit.fate));
        row.insert("reason".to_owned(), unit.reason.into());
        row.insert("value".to_owned(), unit.value.into());
        row.insert("label".to_owned(), unit.label.clone().into());
        row
    };
    units.rows.iter().map(row).collect()
}

/// Rows of faults as the vectors name their fields.
pub fn fault_rows(faults: &[tenure::Fault]) -> Vec<Map<String, Value>> {
    let row = |fault: &tenure::Fault| match serde_json::to_value(fault) {
        Ok(Value::Object(row)) => row,
        _ => Map::new(),
    };
    faults.iter().map(row).collect()
}

/// A question about journeys: the request, and the account if it is about one.
pub fn about_journeys(request: &Value) -> Result<(Request, Option<Key>), Error> {
    let mut request = request.as_object().expect("a request is an object").clone();
    let account = request.remove("account_id").map(|account| match account {
        Value::String(text) => Key::Text(text),
        account => Key::Whole(account.as_i64().expect("an id is a text or a number").into()),
    });
    Ok((Request::about_journeys(&Value::Object(request).to_string())?, account))
}

/// Rows of journeys as the vectors name their fields.
pub fn journey_rows(journeys: &tenure::Journeys) -> Vec<Map<String, Value>> {
    let row = |stay: tenure::JourneyStay<'_>| {
        let mut row = Map::new();
        row.insert("account_id".to_owned(), key(stay.account_id));
        row.insert("stay".to_owned(), stay.stay.into());
        row.insert("stage".to_owned(), text(stay.stage));
        row.insert("entered_at".to_owned(), stay.entered_at.into());
        row.insert("left_at".to_owned(), stay.left_at.into());
        row.insert("next_stage".to_owned(), stay.next_stage.into());
        row.insert("seconds".to_owned(), stay.seconds.into());
        row.insert("paused_seconds".to_owned(), stay.paused_seconds.into());
        row.insert("status".to_owned(), text(stay.status.name()));
        row.insert("source".to_owned(), text(stay.source.name()));
        row.insert("reason".to_owned(), stay.reason.into());
        row.insert("allowed".to_owned(), stay.allowed.into());
        row.insert("inferred_stage".to_owned(), stay.inferred_stage.into());
        row.insert("differs_since".to_owned(), stay.differs_since.into());
        row
    };
    journeys.iter().map(row).collect()
}

/// Rows of a story as the vectors name their fields.
pub fn story_rows(story: &tenure::Story) -> Vec<Map<String, Value>> {
    let row = |event: &tenure::StoryEvent| {
        let mut row = Map::new();
        row.insert("at".to_owned(), event.at.into());
        row.insert("kind".to_owned(), text(event.kind));
        row.insert("label".to_owned(), event.label.clone().into());
        row.insert("stage".to_owned(), event.stage.clone().into());
        row.insert("text".to_owned(), event.text.clone().into());
        row.insert("id".to_owned(), key(event.id.as_ref().unwrap_or(&Key::Null)));
        row
    };
    story.rows.iter().map(row).collect()
}

/// The answer to a question about a book, in the words of the vectors.
pub fn answer(book: &Book<'_>, verb: &str, request: &Value) -> Result<Vec<Map<String, Value>>, Error> {
    let about_kpi = || Request::from_json(&request.to_string());
    match verb {
        "compute" => {
            let outcomes = book.compute(&about_kpi()?)?;
            Ok(outcomes.iter().map(|outcome| outcome_row(&outcomes, outcome)).collect())
        }
        "units" => Ok(unit_rows(&book.units(&about_kpi()?)?)),
        "faults" => Ok(fault_rows(&book.faults(&about_kpi()?)?)),
        "journeys" => Ok(journey_rows(&book.journeys(&about_journeys(request)?.0)?)),
        "journey" => {
            let (request, account) = about_journeys(request)?;
            Ok(story_rows(&book.journey(&request, &account.expect("a story is that of an account"))?))
        }
        verb => panic!("no verb {verb}"),
    }
}

const INSTANTS: [&str; 8] =
    ["period_start", "period_end", "occurred_at", "instant", "at", "entered_at", "left_at", "differs_since"];

fn differs(name: &str, expected: &Value, found: Option<&Value>, tolerance: f64) -> bool {
    let Some(found) = found else { return true };
    if INSTANTS.contains(&name)
        && let Some(text) = expected.as_str()
    {
        return found.as_i64() != Some(instant(text));
    }
    match (expected.as_f64(), found.as_f64()) {
        (Some(expected), Some(found)) => (expected - found).abs() > tolerance,
        _ => expected != found,
    }
}

/// What is wrong with an answer; nothing if it is as expected.
pub fn compare(
    expect: &Expect,
    found: &Result<Vec<Map<String, Value>>, Error>,
    tolerance: f64,
) -> Option<String> {
    match (expect, found) {
        (Expect::Error { kind, contains }, Err(error)) => {
            if error.kind().name() != kind {
                return Some(format!("expected an error of kind {kind}, found {}: {error}", error.kind()));
            }
            let missing = contains.iter().find(|part| !error.message().contains(part.as_str()))?;
            Some(format!("the message \"{error}\" does not contain \"{missing}\""))
        }
        (Expect::Error { kind, .. }, Ok(rows)) => {
            Some(format!("expected an error of kind {kind}, found {rows:?}"))
        }
        (Expect::Rows(_), Err(error)) => {
            Some(format!("expected rows, found the error {}: {error}", error.kind()))
        }
        (Expect::Rows(expected), Ok(found)) => {
            if expected.len() != found.len() {
                return Some(format!("expected {} rows, found {}: {found:?}", expected.len(), found.len()));
            }
            for (at, (expected, found)) in expected.iter().zip(found).enumerate() {
                for (name, value) in expected {
                    if differs(name, value, found.get(name), tolerance) {
                        return Some(format!(
                            "row {at}, {name}: expected {value}, found {:?}",
                            found.get(name)
                        ));
                    }
                }
            }
            None
        }
    }
}

/// The least number of checks that a runner must have run: a runner that looked at nothing fails.
pub const KNOWN_CHECKS: usize = 3_578;
