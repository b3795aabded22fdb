//! Parts of wholes: on how many days of how many somebody was there.

use super::{Encode, Integers, Mergeable, Overflow, Summary};
use crate::error::Result;
use crate::state::{Reader, Writer};

/// So much of so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) part: i64,
    pub(crate) of: i64,
}

/// The sums of parts and of wholes, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Portions {
    pub(crate) part: i128,
    pub(crate) of: i128,
}

impl crate::measure::Value for Portion {
    fn number(&self) -> Option<f64> {
        Some(self.part as f64)
    }
}

impl Summary<Portion> for Portions {
    fn update(&mut self, portion: &Portion, times: u64) -> Result<(), Overflow> {
        let of_all = |value: i64| i128::from(value).checked_mul(i128::from(times)).ok_or(Overflow);
        self.merge(&Self { part: of_all(portion.part)?, of: of_all(portion.of)? })
    }
}

/// The parts alone.
impl Summary<Portion> for Integers {
    fn update(&mut self, portion: &Portion, times: u64) -> Result<(), Overflow> {
        self.update(&portion.part, times)
    }
}

impl Mergeable for Portions {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.part = self.part.checked_add(other.part).ok_or(Overflow)?;
        self.of = self.of.checked_add(other.of).ok_or(Overflow)?;
        Ok(())
    }
}

impl Encode for Portions {
    fn encode(&self, out: &mut Writer) {
        out.wide(self.part);
        out.wide(self.of);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { part: bytes.wide()?, of: bytes.wide()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<(i32, i32)>, b: Vec<(i32, i32)>, c: Vec<(i32, i32)>) {
            let portions = |v: &[(i32, i32)]| -> Vec<Portion> {
                v.iter().map(|(part, of)| Portion { part: (*part).into(), of: (*of).into() }).collect()
            };
            crate::summary::laws::hold::<Portion, Portions>(&portions(&a), &portions(&b), &portions(&c));
        }
    }
}
