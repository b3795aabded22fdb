//! The reader: from a comment to what the customer said.

use super::answer::{Feedback, NOTHING};
use super::fit::LabelledComment;
use super::measured::{FeedbackMetrics, JudgedThemes};
use super::mentions::mentions_of;
use super::model::{Found, Model, probabilities};
use super::options::FeedbackOptions;
use super::own::OwnThemes;
use super::rows::Columns;
use super::score::Score;
use super::{Comment, bytes};
use crate::classify::Sentiment;
use crate::classify::linear::{Evidence, Explained, Judged, Reasons, is_factor, likeliest, strongest, votes};
use crate::classify::text::{Source, UNDETERMINED};
use crate::error::{Error, Result};
use crate::table::Table;
use std::sync::{Arc, OnceLock};

/// Says how content customers are, and with what.
///
/// ```
/// use tenure::classify::{FeedbackOptions, FeedbackReader, Sentiment};
/// let reader = FeedbackReader::standard()?;
/// let found = reader.read(&"Way too expensive for what it does".into(), &FeedbackOptions::default())?;
/// assert_eq!(found.sentiment, Some(Sentiment::Negative));
/// assert_eq!(found.themes.iter().map(|theme| theme.as_ref()).collect::<Vec<_>>(), ["price"]);
/// # Ok::<(), tenure::Error>(())
/// ```
///
/// **How.** A text is stripped and folded as an interaction's is. Its pieces (three to five letters, words, pairs of words)
/// and the cues of a lexicon have weights for each sentiment, learned by regularised logistic regression; a cue counts
/// differently when it is negated, and before or after a contrast such as "but". What a score adds is stated, not learned:
/// alone it decides, beside a text it settles what the words leave open. A theme is named when its cues and pieces
/// together weigh enough.
#[derive(Clone, Debug)]
pub struct FeedbackReader {
    model: Model,
    id: Arc<str>,
}

/// The bytes of the standard reader, written by `cargo xtask model`.
static STANDARD: &[u8] = include_bytes!("../feedback.model");

impl FeedbackReader {
    pub(crate) fn of(model: Model) -> Result<Self> {
        let constants = model.constant.into_iter().all(|constant| is_factor(constant.abs()));
        // A theme that no sum names has no finite threshold.
        let thresholds = model.themes.thresholds.iter().all(|threshold| !threshold.is_nan());
        if !(is_factor(model.words.step) && constants && thresholds) {
            return Err(Error::corrupt("the weights of the reader of comments are no numbers"));
        }
        let id = format!("{}-{:08x}", model.name, bytes::checksum(&model));
        Ok(Self { model, id: id.into() })
    }

    /// The reader that comes with the library, for English, Indonesian, Swedish, Thai and Turkish. It is unpacked once a
    /// process.
    pub fn standard() -> Result<&'static Self> {
        static UNPACKED: OnceLock<Result<FeedbackReader>> = OnceLock::new();
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

    /// The built-in themes, in the order in which they are told.
    pub fn themes(&self) -> impl Iterator<Item = &str> {
        self.model.themes.names.iter().map(AsRef::as_ref)
    }

    /// The languages that it detects.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.model.languages.names().iter().map(AsRef::as_ref).filter(|name| *name != UNDETERMINED)
    }

    /// What a customer said. Themes of one's own are made ready at every call: with many comments, read a table. Options that
    /// cannot be are an error of kind `invalid_request`.
    pub fn read(&self, comment: &Comment<'_>, options: &FeedbackOptions) -> Result<Feedback> {
        Ok(Reading::new(self, options)?.read(comment))
    }

    /// What the customers said in the rows of a table such as `surveys`, in order: the text is its column `comment`, or else
    /// `text`, beside it `score`, `scale_min`, `scale_max` and `kind`. Columns that are not there say nothing, but one
    /// to read there must be (`missing_column`); text that is not UTF-8 is read as far as it is.
    pub fn read_table(&self, table: &Table<'_>, options: &FeedbackOptions) -> Result<Vec<Feedback>> {
        let columns = Columns::of(table)?;
        let mut reading = Reading::new(self, options)?;
        let mut answers = Vec::with_capacity(table.rows());
        columns.each(|comment| answers.push(reading.read(comment)));
        Ok(answers)
    }

    /// How good it is with these comments, none of which should be among those that it was trained with.
    pub fn evaluate(&self, rows: &[LabelledComment<'_>]) -> Result<FeedbackMetrics> {
        let options = FeedbackOptions::default();
        let mut reading = Reading::new(self, &options)?;
        let mut judged: Vec<Judged<'_>> = Vec::new();
        let mut themes: Vec<JudgedThemes<'_>> = Vec::new();
        for row in rows {
            let found = reading.read(&row.comment);
            let language = row.language.unwrap_or(UNDETERMINED);
            judged.push((language, row.sentiment as usize, found.probabilities()));
            themes.push((language, row.themes, found.themes));
        }
        Ok(FeedbackMetrics::of(&judged, &themes, &self.model.themes.names))
    }

    /// The reader as bytes: equal readers give equal bytes on every platform.
    pub fn save(&self) -> Vec<u8> {
        bytes::write(&self.model)
    }

    /// Reads bytes that [`save`](Self::save) wrote, in any language. Damaged or foreign bytes are an error of kind
    /// `corrupt_state`; bytes of a newer version are one of kind `unsupported_version`.
    pub fn load(bytes: &[u8]) -> Result<Self> {
        Self::of(bytes::read(bytes)?)
    }
}

/// Reads one comment after another, with what it needs kept from one to the next.
struct Reading<'r> {
    reader: &'r FeedbackReader,
    options: &'r FeedbackOptions,
    own: OwnThemes,
    /// Which built-in themes are not replaced or left out, as bits.
    built_in: u32,
    source: Source,
    found: Found,
    /// The places of one's own themes in a text.
    own_found: Vec<u16>,
    reasons: Reasons,
}

impl<'r> Reading<'r> {
    fn new(reader: &'r FeedbackReader, options: &'r FeedbackOptions) -> Result<Self> {
        let own = options.own_themes()?;
        let names = reader.model.themes.names.iter().enumerate();
        let kept = names.filter(|(_, name)| options.built_in_themes && !own.names.contains(name));
        Ok(Self {
            reader,
            options,
            built_in: kept.map(|(place, _)| 1 << place).sum(),
            own,
            source: Source::default(),
            found: Found::default(),
            own_found: Vec::new(),
            reasons: Reasons::default(),
        })
    }

    fn read(&mut self, comment: &Comment<'_>) -> Feedback {
        let (model, options) = (&self.reader.model, self.options);
        let text = comment.text.unwrap_or_default();
        let explains = options.evidence > 0;
        let folded = self.source.read(text, options.strip, options.max_characters, explains);
        let letters = if folded.says_something() { folded.letters() } else { &[] };
        model.read(letters, &mut self.found);
        let score = Score::of(comment);
        let of_score = score.log_odds(self.found.log_odds.is_some());
        let probabilities = match (self.found.log_odds, of_score) {
            (None, None) => [NOTHING; 3],
            (of_text, of_score) => probabilities(of_text, of_score),
        };
        let is_empty = self.found.log_odds.is_none() && of_score.is_none();
        let (best, confidence) = likeliest(probabilities);
        let sentiment =
            Sentiment::ALL.get(best).copied().filter(|_| !is_empty && confidence >= options.threshold);
        let [p_negative, p_neutral, p_positive] = probabilities;

        let built_in = self.found.themes & self.built_in;
        let names = model.themes.names.iter().enumerate();
        let mut themes: Vec<Arc<str>> =
            names.filter(|(place, _)| built_in >> place & 1 == 1).map(|(_, name)| Arc::clone(name)).collect();
        self.own.lexicon.concepts_in(letters, &mut self.own_found);
        let own = self.own_found.iter().filter_map(|place| self.own.names.get(usize::from(*place)));
        themes.extend(own.cloned());

        let (mut evidence, mut mentions) = (Vec::new(), Vec::new());
        if explains {
            let of_score = of_score.and_then(|odds| {
                let [negative, neutral, positive] = odds;
                let votes = votes([negative - positive, neutral - positive]);
                Evidence::of_field("score", comment.score?.to_string(), votes, Sentiment::ALL)
            });
            evidence.extend(of_score);
            let told = &self.found.read.told;
            let explained = Explained::new(text, letters, folded.origins());
            self.reasons.vote(&model.words, letters, |count| {
                let mut seen = Vec::new();
                for cue in told {
                    // A feature counts once, where it is told first.
                    if !seen.contains(&cue.concept) {
                        seen.push(cue.concept);
                        count(*cue);
                    }
                }
            });
            self.reasons.evidence(&explained, Sentiment::ALL, &mut evidence);
            strongest(&mut evidence, options.evidence);
            mentions = mentions_of(&explained, told, &mut self.reasons, &model.themes, built_in, &self.own);
        }
        Feedback {
            sentiment,
            p_negative,
            p_neutral,
            p_positive,
            polarity: p_positive - p_negative,
            has_text: self.found.log_odds.is_some(),
            themes,
            evidence,
            mentions,
            language: model.languages.detect(letters),
            model: Arc::clone(&self.reader.id),
            score_ignored: score == Score::Unusable,
        }
    }
}
