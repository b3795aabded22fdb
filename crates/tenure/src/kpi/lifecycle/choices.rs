//! The choices that all KPIs of the lifecycle have: which lifecycle, and what tells where accounts are.

use crate::compute::Context;
use crate::error::Result;
use crate::lifecycle::Lifecycle;
use crate::policy::{LifecycleChoice, choice};
use crate::view::{JourneyRows, Journeys, STAGES};
use std::sync::Arc;

choice! {
    /// What tells in which stage an account is.
    pub enum StagesFrom {
        /// The rows of table `stages`.
        Rows = "rows",
        /// The lifecycle's rules, from subscriptions, onboarding, events and measures.
        Rules = "rules",
    }
}

choice! {
    /// What a row is that tells of a move which the lifecycle does not have.
    pub enum ImpossibleMoves {
        /// It happened all the same: whoever drags a deal to another stage is telling where it is.
        Believe = "believe",
        /// It is invalid, and the stay before goes on.
        Refuse = "refuse",
    }
}

choice! {
    /// What a pause does to the clock of a stage.
    pub enum Pauses {
        /// It stops it.
        Stop = "stop",
        /// Nothing.
        Run = "run",
    }
}

/// The choices of one request about the lifecycle, all of them made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) lifecycle: Lifecycle,
    pub(crate) refuses: bool,
    pub(crate) pauses_stop: bool,
}

impl Chosen {
    pub(crate) fn of(
        lifecycle: &LifecycleChoice,
        impossible: ImpossibleMoves,
        pauses: Pauses,
    ) -> Result<Self> {
        Ok(Self {
            lifecycle: lifecycle.lifecycle()?,
            refuses: impossible == ImpossibleMoves::Refuse,
            pauses_stop: pauses == Pauses::Stop,
        })
    }

    /// The view whose units are journeys, or their stays.
    pub(crate) fn rows(&self, stays_are_units: bool) -> JourneyRows {
        JourneyRows { lifecycle: self.lifecycle.clone(), refuses: self.refuses, stays_are_units }
    }
}

/// The stages that are looked at beside something else, and the choices that say where they come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stages {
    pub(crate) lifecycle: Lifecycle,
    refuses: bool,
    /// Whether it was said what tells them: then something has to.
    are_wanted: bool,
}

impl Stages {
    pub(crate) fn of(
        lifecycle: &LifecycleChoice,
        from: Option<StagesFrom>,
        impossible: ImpossibleMoves,
    ) -> Result<Self> {
        Ok(Self {
            lifecycle: lifecycle.lifecycle()?,
            refuses: impossible == ImpossibleMoves::Refuse,
            are_wanted: from.is_some(),
        })
    }

    /// The journeys of accounts; nothing if the book has none.
    pub(crate) fn journeys(&self, context: &Context<'_>) -> Result<Option<Arc<Journeys>>> {
        if context.book.table(STAGES.table).is_none() && !self.are_wanted {
            return Ok(None);
        }
        Journeys::of(context, &self.lifecycle, self.refuses).map(Some)
    }
}

/// The policy of a KPI to which stages matter: its own fields, those that say which stages there are, and then further ones.
macro_rules! stage_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* } and { $($further:tt)* }
        presets { $($presets:tt)* }
    ) => {
        $crate::policy::policy! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// Which lifecycle holds: the name of a built-in one, or one of one's own. By default that of subscription software.
                pub lifecycle: $crate::policy::LifecycleChoice = $crate::policy::LifecycleChoice::default(),
                /// What tells in which stage an account is; null: the rows of `stages` if there is such a table, else, for KPIs of the lifecycle, the rules.
                pub stages_from: Option<$crate::kpi::lifecycle::StagesFrom> = None,
                /// What a move is that the lifecycle does not have. By default it is believed: else accounts stay where they no longer are.
                pub impossible: $crate::kpi::lifecycle::ImpossibleMoves = $crate::kpi::lifecycle::ImpossibleMoves::Believe,
                $($further)*
            }
            presets { $($presets)* }
        }
    };
}
pub(crate) use stage_policy;

/// The policy of a KPI of the lifecycle: its own fields, and those that all of them share.
macro_rules! lifecycle_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
        presets { $($presets:tt)* }
    ) => {
        $crate::kpi::lifecycle::stage_policy! {
            $(#[$meta])*
            pub struct $name { $($own)* } and {
                /// What a pause does to the clock of a stage. By default it stops it.
                pub pauses: $crate::kpi::lifecycle::Pauses = $crate::kpi::lifecycle::Pauses::Stop,
            }
            presets { $($presets)* }
        }

        impl Choices {
            pub(crate) fn chosen(&self) -> $crate::error::Result<$crate::kpi::lifecycle::choices::Chosen> {
                $crate::kpi::lifecycle::choices::Chosen::of(&self.lifecycle, self.impossible, self.pauses)
            }
        }
    };
}
pub(crate) use lifecycle_policy;
