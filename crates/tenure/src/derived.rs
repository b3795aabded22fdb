//! Columns that a KPI needs and tenure can work out, where a table has none: what interactions are for.

use crate::book::Book;
use crate::catalog::{Card, find};
use crate::classify::{Classifier, ClassifyOptions, Label};
use crate::error::Result;
use crate::request::Request;
use crate::table::Table;
use std::borrow::Cow;

const INTERACTIONS: &str = "interactions";
const LABEL: &str = "label";
/// Without any of these an interaction says too little to be classified.
const TELLING: [&str; 3] = ["text", "trigger", "outcome_measure"];

/// What worked out a column, as the policy of a result tells.
pub(crate) fn teller() -> Result<String> {
    Ok(format!("{LABEL} by {}", Classifier::standard()?.id()))
}

/// Whether a KPI reads labels that a table does not have, but its rows can be classified.
fn lacks_labels(card: &Card, table: &Table<'_>) -> bool {
    card.table == INTERACTIONS
        && card.inputs.contains(&LABEL)
        && table.find(LABEL).is_none()
        && TELLING.iter().any(|column| table.find(column).is_some())
}

/// The book, with the columns that these requests need and tenure can work out. Interactions are classified once for
/// all requests about a book.
pub(crate) fn completed<'b, 'a>(book: &'b Book<'a>, requests: &[Request]) -> Result<Cow<'b, Book<'a>>> {
    let Some(table) = book.table(INTERACTIONS) else { return Ok(Cow::Borrowed(book)) };
    let needs = |request: &Request| find(&request.kpi).is_ok_and(|(kpi, _)| lacks_labels(kpi.card(), table));
    if !requests.iter().any(needs) {
        return Ok(Cow::Borrowed(book));
    }
    let labels = book.index("interactions with labels", || {
        let found = Classifier::standard()?.classify_table(table, &ClassifyOptions::default())?;
        Ok(found.into_iter().map(|found| found.label).collect::<Vec<_>>())
    })?;
    let names: Vec<Option<&str>> = labels.iter().map(|label| label.map(Label::name)).collect();
    Ok(Cow::Owned(book.with_derived(table.clone().with_column(LABEL, &names), teller()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn book(table: Table<'_>) -> Book<'_> {
        let mut book = Book::new();
        book.add(table).unwrap();
        book
    }

    fn bare() -> Table<'static> {
        Table::new(INTERACTIONS)
            .column("account_id", ["acme", "acme", "birch"])
            .column("occurred_at", ["2026-01-05", "2026-01-06", "2026-02-01"])
    }

    fn told() -> Table<'static> {
        bare().column(
            "text",
            [
                Some("The export crashes with an error every time, please help me fix it"),
                Some("Where is my refund for invoice 1043? You charged me twice"),
                None,
            ],
        )
    }

    #[test]
    fn interactions_without_labels_are_classified_and_the_result_says_by_what() {
        let book = book(told());
        let request = Request::new("interaction_mix").as_of("2026-07-01");
        for outcomes in [
            book.compute(&request).unwrap(),
            book.compute_all(std::slice::from_ref(&request)).unwrap().remove(0),
        ] {
            let shares: Vec<_> = outcomes.rows.iter().map(|row| (row.numerator, row.denominator)).collect();
            assert_eq!(shares, [(Some(1), Some(2)), (Some(1), Some(2)), (Some(0), Some(2))]);
            assert_eq!(outcomes.rows[0].n_missing, 1);
            assert!(outcomes.rows[0].policy.contains(&teller().unwrap()), "{}", outcomes.rows[0].policy);
        }
        let units = book.units(&request).unwrap();
        let fates: Vec<_> = units.rows.iter().map(|unit| unit.fate).collect();
        assert_eq!(fates, ["observed", "observed", "missing"]);
        // The state of parts is that of the whole.
        let part = |part| book.partial_of(&request, part, 2).unwrap();
        let merged = part(0).merge(&part(1)).unwrap().finish().unwrap();
        assert_eq!(merged.rows[0].numerator, Some(1));
    }

    #[test]
    fn own_labels_count_and_what_cannot_be_told_is_an_error() {
        let own = book(told().column(LABEL, ["success", "success", "success"]));
        let request = Request::new("interaction_mix").as_of("2026-07-01");
        let answer = own.compute(&request).unwrap();
        assert_eq!(answer.rows[2].numerator, Some(3));
        assert!(!answer.rows[0].policy.contains(&teller().unwrap()));
        assert_eq!(book(bare()).compute(&request).unwrap_err().kind(), ErrorKind::MissingColumn);
    }
}
