//! Questions about texts: a table of them in, one row of answers each out.

use crate::guard::Failure;
use crate::pointer::{misuse, text};
use crate::result::ResultTable;
use crate::status::Status;
use crate::table::Table;
use std::ffi::c_char;
use tenure_arrow::Frame;

/// Asks something of every row of a table. The answers stand beside what names the rows.
pub(crate) fn answered<A>(
    table: &Table,
    ask: impl FnOnce(&tenure_core::Table<'_>) -> tenure_core::Result<Vec<A>>,
    beside: impl FnOnce(&Frame, &[A]) -> tenure_core::Result<Frame>,
) -> Result<ResultTable, Failure> {
    let answers = ask(&table.frame.table(&table.name)?)?;
    let rows = table.frame.naming()?.in_one_batch()?;
    let batch = beside(&rows, &answers)?.batches.pop();
    batch.map(ResultTable::new).ok_or_else(|| misuse(Status::Internal, "answers without a batch"))
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
