//! How far the clock of a target has come: time that counts, without pauses, to the microsecond.

use crate::calendar::OpenHours;
use crate::kpi::support::stretches::stretches;
use crate::scope::Micros;
use crate::view::{Change, Status};

/// The statuses in which the clock of a target stands still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pauses(u16);

impl Pauses {
    pub(super) fn insert(&mut self, status: Status) {
        self.0 |= 1 << status as u16;
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn contains(self, status: Status) -> bool {
        self.0 & 1 << status as u16 != 0
    }
}

/// How much of a target is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Less than all of it.
    Within,
    /// All of it and no more, and since when.
    Exactly(Micros),
    /// More than all of it, and when all of it was.
    Beyond(Micros),
}

/// The stretches of `[from, to)` in which the clock runs. Before the first change nothing is known of the status, and
/// the clock runs.
pub(super) fn running(
    history: &[Change],
    span: (Micros, Micros),
    pauses: Pauses,
) -> impl Iterator<Item = (Micros, Micros)> {
    let history = if pauses.is_empty() { &[] } else { history };
    stretches(history, span, move |change| change.is_none_or(|change| !pauses.contains(change.status)))
}

/// How much of a target is used up by stretches of time, of which only open hours count if there are any.
pub(super) fn progress(
    stretches: impl Iterator<Item = (Micros, Micros)>,
    hours: Option<&OpenHours>,
    target: Micros,
) -> Progress {
    let mut left = target;
    let mut used_up = None;
    for (from, to) in stretches {
        let counted = hours.map_or(to - from, |hours| hours.elapsed(from, to));
        match used_up {
            Some(at) if counted > 0 => return Progress::Beyond(at),
            Some(_) => {}
            None if counted < left => left -= counted,
            None => {
                // As much as is left lies in this stretch, so the instant does too.
                let at = hours.map_or(Some(from + left), |hours| hours.at(from, left)).unwrap_or(to);
                if counted > left {
                    return Progress::Beyond(at);
                }
                used_up = Some(at);
            }
        }
    }
    used_up.map_or(Progress::Within, Progress::Exactly)
}
