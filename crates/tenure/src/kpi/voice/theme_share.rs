//! # Theme share
//!
//! **Question.** How often do customers speak of each theme?
//!
//! **Definition.** `100 * answers with the theme / answers with usable text`, in percent, one row a theme. Themes are those
//! of column `tags`, in a table without it those of column `themes`, which `tenure.feedback` reads in the comments; policy
//! `themes` chooses. An answer may have several themes, so shares may add up to more than 100 %.
//!
//! **Example.** Of four comments two are tagged "price" and one "support": 50 % and 25 %.
//!
//! **Edge cases.** A blank comment is no usable text, whatever its tags. A table without comments has tags on answers
//! as such: all of them count. So does an answer that nobody tagged; one whose text nobody read (no value in `themes`,
//! where an empty list says that it has none) is missing. A theme that stands twice on an answer counts once. Without
//! themes there are no rows.
//!
//! **Merging and sources.** One count a theme and cell.

use super::answers;
use super::comment_rate::is_written;
use super::themes::ThemesFrom;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Row, RowView, Untimed};
use crate::error::Result;
use crate::formula::{Cells, Formula, Rows};
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::measure::{Fate, Input, InputKind, RowMeasure};
use crate::policy::policy;
use crate::summary::{Counts, Trial};

policy! {
    /// The choices of the theme share.
    pub struct ThemeShare {
        /// Where the themes come from. By default what people tagged, where the table has tags.
        pub themes: ThemesFrom = ThemesFrom::TagsOrText,
        /// How the interval is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "theme_share",
    name: "Theme share",
    question: "How often do customers speak of each theme?",
    formula: "100 * answers with the theme / answers with usable text",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Neither,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["tags?", "themes?", "comment?", "answered_at?", "excluded?"],
    dimensions: &["theme"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["tags"],
    revision: 1,
    sources: &["https://insocial.atlassian.net/wiki/spaces/KNWLDG/pages/2426077220", super::source::WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ThemeShare;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let view = RowView { untimed: Untimed::NoUnit, ..answers(None, None) };
        let formula = Shares { percent: Percent { interval: choices.interval } };
        let inputs = choices.themes.inputs(Input::optional("comment", InputKind::Text));
        let measure = Usable { themes: choices.themes, inputs };
        let plan = Pipeline::<_, _, Counts<2>>::rows(view, measure, formula);
        Ok(Planned::new(plan).ratio().dimensions(CARD.dimensions))
    }
}

/// Answers with usable text, each for its themes.
struct Usable {
    themes: ThemesFrom,
    inputs: Vec<Input>,
}

impl RowMeasure for Usable {
    type Value = Trial;

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn row(&self, row: &Row<'_>) -> Fate<Trial> {
        let is_blank = row.has(0) && !is_written(row.read(0));
        if is_blank || !self.themes.are_known(row) { Fate::Missing } else { Fate::Observed(Trial::Success) }
    }

    fn dimensions(&self, row: &Row<'_>) -> Vec<Key> {
        self.themes.of(row)
    }
}

struct Shares {
    percent: Percent,
}

impl Formula<Counts<2>> for Shares {
    fn finish(&self, cells: &Cells<'_, Counts<2>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let all = cells.whole(period);
            for theme in cells.dimensions {
                let with = cells.at(period, theme).summary.successes();
                let answer = self.percent.of(with, all.summary.successes(), cells.level);
                rows.push(period, std::slice::from_ref(theme), all, &answer);
            }
        }
    }
}
