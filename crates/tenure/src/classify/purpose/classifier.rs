//! The classifier: from an interaction to its purpose.

use super::classification::{Axes, Classification};
use super::evidence::explain;
use super::fields::Fields;
use super::fit::{FitOptions, Labelled, Lessons};
use super::model::{Found, Model};
use super::options::ClassifyOptions;
use super::rows::Columns;
use super::{Interaction, bytes};
use crate::classify::Label;
use crate::classify::cells::{find, word};
use crate::classify::linear::{Explained, Judged, Metrics, Reasons, is_factor, likeliest};
use crate::classify::text::{Source, UNDETERMINED};
use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use crate::measure::InputKind;
use crate::table::Table;
use std::sync::{Arc, OnceLock};

/// Says what interactions are for: support, service or success.
///
/// ```
/// use tenure::classify::{Classifier, ClassifyOptions, Interaction, Label};
/// let classifier = Classifier::standard()?;
/// let interaction = Interaction {
///     text: Some("Usage dropped since your champion left. Can we go over your goals for the year?"),
///     author: Some("company"),
///     ..Interaction::default()
/// };
/// let found = classifier.classify(&interaction, &ClassifyOptions::default());
/// assert_eq!(found.label, Some(Label::Success));
/// assert_eq!(found.language.as_ref(), "en");
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classifier {
    model: Model,
    id: Arc<str>,
}

/// The bytes of the standard classifier, written by `cargo xtask model`.
static STANDARD: &[u8] = include_bytes!("../interaction.model");

impl Classifier {
    pub(crate) fn of(model: Model) -> Result<Self> {
        if !is_factor(model.words.step) || !is_factor(model.alone) {
            return Err(Error::corrupt("the classifier's weights are no numbers"));
        }
        let id = format!("{}-{:08x}", model.name, bytes::checksum(&model));
        Ok(Self { model, id: id.into() })
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// The classifier that comes with the library, for English, Indonesian, Swedish, Thai and Turkish. It is unpacked
    /// once a process.
    pub fn standard() -> Result<&'static Self> {
        static UNPACKED: OnceLock<Result<Classifier>> = OnceLock::new();
        UNPACKED.get_or_init(|| Self::load(STANDARD)).as_ref().map_err(Clone::clone)
    }

    /// Its name and a checksum of all that it knows: equal ids give equal answers.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A checksum of the rows and cues that it was trained with: whether a model is that of its data.
    pub fn data_checksum(&self) -> u32 {
        self.model.data
    }

    /// How good it is with groups of rows that it was not trained with, by cross-validation.
    pub fn metrics(&self) -> &Metrics {
        &self.model.metrics
    }

    /// The languages that it detects.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.model.languages.names().iter().map(AsRef::as_ref).filter(|name| *name != UNDETERMINED)
    }

    /// What an interaction is for.
    pub fn classify(&self, interaction: &Interaction<'_>, options: &ClassifyOptions) -> Classification {
        Reader::new(self, options).classify(interaction)
    }

    /// What the rows of an `interactions` table are for, in order. Columns that are not there say nothing, and the table
    /// may have any name; text that is not UTF-8 is read as far as it is.
    pub fn classify_table(
        &self,
        table: &Table<'_>,
        options: &ClassifyOptions,
    ) -> Result<Vec<Classification>> {
        options.check()?;
        let columns = Columns::of(table)?;
        let mut reader = Reader::new(self, options);
        let mut answers = Vec::with_capacity(table.rows());
        columns.each(|_, interaction| answers.push(reader.classify(interaction)));
        Ok(answers)
    }

    /// Trains a classifier on the rows of an `interactions` table that have a `label`, see [`fit`](Self::fit). Columns
    /// `language` and `group` are read if they are there.
    pub fn fit_table(table: &Table<'_>, options: &FitOptions) -> Result<Self> {
        let columns = Columns::of(table)?;
        let label = table.require("label")?;
        find(table, "label", InputKind::Text)?;
        let language = find(table, "language", InputKind::Text)?;
        let group = find(table, "group", InputKind::Text)?;
        let text_of = |column: Option<usize>, row: usize| -> Option<&str> {
            let (_, chunk, row) = table.locate(row)?;
            word(chunk.columns.get(column?)?, row).filter(|word| !word.trim().is_empty())
        };
        let mut lessons = Lessons::new(&Self::standard()?.model.lexicon);
        let mut unknown = None;
        columns.each(|row, interaction| {
            let Some(name) = text_of(Some(label), row) else { return };
            match Label::of(name) {
                Some(label) => lessons.add(&Labelled {
                    interaction: *interaction,
                    label,
                    language: text_of(language, row),
                    group: text_of(group, row),
                }),
                None => unknown = unknown.take().or(Some(unknown_label(table, name, row))),
            }
        });
        match unknown {
            Some(error) => Err(error),
            None => lessons.fit(&Self::standard()?.model, options),
        }
    }

    /// How good it is with these rows, none of which should be among those that it was trained with. Languages are those
    /// of the rows, `und` where they have none.
    pub fn evaluate(&self, rows: &[Labelled<'_>]) -> Metrics {
        let options = ClassifyOptions::default();
        let mut reader = Reader::new(self, &options);
        let judged: Vec<Judged<'_>> = rows
            .iter()
            .map(|row| {
                let found = reader.classify(&row.interaction);
                (row.language.unwrap_or(UNDETERMINED), row.label as usize, found.probabilities())
            })
            .collect();
        Metrics::of(&judged)
    }

    /// The classifier as bytes: equal classifiers give equal bytes on every platform.
    pub fn save(&self) -> Vec<u8> {
        bytes::write(&self.model)
    }

    /// Reads bytes that [`save`](Self::save) wrote, in any language. Damaged or foreign bytes are an error of kind
    /// `corrupt_state`; bytes of a newer version are one of kind `unsupported_version`.
    pub fn load(bytes: &[u8]) -> Result<Self> {
        Self::of(bytes::read(bytes)?)
    }
}

fn unknown_label(table: &Table<'_>, name: &str, row: usize) -> Error {
    let known = Label::ALL.map(Label::name);
    let message = format!("{} is no label{}", quoted(name), suggest(name, known));
    Error::new(ErrorKind::InvalidRow, message).in_table(table.name()).in_column("label").in_row(row as u64)
}

/// Reads one interaction after another, with what it needs kept from one to the next.
struct Reader<'c> {
    classifier: &'c Classifier,
    options: &'c ClassifyOptions,
    source: Source,
    found: Found,
    reasons: Reasons,
}

impl<'c> Reader<'c> {
    fn new(classifier: &'c Classifier, options: &'c ClassifyOptions) -> Self {
        Self {
            classifier,
            options,
            source: Source::default(),
            found: Found::default(),
            reasons: Reasons::default(),
        }
    }

    fn classify(&mut self, interaction: &Interaction<'_>) -> Classification {
        let model = &self.classifier.model;
        let fields = Fields::of(interaction);
        let options = self.options;
        let explains = options.evidence > 0;
        let text = interaction.text.unwrap_or_default();
        let folded = self.source.read(text, options.strip, options.max_characters, explains);
        let has_words = folded.has_words();
        let letters = if has_words { folded.letters() } else { &[] };
        model.read(letters, &mut self.found);
        let is_empty = !has_words && fields.is_empty();
        let probabilities =
            if is_empty { [1.0 / 3.0; 3] } else { model.probabilities(self.found.log_odds, fields) };
        let (best, confidence) = likeliest(probabilities);
        let label = Label::ALL.get(best).copied().filter(|_| !is_empty && confidence >= options.threshold);
        let [p_support, p_service, p_success] = probabilities;
        let axes = if is_empty {
            Axes::default()
        } else {
            model.axes.places(fields, probabilities, &self.found.concepts)
        };
        let evidence = if explains {
            let explained = Explained::new(text, letters, folded.origins());
            explain(&mut self.reasons, model, &explained, fields, options.evidence)
        } else {
            Vec::new()
        };
        Classification {
            label,
            abstained: label.is_none(),
            p_support,
            p_service,
            p_success,
            p_service_any: p_support + p_service,
            language: model.languages.detect(letters),
            axes,
            evidence,
            model: Arc::clone(&self.classifier.id),
            ignored: fields.ignored,
        }
    }
}
