//! The journeys of accounts through a lifecycle, from the rows of `stages`.

mod telling;

use super::View;
use super::coded::Numbers;
use super::sequences::Unusable;
use crate::compute::{Clock, Context, Gated, RowView, Untimed};
use crate::error::{Error, Result, suggest};
use crate::key::Key;
use crate::lifecycle::{Lifecycle, Spell, Stays};
use crate::measure::Reason;
use crate::outcome::Fault;
use crate::scope::Micros;
use chrono::DateTime;
use chrono_tz::Tz;
use hashbrown::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use telling::Telling;

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
    /// Of the accounts on record, by row of table `accounts`: the number, 0 for those of which no row tells; and when the
    /// journey begins.
    on_record: Vec<(u32, Option<Micros>)>,
    unusable: Vec<Refused>,
    /// When the first stage that the lifecycle has is told of, and the first that it has not, with its name.
    first_known: Option<Micros>,
    first_unknown: Option<(Micros, String)>,
    begin: Option<Micros>,
    by_account: OnceLock<HashMap<Key, u32>>,
}

impl Journeys {
    /// Told once for the requests of a list: whoever tries thresholds has many lifecycles.
    pub(crate) fn of(context: &Context<'_>, lifecycle: &Lifecycle, refuses: bool) -> Result<Arc<Self>> {
        let zone = |table, column| context.scope.column_zone(table, column).name();
        let zones = [zone("stages", "occurred_at"), zone("accounts", "created_at")].join(", ");
        let name = format!("journeys, {zones}, {refuses}, {}", lifecycle.to_json());
        let journeys = context.book.recent(&name, || Telling::of(context, lifecycle, refuses)?.all())?;
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

    /// When the first of all journeys begins, as known at an instant.
    pub(crate) fn begin(&self, as_of: Micros) -> Option<Micros> {
        let early = self.early.values().filter(|early| as_of < early.created);
        let early = early.filter_map(|early| self.stays.spell(early.stays.start, early.stays.end));
        let begins = self.begin.into_iter().chain(early.map(|first| first.entered()));
        begins.min().filter(|begin| *begin <= as_of)
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

    /// When the journey of the account in a row of table `accounts` begins, if that is known at an instant.
    pub(crate) fn begin_of(&self, row: usize, as_of: Micros) -> Option<Micros> {
        let (account, begin) = self.on_record.get(row).copied()?;
        if !self.early.contains_key(&account) {
            return begin.filter(|begin| *begin <= as_of);
        }
        Some(self.of_account(account, as_of)?.first()?.entered())
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
        let Context { book, scope, .. } = *gated.frame.context;
        Ok(book.inferred().map(|told| told.faults(scope.as_of)).unwrap_or_default())
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
