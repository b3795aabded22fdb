//! Addresses and message ids, bare or as mail headers write them.

use crate::column::{Column, Reading};
use std::borrow::Cow;

/// The bare address: `kim@firm.example` of `Kim <kim@firm.example>`.
pub(super) fn address(text: &str) -> &str {
    match text.rsplit_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or(rest).trim(),
        None => text.trim(),
    }
}

/// What follows the `@` of an address; nothing if it has none.
pub(super) fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

/// The addresses of a header such as `Kim <kim@firm.example>, "Doe, Ann" <ann@client.example>`.
fn addresses(header: &str) -> impl Iterator<Item = &str> {
    header.split([',', ';', '\n']).flat_map(|part| {
        let bracketed = part.contains('<').then(|| address(part));
        // A part of a quoted name is no address, whatever stands in it.
        let is_name = part.matches('"').count() % 2 == 1;
        let bare = if bracketed.is_some() || is_name { "" } else { part };
        bracketed.into_iter().chain(bare.split_whitespace()).filter(|found| found.contains('@'))
    })
}

/// The addresses in a row of a column: of a list of them, or of a header.
pub(super) fn each_address<'c>(column: &'c Column<'_>, local: usize, mut tell: impl FnMut(&'c str)) {
    let mut of = |reading: Reading<'c>| {
        if let Reading::Text(text) = reading {
            addresses(text).for_each(&mut tell);
        }
    };
    match column.list(local) {
        Some((items, range)) => range.for_each(|at| of(items.read(at))),
        None => of(column.read(local)),
    }
}

/// A message id without the brackets and spaces that headers put around it. Of several in brackets the first.
pub(super) fn message_id(reading: Reading<'_>) -> Option<Cow<'_, str>> {
    let id = match reading {
        Reading::Text(text) => Cow::Borrowed(match text.split_once('<') {
            Some((_, rest)) => rest.split('>').next().unwrap_or(rest).trim(),
            None => text.trim(),
        }),
        Reading::Whole(number) => Cow::Owned(number.to_string()),
        _ => return None,
    };
    (!id.is_empty()).then_some(id)
}

/// The last message id in a row of a column: of a list of them, or of a header that separates them.
pub(super) fn last_message_id<'c>(column: &'c Column<'_>, local: usize) -> Option<Cow<'c, str>> {
    if let Some((items, range)) = column.list(local) {
        return range.rev().find_map(|at| message_id(items.read(at)));
    }
    match column.read(local) {
        Reading::Text(text) => {
            let last = match text.rfind('<') {
                Some(at) => text.get(at..),
                None => text
                    .rsplit(|at: char| at.is_whitespace() || at == ',' || at == ';')
                    .find(|id| !id.is_empty()),
            };
            message_id(Reading::Text(last?))
        }
        reading => message_id(reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_bare_and_in_headers() {
        let found = |header: &'static str| addresses(header).collect::<Vec<_>>();
        assert_eq!(found("kim@a.example"), ["kim@a.example"]);
        assert_eq!(
            found("kim@a.example; sue@a.example\n ann@b.example"),
            ["kim@a.example", "sue@a.example", "ann@b.example"]
        );
        assert_eq!(
            found(r#"Kim <kim@a.example>, "Doe, Ann" <ann@b.example>"#),
            ["kim@a.example", "ann@b.example"]
        );
        assert_eq!(found(r#""me@home, or not" <ann@b.example>"#), ["ann@b.example"]);
        assert_eq!(found("undisclosed-recipients:;"), <[&str; 0]>::default());
        assert_eq!(address(" Kim <kim@a.example> "), "kim@a.example");
        assert_eq!(domain("kim@a.example"), Some("a.example"));
        assert_eq!(domain("kim"), None);
    }

    #[test]
    fn ids_come_with_and_without_brackets() {
        let id = |text: &'static str| message_id(Reading::Text(text));
        assert_eq!(id(" <a@x> ").as_deref(), Some("a@x"));
        assert_eq!(id("a@x").as_deref(), Some("a@x"));
        assert_eq!(id("<a@x> (Ann's message of Monday)").as_deref(), Some("a@x"));
        assert_eq!(id("<>"), None);
        assert_eq!(message_id(Reading::Whole(7)).as_deref(), Some("7"));
    }

    #[test]
    fn the_last_reference_counts() {
        let headers = Column::from(&["<a@x> <b@x>", "a@x, b@x ", "<a@x><b@x>", "b@x", " "]);
        let last: Vec<_> = (0..5).map(|row| last_message_id(&headers, row)).collect();
        let b = Some(Cow::Borrowed("b@x"));
        assert_eq!(last, [b.clone(), b.clone(), b.clone(), b.clone(), None]);
        let lists = Column::text_lists(&[Some(vec!["a@x", "<b@x>"]), Some(vec![]), None]);
        let last: Vec<_> = (0..3).map(|row| last_message_id(&lists, row)).collect();
        assert_eq!(last, [b, None, None]);
    }
}
