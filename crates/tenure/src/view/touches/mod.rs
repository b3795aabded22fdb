//! Touches: whenever a customer and the company were in contact, from interactions and conversations.

mod gathering;
mod units;

pub(crate) use gathering::{OfAccounts, is_note, names_accounts};
pub(crate) use units::{TouchRow, TouchRows, TouchedAccount, TouchedAccounts};

use super::Unusable;
use crate::compute::{Clock, Context, RowView, Untimed};
use crate::error::Result;
use crate::key::Key;
use crate::measure::Reason;
use crate::outcome::Fault;
use crate::request::Scope;
use crate::scope::Micros;
use crate::table::Table;
use gathering::Gathering;
use hashbrown::HashMap;
use std::sync::Arc;

const ACCOUNT: &str = "account_id";
const CONVERSATION: &str = "conversation_id";

/// The table that a touch is told of in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TouchTable {
    Interactions,
    /// Only those that no interaction names: else that tells of them.
    Conversations,
}

impl TouchTable {
    /// The rows of the table, of units with this key.
    pub(crate) fn rows(self, key: &'static str) -> RowView {
        RowView {
            table: self.name(),
            key,
            time: match self {
                Self::Interactions => &["occurred_at"],
                Self::Conversations => &["created_at"],
            },
            untimed: Untimed::Fault,
            kind: None,
            excluded: self.flags(),
            scale: None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Interactions => "interactions",
            Self::Conversations => "conversations",
        }
    }

    /// The column that names a touch.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Interactions => "interaction_id",
            Self::Conversations => CONVERSATION,
        }
    }

    /// The column that says when it was.
    pub(crate) fn time(self) -> &'static str {
        match self {
            Self::Interactions => "occurred_at",
            Self::Conversations => "created_at",
        }
    }

    fn clock(self, table: &Table<'_>, scope: &Scope) -> Clock {
        Clock::of(table, self.time(), scope.column_zone(self.name(), self.time()))
    }

    /// The column that says who began it.
    pub(crate) fn initiator(self) -> &'static str {
        match self {
            Self::Interactions => "author",
            Self::Conversations => "initiated_by",
        }
    }

    /// Flags of rows that are no touches.
    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Interactions => &[],
            Self::Conversations => &["spam", "deleted", "merged"],
        }
    }

    /// What is wrong with a row whose id another row has.
    pub(crate) fn duplicate(self) -> Reason {
        Reason::new(self.key(), "duplicate", "is the id of another row already")
    }
}

/// Who began a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Initiator {
    Unsaid,
    Company,
    Customer,
    Bot,
    Other,
}

impl Initiator {
    fn named(key: &Key) -> Self {
        let Some(name) = key.as_text().map(str::trim).filter(|name| !name.is_empty()) else {
            return Self::Unsaid;
        };
        let known = [("company", Self::Company), ("customer", Self::Customer), ("bot", Self::Bot)];
        let found = known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or(Self::Other, |(_, initiator)| initiator)
    }
}

/// What a row tells, whenever one looks at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    /// The account's number; 0 for none.
    account: u32,
    pub(crate) initiator: Initiator,
    /// Whether it is a note among colleagues.
    pub(crate) is_note: bool,
    /// Whether a flag of the row leaves it out.
    is_flagged: bool,
    /// Whether another row has the same id, and counts instead.
    pub(crate) is_duplicate: bool,
    /// From when on an interaction tells of a conversation, which then is no touch of its own.
    told: Micros,
}

impl Touch {
    /// From when on an interaction tells of it instead, if one does so by then.
    pub(crate) fn told_by(&self, as_of: Micros) -> Option<Micros> {
        Some(self.told).filter(|told| *told <= as_of)
    }
}

/// A touch of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TouchAt {
    pub(crate) at: Micros,
    pub(crate) table: TouchTable,
    pub(crate) row: u32,
}

/// All touches, whenever one looks at them: what is not known yet is left out when they are asked for.
pub(crate) struct Touches {
    /// The accounts, by number; the first is none.
    accounts: Vec<Account>,
    numbers: HashMap<Key, u32>,
    interactions: Vec<Touch>,
    conversations: Vec<Touch>,
    /// The rows that are of no use, known or not.
    unusable: Vec<(TouchTable, Unusable)>,
    begin: Option<Micros>,
}

/// An account that touches name.
struct Account {
    key: Key,
    is_internal: bool,
    /// In order of time.
    touches: Vec<TouchAt>,
}

impl Touches {
    /// Gathered once for all requests about a book.
    pub(crate) fn of(context: &Context<'_>) -> Result<Arc<Self>> {
        const TIMES: [(&str, &str); 7] = [
            ("interactions", "occurred_at"),
            ("conversations", "created_at"),
            ("accounts", "created_at"),
            ("accounts", "valid_from"),
            ("accounts", "valid_to"),
            ("users", "valid_from"),
            ("users", "valid_to"),
        ];
        let zones = TIMES.map(|(table, column)| context.scope.column_zone(table, column).name());
        context.book.index(&format!("touches, {}", zones.join(", ")), || Gathering::of(context)?.all())
    }

    /// What a row tells.
    pub(crate) fn of_row(&self, table: TouchTable, row: usize) -> Option<&Touch> {
        match table {
            TouchTable::Interactions => self.interactions.get(row),
            TouchTable::Conversations => self.conversations.get(row),
        }
    }

    /// The account of a touch, if it has one.
    pub(crate) fn account(&self, touch: &Touch) -> Option<&Key> {
        let named = self.accounts.get(touch.account as usize);
        named.map(|account| &account.key).filter(|key| **key != Key::Null)
    }

    /// Whether the account of a touch is the company's own.
    pub(crate) fn is_internal(&self, touch: &Touch) -> bool {
        self.accounts.get(touch.account as usize).is_some_and(|account| account.is_internal)
    }

    /// The rows that are of no use, as far as they are known at `as_of`.
    pub(crate) fn faults(&self, context: &Context<'_>) -> Vec<Fault> {
        let is_known = |row: &Unusable| row.at.is_none_or(|at| at <= context.scope.as_of);
        let known = self.unusable.iter().filter(|(_, row)| is_known(row));
        let fault = |(table, row): &(TouchTable, Unusable)| {
            Some(Fault::of(context.book.table(table.name())?, row.row as usize, row.reason))
        };
        known.filter_map(fault).collect()
    }

    /// When the first of all touches was.
    pub(crate) fn begin(&self) -> Option<Micros> {
        self.begin
    }

    /// The last touch of an account up to an instant, of those that count by what is known then.
    pub(crate) fn last(
        &self,
        account: &Key,
        until: Micros,
        counts: impl Fn(&Touch) -> bool,
    ) -> Option<TouchAt> {
        let touches = &self.accounts.get(*self.numbers.get(account)? as usize)?.touches;
        let known = touches.get(..touches.partition_point(|touch| touch.at <= until))?;
        let is_touch = |told: &Touch| !told.is_flagged && told.told_by(until).is_none() && counts(told);
        let mut latest = known.iter().rev();
        latest.find(|touch| self.of_row(touch.table, touch.row as usize).is_some_and(is_touch)).copied()
    }

    /// The first touch of an account, whether it counts or not: from then on it is known that there is such an account.
    fn first(&self, account: &Account, as_of: Micros) -> Option<TouchAt> {
        let is_touch = |touch: &&TouchAt| {
            let told = self.of_row(touch.table, touch.row as usize);
            told.is_some_and(|told| told.told_by(as_of).is_none())
        };
        account.touches.iter().take_while(|touch| touch.at <= as_of).find(is_touch).copied()
    }
}
