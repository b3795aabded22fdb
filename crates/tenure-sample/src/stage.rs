//! The stages of the default lifecycle: which may follow which, and how long each is expected to take.
//!
//! Written down once more, as the company's own staff know it, so that the sample does not depend on the library.

use crate::calendar::{DAY, Instant};
use crate::random::Random;

/// A stage of an account's way, in the order of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Stage {
    #[default]
    Aware,
    Evaluating,
    Prospect,
    Trial,
    Onboarding,
    Adoption,
    Growth,
    Renewal,
    AtRisk,
    Churned,
    WonBack,
}

/// An account that enters a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) stage: Stage,
    pub(crate) at: Instant,
    pub(crate) reason: Option<&'static str>,
}

impl Stage {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Aware => "aware",
            Self::Evaluating => "evaluating",
            Self::Prospect => "prospect",
            Self::Trial => "trial",
            Self::Onboarding => "onboarding",
            Self::Adoption => "adoption",
            Self::Growth => "growth",
            Self::Renewal => "renewal",
            Self::AtRisk => "at_risk",
            Self::Churned => "churned",
            Self::WonBack => "won_back",
        }
    }

    /// The stages that may follow.
    fn next(self) -> &'static [Self] {
        use Stage::{
            Adoption, AtRisk, Aware, Churned, Evaluating, Growth, Onboarding, Prospect, Renewal, Trial,
            WonBack,
        };
        match self {
            Aware => &[Evaluating, Prospect, Trial, Churned],
            Evaluating => &[Prospect, Trial, Onboarding, Churned],
            Prospect => &[Trial, Onboarding, Churned],
            Trial => &[Onboarding, Adoption, Churned],
            Onboarding => &[Adoption, AtRisk, Churned],
            Adoption => &[Growth, Renewal, AtRisk, Churned],
            Growth => &[Adoption, Renewal, AtRisk, Churned],
            Renewal => &[Adoption, Growth, AtRisk, Churned],
            AtRisk => &[Onboarding, Adoption, Growth, Renewal, Churned],
            Churned => &[WonBack],
            WonBack => &[Onboarding, Adoption, Growth, Renewal, AtRisk, Churned],
        }
    }

    /// Whether another stage may follow. Staying is no move.
    pub(crate) fn may_become(self, next: Self) -> bool {
        self.next().contains(&next)
    }

    /// Up to how many days an account is on track in it, and beyond how many it is stuck; growth and having left
    /// take as long as they take.
    pub(crate) fn expected_and_stuck_days(self) -> Option<(i64, i64)> {
        match self {
            Self::Aware | Self::Evaluating | Self::Onboarding | Self::WonBack => Some((30, 90)),
            Self::Prospect => Some((84, 168)),
            Self::Trial => Some((14, 30)),
            Self::Adoption => Some((90, 180)),
            Self::Renewal => Some((90, 120)),
            Self::AtRisk => Some((30, 60)),
            Self::Growth | Self::Churned => None,
        }
    }

    /// How long an account takes that chooses for itself: mostly on track, sometimes behind, seldom stuck.
    pub(crate) fn drawn_span(self, random: &mut Random) -> Instant {
        let (expected, stuck) = self.expected_and_stuck_days().unwrap_or((90, 180));
        let (low, high) = random.weighted(&[
            (75, (expected / 6, expected - 1)),
            (18, (expected, stuck - 1)),
            (7, (stuck, stuck + stuck / 2)),
        ]);
        random.between(low, high) * DAY
    }
}
