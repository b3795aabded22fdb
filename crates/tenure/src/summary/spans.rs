//! Stretches of time: all that any of several covers.

use super::{Encode, Mergeable, Overflow};
use crate::error::{Error, Result};
use crate::scope::Micros;
use crate::state::{Reader, Writer};
use std::collections::BTreeMap;

/// The time that any of the stretches taken in covers: exact, as large as there are stretches that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spans {
    /// Ends by starts. No two touch, so that equal times are equal spans.
    ends: BTreeMap<Micros, Micros>,
}

impl Spans {
    /// Takes in `[from, to)`.
    pub(crate) fn insert(&mut self, (mut from, mut to): (Micros, Micros)) {
        if from >= to {
            return;
        }
        // Those that it touches are the last ones that begin before it ends.
        while let Some((start, end)) = self.ends.range(..=to).next_back().map(|(start, end)| (*start, *end))
            && end >= from
        {
            self.ends.remove(&start);
            (from, to) = (from.min(start), to.max(end));
        }
        self.ends.insert(from, to);
    }

    /// All that either covers.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let mut union = self.clone();
        other.ends.iter().for_each(|(from, to)| union.insert((*from, *to)));
        union
    }

    /// How much time that is.
    pub(crate) fn length(&self) -> i128 {
        self.ends.iter().map(|(from, to)| i128::from(*to) - i128::from(*from)).sum()
    }
}

impl Mergeable for Spans {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        *self = self.union(other);
        Ok(())
    }
}

impl Encode for Spans {
    fn encode(&self, out: &mut Writer) {
        out.count(self.ends.len() as u64);
        // Differences of what is in order are small.
        let mut before = 0;
        for bound in self.ends.iter().flat_map(|(from, to)| [*from, *to]).map(i128::from) {
            out.wide(bound - before);
            before = bound;
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let corrupt = || Error::corrupt("the stretches of time in the state are not in order");
        let mut ends = BTreeMap::new();
        let mut last: Option<Micros> = None;
        for _ in 0..bytes.len()? {
            let mut bound = || -> Result<Micros> {
                let next = i128::from(last.unwrap_or(0)).checked_add(bytes.wide()?);
                let next = next.and_then(|next| Micros::try_from(next).ok());
                let next = next.filter(|next| last.is_none_or(|last| last < *next)).ok_or_else(corrupt)?;
                last = Some(next);
                Ok(next)
            };
            ends.insert(bound()?, bound()?);
        }
        Ok(Self { ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(of: &[(Micros, Micros)]) -> Spans {
        let mut spans = Spans::default();
        for span in of {
            spans.insert(*span);
        }
        spans
    }

    #[test]
    fn what_touches_is_one() {
        let expected = spans(&[(0, 10), (20, 30)]);
        assert_eq!(spans(&[(20, 25), (0, 5), (25, 30), (4, 10), (6, 7), (8, 8)]), expected);
        assert_eq!((expected.ends.len(), expected.length()), (2, 20));
        assert_eq!(spans(&[(0, 10), (20, 30), (40, 50), (5, 45)]), spans(&[(0, 50)]));
        assert_eq!(spans(&[(Micros::MIN, Micros::MAX)]).length(), (1 << 64) - 1);
    }

    #[test]
    fn spans_in_disorder_are_corrupt() {
        for bounds in [&[5, 5][..], &[5, 3], &[0, 5, 5, 7], &[0, 5, 3, 7]] {
            let mut out = Writer::default();
            out.count(bounds.len() as u64 / 2);
            let mut before = 0;
            for bound in bounds {
                out.wide(bound - before);
                before = *bound;
            }
            assert!(Spans::decode(&mut Reader::new(&out.into_bytes())).is_err(), "{bounds:?}");
        }
    }
}
