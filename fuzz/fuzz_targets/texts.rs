//! Any texts, read by damaged models and by those that come with the library: numbers and places that hold, or an error.
//! The bytes begin as those of small models, and the checksum is put right afterwards.
#![no_main]

mod damaged;

use arbitrary::Arbitrary;
use damaged::damaged;
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use tenure::classify::{
    Classifier, ClassifyOptions, Comment, FeedbackKnowledge, FeedbackOptions, FeedbackReader, FitOptions,
    Interaction, Knowledge, Label, Labelled, LabelledComment, Sentiment, Strip,
};

/// What the small models learn from: words that the input may well spell.
const ROWS: [(&str, usize); 6] =
    [("it fails", 0), ("no good", 0), ("how dear", 1), ("a bill", 1), ("our goal", 2), ("so glad :)", 2)];
const CUES: [(&str, &str); 6] = [
    ("negative", "fail"),
    ("positive", "glad"),
    ("negation", "no "),
    ("contrast", "but "),
    ("price", "dear"),
    ("emoji_positive", ":)"),
];

/// The bytes of a small classifier and of a small reader.
fn small() -> &'static (Vec<u8>, Vec<u8>) {
    static SMALL: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    SMALL.get_or_init(|| {
        let groups = ["a", "b"];
        let of_rows = || ROWS.iter().zip(groups.iter().cycle());
        let labelled: Vec<Labelled<'_>> = of_rows()
            .map(|((text, place), group)| Labelled {
                interaction: Interaction { author: Some("customer"), ..Interaction::from(*text) },
                label: Label::ALL[*place],
                language: Some("en"),
                group: Some(group),
            })
            .collect();
        let knowledge = Knowledge { cues: &CUES, foreign: &["vad ska jag"] };
        let options = FitOptions { folds: 2, ..FitOptions::default() };
        let classifier = Classifier::train(&labelled, &knowledge, &options).expect("rows of every label");
        let comments: Vec<LabelledComment<'_>> = of_rows()
            .map(|((text, place), group)| LabelledComment {
                comment: Comment::from(*text),
                sentiment: Sentiment::ALL[*place],
                themes: if *place == 1 { &["price"] } else { &[] },
                language: Some("en"),
                group: Some(group),
            })
            .collect();
        let knowledge = FeedbackKnowledge { cues: &CUES, languages: &[("und", "vad ska jag")] };
        let reader = FeedbackReader::train(&comments, &knowledge, "small").expect("rows of every sentiment");
        (classifier.save(), reader.save())
    })
}

#[derive(Arbitrary, Debug)]
struct Input {
    damage: Option<(u16, Vec<(u16, u8)>)>,
    texts: Vec<String>,
    word: String,
    numbers: [Option<f64>; 3],
    kind: Option<u8>,
    strip: [bool; 3],
    evidence: u8,
    most: u16,
    themes: Vec<(String, String)>,
}

/// Whether probabilities are such.
fn check(probabilities: [f64; 3]) {
    assert!(probabilities.iter().all(|probability| (0.0..=1.0).contains(probability)), "{probabilities:?}");
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{probabilities:?}");
}

/// Whether words stand where they are said to.
fn stands(text: &str, value: &str, start: usize, end: usize) {
    let words: String = text.chars().skip(start).take(end - start).collect();
    assert_eq!(words, value);
}

fuzz_target!(|input: Input| {
    let [markup, quotes, signature] = input.strip;
    let strip = Strip { markup, quotes, signature };
    let (evidence, max_characters) = (usize::from(input.evidence % 8), usize::from(input.most));
    let [first, second, third] = input.numbers;

    let own;
    let classifier = match &input.damage {
        None => Classifier::standard().expect("the classifier that comes with the library"),
        Some((cut, edits)) => match Classifier::load(&damaged(small().0.clone(), *cut, edits.clone())) {
            Ok(classifier) => {
                own = classifier;
                assert_eq!(Classifier::load(&own.save()).expect("its own bytes").save(), own.save());
                &own
            }
            Err(_) => Classifier::standard().expect("the classifier that comes with the library"),
        },
    };
    let options = ClassifyOptions { evidence, strip, max_characters, ..ClassifyOptions::default() };
    let departments = [input.word.as_str(), "product", "sales"];
    for text in &input.texts {
        let interaction = Interaction {
            text: Some(text),
            trigger: Some(&input.word),
            horizon_days: first,
            departments: &departments,
            ..Interaction::default()
        };
        let found = classifier.classify(&interaction, &options);
        check(found.probabilities());
        assert!(found.axes.values().iter().all(|place| (-1.0..=1.0).contains(place)), "{:?}", found.axes);
        for reason in &found.evidence {
            assert!(reason.weight.is_finite());
            if let (Some(start), Some(end)) = (reason.start, reason.end) {
                stands(text, &reason.value, start, end);
            }
        }
    }

    let own;
    let reader = match &input.damage {
        None => FeedbackReader::standard().expect("the reader that comes with the library"),
        Some((cut, edits)) => match FeedbackReader::load(&damaged(small().1.clone(), *cut, edits.clone())) {
            Ok(reader) => {
                own = reader;
                assert_eq!(FeedbackReader::load(&own.save()).expect("its own bytes").save(), own.save());
                &own
            }
            Err(_) => FeedbackReader::standard().expect("the reader that comes with the library"),
        },
    };
    let mut options = FeedbackOptions { evidence, strip, max_characters, ..FeedbackOptions::default() };
    for (name, word) in input.themes {
        options.themes.entry(name).or_default().push(word);
    }
    let kinds = ["nps", "csat", "ces", "happiness", "resolved"];
    let kind = input.kind.map(|kind| kinds[usize::from(kind) % kinds.len()]);
    for text in &input.texts {
        let comment = Comment { text: Some(text), score: first, scale_min: second, scale_max: third, kind };
        let Ok(said) = reader.read(&comment, &options) else { return };
        check(said.probabilities());
        assert!((-1.0..=1.0).contains(&said.polarity));
        for reason in &said.evidence {
            assert!(reason.weight.is_finite());
            if let (Some(start), Some(end)) = (reason.start, reason.end) {
                stands(text, &reason.value, start, end);
            }
        }
        for mention in &said.mentions {
            stands(text, &mention.value, mention.start, mention.end);
        }
    }
});
