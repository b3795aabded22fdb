//! # Touch count
//!
//! **Question.** How often were we in touch with customers?
//!
//! **Definition.** The number of touches in the period: the rows of `interactions`, at `occurred_at`, and those of
//! `conversations`, at `created_at`, that no interaction known by `as_of` names. Either table is enough. `by` knows the `stage`
//! in which the account was at that time, the `manager` (the interaction's, else the account's) and the `label`; by
//! `account_id` or `manager` this is the workload.
//!
//! **Example.** Two meetings with acme, a ticket that is conversation 101 and an interaction too, an internal note, and a chat
//! that nobody made an interaction of: 4 touches, and the note is left out.
//!
//! **Edge cases.** Internal notes and bots are left out (`notes`, `bots`), as are conversations that are spam, deleted or
//! merged, and internal accounts. A touch without account counts. An interaction of an id that an earlier one has is
//! invalid, as is one without a time. With `initiated_by` a touch of which nobody says who began it is missing. None is 0.
//! Without stages, or before the first, the stage is null.
//!
//! **Merging and sources.** A count; all of an account goes to one part. Totango says what a touch is, and that internal notes
//! are none. That a conversation counts once is our own choice.

use super::choices::touch_policy;
use super::of_touch::{ATTRIBUTES, TOTANGO, TRUSTS, TouchMeasure, Touched, touches};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::Total;
use crate::kpi::success::NoContact;
use crate::measure::Fate;
use crate::summary::Integers;

touch_policy! {
    /// The choices of the touch count.
    pub struct TouchCount {}
    presets {
        /// Internal notes are no touches. https://support.totango.com/hc/en-us/articles/360034557631
        Totango { notes: NoContact::LeaveOut }
    }
}

static CARD: Card = Card {
    id: "touch_count",
    name: "Touch count",
    question: "How often were we in touch with customers?",
    formula: "interactions, and conversations that no interaction but a note names",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "interactions",
    key: "interaction_id",
    inputs: super::touch_inputs!["label?"],
    dimensions: &[],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: TRUSTS,
    revision: 1,
    sources: &[TOTANGO],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TouchCount;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(touches::<Integers, _, _>(choices.which(), &choices.stages()?, &EachCounts, &Total))
    }
}

/// Every touch is one.
#[derive(Clone)]
struct EachCounts;

impl TouchMeasure for EachCounts {
    type Value = i64;

    fn touch(&self, _: &Touched<'_>) -> Fate<i64> {
        Fate::Observed(1)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, Key, Request, Table};

    fn book() -> Book<'static> {
        let mut book = Book::new();
        let interactions = Table::new("interactions")
            .column("interaction_id", [1_i64, 2, 3])
            .column("account_id", ["acme", "acme", "birch"])
            .column("occurred_at", ["2026-01-05", "2026-01-20", "2026-02-01"])
            .column("conversation_id", [None, Some(7_i64), None])
            .column("author", ["company", "customer", "company"]);
        let conversations = Table::new("conversations")
            .column("conversation_id", [7_i64, 8])
            .column("account_id", ["acme", "birch"])
            .column("created_at", ["2026-01-10", "2026-01-12"]);
        for table in [interactions, conversations] {
            book.add(table).unwrap();
        }
        book
    }

    #[test]
    fn a_conversation_counts_until_an_interaction_tells_of_it() {
        let count = |as_of: &str| {
            let outcomes = book().compute(&Request::new("touch_count").as_of(as_of)).unwrap();
            outcomes.rows[0].value
        };
        // Interaction 1; then also conversation 7, then 8; then interaction 2 stands for 7.
        assert_eq!(
            ["2026-01-06", "2026-01-11", "2026-01-19", "2026-01-20", "2026-02-01"].map(count),
            [1.0, 2.0, 3.0, 3.0, 4.0].map(Some)
        );
        let trace = |as_of: &str| {
            let request = Request::new("touch_count").as_of(as_of);
            let traces = book().trace(&request, "created_at", &Key::from("2026-01-10")).unwrap();
            traces[0].notes.iter().find(|note| note.what == "told").map(|note| note.found.clone())
        };
        assert_eq!(trace("2026-01-19"), None);
        assert!(trace("2026-01-20").unwrap().starts_with("by an interaction, since 2026-01-20"));
    }

    #[test]
    fn units_of_both_tables_are_told_apart() {
        let units = book().units(&Request::new("touch_count").by("stage").as_of("2026-03-01")).unwrap();
        assert_eq!(units.key, "row");
        let told: Vec<_> =
            units.rows.iter().map(|unit| (unit.label.as_deref(), unit.row, unit.by[0].clone())).collect();
        let (interactions, conversations) = (Some("interactions"), Some("conversations"));
        assert_eq!(
            told,
            [
                (interactions, 0, Key::Null),
                (interactions, 1, Key::Null),
                (interactions, 2, Key::Null),
                (conversations, 1, Key::Null)
            ]
        );
    }

    #[test]
    fn parts_make_the_whole() {
        let request = Request::new("touch_count").by("account_id").as_of("2026-03-01");
        let part = |part| book().partial_of(&request, part, 2).unwrap();
        let merged = part(0).merge(&part(1)).unwrap().finish().unwrap();
        let told = |outcomes: &crate::Outcomes| -> Vec<_> {
            outcomes.rows.iter().map(|row| (row.by[0].clone(), row.value)).collect()
        };
        assert_eq!(told(&merged), told(&book().compute(&request).unwrap()));
    }
}
