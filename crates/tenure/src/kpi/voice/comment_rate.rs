//! # Comment rate
//!
//! **Question.** Which share of those who answered also wrote something?
//!
//! **Definition.** `100 * answers with a comment / answers`, in percent. A comment of nothing but white space is none.
//!
//! **Example.** Of four answers with the comments "great", "", "  " and none, one has a comment: 25 %.
//!
//! **Edge cases.** No answers: undefined. An answer without a score counts; a row that was never answered does not.
//!
//! **Merging and sources.** Two counts a cell.

use super::answers;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Reading;
use crate::compute::{Pipeline, Row, RowView, Untimed};
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::measure::{Fate, Input, InputKind, RowMeasure};
use crate::policy::policy;
use crate::summary::{Counts, Trial};

policy! {
    /// The choices of the comment rate.
    pub struct CommentRate {
        /// How the interval is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "comment_rate",
    name: "Comment rate",
    question: "Which share of those who answered also wrote something?",
    formula: "100 * answers with a comment / answers",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["comment", "answered_at?", "excluded?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://docs.userpilot.com/user-feedback/nps/nps-responses", super::source::WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = CommentRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let view = RowView { untimed: Untimed::NoUnit, ..answers(None, None) };
        let formula = Percent { interval: choices.interval };
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::rows(view, HasComment, formula)).ratio())
    }
}

/// Whether an answer has a comment.
struct HasComment;

impl RowMeasure for HasComment {
    type Value = Trial;

    fn inputs(&self) -> &[Input] {
        &[COMMENT]
    }

    fn row(&self, row: &Row<'_>) -> Fate<Trial> {
        Fate::Observed(is_written(row.read(0)).into())
    }
}

const COMMENT: Input = Input::required("comment", InputKind::Text);

/// Whether a comment says anything.
pub(crate) fn is_written(reading: Reading<'_>) -> bool {
    matches!(reading.unless_blank(), Reading::Text(_))
}
