//! # Searches without results
//!
//! **Question.** Which share of the searches in the help centre found nothing?
//!
//! **Definition.** `100 * searches with 0 results / searches`, by when they were made.
//!
//! **Example.** Of five searches two found nothing: 40 percent.
//!
//! **Edge cases.** No searches: undefined. A search that does not say how much it found is missing; a negative or broken
//! number is invalid. The same term can find something for one reader and nothing for another, who may not see it.
//!
//! **Merging and sources.** Two counts; any rows may go to any part.

use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Reading;
use crate::compute::{Pipeline, Row, RowView, Untimed};
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::measure::{Fate, Input, InputKind, Reason, RowMeasure};
use crate::policy::policy;
use crate::summary::{Counts, Trial};

policy! {
    /// The choices of the share of searches without results: there are none.
    pub struct SearchZeroResultRate {}
    presets {}
}

static CARD: Card = Card {
    id: "search_zero_result_rate",
    name: "Searches without results",
    question: "Which share of the searches in the help centre found nothing?",
    formula: "100 * searches with 0 results / searches",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Lower,
    discipline: Discipline::Service,
    table: "searches",
    key: "search_id",
    inputs: &["occurred_at?", "results"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://help.getguru.com/en/articles/4509385-assessing-user-and-team-analytics"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SearchZeroResultRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, _: &Choices) -> Result<Planned> {
        let searches = RowView {
            table: CARD.table,
            key: CARD.key,
            time: &["occurred_at"],
            untimed: Untimed::Fault,
            kind: None,
            excluded: &[],
            scale: None,
        };
        let percent = Percent { interval: ProportionInterval::Wilson };
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::rows(searches, FoundNothing, percent)).ratio())
    }
}

const RESULTS: Input = Input::required("results", InputKind::Number);
const NOT_A_COUNT: Reason = Reason::new("results", "not_a_count", "is not a number of results");

/// Whether a search found nothing.
struct FoundNothing;

impl RowMeasure for FoundNothing {
    type Value = Trial;

    fn inputs(&self) -> &[Input] {
        &[RESULTS]
    }

    fn row(&self, row: &Row<'_>) -> Fate<Trial> {
        match row.read(0) {
            Reading::Missing => Fate::Missing,
            Reading::Whole(results) if results >= 0 => Fate::Observed((results == 0).into()),
            _ => Fate::Invalid(NOT_A_COUNT),
        }
    }

    fn decided_by_first_input(&self) -> bool {
        true
    }
}
