//! Themes of one's own: names and the words that name them.

use crate::classify::text::Lexicon;
use crate::error::{Error, Result, quoted};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One's own themes, ready to be looked for.
#[derive(Clone, Debug)]
pub(crate) struct OwnThemes {
    pub(crate) names: Vec<Arc<str>>,
    /// Its concepts are the themes, in the order of their names.
    pub(crate) lexicon: Lexicon,
}

impl OwnThemes {
    pub(crate) fn of(themes: &BTreeMap<String, Vec<String>>) -> Result<Self> {
        let mut cues = Vec::new();
        for (name, words) in themes {
            if name.trim().is_empty() || words.is_empty() {
                return Err(Error::invalid(format!("the theme {} needs a name and words", quoted(name))));
            }
            for word in words {
                if !Lexicon::can_find(word) {
                    let message = format!("{} is too short to name the theme {}", quoted(word), quoted(name));
                    return Err(Error::invalid(format!("{message}: two letters at least")));
                }
                cues.push((name.as_str(), word.as_str()));
            }
        }
        let lexicon = Lexicon::of(&cues)?;
        Ok(Self { names: lexicon.concepts.iter().map(|name| Arc::from(name.as_str())).collect(), lexicon })
    }
}
