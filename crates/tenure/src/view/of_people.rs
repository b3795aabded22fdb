//! Groups of people: where who did something alone tells in which group it counts.

use super::activity::EVENTS;
use super::people::{Identity, NOBODY, People};
use crate::compute::{Codes, Context, Frame, Grouping};
use crate::error::Result;
use crate::key::Key;
use crate::request::Scope;
use std::sync::Arc;

/// The groups of people, as far as anybody asked.
///
/// Where all columns of `by` are the person's, such as an account reached through `users`, all events of a person are of
/// one group. So events need not be told apart while they are read, and what is read serves requests of any such groups.
pub(super) struct GroupsOfPeople<'b> {
    frame: Frame<'b>,
    codes: Codes<'b>,
    reached: Arc<Reached>,
    /// The code of each group that is reached, and of each person; [`UNKNOWN`] if nobody asked.
    of_groups: Vec<u32>,
    of_people: Vec<u32>,
}

/// The group that each person's id leads to, whether or not the person has anything that counts.
struct Reached {
    of_people: Vec<u32>,
    groups: Vec<Vec<Key>>,
}

const UNKNOWN: u32 = u32::MAX;

impl<'b> GroupsOfPeople<'b> {
    /// Nothing if there are no groups, or if it takes more than to know the person to tell them apart.
    pub(super) fn of(context: &'b Context<'b>, identity: Identity) -> Result<Option<Self>> {
        let scope = context.scope;
        if scope.by.is_empty() || identity != Identity::User {
            return Ok(None);
        }
        let frame = Frame::new(context, &EVENTS, None, None)?;
        let codes = frame.codes(&[])?;
        let people = People::of(context, identity)?;
        let is_of_people = frame.table.find(identity.column()).is_some_and(|id| codes.groups.is_of(id));
        // Each name of a person, and each record, may be in another group.
        if people.is_merged() || !is_of_people || !people.is_recorded_once() {
            return Ok(None);
        }
        let reached = context.book.recent(&format!("groups of people by {:?}", scope.by), || {
            let scope = Scope { max_groups: u64::MAX, ..scope.clone() };
            let mut groups = Grouping::new(context.book, frame.table, &scope, &[])?;
            let of_people = people.keys().iter().map(|key| groups.group_reached(key.reading()));
            let of_people = of_people.collect::<Result<_>>()?;
            let groups = (0..groups.group_count()).map(|group| groups.values(group)).collect();
            Ok(Reached { of_people, groups })
        })?;
        let of_groups = vec![UNKNOWN; reached.groups.len()];
        let of_people = vec![UNKNOWN; reached.of_people.len()];
        Ok(Some(Self { frame, codes, reached, of_groups, of_people }))
    }

    /// The group of a person.
    #[inline]
    pub(super) fn group(&mut self, person: u32) -> Result<u32> {
        match self.of_people.get(person as usize) {
            Some(group) if *group != UNKNOWN => Ok(*group),
            _ => self.find(person),
        }
    }

    #[cold]
    fn find(&mut self, person: u32) -> Result<u32> {
        let Self { codes, reached, of_groups, of_people, .. } = self;
        let own = reached.of_people.get(person as usize).copied().unwrap_or(UNKNOWN) as usize;
        let (Some(group), Some(values)) = (of_groups.get_mut(own), reached.groups.get(own)) else {
            return Ok(0);
        };
        if *group == UNKNOWN {
            *group = codes.groups.group_with(values)?;
        }
        if let Some(known) = of_people.get_mut(person as usize) {
            *known = *group;
        }
        Ok(*group)
    }

    /// The group of a row of the events, which may be of nobody.
    pub(super) fn group_of_row(&mut self, person: u32, row: u32) -> Result<u32> {
        match self.frame.table.locate(row as usize) {
            Some((chunk_at, chunk, local)) if person == NOBODY => {
                self.codes.groups.codes(chunk, chunk_at, local, 1, |_| None);
                self.codes.groups.group_of(0)
            }
            _ => self.group(person),
        }
    }

    /// The group of each person asked for, and the values of each group.
    pub(super) fn close(self) -> (Vec<u32>, Vec<Vec<Key>>) {
        let groups = &self.codes.groups;
        let values = (0..groups.group_count()).map(|group| groups.values(group)).collect();
        (self.of_people, values)
    }
}
