//! What people do from a start on: a sign-up, an entitlement, a first event.

use super::entitled::check_accounts;
use crate::catalog::Planned;
use crate::compute::{Clock, Context, Out, PersonMeasure, Pipeline, Sink};
use crate::error::Result;
use crate::formula::Formula;
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Value};
use crate::outcome::Fault;
use crate::policy::Names;
use crate::scope::Micros;
use crate::summary::Summary;
use crate::view::{
    EVENTS, Event, Events, Identity, NOBODY, People, Sequence, Sequences, faults_of_entitlements,
};
use hashbrown::HashMap;
use std::sync::Arc;

/// What a start is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Start {
    /// `users.created_at`.
    SignedUp,
    /// The first entitlement to what is looked at; for people on record not before their sign-up.
    Eligible,
    /// The first event of any of these names; without names of all.
    FirstEvent(Option<Names>),
}

/// What is measured from a start on.
pub(crate) trait SinceStart: Send + Sync {
    type Value: Value;

    /// The names of the events that are looked at.
    fn names(&self) -> &Names;

    /// The fate of a start; `hits` are the instants of the events that are looked at, in order.
    fn fate(&self, start: Micros, as_of: Micros, hits: impl Iterator<Item = Micros>) -> Fate<Self::Value>;
}

/// The plan of a KPI that measures from a start on.
pub(crate) fn plan<M, S, F>(start: Start, measure: M, formula: F) -> Planned
where
    M: SinceStart + 'static,
    S: Summary<M::Value>,
    F: Formula<S> + 'static,
{
    let from = From { start, measure };
    let Start::FirstEvent(first) = &from.start else {
        return Planned::new(Pipeline::<_, _, S>::recorded(from, formula));
    };
    let chosen = first.as_ref().map(|first| {
        let names = [first, from.measure.names()].map(Names::as_slice).concat();
        Names::new(names)
    });
    let view = Sequences { rows: EVENTS, identity: Identity::User, chosen };
    Planned::new(Pipeline::<_, _, S>::entities(view, from, formula))
}

/// A measure from a start on.
struct From<M> {
    start: Start,
    measure: M,
}

/// Which names are looked at, by their numbers.
struct Looked {
    hits: Vec<bool>,
    firsts: Vec<bool>,
    as_of: Micros,
}

const INPUTS: &[Input] =
    &[Input::required("occurred_at", InputKind::Time), Input::required("name", InputKind::Text)];

impl<M: SinceStart> From<M> {
    fn looked(&self, context: &Context<'_>) -> Result<Looked> {
        let events = Events::of(context, Identity::User)?;
        let firsts = match &self.start {
            Start::FirstEvent(first) => events.chosen(first.as_ref()),
            Start::SignedUp | Start::Eligible => Vec::new(),
        };
        Ok(Looked { hits: events.chosen(Some(self.measure.names())), firsts, as_of: context.scope.as_of })
    }

    fn fate(&self, looked: &Looked, start: Micros, events: &[Event]) -> Fate<M::Value> {
        let hits = events.iter().filter(|event| is_one(&looked.hits, event)).map(|event| event.at);
        self.measure.fate(start, looked.as_of, hits)
    }
}

fn is_one(of_names: &[bool], event: &Event) -> bool {
    of_names.get(event.name as usize).copied().unwrap_or(false)
}

impl<M: SinceStart> EntityMeasure for From<M> {
    type Value = M::Value;
    type View = Sequences;
    type Side = Looked;

    fn inputs(&self) -> &[Input] {
        INPUTS
    }

    fn side(&self, context: &Context<'_>) -> Result<Looked> {
        self.looked(context)
    }

    fn entity<E: Evidence>(
        &self,
        side: &Looked,
        sequence: &Sequence<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        sequence.put_unusable(out)?;
        let Some(first) = sequence.events.iter().find(|event| is_one(&side.firsts, event)) else {
            return Ok(());
        };
        why.note("start", || format!("row {} of events, the first that counts", first.row));
        let fate = match sequence.exclusion() {
            Some(reason) => Fate::Excluded(reason),
            None => self.fate(side, first.at, sequence.events),
        };
        out.put(first.row as usize, Some(first.at), fate, Vec::new())
    }
}

/// Which names are looked at, and when everybody started.
struct Recorded {
    looked: Looked,
    people: Arc<People>,
    /// By person, where that is the start.
    entitled: Option<Vec<Entitled>>,
}

/// Whether somebody is entitled to what is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entitled {
    No,
    /// It is not known since when.
    Undated,
    Since(Micros),
}

impl Entitled {
    /// The same with one more entitlement: the first counts.
    fn and(self, since: Option<Micros>) -> Self {
        match (self, since) {
            (Entitled::Since(known), Some(since)) => Entitled::Since(known.min(since)),
            (_, Some(since)) => Entitled::Since(since),
            (Entitled::No, None) => Entitled::Undated,
            (known, None) => known,
        }
    }
}

impl<M: SinceStart> PersonMeasure for From<M> {
    type Value = M::Value;
    type Side = Recorded;

    fn inputs(&self) -> &[Input] {
        INPUTS
    }

    fn names(&self) -> &Names {
        self.measure.names()
    }

    fn side(&self, context: &Context<'_>) -> Result<Recorded> {
        let people = People::of(context, Identity::User)?;
        let entitled = if self.start == Start::Eligible {
            Some(entitled(context, &people, self.measure.names())?)
        } else {
            context.book.require("users")?.require("created_at")?;
            None
        };
        Ok(Recorded { looked: self.looked(context)?, people, entitled })
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        match self.start {
            Start::Eligible => faults_of_entitlements(context),
            _ => Ok(Vec::new()),
        }
    }

    fn person<E: Evidence>(
        &self,
        side: &Recorded,
        person: u32,
        events: &[Event],
        why: &mut E,
    ) -> Option<(Option<Micros>, Fate<M::Value>)> {
        let created = side.people.created(person);
        let start = match side.entitled.as_ref().map(|known| known.get(person as usize)) {
            None => created,
            // Whoever came later could not use it before.
            Some(Some(Entitled::Since(since))) => Some(created.map_or(*since, |at| at.max(*since))),
            Some(Some(Entitled::Undated)) => None,
            Some(Some(Entitled::No) | None) => return None,
        };
        let Some(start) = start else {
            why.note("start", || "is not known".to_owned());
            return Some((None, Fate::Missing));
        };
        Some((Some(start), self.fate(&side.looked, start, events)))
    }
}

/// Who is entitled to any of some features: by themselves, or through their account.
fn entitled(context: &Context<'_>, people: &People, features: &Names) -> Result<Vec<Entitled>> {
    let book = context.book;
    let table = book.require("entitlements")?;
    let feature = table.require("feature")?;
    table.require("since")?;
    check_accounts(book)?;
    let owners = ["user_id", "account_id"].map(|name| table.find(name));
    let [mut of_users, mut of_accounts]: [HashMap<Key, Vec<Option<Micros>>>; 2] = Default::default();
    Clock::of(table, "since", context.scope.column_zone("entitlements", "since")).each(table, |row, time| {
        if !Key::from(table.read(feature, row)).as_text().is_some_and(|name| features.has(name)) {
            return;
        }
        for (owner, since) in owners.iter().zip([&mut of_users, &mut of_accounts]) {
            let owner = owner.map_or(Key::Null, |column| Key::named(table.read(column, row)));
            if owner != Key::Null {
                since.entry(owner).or_default().push(time.at());
            }
        }
    });
    let mut entitled = vec![Entitled::No; people.keys().len()];
    let mut enter = |person: u32, since: Option<&Vec<Option<Micros>>>| {
        if let Some(known) = entitled.get_mut(person as usize).filter(|_| person != NOBODY) {
            *known = since.into_iter().flatten().fold(*known, |known, since| known.and(*since));
        }
    };
    for (number, key) in (0..).zip(people.keys()) {
        enter(people.person(number), of_users.get(key));
    }
    if let Some(users) = book.table("users")
        && let Some(account) = users.find("account_id")
    {
        for row in 0..users.rows() {
            enter(people.of_user(row), of_accounts.get(&Key::named(users.read(account, row))));
        }
    }
    Ok(entitled)
}
