//! The journeys of accounts through a lifecycle, from the rows of `stages`.

use super::View;
use super::coded::{Coded, Numbers, Place};
use super::rows_of::{Columns, Item, NOWHERE, RowsByKey, RowsOf, rows_by_key};
use super::sequences::Unusable;
use crate::compute::{Clock, Context, Gated, Ids, RowView, Untimed, check_ids, find_flag};
use crate::error::{Error, Result, suggest};
use crate::key::Key;
use crate::lifecycle::{Lifecycle, NO_STAGE, Refusal, Spell, StageCode, Stays, folded};
use crate::measure::{Reason, flag, said};
use crate::outcome::Fault;
use crate::scope::Micros;
use crate::table::Table;
use chrono::DateTime;
use chrono_tz::Tz;
use hashbrown::{HashMap, HashSet};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

/// The statements about where accounts are.
pub(crate) const STAGES: RowView = RowView {
    table: "stages",
    key: "account_id",
    time: &["occurred_at"],
    untimed: Untimed::Fault,
    kind: None,
    excluded: &[],
    scale: None,
};

const ACCOUNT: &str = "account_id";
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

/// A row that is of no use, and when one knows that.
struct Refused {
    row: Unusable,
    known_from: Micros,
    known_until: Micros,
}

impl From<Unusable> for Refused {
    /// As soon as the row is known.
    fn from(row: Unusable) -> Self {
        Self { row, known_from: Micros::MIN, known_until: Micros::MAX }
    }
}

/// A journey before its account was created.
struct Early {
    created: Micros,
    stays: std::ops::Range<usize>,
}

/// The journeys of all accounts, whenever one looks at them: what is not known yet is cut off when they are asked for.
pub(crate) struct Journeys {
    pub(crate) lifecycle: Lifecycle,
    accounts: Arc<Numbers>,
    stays: Stays,
    /// Where the stays of each account end, by the account's number; the first number is that of no account.
    ends: Vec<usize>,
    /// Of the company's own accounts: since when that is known.
    internal: Vec<Option<Micros>>,
    /// Of accounts about which something was told before they were created: what holds until then, as nobody knows yet.
    early: HashMap<u32, Early>,
    unusable: Vec<Refused>,
    /// When the first stage that the lifecycle has is told of, and the first that it has not, with its name.
    first_known: Option<Micros>,
    first_unknown: Option<(Micros, String)>,
    begin: Option<Micros>,
    by_account: OnceLock<HashMap<Key, u32>>,
}

impl Journeys {
    /// Told once for all requests about a book.
    pub(crate) fn of(context: &Context<'_>, lifecycle: &Lifecycle, refuses: bool) -> Result<Arc<Self>> {
        let zone = |table, column| context.scope.column_zone(table, column).name();
        let zones = [zone("stages", "occurred_at"), zone("accounts", "created_at")].join(", ");
        let name = format!("journeys, {zones}, {refuses}, {}", lifecycle.to_json());
        let journeys = context.book.index(&name, || Telling::of(context, lifecycle, refuses)?.all())?;
        journeys.check(context.scope.as_of)?;
        Ok(journeys)
    }

    /// Stages none of which the lifecycle has are those of another one.
    fn check(&self, as_of: Micros) -> Result<()> {
        let Some((_, stage)) = self.first_unknown.as_ref().filter(|(at, _)| *at <= as_of) else {
            return Ok(());
        };
        if self.first_known.is_some_and(|at| at <= as_of) {
            return Ok(());
        }
        let message = format!(
            "no stage of table \"stages\" is one of lifecycle \"{}\", such as \"{stage}\"{}; give the lifecycle that they are of",
            self.lifecycle.name(),
            suggest(stage, self.lifecycle.names())
        );
        Err(Error::invalid(message).in_table("stages").in_column("stage"))
    }

    /// The numbers of the accounts that have a journey, in the order in which the table names them.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = u32> + use<> {
        1..u32::try_from(self.ends.len()).unwrap_or(u32::MAX).max(1)
    }

    /// When the first of all journeys begins.
    pub(crate) fn begin(&self) -> Option<Micros> {
        self.begin
    }

    /// What is known of an account's journey at an instant; nothing if it has not begun.
    #[inline]
    pub(crate) fn of_account(&self, account: u32, as_of: Micros) -> Option<KnownJourney<'_>> {
        let at = account as usize;
        let stays = match self.early.get(&account).filter(|early| as_of < early.created) {
            Some(early) => early.stays.clone(),
            None => {
                at.checked_sub(1).and_then(|before| self.ends.get(before)).copied()?..*self.ends.get(at)?
            }
        };
        let (begin, known) = (stays.start, self.stays.known(stays, as_of));
        (known > 0).then_some(KnownJourney { journeys: self, account, begin, end: begin + known, as_of })
    }

    /// The same by the account's id.
    pub(crate) fn find(&self, account: &Key, as_of: Micros) -> Option<KnownJourney<'_>> {
        let numbers = self.by_account.get_or_init(|| {
            let keys = self.accounts.keys().iter().zip(0..).skip(1);
            keys.map(|(key, number)| (Key::named(key.reading()), number)).collect()
        });
        self.of_account(*numbers.get(account)?, as_of)
    }

    /// The rows that are of no use, as far as they are known at an instant.
    pub(crate) fn unusable(&self, as_of: Micros) -> impl Iterator<Item = &Unusable> {
        let is_known = move |refused: &&Refused| {
            (refused.known_from..refused.known_until).contains(&as_of)
                && refused.row.at.is_none_or(|at| at <= as_of)
        };
        self.unusable.iter().filter(is_known).map(|refused| &refused.row)
    }

    /// The account that a row tells of; 0 for none.
    pub(crate) fn account_of(&self, row: usize) -> u32 {
        self.accounts.of_row(row)
    }
}

/// What is known of one account's journey at some instant: one stay or more.
#[derive(Clone, Copy)]
pub(crate) struct KnownJourney<'j> {
    journeys: &'j Journeys,
    account: u32,
    begin: usize,
    end: usize,
    as_of: Micros,
}

const INTERNAL: Reason = Reason::new("internal", "internal", "says that the account does not count");

impl<'j> KnownJourney<'j> {
    /// The stays, in order; the last one is open.
    pub(crate) fn spells(&self) -> impl DoubleEndedIterator<Item = Spell<'j>> + use<'j> {
        let (stays, end) = (&self.journeys.stays, self.end);
        (self.begin..end).filter_map(move |number| stays.spell(number, end))
    }

    /// The present one.
    pub(crate) fn last(&self) -> Option<Spell<'j>> {
        self.journeys.stays.spell(self.end.checked_sub(1)?, self.end)
    }

    pub(crate) fn first(&self) -> Option<Spell<'j>> {
        self.journeys.stays.spell(self.begin, self.end)
    }

    /// The account's id.
    pub(crate) fn account(&self) -> &'j Key {
        self.journeys.accounts.keys().get(self.account as usize).unwrap_or(&Key::Null)
    }

    /// Why the account does not count, if it does not.
    pub(crate) fn exclusion(&self) -> Option<Reason> {
        let since = self.journeys.internal.get(self.account as usize).copied().flatten();
        since.is_some_and(|since| since <= self.as_of).then_some(INTERNAL)
    }

    /// The local month in which the journey began.
    pub(crate) fn cohort(&self, zone: Tz) -> Key {
        let began = self.first().and_then(|first| DateTime::from_timestamp_micros(first.entered()));
        began.map_or(Key::Null, |at| Key::Text(at.with_timezone(&zone).format("%Y-%m").to_string()))
    }

    /// The name of a stage.
    pub(crate) fn stage(&self, spell: &Spell<'_>) -> &'j str {
        self.journeys.lifecycle.name_of(spell.stage())
    }
}

/// Makes journeys of statements.
struct Telling<'t> {
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
    fn of(context: &'t Context<'t>, lifecycle: &'t Lifecycle, refuses: bool) -> Result<Self> {
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

    fn all(mut self) -> Result<Journeys> {
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
        let created = self.created()?;
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
            others.into_iter().for_each(|statement| self.refuse(statement, SAME_INSTANT));
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

    /// When each account was created, as far as it is known.
    fn created(&self) -> Result<Vec<Micros>> {
        let Some(table) = self.context.book.table("accounts").filter(|_| !self.on_record.is_empty()) else {
            return Ok(Vec::new());
        };
        let zone = self.context.scope.column_zone("accounts", "created_at");
        let mut of_rows = vec![Micros::MIN; table.rows()];
        Clock::of(table, "created_at", zone).each(table, |row, time| {
            if let (Some(slot), Some(at)) = (of_rows.get_mut(row), time.at()) {
                *slot = at;
            }
        });
        let created = |row: &u32| of_rows.get(*row as usize).copied().unwrap_or(Micros::MIN);
        Ok(self.on_record.iter().map(created).collect())
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

/// The journeys of a lifecycle.
pub(crate) struct JourneyRows {
    pub(crate) lifecycle: Lifecycle,
    /// Whether moves that the lifecycle does not have are refused.
    pub(crate) refuses: bool,
    /// Whether each stay is a unit, and not the whole journey.
    pub(crate) stays_are_units: bool,
}

/// One journey. Last comes none, but the rows that are of no use.
pub(crate) enum ToldStages<'e> {
    Journey(KnownJourney<'e>),
    Unusable(&'e Unusable),
}

impl View for JourneyRows {
    type Entity<'e> = ToldStages<'e>;

    fn rows(&self) -> &RowView {
        &STAGES
    }

    fn entity(&self) -> &'static str {
        ACCOUNT
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&ToldStages<'_>) -> Result<()>) -> Result<()> {
        let context = gated.frame.context;
        let journeys = Journeys::of(context, &self.lifecycle, self.refuses)?;
        for account in journeys.accounts() {
            if let Some(journey) = journeys.of_account(account, context.scope.as_of)
                && gated.wants_any(&mut journey.spells().map(|spell| spell.row() as usize))
            {
                tell(&ToldStages::Journey(journey))?;
            }
        }
        for unusable in journeys.unusable(context.scope.as_of) {
            let row = unusable.row as usize;
            if gated.keeps(row) && gated.wants_any(std::iter::once(row)) {
                tell(&ToldStages::Unusable(unusable))?;
            }
        }
        Ok(())
    }

    fn faults(&self, gated: &Gated<'_, '_>) -> Result<Vec<Fault>> {
        Ok(gated.frame.context.book.inferred().map(|told| told.faults.clone()).unwrap_or_default())
    }

    fn unit_rows(&self, context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        let journeys = Journeys::of(context, &self.lifecycle, self.refuses)?;
        let useless: HashSet<u32> = journeys.unusable(context.scope.as_of).map(|row| row.row).collect();
        let clock = Clock::of(
            context.book.require(STAGES.table)?,
            "occurred_at",
            context.scope.column_zone(STAGES.table, "occurred_at"),
        );
        let table = context.book.require(STAGES.table)?;
        let unit = |row: &usize| {
            let (_, chunk, local) = table.locate(*row)?;
            let as_of = context.scope.as_of;
            let at = if self.stays_are_units { clock.read(chunk, local, as_of).at()? } else { as_of };
            let last = journeys.of_account(journeys.account_of(*row), at.min(as_of))?.last()?;
            Some(last.row() as usize)
        };
        let is_useless = |row: &usize| u32::try_from(*row).is_ok_and(|row| useless.contains(&row));
        let mut met = HashSet::new();
        let units =
            rows.into_iter().map(|row| if is_useless(&row) { row } else { unit(&row).unwrap_or(row) });
        Ok(units.filter(|row| met.insert(*row)).collect())
    }
}
