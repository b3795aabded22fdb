//! # Interaction mix
//!
//! **Question.** What are our contacts with customers for: support, service or success?
//!
//! **Definition.** `100 * interactions for the purpose / labelled interactions`, in percent, one row a purpose: `support`
//! (the product has a fault or has to be explained), `service` (every other wish of a customer) and `success` (the
//! customer's goals, sought by the company). An interaction counts for the purpose that dominates, which column `label`
//! says. People fill it in, or the classifier does: `tenure.classify`. Where the table has no such column, but says what was
//! written or what the trigger was, interactions are classified on the way, and `measured_from` in the policy of the result
//! names the model; in Rust that needs the feature `classify`.
//!
//! **Example.** Five interactions for support, three for service and two for success: 50, 30 and 20 %.
//!
//! **Edge cases.** An interaction without a label, also one of which the classifier was not sure, is missing and in no share:
//! quote `n` beside them. A label that is none of the three is invalid. In `units` each interaction has its purpose. Nothing
//! labelled: all three are undefined.
//!
//! **Merging and sources.** Three counts a cell. Intervals are Wilson's, one purpose at a time. Support is a part of service
//! in the wide sense: add both shares for that.

use super::label::{GURU, LABEL, Label, USER_GUIDING, interactions};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Row};
use crate::error::Result;
use crate::formula::{Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::kpi::voice::source::WILSON;
use crate::measure::{Fate, Input, RowMeasure};
use crate::policy::policy;
use crate::summary::Counts;

policy! {
    /// The choices of the interaction mix.
    pub struct InteractionMix {
        /// How the interval of each share is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "interaction_mix",
    name: "Interaction mix",
    question: "What are our contacts with customers for: support, service or success?",
    formula: "100 * interactions for the purpose / labelled interactions",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Neither,
    discipline: Discipline::Shared,
    table: "interactions",
    key: "interaction_id",
    inputs: &["label", "occurred_at?", "account_id?"],
    dimensions: &["purpose"],
    attributes: &[],
    values: None,
    aliases: &[("interaction_class", "{}")],
    growth: "fixed",
    trusts: &["label"],
    revision: 1,
    sources: &[GURU, USER_GUIDING, WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = InteractionMix;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let formula = Shares { percent: Percent { interval: choices.interval } };
        let plan = Pipeline::<_, _, Counts<3>>::rows(interactions(CARD.key), ForWhat, formula);
        Ok(Planned::new(plan).ratio().dimensions(CARD.dimensions))
    }
}

/// What each interaction is for.
struct ForWhat;

impl RowMeasure for ForWhat {
    type Value = Label;

    fn inputs(&self) -> &[Input] {
        &[LABEL]
    }

    fn row(&self, row: &Row<'_>) -> Fate<Label> {
        Label::read(row.read(0))
    }
}

/// One row a purpose.
struct Shares {
    percent: Percent,
}

impl Formula<Counts<3>> for Shares {
    fn finish(&self, cells: &Cells<'_, Counts<3>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts(counts) = cell.summary;
            let all = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
            for (label, count) in Label::ALL.iter().zip(counts) {
                let share = self.percent.of(count, all, cells.level);
                rows.push(period, &[Key::from(label.name())], cell, &share);
            }
        }
    }
}
