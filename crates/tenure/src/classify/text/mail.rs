//! The lines of a mail: what its author wrote now, what is quoted, and the signature.

use super::strip::Strip;

/// Verbs that end the line above quoted history ("On Monday, Ada wrote:"), in lower case.
const WROTE: [&str; 9] =
    ["wrote:", "menulis:", "skrev", "เขียนว่า:", "เขียน:", "yazdı:", "schrieb", "a écrit", "escribió:"];
/// The first line of the header that stands above a forwarded or answered mail.
const FROM: [&str; 8] = ["from:", "dari:", "från:", "จาก:", "kimden:", "gönderen:", "von:", "de:"];
/// A later line of such a header.
const SENT: [&str; 17] = [
    "sent:",
    "date:",
    "to:",
    "dikirim:",
    "tanggal:",
    "kepada:",
    "skickat:",
    "datum:",
    "till:",
    "ส่ง:",
    "วันที่:",
    "ถึง:",
    "gönderildi:",
    "gönderilme:",
    "tarih:",
    "kime:",
    "subject:",
];
/// The line that separates what is forwarded.
const FORWARDED: [&str; 8] = [
    "original message",
    "forwarded message",
    "pesan asli",
    "pesan terusan",
    "ursprungligt meddelande",
    "vidarebefordrat meddelande",
    "ข้อความที่ส่งต่อ",
    "iletilen mesaj",
];
/// What a device adds.
const SENT_FROM: [&str; 11] = [
    "sent from my",
    "sent from outlook",
    "get outlook for",
    "dikirim dari",
    "terkirim dari",
    "skickat från min",
    "skickat från outlook",
    "hämta outlook",
    "ส่งจาก",
    "iphone'umdan gönderildi",
    "android'den gönderildi",
];
/// Longer lines are text, whatever they begin or end with.
const LONGEST_MARK: usize = 200;
/// How far below "From:" the rest of a header may stand.
const HEADER_LINES: usize = 4;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Written now.
    Own,
    /// Quoted history, a signature, or what a device adds.
    Other,
}

/// A character and its place in the original text.
pub(crate) type Placed = (char, u32);

/// The lines of a mail, each with what it is.
pub(crate) struct Lines<'m> {
    rest: &'m [Placed],
    strip: Strip,
    /// Everything from here on is history or a signature.
    ended: bool,
    /// A line in lower case. Kept from line to line.
    folded: String,
}

impl<'m> Lines<'m> {
    pub(crate) fn new(mail: &'m [Placed], strip: Strip) -> Self {
        Self { rest: mail, strip, ended: false, folded: String::new() }
    }

    fn kind(&mut self, line: &[Placed]) -> Line {
        let is_short = line.len() <= LONGEST_MARK;
        if self.ended {
            return Line::Other;
        }
        fold(line, &mut self.folded);
        let text = self.folded.as_str();
        if self.strip.quotes && text.starts_with('>') {
            return Line::Other;
        }
        if !is_short {
            return Line::Own;
        }
        if self.strip.signature {
            self.ended = text == "--";
            if self.ended || SENT_FROM.iter().any(|mark| text.contains(mark)) {
                return Line::Other;
            }
        }
        if self.strip.quotes {
            self.ended = begins_history(text) || (begins_with(text, &FROM) && self.header_follows());
            if self.ended {
                return Line::Other;
            }
        }
        Line::Own
    }

    fn header_follows(&self) -> bool {
        let mut folded = String::new();
        self.rest.split(|(character, _)| *character == '\n').take(HEADER_LINES).any(|line| {
            fold(line.get(..line.len().min(LONGEST_MARK)).unwrap_or_default(), &mut folded);
            begins_with(&folded, &SENT)
        })
    }
}

impl<'m> Iterator for Lines<'m> {
    type Item = (&'m [Placed], Line);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        // A line keeps the character that ends it.
        let end = self.rest.iter().position(|(character, _)| *character == '\n');
        let (line, rest) = self.rest.split_at_checked(end.map_or(self.rest.len(), |end| end + 1))?;
        self.rest = rest;
        let kind = self.kind(line);
        Some((line, kind))
    }
}

fn begins_with(text: &str, marks: &[&str]) -> bool {
    // Outlook prints these words in bold, which is a star in plain text.
    let text = text.trim_start_matches('*');
    marks.iter().any(|mark| text.starts_with(mark))
}

fn begins_history(text: &str) -> bool {
    let dashes = text.starts_with("--") || text.starts_with("__");
    let line = dashes && text.len() >= 20 && text.bytes().all(|byte| byte == b'_');
    let forwarded = dashes && FORWARDED.iter().any(|mark| text.contains(mark));
    // With a date or an address; "He wrote:" alone may well be the author's own.
    let wrote = text.ends_with(':')
        && (text.contains('@') || text.bytes().any(|byte| byte.is_ascii_digit()))
        && WROTE.iter().any(|verb| text.contains(verb));
    line || forwarded || wrote
}

/// A line in lower case, without blanks at its ends.
fn fold(line: &[Placed], folded: &mut String) {
    folded.clear();
    folded.extend(line.iter().map(|(character, _)| *character).flat_map(char::to_lowercase));
    folded.truncate(folded.trim_end().len());
    let blanks = folded.len() - folded.trim_start().len();
    folded.drain(..blanks);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(mail: &str, strip: Strip) -> String {
        let placed: Vec<Placed> = mail.chars().zip(0..).collect();
        let kept = Lines::new(&placed, strip).filter(|(_, kind)| *kind == Line::Own);
        kept.flat_map(|(line, _)| line.iter().map(|(character, _)| *character)).collect()
    }

    #[test]
    fn history_begins_where_mail_programs_say_so() {
        for history in [
            "On Mon, 5 Jan 2026 at 10:12, Ada <ada@example.org> wrote:\nold",
            "Pada Sen, 5 Jan 2026 pukul 10.12 Ada menulis:\nold",
            "Den mån 5 jan. 2026 kl 10:12 skrev Ada <ada@example.org>:\nold",
            "เมื่อ วันจันทร์ที่ 5 ม.ค. 2026 เวลา 10:12 Ada เขียนว่า:\nold",
            "Ada <ada@example.org>, 5 Oca 2026 Pzt, 10:12 tarihinde şunu yazdı:\nold",
            "-----Original Message-----\nold",
            "---------- Forwarded message ---------\nold",
            "________________________________\nold",
            "From: Ada\nSent: Monday\nTo: Bo\nold",
            "Från: Ada\nSkickat: den 5 januari\nold",
            "Kimden: Ada\nTarih: 5 Ocak\nold",
            "> old\n> older",
        ] {
            assert_eq!(own(&format!("new\n{history}"), Strip::ALL), "new\n", "{history}");
            assert!(own(&format!("new\n{history}"), Strip::NOTHING).contains("old"), "{history}");
        }
    }

    #[test]
    fn signatures_end_a_mail_and_devices_add_a_line() {
        assert_eq!(own("new\n-- \nAda\nHead of Success", Strip::ALL), "new\n");
        assert_eq!(own("new\nSent from my phone\nmore", Strip::ALL), "new\nmore");
        let kept = Strip { signature: false, ..Strip::ALL };
        assert_eq!(own("new\n-- \nAda", kept), "new\n-- \nAda");
    }

    #[test]
    fn ordinary_lines_stay() {
        for text in
            ["From: the beginning\nit failed", "He wrote:\nno", "-- 5 degrees", "a > b\nc", "Datum: 5/1\n-"]
        {
            assert_eq!(own(text, Strip::ALL), text);
        }
    }
}
