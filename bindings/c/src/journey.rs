//! One customer's way through a lifecycle, told event by event.

use crate::buffer::Buffer;
use crate::error::{Error, c_text};
use crate::guard::{Failure, guard, read};
use crate::pointer::{give, given, text};
use crate::status::Status;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::ptr::null;
use tenure_core::lifecycle::JourneyError;

/// One customer's way through a lifecycle. Instants are microseconds since 1970-01-01 UTC, and come in order. Telling the
/// present stage again changes nothing, nor does pausing what is paused. What cannot be is
/// `TENURE_STATUS_INVALID_REQUEST`, and the journey is as it was before. It belongs to the caller, who frees it with
/// `tenure_journey_free`.
pub struct Journey {
    journey: tenure_core::lifecycle::Journey,
    stage: Option<CString>,
}

impl Journey {
    pub(crate) fn new(journey: tenure_core::lifecycle::Journey) -> Self {
        Self { journey, stage: None }
    }

    fn tell(
        &mut self,
        event: impl FnOnce(&mut tenure_core::lifecycle::Journey) -> Result<(), JourneyError>,
    ) -> Result<(), Failure> {
        event(&mut self.journey).map_err(tenure_core::Error::from)?;
        self.stage = self.journey.stage().map(c_text);
        Ok(())
    }
}

/// How a customer is doing in a stage.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifecycleState {
    /// The journey has not begun.
    None = 0,
    /// Not longer there than expected.
    OnTrack = 1,
    /// Longer than expected.
    Behind = 2,
    /// Longer than the second threshold.
    Stuck = 3,
    /// The clock stands still.
    Paused = 4,
    /// In a stage that is a good end.
    Completed = 5,
    /// In a stage that is churn.
    Churned = 6,
}

impl LifecycleState {
    fn of(state: tenure_core::LifecycleState) -> Self {
        match state {
            tenure_core::LifecycleState::OnTrack => Self::OnTrack,
            tenure_core::LifecycleState::Behind => Self::Behind,
            tenure_core::LifecycleState::Stuck => Self::Stuck,
            tenure_core::LifecycleState::Paused => Self::Paused,
            tenure_core::LifecycleState::Completed => Self::Completed,
            tenure_core::LifecycleState::Churned => Self::Churned,
            _ => Self::None,
        }
    }
}

/// Enters a stage. A move that the lifecycle does not have is an error that says which it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_journey_enter(
    journey: Option<&mut Journey>,
    stage: *const c_char,
    stage_len: usize,
    at: i64,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let journey = given(journey, "journey")?;
        // SAFETY: the rules for pointers in tenure.h.
        let stage = unsafe { text(stage, stage_len, "stage") }?;
        journey.tell(|journey| journey.enter(stage, at))
    })
}

/// Enters a stage, whether or not the lifecycle has the move: what a CRM says happened. The stay tells whether it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_journey_record(
    journey: Option<&mut Journey>,
    stage: *const c_char,
    stage_len: usize,
    at: i64,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let journey = given(journey, "journey")?;
        // SAFETY: the rules for pointers in tenure.h.
        let stage = unsafe { text(stage, stage_len, "stage") }?;
        journey.tell(|journey| journey.record(stage, at))
    })
}

/// Stops the clock of the present stage.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_journey_pause(
    journey: Option<&mut Journey>,
    at: i64,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let journey = given(journey, "journey")?;
        journey.tell(|journey| journey.pause(at))
    })
}

/// Lets it run again.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_journey_resume(
    journey: Option<&mut Journey>,
    at: i64,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let journey = given(journey, "journey")?;
        journey.tell(|journey| journey.resume(at))
    })
}

/// Which stage is the present one? NULL before the journey began. The text belongs to the journey, until it goes on.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_journey_stage(journey: Option<&Journey>) -> *const c_char {
    read(null(), || journey.and_then(|journey| journey.stage.as_ref()).map_or(null(), |stage| stage.as_ptr()))
}

/// How was the customer doing at an instant? `TENURE_LIFECYCLE_STATE_NONE` before the journey began, and for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_journey_state(journey: Option<&Journey>, at: i64) -> LifecycleState {
    read(LifecycleState::None, || {
        let state = journey.and_then(|journey| journey.journey.state(at));
        state.map_or(LifecycleState::None, LifecycleState::of)
    })
}

/// Which stays are there so far? A JSON list, in order: `{"stage": "trial", "entered": 0, "left": null, "allowed": true,
/// "pauses": [{"from": 3, "to": null}]}`. The caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_journey_stays(
    journey: Option<&Journey>,
    json: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (journey, json) = (given(journey, "journey")?, given(json, "json")?);
        give(json, Buffer::json(&journey.journey.stays())?);
        Ok(())
    })
}

/// Frees a journey. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_journey_free(journey: Option<Box<Journey>>) {
    read((), || drop(journey));
}
