//! How to read comments: when to abstain, how much to explain, what to leave out, one's own themes.

use super::own::OwnThemes;
use crate::classify::options::{check_threshold, parsed};
use crate::classify::text::Strip;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How to read comments.
///
/// ```
/// use tenure::classify::FeedbackOptions;
/// let options = FeedbackOptions::from_json(r#"{"themes": {"delivery": ["deliver", "courier", "leverans"]}, "evidence": 3}"#)?;
/// assert!(options.built_in_themes);
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedbackOptions {
    /// Give no sentiment when the likeliest is less likely than this, 0 to 1. By default 0: neutral is there for doubt.
    pub threshold: f64,
    /// How many pieces of evidence to give, and whether to tell the words that name themes; none by default, because
    /// finding them takes time.
    pub evidence: usize,
    /// What to leave out of texts: by default everything that the author did not write now.
    pub strip: Strip,
    /// How many characters of a text to look at, after stripping. By default 20,000.
    pub max_characters: usize,
    /// Themes of one's own: for each its stems and phrases, in any language. A stem is found at the beginning of a word, in
    /// Thai anywhere; one that ends in a space is a whole word. A theme of a built-in's name takes its place.
    pub themes: BTreeMap<String, Vec<String>>,
    /// Whether to look for the built-in themes too. By default yes.
    pub built_in_themes: bool,
}

impl Default for FeedbackOptions {
    fn default() -> Self {
        Self {
            threshold: 0.0,
            evidence: 0,
            strip: Strip::ALL,
            max_characters: 20_000,
            themes: BTreeMap::new(),
            built_in_themes: true,
        }
    }
}

impl FeedbackOptions {
    /// Reads the options from a JSON object; a field left out has its default.
    pub fn from_json(json: &str) -> Result<Self> {
        let options: Self = parsed(json)?;
        options.own_themes()?;
        Ok(options)
    }

    /// One's own themes, after everything was checked.
    pub(crate) fn own_themes(&self) -> Result<OwnThemes> {
        check_threshold(self.threshold)?;
        OwnThemes::of(&self.themes)
    }
}
