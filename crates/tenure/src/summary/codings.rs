//! What people who put the same items into classes agreed on.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::state::{Reader, Writer};
use std::collections::BTreeMap;

/// One item: who put it into which class, in order of the coders, each of them once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Coding(pub(crate) Vec<(Key, Key)>);

impl Coding {
    /// Every pair of coders, in order, with their labels.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = [&(Key, Key); 2]> {
        let after = |at: usize| self.0.iter().skip(at + 1);
        self.0.iter().enumerate().flat_map(move |(at, first)| after(at).map(move |second| [first, second]))
    }

    /// How many pairs of coders there are, and how many of them chose different labels.
    pub(crate) fn disagreement(&self) -> (u64, u64) {
        self.pairs().fold((0, 0), |(all, differ), [(_, first), (_, second)]| {
            (all + 1, differ + u64::from(first != second))
        })
    }
}

/// For every pair of coders, how often they chose which labels for one item: `[coder, coder, label, label]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PairTables(pub(crate) BTreeMap<[Key; 4], u64>);

impl Summary<Coding> for PairTables {
    fn update(&mut self, item: &Coding, times: u64) -> Result<(), Overflow> {
        for [(coder, label), (other_coder, other_label)] in item.pairs() {
            let place = [coder, other_coder, label, other_label].map(Key::clone);
            add(&mut self.0, place, times)?;
        }
        Ok(())
    }
}

impl Mergeable for PairTables {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        other.0.iter().try_for_each(|(place, count)| add(&mut self.0, place.clone(), *count))
    }
}

impl Encode for PairTables {
    fn encode(&self, out: &mut Writer) {
        out.count(self.0.len() as u64);
        for (place, count) in &self.0 {
            for key in place {
                out.key(key);
            }
            out.count(*count);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let read = |bytes: &mut Reader<'_>| Ok([bytes.key()?, bytes.key()?, bytes.key()?, bytes.key()?]);
        decode_counts(bytes, read).map(Self)
    }
}

/// Of the items that more than one coder saw: how often each label was chosen and, by how many coders saw an item, how many
/// pairs of them chose different ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Coincidences {
    pub(crate) labels: BTreeMap<Key, u64>,
    pub(crate) disagreeing: BTreeMap<u64, u64>,
}

impl Summary<Coding> for Coincidences {
    fn update(&mut self, item: &Coding, times: u64) -> Result<(), Overflow> {
        let coders = item.0.len() as u64;
        if coders < 2 {
            return Ok(());
        }
        for (_, label) in &item.0 {
            add(&mut self.labels, label.clone(), times)?;
        }
        let (_, differ) = item.disagreement();
        if differ > 0 {
            add(&mut self.disagreeing, coders, differ.checked_mul(times).ok_or(Overflow)?)?;
        }
        Ok(())
    }
}

impl Mergeable for Coincidences {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        other.labels.iter().try_for_each(|(label, count)| add(&mut self.labels, label.clone(), *count))?;
        other.disagreeing.iter().try_for_each(|(coders, count)| add(&mut self.disagreeing, *coders, *count))
    }
}

impl Encode for Coincidences {
    fn encode(&self, out: &mut Writer) {
        out.count(self.labels.len() as u64);
        for (label, count) in &self.labels {
            out.key(label);
            out.count(*count);
        }
        out.count(self.disagreeing.len() as u64);
        for (coders, count) in &self.disagreeing {
            out.count(*coders);
            out.count(*count);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let labels = decode_counts(bytes, Reader::key)?;
        Ok(Self { labels, disagreeing: decode_counts(bytes, Reader::count)? })
    }
}

fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K, times: u64) -> Result<(), Overflow> {
    // What was not met has no place, so that equal states are equal bytes.
    if times > 0 {
        let count = counts.entry(key).or_insert(0);
        *count = count.checked_add(times).ok_or(Overflow)?;
    }
    Ok(())
}

/// Counts by keys, in order and none of them zero.
fn decode_counts<'r, K: Ord>(
    bytes: &mut Reader<'r>,
    read: impl Fn(&mut Reader<'r>) -> Result<K>,
) -> Result<BTreeMap<K, u64>> {
    let mut counts = BTreeMap::new();
    for _ in 0..bytes.len()? {
        let (key, count) = (read(bytes)?, bytes.count()?);
        if count == 0 || counts.last_key_value().is_some_and(|(last, _)| *last >= key) {
            return Err(Error::corrupt("the counts in the state are not in order"));
        }
        counts.insert(key, count);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn items() -> impl Strategy<Value = Vec<Coding>> {
        let item = prop::collection::btree_map(0_i64..4, "[a-c]", 0..4);
        let coding = |item: BTreeMap<i64, String>| {
            Coding(item.into_iter().map(|(coder, label)| (Key::from(coder), Key::from(label))).collect())
        };
        prop::collection::vec(item.prop_map(coding), 0..8)
    }

    proptest! {
        #[test]
        fn laws(a in items(), b in items(), c in items()) {
            crate::summary::laws::hold::<Coding, PairTables>(&a, &b, &c);
            crate::summary::laws::hold::<Coding, Coincidences>(&a, &b, &c);
        }
    }

    #[test]
    fn pairs_are_those_of_all_coders() {
        let coding = |labels: &[&str]| {
            let code = |(coder, label): (i64, &&str)| (Key::from(coder), Key::from(*label));
            Coding((0..).zip(labels).map(code).collect())
        };
        assert_eq!(coding(&["a", "b", "a"]).disagreement(), (3, 2));
        assert_eq!(coding(&["a"]).disagreement(), (0, 0));
        let mut tables = PairTables::default();
        tables.update(&coding(&["a", "b", "a"]), 2).unwrap();
        assert_eq!((tables.0.len(), tables.0.values().sum::<u64>()), (3, 6));
    }
}
