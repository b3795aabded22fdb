//! Training: labelled rows in, a classifier with its cross-validated quality out.

use super::Interaction;
use super::axes::AxisModel;
use super::classifier::Classifier;
use super::fields::Fields;
use super::model::Model;
use super::train::{Context, Rows};
use crate::classify::Label;
use crate::classify::linear::{Counts, Folds, Judged, Metrics, Text, TextReader, WordLessons, Words};
use crate::classify::options::parsed;
use crate::classify::text::{Folded, Languages, Learner, Lexicon, UNDETERMINED};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// What an error on a text costs, against keeping the weights of words small.
const COST_OF_A_TEXT: f64 = 30.0;
/// What a cue counts, next to a piece that is in every text: as much as a rare piece.
const CUE: Counts = Counts::Damped(150.0);
/// The most pieces that are kept.
const MOST_PIECES: usize = 160_000;

/// An interaction whose purpose is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled<'a> {
    /// The interaction.
    pub interaction: Interaction<'a>,
    /// Its dominant purpose.
    pub label: Label,
    /// The language of the text, such as `"sv"`, if known. Rows of a language teach the classifier to detect it.
    pub language: Option<&'a str>,
    /// What belongs together: rows of a group (one author, one account) are either learned from or tested on, never
    /// both, so that the metrics do not praise what was learned by heart. Rows without are on their own.
    pub group: Option<&'a str>,
}

/// How to train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FitOptions {
    /// Begin with the standard classifier and adapt it, which needs few rows of one's own; otherwise learn from the rows
    /// alone. By default adapt.
    pub adapt: bool,
    /// Into how many parts to divide the rows for the cross-validated metrics, 2 to 20. By default 5.
    pub folds: usize,
    /// How strongly weights are held back, above 0. More for few or noisy rows. By default 1.
    pub regularisation: f64,
    /// A name for the classifier, with which its id begins. By default `own`.
    pub name: String,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { adapt: true, folds: 5, regularisation: 1.0, name: "own".to_owned() }
    }
}

impl FitOptions {
    /// Reads the options from a JSON object; a field left out has its default.
    pub fn from_json(json: &str) -> Result<Self> {
        let options: Self = parsed(json)?;
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> Result<()> {
        if !(2..=20).contains(&self.folds) {
            return Err(Error::invalid(format!("folds is a number from 2 to 20, not {}", self.folds)));
        }
        if !(self.regularisation > 0.0 && self.regularisation.is_finite()) {
            return Err(Error::invalid(format!("regularisation is above 0, not {}", self.regularisation)));
        }
        Ok(())
    }
}

/// What a classifier is trained with beside labelled rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Knowledge<'a> {
    /// Stems and phrases of any language, each with the concept that it stands for: `("refund", "money back")`. What is
    /// learned of a concept in one language serves in all.
    pub cues: &'a [(&'a str, &'a str)],
    /// Texts in languages that are not to be named: they teach what is undetermined.
    pub foreign: &'a [&'a str],
}

impl Classifier {
    /// Trains a classifier on one's own rows, and measures it by cross-validation.
    ///
    /// Rows of all three labels are needed, unless the standard classifier is adapted; a few hundred make a good one.
    pub fn fit(rows: &[Labelled<'_>], options: &FitOptions) -> Result<Self> {
        let standard = Self::standard()?.model();
        let mut lessons = Lessons::new(&standard.lexicon);
        for row in rows {
            lessons.add(row);
        }
        lessons.fit(standard, options)
    }

    /// Trains a classifier from nothing, as the standard one is made: `adapt` is not looked at.
    pub fn train(rows: &[Labelled<'_>], knowledge: &Knowledge<'_>, options: &FitOptions) -> Result<Self> {
        let lexicon = Lexicon::of(knowledge.cues)?;
        let lessons = Lessons::of(&lexicon, rows, knowledge);
        let languages = lessons.languages.finish();
        lessons.learn(None, languages, options)
    }

    /// The checksum that a classifier has when it is [trained](Self::train) with these rows and this knowledge.
    pub fn checksum_of(rows: &[Labelled<'_>], knowledge: &Knowledge<'_>) -> Result<u32> {
        let lexicon = Lexicon::of(knowledge.cues)?;
        Ok(Lessons::of(&lexicon, rows, knowledge).checksum.finalize())
    }
}

/// Labelled rows, read.
pub(crate) struct Lessons<'l> {
    lexicon: &'l Lexicon,
    reader: TextReader,
    rows: Rows,
    languages: Learner,
    /// The language of each row, for the metrics.
    language: Vec<String>,
    groups: Vec<Option<String>>,
    checksum: crc32fast::Hasher,
}

impl<'l> Lessons<'l> {
    pub(crate) fn new(lexicon: &'l Lexicon) -> Self {
        let mut checksum = crc32fast::Hasher::new();
        for (cue, concept) in &lexicon.cues {
            checksum.update(cue);
            checksum.update(&concept.to_le_bytes());
        }
        Self {
            lexicon,
            reader: TextReader::default(),
            rows: Rows::default(),
            languages: Learner::default(),
            language: Vec::new(),
            groups: Vec::new(),
            checksum,
        }
    }

    fn of(lexicon: &'l Lexicon, rows: &[Labelled<'_>], knowledge: &Knowledge<'_>) -> Self {
        let mut lessons = Self::new(lexicon);
        for row in rows {
            lessons.add(row);
        }
        knowledge.foreign.iter().for_each(|text| lessons.add_foreign(text));
        lessons
    }

    /// Reads a row.
    pub(crate) fn add(&mut self, row: &Labelled<'_>) {
        let text = row.interaction.text.unwrap_or_default();
        let fields = Fields::of(&row.interaction);
        let (numbers, letters) = read(&mut self.reader, text, self.lexicon);
        if let Some(language) = row.language {
            self.languages.add(language, letters);
        }
        self.rows.texts.push(numbers);
        self.rows.fields.push(fields);
        self.rows.labels.push(row.label as usize);
        self.language.push(row.language.unwrap_or(UNDETERMINED).to_owned());
        self.groups.push(row.group.map(str::to_owned));
        for part in [text, row.label.name(), row.language.unwrap_or_default(), row.group.unwrap_or_default()]
        {
            self.checksum.update(part.as_bytes());
            self.checksum.update(&[0]);
        }
        self.checksum.update(&fields.bits().to_le_bytes());
    }

    fn add_foreign(&mut self, text: &str) {
        let (_, letters) = read(&mut self.reader, text, self.lexicon);
        self.languages.add(UNDETERMINED, letters);
        self.checksum.update(text.as_bytes());
    }

    /// Trains beside or from the standard classifier.
    pub(crate) fn fit(self, standard: &Model, options: &FitOptions) -> Result<Classifier> {
        let languages = standard.languages.with(&self.languages.finish());
        self.learn(options.adapt.then_some(standard), languages, options)
    }

    fn learn(self, base: Option<&Model>, languages: Languages, options: &FitOptions) -> Result<Classifier> {
        options.check()?;
        self.check_labels(base.is_some())?;
        let rows = &self.rows;
        let said: Vec<[f64; 3]> = match base {
            Some(base) => rows.texts.iter().map(|text| base.words.sums(text)).collect(),
            None => vec![[0.0; 3]; rows.labels.len()],
        };
        let concepts = self.lexicon.concepts.len();
        let costs = vec![COST_OF_A_TEXT / options.regularisation; rows.labels.len()];
        let lessons = WordLessons {
            texts: &rows.texts,
            labels: &rows.labels,
            concepts,
            cue: CUE,
            stated: &[],
            costs: &costs,
            known: &said,
        };
        let words = |which: &[usize]| Words::learn(lessons, which);
        let folds = Folds::of(&self.groups, options.folds)?;

        // What words say of texts that they were not learned from, and then what all say together.
        let mut sums = said.clone();
        for (inside, outside) in folds.each() {
            let words = words(&outside);
            for row in inside {
                if let (Some(sums), Some(text)) = (sums.get_mut(row), rows.texts.get(row)) {
                    add(sums, words.sums(text));
                }
            }
        }
        let context = |which: &[usize]| Context::learn(rows, which, &sums, base, options.regularisation);
        let mut probabilities = vec![[0.0; 3]; rows.labels.len()];
        for (inside, outside) in folds.each() {
            let context = context(&outside);
            for row in inside {
                if let Some(probabilities) = probabilities.get_mut(row) {
                    *probabilities = context.probabilities(rows, row, &sums);
                }
            }
        }
        let answers = self.language.iter().zip(&rows.labels).zip(&probabilities);
        let judged: Vec<Judged<'_>> =
            answers.map(|((language, label), answer)| (language.as_str(), *label, *answer)).collect();

        let all: Vec<usize> = (0..rows.labels.len()).collect();
        let (words, context) = (words(&all), context(&all));
        Classifier::of(Model {
            name: options.name.clone(),
            data: self.checksum.clone().finalize(),
            lexicon: self.lexicon.clone(),
            languages,
            axes: base.map_or_else(|| self.axes(), |base| base.axes.clone()),
            words: words.quantise(context.belief, concepts, MOST_PIECES, base.map(|base| &base.words)),
            fields: context.quantise(),
            alone: context.alone,
            metrics: Metrics::of(&judged),
        })
    }

    fn axes(&self) -> AxisModel {
        let rows = self.rows.labels.iter().zip(&self.rows.texts).zip(&self.rows.fields);
        let rows = rows.map(|((label, text), fields)| (*label, text.concepts.as_slice(), *fields));
        AxisModel::learn(self.lexicon.concepts.len(), rows)
    }

    fn check_labels(&self, adapts: bool) -> Result<()> {
        let is_there = |label: Label| self.rows.labels.contains(&(label as usize));
        let missing: Vec<&str> =
            Label::ALL.into_iter().filter(|label| !is_there(*label)).map(Label::name).collect();
        if missing.is_empty() || (adapts && missing.len() < 3) {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "training needs rows of every label; of {} rows none is {}",
            self.rows.labels.len(),
            missing.join(" or ")
        )))
    }
}

/// A text as numbers, and its letters.
fn read<'r>(reader: &'r mut TextReader, text: &str, lexicon: &Lexicon) -> (Text, &'r [u8]) {
    reader.read(text, Folded::has_words, |letters, concepts| lexicon.concepts_in(letters, concepts))
}

fn add(sums: &mut [f64; 3], more: [f64; 3]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}
