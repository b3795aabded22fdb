//! Groups of people: where who did something alone tells in which group it counts.

use super::activity::EVENTS;
use super::people::{Identity, NOBODY, People};
use crate::compute::{Codes, Context, Frame};
use crate::error::Result;
use crate::key::Key;

/// The groups of people, as far as anybody asked.
///
/// Where all columns of `by` are the person's, such as an account reached through `users`, all events of a person are of
/// one group. So events need not be told apart while they are read, and what is read serves requests of any such groups.
pub(super) struct GroupsOfPeople<'b> {
    pub(super) frame: Frame<'b>,
    pub(super) codes: Codes<'b>,
    of_people: Vec<u32>,
}

const UNKNOWN: u32 = u32::MAX;

impl<'b> GroupsOfPeople<'b> {
    /// Nothing if there are no groups, or if it takes more than to know the person to tell them apart.
    pub(super) fn of(context: &'b Context<'b>, identity: Identity) -> Result<Option<Self>> {
        if context.scope.by.is_empty() || identity != Identity::User {
            return Ok(None);
        }
        let frame = Frame::new(context, &EVENTS, None, None)?;
        let codes = frame.codes(&[])?;
        let people = People::of(context, identity)?;
        // Each name of a person may be in another group.
        if people.is_merged() || !frame.table.find(identity.column()).is_some_and(|id| codes.groups.is_of(id))
        {
            return Ok(None);
        }
        Ok(Some(Self { frame, codes, of_people: vec![UNKNOWN; people.keys().len()] }))
    }

    /// The group of a person who did what a row says.
    #[inline]
    pub(super) fn group(&mut self, person: u32, row: usize) -> Result<u32> {
        match self.of_people.get(person as usize) {
            Some(group) if *group != UNKNOWN => Ok(*group),
            _ => self.find(person, row),
        }
    }

    #[cold]
    fn find(&mut self, person: u32, row: usize) -> Result<u32> {
        let Some((chunk_at, chunk, local)) = self.frame.table.locate(row) else { return Ok(0) };
        self.codes.groups.codes(chunk, chunk_at, local, 1, |_| None);
        let group = self.codes.groups.group_of(0)?;
        self.know(person, group);
        Ok(group)
    }

    /// Notes the group of a person that is known from elsewhere. What is nobody's may be in any group.
    pub(super) fn know(&mut self, person: u32, group: u32) {
        if let Some(known) = self.of_people.get_mut(person as usize).filter(|_| person != NOBODY) {
            *known = group;
        }
    }

    /// The group of each person, and the values of each group.
    pub(super) fn close(self) -> (Vec<u32>, Vec<Vec<Key>>) {
        let groups = &self.codes.groups;
        let values = (0..groups.group_count()).map(|group| groups.values(group)).collect();
        (self.of_people, values)
    }
}
