//! The tables: one file each, and the list of them.
//!
//! A table is its name, its columns, and a function that makes its rows for one account.

mod accounts;
mod articles;
mod codes;
mod conversations;
mod emails;
mod entitlements;
mod events;
mod goals;
mod holidays;
mod identities;
mod incidents;
mod interactions;
mod mailboxes;
mod measures;
mod messages;
mod onboarding;
mod probes;
mod schedules;
mod searches;
mod sla_policies;
mod stages;
mod status_history;
mod subscriptions;
mod surveys;
mod users;

use std::sync::Arc;

use crate::account::Account;
use crate::column::{Chunk, Field, TableInfo};
use crate::company::World;

/// All tables, those that others refer to first.
pub(crate) static TABLES: &[&dyn AnyTable] = &[
    &accounts::TABLE,
    &users::TABLE,
    &identities::TABLE,
    &entitlements::TABLE,
    &schedules::TABLE,
    &holidays::TABLE,
    &sla_policies::TABLE,
    &mailboxes::TABLE,
    &conversations::TABLE,
    &messages::TABLE,
    &status_history::TABLE,
    &emails::TABLE,
    &articles::TABLE,
    &searches::TABLE,
    &interactions::TABLE,
    &surveys::TABLE,
    &codes::TABLE,
    &events::TABLE,
    &incidents::TABLE,
    &probes::TABLE,
    &subscriptions::TABLE,
    &stages::TABLE,
    &onboarding::TABLE,
    &goals::TABLE,
    &measures::TABLE,
];

/// A table whose rows are `R`.
pub(crate) struct Table<R: 'static> {
    name: &'static str,
    columns: &'static [Field<R>],
    rows: fn(&World, &Account) -> Vec<R>,
}

/// A table, whatever its rows are.
pub(crate) trait AnyTable: Sync {
    /// Its name and columns.
    fn info(&self) -> TableInfo;

    /// How many rows it has for one account.
    fn count(&self, world: &World, account: &Account) -> u64;

    /// Its rows in chunks of at most `most` rows.
    fn chunks(&'static self, world: Arc<World>, most: usize) -> Chunks;
}

impl<R: Send> AnyTable for Table<R> {
    fn info(&self) -> TableInfo {
        TableInfo { name: self.name, columns: self.columns.iter().map(Field::info).collect() }
    }

    fn count(&self, world: &World, account: &Account) -> u64 {
        u64::try_from((self.rows)(world, account).len()).unwrap_or(u64::MAX)
    }

    fn chunks(&'static self, world: Arc<World>, most: usize) -> Chunks {
        Chunks(Box::new(Cut { table: self, world, next_account: 0, rows: Vec::new(), handed_out: 0, most }))
    }
}

/// The rows of a table, chunk by chunk. Owns all it needs, so it may outlive the company.
pub struct Chunks(Box<dyn Iterator<Item = Chunk> + Send>);

impl Iterator for Chunks {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        self.0.next()
    }
}

impl std::fmt::Debug for Chunks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Chunks").finish_non_exhaustive()
    }
}

/// Cuts the rows of one account after the other into chunks.
struct Cut<R: 'static> {
    table: &'static Table<R>,
    world: Arc<World>,
    next_account: u32,
    /// Made, but not all handed out yet.
    rows: Vec<R>,
    /// How many of them were handed out.
    handed_out: usize,
    most: usize,
}

impl<R> Iterator for Cut<R> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        if self.rows.len() - self.handed_out < self.most {
            self.rows.drain(..self.handed_out);
            self.handed_out = 0;
        }
        while self.rows.len() < self.most && self.next_account < self.world.settings.accounts {
            let account = Account::plan(&self.world, self.next_account);
            self.rows.extend((self.table.rows)(&self.world, &account));
            self.next_account += 1;
        }
        let end = self.rows.len().min(self.handed_out + self.most);
        let rows = self.rows.get(self.handed_out..end).filter(|rows| !rows.is_empty())?;
        self.handed_out = end;
        let columns = self.table.columns.iter().map(|field| (field.name, field.column(rows))).collect();
        Some(Chunk { columns })
    }
}
