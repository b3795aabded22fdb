//! E-mails as mailboxes recorded them: which way they went, who is on the other side, and what answered them.

mod address;
mod threads;

use super::View;
use crate::column::{Column, Reading};
use crate::compute::{Gated, Moment, Row, RowView};
use crate::error::{Error, ErrorKind, Result};
use crate::key::Key;
use crate::scope::Micros;
use crate::table::Table;
use address::{address, domain, each_address};
use threads::{Mailbox, Threads};

/// E-mails, each with its first reply.
pub(crate) struct Emails {
    pub(crate) rows: RowView,
    /// Whether it matters who an e-mail went to, beside who sent it; where `by` asks, it always does.
    pub(crate) sides: bool,
}

/// Which way an e-mail went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Sent,
    Received,
}

/// Whether an e-mail left the mailbox's own domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Internal,
    External,
}

impl Direction {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
        }
    }
}

/// The first answer to an e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) at: Micros,
    /// Its row in the table of e-mails.
    pub(crate) row: u32,
}

/// One e-mail in one mailbox, as known at `as_of`.
pub(crate) struct Email<'e> {
    pub(crate) number: usize,
    pub(crate) row: &'e Row<'e>,
    pub(crate) time: Moment,
    /// Nothing if the row names no mailbox.
    mailbox: Option<&'e Mailbox>,
    /// Nothing if nobody knows who sent it.
    pub(crate) direction: Option<Direction>,
    /// The earliest answer of a person from the same mailbox.
    pub(crate) reply: Option<Reply>,
    /// The earliest row of the same message in the same mailbox, if it is another: that one counts instead.
    pub(crate) first_copy: Option<u32>,
    /// The schedule that the mailbox has of its own.
    pub(crate) schedule_id: Reading<'e>,
    sender: Reading<'e>,
    recipients: Option<(&'e Column<'e>, usize)>,
}

impl<'e> Email<'e> {
    pub(crate) fn names_mailbox(&self) -> bool {
        self.mailbox.is_some()
    }

    /// Internal if the sender and all recipients are of the mailbox's domain; where recipients are not known, the
    /// sender alone tells.
    pub(crate) fn side(&self) -> Side {
        let mut is_internal = self.is_own(self.sender_domain());
        self.each_recipient(|recipient| is_internal &= self.is_own(domain(recipient)));
        if is_internal { Side::Internal } else { Side::External }
    }

    /// The domain of the other side: of the sender of what was received; of the first recipient of what was sent that
    /// is outside the mailbox's own, or of the first of all.
    pub(crate) fn other_domain(&self) -> Option<&'e str> {
        if self.direction != Some(Direction::Sent) {
            return self.sender_domain();
        }
        let (mut first, mut outside) = (None, None);
        self.each_recipient(|recipient| {
            let found = domain(recipient);
            first = first.or(found);
            outside = outside.or_else(|| found.filter(|_| !self.is_own(found)));
        });
        outside.or(first)
    }

    /// Whether the mailbox itself sent it, and not a colleague who used it.
    pub(crate) fn is_of_mailbox_itself(&self) -> bool {
        self.mailbox.zip(self.sender()).is_some_and(|(mailbox, sender)| mailbox.is(sender))
    }

    fn sender(&self) -> Option<&'e str> {
        match self.sender {
            Reading::Text(sender) => Some(address(sender)),
            _ => None,
        }
    }

    fn sender_domain(&self) -> Option<&'e str> {
        self.sender().and_then(domain)
    }

    fn is_own(&self, domain: Option<&str>) -> bool {
        let own = self.mailbox.and_then(|mailbox| mailbox.domain.as_deref());
        own.zip(domain).is_some_and(|(own, domain)| own.eq_ignore_ascii_case(domain))
    }

    fn each_recipient(&self, tell: impl FnMut(&'e str)) {
        if let Some((column, local)) = self.recipients {
            each_address(column, local, tell);
        }
    }
}

impl View for Emails {
    type Entity<'e> = Email<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        "mailbox"
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&Email<'_>) -> Result<()>) -> Result<()> {
        let frame = gated.frame;
        let (context, table) = (frame.context, frame.table);
        let recipients = if self.sides || context.asks("side") || context.asks("domain") {
            Some(recipients(table)?)
        } else {
            None
        };
        let threads = Threads::of(gated)?;
        let sender = table.require("sender")?;
        let mailboxes = context.book.table("mailboxes");
        gated.each_row(|number, row| {
            let Some((chunk, local)) = row.place() else { return Ok(()) };
            let column = |at: usize| chunk.columns.get(at);
            let mailbox = threads.mailbox(number);
            let first_copy = threads.first_copy(number);
            // The answer belongs to the copy that counts, and later ones are not known of yet.
            let reply = threads.first_reply(number).filter(|reply| reply.at <= context.scope.as_of);
            tell(&Email {
                number,
                time: gated.time(row),
                mailbox,
                direction: threads.direction(number),
                reply: reply.filter(|_| first_copy.is_none()),
                first_copy,
                schedule_id: mailbox.map_or(Reading::Missing, |mailbox| mailbox.schedule_id(mailboxes)),
                sender: column(sender).map_or(Reading::Missing, |column| column.read(local)),
                recipients: recipients.and_then(column).map(|column| (column, local)),
                row,
            })
        })
    }
}

/// The column of recipients, which holds texts or lists of them.
fn recipients(table: &Table<'_>) -> Result<usize> {
    let at = table.require("recipients")?;
    let columns = table.chunks().iter().filter_map(|chunk| chunk.columns.get(at));
    let is_text = |column: &Column<'_>| match column {
        Column::Text(_) | Column::List { .. } => true,
        Column::Dictionary { values, .. } => matches!(**values, Column::Text(_)),
        _ => false,
    };
    let mut wrong = columns.filter(|column| !is_text(column) && !column.all_missing());
    let Some(column) = wrong.next() else { return Ok(at) };
    let message = format!(
        "column \"recipients\" of table \"{}\" holds {}; expected lists of text, or text",
        table.name(),
        column.type_name()
    );
    Err(Error::new(ErrorKind::WrongType, message).in_table(table.name()).in_column("recipients"))
}

/// A column of the answer for a domain: small letters, as domains are the same in any.
pub(crate) fn domain_key(domain: Option<&str>) -> Key {
    domain.map_or(Key::Null, |domain| Key::Text(domain.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use crate::book::Book;
    use crate::column::Column;
    use crate::error::ErrorKind;
    use crate::key::Key;
    use crate::request::Request;
    use crate::table::Table;

    const SECOND: i64 = 1_000_000;

    fn request(kpi: &str, by: &[&str]) -> Request {
        let mut request = Request::new(kpi).as_of("2026-01-02");
        request.by = by.iter().map(|name| (*name).to_owned()).collect();
        request
    }

    /// Two messages to one mailbox, each answered, as headers write it all.
    fn headers() -> Table<'static> {
        let at = Column::instants([0, 100, 60, 400].map(|at| Some(at * SECOND)).to_vec());
        Table::new("emails")
            .column("message_id", ["<a@x>", "<b@x>", "<c@x>", "<d@x>"])
            .column("mailbox", ["kim@firm.example"; 4])
            .column("occurred_at", at)
            .column(
                "sender",
                [
                    "Ann <ann@Client.example>",
                    "\"Doe, Bo\" <bo@firm.example>",
                    "Kim <KIM@firm.example>",
                    "kim@firm.example",
                ],
            )
            .column(
                "recipients",
                [
                    "Kim <kim@firm.example>",
                    "kim@firm.example",
                    "sue@firm.example, \"Doe, Ann\" <ann@client.example>",
                    "bo@firm.example",
                ],
            )
            .column("in_reply_to", [None, None, Some("<a@x> (Ann's message)"), Some(" ")])
            .column("references", [None, None, Some("<b@x>"), Some("<z@x> <b@x>")])
    }

    #[test]
    fn headers_are_read_as_they_come() {
        let mut book = Book::new();
        book.add(headers()).unwrap();
        // a is answered by c after 60 s, b by d after 300 s.
        let units = book.units(&request("email_response_time", &["side", "domain"])).unwrap();
        let found: Vec<_> = units.rows.iter().map(|unit| (unit.row, unit.value, unit.by.clone())).collect();
        assert_eq!(
            found,
            [
                (0, Some(60.0), vec![Key::from("external"), Key::from("client.example")]),
                (1, Some(300.0), vec![Key::from("internal"), Key::from("firm.example")]),
            ]
        );
        let sent = book.units(&request("emails_sent_received", &["direction", "side", "domain"])).unwrap();
        let by: Vec<_> = sent.rows.iter().skip(2).map(|unit| unit.by.clone()).collect();
        assert_eq!(
            by,
            [["sent", "external", "client.example"], ["sent", "internal", "firm.example"]]
                .map(|by| by.map(Key::from).to_vec())
        );
        let trace = book.trace(&request("email_response_time", &[]), "row", &Key::Whole(1)).unwrap();
        let notes: Vec<&str> = trace[0].notes.iter().map(|note| note.found.as_str()).collect();
        assert!(notes.iter().any(|note| note.starts_with("row 3 of emails, at 1970-01-01T00:06:40")));
    }

    #[test]
    fn ids_may_be_numbers_and_mailboxes_of_any_case() {
        let at = Column::instants([0, 7, 9].map(|at| Some(at * SECOND)).to_vec());
        let emails = Table::new("emails")
            .column("message_id", [1_i64, 2, 3])
            .column("mailbox", ["Kim@firm.example"; 3])
            .column("occurred_at", at)
            .column("sender", ["ann@client.example", "kim@firm.example", "kim@firm.example"])
            .column("in_reply_to", vec![None, Some(1.0), Some(1.0)]);
        let mailboxes = Table::new("mailboxes")
            .column("mailbox", ["kim@FIRM.example"])
            .column("domain", ["@client.example"]);
        let mut book = Book::new();
        book.add(emails).unwrap();
        book.add(mailboxes).unwrap();
        let outcome = book.compute(&request("email_response_time", &[])).unwrap();
        assert_eq!((outcome.rows[0].value, outcome.rows[0].n), (Some(7.0), 1));
        let error = book.compute(&request("email_response_time", &["side"])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MissingColumn);
    }

    #[test]
    fn what_cannot_be_told_is_a_fault() {
        let at = Column::instants([0, 1, 2, 3, 4].map(|at| Some(at * SECOND)).to_vec());
        let emails = Table::new("emails")
            .column("message_id", vec![Some("a"), Some("b"), Some("b2"), None, None])
            .column("mailbox", vec![None, Some("kim"), Some("kim"), Some("kim"), Some("kim")])
            .column("occurred_at", at)
            .column("sender", vec![Some("ann"), None, Some("kim"), Some("ann"), Some("ann")])
            .column("in_reply_to", vec![None, None, Some("b"), None, None]);
        let mut book = Book::new();
        book.add(emails).unwrap();
        let faults = book.faults(&request("emails_sent_received", &[])).unwrap();
        let found: Vec<_> = faults.iter().map(|fault| (fault.row, fault.reason)).collect();
        assert_eq!(found, [(0, "missing_mailbox"), (1, "missing_sender")]);
        // Without an id nothing is a copy of anything: both count.
        let outcome = book.compute(&request("emails_sent_received", &[])).unwrap();
        assert_eq!((outcome.rows[0].value, outcome.rows[0].n_invalid), (Some(3.0), 2));
    }

    #[test]
    fn a_trace_says_who_sent_it() {
        let at = Column::instants([0, 1, 2].map(|at| Some(at * SECOND)).to_vec());
        let emails = Table::new("emails")
            .column("message_id", ["a", "b", "c"])
            .column("mailbox", ["help@firm.example"; 3])
            .column("occurred_at", at)
            .column("sender", ["HELP@firm.example", "kim@firm.example", "kim@firm.example"])
            .column("recipients", ["ann@client.example", "ann@client.example", "help@firm.example"]);
        let mut book = Book::new();
        book.add(emails).unwrap();
        let direction = |row: i128| {
            let traces = book.trace(&request("emails_sent_received", &[]), "row", &Key::Whole(row)).unwrap();
            traces[0].notes.iter().find(|note| note.what == "direction").unwrap().found.clone()
        };
        assert_eq!(direction(0), "sent: the sender is the mailbox");
        assert_eq!(direction(1), "sent: the sender is a colleague, who wrote to others than the mailbox");
        assert_eq!(direction(2), "received: the sender is not the mailbox");
    }

    #[test]
    fn an_answer_from_before_the_message_is_invalid() {
        let at = Column::instants([5, 4].map(|at| Some(at * SECOND)).to_vec());
        let emails = Table::new("emails")
            .column("message_id", ["a", "b"])
            .column("mailbox", ["kim", "kim"])
            .column("occurred_at", at)
            .column("sender", ["ann", "kim"])
            .column("in_reply_to", vec![None, Some("a")]);
        let mut book = Book::new();
        book.add(emails).unwrap();
        for kpi in ["email_response_time", "replied_within"] {
            let faults = book.faults(&request(kpi, &[])).unwrap();
            let found: Vec<_> = faults.iter().map(|fault| (fault.row, fault.reason)).collect();
            assert_eq!(found, [(0, "reply_before_message")]);
        }
    }
}
