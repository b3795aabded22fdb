//! How to classify: when to abstain, how much to explain, what to leave out of texts.

use crate::classify::options::{check_threshold, parsed};
use crate::classify::text::Strip;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// How to classify.
///
/// ```
/// use tenure::classify::{ClassifyOptions, Strip};
/// let options = ClassifyOptions::from_json(r#"{"threshold": 0.6, "evidence": 3, "strip": {"signature": false}}"#)?;
/// assert_eq!(options.strip, Strip { signature: false, ..Strip::ALL });
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassifyOptions {
    /// Abstain when the likeliest label is less likely than this, 0 to 1. By default 0.45: little better than a guess
    /// among three.
    pub threshold: f64,
    /// How many pieces of evidence to give; none by default, because finding them takes time.
    pub evidence: usize,
    /// What to leave out of texts: by default everything that the author did not write now.
    pub strip: Strip,
    /// How many characters of a text to look at, after stripping. By default 20,000: enough for a long mail with its
    /// thread.
    pub max_characters: usize,
}

impl Default for ClassifyOptions {
    fn default() -> Self {
        Self { threshold: 0.45, evidence: 0, strip: Strip::ALL, max_characters: 20_000 }
    }
}

impl ClassifyOptions {
    /// Reads the options from a JSON object; a field left out has its default.
    pub fn from_json(json: &str) -> Result<Self> {
        let options: Self = parsed(json)?;
        options.check()?;
        Ok(options)
    }

    pub(crate) fn check(&self) -> Result<()> {
        check_threshold(self.threshold)
    }
}
