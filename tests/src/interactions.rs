//! The classifier and the reader of comments in the vectors, and the digest of answers that every language compares its own
//! with.

use crate::{Written, written};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;
use tenure::classify::{
    Axes, Classification, Classifier, ClassifyOptions, Feedback, FeedbackOptions, FeedbackReader,
};
use tenure::{Error, Table};

/// The answers to a question about the texts of a table, `classify` or `feedback`; nothing if it is none of these.
pub fn about_texts(
    verb: &str,
    rows: &Table<'_>,
    options: &Value,
) -> Option<Result<Vec<Map<String, Value>>, Error>> {
    match verb {
        "classify" => Some(classified(rows, options)),
        "feedback" => Some(heard(rows, options)),
        _ => None,
    }
}

/// What comments say. As in every result a value that is not known is none.
fn heard(comments: &Table<'_>, options: &Value) -> Result<Vec<Map<String, Value>>, Error> {
    let options = FeedbackOptions::from_json(&options.to_string())?;
    let answers = FeedbackReader::standard()?.read_table(comments, &options)?;
    let row = |answer: &Feedback| {
        let Ok(Value::Object(mut row)) = serde_json::to_value(answer) else { return Map::new() };
        if !answer.has_text {
            row.insert("themes".to_owned(), Value::Null);
        }
        if answer.is_empty() {
            row.insert("polarity".to_owned(), Value::Null);
        }
        row
    };
    Ok(answers.iter().map(row).collect())
}

/// Rows of answers as the vectors name their fields: as the columns of a result are called.
fn classified(interactions: &Table<'_>, options: &Value) -> Result<Vec<Map<String, Value>>, Error> {
    let options = ClassifyOptions::from_json(&options.to_string())?;
    let answers = Classifier::standard()?.classify_table(interactions, &options)?;
    Ok(answers.iter().map(row).collect())
}

fn row(answer: &Classification) -> Map<String, Value> {
    let mut row = Map::new();
    let Ok(Value::Object(fields)) = serde_json::to_value(answer) else { return row };
    for (name, value) in fields {
        match value {
            Value::Object(axes) => {
                row.extend(axes.into_iter().map(|(axis, value)| (format!("axis_{axis}"), value)));
            }
            value => {
                row.insert(name, value);
            }
        }
    }
    row
}

/// The columns that the classifier reads, in the files of labelled interactions.
const COLUMNS: [&str; 10] = [
    "text",
    "author",
    "channel",
    "trigger",
    "purchase_phase",
    "scope",
    "horizon_days",
    "transactional",
    "departments",
    "outcome_measure",
];

/// The evaluation part of `models/`, by language: one hundred interactions each, as columns.
pub fn evaluation() -> BTreeMap<String, Vec<(String, Written)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/interactions/evaluation");
    let mut languages = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the evaluation part").map(|entry| entry.expect("a file")) {
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
        let column = |name: &str| {
            let values = rows.iter().map(|row| row.get(name).cloned().unwrap_or_default()).collect();
            (name.to_owned(), written(&Value::Array(values)))
        };
        let language = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
        languages.insert(language, COLUMNS.into_iter().map(column).collect());
    }
    languages
}

/// FNV-1a, 64 bits, over the little-endian bytes of each answer's doubles: the three probabilities, `p_service_any` and
/// the axes, in the order of the columns of a result.
pub fn digest(answers: &[Classification]) -> u64 {
    let doubles = answers.iter().flat_map(|answer| {
        let [support, service, success] = answer.probabilities();
        let axes: [f64; Axes::NAMES.len()] = answer.axes.values();
        [support, service, success, answer.p_service_any].into_iter().chain(axes)
    });
    doubles.flat_map(f64::to_le_bytes).fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The digests that `cargo xtask generate` wrote: the classifier's id, and rows and digest of each language.
#[derive(Debug, PartialEq, Eq)]
pub struct Bits {
    /// The classifier that answered.
    pub model: String,
    /// Rows and digest by language.
    pub languages: BTreeMap<String, (usize, u64)>,
}

impl Bits {
    /// What a classifier answers to the evaluation part.
    pub fn of(classifier: &Classifier) -> Result<Self, Error> {
        let mut languages = BTreeMap::new();
        for (language, columns) in evaluation() {
            let table = crate::table("interactions", &columns);
            let answers = classifier.classify_table(&table, &ClassifyOptions::default())?;
            languages.insert(language, (answers.len(), digest(&answers)));
        }
        Ok(Self { model: classifier.id().to_owned(), languages })
    }

    /// As the file has them.
    pub fn to_text(&self) -> String {
        let line = |(language, (rows, digest)): (&String, &(usize, u64))| {
            format!("{language} {rows} {digest:016x}\n")
        };
        let lines: String = self.languages.iter().map(line).collect();
        format!("model {}\n{lines}", self.model)
    }
}
