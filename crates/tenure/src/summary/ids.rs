//! Sets of ids, for distinct counts.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::measure::Value;
use crate::state::{Reader, Writer};
use std::collections::BTreeSet;

/// The distinct ids met: exact, and as large as they are many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids(pub(crate) BTreeSet<Key>);

impl Value for Key {
    fn number(&self) -> Option<f64> {
        Some(1.0)
    }
}

impl Summary<Key> for Ids {
    fn update(&mut self, id: &Key, times: u64) -> Result<(), Overflow> {
        if times > 0 && !self.0.contains(id) {
            self.0.insert(id.clone());
        }
        Ok(())
    }
}

impl Mergeable for Ids {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.0.extend(other.0.iter().cloned());
        Ok(())
    }
}

impl Encode for Ids {
    fn encode(&self, out: &mut Writer) {
        out.count(self.0.len() as u64);
        for id in &self.0 {
            out.key(id);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut ids = BTreeSet::new();
        for _ in 0..bytes.len()? {
            let id = bytes.key()?;
            if ids.last().is_some_and(|last| *last >= id) {
                return Err(Error::corrupt("the ids in the state are not in order"));
            }
            ids.insert(id);
        }
        Ok(Self(ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<i64>, b: Vec<i64>, c: Vec<i64>) {
            let ids = |v: &[i64]| v.iter().map(|id| Key::from(*id)).collect::<Vec<_>>();
            crate::summary::laws::hold::<Key, Ids>(&ids(&a), &ids(&b), &ids(&c));
        }
    }
}
