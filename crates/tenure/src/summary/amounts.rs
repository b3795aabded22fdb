//! A number for each of several ids: the seats of accounts.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::measure::Value;
use crate::state::{Reader, Writer};
use std::collections::BTreeMap;

/// An id and its number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amount(pub(crate) Key, pub(crate) u32);

/// The number of each id met: an id counts once, wherever and however often it is met. If its numbers differ, the
/// greatest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amounts(BTreeMap<Key, u32>);

impl Amounts {
    /// All numbers together.
    pub(crate) fn total(&self) -> u64 {
        self.0.values().map(|amount| u64::from(*amount)).sum()
    }

    fn enter(&mut self, id: &Key, amount: u32) {
        match self.0.get_mut(id) {
            Some(known) => *known = amount.max(*known),
            None => _ = self.0.insert(id.clone(), amount),
        }
    }
}

impl Value for Amount {
    fn number(&self) -> Option<f64> {
        Some(f64::from(self.1))
    }
}

impl Summary<Amount> for Amounts {
    fn update(&mut self, Amount(id, amount): &Amount, times: u64) -> Result<(), Overflow> {
        if times > 0 {
            self.enter(id, *amount);
        }
        Ok(())
    }
}

impl Mergeable for Amounts {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        other.0.iter().for_each(|(id, amount)| self.enter(id, *amount));
        Ok(())
    }
}

impl Encode for Amounts {
    fn encode(&self, out: &mut Writer) {
        out.count(self.0.len() as u64);
        for (id, amount) in &self.0 {
            out.key(id);
            out.count(u64::from(*amount));
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut amounts = BTreeMap::new();
        for _ in 0..bytes.len()? {
            let id = bytes.key()?;
            if amounts.last_key_value().is_some_and(|(last, _)| *last >= id) {
                return Err(Error::corrupt("the ids in the state are not in order"));
            }
            let amount = u32::try_from(bytes.count()?);
            amounts.insert(id, amount.map_err(|_| Error::corrupt("an amount in the state is too large"))?);
        }
        Ok(Self(amounts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<(i8, u32)>, b: Vec<(i8, u32)>, c: Vec<(i8, u32)>) {
            let amounts = |v: &[(i8, u32)]| -> Vec<Amount> {
                v.iter().map(|(id, amount)| Amount(Key::from(i64::from(*id)), *amount)).collect()
            };
            crate::summary::laws::hold::<Amount, Amounts>(&amounts(&a), &amounts(&b), &amounts(&c));
        }
    }

    #[test]
    fn an_id_counts_once() {
        let mut amounts = Amounts::default();
        for (id, amount) in [("x", 4), ("y", 2), ("x", 4)] {
            amounts.update(&Amount(Key::from(id), amount), 1).unwrap();
        }
        assert_eq!(amounts.total(), 6);
    }
}
