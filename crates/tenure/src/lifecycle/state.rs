//! How customers are doing in their stage.

use super::definition::StageKind;
use super::model::Lifecycle;
use super::walk::Spell;
use crate::policy::choice;
use crate::scope::Micros;

choice! {
    /// How a customer is doing in the present stage.
    pub enum LifecycleState {
        /// Not longer there than expected.
        OnTrack = "on_track",
        /// Longer than expected.
        Behind = "behind",
        /// Longer than the second threshold.
        Stuck = "stuck",
        /// The clock stands still.
        Paused = "paused",
        /// In a stage that is a good end.
        Completed = "completed",
        /// In a stage that is churn.
        Churned = "churned",
    }
}

choice! {
    /// What somebody is who is in a stage exactly as long as a threshold says.
    pub enum Edges {
        /// Still what it was up to there.
        Inclusive = "inclusive",
        /// Already what it is from there on.
        Exclusive = "exclusive",
    }
}

impl LifecycleState {
    /// How the customer of a stay is doing at an instant, after `elapsed` in it without pauses.
    pub(crate) fn of(
        lifecycle: &Lifecycle,
        stay: &Spell<'_>,
        at: Micros,
        elapsed: Micros,
        pauses_stop: bool,
        edges: Edges,
    ) -> Self {
        let Some(stage) = lifecycle.of_code(stay.stage()) else { return Self::OnTrack };
        match stage.kind {
            StageKind::Churned => return Self::Churned,
            StageKind::End => return Self::Completed,
            StageKind::Normal | StageKind::Start => {}
        }
        if pauses_stop && stay.is_paused(at) {
            return Self::Paused;
        }
        let is_over = |limit: Micros| match edges {
            Edges::Inclusive => elapsed > limit,
            Edges::Exclusive => elapsed >= limit,
        };
        if stage.stuck.is_some_and(|limit| is_over(limit.micros())) {
            Self::Stuck
        } else if stage.expected.is_some_and(|limit| is_over(limit.micros())) {
            Self::Behind
        } else {
            Self::OnTrack
        }
    }
}
