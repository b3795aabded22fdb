//! Sets while they are filled.

use super::{Day, Days};
use crate::scope::{BEGINNING_OF_TIME, Micros};
use crate::view::people::Set;

/// A set while it is filled: a list as long as few are in it, then a bit for each member.
pub(super) enum Filling {
    Few(Vec<u32>),
    Many(Vec<u64>),
    /// Each time somebody was put in.
    Each(Vec<u32>),
}

/// From so many on, bits take less memory than a list, unless there are very many members.
pub(super) const FEW: usize = 256;

impl Filling {
    #[inline]
    pub(super) fn insert(&mut self, member: u32) {
        let word = member as usize / 64;
        match self {
            Filling::Many(words) if word < words.len() => {
                if let Some(word) = words.get_mut(word) {
                    *word |= 1 << (member % 64);
                }
            }
            Filling::Each(list) => list.push(member),
            _ => self.grow(member),
        }
    }

    fn insert_all(&mut self, members: &[u32]) {
        for member in members {
            self.insert(*member);
        }
    }

    #[inline(never)]
    pub(super) fn grow(&mut self, member: u32) {
        match self {
            Filling::Each(list) => list.push(member),
            Filling::Few(list) if list.last() == Some(&member) => {}
            Filling::Few(list) if list.len() < FEW.max(list.capacity()) => list.push(member),
            Filling::Few(list) => {
                list.push(member);
                list.sort_unstable();
                list.dedup();
                let most = list.last().copied().unwrap_or(0) as usize;
                if list.len() >= FEW && list.len() > most / 64 {
                    let mut many = Filling::Many(vec![0; most / 64 + 1]);
                    for member in list {
                        many.insert(*member);
                    }
                    *self = many;
                } else {
                    list.reserve(list.len());
                }
            }
            Filling::Many(words) => {
                let word = member as usize / 64;
                words.resize((word + 1).max(words.len() + words.len() / 2), 0);
                self.insert(member);
            }
        }
    }

    /// The members; of those put in each time, first all, then those put in at least twice, and so on.
    pub(super) fn into_sets(self, times: u32) -> Vec<Set> {
        let Filling::Each(mut list) = self else { return vec![self.into_set()] };
        list.sort_unstable();
        let mut sets = vec![Set::new(); times as usize];
        for same in list.chunk_by(|a, b| a == b) {
            if let Some(member) = same.first() {
                sets.iter_mut().take(same.len()).for_each(|set| _ = set.insert(*member));
            }
        }
        sets
    }

    pub(super) fn into_set(self) -> Set {
        match self {
            Filling::Few(mut list) | Filling::Each(mut list) => {
                list.sort_unstable();
                list.dedup();
                list.into_iter().collect()
            }
            Filling::Many(words) => {
                let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
                Set::from_lsb0_bytes(0, &bytes)
            }
        }
    }
}

/// The sets of each kind of event, by the code of the day; beside each how many events there were, by group.
pub(super) struct Fillings {
    pub(super) kinds: Vec<Vec<(Filling, Vec<u64>)>>,
    /// How many times on one day are told apart.
    pub(super) times: u32,
}

impl Fillings {
    #[inline]
    pub(super) fn insert(&mut self, kind: usize, day: usize, member: u32) {
        match self.kinds.get_mut(kind).and_then(|days| days.get_mut(day)) {
            Some((filling, _)) => filling.insert(member),
            None => self.grow(kind, day, member),
        }
    }

    /// The same of all events, where these are of one kind.
    pub(super) fn insert_all(&mut self, day: usize, members: &[u32]) {
        let Some((first, rest)) = members.split_first() else { return };
        self.insert(0, day, *first);
        if let Some((filling, _)) = self.kinds.first_mut().and_then(|days| days.get_mut(day)) {
            filling.insert_all(rest);
        }
    }

    /// The sets of each kind on a day as bits, as far as they are.
    pub(super) fn words(&mut self, day: usize) -> Vec<&mut [u64]> {
        let of_day = self.kinds.iter_mut().map(|days| match days.get_mut(day) {
            Some((Filling::Many(words), _)) => words.as_mut_slice(),
            _ => &mut [],
        });
        of_day.collect()
    }

    /// Counts events of a day that has a member already.
    #[inline]
    pub(super) fn count(&mut self, kind: usize, day: usize, group: usize, times: u64) {
        let Some((_, counts)) = self.kinds.get_mut(kind).and_then(|days| days.get_mut(day)) else { return };
        if counts.len() <= group {
            counts.resize(group + 1, 0);
        }
        if let Some(count) = counts.get_mut(group) {
            *count += times;
        }
    }

    #[inline(never)]
    pub(super) fn grow(&mut self, kind: usize, day: usize, member: u32) {
        let empty = if self.times > 1 { Filling::Each } else { Filling::Few };
        if self.kinds.len() <= kind {
            self.kinds.resize_with(kind + 1, Vec::new);
        }
        if let Some(days) = self.kinds.get_mut(kind) {
            if days.len() <= day {
                days.resize_with(day + 1, || (empty(Vec::new()), Vec::new()));
            }
            if let Some((filling, _)) = days.get_mut(day) {
                filling.insert(member);
            }
        }
    }

    /// The days of each kind. `starts` are the beginnings of days by code, with those of their dates; `cuts` what
    /// divides them.
    pub(super) fn close(self, starts: &[(Micros, Micros)], cuts: &[Micros]) -> Vec<Days> {
        let pieces = cuts.len() + 1;
        let times = self.times;
        let of_day = |(code, (filling, events)): (usize, (Filling, Vec<u64>))| {
            let (start, date) =
                starts.get(code / pieces).copied().unwrap_or((BEGINNING_OF_TIME, BEGINNING_OF_TIME));
            let cut = (code % pieces).checked_sub(1).and_then(|cut| cuts.get(cut)).copied();
            let start = cut.map_or(start, |cut| cut.max(start));
            let sets = filling.into_sets(times).into_iter().filter(|active| !active.is_empty());
            // What was counted is told once.
            let events = std::iter::once(events).chain(std::iter::repeat_with(Vec::new));
            sets.zip(events).map(move |(active, events)| Day { date, start, active, events })
        };
        let days = |fillings: Vec<(Filling, Vec<u64>)>| {
            let mut days: Vec<Day> = fillings.into_iter().enumerate().flat_map(of_day).collect();
            days.sort_by_key(|day| day.start);
            Days::of(days)
        };
        self.kinds.into_iter().map(days).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_holds_what_was_put_in(members in proptest::collection::vec(0..40_000_u32, 0..2000)) {
            let mut filling = Filling::Few(Vec::new());
            for member in &members {
                filling.insert(*member);
            }
            let expected: BTreeSet<u32> = members.into_iter().collect();
            prop_assert!(filling.into_set().iter().eq(expected));
        }
    }
}
