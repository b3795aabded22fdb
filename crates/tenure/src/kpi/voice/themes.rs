//! What answers are about: as people tagged them, or as was read in their text.

use crate::column::Reading;
use crate::compute::Row;
use crate::key::Key;
use crate::measure::{Input, InputKind};
use crate::policy::choice;

choice! {
    /// Where the themes of an answer come from.
    pub enum ThemesFrom {
        /// Column `tags` where the table has one, else column `themes`.
        TagsOrText = "tags_or_text",
        /// Column `tags`: what people tagged.
        Tags = "tags",
        /// Column `themes`: what was read in the text, as `tenure.feedback` does.
        Text = "text",
    }
}

impl ThemesFrom {
    /// The inputs of a measure: one of its own, then those of themes.
    pub(super) fn inputs(self, own: Input) -> Vec<Input> {
        let [tags, themes] = ["tags", "themes"];
        match self {
            Self::TagsOrText => vec![
                own,
                Input::required_unless(themes, tags, InputKind::Texts),
                Input::optional(themes, InputKind::Texts),
            ],
            Self::Tags => vec![own, Input::required(tags, InputKind::Texts)],
            Self::Text => vec![own, Input::required(themes, InputKind::Texts)],
        }
    }

    /// Whether the themes of a row are known. No tags are none; no themes are those of a text that nobody read.
    pub(super) fn are_known(self, row: &Row<'_>) -> bool {
        let (input, are_tags) = self.input(row);
        are_tags || row.read(input) != Reading::Missing
    }

    /// The themes of a row as values of the dimension.
    pub(super) fn of(self, row: &Row<'_>) -> Vec<Key> {
        row.texts(self.input(row).0).into_iter().map(Key::from).collect()
    }

    /// The input that tells, and whether it is that of the tags.
    fn input(self, row: &Row<'_>) -> (usize, bool) {
        match self {
            Self::TagsOrText if !row.has(1) => (2, false),
            Self::TagsOrText | Self::Tags => (1, true),
            Self::Text => (1, false),
        }
    }
}
