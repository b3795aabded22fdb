//! A conversation and what belongs to it: its messages, its changes of status, what became of its surveys.

mod history;
mod messages;
mod roster;
mod surveys;

pub use history::Status;
#[cfg(test)]
pub(crate) use history::change_to;
pub(crate) use history::{Change, Resolution};
pub(crate) use messages::{Author, Message, author_of};
pub(crate) use roster::{Initiated, Roster};
pub(crate) use surveys::Replies;

use surveys::RepliesById;

use super::View;
use super::coded::Numbers;
use super::rows_of::{Gathered, Item, NOWHERE, conversations_by_id};
use crate::book::Book;
use crate::column::Reading;
use crate::compute::{Gated, Moment, Row, RowView, moment};
use crate::error::{Error, ErrorKind, Result};
use crate::measure::Reason;
use crate::outcome::Fault;
use crate::scope::Micros;
use crate::table::Table;
use chrono_tz::Tz;
use std::sync::Arc;

/// Conversations with the parts that a measure asks for.
pub(crate) struct Conversations {
    /// The conversations.
    pub(crate) rows: RowView,
    pub(crate) parts: Parts,
}

/// What is assembled beside the conversation's own row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) messages: Need,
    pub(crate) history: Need,
    /// What became of the surveys about the conversation.
    pub(crate) surveys: bool,
    /// Which people are behind messages and changes of status.
    pub(crate) people: bool,
}

/// Whether a measure can do without a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Need {
    /// It does not look at it.
    #[default]
    No,
    /// It uses it if it is there, and only to tell this column of `by`.
    For(&'static str),
    /// It uses it if it is there.
    Optional,
    /// It is nothing without; instants in the conversation's own row may stand in.
    Required,
    /// It is nothing without; instants or a count of rows in the conversation's own row may stand in.
    Told,
    /// It is nothing without the table itself, or without a column that counts its rows.
    Counted,
    /// It is nothing without the table itself.
    Table,
}

/// What a conversation's own row says of how many there are of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Count {
    /// Nothing needs to: the things themselves are known.
    #[default]
    Needless,
    Of(u32),
    /// There is no number.
    Missing,
    /// There is something that is no number of things.
    Invalid,
}

/// One conversation, as known at `as_of`.
pub(crate) struct Conversation<'e> {
    pub(crate) number: usize,
    pub(crate) row: &'e Row<'e>,
    /// The view's own time, mostly when the conversation was created, if nothing in its own row leaves it out: then it
    /// is a unit from there on.
    pub(crate) created: Option<Micros>,
    /// In order of time.
    pub(crate) messages: &'e [Message],
    /// The changes of status, in order of time.
    pub(crate) history: &'e [Change],
    /// The people behind messages and changes, by row of their tables.
    people: &'e [Arc<Numbers>; 2],
    pub(crate) replies: Option<&'e Replies>,
    /// How many replies of people the conversation's own row counts, where there are no messages.
    pub(crate) counted_replies: Count,
    /// Whether the company started it.
    pub(crate) is_outbound: bool,
    /// Whether another row has the same id, and counts instead.
    pub(crate) is_duplicate: bool,
}

impl<'e> Conversation<'e> {
    /// The replies of people: public, not automatic. The message with which the company opened the conversation
    /// answers nothing.
    pub(crate) fn human_replies(&self) -> impl Iterator<Item = &'e Message> + use<'e> {
        let opening = self.opening().map(|opening| opening.row);
        self.messages.iter().filter(move |message| message.is_human_reply() && Some(message.row) != opening)
    }

    /// How many replies of people there were up to an instant.
    #[allow(clippy::needless_bitwise_bool, reason = "as in `Message::is_human_reply`")]
    pub(crate) fn count_human_replies_by(&self, at: Micros) -> u64 {
        let opening = self.opening().map(|opening| opening.row);
        let counts = |m: &Message| m.is_human_reply() & (m.at <= at) & (Some(m.row) != opening);
        self.messages.iter().map(|message| u64::from(counts(message))).sum()
    }

    /// The message with which the company started the conversation. An instant in the conversation's own row is none:
    /// it is that of a reply.
    pub(crate) fn opening(&self) -> Option<&'e Message> {
        if !self.is_outbound {
            return None;
        }
        self.messages.iter().find(|message| message.public).filter(|m| m.is_human_reply() && m.row != NOWHERE)
    }

    /// The last reply of a person up to an instant.
    pub(crate) fn last_human_reply_by(&self, at: Micros) -> Option<&'e Message> {
        // Looked for from there backwards: a long conversation may ask for each of its resolutions.
        let known = self.messages.get(..self.messages.partition_point(|message| message.at <= at))?;
        let opening = self.opening().map(|opening| opening.row);
        known.iter().rev().find(|message| message.is_human_reply() && Some(message.row) != opening)
    }

    /// Whether a person had replied by an instant; nothing if nobody tells.
    pub(crate) fn is_replied_by(&self, at: Micros) -> Option<bool> {
        match (self.human_replies().next(), self.counted_replies) {
            (Some(reply), _) => Some(reply.at <= at),
            (None, Count::Of(count)) => Some(count > 0),
            (None, Count::Needless) => Some(false),
            (None, Count::Missing | Count::Invalid) => None,
        }
    }

    /// A number for whoever wrote a message; equal numbers are equal people, 0 is nobody known.
    pub(crate) fn author_id(&self, message: &Message) -> u32 {
        let [authors, _] = self.people;
        authors.of_row(message.row as usize)
    }

    /// A number for whoever the conversation is assigned to from a change on; 0 for nobody.
    pub(crate) fn assignee(&self, change: &Change) -> u32 {
        let [_, assignees] = self.people;
        assignees.of_row(change.row as usize)
    }

    /// Each time that it was resolved. Closing after solving is not another resolution.
    pub(crate) fn resolutions(&self) -> impl Iterator<Item = Resolution> + use<'e> {
        history::resolutions(self.history)
    }

    /// The last resolution, if it is still resolved.
    pub(crate) fn resolved(&self) -> Option<Resolution> {
        history::lasting_resolution(self.history)
    }
}

impl View for Conversations {
    type Entity<'e> = Conversation<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        "conversation_id"
    }

    fn each(
        &self,
        gated: &Gated<'_, '_>,
        mut tell: impl FnMut(&Conversation<'_>) -> Result<()>,
    ) -> Result<()> {
        let context = gated.frame.context;
        let (book, as_of) = (context.book, context.scope.as_of);
        let table = gated.frame.table;
        let parts = Assembled::of(gated, self.parts)?;
        let roster = Roster::of(context, &self.rows)?;
        let people = if self.parts.people {
            [Numbers::of(book, "messages", "author_id")?, Numbers::of(book, "status_history", "assignee")?]
        } else {
            [Arc::default(), Arc::default()]
        };
        let rows = match table.find("conversation_id") {
            Some(_) => Some(conversations_by_id(book, context.scope)?),
            None => None,
        };
        let reads_own_row =
            matches!(parts.messages, Part::OwnRow(..)) || matches!(parts.history, Part::OwnRow(..));
        let (messages, history) = (parts.messages.table(), parts.history.table());
        let mut own = OwnRow::default();
        gated.each_row(|number, row| {
            let (created, initiated) = roster.entry(number);
            if created.is_some_and(|created| created > as_of) {
                return Ok(());
            }
            if reads_own_row {
                own.read(&parts, table, number, as_of);
            }
            let messages = match messages {
                Some(index) => index.known(number, as_of),
                None => known(&own.messages, as_of),
            };
            let history = match history {
                Some(index) => index.known(number, as_of),
                None => known(&own.history, as_of),
            };
            let is_outbound = match initiated {
                Initiated::ByCompany => true,
                Initiated::ByOthers => false,
                Initiated::Unsaid => {
                    let first = messages.iter().find(|message| message.public);
                    matches!(parts.messages, Part::Table(_)) && first.is_some_and(Message::is_human_reply)
                }
            };
            tell(&Conversation {
                number,
                row,
                created,
                messages,
                history,
                people: &people,
                replies: parts.replies.as_ref().and_then(|all| all.of_row(table, number)),
                counted_replies: own.replies,
                is_outbound,
                is_duplicate: created.is_none()
                    && rows.as_ref().is_some_and(|rows| rows.is_duplicate(number)),
            })
        })
    }

    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        let Some(table) = book.table(self.rows.table) else { return Vec::new() };
        let parts = [
            (self.parts.messages, "messages", MESSAGE_COLUMNS),
            (self.parts.history, "status_history", HISTORY_COLUMNS),
        ];
        let uses = |need: Need| !matches!(need, Need::No | Need::For(_));
        let absent = parts.iter().filter(|(need, part, _)| uses(*need) && book.table(part).is_none());
        let columns = absent.flat_map(|(_, _, columns)| columns.iter().copied());
        columns.filter(|column| find(table, column).is_some()).collect()
    }

    fn faults(&self, gated: &Gated<'_, '_>) -> Result<Vec<Fault>> {
        let parts = Assembled::of(gated, self.parts)?;
        let mut faults = parts.messages.faults(gated, MESSAGE_COLUMNS);
        faults.append(&mut parts.history.faults(gated, HISTORY_COLUMNS));
        Ok(faults)
    }
}

/// What is known at `as_of`: items come in order of time, so that what is later lies at the end.
fn known<T: Item>(items: &[T], as_of: Micros) -> &[T] {
    match items.last() {
        Some(last) if last.at() > as_of => {
            items.get(..items.partition_point(|item| item.at() <= as_of)).unwrap_or_default()
        }
        _ => items,
    }
}

/// Rows of another table, gathered by conversation, and those that could not be.
pub(super) struct Index<T> {
    gathered: Gathered<T>,
    faults: Vec<Fault>,
}

impl<T: Item> Index<T> {
    /// What is known of a conversation at `as_of`.
    #[inline]
    fn known(&self, number: usize, as_of: Micros) -> &[T] {
        let items = self.gathered.of_row(number);
        if self.gathered.latest() <= as_of { items } else { known(items, as_of) }
    }
}

/// Where one part comes from.
enum Part<T> {
    /// It was not asked for, or is not there and not needed.
    Absent,
    /// From its own table.
    Table(Arc<Index<T>>),
    /// From columns of the conversation's own row: the first two instants, and a count.
    OwnRow([Option<usize>; 3], [Tz; 2]),
}

impl<T> Part<T> {
    fn table(&self) -> Option<&Index<T>> {
        match self {
            Part::Table(index) => Some(index),
            Part::Absent | Part::OwnRow(..) => None,
        }
    }

    /// Rows of the table, or instants in conversations' own rows, that cannot be read.
    fn faults(&self, gated: &Gated<'_, '_>, columns: [&'static str; 3]) -> Vec<Fault> {
        let (found, zones) = match self {
            Part::Absent => return Vec::new(),
            Part::Table(index) => return index.faults.clone(),
            Part::OwnRow(found, zones) => (found, zones),
        };
        let table = gated.frame.table;
        let mut faults = Vec::new();
        for row in gated.kept() {
            for ((column, at), zone) in columns.into_iter().zip(found).zip(zones) {
                let Some(at) = at else { continue };
                if let Moment::Bad(code, text) = moment(table.read(*at, row), *zone) {
                    faults.push(Fault::of(table, row, Reason { column, code, text }));
                }
            }
        }
        faults
    }
}

/// The parts of all conversations.
struct Assembled {
    messages: Part<Message>,
    history: Part<Change>,
    replies: Option<Arc<RepliesById>>,
}

impl Assembled {
    fn of(gated: &Gated<'_, '_>, parts: Parts) -> Result<Self> {
        Ok(Self {
            messages: part(gated, parts.messages, "messages", MESSAGE_COLUMNS, messages::index)?,
            history: part(gated, parts.history, "status_history", HISTORY_COLUMNS, history::index)?,
            replies: parts.surveys.then(|| surveys::index(gated)).transpose()?,
        })
    }
}

/// What an export without messages or without a history has instead.
const MESSAGE_COLUMNS: [&str; 3] = ["first_replied_at", "", "replies"];
const HISTORY_COLUMNS: [&str; 3] = ["solved_at", "closed_at", ""];

/// The position of a column, if it has a name: a table may have one without.
fn find(table: &Table<'_>, column: &str) -> Option<usize> {
    table.find(column).filter(|_| !column.is_empty())
}

fn part<T>(
    gated: &Gated<'_, '_>,
    need: Need,
    table: &str,
    columns: [&str; 3],
    index: impl FnOnce(&Gated<'_, '_>) -> Result<Arc<Index<T>>>,
) -> Result<Part<T>> {
    let context = gated.frame.context;
    let is_used = match need {
        Need::No => false,
        Need::For(column) => context.book.table(table).is_some() && context.asks(column),
        Need::Optional | Need::Required | Need::Told | Need::Counted | Need::Table => true,
    };
    if !is_used {
        return Ok(Part::Absent);
    }
    if context.book.table(table).is_some() {
        return Ok(Part::Table(index(gated)?));
    }
    if need == Need::Table {
        context.book.require(table)?;
    }
    // The instants, and the count.
    let useful = match need {
        Need::Counted => [false, false, true],
        Need::Required => [true, true, false],
        _ => [true, true, true],
    };
    let found = columns.map(|column| find(gated.frame.table, column));
    let stands_in = found.iter().zip(useful).any(|(found, useful)| useful && found.is_some());
    if stands_in {
        let zone = |column: &str| context.scope.column_zone(gated.frame.view.table, column);
        let [first, second, _] = columns;
        return Ok(Part::OwnRow(found, [zone(first), zone(second)]));
    }
    if need == Need::Optional {
        return Ok(Part::Absent);
    }
    let useful = columns.into_iter().zip(useful).filter(|(column, useful)| *useful && !column.is_empty());
    let instead: Vec<&str> = useful.map(|(column, _)| column).collect();
    let message = format!(
        "the book has no table \"{table}\", and its conversations have none of the columns {} that could stand in",
        instead.join(", ")
    );
    Err(Error::new(ErrorKind::MissingTable, message).in_table(table))
}

/// The parts of one conversation that its own row says, where there are no tables of them.
#[derive(Default)]
struct OwnRow {
    messages: Vec<Message>,
    history: Vec<Change>,
    replies: Count,
}

impl OwnRow {
    fn read(&mut self, parts: &Assembled, table: &Table<'_>, number: usize, as_of: Micros) {
        let instant = |column: Option<usize>, zone: Tz| moment(table.read(column?, number), zone).at();
        if let Part::OwnRow([replied_at, _, replies], [zone, _]) = &parts.messages {
            self.messages.clear();
            self.messages.extend(instant(*replied_at, *zone).map(Message::reply_at));
            let never_replied = || {
                let found = replied_at.map(|column| moment(table.read(column, number), *zone));
                found == Some(Moment::Absent)
            };
            self.replies = match replies.map(|column| table.read(column, number)) {
                // A reply that is not known of yet is not counted either.
                _ if self.messages.first().is_some_and(|reply| reply.at > as_of) => Count::Of(0),
                None | Some(Reading::Missing) if never_replied() => Count::Of(0),
                None | Some(Reading::Missing) => Count::Missing,
                Some(Reading::Whole(count)) => u32::try_from(count).map_or(Count::Invalid, Count::Of),
                Some(_) => Count::Invalid,
            };
        }
        if let Part::OwnRow([solved_at, closed_at, _], [of_solved, of_closed]) = &parts.history {
            self.history.clear();
            self.history.extend(instant(*solved_at, *of_solved).map(|at| Change::to(Status::Solved, at)));
            self.history.extend(instant(*closed_at, *of_closed).map(|at| Change::to(Status::Closed, at)));
            self.history.sort_by_key(|change| change.at);
        }
    }
}
