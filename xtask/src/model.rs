//! The standard classifier: read what is in `models/`, train, measure, write.

use crate::generate::BITS;
use crate::guard::Guard;
use crate::measured;
use crate::tree::Tree;
use serde::Deserialize;
use std::collections::BTreeMap;
use tenure::classify::{Classifier, FitOptions, Interaction, Knowledge, Label, Labelled};
use tenure_conformance::interactions::Bits;

const BYTES: &str = "crates/tenure/src/classify/interaction.model";
const PAGE: &str = "models/README.md";
const TRAINING: &str = "models/interactions/train";
const EVALUATION: &str = "models/interactions/evaluation";
const LEXICON: &str = "models/lexicon.toml";
const OTHER_LANGUAGES: &str = "models/languages/other.txt";

/// A row of a file of labelled interactions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    text: String,
    label: String,
    pub(crate) hard: bool,
    scenario: Option<String>,
    author: Option<String>,
    channel: Option<String>,
    trigger: Option<String>,
    purchase_phase: Option<String>,
    scope: Option<String>,
    horizon_days: Option<f64>,
    transactional: Option<bool>,
    #[serde(default)]
    departments: Vec<String>,
    outcome_measure: Option<String>,
}

/// The rows of one file, written by one person in one language.
#[derive(Debug)]
pub(crate) struct Part {
    /// `sv_a`: the language, and who of several wrote it.
    pub(crate) name: String,
    pub(crate) rows: Vec<Row>,
}

impl Part {
    pub(crate) fn language(&self) -> &str {
        self.name.split('_').next().unwrap_or_default()
    }

    pub(crate) fn author(&self) -> &str {
        self.name.split('_').nth(1).unwrap_or_default()
    }
}

/// What of a row the classifier is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Everything,
    Text,
    Fields,
    /// Text and who wrote it.
    TextAndAuthor,
}

/// What must not be divided between training and test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Together {
    Author,
    Scenario,
}

/// Rows with what their fields borrow.
pub(crate) struct Rows<'r> {
    rows: Vec<(&'r Part, &'r Row, Vec<&'r str>, String)>,
}

impl<'r> Rows<'r> {
    pub(crate) fn of(parts: impl IntoIterator<Item = &'r Part>, together: Together) -> Self {
        let mut rows = Vec::new();
        for part in parts {
            for row in &part.rows {
                let departments = row.departments.iter().map(String::as_str).collect();
                let group = match (together, &row.scenario) {
                    (Together::Scenario, Some(scenario)) => format!("{}: {scenario}", part.language()),
                    _ => part.name.clone(),
                };
                rows.push((part, row, departments, group));
            }
        }
        Self { rows }
    }

    pub(crate) fn labelled(&self, shown: Shown) -> Result<Vec<Labelled<'_>>, String> {
        let rows = self.rows.iter();
        rows.map(|(part, row, departments, group)| {
            let label =
                Label::of(&row.label).ok_or_else(|| format!("{}: no label {}", part.name, row.label))?;
            let all = Interaction {
                text: Some(&row.text),
                author: row.author.as_deref(),
                channel: row.channel.as_deref(),
                trigger: row.trigger.as_deref(),
                purchase_phase: row.purchase_phase.as_deref(),
                scope: row.scope.as_deref(),
                horizon_days: row.horizon_days,
                transactional: row.transactional,
                departments,
                outcome_measure: row.outcome_measure.as_deref(),
                ..Interaction::default()
            };
            let interaction = match shown {
                Shown::Everything => all,
                Shown::Fields => Interaction { text: None, ..all },
                Shown::Text => Interaction { text: all.text, ..Interaction::default() },
                Shown::TextAndAuthor => {
                    Interaction { text: all.text, author: all.author, ..Interaction::default() }
                }
            };
            Ok(Labelled { interaction, label, language: Some(part.language()), group: Some(group) })
        })
        .collect()
    }
}

/// Everything in `models/` that the classifier of interactions is made of.
pub(crate) struct Data {
    pub(crate) training: Vec<Part>,
    pub(crate) evaluation: Vec<Part>,
    cues: Vec<(String, String)>,
    foreign: Vec<String>,
}

impl Data {
    pub(crate) fn read(tree: &Tree) -> Result<Self, String> {
        let lexicon: BTreeMap<String, BTreeMap<String, Vec<String>>> =
            toml::from_str(&tree.file(LEXICON)?.text).map_err(|error| format!("{LEXICON}: {error}"))?;
        let mut cues = Vec::new();
        for (concept, languages) in lexicon {
            cues.extend(languages.into_values().flatten().map(|cue| (concept.clone(), cue)));
        }
        let lines = tree.file(OTHER_LANGUAGES)?.text.lines();
        let foreign =
            lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
        Ok(Self { training: parts(tree, TRAINING)?, evaluation: parts(tree, EVALUATION)?, cues, foreign })
    }

    /// Calls a function with what is known beside rows.
    pub(crate) fn with_knowledge<T>(&self, use_it: impl FnOnce(&Knowledge<'_>) -> T) -> T {
        let cues: Vec<(&str, &str)> =
            self.cues.iter().map(|(concept, cue)| (concept.as_str(), cue.as_str())).collect();
        let foreign: Vec<&str> = self.foreign.iter().map(String::as_str).collect();
        use_it(&Knowledge { cues: &cues, foreign: &foreign })
    }

    pub(crate) fn train(&self, rows: &Rows<'_>, options: &FitOptions) -> Result<Classifier, String> {
        let rows = rows.labelled(Shown::Everything)?;
        let trained = self.with_knowledge(|knowledge| Classifier::train(&rows, knowledge, options));
        trained.map_err(|error| error.to_string())
    }

    /// The classifier that is embedded: every author is a group of the cross-validation, so that it is as sure as it may be
    /// with texts of strangers.
    pub(crate) fn standard(&self) -> Result<Classifier, String> {
        let rows = Rows::of(&self.training, Together::Author);
        let options =
            FitOptions { folds: self.training.len(), name: "standard".to_owned(), ..FitOptions::default() };
        self.train(&rows, &options)
    }
}

fn parts(tree: &Tree, folder: &str) -> Result<Vec<Part>, String> {
    let read = |file: &crate::tree::File| {
        let rows = file.text.lines().filter(|line| !line.is_empty());
        let rows: Result<Vec<Row>, _> = rows.map(serde_json::from_str).collect();
        Ok(Part {
            name: file.stem().to_owned(),
            rows: rows.map_err(|error| format!("{}: {error}", file.path))?,
        })
    };
    tree.under(folder).filter(|file| file.extension() == "jsonl").map(read).collect()
}

/// Trains, and writes the classifier's bytes and the page about its quality.
pub(crate) fn write(tree: &Tree) -> Result<(), String> {
    let data = Data::read(tree)?;
    let classifier = data.standard()?;
    let bytes = classifier.save();
    let page = measured::page(&tree.file(PAGE)?.text, &data, &classifier)?;
    std::fs::write(tree.path(BYTES), &bytes).map_err(|error| format!("{BYTES}: {error}"))?;
    std::fs::write(tree.path(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))?;
    let bits = Bits::of(&classifier).map_err(|error| error.to_string())?.to_text();
    std::fs::write(tree.path(BITS), bits).map_err(|error| format!("{BITS}: {error}"))?;
    println!("wrote {BYTES} ({} bytes, {}) and {PAGE}", bytes.len(), classifier.id());
    Ok(())
}

/// Whether the embedded classifier is that of the data, and the page speaks of it.
pub(crate) fn guard(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("the classifier is that of its data", 3);
    let data = Data::read(tree)?;
    let classifier = Classifier::standard().map_err(|error| error.to_string())?;
    let rows = Rows::of(&data.training, Together::Author);
    let rows = rows.labelled(Shown::Everything)?;
    let checksum = data.with_knowledge(|knowledge| Classifier::checksum_of(&rows, knowledge));
    guard.expect(checksum.as_ref() == Ok(&classifier.data_checksum()), || {
        "models/ was changed since the classifier was trained: run make model".to_owned()
    });
    guard.expect(classifier.metrics().rows == rows.len() as u64, || {
        "the classifier saw other rows".to_owned()
    });
    guard.expect(tree.file(PAGE)?.text.contains(classifier.id()), || {
        format!("{PAGE} speaks of another classifier: run make model")
    });
    Ok(guard)
}
