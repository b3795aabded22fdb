//! Things that are made and removed, from events that say so.

use super::View;
use super::coded::{Coded, Place};
use super::people::{Identity, NOBODY, People};
use super::rows_of::{Columns, DROPPED, Item, NOWHERE, RowsOf};
use super::sequences::{Unusable, repeated};
use super::{EVENTS, Numbers};
use crate::compute::{Gated, RowView};
use crate::error::Result;
use crate::key::Key;
use crate::measure::Reason;
use crate::policy::Names;
use crate::scope::Micros;

/// The objects of the events, as units.
pub(crate) struct Objects {
    pub(crate) create: Names,
    pub(crate) remove: Names,
}

const OBJECT: &str = "object_id";
const OBJECTS: RowView = RowView { key: OBJECT, ..EVENTS };

/// One object, and from when until when it was there; each stretch but the last has an end. Last comes no object, but the
/// rows that are of no use.
pub(crate) struct Object<'e> {
    pub(crate) stretches: &'e [Stay],
    pub(crate) unusable: &'e [Unusable],
    pub(crate) people: &'e People,
}

/// A stretch of time in which an object is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) from: Micros,
    pub(crate) to: Option<Micros>,
    /// The event that made it, and who did.
    pub(crate) row: usize,
    pub(crate) person: u32,
}

/// What an event does to its object.
#[derive(Clone, Copy)]
struct Change {
    at: Micros,
    row: u32,
    is_there: bool,
}

impl Item for Change {
    fn at(&self) -> Micros {
        self.at
    }

    fn row(&self) -> u32 {
        self.row
    }
}

const NO_OBJECT: Reason = Reason::new(OBJECT, "no_object", "names no object");
const NOT_CREATED: Reason = Reason::new("name", "remove_before_create", "removes what was never created");

struct Read<'t> {
    /// Whether an event makes its object.
    makes: Coded<'t, bool>,
    people: &'t People,
}

impl Columns for Read<'_> {
    type Item = Change;

    fn open(&mut self, block: Place) {
        self.makes.open(block);
    }

    fn item(&self, offset: usize, at: Micros, row: u32) -> Result<Change, Reason> {
        if self.people.of_row(row as usize) == NOBODY {
            return Err(Identity::User.nobody());
        }
        Ok(Change { at, row, is_there: self.makes.of_row(offset) })
    }
}

impl View for Objects {
    type Entity<'e> = Object<'e>;

    fn rows(&self) -> &RowView {
        &OBJECTS
    }

    fn entity(&self) -> &'static str {
        OBJECT
    }

    fn looks_at_people(&self) -> bool {
        true
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&Object<'_>) -> Result<()>) -> Result<()> {
        let context = gated.frame.context;
        let table = gated.frame.table;
        let name = Some(table.require("name")?);
        table.require(OBJECT)?;
        let people = &*People::of(context, Identity::User)?;
        let objects = Numbers::of(context.book, EVENTS.table, OBJECT)?;
        let repeated = repeated(context)?;
        let is_named = |names: &Names, key: &Key| key.as_text().is_some_and(|name| names.has(name));
        let mut changes =
            Coded::new(table, name, |key: &Key| is_named(&self.create, key) || is_named(&self.remove, key));
        let mut parents = Vec::with_capacity(table.rows());
        Place::each(table, |place, row| {
            let is_duplicate = || repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(row));
            parents.push(match objects.of_row(row) {
                _ if !changes.at(place) || !gated.keeps(row) || is_duplicate() => DROPPED,
                0 => NOWHERE,
                object => object,
            });
        });
        let rows = RowsOf::new(context.scope, table, parents, objects.keys().len(), NO_OBJECT)?;
        let makes = rows.coded(name, |key| is_named(&self.create, key));
        let (gathered, faults) = rows.gather("event_id", Read { makes, people })?;
        let nobody = |row| if people.of_row(row) == NOBODY { Identity::User.nobody() } else { NO_OBJECT };
        let mut unusable = Unusable::of(context, EVENTS.table, &faults, nobody)?;
        let mut stretches = Vec::new();
        for object in 1..objects.keys().len() {
            let changes = gathered.of_row(object);
            if !gated.wants_any(&mut changes.iter().map(|change| change.row as usize)) {
                continue;
            }
            let known = changes.get(..changes.partition_point(|change| change.at <= context.scope.as_of));
            let known = known.unwrap_or_default();
            let counts = |change: &&Change| people.exclusion(people.of_row(change.row as usize)).is_none();
            // What those do who do not count is as if it had not been, from when on anybody else makes the object; until
            // then it is theirs alone, and left out.
            let first = known.iter().position(|change| change.is_there && counts(&change));
            let (before, after) = known.split_at(first.unwrap_or(known.len()));
            stretches.clear();
            put_stays(before.iter(), people, &mut stretches);
            if let (Some(Stay { to, .. }), Some(own)) = (stretches.last_mut(), after.first()) {
                *to = to.or(Some(own.at));
            }
            put_stays(after.iter().filter(counts), people, &mut stretches);
            let made = known.iter().position(|change| change.is_there).unwrap_or(known.len());
            let early = known.iter().take(made).filter(counts);
            unusable.extend(early.map(|change| Unusable {
                row: change.row,
                at: Some(change.at),
                reason: NOT_CREATED,
            }));
            if !stretches.is_empty() {
                tell(&Object { stretches: &stretches, unusable: &[], people })?;
            }
        }
        unusable.sort_by_key(|row| row.row);
        tell(&Object { stretches: &[], unusable: &unusable, people })
    }
}

/// From when until when an object is there, from what was done to it in order of time.
fn put_stays<'c>(changes: impl Iterator<Item = &'c Change>, people: &People, stretches: &mut Vec<Stay>) {
    for change in changes {
        let row = change.row as usize;
        match stretches.last_mut() {
            Some(Stay { to: None, .. }) if change.is_there => {}
            Some(Stay { to, .. }) if !change.is_there => *to = to.or(Some(change.at)),
            None if !change.is_there => {}
            _ => stretches.push(Stay { from: change.at, to: None, row, person: people.of_row(row) }),
        }
    }
}
