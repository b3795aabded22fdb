//! What callers pass, as Rust sees it. A null pointer, a wrong length or text that is not UTF-8 is a failure.

use crate::guard::Failure;
use crate::status::Status;
use std::ffi::c_char;
use std::mem::MaybeUninit;

pub(crate) fn misuse(status: Status, message: impl Into<String>) -> Failure {
    Failure::Misuse(status, message.into())
}

/// A handle or output that may not be NULL.
pub(crate) fn given<T>(argument: Option<T>, name: &str) -> Result<T, Failure> {
    argument.ok_or_else(|| misuse(Status::NullArgument, format!("{name} is NULL")))
}

/// Gives a new handle to the caller.
pub(crate) fn give<T>(output: &mut MaybeUninit<*mut T>, handle: T) {
    output.write(Box::into_raw(Box::new(handle)));
}

/// `len` values behind a pointer. NULL is fine for none.
///
/// # Safety
/// A pointer that is not NULL points to `len` values that stay as they are for `'a`.
pub(crate) unsafe fn values<'a, T>(data: *const T, len: usize, name: &str) -> Result<&'a [T], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(misuse(Status::NullArgument, format!("{name} is NULL and its length is {len}")));
    }
    if !data.is_aligned() {
        return Err(misuse(Status::InvalidRequest, format!("{name} is not aligned for its type")));
    }
    if len > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(misuse(Status::OutOfRange, format!("{name} has a length of {len}")));
    }
    // SAFETY: not NULL, aligned, of a possible length, and the rest is promised by the caller.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// Text of `len` bytes.
///
/// # Safety
/// As for [`values`].
pub(crate) unsafe fn text<'a>(data: *const c_char, len: usize, name: &str) -> Result<&'a str, Failure> {
    // SAFETY: promised by the caller.
    let bytes = unsafe { values(data.cast::<u8>(), len, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        misuse(Status::InvalidUtf8, format!("{name} is not UTF-8 from byte {} on", error.valid_up_to()))
    })
}
