//! The one way in: whatever happens inside an entry point, the host gets a status and goes on.

use crate::error::Error;
use crate::status::Status;
use std::any::Any;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a call fails with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library refused.
    Refused(tenure_core::Error),
    /// The caller's pointers or indexes were wrong, or there is no value.
    Misuse(Status, String),
    /// A defect.
    Panicked(String),
}

impl From<tenure_core::Error> for Failure {
    fn from(error: tenure_core::Error) -> Self {
        Failure::Refused(error)
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text").to_owned()
}

/// Runs a call. On failure, and if the caller wants to know, `error` gets a new error object.
pub(crate) fn guard(
    error: Option<&mut MaybeUninit<*mut Error>>,
    call: impl FnOnce() -> Result<(), Failure>,
) -> Status {
    // Handles are only read after a call that was refused, and every state of theirs is valid.
    let ended = catch_unwind(AssertUnwindSafe(call));
    let Err(failure) = ended.unwrap_or_else(|panic| Err(Failure::Panicked(panic_text(panic.as_ref()))))
    else {
        return Status::Ok;
    };
    let failed = Error::new(&failure);
    let status = failed.status;
    if let Some(error) = error {
        error.write(Box::into_raw(Box::new(failed)));
    }
    status
}

/// Runs a call that cannot fail; `otherwise` is what it gives should it panic all the same.
pub(crate) fn read<T>(otherwise: T, call: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    /// An entry point like all others, with a defect.
    extern "C" fn panic_entry(value: i32, error: Option<&mut MaybeUninit<*mut Error>>) -> Status {
        guard(error, || {
            assert!(value == 0, "the value is {value}");
            Ok(())
        })
    }

    #[test]
    fn a_panic_is_a_status_with_its_text() {
        let mut error = MaybeUninit::uninit();
        assert_eq!(panic_entry(7, Some(&mut error)), Status::Panic);
        // SAFETY: a failed call writes the error.
        let error = unsafe { Box::from_raw(error.assume_init()) };
        assert_eq!(error.status, Status::Panic);
        assert_eq!(error.message.as_c_str(), c"the value is 7");
        assert_eq!(panic_entry(7, None), Status::Panic);
        assert_eq!(panic_entry(0, None), Status::Ok);
    }

    #[test]
    fn a_panic_with_a_constant_text_is_told_too() {
        let mut error = MaybeUninit::uninit();
        let status = guard(Some(&mut error), || panic!("constant"));
        assert_eq!(status, Status::Panic);
        // SAFETY: as above.
        let error = unsafe { Box::from_raw(error.assume_init()) };
        assert_eq!(error.message.as_c_str(), c"constant");
        let odd = guard(None, || std::panic::panic_any(17));
        assert_eq!(odd, Status::Panic);
    }

    #[test]
    fn readers_have_a_value_to_fall_back_to() {
        assert_eq!(read(-1, || 5), 5);
        assert_eq!(
            read(c"none".as_ptr(), || -> *const std::ffi::c_char { panic!("no text") }),
            c"none".as_ptr()
        );
        assert_eq!(CStr::to_bytes(c"none").len(), 4);
    }
}
