//! One row a class, of units that each are of one.

use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::policy::Choice;
use crate::summary::Counts;
use std::marker::PhantomData;

/// How many units are of each class of `C`, in the order of its choices, also where none is.
pub(super) struct ByClass<C>(PhantomData<fn() -> C>);

impl<C> ByClass<C> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<C: Choice, const N: usize> Formula<Counts<N>> for ByClass<C> {
    fn finish(&self, cells: &Cells<'_, Counts<N>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts(counts) = cell.summary;
            for ((name, _, _), count) in C::ALL.iter().zip(counts) {
                rows.push(period, &[Key::from(*name)], cell, &Answer::count(count as f64));
            }
        }
    }
}
