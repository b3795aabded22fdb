//! The one place where errors of the core become Python exceptions.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use tenure::{Error, ErrorKind};

/// The function of `tenure.errors` that knows which class belongs to which kind.
static RAISE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The exception that an error is in Python: its class follows from the kind.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let make =
        RAISE.get_or_try_init(py, || py.import("tenure.errors")?.getattr("of_kind").map(Bound::unbind));
    let at = error.at();
    let exception = make.and_then(|make| {
        make.bind(py).call1((error.kind().name(), error.message(), &at.table, &at.column, at.row))
    });
    match exception {
        Ok(exception) => PyErr::from_value(exception),
        Err(failed) => failed,
    }
}

/// Turns results of the core into results of Python.
pub(crate) trait OrRaise<T> {
    /// The value, or the exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for tenure::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| raised(py, &error))
    }
}

/// An error about the type of what came from Python.
pub(crate) fn wrong_type(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::WrongType, message)
}

/// An error about a request.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}
