//! Columns that KPIs need and tenure can work out, where a table has none: what interactions are for, what comments say.

use crate::book::Book;
use crate::catalog::{Card, find};
use crate::classify::{
    Classifier, ClassifyOptions, Feedback, FeedbackOptions, FeedbackReader, Label, Sentiment,
};
use crate::column::Column;
use crate::error::Result;
use crate::request::Request;
use crate::table::Table;
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

const INTERACTIONS: &str = "interactions";
const LABEL: &str = "label";
/// Without any of these an interaction says too little to be classified.
const TELLING: [&str; 3] = ["text", "trigger", "outcome_measure"];

const SURVEYS: &str = "surveys";
const SENTIMENT: [&str; 2] = ["sentiment", "polarity"];
const THEMES: &str = "themes";

/// The book, with the columns that these requests need and tenure can work out. Texts are read once for all requests
/// about a book.
pub(crate) fn completed<'b, 'a>(book: &'b Book<'a>, requests: &[Request]) -> Result<Cow<'b, Book<'a>>> {
    let asks = |lacks: &dyn Fn(&Card, &Request) -> bool| {
        requests.iter().any(|request| find(&request.kpi).is_ok_and(|(kpi, _)| lacks(kpi.card(), request)))
    };
    let mut completed = Cow::Borrowed(book);
    if let Some(table) = book.table(INTERACTIONS)
        && asks(&|card, request| lacks_labels(card, table, request))
    {
        let table = table.clone().with_column(LABEL, &labels(book, table)?);
        let teller = format!("{LABEL} by {}", Classifier::standard()?.id());
        completed = Cow::Owned(completed.with_derived(table, teller));
    }
    if let Some(table) = book.table(SURVEYS) {
        let sentiment = asks(&|card, _| lacks_sentiment(card, table));
        let themes = asks(&|card, request| lacks_themes(card, table, request));
        if sentiment || themes {
            let said = said(book, table)?;
            let mut table = table.clone();
            if sentiment {
                let each = || said.iter();
                let names: Vec<Option<&str>> =
                    each().map(|said| said.sentiment.map(Sentiment::name)).collect();
                let polarity: Vec<Option<f64>> =
                    each().map(|said| (!said.is_empty()).then_some(said.polarity)).collect();
                let [of_names, of_polarity] = SENTIMENT;
                table = table.with_column(of_names, &names).with_column(of_polarity, &polarity);
            }
            if themes {
                let lists = said.iter().map(|said| said.has_text.then(|| said.themes.clone()));
                table = table.with_column(THEMES, &lists.collect::<Vec<_>>());
            }
            let teller = format!("comment by {}", FeedbackReader::standard()?.id());
            completed = Cow::Owned(completed.with_derived(table, teller));
        }
    }
    Ok(completed)
}

/// Whether a KPI reads labels that a table does not have, but its rows can be classified.
fn lacks_labels(card: &Card, table: &Table<'_>, request: &Request) -> bool {
    // Effort by stage asks for no purpose.
    let is_by_stage = request.policy.get("of").and_then(Value::as_str) == Some("stage");
    let asks_for_groups = card.inputs.contains(&"label?") && request.by.iter().any(|by| by == LABEL);
    card.table == INTERACTIONS
        && ((card.inputs.contains(&LABEL) && !is_by_stage) || asks_for_groups)
        && table.find(LABEL).is_none()
        && TELLING.iter().any(|column| table.find(column).is_some())
}

/// Whether a KPI reads how comments sound, and a table has only the comments.
fn lacks_sentiment(card: &Card, table: &Table<'_>) -> bool {
    card.table == SURVEYS
        && card.inputs.contains(&"sentiment?")
        && table.find("comment").is_some()
        && SENTIMENT.iter().all(|column| table.find(column).is_none())
}

/// Whether a KPI reads what comments are about, and a table has only the comments.
fn lacks_themes(card: &Card, table: &Table<'_>, request: &Request) -> bool {
    let may = match request.policy.get(THEMES).and_then(Value::as_str) {
        Some("text") => true,
        Some("tags") => false,
        _ => table.find("tags").is_none(),
    };
    may && card.table == SURVEYS
        && card.inputs.contains(&"themes?")
        && table.find("comment").is_some()
        && table.find(THEMES).is_none()
}

/// What the interactions of a table are for.
fn labels(book: &Book<'_>, table: &Table<'_>) -> Result<Vec<Option<&'static str>>> {
    let labels = book.index("interactions with labels", || {
        let found = Classifier::standard()?.classify_table(table, &ClassifyOptions::default())?;
        Ok(found.into_iter().map(|found| found.label).collect::<Vec<_>>())
    })?;
    Ok(labels.iter().map(|label| label.map(Label::name)).collect())
}

/// What the comments of a table say.
fn said(book: &Book<'_>, table: &Table<'_>) -> Result<Arc<Vec<Feedback>>> {
    book.index("surveys with comments read", || {
        FeedbackReader::standard()?.read_table(table, &FeedbackOptions::default())
    })
}

/// Values of a row each, of which a column can be made for each chunk of a table.
pub(crate) trait Values {
    fn of_rows(&self, rows: Range<usize>) -> Column<'static>;
}

impl Values for Vec<Option<&str>> {
    fn of_rows(&self, rows: Range<usize>) -> Column<'static> {
        self.get(rows).unwrap_or_default().into()
    }
}

impl Values for Vec<Option<f64>> {
    fn of_rows(&self, rows: Range<usize>) -> Column<'static> {
        self.get(rows).unwrap_or_default().into()
    }
}

impl Values for Vec<Option<Vec<Arc<str>>>> {
    fn of_rows(&self, rows: Range<usize>) -> Column<'static> {
        Column::text_lists(self.get(rows).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn teller() -> String {
        format!("label by {}", Classifier::standard().unwrap().id())
    }

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
            assert!(outcomes.rows[0].policy.contains(&teller()), "{}", outcomes.rows[0].policy);
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
        assert!(!answer.rows[0].policy.contains(&teller()));
        assert_eq!(book(bare()).compute(&request).unwrap_err().kind(), ErrorKind::MissingColumn);
    }

    #[test]
    fn touches_are_told_apart_by_what_the_classifier_says() {
        let book = book(told());
        let ask = |kpi: &str, policy: &[(&str, &str)], by: &[&str]| {
            let mut request = Request::new(kpi).as_of("2026-07-01");
            request.by.extend(by.iter().map(|name| (*name).to_owned()));
            let choices = policy.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            request.policy.extend(choices);
            book.compute(&request).unwrap()
        };
        let shares = ask("effort_share", &[], &[]);
        let told: Vec<_> = shares.rows.iter().map(|row| (row.numerator, row.denominator)).collect();
        assert_eq!(told, [(Some(1), Some(2)), (Some(1), Some(2)), (Some(0), Some(2))]);
        assert!(shares.rows[0].policy.contains(&teller()), "{}", shares.rows[0].policy);
        let counts = ask("touch_count", &[], &["label"]);
        let told: Vec<_> = counts.rows.iter().map(|row| (row.by[0].clone(), row.value)).collect();
        let one = |label: &str| (crate::Key::from(label), Some(1.0));
        assert_eq!(told, [one("service"), one("support"), (crate::Key::Null, Some(1.0))]);
        // Nobody asks what they are for.
        for answer in [ask("touch_count", &[], &[]), ask("effort_share", &[("of", "stage")], &[])] {
            assert!(!answer.rows[0].policy.contains(&teller()), "{}", answer.rows[0].policy);
        }
    }

    #[test]
    fn comments_are_read_by_their_words() {
        let comments = ["I love it, so easy to use", "Terrible, it crashes all the time", " "];
        let surveys = Table::new(SURVEYS).column("comment", comments);
        let book = book(surveys);
        let ask = |kpi: &str, policy: &[(&str, &str)]| {
            let mut request = Request::new(kpi).as_of("2026-07-01");
            request
                .policy
                .extend(policy.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
            book.compute(&request)
        };
        let net = ask("sentiment_net", &[]).unwrap();
        assert_eq!((net.rows[0].value, net.rows[0].n, net.rows[0].n_missing), (Some(0.0), 2, 1));
        assert!(net.rows[0].policy.contains("comment by feedback-"), "{}", net.rows[0].policy);
        let shares = ask("theme_share", &[("themes", "text")]).unwrap();
        let reliability = shares.rows.iter().find(|row| row.dimensions == [crate::Key::from("reliability")]);
        assert_eq!(reliability.map(|row| (row.numerator, row.denominator)), Some((Some(1), Some(2))));
        assert_eq!(ask("theme_share", &[("themes", "tags")]).unwrap_err().kind(), ErrorKind::MissingColumn);
    }
}
