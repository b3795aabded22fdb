//! Guards over the whole tree.

use crate::generate;
use crate::guard::Guard;
use crate::model;
use crate::tree::{File, Tree};

const LONGEST_FILE: usize = 500;

/// Files whose data is text in a language. Every other source is ASCII: what looks like a letter is that letter.
const TEXT_IN_A_LANGUAGE: [&str; 7] = [
    "crates/tenure-sample/src/words.rs",
    "crates/tenure-sample/tests/company/planted.rs",
    "crates/tenure/src/classify/text/mail.rs",
    "crates/tenure/tests/feedback.rs",
    "models/lexicon.toml",
    "models/sentiment.toml",
    "models/themes.toml",
];

/// Vector files that are about no single KPI.
const VECTORS_OF_NO_KPI: [&str; 3] = ["bad_input", "journeys", "support_bad_input"];

pub(crate) fn run(tree: &Tree) -> Result<(), String> {
    report(&[
        file_lengths(tree),
        ascii(tree),
        machine_paths(tree),
        vague_names(tree),
        one_arrow(tree)?,
        public_registry(tree)?,
        kpi_files(tree),
        aliases(),
        core_dependencies(tree)?,
        links(tree),
        named_paths(tree)?,
        summary(tree)?,
        compiled_guides(tree)?,
        generate::guard(tree)?,
        model::guard(tree)?,
    ])
}

/// Tells what every guard found; an error if one of them failed.
pub(crate) fn report(guards: &[Guard]) -> Result<(), String> {
    for guard in guards {
        println!("{}", guard.told());
    }
    let failed = guards.iter().filter(|guard| !guard.holds()).count();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} guards failed", guards.len())) }
}

fn is_code(file: &File) -> bool {
    matches!(file.extension(), "rs" | "py" | "pyi" | "c" | "cpp" | "h" | "hpp" | "sh" | "toml")
}

fn file_lengths(tree: &Tree) -> Guard {
    let mut guard = Guard::new("no source file is longer than 500 lines", 80);
    // Not C: `tenure.h` is generated, and its tests are long lists of cases.
    let written = |file: &&File| matches!(file.extension(), "rs" | "py" | "hpp");
    for file in tree.files.iter().filter(written) {
        let lines = file.text.lines().count();
        guard.expect(lines <= LONGEST_FILE, || format!("{} has {lines} lines", file.path));
    }
    guard
}

fn ascii(tree: &Tree) -> Guard {
    let mut guard = Guard::new("code is ASCII", 80);
    for file in tree.files.iter().filter(|file| is_code(file)) {
        if TEXT_IN_A_LANGUAGE.contains(&file.path.as_str()) {
            continue;
        }
        let line = file.text.lines().position(|line| !line.is_ascii());
        guard.expect(line.is_none(), || format!("{}:{}", file.path, line.unwrap_or_default() + 1));
    }
    for path in TEXT_IN_A_LANGUAGE {
        guard.expect(tree.file(path).is_ok_and(|file| !file.text.is_ascii()), || {
            format!("{path} needs no exception any more")
        });
    }
    guard
}

/// Whether a text names a folder at the root of one machine, or a package server of its own.
fn names_a_machine(line: &str) -> bool {
    // In parts, so that this file does not find itself.
    let folders = [concat!("/", "work"), concat!("/", "tmp"), concat!("/", "home"), concat!("/", "root")];
    let begins_a_path = |at: usize| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '-' | '_' | '}' | ')' | '>'))
    };
    let ends_a_name = |at: usize| {
        let after = line.get(at..).and_then(|text| text.chars().next());
        after.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-'))
    };
    let folder = folders.iter().any(|folder| {
        line.match_indices(folder).any(|(at, _)| begins_a_path(at) && ends_a_name(at + folder.len()))
    });
    folder || line.contains(concat!("local", "host:")) || line.contains(concat!("127.0.", "0.1"))
}

fn machine_paths(tree: &Tree) -> Guard {
    let mut guard = Guard::new("no file names a machine", 120);
    for file in &tree.files {
        let line = file.text.lines().position(names_a_machine);
        guard.expect(line.is_none(), || format!("{}:{}", file.path, line.unwrap_or_default() + 1));
    }
    guard
}

fn vague_names(tree: &Tree) -> Guard {
    let mut guard = Guard::new("no room without a name", 80);
    for file in tree.files.iter().filter(|file| is_code(file)) {
        let vague =
            file.path.split(['/', '.']).find(|part| matches!(*part, "utils" | "helpers" | "common" | "misc"));
        guard.expect(vague.is_none(), || file.path.clone());
    }
    guard
}

/// Lines of the lock file that begin a package of this name.
fn locked<'t>(tree: &'t Tree, name: &'t str) -> Result<impl Iterator<Item = &'t str>, String> {
    let wanted = format!("name = \"{name}\"");
    Ok(tree.file("Cargo.lock")?.text.lines().filter(move |line| *line == wanted))
}

fn one_arrow(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("one Arrow in the lock file", 1);
    let found = locked(tree, "arrow-array")?.count();
    guard.expect(found == 1, || format!("Cargo.lock holds {found} versions of arrow-array"));
    Ok(guard)
}

fn public_registry(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("every dependency is from the public registry", 50);
    for line in tree.file("Cargo.lock")?.text.lines().filter(|line| line.starts_with("source = ")) {
        let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        guard.expect(line == public, || line.to_owned());
    }
    Ok(guard)
}

/// The file of a KPI: `crates/tenure/src/kpi/<family>/<id>.rs`.
pub(crate) fn kpi_file<'t>(tree: &'t Tree, id: &str) -> Option<&'t File> {
    tree.under("crates/tenure/src/kpi").find(|file| file.stem() == id)
}

fn kpi_files(tree: &Tree) -> Guard {
    let mut guard = Guard::new("a KPI has a file and vectors of its name", 30);
    let ids: Vec<&str> = tenure::catalog().map(|card| card.id).collect();
    for id in &ids {
        guard.expect(kpi_file(tree, id).is_some(), || format!("no {id}.rs in crates/tenure/src/kpi"));
        let vectors = format!("tests/vectors/{id}.json");
        guard.expect(tree.file(&vectors).is_ok(), || format!("no {vectors}"));
    }
    for file in tree.under("crates/tenure/src/kpi").filter(|file| file.text.contains("static CARD")) {
        guard.expect(ids.contains(&file.stem()), || format!("{} is not in the catalog", file.path));
    }
    for file in tree.under("tests/vectors").filter(|file| file.extension() == "json") {
        let known = ids.contains(&file.stem()) || VECTORS_OF_NO_KPI.contains(&file.stem());
        guard.expect(known, || format!("{} is about no KPI", file.path));
    }
    guard
}

fn aliases() -> Guard {
    let mut guard = Guard::new("an alias leads to its KPI", 5);
    for card in tenure::catalog() {
        for (alias, _) in card.aliases {
            let leads_to = tenure::explain(alias).map(|explanation| explanation.card.id);
            guard.expect(leads_to.as_ref() == Ok(&card.id), || format!("{alias} leads to {leads_to:?}"));
        }
    }
    guard
}

/// The core may be used where there is no Arrow, Python or C, and brings little along.
fn core_dependencies(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("the core depends on what it may", 5);
    let may = [
        "aho-corasick",
        "chrono",
        "chrono-tz",
        "crc32fast",
        "hashbrown",
        "libm",
        "roaring",
        "serde",
        "serde_json",
        "statrs",
        "strsim",
        "thiserror",
        "toml",
        "unicode-normalization",
    ];
    let manifest = &tree.file("crates/tenure/Cargo.toml")?.text;
    let normal = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    for line in normal.take_while(|line| !line.starts_with('[')) {
        let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if !name.is_empty() && !name.starts_with('#') {
            guard.expect(may.contains(&name), || format!("crates/tenure depends on {name}"));
        }
    }
    Ok(guard)
}

/// The targets of links in a Markdown text, without code.
fn link_targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Odd parts lie between backticks.
        for part in line.split('`').step_by(2) {
            let found = part.match_indices("](").filter_map(|(at, _)| part.get(at + 2..)?.split(')').next());
            targets.extend(found.map(str::to_owned));
        }
    }
    targets
}

fn links(tree: &Tree) -> Guard {
    let mut guard = Guard::new("links between pages lead somewhere", 40);
    for file in tree.files.iter().filter(|file| file.extension() == "md") {
        for target in link_targets(&file.text) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            let found = tree.path(file.folder()).join(path).exists();
            guard.expect(found, || format!("{} links to {target}", file.path));
        }
    }
    guard
}

/// What the page about the code calls by its path is there.
fn named_paths(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("paths in the architecture exist", 15);
    for path in tree.file("ARCHITECTURE.md")?.text.split('`').skip(1).step_by(2) {
        let is_path = path.split('.').next_back() == Some("rs") || path.ends_with('/');
        if is_path && !path.contains(['<', ' ', '\n']) {
            let found = ["", "crates/tenure/src/"].iter().any(|from| tree.path(from).join(path).exists());
            guard.expect(found, || format!("there is no {path}"));
        }
    }
    Ok(guard)
}

fn summary(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("every page is in the table of contents", 10);
    let listed = link_targets(&tree.file("docs/src/SUMMARY.md")?.text);
    for file in tree.under("docs/src").filter(|file| file.extension() == "md") {
        let path = file.path.strip_prefix("docs/src/").unwrap_or_default();
        let found = path == "SUMMARY.md" || listed.iter().any(|listed| listed == path);
        guard.expect(found, || format!("{} is not in SUMMARY.md", file.path));
    }
    Ok(guard)
}

/// Pages with Rust in them are compiled by `docs/snippets.rs`; those made from the catalog are compiled where the
/// text comes from.
fn compiled_guides(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("Rust in the guides is compiled", 3);
    let included = &tree.file("docs/snippets.rs")?.text;
    let pages = tree.under("docs/src").chain(tree.file("README.md"));
    for file in pages.filter(|file| file.extension() == "md" && file.text.contains("```rust")) {
        if file.path.starts_with("docs/src/kpis/") {
            continue;
        }
        let path = file.path.strip_prefix("docs/").map_or_else(|| format!("../{}", file.path), str::to_owned);
        guard.expect(included.contains(&format!("\"{path}\"")), || {
            format!("{} is not in docs/snippets.rs", file.path)
        });
    }
    Ok(guard)
}

#[cfg(test)]
mod tests {
    use super::{link_targets, names_a_machine};

    #[test]
    fn machines_are_found_and_addresses_are_not() {
        assert!(names_a_machine(concat!("open(\"/", "tmp/x\")")));
        assert!(names_a_machine(concat!("cd /", "home/me")));
        assert!(!names_a_machine(concat!("https://example.org/", "home")));
        assert!(!names_a_machine(concat!("a /", "workspace of crates")));
    }

    #[test]
    fn links_in_code_are_no_links() {
        let text = "[a](b.md) and `[c](d.md)` and [`e`](f.md#g)\n```\n[h](i.md)\n```";
        assert_eq!(link_targets(text), ["b.md", "f.md#g"]);
    }
}
