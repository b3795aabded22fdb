//! What each person did, in order of time.

use super::View;
use super::coded::{Coded, Place};
use super::people::{Identity, NOBODY, People};
use super::rows_of::{Columns, DROPPED, Gathered, Item, NOWHERE, RowsOf, rows_by_key};
use crate::column::Reading;
use crate::compute::{Clock, Context, Gated, RowView};
use crate::error::Result;
use crate::key::Key;
use crate::measure::Reason;
use crate::outcome::Fault;
use crate::policy::Names;
use crate::scope::Micros;
use std::cell::RefCell;
use std::sync::Arc;

/// One event of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: Micros,
    /// Its row in the table of events.
    pub(crate) row: u32,
    /// The number of its name, see [`Events::names`].
    pub(crate) name: u32,
}

impl Item for Event {
    fn at(&self) -> Micros {
        self.at
    }

    fn row(&self) -> u32 {
        self.row
    }
}

/// A row that is no event of anybody, or of no time.
#[derive(Clone, Copy)]
pub(crate) struct Unusable {
    pub(crate) row: u32,
    pub(crate) at: Option<Micros>,
    pub(crate) reason: Reason,
}

impl Unusable {
    /// The rows of a table that are at fault, known or not at `as_of`: for their time, else for the reason of the row.
    pub(super) fn of(
        context: &Context<'_>,
        table: &str,
        faults: &[Fault],
        reason: impl Fn(usize) -> Reason,
    ) -> Result<Vec<Self>> {
        let table = context.book.require(table)?;
        let clock = Clock::of(table, "occurred_at", context.scope.column_zone(table.name(), "occurred_at"));
        let unusable = |fault: &Fault| {
            let row = usize::try_from(fault.row).ok()?;
            let (_, chunk, local) = table.locate(row)?;
            let time = clock.read(chunk, local, Micros::MAX);
            let reason = time.placed("occurred_at").err().unwrap_or_else(|| reason(row));
            Some(Self { row: u32::try_from(row).ok()?, at: time.at(), reason })
        };
        Ok(faults.iter().filter_map(unusable).collect())
    }
}

/// The events of all people, each person's in order of time, `seq`, id and the other columns. An event that is there
/// twice is there once: the first in time counts.
pub(crate) struct Events {
    pub(crate) people: Arc<People>,
    gathered: Gathered<Event>,
    names: Vec<Key>,
    unusable: Vec<Unusable>,
}

struct Read<'t> {
    name: Coded<'t, u32>,
}

impl Columns for Read<'_> {
    type Item = Event;

    fn open(&mut self, block: Place) {
        self.name.open(block);
    }

    #[inline]
    fn item(&self, offset: usize, at: Micros, row: u32) -> Result<Event, Reason> {
        Ok(Event { at, row, name: self.name.of_row(offset) })
    }
}

impl Events {
    /// Gathered once for all requests about a book.
    pub(crate) fn of(context: &Context<'_>, identity: Identity) -> Result<Arc<Self>> {
        let zone = |table, column| context.scope.column_zone(table, column).name();
        let zones = [zone("events", "occurred_at"), zone("users", "created_at")];
        context.book.index(&format!("events by {}, {}", identity.column(), zones.join(", ")), || {
            let people = People::of(context, identity)?;
            let repeated = repeated(context)?;
            let table = context.book.require("events")?;
            let parent = |row: usize, person: u32| {
                if person == NOBODY {
                    NOWHERE
                } else if repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(row)) {
                    DROPPED
                } else {
                    person
                }
            };
            let parents =
                (0..).zip(people.of_rows().iter()).map(|(row, person)| parent(row, *person)).collect();
            let rows = RowsOf::new(context.scope, table, parents, people.keys().len(), identity.nobody())?;
            let names = RefCell::new(vec![Key::Null]);
            let name = rows.coded(table.find("name"), |key: &Key| match key.as_text() {
                Some(_) => {
                    let mut names = names.borrow_mut();
                    names.push(key.clone());
                    u32::try_from(names.len() - 1).unwrap_or(0)
                }
                None => 0,
            });
            let (gathered, faults) = rows.gather("event_id", Read { name })?;
            let unusable = Unusable::of(context, "events", &faults, |_| identity.nobody())?;
            Ok(Self { people, gathered, names: names.into_inner(), unusable })
        })
    }

    /// A person's events.
    pub(crate) fn of_person(&self, person: u32) -> &[Event] {
        self.gathered.of_row(person as usize)
    }

    /// Whether any row is of no use.
    pub(crate) fn has_unusable(&self) -> bool {
        !self.unusable.is_empty()
    }

    /// The rows that are of no use, as far as they are asked for and would be events of some names.
    pub(crate) fn unusable(
        &self,
        gated: &Gated<'_, '_>,
        names: Option<&Names>,
    ) -> impl Iterator<Item = Unusable> {
        let table = gated.frame.table;
        let name = table.find("name");
        let is_named = move |row: usize| match (names, name.map(|column| table.read(column, row))) {
            (None, _) => true,
            (Some(names), Some(Reading::Text(name))) => names.has(name),
            _ => false,
        };
        let is_kept = move |row: &&Unusable| {
            let row = row.row as usize;
            gated.keeps(row) && gated.wants_any(std::iter::once(row)) && is_named(row)
        };
        self.unusable.iter().filter(is_kept).copied()
    }

    /// The names, by number; the first is that of events without one.
    pub(crate) fn names(&self) -> &[Key] {
        &self.names
    }

    /// Which numbers are those of some names; without names all are.
    pub(crate) fn chosen(&self, names: Option<&Names>) -> Vec<bool> {
        let is_chosen = |key: &Key| match names {
            None => true,
            Some(names) => key.as_text().is_some_and(|name| names.has(name)),
        };
        self.names.iter().map(is_chosen).collect()
    }
}

/// What is wrong with the row of an event that another row has already.
pub(crate) const REPEATED: Reason = Reason::new("event_id", "duplicate", "is the id of another row already");

/// The rows whose event another row has already; nothing if events have no ids.
pub(crate) fn repeated(context: &Context<'_>) -> Result<Option<Arc<super::rows_of::RowsByKey>>> {
    let table = context.book.require("events")?;
    table.find("event_id").map(|_| rows_by_key(context, "events", "event_id", "occurred_at")).transpose()
}

/// The events of one person.
pub(crate) struct Sequences {
    /// Which rows are units.
    pub(crate) rows: RowView,
    pub(crate) identity: Identity,
    /// The events that count; all if nothing is chosen.
    pub(crate) chosen: Option<Names>,
}

/// One person's events that are asked for and known at `as_of`, in order; at least one. Last comes nobody, without
/// events, but with the rows that are of no use.
pub(crate) struct Sequence<'e> {
    pub(crate) person: u32,
    pub(crate) events: &'e [Event],
    pub(crate) unusable: &'e [Unusable],
    pub(crate) of: &'e Events,
}

impl View for Sequences {
    type Entity<'e> = Sequence<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        self.identity.column()
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&Sequence<'_>) -> Result<()>) -> Result<()> {
        let context = gated.frame.context;
        let of = &*Events::of(context, self.identity)?;
        let chosen = of.chosen(self.chosen.as_ref());
        let as_of = context.scope.as_of;
        let mut kept = Vec::new();
        for person in 1..u32::try_from(of.people.keys().len()).unwrap_or(u32::MAX) {
            let known = of.of_person(person);
            let known = known.get(..known.partition_point(|event| event.at <= as_of)).unwrap_or_default();
            let is_kept = |event: &&Event| {
                gated.keeps(event.row as usize) && chosen.get(event.name as usize).copied().unwrap_or(false)
            };
            let events = if self.chosen.is_none() && gated.keeps_all() {
                known
            } else {
                kept.clear();
                kept.extend(known.iter().filter(is_kept));
                &kept
            };
            if !events.is_empty() && gated.wants_any(events.iter().map(|event| event.row as usize)) {
                tell(&Sequence { person, events, unusable: &[], of })?;
            }
        }
        let unusable: Vec<Unusable> = of.unusable(gated, self.chosen.as_ref()).collect();
        if unusable.is_empty() {
            return Ok(());
        }
        tell(&Sequence { person: NOBODY, events: &[], unusable: &unusable, of })
    }

    fn identity(&self) -> Option<Identity> {
        Some(self.identity)
    }
}
