//! Work on columns happens without the interpreter lock, so that other threads run meanwhile.

use crate::error::OrRaise;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tenure::{Error, ErrorKind};

/// Runs work of the core without the interpreter lock.
///
/// A panic in it would be a defect of this library. It becomes an `InternalError`, because the exception that
/// pyo3 would raise for it is no `Exception` and ends programs that guard themselves with `except Exception`.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    work: impl FnOnce() -> tenure::Result<T> + Send,
) -> PyResult<T> {
    let result = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    let result = result.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Err(Error::new(ErrorKind::Internal, format!("a defect of tenure: {text}")))
    });
    result.or_raise(py)
}
