//! Two summaries side by side, each of values of its own.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::Result;
use crate::measure::Value;
use crate::state::{Reader, Writer};

/// What is compared, and what it is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pair<A, B>(pub(crate) A, pub(crate) B);

/// A value for one of the two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Either<V, W> {
    First(V),
    Second(W),
}

impl<V: Value, W: Value> Value for Either<V, W> {
    fn number(&self) -> Option<f64> {
        match self {
            Either::First(value) => value.number(),
            Either::Second(value) => value.number(),
        }
    }

    fn label(&self) -> Option<&str> {
        match self {
            Either::First(value) => value.label(),
            Either::Second(value) => value.label(),
        }
    }
}

impl<V, W, A: Summary<V>, B: Summary<W>> Summary<Either<V, W>> for Pair<A, B> {
    fn update(&mut self, value: &Either<V, W>, times: u64) -> Result<(), Overflow> {
        match value {
            Either::First(value) => self.0.update(value, times),
            Either::Second(value) => self.1.update(value, times),
        }
    }

    fn censor(&mut self, value: &Either<V, W>, times: u64) -> Result<(), Overflow> {
        match value {
            Either::First(value) => self.0.censor(value, times),
            Either::Second(value) => self.1.censor(value, times),
        }
    }
}

impl<A: Mergeable, B: Mergeable> Mergeable for Pair<A, B> {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.0.merge(&other.0)?;
        self.1.merge(&other.1)
    }
}

impl<A: Encode, B: Encode> Encode for Pair<A, B> {
    fn encode(&self, out: &mut Writer) {
        self.0.encode(out);
        self.1.encode(out);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        Ok(Self(A::decode(bytes)?, B::decode(bytes)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Key;
    use crate::summary::{Ids, Integers};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<(bool, i32)>, b: Vec<(bool, i32)>, c: Vec<(bool, i32)>) {
            let either = |v: &[(bool, i32)]| -> Vec<Either<Key, i64>> {
                let one = |(first, value): &(bool, i32)| match first {
                    true => Either::First(Key::from(i64::from(*value))),
                    false => Either::Second(i64::from(*value)),
                };
                v.iter().map(one).collect()
            };
            crate::summary::laws::hold::<_, Pair<Ids, Integers>>(&either(&a), &either(&b), &either(&c));
        }
    }
}
