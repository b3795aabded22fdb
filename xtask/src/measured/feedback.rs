//! What was measured of the reader of comments.

use super::between;
use crate::model::feedback::{Data, Rows};
use std::fmt::Write;
use tenure::classify::{FeedbackMetrics, FeedbackReader, LabelMetrics, Sentiment};

/// The page with what is measured of the reader.
pub(crate) fn page(text: &str, data: &Data, reader: &FeedbackReader) -> Result<String, String> {
    between(text, "feedback", &measured(data, reader)?)
}

fn measured(data: &Data, reader: &FeedbackReader) -> Result<String, String> {
    let mut text = String::new();
    let _ = writeln!(text, "\nReader `{}`, {} bytes.\n\n#### The data\n", reader.id(), reader.save().len());
    counts(&mut text, data);

    let evaluate = |rows: &Rows<'_>| reader.evaluate(&rows.labelled()?).map_err(|error| error.to_string());
    let everything = evaluate(&Rows::of(&data.evaluation))?;
    text.push_str("\n#### With the evaluation part\n\n");
    head(&mut text, "comments");
    line(&mut text, "all", &everything);
    line(&mut text, "the hard fifth", &evaluate(&Rows::of(&data.evaluation).only(|row| row.hard))?);
    line(&mut text, "the others", &evaluate(&Rows::of(&data.evaluation).only(|row| !row.hard))?);
    everything.languages.iter().for_each(|(language, metrics)| line(&mut text, language, metrics));

    text.push_str("\nSentiments:\n\n| sentiment | rows | precision | recall | F1 |\n|---|---|---|---|---|\n");
    for (sentiment, its) in Sentiment::ALL.into_iter().zip(everything.sentiments) {
        label(&mut text, sentiment.name(), its);
    }
    text.push_str("\nThemes:\n\n| theme | rows | precision | recall | F1 |\n|---|---|---|---|---|\n");
    for theme in &everything.themes {
        label(&mut text, &theme.theme, theme.metrics);
    }
    confusions(&mut text, &everything);

    text.push_str("\n#### With authors that were held out\n\n");
    text.push_str("Trained and tested on the training part alone.\n\n");
    head(&mut text, "trained with, tested on");
    for (trained, tested) in [("a", "b"), ("b", "a")] {
        let by = |author: &'static str| data.training.iter().filter(move |part| part.author() == author);
        let half = data.train(&Rows::of(by(trained)), "half")?;
        let metrics = half.evaluate(&Rows::of(by(tested)).labelled()?).map_err(|error| error.to_string())?;
        line(&mut text, &format!("authors {trained}, authors {tested}"), &metrics);
    }
    text.push('\n');
    Ok(text)
}

fn counts(text: &mut String, data: &Data) {
    text.push_str("| part | rows | negative | neutral | positive | hard |\n|---|---|---|---|---|---|\n");
    for (name, parts) in [("training", &data.training), ("evaluation", &data.evaluation)] {
        for part in parts {
            let of = |sentiment: &str| part.rows.iter().filter(|row| row.sentiment == sentiment).count();
            let (negative, neutral, positive) = (of("negative"), of("neutral"), of("positive"));
            let hard = part.rows.iter().filter(|row| row.hard).count();
            let (part, rows) = (&part.name, part.rows.len());
            let _ =
                writeln!(text, "| {name} {part} | {rows} | {negative} | {neutral} | {positive} | {hard} |");
        }
    }
}

fn head(text: &mut String, what: &str) {
    let _ = writeln!(
        text,
        "| {what} | rows | accuracy | macro-F1 | calibration error | themes: precision | recall | micro-F1 |\n|---|---|---|---|---|---|---|---|"
    );
}

fn line(text: &mut String, what: &str, metrics: &FeedbackMetrics) {
    let themes = metrics.all_themes;
    let _ = writeln!(
        text,
        "| {what} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
        metrics.rows,
        metrics.accuracy,
        metrics.macro_f1,
        metrics.calibration_error,
        themes.precision,
        themes.recall,
        themes.f1
    );
}

fn label(text: &mut String, name: &str, its: LabelMetrics) {
    let (rows, precision, recall, f1) = (its.rows, its.precision, its.recall, its.f1);
    let _ = writeln!(text, "| {name} | {rows} | {precision:.3} | {recall:.3} | {f1:.3} |");
}

fn confusions(text: &mut String, metrics: &FeedbackMetrics) {
    text.push_str("\nConfusion: how many comments of a sentiment were given which.\n\n");
    text.push_str("| language | sentiment | negative | neutral | positive |\n|---|---|---|---|---|\n");
    let all = [("all".to_owned(), metrics.clone())];
    for (language, metrics) in all.iter().chain(&metrics.languages) {
        for (sentiment, [negative, neutral, positive]) in Sentiment::ALL.into_iter().zip(metrics.confusion) {
            let name = sentiment.name();
            let _ = writeln!(text, "| {language} | {name} | {negative} | {neutral} | {positive} |");
        }
    }
}
