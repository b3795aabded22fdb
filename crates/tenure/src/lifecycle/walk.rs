//! What statements about where customers are make of their journeys: the one place where this is decided.
//!
//! A statement says that at an instant somebody is in a stage, or is paused or not, or both. It is about a state and not
//! a change: repeating it changes nothing, so that nightly snapshots and logs of changes tell the same journey.

use super::model::{Lifecycle, StageCode};
use crate::scope::Micros;

/// The stays of journeys, one journey after the other.
#[derive(Default)]
pub(crate) struct Stays {
    all: Vec<Compact>,
    pauses: Vec<Pause>,
    /// Where the stays of the journey being told begin.
    begin: usize,
}

/// One stay. It ends where the next one of its journey begins, and so do its pauses.
#[derive(Clone, Copy)]
struct Compact {
    entered: Micros,
    /// The statement that it began with.
    row: u32,
    first_pause: u32,
    stage: StageCode,
    /// Whether the lifecycle has the move that led here.
    allowed: bool,
}

/// A stretch of time in which the clock of a stay stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pause {
    from: Micros,
    /// [`OPEN`] while it lasts, or up to the end of its stay.
    to: Micros,
}

const OPEN: Micros = Micros::MAX;

/// Why a statement cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A pause before there is any stage.
    NoStage,
    /// The lifecycle does not have the move, and what it does not have is refused.
    Impossible { from: StageCode },
}

impl Stays {
    /// How many stays all journeys have so far.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Begins the next journey.
    pub(crate) fn begin(&mut self) {
        self.begin = self.all.len();
    }

    /// The stage that the journey is in.
    pub(super) fn stage(&self) -> Option<StageCode> {
        self.all.get(self.begin..).and_then(<[_]>::last).map(|stay| stay.stage)
    }

    /// Takes in a statement about the journey; they come in order of time.
    pub(crate) fn tell(
        &mut self,
        lifecycle: &Lifecycle,
        (at, row): (Micros, u32),
        stage: Option<StageCode>,
        paused: Option<bool>,
        refuses: bool,
    ) -> Result<(), Refusal> {
        let now = self.stage();
        if let Some(stage) = stage
            && now != Some(stage)
        {
            let allowed = now.is_none_or(|from| lifecycle.allows_code(from, stage));
            if let (false, true, Some(from)) = (allowed, refuses, now) {
                return Err(Refusal::Impossible { from });
            }
            let first_pause = u32::try_from(self.pauses.len()).unwrap_or(u32::MAX);
            self.all.push(Compact { entered: at, row, first_pause, stage, allowed });
        } else if now.is_none() {
            return Err(Refusal::NoStage);
        }
        if let Some(paused) = paused {
            let first = self.all.last().map_or(0, |stay| stay.first_pause as usize);
            let open =
                self.pauses.get_mut(first..).and_then(<[_]>::last_mut).filter(|pause| pause.to == OPEN);
            match (open, paused) {
                (Some(pause), false) => pause.to = at,
                (None, true) => self.pauses.push(Pause { from: at, to: OPEN }),
                _ => {}
            }
        }
        Ok(())
    }

    /// The stay of a number, in a journey whose stays end before `end`.
    #[inline]
    pub(crate) fn spell(&self, number: usize, end: usize) -> Option<Spell<'_>> {
        let stay = self.all.get(number)?;
        let next = self.all.get(number + 1);
        let last_pause = next.map_or(self.pauses.len(), |next| next.first_pause as usize);
        let pauses = self.pauses.get(stay.first_pause as usize..last_pause).unwrap_or_default();
        Some(Spell { stay, next: next.filter(|_| number + 1 < end), pauses })
    }

    /// How many of some stays began by an instant.
    #[inline]
    pub(crate) fn known(&self, stays: std::ops::Range<usize>, as_of: Micros) -> usize {
        let of = self.all.get(stays).unwrap_or_default();
        match of.last() {
            Some(last) if last.entered > as_of => of.partition_point(|stay| stay.entered <= as_of),
            _ => of.len(),
        }
    }
}

/// One stay of a journey, looked at.
#[derive(Clone, Copy)]
pub(crate) struct Spell<'s> {
    stay: &'s Compact,
    /// The one that follows, if it is known.
    next: Option<&'s Compact>,
    pauses: &'s [Pause],
}

impl Spell<'_> {
    pub(crate) fn stage(&self) -> StageCode {
        self.stay.stage
    }

    pub(crate) fn entered(&self) -> Micros {
        self.stay.entered
    }

    /// The statement that it began with.
    pub(crate) fn row(&self) -> u32 {
        self.stay.row
    }

    /// Whether the lifecycle has the move that led here.
    pub(crate) fn is_allowed(&self) -> bool {
        self.stay.allowed
    }

    pub(crate) fn left(&self) -> Option<Micros> {
        self.next.map(|next| next.entered)
    }

    /// The stage that follows.
    pub(crate) fn next_stage(&self) -> Option<StageCode> {
        self.next.map(|next| next.stage)
    }

    /// The pauses that began by an instant; each up to its end, if that is known then, else up to the end of the stay.
    pub(crate) fn pauses(&self, as_of: Micros) -> impl Iterator<Item = (Micros, Option<Micros>)> {
        let known = self.pauses.iter().take_while(move |pause| pause.from <= as_of);
        let left = self.left();
        known.map(move |pause| {
            let to = if pause.to == OPEN { left } else { Some(pause.to) };
            (pause.from, to.filter(|to| *to <= as_of))
        })
    }

    /// How much of it up to an instant was paused.
    pub(crate) fn paused(&self, at: Micros) -> Micros {
        let end = self.left().map_or(at, |left| left.min(at));
        self.pauses(end)
            .map(|(from, to)| to.unwrap_or(end).saturating_sub(from))
            .fold(0, Micros::saturating_add)
    }

    /// Whether it is paused at an instant.
    pub(crate) fn is_paused(&self, at: Micros) -> bool {
        let is_open = |(from, to): (Micros, Option<Micros>)| from <= at && to.is_none();
        self.left().is_none_or(|left| at < left) && self.pauses(at).any(is_open)
    }

    /// How long it lasted up to an instant, without its pauses if these stop the clock.
    #[inline]
    pub(crate) fn elapsed(&self, at: Micros, pauses_stop: bool) -> Micros {
        let end = self.left().map_or(at, |left| left.min(at));
        // A journey that is told event by event takes any instants.
        let whole = end.saturating_sub(self.stay.entered);
        if pauses_stop && !self.pauses.is_empty() { whole.saturating_sub(self.paused(at)) } else { whole }
    }
}
