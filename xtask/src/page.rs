//! The page of one KPI, from its card, its policy and the documentation of its module.

use crate::tree::File;
use std::fmt::Write;
use tenure::policy::FieldType;
use tenure::{Better, Card, Explanation, Splits};

/// The page in Markdown.
pub(crate) fn of(explanation: &Explanation, file: &File) -> String {
    let mut page = module_documentation(&file.text);
    let _ = write!(page, "\n## Card\n\n| `{}` | |\n|---|---|\n", explanation.card.id);
    for (name, value) in rows(explanation.card, explanation.splits) {
        if !value.is_empty() {
            let _ = writeln!(page, "| {name} | {} |", cell(&value));
        }
    }
    let _ = writeln!(page, "| written in | `{}` |", file.path);
    policy(&mut page, explanation);
    page.push_str("\n## Sources\n\n");
    for source in explanation.card.sources {
        let _ = writeln!(page, "- {source}");
    }
    page
}

/// The `//!` lines of a module: title, question, definition, example, edge cases. Links to modules beside it become
/// links to their pages, and code without a language is Rust.
fn module_documentation(source: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line == "```" {
            in_code = !in_code;
            text.push_str(if in_code { "```rust" } else { line });
        } else {
            text.push_str(&link_to_pages(line));
        }
        text.push('\n');
    }
    text
}

fn link_to_pages(line: &str) -> String {
    let line = line.replace("](mod@super::", "](super::");
    let mut parts = line.split("](super::");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(')') {
            Some((name, rest)) => {
                let _ = write!(text, "]({name}.md){rest}");
            }
            None => text.push_str(part),
        }
    }
    text
}

fn rows(card: &Card, splits: Splits) -> [(&'static str, String); 13] {
    let alias = |(alias, policy): &(&str, &str)| format!("`{alias}`: `{policy}`");
    [
        ("formula", card.formula.to_owned()),
        ("unit", format!("`{}`", card.unit)),
        ("range", card.range.map_or_else(String::new, |(low, high)| format!("{low} to {high}"))),
        ("better", better(card.better).to_owned()),
        ("a unit is", format!("a row of `{}`, known by `{}`", card.table, card.key)),
        ("reads", codes(card.inputs)),
        ("dimensions", codes(card.dimensions)),
        ("more for `by`", codes(card.attributes)),
        (
            "plain values",
            card.values.map_or_else(String::new, |column| format!("`{column}` alone is enough")),
        ),
        ("may be split by", split_by(splits)),
        ("state grows with", growth(card.growth).to_owned()),
        ("also known as", card.aliases.iter().map(alias).collect::<Vec<_>>().join("; ")),
        ("revision", card.revision.to_string()),
    ]
}

fn policy(page: &mut String, explanation: &Explanation) {
    let policy = &explanation.policy;
    if !policy.fields.is_empty() {
        page.push_str("\n## Policy\n\n| field | takes | default | what it decides |\n|---|---|---|---|\n");
        for field in &policy.fields {
            let default =
                if field.default.is_null() { String::new() } else { format!("`{}`", field.default) };
            let (takes, doc) = (takes(&field.kind), cell(field.doc));
            let _ = writeln!(page, "| `{}` | {} | {} | {doc} |", field.name, cell(&takes), cell(&default));
        }
    }
    let choices: Vec<_> =
        policy.fields.iter().filter_map(|field| Some((field.name, named(&field.kind)?))).collect();
    for (name, choices) in choices {
        let _ = write!(page, "\n`{name}`:\n\n");
        for (choice, meaning) in choices {
            let _ = writeln!(page, "- `{choice}`: {meaning}");
        }
    }
    if !policy.presets.is_empty() {
        page.push_str("\n## Presets\n\n| preset | what it sets, and who says so |\n|---|---|\n");
        for preset in &policy.presets {
            let _ = writeln!(page, "| `{}` | {} |", preset.name, cell(preset.doc));
        }
    }
}

fn named(kind: &FieldType) -> Option<&[(&'static str, &'static str)]> {
    match kind {
        FieldType::Choice(choices)
        | FieldType::Choices(choices)
        | FieldType::List(choices)
        | FieldType::SpanOr(choices) => Some(choices),
        _ => None,
    }
}

fn takes(kind: &FieldType) -> String {
    match kind {
        FieldType::Choice(_) => "one of the names below".to_owned(),
        FieldType::Choices(_) => "one of the names below, or a list of them".to_owned(),
        FieldType::List(_) => "a list of the names below, which may be empty".to_owned(),
        FieldType::Statistics => {
            "`\"mean\"`, `\"median\"`, a percentile such as `\"p90\"`, or a list of them".to_owned()
        }
        FieldType::Text => "text".to_owned(),
        FieldType::Flag => "true or false".to_owned(),
        FieldType::Whole => "a whole number".to_owned(),
        FieldType::Number => "a number".to_owned(),
        FieldType::Scale => "`[lowest, highest]`".to_owned(),
        FieldType::Window => "`\"all\"`, or days such as `\"90d\"`".to_owned(),
        FieldType::Within => "a number of days, or `\"ever\"` (also written `null`)".to_owned(),
        FieldType::Span => "a span of time such as `\"30m\"`, `\"24h\"` or `\"7d\"`".to_owned(),
        FieldType::SpanOr(_) => {
            "a span of time such as `\"30m\"` or `\"24h\"`, or one of the names below".to_owned()
        }
        FieldType::Rolling => "`\"period\"`, or days such as `\"28d\"`".to_owned(),
        FieldType::Names => "a name, or a list of names".to_owned(),
        FieldType::Ages => "a whole number, or a list of them".to_owned(),
        FieldType::Brackets => "a list of `[first, last]`".to_owned(),
        other => format!("{other:?}"),
    }
}

fn better(better: Better) -> &'static str {
    match better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Declared => "as the policy declares",
        _ => "",
    }
}

fn split_by(splits: Splits) -> String {
    match splits {
        Splits::Rows => "rows, in any way".to_owned(),
        Splits::Entity(column) => format!("`{column}`: all rows of one stay together"),
        _ => "nothing: the data stays together".to_owned(),
    }
}

fn growth(growth: &str) -> &str {
    match growth {
        "fixed" => "the number of periods and groups only",
        "values" => "the number of distinct values",
        "ids" => "the number of distinct ids",
        other => other,
    }
}

fn codes(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A text as one cell of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::{cell, link_to_pages, module_documentation};

    #[test]
    fn a_module_documentation_ends_with_the_first_other_line() {
        assert_eq!(module_documentation("//! # A\n//!\n//! b\n\nuse c;\n//! no\n"), "# A\n\nb\n");
    }

    #[test]
    fn links_between_modules_link_pages() {
        assert_eq!(
            link_to_pages("as [`nps`](mod@super::nps), [b](super::b)"),
            "as [`nps`](nps.md), [b](b.md)"
        );
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        assert_eq!(cell("a | b"), "a \\| b");
    }
}
