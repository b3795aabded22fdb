//! Who did what: a small number for each person of the table of events.

use super::coded::{Coded, Numbers, Place};
use super::side_faults::check_people;
use crate::book::Book;
use crate::compute::{Clock, Context, Ids, check_ids, find_flag};
use crate::error::Result;
use crate::key::{Interner, Key};
use crate::measure::{Reason, flag};
use crate::policy::choice;
use crate::scope::Micros;
use crate::table::Table;
use hashbrown::HashSet;
use roaring::RoaringBitmap;
use std::sync::Arc;

/// A set of people, by their numbers.
pub(crate) type Set = RoaringBitmap;

choice! {
    /// Who is counted as one.
    pub enum Identity {
        /// A user: `user_id`, after the table `identities` has put together those that are one person.
        User = "user",
        /// A session: `session_id`. One person in three browsers is three.
        Session = "session",
        /// A device: `device_id`.
        Device = "device",
    }
}

impl Identity {
    /// What is wrong with an event of nobody.
    pub(crate) fn nobody(self) -> Reason {
        match self {
            Identity::User => Reason::new("user_id", "no_user", "names nobody"),
            Identity::Session => Reason::new("session_id", "no_session", "names no session"),
            Identity::Device => Reason::new("device_id", "no_device", "names no device"),
        }
    }

    /// The column of events that names who is counted.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Identity::User => "user_id",
            Identity::Session => "session_id",
            Identity::Device => "device_id",
        }
    }
}

/// The people of a book: those of its events, and those on record in `users`.
pub(crate) struct People {
    numbers: Arc<Numbers>,
    /// The person that each number of a row stands for; empty where that is the number itself.
    merged: Vec<u32>,
    /// The ids, by person.
    keys: Vec<Key>,
    /// Those that are marked as internal, and those that are bots and are not.
    internal: Set,
    bots: Set,
    /// The people of the rows of `users`, and when they were created as far as it says.
    of_users: Vec<u32>,
    is_recorded_once: bool,
    created: Vec<Option<Micros>>,
    /// The people of the rows of `entitlements`.
    of_entitlements: Vec<u32>,
}

const INTERNAL: Reason = Reason::new("user_id", "internal", "is of somebody internal");
const BOT: Reason = Reason::new("user_id", "bot", "is of a bot");

/// The number of rows that name nobody.
pub(crate) const NOBODY: u32 = 0;

impl People {
    /// Numbered once for all requests about a book.
    pub(crate) fn of(context: &Context<'_>, identity: Identity) -> Result<Arc<Self>> {
        let book = context.book;
        let zone = context.scope.column_zone("users", "created_at");
        book.index(&format!("people by {}, {zone}", identity.column()), || {
            let events = book.require("events")?;
            events.require(identity.column())?;
            let numbers = Numbers::of(book, "events", identity.column())?;
            if identity == Identity::User {
                check_people(book)?;
            }
            let mut people = Self {
                keys: numbers.keys().to_vec(),
                numbers,
                merged: Vec::new(),
                internal: Set::new(),
                bots: Set::new(),
                of_users: Vec::new(),
                is_recorded_once: true,
                created: Vec::new(),
                of_entitlements: Vec::new(),
            };
            if identity == Identity::User {
                people.look_up(book, zone)?;
                people.exclude_accounts(book)?;
            } else if book.table("users").is_some() {
                people.exclude_those_of(&*Self::of(context, Identity::User)?);
            }
            Ok(people)
        })
    }

    /// Leaves out what is of a user who does not count: a session, a device.
    fn exclude_those_of(&mut self, users: &Self) {
        if users.excluded().iter().all(|(set, _)| set.is_empty()) {
            return;
        }
        for row in 0..self.numbers.of_rows().len() {
            let user = users.of_row(row);
            if users.internal.contains(user) {
                self.internal.insert(self.of_row(row));
            } else if users.bots.contains(user) {
                self.bots.insert(self.of_row(row));
            }
        }
        self.bots -= &self.internal;
    }

    /// Leaves out who is not on record, but did something in an internal account.
    fn exclude_accounts(&mut self, book: &Book<'_>) -> Result<()> {
        let events = book.require("events")?;
        let internal = internal_accounts(book, events)?;
        let Some(account) = events.find("account_id").filter(|_| !internal.is_empty()) else { return Ok(()) };
        let recorded: Set = self.of_users.iter().copied().chain([NOBODY]).collect();
        let mut is_internal =
            Coded::new(events, Some(account), |key: &Key| internal.contains(&Key::named(key.reading())));
        let mut found = Set::new();
        Place::each(events, |place, row| {
            if is_internal.at(place) {
                found.insert(self.of_row(row));
            }
        });
        self.internal |= found - recorded;
        self.bots -= &self.internal;
        Ok(())
    }

    /// What the tables beside the events say of users.
    fn look_up(&mut self, book: &Book<'_>, zone: chrono_tz::Tz) -> Result<()> {
        if ["users", "identities", "entitlements"].iter().all(|name| book.table(name).is_none()) {
            return Ok(());
        }
        let mut interner = Interner::default();
        for key in &self.keys {
            interner.code(key.reading());
        }
        let mut merged: Vec<u32> = Vec::new();
        if let Some(identities) = book.table("identities") {
            merged = merge(identities, &mut interner)?;
        }
        if let Some(users) = book.table("users") {
            let id = users.require("user_id")?;
            self.of_users = vec![NOBODY; users.rows()];
            let internal = internal_accounts(book, users)?;
            let account = users.find("account_id").filter(|_| !internal.is_empty());
            let marks = [find_flag(users, "internal")?, find_flag(users, "bot")?];
            Clock::of(users, "created_at", zone).each(users, |row, time| {
                let reading = users.read(id, row);
                if Key::named(reading) == Key::Null {
                    return;
                }
                let number = interner.code(reading);
                let person = merged.get(number as usize).copied().unwrap_or(number);
                if let Some(slot) = self.of_users.get_mut(row) {
                    *slot = person;
                }
                let of_account =
                    account.is_some_and(|at| internal.contains(&Key::named(users.read(at, row))));
                let [is_internal, is_bot] =
                    marks.map(|column| column.is_some_and(|column| flag(users.read(column, row))));
                if of_account || is_internal {
                    self.internal.insert(person);
                }
                if is_bot {
                    self.bots.insert(person);
                }
                if let Some(at) = time.at() {
                    let person = person as usize;
                    self.created.resize(self.created.len().max(person + 1), None);
                    if let Some(created) = self.created.get_mut(person) {
                        // The first of several, whatever their order.
                        *created = Some(created.map_or(at, |known| known.min(at)));
                    }
                }
            });
        }
        let recorded = self.of_users.iter().copied().filter(|person| *person != NOBODY);
        let distinct: Set = recorded.clone().collect();
        self.is_recorded_once = distinct.len() == recorded.count() as u64;
        if let Some((entitlements, id)) =
            book.table("entitlements").and_then(|table| Some((table, table.find("user_id")?)))
        {
            let person = |row: usize| {
                let reading = entitlements.read(id, row);
                if Key::named(reading) == Key::Null {
                    return NOBODY;
                }
                let number = interner.code(reading);
                merged.get(number as usize).copied().unwrap_or(number)
            };
            self.of_entitlements = (0..entitlements.rows()).map(person).collect();
        }
        self.bots -= &self.internal;
        self.keys = interner.keys().to_vec();
        self.merged = merged;
        Ok(())
    }

    /// Who did what a row of the events says, or [`NOBODY`].
    #[inline]
    pub(crate) fn of_row(&self, row: usize) -> u32 {
        self.person(self.numbers.of_row(row))
    }

    /// The id of whom a row is about; beyond the rows of the events come the people themselves, see [`Self::row_of`].
    pub(crate) fn key_of(&self, row: usize) -> &Key {
        let rows = self.numbers.of_rows().len();
        let person = row.checked_sub(rows).unwrap_or_else(|| self.of_row(row) as usize);
        self.keys.get(person).unwrap_or(&Key::Null)
    }

    /// What stands for the row of a person who has no event.
    pub(crate) fn row_of(&self, person: u32) -> usize {
        self.numbers.of_rows().len() + person as usize
    }

    /// The person that a number of an id stands for.
    #[inline]
    pub(crate) fn person(&self, number: u32) -> u32 {
        self.merged.get(number as usize).copied().unwrap_or(number)
    }

    /// Whether some people go by several names.
    pub(crate) fn is_merged(&self) -> bool {
        !self.merged.is_empty()
    }

    /// Whether nobody is on record several times.
    pub(crate) fn is_recorded_once(&self) -> bool {
        self.is_recorded_once
    }

    /// The people of all rows of the events, in order.
    pub(crate) fn of_rows(&self) -> std::borrow::Cow<'_, [u32]> {
        let numbers = self.numbers.of_rows();
        if self.merged.is_empty() {
            return numbers.into();
        }
        numbers.iter().map(|number| self.person(*number)).collect()
    }

    /// The ids, by number; the first is nobody's.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Those that do not count: internal users, and bots; with the reason.
    pub(crate) fn excluded(&self) -> [(&Set, Reason); 2] {
        [(&self.internal, INTERNAL), (&self.bots, BOT)]
    }

    /// Why a person does not count, if so.
    pub(crate) fn exclusion(&self, person: u32) -> Option<Reason> {
        self.excluded().into_iter().find(|(set, _)| set.contains(person)).map(|(_, reason)| reason)
    }

    /// Who a row of `users` is, or [`NOBODY`].
    pub(crate) fn of_user(&self, row: usize) -> u32 {
        self.of_users.get(row).copied().unwrap_or(NOBODY)
    }

    /// Who a row of `entitlements` is about, or [`NOBODY`] if it is of an account.
    pub(crate) fn of_entitlement(&self, row: usize) -> u32 {
        self.of_entitlements.get(row).copied().unwrap_or(NOBODY)
    }

    /// When a person was created, as far as `users` says.
    pub(crate) fn created(&self, person: u32) -> Option<Micros> {
        self.created.get(person as usize).copied().flatten()
    }
}

/// The person of each number that is an alias of another.
pub(super) fn merge(identities: &Table<'_>, interner: &mut Interner) -> Result<Vec<u32>> {
    let (alias, user) = (identities.require("alias_id")?, identities.require("user_id")?);
    let mut rows: Vec<usize> = (0..identities.rows()).collect();
    let order = identities.order("alias_id");
    rows.sort_by(|a, b| order.compare(*a, *b));
    let mut target: Vec<u32> = Vec::new();
    for row in rows {
        let (alias, user) = (identities.read(alias, row), identities.read(user, row));
        if Key::named(alias) == Key::Null || Key::named(user) == Key::Null {
            continue;
        }
        let (alias, user) = (interner.code(alias), interner.code(user));
        let known = target.len();
        target.extend((known..interner.keys().len()).map(|own| u32::try_from(own).unwrap_or(u32::MAX)));
        // Of several the first, in an order that does not depend on the table's. An alias of an alias is the same person,
        // and a circle is closed where it would come back to its beginning.
        let end = last(&target, user);
        if let Some(slot) = target.get_mut(alias as usize).filter(|slot| **slot == alias && end != alias) {
            *slot = end;
        }
    }
    let numbers = 0..u32::try_from(target.len()).unwrap_or(u32::MAX);
    Ok(numbers.map(|number| last(&target, number)).collect())
}

/// Who an alias of an alias is in the end.
fn last(target: &[u32], mut number: u32) -> u32 {
    while let Some(next) = target.get(number as usize).copied().filter(|next| *next != number) {
        number = next;
    }
    number
}

/// The other names of users, from the table `identities`.
pub(crate) fn aliases(book: &Book<'_>) -> Vec<(Key, Key)> {
    let Some(identities) = book.table("identities") else { return Vec::new() };
    let mut interner = Interner::default();
    let Ok(merged) = merge(identities, &mut interner) else { return Vec::new() };
    let keys = interner.keys();
    let named = keys
        .iter()
        .zip(merged)
        .filter_map(|(alias, user)| Some((alias.clone(), keys.get(user as usize)?.clone())));
    named.filter(|(alias, user)| alias != user).collect()
}

/// The accounts whose people do not count, as the rows of a table name them.
pub(super) fn internal_accounts(book: &Book<'_>, of: &Table<'_>) -> Result<HashSet<Key>> {
    let Some(accounts) = book.table("accounts") else { return Ok(HashSet::new()) };
    let (Some(id), Some(internal)) = (accounts.find("account_id"), find_flag(accounts, "internal")?) else {
        return Ok(HashSet::new());
    };
    let rows = (0..accounts.rows()).filter(|row| flag(accounts.read(internal, *row)));
    let keys: HashSet<Key> =
        rows.map(|row| Key::named(accounts.read(id, row))).filter(|key| *key != Key::Null).collect();
    if !keys.is_empty() {
        check_ids(Ids(of, "account_id"), &[Ids(accounts, "account_id")])?;
    }
    Ok(keys)
}
