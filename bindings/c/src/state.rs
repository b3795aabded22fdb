//! States: what a computation remembers, to be merged across threads, machines and languages.

use crate::buffer::Buffer;
use crate::error::Error;
use crate::guard::{guard, read};
use crate::pointer::{give, given, values};
use crate::result::ResultTable;
use crate::status::Status;
use std::ffi::c_char;
use std::mem::MaybeUninit;

/// What a computation remembers: exact, mergeable in any order, serialisable. It belongs to the caller, who frees
/// it with `tenure_state_free`. One thread at a time; different states are independent.
pub struct State {
    pub(crate) state: tenure_core::State,
}

/// Takes `other` into `state`; in any order the result is the same to the last bit. `other` stays as it is. States
/// of different requests are `TENURE_STATUS_STATE_MISMATCH`, and on an error `state` is as it was. The two may be
/// one: everything then counts twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_state_merge(
    state: *mut State,
    other: *const State,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        // A copy, because `state` may be the same.
        // SAFETY: by the rules in tenure.h NULL or a handle.
        let other = given(unsafe { other.as_ref() }, "other")?.state.clone();
        // SAFETY: as above, and nothing else refers to it now.
        let state = given(unsafe { state.as_mut() }, "state")?;
        state.state.merge(&other)?;
        Ok(())
    })
}

/// What is the answer? The state stays as it is and may be merged and finished again. The caller frees the result.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_state_finish(
    state: Option<&State>,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (state, result) = (given(state, "state")?, given(result, "result")?);
        give(result, ResultTable::of_outcomes(&state.state.finish()?)?);
        Ok(())
    })
}

/// How is the state stored or sent? As versioned bytes with a checksum, which every language reads. Equal states
/// give equal bytes. The caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_state_encode(
    state: Option<&State>,
    bytes: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (state, bytes) = (given(state, "state")?, given(bytes, "bytes")?);
        give(bytes, Buffer::new(state.state.encode()));
        Ok(())
    })
}

/// Which state do these bytes hold? Foreign or damaged bytes are `TENURE_STATUS_CORRUPT_STATE`. The bytes are
/// copied; the caller frees the state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_state_decode(
    bytes: *const c_char,
    len: usize,
    state: Option<&mut MaybeUninit<*mut State>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let state = given(state, "state")?;
        // SAFETY: the rules for pointers in tenure.h.
        let bytes = unsafe { values(bytes.cast::<u8>(), len, "bytes") }?;
        give(state, State { state: tenure_core::State::decode(bytes)? });
        Ok(())
    })
}

/// Copies a state. The caller frees the copy.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_state_clone(
    state: Option<&State>,
    copy: Option<&mut MaybeUninit<*mut State>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (state, copy) = (given(state, "state")?, given(copy, "copy")?);
        give(copy, State { state: state.state.clone() });
        Ok(())
    })
}

/// Frees a state. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_state_free(state: Option<Box<State>>) {
    read((), || drop(state));
}
