//! The messages of conversations.

use super::Index;
use crate::column::Reading;
use crate::compute::{Gated, find_input};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Input, InputKind, Reason, flag, said};
use crate::scope::Micros;
use crate::view::coded::{Coded, Place};
use crate::view::rows_of::{Columns, Item, NOWHERE, RowsOf};
use std::sync::Arc;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    Customer,
    Agent,
    Bot,
    System,
}

impl Author {
    /// Letters may be of any case.
    fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_ascii_lowercase().as_str() {
            "customer" => Self::Customer,
            "agent" => Self::Agent,
            "bot" => Self::Bot,
            "system" => Self::System,
            _ => return None,
        })
    }
}

impl std::fmt::Display for Author {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Customer => "the customer",
            Self::Agent => "an agent",
            Self::Bot => "a bot",
            Self::System => "the system",
        })
    }
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) at: Micros,
    /// Its row in the table of messages.
    pub(crate) row: u32,
    pub(crate) author: Author,
    pub(crate) public: bool,
    /// An automatic reply.
    pub(crate) auto: bool,
}

impl Message {
    // Who writes next is anybody's guess, and so the processor's: what follows compares all there is instead of
    // branching after each comparison.

    /// Whether a person of the company wrote it for the customer to read.
    #[inline]
    #[allow(clippy::needless_bitwise_bool, reason = "see above")]
    pub(crate) fn is_human_reply(&self) -> bool {
        (self.author == Author::Agent) & self.public & !self.auto
    }

    /// Whether it answers the customer: a person's reply, or a bot's if those count.
    #[inline]
    #[allow(clippy::needless_bitwise_bool, reason = "see above")]
    pub(crate) fn answers(&self, bots_count: bool) -> bool {
        self.is_human_reply() | (bots_count & (self.author == Author::Bot) & self.public)
    }

    /// Whether the customer wrote it to the company.
    #[inline]
    pub(crate) fn is_question(&self) -> bool {
        (self.author == Author::Customer) & self.public
    }

    /// A reply of which nothing but the time is known.
    pub(super) fn reply_at(at: Micros) -> Self {
        Self { at, row: NOWHERE, author: Author::Agent, public: true, auto: false }
    }
}

impl Item for Message {
    fn at(&self) -> Micros {
        self.at
    }

    fn row(&self) -> u32 {
        self.row
    }
}

const UNKNOWN_AUTHOR: Reason =
    Reason::new("author", "unknown_author", "is none of customer, agent, bot and system");

/// The columns of messages.
struct Read<'t> {
    author: Coded<'t, Option<Author>>,
    public: Coded<'t, bool>,
    auto: Coded<'t, bool>,
}

impl Columns for Read<'_> {
    type Item = Message;

    fn open(&mut self, block: Place) {
        self.author.open(block);
        self.public.open(block);
        self.auto.open(block);
    }

    #[inline]
    fn item(&self, offset: usize, at: Micros, row: u32) -> Result<Message, Reason> {
        let author = self.author.of_row(offset).ok_or(UNKNOWN_AUTHOR)?;
        Ok(Message { at, row, author, public: self.public.of_row(offset), auto: self.auto.of_row(offset) })
    }
}

/// The messages of every conversation, gathered once for all KPIs that ask.
pub(super) fn index(gated: &Gated<'_, '_>) -> Result<Arc<Index<Message>>> {
    let context = gated.frame.context;
    context.book.index(&RowsOf::index_name(context.scope, "messages"), || {
        let rows = RowsOf::open(context.book, context.scope, "messages")?;
        let table = rows.table;
        let author = find_input(table, &Input::required("author", InputKind::Text))?;
        let public = find_input(table, &Input::optional("public", InputKind::Flag))?;
        let auto = find_input(table, &Input::optional("auto", InputKind::Flag))?;
        let (gathered, faults) = rows.gather(
            "message_id",
            Read {
                author: rows.coded(author, |key| Author::parse(key.as_text()?)),
                public: rows.coded(public, |key| said(key.reading()).unwrap_or(true)),
                auto: rows.coded(auto, |key| flag(key.reading())),
            },
        )?;
        Ok(Index { gathered, faults })
    })
}

/// The identity behind a message, for `by`.
pub(crate) fn author_of(gated: &Gated<'_, '_>, message: &Message) -> Key {
    let Some(table) = gated.frame.context.book.table("messages") else { return Key::Null };
    let reading = table.find("author_id").map(|column| table.read(column, message.row as usize));
    Key::named(reading.unwrap_or(Reading::Missing))
}
