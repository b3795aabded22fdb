//! Training: labelled comments in, a reader out.

use super::context::{Cues, Read};
use super::model::Model;
use super::train::{Lessons, Rows};
use super::{Comment, FeedbackReader};
use crate::classify::Sentiment;
use crate::classify::linear::{Folds, TextReader};
use crate::classify::text::{Folded, Learner, Lexicon};
use crate::error::{Error, Result};

/// A comment whose sentiment and themes are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelledComment<'a> {
    /// The comment. Only its text is learned from.
    pub comment: Comment<'a>,
    /// How content the customer is.
    pub sentiment: Sentiment,
    /// What the comment speaks about.
    pub themes: &'a [&'a str],
    /// The language of the text, such as `"sv"`, if known.
    pub language: Option<&'a str>,
    /// What belongs together, such as the rows of one author: how far to believe what was learned is found with groups that
    /// it was not learned from.
    pub group: Option<&'a str>,
}

/// What a reader is trained with beside labelled comments.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FeedbackKnowledge<'a> {
    /// Stems and phrases of any language, each with the concept that it stands for: `("positive", "satisfied")`. Some
    /// concepts play a role by their name, as `negation` and `contrast` do.
    pub cues: &'a [(&'a str, &'a str)],
    /// Further texts by language, `und` for those that are not to be named: they teach to tell languages apart.
    pub languages: &'a [(&'a str, &'a str)],
}

impl FeedbackReader {
    /// Trains a reader from nothing, as the standard one is made. Rows of all three sentiments and of at least two groups are
    /// needed.
    pub fn train(
        rows: &[LabelledComment<'_>],
        knowledge: &FeedbackKnowledge<'_>,
        name: &str,
    ) -> Result<Self> {
        for sentiment in Sentiment::ALL {
            if !rows.iter().any(|row| row.sentiment == sentiment) {
                let name = sentiment.name();
                return Err(Error::invalid(format!(
                    "training needs comments of every sentiment; none is {name}"
                )));
            }
        }
        let learned = Learned::of(rows, knowledge)?;
        let groups: Vec<Option<String>> = rows.iter().map(|row| row.group.map(str::to_owned)).collect();
        let mut names: Vec<String> =
            rows.iter().flat_map(|row| row.themes).map(|name| (*name).to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        let lessons = Lessons {
            rows: &learned.rows,
            comments: rows.len(),
            folds: &Folds::of(&groups, MOST_PARTS)?,
            features: learned.cues.features(),
            stated: &learned.cues.stated(),
        };
        let sentiments = lessons.sentiments();
        let themes = lessons.themes(&names);
        Self::of(Model {
            name: name.to_owned(),
            data: learned.checksum,
            cues: learned.cues,
            languages: learned.languages.finish(),
            words: sentiments.words,
            constant: sentiments.constant,
            themes,
        })
    }

    /// The checksum that a reader has when it is [trained](Self::train) with these rows and this knowledge.
    pub fn checksum_of(rows: &[LabelledComment<'_>], knowledge: &FeedbackKnowledge<'_>) -> Result<u32> {
        Ok(Learned::of(rows, knowledge)?.checksum)
    }
}

/// Into how many parts groups are divided, to find how far to believe what was learned from the others.
const MOST_PARTS: usize = 10;

/// Labelled comments, read.
struct Learned {
    cues: Cues,
    rows: Rows,
    languages: Learner,
    checksum: u32,
}

impl Learned {
    fn of(rows: &[LabelledComment<'_>], knowledge: &FeedbackKnowledge<'_>) -> Result<Self> {
        let cues = Cues::of(Lexicon::of(knowledge.cues)?);
        let mut checksum = crc32fast::Hasher::new();
        for (cue, concept) in &cues.lexicon.cues {
            checksum.update(cue);
            checksum.update(&concept.to_le_bytes());
        }
        let (mut learned, mut languages) = (Rows::default(), Learner::default());
        let (mut reader, mut read) = (TextReader::default(), Read::default());
        let mut note = |parts: &[&str]| {
            for part in parts {
                checksum.update(part.as_bytes());
                checksum.update(&[0]);
            }
        };
        for row in rows {
            let text = row.comment.text.unwrap_or_default();
            let (numbers, letters) = reader.read(text, Folded::says_something, |letters, features| {
                cues.read(letters, &mut read);
                features.clone_from(&read.features);
            });
            if let Some(language) = row.language {
                languages.add(language, letters);
            }
            let themes = row.themes.iter().map(|theme| (*theme).to_owned()).collect();
            learned.push(numbers, Some(row.sentiment as usize), themes);
            note(&[
                text,
                row.sentiment.name(),
                row.language.unwrap_or_default(),
                row.group.unwrap_or_default(),
            ]);
            note(row.themes);
        }
        let names: Vec<&str> = rows.iter().flat_map(|row| row.themes).copied().collect();
        for (concept, cue) in knowledge.cues {
            let theme = names.contains(concept).then(|| (*concept).to_owned());
            let sentiment = Cues::sentiment(concept);
            if theme.is_some() || sentiment.is_some() {
                let (numbers, _) = reader.read(cue, Folded::says_something, |letters, features| {
                    cues.read(letters, &mut read);
                    features.clone_from(&read.features);
                });
                learned.push(numbers, sentiment, theme.into_iter().collect());
            }
        }
        for (language, text) in knowledge.languages {
            let (_, letters) = reader.read(text, Folded::has_words, |_, _| ());
            languages.add(language, letters);
            note(&[language, text]);
        }
        Ok(Self { cues, rows: learned, languages, checksum: checksum.finalize() })
    }
}
