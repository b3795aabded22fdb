//! What of a person's events is cut into sessions on its own: the person, a device, a session that events name.

use super::activity::EVENTS;
use super::coded::Numbers;
use super::event_rows::EventRow;
use super::people::People;
use super::sessions::{Cut, Per};
use crate::compute::Context;
use crate::error::Result;
use crate::key::Key;
use hashbrown::HashMap;
use std::sync::Arc;

/// What an event belongs to before it is cut.
pub(super) enum Track {
    /// Its person, and what of the person is cut on its own: gaps tell the stretches apart.
    Gaps(u32),
    /// A session that it names.
    Named(u32),
    /// No session at all.
    Outside,
}

impl Track {
    /// Its number, if it is one.
    #[inline]
    pub(super) fn number(&self) -> Option<usize> {
        match self {
            Track::Gaps(track) | Track::Named(track) => Some(*track as usize),
            Track::Outside => None,
        }
    }
}

/// Numbers for what is cut on its own.
///
/// Most devices and sessions are those of one person: each has a place of its own, which belongs to the first person met
/// there. Only what is shared is looked up.
pub(super) struct Tracks {
    per: Per,
    devices: Option<Arc<Numbers>>,
    sessions: Option<Arc<Numbers>>,
    /// Which numbers of sessions say that there is none.
    is_outside: Vec<bool>,
    /// The places of people come first, then those of devices and of sessions.
    first_device: u32,
    first_session: u32,
    people: usize,
    /// Who each place belongs to; with groups the group of each person's place. Nothing if people are all that there is.
    owners: Vec<u32>,
    others: HashMap<(u32, u32), u32>,
}

const NOBODYS: u32 = u32::MAX;

impl Tracks {
    pub(super) fn of(context: &Context<'_>, cut: &Cut, people: &People, is_whole: bool) -> Result<Self> {
        let table = context.book.require(EVENTS.table)?;
        let numbers = |column: &str| Numbers::of(context.book, EVENTS.table, column);
        let devices = match cut.per {
            Per::Device => {
                table.require("device_id")?;
                Some(numbers("device_id")?)
            }
            Per::Person | Per::Group => None,
        };
        let has_sessions = cut.session_ids && table.find("session_id").is_some();
        let sessions = if has_sessions { Some(numbers("session_id")?) } else { None };
        let says_none = |key: &Key| match key {
            Key::Whole(id) => *id == -1,
            key => key.as_text() == Some("-1"),
        };
        let keys_of = |numbers: &Option<Arc<Numbers>>| numbers.as_ref().map_or(0, |found| found.keys().len());
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let people = people.keys().len();
        let first_session = people + keys_of(&devices);
        let is_person = cut.per == Per::Person || (cut.per == Per::Group && is_whole);
        let is_plain = is_person && sessions.is_none();
        let places = if is_plain { 0 } else { first_session + keys_of(&sessions) };
        Ok(Self {
            per: cut.per,
            is_outside: sessions
                .as_ref()
                .map_or(Vec::new(), |found| found.keys().iter().map(says_none).collect()),
            first_device: count(people),
            first_session: count(first_session),
            devices,
            sessions,
            people,
            owners: vec![NOBODYS; places],
            others: HashMap::new(),
        })
    }

    /// How many numbers there are before any is shared.
    pub(super) fn count(&self) -> usize {
        self.owners.len().max(self.people)
    }

    /// Whether what is cut on its own are people, by their numbers.
    pub(super) fn are_people(&self) -> bool {
        self.owners.is_empty()
    }

    #[inline]
    pub(super) fn of_event(&mut self, event: &EventRow) -> Track {
        if self.are_people() { Track::Gaps(event.person) } else { self.find(event) }
    }

    fn find(&mut self, event: &EventRow) -> Track {
        let row = event.row as usize;
        let session = self.sessions.as_ref().map_or(0, |sessions| sessions.of_row(row));
        if session != 0 {
            if self.is_outside.get(session as usize).copied().unwrap_or(false) {
                return Track::Outside;
            }
            return Track::Named(self.number(self.first_session + session, event.person));
        }
        let device = self.devices.as_ref().map_or(0, |devices| devices.of_row(row));
        Track::Gaps(match self.per {
            Per::Device if device != 0 => self.number(self.first_device + device, event.person),
            Per::Person | Per::Device => event.person,
            Per::Group => self.number(event.person, event.combination),
        })
    }

    /// The number of a place for one owner.
    fn number(&mut self, place: u32, owner: u32) -> u32 {
        match self.owners.get_mut(place as usize) {
            Some(known) if *known == owner => return place,
            Some(known) if *known == NOBODYS => {
                *known = owner;
                return place;
            }
            _ => {}
        }
        let next = self.owners.len() + self.others.len();
        *self.others.entry((place, owner)).or_insert(u32::try_from(next).unwrap_or(u32::MAX))
    }
}
