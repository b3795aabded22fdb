//! What was measured of the classifier of interactions.

use super::between;
use crate::model::Part;
use crate::model::interactions::{Data, Row, Rows, Shown, Together};
use std::fmt::Write;
use tenure::classify::{Classifier, FitOptions, Label, Metrics};

/// The page with what is measured of the classifier.
pub(crate) fn page(text: &str, data: &Data, classifier: &Classifier) -> Result<String, String> {
    between(text, "interactions", &measured(data, classifier)?)
}

fn measured(data: &Data, classifier: &Classifier) -> Result<String, String> {
    let mut text = String::new();
    let id = classifier.id();
    let bytes = classifier.save().len();
    let _ = writeln!(text, "\nClassifier `{id}`, {bytes} bytes.\n\n#### The data\n");
    counts(&mut text, data);

    let evaluation = Rows::of(&data.evaluation, Together::Author);
    let of = |shown: Shown| Ok::<_, String>(classifier.evaluate(&evaluation.labelled(shown)?));
    let everything = of(Shown::Everything)?;
    text.push_str("\n#### With the evaluation part\n\n");
    head(&mut text, "shown to the classifier");
    line(&mut text, "text and fields", &everything);
    line(&mut text, "text and author", &of(Shown::TextAndAuthor)?);
    line(&mut text, "text alone", &of(Shown::Text)?);
    line(&mut text, "fields alone", &of(Shown::Fields)?);
    line(&mut text, "the hard fifth, text and fields", &hard(data, classifier, Shown::Everything)?);
    line(&mut text, "the hard fifth, text alone", &hard(data, classifier, Shown::Text)?);
    for (title, metrics) in [("Text and fields", &everything), ("Text alone", &of(Shown::Text)?)] {
        let _ = writeln!(text, "\n{title}, by language:\n");
        head(&mut text, "language");
        metrics.languages.iter().for_each(|(language, metrics)| line(&mut text, language, metrics));
    }
    labels(&mut text, &everything);
    confusions(&mut text, &everything);
    abstentions(&mut text, &everything);

    text.push_str("\n#### With authors and scenarios that were held out\n\n");
    text.push_str("Trained and tested on the training part alone.\n\n");
    head(&mut text, "trained with, tested on");
    for (trained, tested) in [("a", "b"), ("b", "a")] {
        let by = |author: &'static str| data.training.iter().filter(move |part| part.author() == author);
        let options = FitOptions { name: "half".to_owned(), ..FitOptions::default() };
        let half = data.train(&Rows::of(by(trained), Together::Scenario), &options)?;
        let other = Rows::of(by(tested), Together::Author);
        for (name, shown) in [("text and fields", Shown::Everything), ("text alone", Shown::Text)] {
            let metrics = half.evaluate(&other.labelled(shown)?);
            line(&mut text, &format!("authors {trained}, authors {tested}; {name}"), &metrics);
        }
    }
    line(&mut text, "nine authors, the tenth, in turn; text and fields", classifier.metrics());
    let scenarios = Rows::of(&data.training, Together::Scenario);
    let options = FitOptions { name: "scenarios".to_owned(), ..FitOptions::default() };
    let by_scenario = data.train(&scenarios, &options)?;
    line(
        &mut text,
        "four fifths of the scenarios, the last, in turn; text and fields",
        by_scenario.metrics(),
    );
    text.push('\n');
    Ok(text)
}

fn hard(data: &Data, classifier: &Classifier, shown: Shown) -> Result<Metrics, String> {
    let rows = Rows::of(&data.evaluation, Together::Author);
    let labelled = rows.labelled(shown)?;
    let is_hard = data.evaluation.iter().flat_map(|part| &part.rows).map(|row| row.hard);
    let hard: Vec<_> =
        labelled.into_iter().zip(is_hard).filter(|(_, hard)| *hard).map(|(row, _)| row).collect();
    Ok(classifier.evaluate(&hard))
}

fn counts(text: &mut String, data: &Data) {
    text.push_str("| part | rows | hard |\n|---|---|---|\n");
    let mut line = |name: &str, part: &Part<Row>| {
        let hard = part.rows.iter().filter(|row| row.hard).count();
        let _ = writeln!(text, "| {name} {} | {} | {hard} |", part.name, part.rows.len());
    };
    data.training.iter().for_each(|part| line("training", part));
    data.evaluation.iter().for_each(|part| line("evaluation", part));
}

fn head(text: &mut String, what: &str) {
    let _ = writeln!(
        text,
        "| {what} | rows | accuracy | macro-F1 | success against the rest | calibration error |\n|---|---|---|---|---|---|"
    );
}

fn line(text: &mut String, what: &str, metrics: &Metrics) {
    let _ = writeln!(
        text,
        "| {what} | {} | {:.3} | {:.3} | {:.3} | {:.3} |",
        metrics.rows, metrics.accuracy, metrics.macro_f1, metrics.success_accuracy, metrics.calibration_error
    );
}

fn labels(text: &mut String, metrics: &Metrics) {
    text.push_str(
        "\nBy label, text and fields:\n\n| label | rows | precision | recall | F1 |\n|---|---|---|---|---|\n",
    );
    for (label, its) in Label::ALL.into_iter().zip(metrics.labels) {
        let (rows, precision, recall, f1) = (its.rows, its.precision, its.recall, its.f1);
        let _ = writeln!(text, "| {} | {rows} | {precision:.3} | {recall:.3} | {f1:.3} |", label.name());
    }
}

fn confusions(text: &mut String, metrics: &Metrics) {
    text.push_str("\nConfusion, text and fields: how many rows of a label were given which.\n\n");
    text.push_str("| language | label | support | service | success |\n|---|---|---|---|---|\n");
    let all = [("all".to_owned(), metrics.clone())];
    for (language, metrics) in all.iter().chain(&metrics.languages) {
        for (label, [support, service, success]) in Label::ALL.into_iter().zip(metrics.confusion) {
            let _ = writeln!(text, "| {language} | {} | {support} | {service} | {success} |", label.name());
        }
    }
}

fn abstentions(text: &mut String, metrics: &Metrics) {
    text.push_str("\nAbstaining, text and fields: the share of rows that are given a label, and of these the share that is right.\n\n");
    text.push_str("| threshold | given a label | right |\n|---|---|---|\n");
    for point in &metrics.abstention {
        let _ = writeln!(text, "| {} | {:.3} | {:.3} |", point.threshold, point.coverage, point.accuracy);
    }
}
