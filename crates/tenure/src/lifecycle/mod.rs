//! The customer lifecycle: which stages there are, how customers move between them, and where each of them is.
//!
//! A [`Lifecycle`] is data: stages with their expected durations, the moves between them that are allowed, and rules that
//! tell the stage from signals. The built-in one, [`Lifecycle::subscription`], is that of subscription software; others are
//! read from JSON or TOML, or made of a [`LifecycleDefinition`].
//!
//! A [`Journey`] is one customer's way through it, told event by event. The KPIs of the lifecycle tell the same story from
//! the rows of table `stages`, and follow the same rules.
//!
//! ```
//! use tenure::lifecycle::{Lifecycle, LifecycleState, SubscriptionStage::{Onboarding, Renewal, Trial}};
//! const DAY: i64 = 86_400_000_000;
//! let lifecycle = Lifecycle::subscription();
//! let mut journey = lifecycle.journey();
//! journey.enter(Trial, 0)?;
//! journey.enter(Onboarding, 10 * DAY)?;
//! journey.pause(15 * DAY)?;
//! journey.resume(35 * DAY)?;
//! // 36 days in onboarding, of which 20 were paused: within the 30 that are expected.
//! assert_eq!(journey.state(46 * DAY), Some(LifecycleState::OnTrack));
//! // A renewal cannot follow: the error says what can.
//! let error = journey.enter(Renewal, 46 * DAY).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "\"onboarding\" -> \"renewal\" is no move of lifecycle \"subscription\"; from \"onboarding\": adoption, at_risk, churned"
//! );
//! # Ok::<(), tenure::lifecycle::JourneyError>(())
//! ```

mod definition;
mod graph;
mod infer;
mod journey;
mod model;
mod rule;
mod state;
mod subscription;
mod walk;

pub use definition::{LifecycleDefinition, Stage, StageKind};
pub use journey::{Journey, JourneyError, Pause, Stay};
pub use model::Lifecycle;
pub use rule::{EventSignal, MeasureSignal, OnboardingSignal, Rule, Signals, Since, SubscriptionSignal};
pub use state::{Edges, LifecycleState};
pub use subscription::SubscriptionStage;

pub(crate) use infer::{Account, Inferred as InferredStay, Known, Step, Subscription, infer};
pub(crate) use model::{NO_STAGE, StageCode, folded};
pub(crate) use walk::{Refusal, Spell, Stays};
