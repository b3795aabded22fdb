//! The reader of comments.

use super::{PAGE, Part, cues, interactions, parts};
use crate::guard::Guard;
use crate::tree::Tree;
use serde::Deserialize;
use tenure::classify::{FeedbackKnowledge, FeedbackReader, LabelledComment, Sentiment};

pub(crate) const BYTES: &str = "crates/tenure/src/classify/feedback.model";
const TRAINING: &str = "models/feedback/train";
const EVALUATION: &str = "models/feedback/evaluation";
const SENTIMENT: &str = "models/sentiment.toml";
const THEMES: &str = "models/themes.toml";
/// Before the concepts of interactions, some of which have the name of one of comments.
const OF_INTERACTIONS: &str = "interaction_";

/// A row of a file of labelled comments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    text: String,
    pub(crate) sentiment: String,
    themes: Vec<String>,
    pub(crate) hard: bool,
}

/// Rows with what they borrow.
pub(crate) struct Rows<'r> {
    rows: Vec<(&'r Part<Row>, &'r Row, Vec<&'r str>)>,
}

impl<'r> Rows<'r> {
    pub(crate) fn of(parts: impl IntoIterator<Item = &'r Part<Row>>) -> Self {
        let rows = parts.into_iter().flat_map(|part| part.rows.iter().map(move |row| (part, row)));
        Self {
            rows: rows
                .map(|(part, row)| (part, row, row.themes.iter().map(String::as_str).collect()))
                .collect(),
        }
    }

    /// Those rows only.
    pub(crate) fn only(mut self, keeps: impl Fn(&Row) -> bool) -> Self {
        self.rows.retain(|(_, row, _)| keeps(row));
        self
    }

    pub(crate) fn labelled(&self) -> Result<Vec<LabelledComment<'_>>, String> {
        let rows = self.rows.iter();
        rows.map(|(part, row, themes)| {
            let sentiment = Sentiment::of(&row.sentiment)
                .ok_or_else(|| format!("{}: no sentiment {}", part.name, row.sentiment))?;
            Ok(LabelledComment {
                comment: row.text.as_str().into(),
                sentiment,
                themes,
                language: Some(part.language()),
                group: Some(&part.name),
            })
        })
        .collect()
    }
}

/// Everything in `models/` that the reader of comments is made of.
pub(crate) struct Data {
    pub(crate) training: Vec<Part<Row>>,
    pub(crate) evaluation: Vec<Part<Row>>,
    cues: Vec<(String, String)>,
    /// Texts by language: interactions, and sentences in other languages.
    languages: Vec<(String, String)>,
}

impl Data {
    pub(crate) fn read(tree: &Tree, interactions: &interactions::Data) -> Result<Self, String> {
        let mut all = cues(tree, SENTIMENT)?;
        all.extend(cues(tree, THEMES)?);
        let others = interactions.cues.iter();
        all.extend(others.map(|(concept, cue)| (format!("{OF_INTERACTIONS}{concept}"), cue.clone())));
        let texts = interactions
            .training
            .iter()
            .flat_map(|part| part.rows.iter().map(|row| (part.language().to_owned(), row.text.clone())));
        let foreign = interactions.foreign.iter().map(|text| ("und".to_owned(), text.clone()));
        Ok(Self {
            training: parts(tree, TRAINING)?,
            evaluation: parts(tree, EVALUATION)?,
            cues: all,
            languages: texts.chain(foreign).collect(),
        })
    }

    /// Calls a function with what is known beside rows.
    fn with_knowledge<T>(&self, use_it: impl FnOnce(&FeedbackKnowledge<'_>) -> T) -> T {
        let (cues, languages) = (borrowed(&self.cues), borrowed(&self.languages));
        use_it(&FeedbackKnowledge { cues: &cues, languages: &languages })
    }

    pub(crate) fn train(&self, rows: &Rows<'_>, name: &str) -> Result<FeedbackReader, String> {
        let rows = rows.labelled()?;
        let trained = self.with_knowledge(|knowledge| FeedbackReader::train(&rows, knowledge, name));
        trained.map_err(|error| error.to_string())
    }

    /// The reader that is embedded.
    pub(crate) fn standard(&self) -> Result<FeedbackReader, String> {
        self.train(&Rows::of(&self.training), "feedback")
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(first, second)| (first.as_str(), second.as_str())).collect()
}

/// Whether the embedded reader is that of the data, and the page speaks of it.
pub(super) fn guard(tree: &Tree, data: &Data, guard: &mut Guard) -> Result<(), String> {
    let reader = FeedbackReader::standard().map_err(|error| error.to_string())?;
    let rows = Rows::of(&data.training);
    let rows = rows.labelled()?;
    let checksum = data.with_knowledge(|knowledge| FeedbackReader::checksum_of(&rows, knowledge));
    guard.expect(checksum.as_ref() == Ok(&reader.data_checksum()), || {
        "models/ was changed since the reader of comments was trained: run make model".to_owned()
    });
    guard.expect(tree.file(PAGE)?.text.contains(reader.id()), || {
        format!("{PAGE} speaks of another reader of comments: run make model")
    });
    Ok(())
}
