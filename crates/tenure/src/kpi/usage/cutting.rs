//! How sessions are told apart: the choices that every KPI of sessions has.

use crate::error::{Error, Result};
use crate::measure::Reason;
use crate::policy::{Span, SpanOr, choice};
use crate::request::Scope;
use crate::scope::Micros;
use crate::view::{Cut, End, Length, Per, Session, days};

choice! {
    /// What a pause that is exactly as long as the timeout does.
    pub enum GapBoundary {
        /// The session goes on: only a longer pause ends it.
        Longer = "longer",
        /// It ends the session.
        AtLeast = "at_least",
    }
}

choice! {
    /// When a session ends that never pauses, if not after a span.
    pub enum SessionCap {
        /// With the local day in which it began.
        Midnight = "midnight",
    }
}

choice! {
    /// Whose events make a session.
    pub enum SessionsPer {
        /// A user's, on whatever device.
        User = "user",
        /// A user's on one device: who uses two at once has two sessions.
        Device = "device",
    }
}

choice! {
    /// What the ids of sessions in the column `session_id` are good for.
    pub enum SessionIds {
        /// Events of one person and one id are one session, however long they pause, until `cap` ends it; -1 is no session; rows without an id go by their pauses.
        Use = "use",
        /// Nothing: pauses alone decide.
        Ignore = "ignore",
    }
}

choice! {
    /// How long a session of a single event is.
    pub enum SingleEvent {
        /// No time at all: 0.
        Include = "include",
        /// Nobody knows: it is left out.
        Exclude = "exclude",
        /// As long as `bonus_seconds` says.
        Bonus = "bonus",
    }
}

/// How sessions are told apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cutting {
    pub(crate) timeout: Span,
    pub(crate) boundary: GapBoundary,
    pub(crate) cap: Option<SpanOr<SessionCap>>,
    pub(crate) per: SessionsPer,
    pub(crate) session_ids: SessionIds,
}

impl Cutting {
    pub(crate) fn cut(&self, scope: &Scope) -> Cut {
        Cut {
            longest_gap: match self.boundary {
                GapBoundary::Longer => self.timeout.micros(),
                GapBoundary::AtLeast => self.timeout.micros() - 1,
            },
            end: match self.cap {
                None => End::Never,
                Some(SpanOr::Span(span)) => End::After(span.micros()),
                Some(SpanOr::Rule(SessionCap::Midnight)) => End::With(days(scope)),
            },
            per: match self.per {
                SessionsPer::User => Per::Person,
                SessionsPer::Device => Per::Device,
            },
            session_ids: self.session_ids == SessionIds::Use,
            length: Length::FirstToLast,
            only_window: false,
        }
    }
}

/// What becomes of sessions of a single event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SingleEvents {
    rule: SingleEvent,
    bonus: Micros,
}

pub(crate) const SINGLE_EVENT: Reason =
    Reason::new("occurred_at", "single_event", "is that of the only event of its session");

impl SingleEvents {
    pub(crate) fn new(rule: SingleEvent, bonus_seconds: i64) -> Result<Self> {
        /// A day: nobody looks at one screen for longer.
        const MOST: i64 = 86_400;
        if (0..=MOST).contains(&bonus_seconds) {
            return Ok(Self { rule, bonus: bonus_seconds * 1_000_000 });
        }
        let message = format!("bonus_seconds is {bonus_seconds}; expected a number from 0 to {MOST}");
        Err(Error::invalid(message))
    }

    /// How long a session is; nothing if that is not known.
    #[inline]
    pub(crate) fn length(&self, session: &Session) -> Option<Micros> {
        match self.rule {
            _ if session.events != 1 => Some(session.length),
            SingleEvent::Include => Some(session.length),
            SingleEvent::Exclude => None,
            SingleEvent::Bonus => Some(self.bonus),
        }
    }
}

/// The policy of a KPI of sessions: its own fields, and those that all of them share.
macro_rules! session_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
    ) => {
        $crate::policy::policy! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// How long a pause a session outlasts. By default half an hour, as almost everywhere.
                pub timeout: $crate::policy::Span = $crate::policy::Span::minutes(30),
                /// What a pause of exactly that length does. By default the session goes on.
                pub boundary: $crate::kpi::usage::GapBoundary = $crate::kpi::usage::GapBoundary::Longer,
                /// When a session ends that never pauses: so long after its first event, `midnight`, or null, which is never. It cuts sessions that have an id as well.
                pub cap: Option<$crate::policy::SpanOr<$crate::kpi::usage::SessionCap>> = None,
                /// Whose events make a session. By default a user's, on whatever device.
                pub per: $crate::kpi::usage::SessionsPer = $crate::kpi::usage::SessionsPer::User,
                /// Whether the column `session_id` decides, where it is there. By default it does: who wrote it knew more.
                pub session_ids: $crate::kpi::usage::SessionIds = $crate::kpi::usage::SessionIds::Use,
            }
            presets {
                /// Half an hour on the web. https://amplitude.com/docs/data/sources/instrument-track-sessions
                Amplitude { timeout: $crate::policy::Span::minutes(30) }
                /// Five minutes on mobile devices. https://amplitude.com/docs/data/sources/instrument-track-sessions
                AmplitudeMobile { timeout: $crate::policy::Span::minutes(5) }
                /// Half an hour, ended at midnight of the project's zone. https://docs.mixpanel.com/docs/features/sessions
                Mixpanel {
                    timeout: $crate::policy::Span::minutes(30),
                    cap: Some($crate::policy::SpanOr::Rule($crate::kpi::usage::SessionCap::Midnight)),
                    session_ids: $crate::kpi::usage::SessionIds::Ignore,
                }
                /// Half an hour and no more than a day, on one device. https://posthog.com/docs/data/sessions
                Posthog {
                    timeout: $crate::policy::Span::minutes(30),
                    cap: Some($crate::policy::SpanOr::Span($crate::policy::Span::hours(24))),
                    per: $crate::kpi::usage::SessionsPer::Device,
                }
            }
        }

        impl Choices {
            pub(crate) fn cutting(&self) -> $crate::kpi::usage::cutting::Cutting {
                $crate::kpi::usage::cutting::Cutting {
                    timeout: self.timeout,
                    boundary: self.boundary,
                    cap: self.cap,
                    per: self.per,
                    session_ids: self.session_ids,
                }
            }
        }
    };
}
pub(crate) use session_policy;
