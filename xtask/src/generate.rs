//! The pages that are made from the catalog: one for each KPI, their index, and the blocks between markers in pages
//! that people write. Beside them, what the languages compare of the classifier.

use crate::check::kpi_file;
use crate::guard::Guard;
use crate::page;
use crate::tree::Tree;
use std::collections::BTreeMap;
use std::fmt::Write;
use tenure::classify::Classifier;
use tenure::{Card, catalog, explain};
use tenure_conformance::interactions::Bits;

const BEGIN: &str = "<!-- generated from the catalog: begin -->\n";
const END: &str = "<!-- generated from the catalog: end -->\n";
const PAGES: &str = "docs/src/kpis";
/// Digests of the classifier's answers, which every language compares with those of its own.
pub(crate) const BITS: &str = "tests/classify/bits.txt";

/// Writes what differs.
pub(crate) fn write(tree: &Tree) -> Result<(), String> {
    let pages = pages(tree)?;
    for (path, text) in &pages {
        if tree.file(path).map(|file| &file.text) != Ok(text) {
            let full = tree.path(path);
            let folder = full.parent().ok_or_else(|| format!("{path} lies in no folder"))?;
            let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&full, text));
            written.map_err(|error| format!("{path}: {error}"))?;
            println!("wrote {path}");
        }
    }
    for path in left_over(tree, &pages) {
        std::fs::remove_file(tree.path(path)).map_err(|error| format!("{path}: {error}"))?;
        println!("removed {path}");
    }
    Ok(())
}

/// Whether the pages are those that the catalog makes.
pub(crate) fn guard(tree: &Tree) -> Result<Guard, String> {
    let mut guard = Guard::new("generated pages are those of the catalog", 15);
    let pages = pages(tree)?;
    for (path, text) in &pages {
        guard.expect(tree.file(path).map(|file| &file.text) == Ok(text), || {
            format!("{path} is out of date: run cargo xtask generate")
        });
    }
    for path in left_over(tree, &pages) {
        guard.problem(format!("{path} belongs to no KPI: run cargo xtask generate"));
    }
    Ok(guard)
}

fn left_over<'t>(tree: &'t Tree, pages: &BTreeMap<String, String>) -> Vec<&'t str> {
    tree.under(PAGES).map(|file| file.path.as_str()).filter(|path| !pages.contains_key(*path)).collect()
}

/// All generated texts by their path.
fn pages(tree: &Tree) -> Result<BTreeMap<String, String>, String> {
    let mut pages = BTreeMap::new();
    let mut families: Families<'_> = BTreeMap::new();
    for card in catalog() {
        let file = kpi_file(tree, card.id).ok_or_else(|| format!("{} has no file", card.id))?;
        let explanation = explain(card.id).map_err(|error| error.to_string())?;
        pages.insert(format!("{PAGES}/{}.md", card.id), page::of(&explanation, file));
        let family = file.folder().rsplit('/').next().unwrap_or_default();
        families.entry(family).or_default().push(card);
    }
    pages.insert(format!("{PAGES}/README.md"), index(&families)?);
    for (path, block) in
        [("README.md", table(&families, "docs/src/kpis/")?), ("docs/src/SUMMARY.md", contents(&families))]
    {
        pages.insert(path.to_owned(), between_markers(path, &tree.file(path)?.text, &block)?);
    }
    let standard = Classifier::standard().map_err(|error| error.to_string())?;
    pages.insert(BITS.to_owned(), Bits::of(standard).map_err(|error| error.to_string())?.to_text());
    Ok(pages)
}

/// The cards of each family, in the order of the catalog.
type Families<'t> = BTreeMap<&'t str, Vec<&'static Card>>;

fn index(families: &Families<'_>) -> Result<String, String> {
    let mut text = "# The catalog\n\nEvery KPI that this version computes, made from the catalog itself: the same \
                    as `tenure::catalog()` in Rust,\n`tenure.catalog()` in Python and `tenure_catalog` in C.\n\n"
        .to_owned();
    text.push_str(&table(families, "")?);
    text.push_str("\n## Other names\n\n| name | stands for |\n|---|---|\n");
    for card in families.values().flatten() {
        for (alias, policy) in card.aliases {
            let _ = writeln!(text, "| `{alias}` | [`{0}`]({0}.md) with `{policy}` |", card.id);
        }
    }
    Ok(text)
}

fn table(families: &Families<'_>, folder: &str) -> Result<String, String> {
    let mut text = "| family | KPI | question | unit | presets |\n|---|---|---|---|---|\n".to_owned();
    for (family, cards) in families {
        for card in cards {
            let policy = explain(card.id).map_err(|error| error.to_string())?.policy;
            let presets: Vec<&str> = policy.presets.iter().map(|preset| preset.name).collect();
            let (id, question) = (card.id, page::cell(card.question));
            let presets = presets.join(", ");
            let _ = writeln!(
                text,
                "| {family} | [`{id}`]({folder}{id}.md) | {question} | {} | {presets} |",
                card.unit
            );
        }
    }
    Ok(text)
}

fn contents(families: &Families<'_>) -> String {
    let cards = families.values().flatten();
    cards.fold(String::new(), |mut text, card| {
        let _ = writeln!(text, "  - [{}](kpis/{}.md)", card.name, card.id);
        text
    })
}

fn between_markers(path: &str, text: &str, block: &str) -> Result<String, String> {
    let (before, rest) = text.split_once(BEGIN).ok_or_else(|| format!("{path} has no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{path} has no line {END}"))?;
    Ok(format!("{before}{BEGIN}{block}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, between_markers};

    #[test]
    fn only_what_lies_between_the_markers_changes() {
        let text = format!("a\n{BEGIN}old\n{END}z\n");
        assert_eq!(between_markers("page", &text, "new\n"), Ok(format!("a\n{BEGIN}new\n{END}z\n")));
        assert!(between_markers("page", "no markers", "new\n").is_err());
    }
}
