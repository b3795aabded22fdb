//! The models that are embedded: read what is in `models/`, train, measure, write.

pub(crate) mod feedback;
pub(crate) mod interactions;

use crate::generate::BITS;
use crate::guard::Guard;
use crate::measured;
use crate::tree::{File, Tree};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use tenure_conformance::interactions::Bits;

const PAGE: &str = "models/README.md";
const OTHER_LANGUAGES: &str = "models/languages/other.txt";

/// The rows of one file, written by one person in one language.
#[derive(Debug)]
pub(crate) struct Part<R> {
    /// `sv_a`: the language, and who of several wrote it.
    pub(crate) name: String,
    pub(crate) rows: Vec<R>,
}

impl<R> Part<R> {
    pub(crate) fn language(&self) -> &str {
        self.name.split('_').next().unwrap_or_default()
    }

    pub(crate) fn author(&self) -> &str {
        self.name.split('_').nth(1).unwrap_or_default()
    }
}

fn parts<R: DeserializeOwned>(tree: &Tree, folder: &str) -> Result<Vec<Part<R>>, String> {
    let read = |file: &File| {
        let rows = file.text.lines().filter(|line| !line.is_empty());
        let rows: Result<Vec<R>, _> = rows.map(serde_json::from_str).collect();
        Ok(Part {
            name: file.stem().to_owned(),
            rows: rows.map_err(|error| format!("{}: {error}", file.path))?,
        })
    };
    tree.under(folder).filter(|file| file.extension() == "jsonl").map(read).collect()
}

/// The cues of a lexicon, each with its concept.
fn cues(tree: &Tree, path: &str) -> Result<Vec<(String, String)>, String> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Lexicon(BTreeMap<String, BTreeMap<String, Vec<String>>>);
    let Lexicon(concepts) =
        toml::from_str(&tree.file(path)?.text).map_err(|error| format!("{path}: {error}"))?;
    let mut cues = Vec::new();
    for (concept, languages) in concepts {
        cues.extend(languages.into_values().flatten().map(|cue| (concept.clone(), cue)));
    }
    Ok(cues)
}

/// Sentences in languages that are not to be named.
fn foreign(tree: &Tree) -> Result<Vec<String>, String> {
    let lines = tree.file(OTHER_LANGUAGES)?.text.lines();
    Ok(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

/// Trains, and writes the models' bytes and the page about their quality.
pub(crate) fn write(tree: &Tree) -> Result<(), String> {
    let interactions = interactions::Data::read(tree)?;
    let classifier = interactions.standard()?;
    let comments = feedback::Data::read(tree, &interactions)?;
    let reader = comments.standard()?;
    let page = &tree.file(PAGE)?.text;
    let page = measured::interactions::page(page, &interactions, &classifier)?;
    let page = measured::feedback::page(&page, &comments, &reader)?;
    write_file(tree, interactions::BYTES, &classifier.save(), classifier.id())?;
    write_file(tree, feedback::BYTES, &reader.save(), reader.id())?;
    let bits = Bits::of(&classifier).map_err(|error| error.to_string())?.to_text();
    write_file(tree, BITS, bits.as_bytes(), "digests")?;
    write_file(tree, PAGE, page.as_bytes(), "measured")
}

fn write_file(tree: &Tree, path: &str, bytes: &[u8], what: &str) -> Result<(), String> {
    std::fs::write(tree.path(path), bytes).map_err(|error| format!("{path}: {error}"))?;
    println!("wrote {path} ({} bytes, {what})", bytes.len());
    Ok(())
}

/// Whether the embedded models are those of the data, and the page speaks of them.
pub(crate) fn guard(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("the models are those of their data", 5);
    let interactions = interactions::Data::read(tree)?;
    interactions::guard(tree, &interactions, &mut guard)?;
    feedback::guard(tree, &feedback::Data::read(tree, &interactions)?, &mut guard)?;
    Ok(guard)
}
