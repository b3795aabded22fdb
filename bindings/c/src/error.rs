//! The error object.

use crate::guard::{Failure, read};
use crate::status::Status;
use std::ffi::{CString, c_char};
use std::ptr::null;

/// What went wrong in one call. It belongs to the caller, who frees it with `tenure_error_free`.
pub struct Error {
    pub(crate) status: Status,
    pub(crate) message: CString,
    table: Option<CString>,
    column: Option<CString>,
    row: Option<u64>,
}

/// A text for C; a NUL inside becomes a blank.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

impl Error {
    pub(crate) fn new(failure: &Failure) -> Self {
        let plain = |status: Status, message: &str| Self {
            status,
            message: c_text(message),
            table: None,
            column: None,
            row: None,
        };
        match failure {
            Failure::Refused(error) => Self {
                table: error.at().table.as_deref().map(c_text),
                column: error.at().column.as_deref().map(c_text),
                row: error.at().row,
                ..plain(Status::of(error.kind()), error.message())
            },
            Failure::Misuse(status, message) => plain(*status, message),
            Failure::Panicked(message) => plain(Status::Panic, message),
        }
    }
}

/// Which status did the call return? NULL is no error: `TENURE_STATUS_OK`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_status(error: Option<&Error>) -> Status {
    read(Status::Internal, || error.map_or(Status::Ok, |error| error.status))
}

/// What kind of error is it? The name of its status, the same in every language: `missing_column`. The text lives
/// as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_kind(error: Option<&Error>) -> *const c_char {
    read(c"unknown_status".as_ptr(), || error.map_or(Status::Ok, |error| error.status).name().as_ptr())
}

/// What was wrong, where, and what was expected? The text belongs to the error and is never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_message(error: Option<&Error>) -> *const c_char {
    read(c"".as_ptr(), || error.map_or(c"", |error| &error.message).as_ptr())
}

/// In which table? NULL if the error is not about one. The text belongs to the error.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_table(error: Option<&Error>) -> *const c_char {
    read(null(), || error.and_then(|error| error.table.as_ref()).map_or(null(), |text| text.as_ptr()))
}

/// In which column? NULL if the error is not about one. The text belongs to the error.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_column(error: Option<&Error>) -> *const c_char {
    read(null(), || error.and_then(|error| error.column.as_ref()).map_or(null(), |text| text.as_ptr()))
}

/// In which row, counted from 0? -1 if the error is not about one.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_row(error: Option<&Error>) -> i64 {
    read(-1, || error.and_then(|error| error.row).and_then(|row| i64::try_from(row).ok()).unwrap_or(-1))
}

/// Frees an error. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_error_free(error: Option<Box<Error>>) {
    read((), || drop(error));
}
