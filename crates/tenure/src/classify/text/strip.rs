//! What to leave out of texts.

use serde::{Deserialize, Serialize};

/// What to leave out of a text before reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Strip {
    /// HTML: tags, comments, styles and scripts; entities become their characters.
    pub markup: bool,
    /// Quoted history: lines that begin with `>`, and all below "On ... wrote:" or the header of a forwarded mail.
    pub quotes: bool,
    /// The signature below `-- `, and "Sent from my phone".
    pub signature: bool,
}

impl Strip {
    /// Leave out everything that the author did not write now.
    pub const ALL: Self = Self { markup: true, quotes: true, signature: true };
    /// Read the text as it is.
    pub const NOTHING: Self = Self { markup: false, quotes: false, signature: false };
}

impl Default for Strip {
    fn default() -> Self {
        Self::ALL
    }
}
