//! What the standard reader makes of real texts that it was not trained with. They are no part of the project: without
//! them the test says so and passes.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::path::{Path, PathBuf};
use tenure::classify::{FeedbackOptions, FeedbackReader, Sentiment};
use tenure::{Column, Table};

use Sentiment::{Negative, Neutral, Positive};

/// Texts with the sentiment that others gave them.
type Texts = Vec<(Sentiment, String)>;

/// Where the texts are, beside the project.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// Says something even if the test passes.
#[allow(clippy::explicit_write, reason = "the runner swallows what the macros print")]
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

/// One text a line, all of one sentiment.
fn lines_of(text: &str, sentiment: Sentiment) -> Texts {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| (sentiment, line.to_owned())).collect()
}

/// One text a line, with its label behind it.
fn labelled(text: &str, separator: char, labels: &[(&str, Sentiment)]) -> Texts {
    let lines = text.lines().filter_map(|line| line.rsplit_once(separator));
    lines
        .filter_map(|(text, label)| {
            let (_, sentiment) = labels.iter().find(|(name, _)| *name == label.trim())?;
            Some((*sentiment, text.to_owned()))
        })
        .collect()
}

/// Of positive and negative texts, the share that is on the right side of the middle.
fn right_side(name: &str, texts: &Texts) -> f64 {
    assert!(texts.len() > 1000, "{name} has only {} texts", texts.len());
    let column: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let table = Table::new("comments").column("text", Column::from(column));
    let reader = FeedbackReader::standard().unwrap();
    let found = reader.read_table(&table, &FeedbackOptions::default()).unwrap();
    let answers = || texts.iter().map(|(sentiment, _)| *sentiment).zip(&found);
    let right = answers().filter(|(sentiment, found)| found.sentiment == Some(*sentiment)).count();
    let sided = || answers().filter(|(sentiment, _)| *sentiment != Neutral);
    let right_side =
        sided().filter(|(sentiment, found)| (found.polarity > 0.0) == (*sentiment == Positive)).count();
    let (accuracy, side) =
        (right as f64 / texts.len() as f64, right_side as f64 / sided().count().max(1) as f64);
    let (accuracy_percent, side_percent) = (100.0 * accuracy, 100.0 * side);
    say(&format!(
        "{name}: {} texts, {accuracy_percent:.1} % right, {side_percent:.1} % on the right side",
        texts.len()
    ));
    side
}

/// The floors lie clearly above a coin and above always naming the more frequent side (Indonesian 65 %, Thai 59 %,
/// Swedish 50 %, Turkish 51 %). Neutral means another thing to each collection (news, advertisements, questions), so only
/// the sides have floors.
#[test]
fn real_comments_are_on_the_right_side() {
    let folder = folder();
    if !folder.exists() {
        say("skipped: real comments are read from ../shared/data, which is not there");
        return;
    }
    let file = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let words = [("negative", Negative), ("neutral", Neutral), ("positive", Positive)];
    let digits = [("0", Negative), ("1", Positive), ("2", Neutral)];
    let thai = [("neg", Negative), ("neu", Neutral), ("pos", Positive)]
        .map(|(name, sentiment)| lines_of(&file(&format!("text_wisesight_th/{name}.txt")), sentiment));
    let swedish = file("text_swedish_sentiment/sentiment-sv-small.csv");
    let turkish = file("text_tr_ecommerce_reviews/e-ticaret_urun_yorumlari.csv");
    for (name, texts, floor) in [
        ("SmSA (id)", labelled(&file("text_indonlu_smsa/train.tsv"), '\t', &words), 0.75),
        ("Wisesight (th)", thai.concat(), 0.62),
        ("reviews (sv)", labelled(&swedish, ',', &words), 0.75),
        ("reviews (tr)", labelled(&turkish, ';', &digits), 0.78),
    ] {
        let side = right_side(name, &texts);
        assert!(side >= floor, "{name}: {side:.3} on the right side, below {floor}");
    }
}
