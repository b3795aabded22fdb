//! How often something happened, and when first.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::scope::Micros;
use crate::state::{Reader, Writer};

/// Of all units: to how many something happened, and when to the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Occurrences {
    pub(crate) count: u64,
    pub(crate) first: Option<Micros>,
}

/// A value that says whether something happened to its unit.
pub(crate) trait Occurs {
    /// When it happened.
    fn occurred_at(&self) -> Option<Micros>;
}

impl<V: Occurs> Summary<V> for Occurrences {
    fn update(&mut self, value: &V, times: u64) -> Result<(), Overflow> {
        let first = value.occurred_at().filter(|_| times > 0);
        self.merge(&Self { count: if first.is_some() { times } else { 0 }, first })
    }
}

impl Mergeable for Occurrences {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.count = self.count.checked_add(other.count).ok_or(Overflow)?;
        self.first = self.first.into_iter().chain(other.first).min();
        Ok(())
    }
}

impl Encode for Occurrences {
    fn encode(&self, out: &mut Writer) {
        out.count(self.count);
        // What never happened has no first time.
        self.first.into_iter().for_each(|first| out.wide(i128::from(first)));
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let count = bytes.count()?;
        let first = if count > 0 { Some(bytes.wide()?) } else { None };
        let first = first.map(Micros::try_from).transpose();
        Ok(Self { count, first: first.map_err(|_| Error::corrupt("a time in the state is too large"))? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone)]
    struct Maybe(Option<Micros>);

    impl Occurs for Maybe {
        fn occurred_at(&self) -> Option<Micros> {
            self.0
        }
    }

    proptest! {
        #[test]
        fn laws(a: Vec<Option<i64>>, b: Vec<Option<i64>>, c: Vec<Option<i64>>) {
            let maybe = |v: &[Option<i64>]| v.iter().copied().map(Maybe).collect::<Vec<_>>();
            crate::summary::laws::hold::<Maybe, Occurrences>(&maybe(&a), &maybe(&b), &maybe(&c));
        }
    }

    #[test]
    fn the_first_counts_whatever_the_order() {
        let mut occurrences = Occurrences::default();
        for (at, times) in [(Some(7), 1), (None, 5), (Some(3), 2), (Some(1), 0)] {
            occurrences.update(&Maybe(at), times).unwrap();
        }
        assert_eq!(occurrences, Occurrences { count: 3, first: Some(3) });
    }
}
