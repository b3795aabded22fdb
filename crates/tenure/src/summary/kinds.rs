//! How many of each of many kinds, of which most occur nowhere: the stages of a lifecycle.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::measure::Value;
use crate::state::{Reader, Writer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A unit of a kind. Kinds are numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) number: u8,
    pub(crate) name: Arc<str>,
}

/// How many units of each kind were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(BTreeMap<u8, u64>);

impl Kinds {
    /// How many units there are of a kind.
    pub(crate) fn count(&self, kind: u8) -> u64 {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// How many units there are.
    pub(crate) fn total(&self) -> u64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    fn add(&mut self, kind: u8, times: u64) -> Result<(), Overflow> {
        let count = self.0.entry(kind).or_default();
        *count = count.checked_add(times).ok_or(Overflow)?;
        Ok(())
    }
}

impl Value for Kind {
    fn number(&self) -> Option<f64> {
        None
    }

    fn label(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Summary<Kind> for Kinds {
    fn update(&mut self, kind: &Kind, times: u64) -> Result<(), Overflow> {
        if times == 0 { Ok(()) } else { self.add(kind.number, times) }
    }
}

impl Mergeable for Kinds {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        other.0.iter().try_for_each(|(kind, count)| self.add(*kind, *count))
    }
}

impl Encode for Kinds {
    fn encode(&self, out: &mut Writer) {
        out.count(self.0.len() as u64);
        for (kind, count) in &self.0 {
            out.count(u64::from(*kind));
            out.count(*count);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut kinds = BTreeMap::new();
        for _ in 0..bytes.len()? {
            let kind =
                u8::try_from(bytes.count()?).map_err(|_| Error::corrupt("a kind in the state is none"))?;
            let count = bytes.count()?;
            if count == 0 || kinds.last_key_value().is_some_and(|(last, _)| *last >= kind) {
                return Err(Error::corrupt("the kinds in the state are not in order"));
            }
            kinds.insert(kind, count);
        }
        Ok(Self(kinds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<u8>, b: Vec<u8>, c: Vec<u8>) {
            let kinds = |numbers: &[u8]| -> Vec<Kind> {
                numbers.iter().map(|number| Kind { number: number % 5, name: "stage".into() }).collect()
            };
            crate::summary::laws::hold::<Kind, Kinds>(&kinds(&a), &kinds(&b), &kinds(&c));
        }
    }
}
