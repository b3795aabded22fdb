//! The signals of accounts: what the rules of a lifecycle tell stages from; and the table of stages that they tell.

use crate::book::Book;
use crate::column::{Column, Reading, Slice, Unit};
use crate::compute::{Clock, Ids, Moment, check_ids, find_flag};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::lifecycle::{
    Account, InferredStay, Known, Lifecycle, Step, Subscription, SubscriptionSignal, folded, infer,
};
use crate::measure::{Reason, said};
use crate::outcome::Fault;
use crate::policy::Choice;
use crate::scope::{Micros, zone};
use crate::table::Table;
use chrono_tz::Tz;
use hashbrown::HashMap;
use std::collections::BTreeMap;

const ACCOUNT: &str = "account_id";
const TABLES: [&str; 4] = ["subscriptions", "onboarding", "events", "measures"];
const NO_ACCOUNT: Reason = Reason::new(ACCOUNT, "no_account", "names no account");
const UNKNOWN_STATUS: Reason = Reason::new(
    "status",
    "unknown_status",
    "is none of trialing, active, past_due, paused, cancelled; it counts as none of the first four",
);
/// The statuses of subscriptions that are over.
const OVER: [&str; 2] = ["cancelled", "canceled"];
const NO_NUMBER: Reason = Reason::new("value", "not_a_number", "is not a number");

/// The stages that rules tell, as rows of table `stages`.
#[derive(Debug)]
pub(crate) struct InferredStages {
    pub(crate) table: Table<'static>,
    /// The rows of signals that are of no use, and when they were, if that is known.
    faults: Vec<(Option<Micros>, Fault)>,
    /// The tables that told them.
    pub(crate) told_by: Vec<&'static str>,
}

impl InferredStages {
    /// The rows of signals that are of no use, as far as they are known at an instant.
    pub(crate) fn faults(&self, as_of: Micros) -> Vec<Fault> {
        let known = self.faults.iter().filter(|(at, _)| at.is_none_or(|at| at <= as_of));
        known.map(|(_, fault)| fault.clone()).collect()
    }

    /// Tells the stages of all accounts; nothing if there are no rules, or no table that they could look at.
    pub(crate) fn of(
        book: &Book<'_>,
        lifecycle: &Lifecycle,
        zones: &BTreeMap<String, String>,
    ) -> Result<Option<Self>> {
        let has = |name: &&str| book.table(name).is_some();
        let rules = lifecycle.rules().iter().map(|rule| rule.when.tables());
        // A rule of which a table is absent never holds.
        let looked_at: Vec<&str> = rules.filter(|tables| tables.iter().all(has)).flatten().collect();
        let told_by: Vec<&str> = TABLES.into_iter().filter(|name| looked_at.contains(name)).collect();
        if told_by.is_empty() {
            return Ok(None);
        }
        let mut signals = Signals {
            book,
            lifecycle,
            zones,
            numbers: HashMap::new(),
            accounts: Vec::new(),
            faults: Vec::new(),
        };
        signals.name_accounts()?;
        signals.read_subscriptions()?;
        signals.read_onboarding()?;
        signals.read_events()?;
        signals.read_measures()?;
        let known = Known {
            subscriptions: book.table("subscriptions").is_some(),
            events: book.table("events").is_some(),
        };
        let (mut ids, mut stages, mut times, mut reasons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let because: Vec<String> = lifecycle.rules().iter().map(crate::lifecycle::Rule::reason).collect();
        for (key, account) in &mut signals.accounts {
            account.subscriptions.sort_by_key(|row| (row.from, row.to.is_none(), row.to));
            account.events.iter_mut().for_each(|times| times.sort_unstable());
            account
                .measures
                .iter_mut()
                .for_each(|values| values.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))));
            for InferredStay { at, stage, rule } in infer(lifecycle, known, account) {
                ids.push(key.clone());
                stages.push(lifecycle.name_of(stage));
                times.push(at);
                reasons.push(because.get(rule).cloned().unwrap_or_default());
            }
        }
        let table = Table::new("stages")
            .column(ACCOUNT, ids_column(&ids))
            .column("stage", &stages)
            .column(
                "occurred_at",
                Column::Time { unit: Unit::Micro, instant: true, values: Slice::owned(times, None) },
            )
            .column("reason", &reasons);
        Ok(Some(Self { table, faults: signals.faults, told_by }))
    }
}

/// Ids as a column of the type that they are of, so that they are found again.
fn ids_column(ids: &[Key]) -> Column<'static> {
    fn whole<T: TryFrom<i128>>(key: &Key) -> Option<T> {
        match key {
            Key::Whole(id) => T::try_from(*id).ok(),
            _ => None,
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "such ids came out of doubles")]
    let real = |key: &Key| match key {
        Key::Whole(id) => Some(*id as f64),
        Key::Real(id) => Some(*id),
        _ => None,
    };
    if let Some(ids) = ids.iter().map(whole).collect::<Option<Vec<i64>>>() {
        return ids.into();
    }
    if let Some(ids) = ids.iter().map(whole).collect::<Option<Vec<u64>>>() {
        return ids.into();
    }
    match ids.iter().map(real).collect::<Option<Vec<f64>>>() {
        Some(ids) => ids.into(),
        None => ids.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
    }
}

struct Signals<'b> {
    book: &'b Book<'b>,
    lifecycle: &'b Lifecycle,
    zones: &'b BTreeMap<String, String>,
    numbers: HashMap<Key, usize>,
    accounts: Vec<(Key, Account)>,
    faults: Vec<(Option<Micros>, Fault)>,
}

impl<'b> Signals<'b> {
    fn zone(&self, table: &str, column: &str) -> Result<Tz> {
        let named = self.zones.get(&format!("{table}.{column}")).or_else(|| self.zones.get(column));
        named.map_or(Ok(Tz::UTC), |name| zone(name))
    }

    /// Accounts on record come first, in their order.
    fn name_accounts(&mut self) -> Result<()> {
        let accounts = self.book.table("accounts");
        if let Some(table) = accounts {
            let column = table.require(ACCOUNT)?;
            for row in 0..table.rows() {
                self.account(table.read(column, row));
            }
        }
        for name in TABLES {
            if let (Some(table), Some(accounts)) = (self.book.table(name), accounts) {
                check_ids(Ids(table, ACCOUNT), &[Ids(accounts, ACCOUNT)])?;
            }
        }
        Ok(())
    }

    fn account(&mut self, reading: Reading<'_>) -> Option<&mut Account> {
        let key = Key::named(reading);
        if key == Key::Null {
            return None;
        }
        let Self { numbers, accounts, lifecycle, .. } = self;
        let number = *numbers.entry(key).or_insert_with_key(|key| {
            let rules = lifecycle.rules().len();
            let account = Account {
                events: vec![Vec::new(); rules],
                measures: vec![Vec::new(); rules],
                ..Account::default()
            };
            accounts.push((key.clone(), account));
            accounts.len() - 1
        });
        self.accounts.get_mut(number).map(|(_, account)| account)
    }

    /// The instants of a column by row.
    fn times(&self, table: &Table<'_>, column: &'static str) -> Result<Vec<Moment>> {
        let mut times = vec![Moment::Absent; table.rows()];
        Clock::of(table, column, self.zone(table.name(), column)?).each(table, |row, time| {
            if let Some(slot) = times.get_mut(row) {
                *slot = time;
            }
        });
        Ok(times)
    }

    /// A time that may be missing; one that cannot be read is a fault, and stands for none.
    fn optional(
        &mut self,
        table: &Table<'_>,
        (row, at): (usize, Option<Micros>),
        column: &'static str,
        times: &[Moment],
    ) -> Option<Micros> {
        match times.get(row) {
            Some(Moment::Bad(code, text)) => {
                self.faults.push((at, Fault::of(table, row, Reason::new(column, code, text))));
                None
            }
            time => time.and_then(|time| time.at()),
        }
    }

    /// Gives every row of a table that has an account and a time.
    fn each(
        &mut self,
        table: &'b Table<'b>,
        time: &'static str,
        mut tell: impl FnMut(&mut Self, usize, Micros, Reading<'b>),
    ) -> Result<()> {
        let account = table.require(ACCOUNT)?;
        table.require(time)?;
        for (row, at) in self.times(table, time)?.into_iter().enumerate() {
            let id = table.read(account, row);
            let fault = match at.placed(time) {
                _ if Key::named(id) == Key::Null => NO_ACCOUNT,
                Ok(at) => {
                    tell(self, row, at, id);
                    continue;
                }
                Err(reason) => reason,
            };
            self.faults.push((at.at(), Fault::of(table, row, fault)));
        }
        Ok(())
    }

    fn read_subscriptions(&mut self) -> Result<()> {
        let Some(table) = self.book.table("subscriptions") else { return Ok(()) };
        let (ends, renewals) = (self.times(table, "ends_at")?, self.times(table, "renews_at")?);
        let status = table.find("status");
        self.each(table, "starts_at", |signals, row, from, id| {
            let to = signals.optional(table, (row, Some(from)), "ends_at", &ends);
            let renews = signals.optional(table, (row, Some(from)), "renews_at", &renewals);
            let status = match status.map_or(Key::Null, |column| Key::named(table.read(column, row))) {
                Key::Null => Some(SubscriptionSignal::Active),
                // Ended and none are no status of a row, but what follows from there being none.
                status => {
                    let name = status.as_text().map(folded);
                    let mut known = SubscriptionSignal::ALL.iter().take(4);
                    let found = known.find(|(known, ..)| name.as_deref() == Some(*known));
                    let found = found.map(|(_, _, status)| *status);
                    if found.is_none() && !name.is_some_and(|name| OVER.contains(&name.as_str())) {
                        signals.faults.push((Some(from), Fault::of(table, row, UNKNOWN_STATUS)));
                    }
                    found
                }
            };
            if let Some(account) = signals.account(id) {
                account.subscriptions.push(Subscription { from, to, renews, status });
            }
        })
    }

    fn read_onboarding(&mut self) -> Result<()> {
        let Some(table) = self.book.table("onboarding") else { return Ok(()) };
        let account = table.require(ACCOUNT)?;
        let (started, completed) = (self.times(table, "started_at")?, self.times(table, "completed_at")?);
        let (required, run) = (find_flag(table, "required")?, table.find("run"));
        for row in 0..table.rows() {
            if required.is_some_and(|column| said(table.read(column, row)) == Some(false)) {
                continue;
            }
            let step = Step {
                run: run.map_or(Key::Whole(0), |column| match Key::named(table.read(column, row)) {
                    Key::Null => Key::Whole(0),
                    run => run,
                }),
                started: self.optional(table, (row, None), "started_at", &started),
                completed: self.optional(table, (row, None), "completed_at", &completed),
            };
            match self.account(table.read(account, row)) {
                Some(account) => account.steps.push(step),
                None => self.faults.push((step.started, Fault::of(table, row, NO_ACCOUNT))),
            }
        }
        Ok(())
    }

    fn read_events(&mut self) -> Result<()> {
        let rules: Vec<_> = self.lifecycle.rules().iter().map(|rule| rule.when.events.clone()).collect();
        let Some(table) = self.book.table("events").filter(|_| rules.iter().any(Option::is_some)) else {
            return Ok(());
        };
        if table.find(ACCOUNT).is_none() {
            let message =
                "a rule of the lifecycle looks at events, and table \"events\" has no column \"account_id\"";
            return Err(Error::new(crate::error::ErrorKind::MissingColumn, message)
                .in_table("events")
                .in_column(ACCOUNT));
        }
        let name = table.require("name")?;
        self.each(table, "occurred_at", |signals, row, at, id| {
            let Reading::Text(name) = table.read(name, row) else { return };
            let Some(account) = signals.account(id) else { return };
            for (rule, times) in rules.iter().zip(&mut account.events) {
                if rule.as_ref().is_some_and(|rule| rule.names.has(name)) {
                    times.push(at);
                }
            }
        })
    }

    fn read_measures(&mut self) -> Result<()> {
        let rules: Vec<_> = self.lifecycle.rules().iter().map(|rule| rule.when.measure.clone()).collect();
        let Some(table) = self.book.table("measures").filter(|_| rules.iter().any(Option::is_some)) else {
            return Ok(());
        };
        let (name, value) = (table.require("measure")?, table.require("value")?);
        self.each(table, "occurred_at", |signals, row, at, id| {
            let number = match table.read(value, row) {
                #[allow(clippy::cast_precision_loss, reason = "a limit is compared with it")]
                Reading::Whole(value) => value as f64,
                Reading::Real(value) => value,
                Reading::Missing => return,
                _ => return signals.faults.push((Some(at), Fault::of(table, row, NO_NUMBER))),
            };
            let Reading::Text(name) = table.read(name, row) else { return };
            let Some(account) = signals.account(id) else { return };
            for (rule, values) in rules.iter().zip(&mut account.measures) {
                if rule.as_ref().is_some_and(|rule| rule.name == name) {
                    values.push((at, number));
                }
            }
        })
    }
}
