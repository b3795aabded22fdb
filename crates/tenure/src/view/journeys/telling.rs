//! From rows about where accounts are to their journeys.

use super::super::coded::{Coded, Numbers, Place};
use super::super::rows_of::{Columns, Item, NOWHERE, RowsByKey, RowsOf, rows_by_key};
use super::super::sequences::Unusable;
use super::{ACCOUNT, Early, Journeys, Refused, STAGES};
use crate::compute::{Clock, Context, Ids, check_ids, find_flag};
use crate::error::Result;
use crate::key::Key;
use crate::lifecycle::{Lifecycle, NO_STAGE, Refusal, StageCode, Stays, folded};
use crate::measure::{Reason, flag, said};
use crate::scope::Micros;
use crate::table::Table;
use hashbrown::{HashMap, HashSet};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

const NO_ACCOUNT: Reason = Reason::new(ACCOUNT, "no_account", "names no account");
const UNSAID: Reason = Reason::new("stage", "no_stage", "names no stage, and no pause is told of one before");
const UNKNOWN: Reason = Reason::new("stage", "unknown_stage", "is no stage of the lifecycle");
const SAME_INSTANT: Reason = Reason::new(
    "stage",
    "same_instant",
    "is one of two stages at one instant, and the other is later in the lifecycle",
);
const BEFORE_ACCOUNT: Reason =
    Reason::new("occurred_at", "before_account", "lies before the account was created");
const IMPOSSIBLE: Reason =
    Reason::new("stage", "impossible_transition", "cannot follow the stage before it in the lifecycle");

/// Stands for a name that is no stage.
const NO_SUCH_STAGE: StageCode = NO_STAGE - 1;

/// One row: that an account is in a stage, or paused.
#[derive(Clone, Copy)]
struct Statement {
    at: Micros,
    row: u32,
    /// [`NO_STAGE`]: the one that it is in.
    stage: StageCode,
    paused: Option<bool>,
}

impl Item for Statement {
    fn at(&self) -> Micros {
        self.at
    }

    fn row(&self) -> u32 {
        self.row
    }
}

struct Read<'t> {
    stage: Coded<'t, StageCode>,
    paused: Coded<'t, Option<bool>>,
}

impl Columns for Read<'_> {
    type Item = Statement;

    fn open(&mut self, block: Place) {
        self.stage.open(block);
        self.paused.open(block);
    }

    fn item(&self, offset: usize, at: Micros, row: u32) -> Result<Statement, Reason> {
        let (stage, paused) = (self.stage.of_row(offset), self.paused.of_row(offset));
        match stage {
            NO_SUCH_STAGE => Err(UNKNOWN),
            NO_STAGE if paused.is_none() => Err(UNSAID),
            stage => Ok(Statement { at, row, stage, paused }),
        }
    }
}

/// Makes journeys of statements.
pub(super) struct Telling<'t> {
    context: &'t Context<'t>,
    lifecycle: &'t Lifecycle,
    refuses: bool,
    table: &'t Table<'t>,
    accounts: Arc<Numbers>,
    /// The row of each account of the statements in table `accounts`, by number.
    on_record: Vec<u32>,
    stays: Stays,
    early: HashMap<u32, Early>,
    unusable: Vec<Refused>,
}

impl<'t> Telling<'t> {
    pub(super) fn of(context: &'t Context<'t>, lifecycle: &'t Lifecycle, refuses: bool) -> Result<Self> {
        let table = context.book.require(STAGES.table)?;
        table.require(ACCOUNT)?;
        let accounts = Numbers::of(context.book, STAGES.table, ACCOUNT)?;
        let mut on_record = Vec::new();
        if let Some(known) = context.book.table("accounts") {
            check_ids(Ids(table, ACCOUNT), &[Ids(known, ACCOUNT)])?;
            let rows: Arc<RowsByKey> = rows_by_key(context, "accounts", ACCOUNT, "created_at")?;
            on_record = accounts.keys().iter().map(|key| rows.find(key.reading())).collect();
        }
        let (stays, early, unusable) = (Stays::default(), HashMap::new(), Vec::new());
        Ok(Self { context, lifecycle, refuses, table, accounts, on_record, stays, early, unusable })
    }

    pub(super) fn all(mut self) -> Result<Journeys> {
        let (table, lifecycle, context) = (self.table, self.lifecycle, self.context);
        let stage = table.require("stage")?;
        let parents = self.accounts.of_rows().iter();
        let parents = parents.map(|account| if *account == 0 { NOWHERE } else { *account }).collect();
        let count = self.accounts.keys().len();
        let rows = RowsOf::new(context.scope, table, parents, count, NO_ACCOUNT)?;
        let unknown = RefCell::new(HashSet::new());
        let code = |key: &Key| match key.as_text().map(folded) {
            _ if Key::named(key.reading()) == Key::Null => NO_STAGE,
            Some(name) => lifecycle.code(&name).unwrap_or_else(|| {
                unknown.borrow_mut().insert(name);
                NO_SUCH_STAGE
            }),
            None => NO_SUCH_STAGE,
        };
        let paused = rows.coded(find_flag(table, "paused")?, |key| said(key.reading()));
        let read = Read { stage: Coded::new(table, Some(stage), code), paused };
        let (gathered, faults) = rows.gather("", read)?;
        let accounts = self.accounts.clone();
        let reason = |row: usize| match Key::named(table.read(stage, row)) {
            _ if accounts.of_row(row) == 0 => NO_ACCOUNT,
            Key::Null => UNSAID,
            _ => UNKNOWN,
        };
        let unusable = Unusable::of(context, STAGES.table, &faults, reason)?;
        let name = |row: u32| Key::from(table.read(stage, row as usize)).to_string();
        let of_other = unusable.iter().filter(|row| row.reason == UNKNOWN);
        let first_unknown =
            of_other.filter_map(|row| Some((row.at?, row.row))).min().map(|(at, row)| (at, name(row)));
        self.unusable = unusable.into_iter().map(Refused::from).collect();
        let created = self.created();
        let mut first_known: Option<Micros> = None;
        let (mut ends, mut early) = (Vec::with_capacity(count), Vec::new());
        for account in 0..count {
            let statements = gathered.of_row(account);
            if let Some(first) = statements.iter().find(|statement| statement.stage != NO_STAGE) {
                first_known = Some(first_known.map_or(first.at, |known| known.min(first.at)));
            }
            let created = created.get(account).copied().unwrap_or(Micros::MIN);
            let first = statements.partition_point(|statement| statement.at < created);
            let (before, since) = statements.split_at(first);
            if !before.is_empty() {
                early.push((account, created, before));
            }
            self.tell_all(since);
            ends.push(self.stays.len());
        }
        for (account, created, statements) in early {
            self.tell_before(account, created, statements);
        }
        self.unusable.sort_unstable_by_key(|refused| refused.row.row);
        let mut begins = ends.windows(2).filter_map(|pair| match pair {
            [from, to] => self.stays.spell(*from, *to).filter(|_| from < to),
            _ => None,
        });
        let begin =
            begins.next().map(|first| begins.map(|other| other.entered()).fold(first.entered(), Micros::min));
        Ok(Journeys {
            begin,
            on_record: self.numbers_on_record(&ends),
            internal: self.internal(&created)?,
            early: self.early,
            lifecycle: lifecycle.clone(),
            accounts: self.accounts,
            stays: self.stays,
            ends,
            unusable: self.unusable,
            first_known,
            first_unknown,
            by_account: OnceLock::new(),
        })
    }

    /// Tells the next journey.
    fn tell_all(&mut self, statements: &[Statement]) {
        self.stays.begin();
        for together in statements.chunk_by(|a, b| a.at == b.at) {
            match together {
                [statement] => self.tell(*statement),
                several => self.tell_together(several),
            }
        }
    }

    /// Statements that lie before the creation of their account: until that is known they hold, and from then on none
    /// does.
    fn tell_before(&mut self, account: usize, created: Micros, statements: &[Statement]) {
        let (begin, refused) = (self.stays.len(), self.unusable.len());
        self.tell_all(statements);
        self.unusable.iter_mut().skip(refused).for_each(|refused| refused.known_until = created);
        let early = Early { created, stays: begin..self.stays.len() };
        self.early.insert(u32::try_from(account).unwrap_or(u32::MAX), early);
        for statement in statements {
            let row = Unusable { row: statement.row, at: Some(statement.at), reason: BEFORE_ACCOUNT };
            self.unusable.push(Refused { row, known_from: created, known_until: Micros::MAX });
        }
    }

    fn tell(&mut self, statement: Statement) {
        let stage = Some(statement.stage).filter(|stage| *stage != NO_STAGE);
        let place = (statement.at, statement.row);
        match self.stays.tell(self.lifecycle, place, stage, statement.paused, self.refuses) {
            Ok(()) => {}
            Err(Refusal::NoStage) => self.refuse(&statement, UNSAID),
            Err(Refusal::Impossible { .. }) => self.refuse(&statement, IMPOSSIBLE),
        }
    }

    /// Several statements of one instant: those with different `seq` one after the other.
    fn tell_together(&mut self, statements: &[Statement]) {
        let (table, seq) = (self.table, self.table.find("seq"));
        let seq =
            |statement: &Statement| seq.map(|column| Key::from(table.read(column, statement.row as usize)));
        for together in statements.chunk_by(|a, b| seq(a) == seq(b)) {
            let stages = together.iter().map(|statement| statement.stage).filter(|stage| *stage != NO_STAGE);
            let stage = stages.max().unwrap_or(NO_STAGE);
            let stands = |statement: &&Statement| statement.stage == stage || statement.stage == NO_STAGE;
            let (standing, others): (Vec<_>, Vec<_>) = together.iter().partition(stands);
            for statement in others {
                self.refuse(statement, SAME_INSTANT);
            }
            // Of two that contradict each other the pause stands, in whatever order they come.
            let paused = standing.iter().filter_map(|statement| statement.paused).reduce(|a, b| a || b);
            let has_stage = standing.iter().find(|statement| statement.stage == stage);
            if let Some(statement) = has_stage.or(standing.first()) {
                self.tell(Statement { paused, ..**statement });
            }
        }
    }

    fn refuse(&mut self, statement: &Statement, reason: Reason) {
        let row = Unusable { row: statement.row, at: Some(statement.at), reason };
        self.unusable.push(row.into());
    }

    /// The number of the account in each row of table `accounts`, and when its journey begins.
    fn numbers_on_record(&self, ends: &[usize]) -> Vec<(u32, Option<Micros>)> {
        let mut numbers = vec![(0, None); self.context.book.table("accounts").map_or(0, Table::rows)];
        let mut begin = 0;
        for ((row, number), end) in self.on_record.iter().zip(0..).zip(ends) {
            if let Some(slot) = numbers.get_mut(*row as usize) {
                let first = self.stays.spell(begin, *end).filter(|_| begin < *end);
                *slot = (number, first.map(|first| first.entered()));
            }
            begin = *end;
        }
        numbers
    }

    /// When each account was created, as far as it is known.
    fn created(&self) -> Vec<Micros> {
        let Some(table) = self.context.book.table("accounts").filter(|_| !self.on_record.is_empty()) else {
            return Vec::new();
        };
        let zone = self.context.scope.column_zone("accounts", "created_at");
        let mut of_rows = vec![Micros::MIN; table.rows()];
        Clock::of(table, "created_at", zone).each(table, |row, time| {
            if let (Some(slot), Some(at)) = (of_rows.get_mut(row), time.at()) {
                *slot = at;
            }
        });
        let created = |row: &u32| of_rows.get(*row as usize).copied().unwrap_or(Micros::MIN);
        self.on_record.iter().map(created).collect()
    }

    /// Which accounts are the company's own, and since when they are on record.
    fn internal(&self, created: &[Micros]) -> Result<Vec<Option<Micros>>> {
        let Some(table) = self.context.book.table("accounts") else { return Ok(Vec::new()) };
        let Some(column) = find_flag(table, "internal")? else { return Ok(Vec::new()) };
        let is_internal = |row: u32| row != NOWHERE && flag(table.read(column, row as usize));
        let on_record = self.on_record.iter().zip(created);
        Ok(on_record.map(|(row, created)| is_internal(*row).then_some(*created)).collect())
    }
}
