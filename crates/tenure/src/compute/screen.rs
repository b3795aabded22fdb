//! Screens: rows told apart by the value of one column.

use crate::column::{Column, Reading};
use crate::key::{Coder, Key};

/// Tells which rows pass, by their value in a column. Each distinct value is judged once.
pub(super) struct Screen {
    passes: Box<dyn Fn(Reading<'_>) -> bool>,
    coder: Coder,
    /// The verdict on each code.
    verdicts: Vec<bool>,
    codes: Vec<u32>,
}

impl Screen {
    pub(super) fn new(passes: impl Fn(Reading<'_>) -> bool + 'static) -> Self {
        Self { passes: Box::new(passes), coder: Coder::default(), verdicts: Vec::new(), codes: Vec::new() }
    }

    /// Clears `keep` for the rows from `from` on that do not pass; `chunk` names the chunk that the column is of.
    pub(super) fn block(&mut self, column: &Column<'_>, chunk: usize, from: usize, keep: &mut [bool]) {
        let Self { passes, coder, verdicts, codes } = self;
        codes.resize(keep.len(), 0);
        coder.block(column, chunk, from, codes);
        verdicts.extend(coder.keys().iter().skip(verdicts.len()).map(Key::reading).map(passes));
        for (keep, code) in keep.iter_mut().zip(codes) {
            *keep &= verdicts.get(*code as usize).copied().unwrap_or(false);
        }
    }
}
