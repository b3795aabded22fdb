//! Training: labelled rows in, a classifier with its cross-validated quality out.

use super::axes::AxisModel;
use super::classifier::Classifier;
use super::corpus::TextReader;
use super::fields::Fields;
use super::language::{Languages, Learner, UNDETERMINED};
use super::lexicon::Lexicon;
use super::metrics::{Judged, Metrics};
use super::model::Model;
use super::train::{Context, Rows, Words, quantise};
use super::{Interaction, Label};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

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
        let options: Self =
            serde_json::from_str(json).map_err(|error| Error::invalid(format!("the options: {error}")))?;
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
pub(super) struct Lessons<'l> {
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
    pub(super) fn new(lexicon: &'l Lexicon) -> Self {
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
    pub(super) fn add(&mut self, row: &Labelled<'_>) {
        let text = row.interaction.text.unwrap_or_default();
        let fields = Fields::of(&row.interaction);
        let (numbers, letters) = self.reader.read(text, self.lexicon);
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
        let (_, letters) = self.reader.read(text, self.lexicon);
        self.languages.add(UNDETERMINED, letters);
        self.checksum.update(text.as_bytes());
    }

    /// Trains beside or from the standard classifier.
    pub(super) fn fit(self, standard: &Model, options: &FitOptions) -> Result<Classifier> {
        let languages = standard.languages.with(&self.languages.finish());
        self.learn(options.adapt.then_some(standard), languages, options)
    }

    fn learn(self, base: Option<&Model>, languages: Languages, options: &FitOptions) -> Result<Classifier> {
        options.check()?;
        self.check_labels(base.is_some())?;
        let rows = &self.rows;
        let said: Vec<[f64; 3]> = match base {
            Some(base) => rows.texts.iter().map(|text| base.text_sums(text)).collect(),
            None => vec![[0.0; 3]; rows.labels.len()],
        };
        let words = |which: &[usize]| {
            Words::learn(rows, which, self.lexicon, base.map(|_| said.as_slice()), options.regularisation)
        };
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
        let quantised = quantise(&words(&all), &context(&all), self.lexicon.concepts.len(), base);
        Classifier::of(Model {
            name: options.name.clone(),
            data: self.checksum.clone().finalize(),
            lexicon: self.lexicon.clone(),
            languages,
            axes: base.map_or_else(|| self.axes(), |base| base.axes.clone()),
            concepts: quantised.concepts,
            table: quantised.table,
            step: quantised.step,
            fields: quantised.fields,
            alone: quantised.alone,
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

fn add(sums: &mut [f64; 3], more: [f64; 3]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// The part that each row belongs to.
struct Folds {
    parts: Vec<usize>,
    count: usize,
}

impl Folds {
    /// Groups stay together; the largest are dealt out first, each to the part that has the fewest rows.
    fn of(groups: &[Option<String>], most: usize) -> Result<Self> {
        let mut together: BTreeMap<(Option<&str>, usize), Vec<usize>> = BTreeMap::new();
        for (row, group) in groups.iter().enumerate() {
            let alone = if group.is_some() { 0 } else { row };
            together.entry((group.as_deref(), alone)).or_default().push(row);
        }
        let mut together: Vec<Vec<usize>> = together.into_values().collect();
        if together.len() < 2 {
            let message = "training needs rows of at least two groups: one to learn from, one to test on";
            return Err(Error::invalid(message));
        }
        together.sort_by_key(|rows| (Reverse(rows.len()), rows.first().copied()));
        let count = most.min(together.len());
        let (mut sizes, mut parts) = (vec![0; count], vec![0; groups.len()]);
        for rows in together {
            let Some((smallest, size)) = sizes.iter_mut().enumerate().min_by_key(|(_, size)| **size) else {
                break;
            };
            *size += rows.len();
            for row in rows {
                parts.iter_mut().skip(row).take(1).for_each(|part| *part = smallest);
            }
        }
        Ok(Self { parts, count })
    }

    /// For every part its rows and all others.
    fn each(&self) -> impl Iterator<Item = (Vec<usize>, Vec<usize>)> {
        (0..self.count).map(|part| (0..self.parts.len()).partition(|row| self.parts.get(*row) == Some(&part)))
    }
}
