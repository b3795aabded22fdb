//! The classifier gives the same bits however it is asked, and its answers hang together.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test stops at what it does not expect"
)]

use serde_json::Value;
use tenure::classify::{Classification, Classifier, ClassifyOptions, Interaction, Strip};
use tenure_conformance::interactions::{Bits, digest, evaluation};
use tenure_conformance::{Written, table};

fn standard() -> &'static Classifier {
    Classifier::standard().expect("the embedded classifier")
}

fn explained() -> ClassifyOptions {
    ClassifyOptions { evidence: 5, strip: Strip::NOTHING, ..ClassifyOptions::default() }
}

/// Answers row by row, from plain structs instead of a table.
fn one_by_one(columns: &[(String, Written)], options: &ClassifyOptions) -> Vec<Classification> {
    let values = |name: &str| &columns.iter().find(|(known, _)| known == name).expect("a column").1.values;
    (0..values("text").len())
        .map(|row| {
            let word = |name: &str| values(name)[row].as_str();
            let departments: Vec<&str> = values("departments")[row]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let interaction = Interaction {
                text: word("text"),
                author: word("author"),
                channel: word("channel"),
                trigger: word("trigger"),
                purchase_phase: word("purchase_phase"),
                scope: word("scope"),
                horizon_days: values("horizon_days")[row].as_f64(),
                transactional: values("transactional")[row].as_bool(),
                departments: &departments,
                outcome_measure: word("outcome_measure"),
                ..Interaction::default()
            };
            standard().classify(&interaction, options)
        })
        .collect()
}

#[test]
fn the_digests_are_those_that_all_languages_compare() {
    let bits = Bits::of(standard()).expect("answers");
    let written = include_str!("../classify/bits.txt");
    assert_eq!(bits.to_text(), written, "another classifier: run cargo xtask generate");
    assert_eq!(bits.languages.len(), 5);
    assert!(bits.languages.values().all(|(rows, _)| *rows == 100));
}

#[test]
fn structs_tables_and_explanations_give_the_same_bits() {
    let plain = ClassifyOptions::default();
    for (language, columns) in evaluation() {
        let table = table("interactions", &columns);
        let answers = standard().classify_table(&table, &plain).expect("answers");
        let with_evidence = ClassifyOptions { evidence: 5, ..plain.clone() };
        let others = [one_by_one(&columns, &plain), one_by_one(&columns, &with_evidence)];
        assert!(others.iter().all(|other| digest(other) == digest(&answers)), "{language}");
        let saved = Classifier::load(&standard().save()).expect("its own bytes");
        let again = saved.classify_table(&table, &plain).expect("answers");
        assert_eq!(digest(&again), digest(&answers), "{language}, saved and loaded");
    }
}

#[test]
fn answers_hang_together() {
    let mut spans = 0;
    for (_, columns) in evaluation() {
        let texts = &columns[0].1.values;
        let answers =
            standard().classify_table(&table("interactions", &columns), &explained()).expect("answers");
        for (answer, text) in answers.iter().zip(texts) {
            let all = answer.probabilities();
            assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert_eq!(answer.p_service_any.to_bits(), (answer.p_support + answer.p_service).to_bits());
            assert_eq!(answer.abstained, answer.label.is_none());
            assert!(answer.axes.values().iter().all(|place| (-1.0..=1.0).contains(place)));
            let text: Vec<char> = text.as_str().expect("a text").chars().collect();
            for piece in answer.evidence.iter().filter(|piece| piece.what == "text") {
                let (start, end) = (piece.start.expect("a place"), piece.end.expect("a place"));
                assert_eq!(text[start..end].iter().collect::<String>(), piece.value);
                spans += 1;
            }
        }
    }
    assert!(spans > 1_000, "only {spans} spans were compared with their texts");
}
