//! From the rows of interactions and conversations to touches.

use super::{ACCOUNT, Account, CONVERSATION, Initiator, Touch, TouchAt, TouchTable, Touches};
use crate::book::Book;
use crate::compute::{Clock, Context, Ids, Located, check_ids, find_flag};
use crate::error::Result;
use crate::key::Key;
use crate::measure::flag;
use crate::request::Scope;
use crate::scope::Micros;
use crate::table::Table;
use crate::view::Unusable;
use crate::view::coded::{Coded, Place};
use crate::view::rows_of::{NOWHERE, RowsByKey, conversations_by_id, rows_by_key};
use hashbrown::HashMap;
use std::sync::Arc;

/// Makes touches of rows.
pub(super) struct Gathering<'t> {
    context: &'t Context<'t>,
    on_record: Option<(&'t Table<'t>, Arc<RowsByKey>, Option<usize>)>,
    touches: Touches,
}

impl<'t> Gathering<'t> {
    pub(super) fn of(context: &'t Context<'t>) -> Result<Self> {
        let on_record = match context.book.table("accounts") {
            Some(table) if table.find(ACCOUNT).is_some() => {
                let rows = rows_by_key(context, "accounts", ACCOUNT, "created_at")?;
                Some((table, rows, find_flag(table, "internal")?))
            }
            _ => None,
        };
        let touches = Touches {
            accounts: Vec::new(),
            numbers: HashMap::new(),
            interactions: Vec::new(),
            conversations: Vec::new(),
            unusable: Vec::new(),
            begin: None,
        };
        Ok(Self { context, on_record, touches })
    }

    pub(super) fn all(mut self) -> Result<Touches> {
        let book = self.context.book;
        let (interactions, conversations) = (book.table("interactions"), book.table("conversations"));
        if interactions.is_none() && conversations.is_none() {
            book.require("interactions")?;
        }
        self.number(&Key::Null);
        if let Some(table) = interactions {
            self.touches.interactions = self.read(table, TouchTable::Interactions, &HashMap::new())?;
        }
        if let Some(table) = conversations {
            let told = interactions.map_or_else(|| Ok(HashMap::new()), |by| self.told(by, table))?;
            self.touches.conversations = self.read(table, TouchTable::Conversations, &told)?;
        }
        for account in &mut self.touches.accounts {
            account.touches.sort_unstable_by_key(|touch| (touch.at, touch.table, touch.row));
        }
        let firsts = self.touches.accounts.iter().filter_map(|account| account.touches.first());
        self.touches.begin = firsts.map(|touch| touch.at).min();
        Ok(self.touches)
    }

    /// The number of an account.
    fn number(&mut self, key: &Key) -> u32 {
        let Touches { accounts, numbers, .. } = &mut self.touches;
        *numbers.entry(Key::named(key.reading())).or_insert_with_key(|key| {
            let is_internal = self.on_record.as_ref().is_some_and(|(table, rows, internal)| {
                let row = rows.find(key.reading());
                row != NOWHERE && internal.is_some_and(|column| flag(table.read(column, row as usize)))
            });
            accounts.push(Account { key: key.clone(), is_internal, touches: Vec::new() });
            u32::try_from(accounts.len() - 1).unwrap_or(0)
        })
    }

    /// From when on interactions tell of each conversation that they name.
    fn told(&self, table: &Table<'_>, conversations: &Table<'_>) -> Result<HashMap<Key, Micros>> {
        let mut told: HashMap<Key, Micros> = HashMap::new();
        let Some(column) = table.find(CONVERSATION) else { return Ok(told) };
        check_ids(Ids(table, CONVERSATION), &[Ids(conversations, CONVERSATION)])?;
        let channel = table.find("channel");
        // A note among colleagues is no touch: were it to tell of the conversation, that would be none either.
        let notes = |row: usize| channel.is_some_and(|column| is_note(&Key::from(table.read(column, row))));
        TouchTable::Interactions.clock(table, self.context.scope).each(table, |row, time| {
            if let (Some(at), key) = (time.at(), Key::named(table.read(column, row)))
                && key != Key::Null
                && !notes(row)
            {
                let first = told.entry(key).or_insert(at);
                *first = at.min(*first);
            }
        });
        Ok(told)
    }

    /// What the rows of a table tell; those that can be placed are touches of their accounts.
    fn read(
        &mut self,
        table: &'t Table<'t>,
        kind: TouchTable,
        told: &HashMap<Key, Micros>,
    ) -> Result<Vec<Touch>> {
        let Context { book, scope, .. } = *self.context;
        let clock = kind.clock(table, scope);
        let accounts = self.accounts_of(table, &clock)?;
        let duplicates = match kind {
            _ if table.find(kind.key()).is_none() => None,
            TouchTable::Interactions => {
                Some(rows_by_key(self.context, kind.name(), kind.key(), kind.time())?)
            }
            TouchTable::Conversations => Some(conversations_by_id(book, scope)?),
        };
        let mut initiators = Coded::new(table, table.find(kind.initiator()), Initiator::named);
        let channel = table.find("channel").filter(|_| kind == TouchTable::Interactions);
        let mut notes = Coded::new(table, channel, is_note);
        let mut flags = Vec::new();
        for name in kind.flags() {
            if let Some(column) = find_flag(table, name)? {
                flags.push(Coded::new(table, Some(column), |key: &Key| flag(key.reading())));
            }
        }
        let id = table.find(kind.key()).filter(|_| !told.is_empty());
        let told_from = |row: usize| {
            let key = id.map(|column| Key::named(table.read(column, row)));
            key.and_then(|key| told.get(&key)).copied().unwrap_or(Micros::MAX)
        };
        let mut rows = Vec::with_capacity(table.rows());
        Place::each(table, |place, row| {
            rows.push(Touch {
                account: accounts.get(row).copied().unwrap_or(0),
                initiator: initiators.at(place),
                is_note: notes.at(place),
                is_flagged: flags.iter_mut().fold(false, |flagged, flag| flag.at(place) | flagged),
                is_duplicate: duplicates.as_ref().is_some_and(|rows| rows.is_duplicate(row)),
                told: told_from(row),
            });
        });
        let Touches { accounts, unusable, .. } = &mut self.touches;
        clock.each(table, |number, time| {
            let (Some(told), Ok(row)) = (rows.get(number), u32::try_from(number)) else { return };
            match time.placed(kind.time()) {
                Err(reason) => unusable.push((kind, Unusable { row, at: None, reason })),
                Ok(at) if told.is_duplicate => {
                    unusable.push((kind, Unusable { row, at: Some(at), reason: kind.duplicate() }));
                }
                Ok(at) => {
                    // The touches of no account are never asked for.
                    let account = accounts.get_mut(told.account as usize).filter(|_| told.account != 0);
                    if let Some(account) = account {
                        account.touches.push(TouchAt { at, table: kind, row });
                    }
                }
            }
        });
        Ok(rows)
    }

    /// The number of each row's account: its own, or that of its user.
    fn accounts_of(&mut self, table: &'t Table<'t>, clock: &Clock) -> Result<Vec<u32>> {
        let Context { book, scope, .. } = *self.context;
        if let Some((accounts, ..)) = &self.on_record {
            check_ids(Ids(table, ACCOUNT), &[Ids(accounts, ACCOUNT)])?;
        }
        if !names_accounts(book, table, scope) {
            return Ok(Vec::new());
        }
        let mut located = Located::find(book, table, scope, ACCOUNT, &[])?;
        let (mut numbers, mut of_rows) = (Vec::new(), Vec::with_capacity(table.rows()));
        for (at, chunk) in table.chunks().iter().enumerate() {
            let mut codes = vec![0; chunk.rows];
            located.block(chunk, at, 0, &mut codes, |local| clock.read(chunk, local, Micros::MAX).at());
            for key in located.keys().iter().skip(numbers.len()) {
                numbers.push(self.number(key));
            }
            of_rows.extend(codes.iter().map(|code| numbers.get(*code as usize).copied().unwrap_or(0)));
        }
        Ok(of_rows)
    }
}

/// Whether rows name an account, or somebody of one.
pub(crate) fn names_accounts(book: &Book<'_>, table: &Table<'_>, scope: &Scope) -> bool {
    Located::find(book, table, scope, ACCOUNT, &[]).is_ok()
}

/// Whether a channel is that of notes among colleagues.
pub(crate) fn is_note(channel: &Key) -> bool {
    channel.as_text().is_some_and(|channel| channel.trim().eq_ignore_ascii_case("crm_note"))
}

/// What a column of the accounts says of the touches of a table, row by row: nothing where no account has it.
pub(crate) struct OfAccounts {
    codes: Vec<u32>,
    values: Vec<Key>,
}

impl OfAccounts {
    pub(crate) fn of(context: &Context<'_>, kind: TouchTable, column: &str) -> Result<Self> {
        let Context { book, scope, .. } = *context;
        let (table, mut all) = (book.require(kind.name())?, Self { codes: Vec::new(), values: Vec::new() });
        let clock = kind.clock(table, scope);
        let Some(mut located) = Located::of_account(book, table, scope, column)? else { return Ok(all) };
        for (at, chunk) in table.chunks().iter().enumerate() {
            let mut codes = vec![0; chunk.rows];
            located.block(chunk, at, 0, &mut codes, |local| clock.read(chunk, local, scope.as_of).at());
            all.codes.append(&mut codes);
        }
        all.values = located.keys().to_vec();
        Ok(all)
    }

    /// What is said of a row.
    pub(crate) fn of_row(&self, row: usize) -> Option<&Key> {
        self.values.get(*self.codes.get(row)? as usize)
    }
}
