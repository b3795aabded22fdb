//! Business time, usable alone.

use crate::error::Error;
use crate::guard::{guard, read};
use crate::pointer::given;
use crate::status::Status;
use std::mem::MaybeUninit;
use tenure_core::calendar;

/// When a schedule is open. Several threads may ask it at once. It belongs to the caller, who frees it with
/// `tenure_open_hours_free`.
pub struct OpenHours {
    pub(crate) hours: calendar::OpenHours,
}

/// How much open time lies in `[start, end)`? All in microseconds, instants since 1970-01-01 UTC. 0 where `end` is not
/// after `start`.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_open_hours_elapsed(
    hours: Option<&OpenHours>,
    start: i64,
    end: i64,
    elapsed: Option<&mut MaybeUninit<i64>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let hours = given(hours, "hours")?;
        given(elapsed, "elapsed")?.write(hours.hours.elapsed(start, end));
        Ok(())
    })
}

/// At which instant is a target of open microseconds, counted from `start`, used up? `reached` is false, and `at` is 0,
/// if the schedule ends before that.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_open_hours_at(
    hours: Option<&OpenHours>,
    start: i64,
    target: i64,
    at: Option<&mut MaybeUninit<i64>>,
    reached: Option<&mut MaybeUninit<bool>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let (hours, at, reached) = (given(hours, "hours")?, given(at, "at")?, given(reached, "reached")?);
        let found = hours.hours.at(start, target);
        at.write(found.unwrap_or(0));
        reached.write(found.is_some());
        Ok(())
    })
}

/// Frees open hours. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_open_hours_free(hours: Option<Box<OpenHours>>) {
    read((), || drop(hours));
}
