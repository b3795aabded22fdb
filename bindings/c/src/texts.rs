//! Questions about texts: a table of them in, one row of answers each out.

use crate::guard::Failure;
use crate::pointer::{give, given, misuse, text};
use crate::result::ResultTable;
use crate::status::Status;
use crate::table::Table;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use tenure_arrow::Frame;

/// A question as it comes in: the table to look at, where the answers go, and the options.
pub(crate) struct Question<'q, O> {
    table: &'q Table,
    result: &'q mut MaybeUninit<*mut ResultTable>,
    options: O,
}

impl<'q, O: Default> Question<'q, O> {
    /// Reads the arguments; `name` is that of the table among them.
    ///
    /// # Safety
    /// As for [`text`].
    pub(crate) unsafe fn read(
        (table, name): (Option<&'q Table>, &str),
        (options, options_len): (*const c_char, usize),
        parse: impl FnOnce(&str) -> tenure_core::Result<O>,
        result: Option<&'q mut MaybeUninit<*mut ResultTable>>,
    ) -> Result<Self, Failure> {
        let (table, result) = (given(table, name)?, given(result, "result")?);
        // SAFETY: promised by the caller.
        let options = unsafe { options_of(options, options_len, parse) }?;
        Ok(Self { table, result, options })
    }

    /// Asks something of every row. The answers stand beside what names the rows.
    pub(crate) fn answer<A>(
        self,
        ask: impl FnOnce(&tenure_core::Table<'_>, &O) -> tenure_core::Result<Vec<A>>,
        beside: impl FnOnce(&Frame, &[A]) -> tenure_core::Result<Frame>,
    ) -> Result<(), Failure> {
        let answers = ask(&self.table.frame.table(&self.table.name)?, &self.options)?;
        let rows = self.table.frame.naming()?.in_one_batch()?;
        let batch = beside(&rows, &answers)?.batches.pop();
        let batch = batch.ok_or_else(|| misuse(Status::Internal, "answers without a batch"))?;
        give(self.result, ResultTable::new(batch));
        Ok(())
    }
}

/// Options from JSON; no text at all stands for the default.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn options_of<T: Default>(
    options: *const c_char,
    options_len: usize,
    parse: impl FnOnce(&str) -> tenure_core::Result<T>,
) -> Result<T, Failure> {
    // SAFETY: promised by the caller.
    match unsafe { text(options, options_len, "options") }? {
        "" => Ok(T::default()),
        json => Ok(parse(json)?),
    }
}
