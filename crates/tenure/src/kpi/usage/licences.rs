//! Active people per seat: of the accounts whose seats are known.

use super::accounts::are_linked;
use super::population::Population;
use crate::catalog::Planned;
use crate::column::Reading;
use crate::compute::{
    Bounds, Clock, Context, Filter, Grouping, Joined, Pipeline, PutSets, SetMeasure, Sink, Stretch,
    find_input, stretches,
};
use crate::error::Result;
use crate::formula::Coverage;
use crate::key::Key;
use crate::measure::{Fate, Input, InputKind, Reason, flag};
use crate::outcome::Fault;
use crate::policy::Rolling;
use crate::scope::Micros;
use crate::summary::{Amount, Amounts, Either, Integers, Pair};
use crate::view::{Activity, Set, Wanted};
use hashbrown::HashMap;

/// Who uses a seat, and which seats there are.
#[derive(Clone, Debug)]
pub(super) struct Licences {
    pub(super) population: Population,
    pub(super) window: Rolling,
}

type Used = Either<i64, Amount>;

impl Licences {
    /// `100 * active people / seats`.
    pub(super) fn planned(self) -> Planned {
        let formula = Coverage { scale: 100.0 };
        let seats = Pipeline::<_, _, Pair<Integers, Amounts>>::sets(Seats(self.clone()), formula);
        let users = Pipeline::<_, _, Pair<Integers, Amounts>>::sets(self, formula);
        Planned::new(Joined::of(Box::new(users)).beside(Box::new(seats))).ratio()
    }

    fn activity(&self) -> Wanted {
        Wanted { by: Some(vec!["account_id".to_owned()]), ..self.population.wanted_in(self.window) }
    }

    fn activity_of(&self, context: &Context<'_>) -> Result<Wanted> {
        context.book.require("accounts")?.require("seats")?;
        are_linked(context.book)?;
        Ok(self.activity())
    }
}

/// An account on record, as a licence is for it.
struct Account {
    key: Key,
    /// Nothing: not known, or none.
    seats: Option<u32>,
    created: Option<Micros>,
    internal: bool,
    /// Its values in `by`.
    values: Vec<Key>,
}

impl Account {
    fn exists_at_the_end_of(&self, stretch: &Stretch) -> bool {
        self.created.is_none_or(|created| created < stretch.to)
    }
}

/// The accounts on record that are asked for.
fn accounts(context: &Context<'_>) -> Result<Vec<Account>> {
    let table = context.book.require("accounts")?;
    let key = table.require("account_id")?;
    let seats = find_input(table, &Input::required("seats", InputKind::Number))?;
    let internal = find_input(table, &Input::optional("internal", InputKind::Flag))?;
    let mut created = vec![None; table.rows()];
    Clock::of(table, "created_at", context.scope.column_zone("accounts", "created_at")).each(
        table,
        |row, time| {
            if let Some(slot) = created.get_mut(row) {
                *slot = time.at();
            }
        },
    );
    let mut groups = Grouping::new(context.book, table, context.scope, &[])?;
    let mut filter = Filter::new(context.book, table, context.scope)?;
    let mut rows: HashMap<Key, (usize, Vec<Key>)> = HashMap::new();
    let order = table.order("account_id");
    for (chunk_at, chunk) in table.chunks().iter().enumerate() {
        let mut keep = vec![true; chunk.rows];
        filter.block(chunk, chunk_at, 0, &mut keep, |_| None);
        groups.codes(chunk, chunk_at, 0, chunk.rows, |_| None);
        for (offset, _) in keep.iter().enumerate().filter(|(_, keep)| **keep) {
            let row = chunk.first_row + offset;
            let id = Key::named(table.read(key, row));
            // Of several rows of one account the first, in an order that does not depend on the table's.
            let is_known = rows.get(&id).is_some_and(|(known, _)| order.compare(*known, row).is_le());
            if id != Key::Null && !is_known {
                let group = groups.group_of(offset)?;
                rows.insert(id, (row, groups.values(group)));
            }
        }
    }
    let account = |(key, (row, values)): (Key, (usize, Vec<Key>))| Account {
        key,
        seats: seats.and_then(|column| whole(table.read(column, row)).ok()).filter(|seats| *seats > 0),
        created: created.get(row).copied().flatten(),
        internal: internal.is_some_and(|column| flag(table.read(column, row))),
        values,
    };
    Ok(rows.into_iter().map(account).collect())
}

const NEGATIVE: Reason = Reason::new("seats", "negative", "is below 0");
const NOT_WHOLE: Reason = Reason::new("seats", "not_whole", "is no whole number");
const TOO_MANY: Reason = Reason::new("seats", "out_of_range", "is more than anybody has");

/// A number of seats that can be; 0 where it is not known.
fn whole(reading: Reading<'_>) -> Result<u32, Reason> {
    match reading {
        Reading::Missing => Ok(0),
        Reading::Whole(seats) if seats < 0 => Err(NEGATIVE),
        Reading::Whole(seats) => u32::try_from(seats).map_err(|_| TOO_MANY),
        Reading::Real(seats) if seats < 0.0 => Err(NEGATIVE),
        Reading::Real(seats) if seats.is_infinite() || seats.abs() > f64::from(u32::MAX) => Err(TOO_MANY),
        _ => Err(NOT_WHOLE),
    }
}

/// The values in `by` of an account that is not on record: its id, if that.
fn unknown(context: &Context<'_>, group: &[Key]) -> Vec<Key> {
    let id = |name: &String| if name == "account_id" { group.first().cloned() } else { None };
    context.scope.by.iter().map(|name| id(name).unwrap_or(Key::Null)).collect()
}

const INTERNAL: Reason = Reason::new("account_id", "internal", "is of an internal account");

/// What somebody of an account is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seat {
    Used,
    Unknown,
    Internal,
}

impl SetMeasure for Licences {
    type Value = Used;

    fn wanted(&self) -> Wanted {
        self.activity()
    }

    fn wanted_of(&self, context: &Context<'_>) -> Result<Wanted> {
        self.activity_of(context)
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn unusable(&self, context: &Context<'_>, _: usize, group: &[Key]) -> Option<Vec<Key>> {
        Some(unknown(context, group))
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Used>>) -> Result<()> {
        let context = out.context();
        let accounts = accounts(context)?;
        let by_key: HashMap<&Key, usize> = accounts.iter().map(|account| &account.key).zip(0..).collect();
        let account =
            |group: &[Key]| group.first().and_then(|key| by_key.get(key)).and_then(|at| accounts.get(*at));
        let values = |group: &[Key]| match account(group) {
            Some(account) => account.values.clone(),
            None => unknown(context, group),
        };
        let mut numbers: HashMap<Vec<Key>, usize> = HashMap::new();
        let mut number = |group: &Vec<Key>| {
            let next = numbers.len();
            *numbers.entry(values(group)).or_insert(next)
        };
        let shown: Vec<usize> = activity.groups().iter().map(&mut number).collect();
        for stretch in stretches(context, self.window, activity.ends())? {
            let seat = |group: &Vec<Key>| match account(group) {
                Some(account) if account.internal => Seat::Internal,
                Some(account) if account.seats.is_some() && account.exists_at_the_end_of(&stretch) => {
                    Seat::Used
                }
                _ => Seat::Unknown,
            };
            let seats: Vec<Seat> = activity.groups().iter().map(seat).collect();
            let active = activity.days(0).active(stretch.from, stretch.to);
            // Somebody of several accounts is one person in each group that the answer shows.
            let mut told: Vec<(usize, u32, Seat, u32)> = Vec::new();
            for member in &active {
                let group = activity.group_of(member);
                if let Some((shown, seat)) = shown.get(group).zip(seats.get(group)) {
                    told.push((*shown, activity.person(member), *seat, member));
                }
            }
            told.sort_unstable();
            told.dedup_by_key(|(shown, person, ..)| (*shown, *person));
            let members = |wanted: Seat| -> Set {
                told.iter().filter(|(_, _, seat, _)| *seat == wanted).map(|(.., member)| *member).collect()
            };
            let (used, unknown, internal) =
                (members(Seat::Used), members(Seat::Unknown), members(Seat::Internal));
            out.put_as(stretch.at, &used, &Fate::Observed(Either::First(1)), None, values)?;
            out.put_as(stretch.at, &unknown, &Fate::Missing, None, values)?;
            out.put_as(stretch.at, &internal, &Fate::Excluded(INTERNAL), None, values)?;
            out.put_excluded_as(&stretch, values)?;
        }
        Ok(())
    }
}

/// The seats of all accounts, whoever uses them.
struct Seats(Licences);

impl SetMeasure for Seats {
    type Value = Used;

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        let table = context.book.require("accounts")?;
        let column = table.require("seats")?;
        let reasons = (0..table.rows()).filter_map(|row| Some((row, whole(table.read(column, row)).err()?)));
        Ok(reasons.map(|(row, reason)| Fault::of(table, row, reason)).collect())
    }

    fn wanted(&self) -> Wanted {
        self.0.activity()
    }

    fn wanted_of(&self, context: &Context<'_>) -> Result<Wanted> {
        self.0.activity_of(context)
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn unusable(&self, _: &Context<'_>, _: usize, _: &[Key]) -> Option<Vec<Key>> {
        None
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Used>>) -> Result<()> {
        let accounts = accounts(out.context())?;
        for stretch in stretches(out.context(), self.0.window, activity.ends())? {
            let existing =
                accounts.iter().filter(|account| !account.internal && account.exists_at_the_end_of(&stretch));
            for account in existing {
                let fate = match account.seats {
                    Some(seats) => Fate::Observed(Either::Second(Amount(account.key.clone(), seats))),
                    // Its group is there, with nothing to divide by.
                    None => Fate::NoUnit,
                };
                out.put_other(stretch.at, fate, &account.values)?;
            }
        }
        Ok(())
    }
}
