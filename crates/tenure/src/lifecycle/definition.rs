//! A lifecycle as it is written down.

use super::rule::Rule;
use crate::policy::{Span, choice};
use serde::{Deserialize, Serialize};

choice! {
    /// What a stage is in the lifecycle.
    #[derive(Default)]
    pub enum StageKind {
        /// A stage on the way.
        #[default]
        Normal = "normal",
        /// Nothing comes before it: there is at least one. Recorded journeys may begin anywhere, because companies begin to record late.
        Start = "start",
        /// Reached, good and final: nothing comes after it.
        End = "end",
        /// The customer is lost; something may come after it, such as being won back.
        Churned = "churned",
    }
}

impl StageKind {
    /// Whether journeys end here, at least for the time being.
    pub(crate) fn is_end(self) -> bool {
        matches!(self, Self::End | Self::Churned)
    }
}

/// One stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its name. Case, blanks around it, and blank, `-` or `_` within do not matter: `At Risk` is `at_risk`.
    pub name: String,
    /// What it is in the lifecycle.
    #[serde(default)]
    pub kind: StageKind,
    /// On track up to here; without it for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Span>,
    /// Stuck beyond this; without it never, only behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Span>,
    /// The stages that may follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<String>,
}

/// A lifecycle as it is written down, in JSON, TOML or Rust. [`Lifecycle::new`](super::Lifecycle::new) checks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleDefinition {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// Whether a journey may come back to a stage. If not, a move that closes a cycle is an error.
    #[serde(default = "yes")]
    pub cycles: bool,
    /// The stages, in the order in which they are shown.
    pub stages: Vec<Stage>,
    /// Rules that tell the stage from signals: the first that holds does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

fn yes() -> bool {
    true
}
