//! How many of some days each member was active on.

use super::Day;
use crate::scope::Micros;
use crate::view::people::Set;

/// How many of some days each member was active on: the members of each number, from 1 on.
///
/// The numbers are kept as binary digits, one set a digit: to add a day is to carry from digit to digit.
#[derive(Default)]
pub(crate) struct DayCounts {
    digits: Vec<Set>,
}

impl DayCounts {
    /// Counts the days, one a date.
    pub(crate) fn of<'d>(days: impl IntoIterator<Item = &'d Day>) -> Self {
        let mut counts = Self::default();
        let mut date: Option<(Micros, Set)> = None;
        for day in days {
            match &mut date {
                Some((known, active)) if *known == day.date => *active |= &day.active,
                _ => {
                    if let Some((_, active)) = date.replace((day.date, day.active.clone())) {
                        counts.add(active);
                    }
                }
            }
        }
        if let Some((_, active)) = date {
            counts.add(active);
        }
        counts
    }

    /// Counts one more for each member of a set.
    pub(crate) fn add(&mut self, mut carry: Set) {
        for digit in &mut self.digits {
            if carry.is_empty() {
                return;
            }
            let both = &*digit & &carry;
            *digit ^= &carry;
            carry = both;
        }
        if !carry.is_empty() {
            self.digits.push(carry);
        }
    }

    /// The members of each number that there are any of, in order of the numbers.
    pub(crate) fn by_count(&self) -> Vec<(u64, Set)> {
        let mut found = Vec::new();
        let all = self.digits.iter().fold(Set::new(), |all, digit| all | digit);
        part(&self.digits, all, 0, &mut found);
        found.sort_unstable_by_key(|(count, _)| *count);
        found
    }
}

/// Parts members by their digits, the highest first.
fn part(digits: &[Set], members: Set, count: u64, found: &mut Vec<(u64, Set)>) {
    if members.is_empty() {
        return;
    }
    let Some((digit, lower)) = digits.split_last() else {
        found.push((count, members));
        return;
    };
    let with = &members & digit;
    part(lower, members - digit, count << 1, found);
    part(lower, with, count << 1 | 1, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn days_are_counted(days in proptest::collection::vec(proptest::collection::btree_set(0..50_u32, 0..20), 0..40)) {
            let mut counts = DayCounts::default();
            let mut expected: BTreeMap<u32, u64> = BTreeMap::new();
            for day in days {
                for member in &day {
                    *expected.entry(*member).or_default() += 1;
                }
                counts.add(day.into_iter().collect());
            }
            let mut found = BTreeMap::new();
            for (count, members) in counts.by_count() {
                for member in &members {
                    assert!(found.insert(member, count).is_none());
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
