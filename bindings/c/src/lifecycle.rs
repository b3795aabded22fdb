//! The customer lifecycle as data.

use crate::buffer::Buffer;
use crate::error::Error;
use crate::guard::{Failure, guard, read};
use crate::journey::Journey;
use crate::pointer::{give, given, text};
use crate::status::Status;
use std::ffi::c_char;
use std::mem::MaybeUninit;

/// Stages, the moves between them, and rules that tell the stage from signals. Several threads may ask it at once. It
/// belongs to the caller, who frees it with `tenure_lifecycle_free`.
pub struct Lifecycle {
    pub(crate) lifecycle: tenure_core::Lifecycle,
}

/// Gives the lifecycle that a text stands for.
///
/// # Safety
/// As for [`text`].
unsafe fn of_text(
    (data, len, name): (*const c_char, usize, &str),
    lifecycle: Option<&mut MaybeUninit<*mut Lifecycle>>,
    read: impl FnOnce(&str) -> tenure_core::Result<tenure_core::Lifecycle>,
) -> Result<(), Failure> {
    let output = given(lifecycle, "lifecycle")?;
    // SAFETY: promised by the caller.
    let lifecycle = read(unsafe { text(data, len, name) }?)?;
    give(output, Lifecycle { lifecycle });
    Ok(())
}

/// Which lifecycle does this TOML define? What cannot be is `TENURE_STATUS_INVALID_REQUEST`, and the message names the move,
/// as `"trial" -> "onbording"`, or the stage. The caller frees the lifecycle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_lifecycle_from_toml(
    toml: *const c_char,
    toml_len: usize,
    lifecycle: Option<&mut MaybeUninit<*mut Lifecycle>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        // SAFETY: the rules for pointers in tenure.h.
        unsafe { of_text((toml, toml_len, "toml"), lifecycle, tenure_core::Lifecycle::from_toml) }
    })
}

/// Which lifecycle does this JSON object define? As `tenure_lifecycle_from_toml`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_lifecycle_from_json(
    json: *const c_char,
    json_len: usize,
    lifecycle: Option<&mut MaybeUninit<*mut Lifecycle>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        // SAFETY: the rules for pointers in tenure.h.
        unsafe { of_text((json, json_len, "json"), lifecycle, tenure_core::Lifecycle::from_json) }
    })
}

/// Which built-in lifecycle has this name? `"subscription"`, that of subscription software, holds where none is named. The
/// caller frees the lifecycle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_lifecycle_named(
    name: *const c_char,
    name_len: usize,
    lifecycle: Option<&mut MaybeUninit<*mut Lifecycle>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        // SAFETY: the rules for pointers in tenure.h.
        unsafe { of_text((name, name_len, "name"), lifecycle, tenure_core::Lifecycle::named) }
    })
}

/// What is its definition? A JSON object, with names as they are compared. The caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_lifecycle_to_json(
    lifecycle: Option<&Lifecycle>,
    json: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (lifecycle, json) = (given(lifecycle, "lifecycle")?, given(json, "json")?);
        give(json, Buffer::new(lifecycle.lifecycle.to_json()));
        Ok(())
    })
}

/// May stage `following` come after `stage`?
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_lifecycle_allows(
    lifecycle: Option<&Lifecycle>,
    stage: *const c_char,
    stage_len: usize,
    following: *const c_char,
    following_len: usize,
    allows: Option<&mut MaybeUninit<bool>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (lifecycle, allows) = (given(lifecycle, "lifecycle")?, given(allows, "allows")?);
        // SAFETY: the rules for pointers in tenure.h.
        let (stage, following) =
            unsafe { (text(stage, stage_len, "stage")?, text(following, following_len, "following")?) };
        allows.write(lifecycle.lifecycle.allows(stage, following));
        Ok(())
    })
}

/// How does a journey through it begin? Nowhere: it is to be told event by event. The caller frees it with
/// `tenure_journey_free`; it does not need the lifecycle any more.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_lifecycle_journey(
    lifecycle: Option<&Lifecycle>,
    journey: Option<&mut MaybeUninit<*mut Journey>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (lifecycle, journey) = (given(lifecycle, "lifecycle")?, given(journey, "journey")?);
        give(journey, Journey::new(lifecycle.lifecycle.journey()));
        Ok(())
    })
}

/// Frees a lifecycle. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_lifecycle_free(lifecycle: Option<Box<Lifecycle>>) {
    read((), || drop(lifecycle));
}
