//! What a table of e-mails says as a whole: who sent each, which came twice, and what answered what.

use super::address::{address, domain, each_address, last_message_id, message_id};
use super::{Direction, Reply};
use crate::column::{Column, Reading};
use crate::compute::{Clock, Gated, find_flag};
use crate::error::Result;
use crate::key::Coder;
use crate::measure::flag;
use crate::scope::Micros;
use crate::table::{Chunk, RowOrder, Table};
use crate::view::rows_of::NOWHERE;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

/// All e-mails of a book, joined once for all requests. Nothing here depends on `as_of`: first copies and first
/// replies are the earliest ones, so that what is earliest stays so whenever one looks.
pub(super) struct Threads {
    /// One a row.
    rows: Vec<Place>,
    messages: Vec<Message>,
    mailboxes: Vec<Mailbox>,
}

/// Where a row belongs.
#[derive(Clone, Copy)]
struct Place {
    /// A position in the list of mailboxes; nowhere if the row names none.
    mailbox: u32,
    /// A position in the list of messages; nowhere if the row has no id.
    message: u32,
    direction: Option<Direction>,
}

/// A message in one mailbox, however often it lies there.
#[derive(Clone, Copy)]
struct Message {
    /// The earliest of its rows.
    first: u32,
    reply: Option<Reply>,
}

/// A mailbox, as its e-mails name it.
pub(super) struct Mailbox {
    address: String,
    /// The domain inside of which mail is internal.
    pub(super) domain: Option<String>,
    /// Its row in the table of mailboxes.
    row: Option<usize>,
}

impl Mailbox {
    /// Whether an address is its own.
    pub(super) fn is(&self, address: &str) -> bool {
        address.eq_ignore_ascii_case(&self.address)
    }

    /// Whether what a sender wrote went out of the mailbox: the sender is the mailbox itself, or a colleague who used a
    /// shared one, and so is of its own domain without writing to it.
    fn sends(&self, sender: &str, recipients: Option<&Column<'_>>, local: usize) -> bool {
        if self.is(sender) {
            return true;
        }
        let is_colleague =
            domain(sender).zip(self.domain.as_deref()).is_some_and(|(of, own)| of.eq_ignore_ascii_case(own));
        let Some(recipients) = recipients.filter(|_| is_colleague) else { return false };
        let (mut any, mut is_addressed) = (false, false);
        each_address(recipients, local, |recipient| {
            any = true;
            is_addressed |= self.is(recipient);
        });
        any && !is_addressed
    }
}

impl Threads {
    pub(super) fn of(gated: &Gated<'_, '_>) -> Result<Arc<Self>> {
        let context = gated.frame.context;
        let zone = context.scope.column_zone("emails", "occurred_at");
        context.book.index(&format!("emails by mailbox, {zone}"), || {
            let columns = Columns::of(gated.frame.table)?;
            let mut mailboxes = Mailboxes::of(context.book.table("mailboxes"))?;
            let times = columns.times(zone);
            let mut threads = Self {
                rows: Vec::with_capacity(columns.table.rows()),
                messages: Vec::new(),
                mailboxes: Vec::new(),
            };
            let known = threads.place(&columns, &mut mailboxes, &times);
            threads.reply(&columns, &times, &known);
            threads.mailboxes = mailboxes.found;
            Ok(threads)
        })
    }

    /// Places every row, and gives the numbers of messages by mailbox and id.
    fn place<'c>(
        &mut self,
        columns: &'c Columns<'c>,
        mailboxes: &mut Mailboxes<'_>,
        times: &[Option<Micros>],
    ) -> HashMap<(u32, Cow<'c, str>), u32> {
        let mut known: HashMap<(u32, Cow<'c, str>), u32> = HashMap::with_capacity(columns.table.rows());
        for (row, chunk, local) in columns.rows() {
            let read = |column: usize| chunk.columns.get(column).map_or(Reading::Missing, |c| c.read(local));
            let mailbox = mailboxes.number(read(columns.mailbox));
            let direction = match (read(columns.sender), mailboxes.found.get(mailbox as usize)) {
                (Reading::Text(sender), Some(mailbox)) if !address(sender).is_empty() => {
                    let is_sent = mailbox.sends(address(sender), column(chunk, columns.recipients), local);
                    Some(if is_sent { Direction::Sent } else { Direction::Received })
                }
                _ => None,
            };
            let id = message_id(read(columns.message_id)).filter(|_| mailbox != NOWHERE);
            let message = id.map_or(NOWHERE, |id| match known.entry((mailbox, id)) {
                Entry::Occupied(same) => {
                    if let Some(message) = self.messages.get_mut(*same.get() as usize)
                        && columns.compare(times, row, message.first) == Ordering::Less
                    {
                        message.first = row;
                    }
                    *same.get()
                }
                Entry::Vacant(fresh) => {
                    let number = u32::try_from(self.messages.len()).unwrap_or(NOWHERE);
                    self.messages.push(Message { first: row, reply: None });
                    *fresh.insert(number)
                }
            });
            self.rows.push(Place { mailbox, message, direction });
        }
        known
    }

    /// Gives every message the earliest answer that its own mailbox sent.
    fn reply(
        &mut self,
        columns: &Columns<'_>,
        times: &[Option<Micros>],
        known: &HashMap<(u32, Cow<'_, str>), u32>,
    ) {
        for (row, chunk, local) in columns.rows() {
            let Some(place) = self.rows.get(row as usize).copied() else { continue };
            let Some(at) = times.get(row as usize).copied().flatten() else { continue };
            let is_first = self.first_copy(row as usize).is_none();
            if place.direction != Some(Direction::Sent) || !is_first || columns.is_auto(chunk, local) {
                continue;
            }
            let answered = columns.parent(chunk, local).and_then(|id| known.get(&(place.mailbox, id)));
            let Some(message) = answered.and_then(|number| self.messages.get_mut(*number as usize)) else {
                continue;
            };
            if message.reply.is_none_or(|reply| at < reply.at) {
                message.reply = Some(Reply { at, row });
            }
        }
    }

    /// The earliest row of the same message in the same mailbox, if it is another.
    pub(super) fn first_copy(&self, row: usize) -> Option<u32> {
        self.message(row).map(|message| message.first).filter(|first| *first as usize != row)
    }

    /// The first answer to the message in a row.
    pub(super) fn first_reply(&self, row: usize) -> Option<Reply> {
        self.message(row)?.reply
    }

    pub(super) fn direction(&self, row: usize) -> Option<Direction> {
        self.rows.get(row)?.direction
    }

    pub(super) fn mailbox(&self, row: usize) -> Option<&Mailbox> {
        self.mailboxes.get(self.rows.get(row)?.mailbox as usize)
    }

    fn message(&self, row: usize) -> Option<&Message> {
        self.messages.get(self.rows.get(row)?.message as usize)
    }
}

impl Mailbox {
    /// The schedule that the table of mailboxes gives it.
    pub(super) fn schedule_id<'t>(&self, mailboxes: Option<&'t Table<'_>>) -> Reading<'t> {
        let found = mailboxes.zip(self.row).and_then(|(table, row)| {
            let column = table.find("schedule_id")?;
            Some(table.read(column, row))
        });
        found.unwrap_or(Reading::Missing)
    }
}

/// The mailboxes met, numbered, and what the table of mailboxes says of them.
struct Mailboxes<'t> {
    table: Option<&'t Table<'t>>,
    domain: Option<usize>,
    /// The rows of that table by address.
    rows: HashMap<String, usize>,
    coder: Coder,
    /// By code: the number of the mailbox.
    numbers: Vec<u32>,
    /// The number of each address, in small letters: one mailbox may be written in several ways.
    by_address: HashMap<String, u32>,
    found: Vec<Mailbox>,
}

impl<'t> Mailboxes<'t> {
    fn of(table: Option<&'t Table<'t>>) -> Result<Self> {
        let mut rows: HashMap<String, usize> = HashMap::new();
        if let Some(table) = table {
            let (column, order) = (table.require("mailbox")?, table.order("mailbox"));
            for row in 0..table.rows() {
                let Reading::Text(mailbox) = table.read(column, row) else { continue };
                let first = rows.entry(address(mailbox).to_ascii_lowercase()).or_insert(row);
                // Of several rows of one mailbox the same counts, however they come.
                if order.compare(row, *first) == Ordering::Less {
                    *first = row;
                }
            }
        }
        let domain = table.and_then(|table| table.find("domain"));
        let (coder, numbers, by_address, found) = Default::default();
        Ok(Self { table, domain, rows, coder, numbers, by_address, found })
    }

    fn number(&mut self, reading: Reading<'_>) -> u32 {
        let code = self.coder.code(reading) as usize;
        if let Some(number) = self.numbers.get(code) {
            return *number;
        }
        let number = match reading.unless_blank() {
            Reading::Text(mailbox) => {
                let fresh = u32::try_from(self.found.len()).unwrap_or(NOWHERE);
                let number = *self.by_address.entry(address(mailbox).to_ascii_lowercase()).or_insert(fresh);
                if number == fresh {
                    let mailbox = self.look_up(address(mailbox));
                    self.found.push(mailbox);
                }
                number
            }
            _ => NOWHERE,
        };
        self.numbers.push(number);
        number
    }

    fn look_up(&self, address: &str) -> Mailbox {
        let row = self.rows.get(&address.to_ascii_lowercase()).copied();
        let named =
            self.table.zip(self.domain).zip(row).map(|((table, column), row)| table.read(column, row));
        let own = match named.map(Reading::unless_blank) {
            Some(Reading::Text(named)) => Some(named.trim().trim_start_matches('@')),
            _ => domain(address),
        };
        Mailbox { address: address.to_owned(), domain: own.map(str::to_owned), row }
    }
}

/// The columns of e-mails that tell what belongs together.
struct Columns<'t> {
    table: &'t Table<'t>,
    order: RowOrder<'t>,
    message_id: usize,
    mailbox: usize,
    sender: usize,
    recipients: Option<usize>,
    in_reply_to: Option<usize>,
    references: Option<usize>,
    auto: Option<usize>,
}

impl<'t> Columns<'t> {
    fn of(table: &'t Table<'t>) -> Result<Self> {
        table.require("occurred_at")?;
        Ok(Self {
            table,
            order: table.order(""),
            message_id: table.require("message_id")?,
            mailbox: table.require("mailbox")?,
            sender: table.require("sender")?,
            recipients: table.find("recipients"),
            in_reply_to: table.find("in_reply_to"),
            references: table.find("references"),
            auto: find_flag(table, "auto")?,
        })
    }

    fn rows(&self) -> impl Iterator<Item = (u32, &Chunk<'t>, usize)> {
        let rows = self.table.chunks().iter().flat_map(|chunk| (0..chunk.rows).map(move |at| (chunk, at)));
        (0_u32..).zip(rows).map(|(row, (chunk, local))| (row, chunk, local))
    }

    fn times(&self, zone: chrono_tz::Tz) -> Vec<Option<Micros>> {
        let mut times = Vec::with_capacity(self.table.rows());
        Clock::of(self.table, "occurred_at", zone).each(self.table, |_, time| times.push(time.at()));
        times
    }

    fn is_auto(&self, chunk: &Chunk<'_>, local: usize) -> bool {
        column(chunk, self.auto).is_some_and(|column| flag(column.read(local)))
    }

    /// The id of the message that a row answers.
    fn parent<'c>(&self, chunk: &'c Chunk<'_>, local: usize) -> Option<Cow<'c, str>> {
        let named = column(chunk, self.in_reply_to).and_then(|column| message_id(column.read(local)));
        named.or_else(|| last_message_id(column(chunk, self.references)?, local))
    }

    /// The order in which copies of a message come: by time, those without one last, then by what they say.
    fn compare(&self, times: &[Option<Micros>], a: u32, b: u32) -> Ordering {
        let (a, b) = (a as usize, b as usize);
        let at = |row: usize| times.get(row).copied().flatten().unwrap_or(Micros::MAX);
        at(a).cmp(&at(b)).then_with(|| self.order.compare(a, b))
    }
}

fn column<'c, 't>(chunk: &'c Chunk<'t>, at: Option<usize>) -> Option<&'c Column<'t>> {
    chunk.columns.get(at?)
}
