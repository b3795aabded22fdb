//! Members: people within groups.

use crate::view::people::NOBODY;
use hashbrown::HashMap;

/// A person within a group.
#[derive(Clone, Default)]
pub(super) struct Members {
    /// Of each member: the person, the group and the first row. Without groups a member is a person.
    pub(super) people: Vec<u32>,
    pub(super) groups: Vec<u32>,
    pub(super) rows: Vec<u32>,
    /// The member that a person is in the group in which it was met first.
    pub(super) first: Vec<u32>,
    /// Those of people in further groups: a list by person for each of the first groups, as far as lists take no more
    /// than [`LISTED`] places.
    pub(super) lists: Vec<Vec<u32>>,
    pub(super) others: HashMap<(u32, u32), u32>,
}

pub(super) const LISTED: usize = 1 << 24;

pub(super) const NO_MEMBER: u32 = u32::MAX;
/// Stands for the row of somebody who did nothing.
pub(crate) const NO_ROW: u32 = u32::MAX;

impl Members {
    pub(super) fn person(&self, member: u32) -> u32 {
        if self.people.is_empty() {
            member
        } else {
            self.people.get(member as usize).copied().unwrap_or(NOBODY)
        }
    }

    /// Notes the first row of a person, where there are no groups.
    #[inline]
    pub(super) fn meet(&mut self, person: u32, row: u32) {
        if let Some(first) = self.rows.get_mut(person as usize) {
            *first = row.min(*first);
        }
    }

    /// The number of a person in a group.
    #[inline]
    pub(super) fn number(&mut self, person: u32, group: u32, row: u32) -> u32 {
        let first = self.first.get(person as usize).copied().unwrap_or(NO_MEMBER);
        if self.groups.get(first as usize) == Some(&group) {
            return first;
        }
        self.other(person, group, row)
    }

    /// Where the number of a person in a further group stands.
    pub(super) fn other_place(&mut self, person: u32, group: u32) -> &mut u32 {
        let (people, list) = (self.first.len(), group as usize);
        if (list + 1).saturating_mul(people) > LISTED {
            return self.others.entry((person, group)).or_insert(NO_MEMBER);
        }
        if self.lists.len() <= list {
            self.lists.resize_with(list + 1, Vec::new);
        }
        match self.lists.get_mut(list) {
            Some(list) => {
                list.resize(people, NO_MEMBER);
                match list.get_mut(person as usize) {
                    Some(place) => place,
                    None => self.others.entry((person, group)).or_insert(NO_MEMBER),
                }
            }
            None => self.others.entry((person, group)).or_insert(NO_MEMBER),
        }
    }

    #[inline]
    pub(super) fn other(&mut self, person: u32, group: u32, row: u32) -> u32 {
        let list = self.lists.get(group as usize).and_then(|list| list.get(person as usize));
        match list {
            Some(known) if *known != NO_MEMBER => *known,
            _ => self.fresh(person, group, row),
        }
    }

    #[inline(never)]
    pub(super) fn fresh(&mut self, person: u32, group: u32, row: u32) -> u32 {
        let number = u32::try_from(self.people.len()).unwrap_or(NO_MEMBER);
        let is_first = match self.first.get_mut(person as usize) {
            Some(first) if *first == NO_MEMBER => {
                *first = number;
                true
            }
            _ => false,
        };
        if !is_first {
            let known = self.other_place(person, group);
            if *known != NO_MEMBER {
                return *known;
            }
            *known = number;
        }
        self.people.push(person);
        self.groups.push(group);
        self.rows.push(row);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_in_two_groups_is_two_members() {
        let mut members = Members { first: vec![NO_MEMBER; 3], ..Members::default() };
        let numbers = [(1, 0), (2, 0), (1, 1), (1, 0), (1, 1), (2, 0)]
            .map(|(person, group)| members.number(person, group, 9));
        assert_eq!(numbers, [0, 1, 2, 0, 2, 1]);
        assert_eq!((members.people, members.groups), (vec![1, 2, 1], vec![0, 0, 1]));
    }
}
