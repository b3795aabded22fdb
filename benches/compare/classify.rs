//! What interactions are for, by their texts alone: the labelled texts of `models/`, over and over.

use crate::{Fallible, Suite, timed, write};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use serde_json::{Value, json};
use std::fs::{File, read_dir, read_to_string};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenure::classify::{Classification, Classifier, ClassifyOptions};
use tenure_arrow::Frame;

pub(crate) const SUITE: Suite = Suite { data, cases, answer };

/// The parts of the labelled texts: what is learned from, and what only measures.
const PARTS: [&str; 2] = ["train", "evaluation"];

fn cases() -> Vec<&'static str> {
    vec!["short", "evidence", "all"]
}

/// As long as a message in a chat.
const SHORT: usize = 160;

/// The texts of one part and their labels.
fn labelled(part: &str) -> Fallible<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/interactions").join(part);
    let mut files: Vec<PathBuf> =
        read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Fallible<_>>()?;
    files.sort();
    let mut rows = Vec::new();
    for file in files {
        for line in read_to_string(file)?.lines() {
            let row: Value = serde_json::from_str(line)?;
            let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            rows.push((field("text"), field("label")));
        }
    }
    Ok(rows)
}

fn strings<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// Both parts with their labels, and so many texts to classify, short ones and of any length.
fn data(folder: &Path, size: usize) -> Fallible<()> {
    let mut texts = Vec::new();
    for part in PARTS {
        let rows = labelled(part)?;
        let (text, label) =
            (strings(rows.iter().map(|row| &*row.0)), strings(rows.iter().map(|row| &*row.1)));
        let batch = RecordBatch::try_from_iter([("text", text), ("label", label)])?;
        write(&folder.join(format!("{part}.arrow")), [Ok(batch)])?;
        texts.extend(rows.into_iter().map(|row| row.0));
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let short = texts.iter().copied().filter(|text| text.chars().count() <= SHORT).collect();
    for (name, texts) in [("short", short), ("all", texts)] {
        // The step shares no divisor with their number, so that languages and lengths alternate and all come up.
        let step = [1009, 1013].into_iter().find(|step| !texts.len().is_multiple_of(*step)).unwrap_or(1);
        let order = (0..size).filter_map(|at| texts.get(at * step % texts.len().max(1)).copied());
        let batch = RecordBatch::try_from_iter([("text", strings(order))])?;
        write(&folder.join(format!("{name}.arrow")), [Ok(batch)])?;
    }
    Ok(())
}

fn frame(folder: &Path, name: &str) -> Fallible<Frame> {
    let file = BufReader::new(File::open(folder.join(format!("{name}.arrow")))?);
    Ok(Frame::from_reader(FileReader::try_new(file, None)?)?)
}

fn answer(case: &str, folder: &Path, _: usize, repeats: usize) -> Fallible<Value> {
    let classifier = Classifier::standard()?;
    let evaluation = frame(folder, "evaluation")?;
    let found = classifier.classify_table(&evaluation.table("interactions")?, &options(0))?;
    let right = labelled("evaluation")?;
    let hits = found.iter().zip(&right).filter(|(found, (_, right))| likeliest(found) == right).count();
    let texts = frame(folder, if case == "all" { "all" } else { "short" })?;
    let table = texts.table("interactions")?;
    let options = options(if case == "evidence" { 3 } else { 0 });
    let (seconds, found) = timed(repeats, || Ok(classifier.classify_table(&table, &options)?))?;
    Ok(json!({
        "case": case, "rows": table.rows(), "seconds": seconds, "cells": [found.len()],
        "said": format!("right {:.3}", hits as f64 / right.len() as f64),
    }))
}

fn options(evidence: usize) -> ClassifyOptions {
    // Every text gets its likeliest label, as scikit-learn gives it.
    ClassifyOptions { evidence, threshold: 0.0, ..ClassifyOptions::default() }
}

fn likeliest(found: &Classification) -> &str {
    found.label.map_or("", |label| label.name())
}
