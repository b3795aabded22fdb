//! The company as a whole: its settings, what all accounts share, and the way to its tables.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::account::Account;
use crate::calendar::{Calendar, Instant};
use crate::column::TableInfo;
use crate::error::Error;
use crate::random::{Purpose, Random};
use crate::table::{Chunks, TABLES};
use crate::truth::Truth;

/// How many rows a chunk has at most, unless asked otherwise.
pub const DEFAULT_CHUNK_ROWS: usize = 16_384;

pub(crate) const MOST_ACCOUNTS: u32 = 10_000_000;
const MOST_MONTHS: u32 = 600;

/// Which company to make up. Equal settings give equal rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many accounts ever signed up, up to ten million. The first is its own test account. Leads that never did
    /// come on top, one to four or five accounts.
    pub accounts: u32,
    /// How many months it has existed, 1 to 600.
    pub months: u32,
    /// What makes this company different from others of the same size.
    pub seed: u64,
    /// Its first day, which must be the first of a month.
    pub start: NaiveDate,
    /// How often users come, in percent of the usual: more gives more events from the same users. Up to 1000.
    pub activity_percent: u32,
}

impl Default for Settings {
    /// 200 accounts in 24 months from January 2024: a few thousand surveys, tens of thousands of events.
    fn default() -> Self {
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        Self { accounts: 200, months: 24, seed: 1, start, activity_percent: 100 }
    }
}

/// What all accounts share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) calendar: Calendar,
    /// The number of the month in which exports are broken.
    pub(crate) outage_month: usize,
}

impl World {
    /// The stream of random numbers of one account for one purpose.
    pub(crate) fn random(&self, account: u32, purpose: Purpose) -> Random {
        Random::new(self.settings.seed, account, purpose)
    }

    /// Whether an instant falls into the month of the outage.
    pub(crate) fn is_outage(&self, at: Instant) -> bool {
        self.calendar.month_of(at) == Some(self.outage_month)
    }

    /// The plans of all accounts, one after the other.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = Account> {
        (0..self.settings.accounts).map(|index| Account::plan(self, index))
    }
}

/// A sample company. Cheap to clone: clones share the same plan.
#[derive(Debug, Clone)]
pub struct Company {
    world: Arc<World>,
}

impl Company {
    /// Plans the company; nothing is generated before a table is asked for.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let invalid = |setting, given, expected| Err(Error::InvalidSettings { setting, given, expected });
        if settings.accounts > MOST_ACCOUNTS {
            return invalid("accounts", settings.accounts.to_string(), "at most 10000000");
        }
        if !(1..=MOST_MONTHS).contains(&settings.months) {
            return invalid("months", settings.months.to_string(), "1 to 600");
        }
        if settings.activity_percent > 1000 {
            return invalid("activity_percent", settings.activity_percent.to_string(), "at most 1000");
        }
        // Instants are counted in microseconds of 64 bits; four digits of the year keep far away from the end.
        if settings.start.day() != 1 || !(1900..=2200).contains(&settings.start.year()) {
            let expected = "the first day of a month in the years 1900 to 2200";
            return invalid("start", settings.start.to_string(), expected);
        }
        let Some(calendar) = Calendar::new(settings.start, settings.months) else {
            return invalid("months", settings.months.to_string(), "months that the calendar has");
        };
        let outage_month = outage_month(settings.seed, settings.months);
        Ok(Self { world: Arc::new(World { settings, calendar, outage_month }) })
    }

    /// What it was made from.
    pub fn settings(&self) -> &Settings {
        &self.world.settings
    }

    /// The tables it has, with their columns.
    pub fn tables(&self) -> Vec<TableInfo> {
        TABLES.iter().map(|table| table.info()).collect()
    }

    /// The rows of a table in chunks of at most [`DEFAULT_CHUNK_ROWS`] rows.
    pub fn table(&self, name: &str) -> Result<Chunks, Error> {
        self.table_in_chunks(name, DEFAULT_CHUNK_ROWS)
    }

    /// The rows of a table in chunks of `rows` rows (at least one); the last one may be shorter.
    ///
    /// Only the rows of one chunk and of one account are in memory at a time.
    pub fn table_in_chunks(&self, name: &str, rows: usize) -> Result<Chunks, Error> {
        match TABLES.iter().find(|table| table.info().name == name) {
            Some(table) => Ok(table.chunks(Arc::clone(&self.world), rows.max(1))),
            None => Err(Error::UnknownTable {
                name: name.to_owned(),
                known: TABLES.iter().map(|table| table.info().name).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// The facts that were planted, counted from the plan of the company.
    ///
    /// Generates every account once. The list of churned accounts is the only part that grows with the company.
    pub fn truth(&self) -> Truth {
        Truth::of(&self.world)
    }
}

/// A month in the middle third, so that there are quiet months before and after it.
fn outage_month(seed: u64, months: u32) -> usize {
    let third = months / 3;
    let drawn = Random::new(seed, 0, Purpose::Company).below(i64::from(third.max(1)));
    usize::try_from(i64::from(third) + drawn).unwrap_or(0)
}
