//! One customer's way through a lifecycle, told event by event.

use super::model::{Lifecycle, StageCode};
use super::state::{Edges, LifecycleState};
use super::walk::{Refusal, Spell, Stays};
use crate::error::{Error, quoted, suggest};
use crate::scope::{Micros, format_instant};
use chrono_tz::Tz::UTC;
use serde::Serialize;

/// One customer's way through a lifecycle. Instants are microseconds since 1970-01-01 UTC, and come in order.
///
/// Telling the present stage again changes nothing, nor does pausing what is paused.
pub struct Journey {
    lifecycle: Lifecycle,
    stays: Stays,
    last: Option<Micros>,
}

/// A time in one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stay {
    /// The stage.
    pub stage: String,
    /// When it began.
    pub entered: Micros,
    /// When it ended, if it has.
    pub left: Option<Micros>,
    /// Whether the lifecycle has the move that led here.
    pub allowed: bool,
    /// Its pauses.
    pub pauses: Vec<Pause>,
}

/// A time in which the clock stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Pause {
    /// When it began.
    pub from: Micros,
    /// When it ended, if it has; at the latest with its stay.
    pub to: Option<Micros>,
}

/// Why an event cannot be. The journey is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JourneyError {
    /// The lifecycle has no such stage.
    #[error("lifecycle \"{lifecycle}\" has no stage {}{hint}", quoted(.stage))]
    UnknownStage {
        /// The name given.
        stage: String,
        /// The lifecycle's name.
        lifecycle: String,
        /// What may be meant.
        hint: String,
    },
    /// The lifecycle does not have the move.
    #[error("\"{from}\" -> \"{to}\" is no move of lifecycle \"{lifecycle}\"; from \"{from}\": {}", .allowed.join(", "))]
    NotAllowed {
        /// The present stage.
        from: String,
        /// The stage asked for.
        to: String,
        /// The stages that may follow.
        allowed: Vec<String>,
        /// The lifecycle's name.
        lifecycle: String,
    },
    /// Something later was told before.
    #[error("an event at {} after one at {}: events come in order of time", format_instant(*.at, UTC), format_instant(*.last, UTC))]
    Earlier {
        /// The instant given.
        at: Micros,
        /// The latest so far.
        last: Micros,
    },
    /// A pause before there is any stage.
    #[error("the journey has not begun: there is no stage to pause")]
    NotBegun,
}

impl From<JourneyError> for Error {
    fn from(error: JourneyError) -> Self {
        Error::invalid(error.to_string())
    }
}

impl Journey {
    pub(super) fn new(lifecycle: Lifecycle) -> Self {
        Self { lifecycle, stays: Stays::default(), last: None }
    }

    /// Enters a stage; a move that the lifecycle does not have is an error that says which it has.
    pub fn enter(&mut self, stage: impl AsRef<str>, at: Micros) -> Result<(), JourneyError> {
        let code = self.find(stage.as_ref())?;
        self.tell(at, Some(code), None, true)
    }

    /// Enters a stage, whether or not the lifecycle has the move: what a CRM says happened. The stay tells whether it has.
    pub fn record(&mut self, stage: impl AsRef<str>, at: Micros) -> Result<(), JourneyError> {
        let code = self.find(stage.as_ref())?;
        self.tell(at, Some(code), None, false)
    }

    /// Stops the clock of the present stage.
    pub fn pause(&mut self, at: Micros) -> Result<(), JourneyError> {
        self.tell(at, None, Some(true), true)
    }

    /// Lets it run again.
    pub fn resume(&mut self, at: Micros) -> Result<(), JourneyError> {
        self.tell(at, None, Some(false), true)
    }

    /// The present stage.
    pub fn stage(&self) -> Option<&str> {
        self.stays.stage().map(|code| self.lifecycle.name_of(code))
    }

    /// The stages that may follow now: from the present one, or all before the journey began.
    pub fn allowed(&self) -> Vec<&str> {
        match self.stays.stage() {
            Some(code) => {
                self.lifecycle.next(code).iter().map(|next| self.lifecycle.name_of(*next)).collect()
            }
            None => self.lifecycle.names().collect(),
        }
    }

    /// How the customer was doing at an instant; nothing before the journey began.
    pub fn state(&self, at: Micros) -> Option<LifecycleState> {
        let stay = self.at(at)?;
        Some(LifecycleState::of(&self.lifecycle, &stay, at, stay.elapsed(at, true), true, Edges::Inclusive))
    }

    /// How long the customer had been in the stage of an instant, without pauses.
    pub fn elapsed(&self, at: Micros) -> Option<Micros> {
        self.at(at).map(|stay| stay.elapsed(at, true))
    }

    /// The stays so far, in order.
    pub fn stays(&self) -> Vec<Stay> {
        let end = self.stays.len();
        let stay = |spell: Spell<'_>| Stay {
            stage: self.lifecycle.name_of(spell.stage()).to_owned(),
            entered: spell.entered(),
            left: spell.left(),
            allowed: spell.is_allowed(),
            pauses: spell.pauses(Micros::MAX).map(|(from, to)| Pause { from, to }).collect(),
        };
        (0..end).filter_map(|number| self.stays.spell(number, end)).map(stay).collect()
    }

    fn at(&self, at: Micros) -> Option<Spell<'_>> {
        let end = self.stays.known(0..self.stays.len(), at);
        self.stays.spell(end.checked_sub(1)?, end)
    }

    fn find(&self, stage: &str) -> Result<StageCode, JourneyError> {
        self.lifecycle.code(stage).ok_or_else(|| JourneyError::UnknownStage {
            stage: stage.to_owned(),
            lifecycle: self.lifecycle.name().to_owned(),
            hint: suggest(stage, self.lifecycle.names()),
        })
    }

    fn tell(
        &mut self,
        at: Micros,
        stage: Option<StageCode>,
        paused: Option<bool>,
        refuses: bool,
    ) -> Result<(), JourneyError> {
        if let Some(last) = self.last.filter(|last| at < *last) {
            return Err(JourneyError::Earlier { at, last });
        }
        let name = |code: StageCode| self.lifecycle.name_of(code).to_owned();
        self.stays.tell(&self.lifecycle, (at, 0), stage, paused, refuses).map_err(
            |refusal| match refusal {
                Refusal::NoStage => JourneyError::NotBegun,
                Refusal::Impossible { from } => JourneyError::NotAllowed {
                    from: name(from),
                    to: stage.map_or_else(String::new, name),
                    allowed: self.lifecycle.next(from).iter().map(|next| name(*next)).collect(),
                    lifecycle: self.lifecycle.name().to_owned(),
                },
            },
        )?;
        self.last = Some(at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Micros = 86_400_000_000;

    #[test]
    fn a_journey_is_told_event_by_event() {
        let mut journey = Lifecycle::subscription().journey();
        assert_eq!((journey.stage(), journey.state(0)), (None, None));
        assert_eq!(journey.pause(0), Err(JourneyError::NotBegun));
        journey.enter("Trial", DAY).unwrap();
        journey.enter("trial", 2 * DAY).unwrap();
        journey.pause(3 * DAY).unwrap();
        journey.pause(4 * DAY).unwrap();
        assert_eq!(journey.state(5 * DAY), Some(LifecycleState::Paused));
        journey.resume(13 * DAY).unwrap();
        // 2 days before the pause, 12 after it: exactly the 14 that are expected.
        assert_eq!(journey.elapsed(25 * DAY), Some(14 * DAY));
        assert_eq!(journey.state(25 * DAY), Some(LifecycleState::OnTrack));
        assert_eq!(journey.state(25 * DAY + 1), Some(LifecycleState::Behind));
        assert_eq!(journey.state(41 * DAY + 1), Some(LifecycleState::Stuck));
        // What came before is as it was.
        assert_eq!(journey.state(DAY - 1), None);
        assert_eq!(journey.stays().len(), 1);
        journey.enter("churned", 42 * DAY).unwrap();
        assert_eq!(journey.state(50 * DAY), Some(LifecycleState::Churned));
        assert_eq!(journey.allowed(), ["won_back"]);
        assert_eq!(journey.stays()[0].left, Some(42 * DAY));
    }

    #[test]
    fn an_error_leaves_the_journey_as_it_was() {
        let mut journey = Lifecycle::subscription().journey();
        journey.enter("trial", DAY).unwrap();
        assert!(matches!(journey.enter("renewal", 2 * DAY), Err(JourneyError::NotAllowed { .. })));
        assert!(matches!(journey.enter("adoption", 0), Err(JourneyError::Earlier { .. })));
        let error = journey.enter("onbording", 2 * DAY).unwrap_err();
        assert!(error.to_string().contains("\"onboarding\""), "{error}");
        assert_eq!((journey.stage(), journey.stays().len()), (Some("trial"), 1));
        // A CRM may say that it happened all the same.
        journey.record("renewal", 2 * DAY).unwrap();
        assert!(!journey.stays()[1].allowed);
    }
}
