//! HTML mail as plain text.
//!
//! Not a parser of HTML: what a reader would not see goes, and the rest stays. A text that merely has a `<` in it is left
//! alone, because only elements that mails are made of count as such.

/// Elements that mails are made of; any other name between angle brackets is text.
const ELEMENTS: [&str; 52] = [
    "a",
    "abbr",
    "article",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "o:p",
    "ol",
    "p",
    "pre",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sup",
    "table",
    "tbody",
    "td",
    "tr",
    "u",
    "ul",
];
/// Elements whose text is not shown.
const HIDDEN: [&str; 3] = ["head", "script", "style"];
/// Elements within a line; all others begin a new one.
const WITHIN_A_LINE: [&str; 15] =
    ["a", "abbr", "b", "big", "code", "em", "font", "i", "s", "small", "span", "strong", "sup", "u", "img"];
/// What mail programs put around the history below an answer.
const HISTORY: [&str; 6] =
    ["gmail_quote", "yahoo_quoted", "moz-cite-prefix", "appendonsend", "divrplyfwdmsg", "protonmail_quote"];
/// The longest tag that is looked at: long enough for the styles that mails carry.
const LONGEST_TAG: usize = 4096;

/// The characters that are written by name.
const NAMED: [(&str, char); 8] = [
    ("nbsp", ' '),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("rsquo", '\''),
    ("lsquo", '\''),
];

/// Whether there is markup in a text.
pub(crate) fn is_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.contains(&b'<')
        && text.match_indices('<').any(|(at, _)| tag(text.get(at..).unwrap_or_default()).is_some())
}

/// A tag or comment at the beginning of a text.
struct Tag<'t> {
    /// The element's name as written; empty for a comment.
    name: &'t str,
    closes: bool,
    /// All of it, brackets included.
    whole: &'t str,
}

fn tag(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    if inner.starts_with("!--") {
        let end = text.find("-->").map_or(text.len(), |end| end + 3);
        return Some(Tag { name: "", closes: false, whole: text.get(..end)? });
    }
    if inner.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!doctype")) {
        return Some(Tag { name: "", closes: false, whole: text.get(..=end_of(text)?)? });
    }
    let closes = inner.starts_with('/');
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != ':')?;
    let (name, rest) = name.split_at_checked(end)?;
    if !ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name)) {
        return None;
    }
    if !rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>') {
        return None;
    }
    Some(Tag { name, closes, whole: text.get(..=end_of(text)?)? })
}

/// Where a tag ends: before another begins, so that every character is looked at once.
fn end_of(tag: &str) -> Option<usize> {
    let bytes = tag.as_bytes();
    let end = bytes.iter().take(LONGEST_TAG).skip(1).position(|byte| matches!(byte, b'<' | b'>'))? + 1;
    (bytes.get(end) == Some(&b'>')).then_some(end)
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Appends the characters that a reader sees, with their places; elements begin new lines. Stops at `most` characters,
/// and at quoted history if that is to go.
pub(crate) fn remove(text: &str, quotes: bool, most: usize, plain: &mut Vec<(char, u32)>) {
    let mut at = 0_u32;
    let mut rest = text;
    // The hidden element that is open, and how many block quotes are.
    let mut hidden: Option<&str> = None;
    let mut quoted = 0_usize;
    while let Some(character) = rest.chars().next() {
        let (taken, shown) = match character {
            '<' => match tag(rest) {
                Some(tag) => {
                    match hidden {
                        Some(name) if tag.closes && tag.name.eq_ignore_ascii_case(name) => hidden = None,
                        None if !tag.closes && is_one_of(tag.name, &HIDDEN) => hidden = Some(tag.name),
                        _ => {}
                    }
                    if quotes && tag.name.eq_ignore_ascii_case("blockquote") {
                        quoted = if tag.closes { quoted.saturating_sub(1) } else { quoted + 1 };
                    }
                    if quotes && begins_history(&tag) {
                        return;
                    }
                    let within = tag.name.is_empty() || is_one_of(tag.name, &WITHIN_A_LINE);
                    (tag.whole, if within { None } else { Some('\n') })
                }
                None => ("<", Some('<')),
            },
            '&' => entity(rest).map_or(("&", Some('&')), |(taken, shown)| (taken, Some(shown))),
            // In HTML a line's end is a space: lines end with elements.
            '\n' | '\r' => (rest.get(..1).unwrap_or_default(), Some(' ')),
            other => (rest.get(..other.len_utf8()).unwrap_or_default(), Some(other)),
        };
        if hidden.is_none()
            && quoted == 0
            && let Some(shown) = shown
        {
            if plain.len() >= most {
                return;
            }
            plain.push((shown, at));
        }
        at = at.saturating_add(u32::try_from(taken.chars().count()).unwrap_or(u32::MAX));
        rest = rest.get(taken.len()..).unwrap_or_default();
    }
}

fn begins_history(tag: &Tag<'_>) -> bool {
    let attributes = tag.whole.get(tag.name.len() + 1..).unwrap_or_default().as_bytes();
    let holds =
        |mark: &&str| attributes.windows(mark.len()).any(|part| part.eq_ignore_ascii_case(mark.as_bytes()));
    !tag.closes && tag.name.eq_ignore_ascii_case("div") && HISTORY.iter().any(holds)
}

/// A character written by its name or number, as `&amp;` or `&#8217;`, at the beginning of a text.
fn entity(text: &str) -> Option<(&str, char)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let whole = text.get(..=end)?;
    let name = whole.strip_prefix('&')?.strip_suffix(';')?;
    let number = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(hex.get(1..)?, 16).ok(),
        Some(decimal) => decimal.parse().ok(),
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, shown)| u32::from(*shown)),
    };
    Some((whole, char::from_u32(number?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut plain = Vec::new();
        remove(text, true, usize::MAX, &mut plain);
        // Every place leads to the character, or to the tag or entity that stands for it.
        let characters: Vec<char> = text.chars().collect();
        for (shown, at) in &plain {
            let original = characters[*at as usize];
            assert!(original == *shown || matches!(original, '<' | '&' | '\n' | '\r'), "{shown} at {at}");
        }
        plain
            .into_iter()
            .map(|(shown, _)| shown)
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn a_reader_sees_text_and_characters_written_by_name() {
        let mail = "<html><head><style>p {color: red}</style></head><body><p class=\"x\">Hello&nbsp;Ada,</p>\
            <!-- hidden --><div>the <b>export</b> fails &amp; stops&#8230;</div></body></html>";
        assert!(is_in(mail));
        assert_eq!(shown(mail), "Hello Ada, the export fails & stops\u{2026}");
    }

    #[test]
    fn history_goes() {
        assert_eq!(
            shown("<p>Thanks</p><blockquote>old <blockquote>older</blockquote></blockquote><p>Ada</p>"),
            "Thanks Ada"
        );
        assert_eq!(shown("<p>Thanks</p><div class=\"gmail_quote\">On Monday Bo wrote: old</div>"), "Thanks");
    }

    #[test]
    fn angle_brackets_alone_are_text() {
        for text in ["a < b and c > d", "Error <E42>", "press <Enter>", "<3", "<", "<p", "&amp", "if x<y"] {
            assert!(!is_in(text), "{text}");
        }
        assert_eq!(shown("<p>5 < 6 & <Enter></p>"), "5 < 6 & <Enter>");
    }

    #[test]
    fn open_ends_do_no_harm() {
        assert_eq!(shown("<p>seen</p><script>never closed"), "seen");
        assert_eq!(shown("<p>seen</p><!-- never closed"), "seen");
        assert_eq!(shown("<br>a</blockquote>b"), "a b");
        assert_eq!(entity("&#xffffffff;"), None);
        assert_eq!(entity("&;"), None);
    }
}
