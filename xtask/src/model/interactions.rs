//! The classifier of interactions.

use super::{PAGE, Part, cues, foreign, parts};
use crate::guard::Guard;
use crate::tree::Tree;
use serde::Deserialize;
use tenure::classify::{Classifier, FitOptions, Interaction, Knowledge, Label, Labelled};

pub(crate) const BYTES: &str = "crates/tenure/src/classify/interaction.model";
const TRAINING: &str = "models/interactions/train";
const EVALUATION: &str = "models/interactions/evaluation";
pub(crate) const LEXICON: &str = "models/lexicon.toml";

/// A row of a file of labelled interactions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) text: String,
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
    rows: Vec<(&'r Part<Row>, &'r Row, Vec<&'r str>, String)>,
}

impl<'r> Rows<'r> {
    pub(crate) fn of(parts: impl IntoIterator<Item = &'r Part<Row>>, together: Together) -> Self {
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
    pub(crate) training: Vec<Part<Row>>,
    pub(crate) evaluation: Vec<Part<Row>>,
    pub(super) cues: Vec<(String, String)>,
    pub(super) foreign: Vec<String>,
}

impl Data {
    pub(crate) fn read(tree: &Tree) -> Result<Self, String> {
        Ok(Self {
            training: parts(tree, TRAINING)?,
            evaluation: parts(tree, EVALUATION)?,
            cues: cues(tree, LEXICON)?,
            foreign: foreign(tree)?,
        })
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

/// Whether the embedded classifier is that of the data, and the page speaks of it.
pub(super) fn guard(tree: &Tree, data: &Data, guard: &mut Guard) -> Result<(), String> {
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
    Ok(())
}
