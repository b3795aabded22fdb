//! The policy field that names a lifecycle, or holds one.

use super::{Field, FieldType};
use crate::error::{Error, Result};
use crate::lifecycle::Lifecycle;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which lifecycle holds: the name of a built-in one, or one of one's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LifecycleChoice {
    /// A built-in one.
    Named(String),
    /// One of one's own, as it is written in JSON. What is wrong with it is told when it is used.
    Own(Value),
}

impl LifecycleChoice {
    /// The lifecycle, checked.
    pub fn lifecycle(&self) -> Result<Lifecycle> {
        match self {
            Self::Named(name) => Lifecycle::named(name),
            Self::Own(value) => {
                let definition = serde_json::from_value(value.clone());
                Lifecycle::new(definition.map_err(|error| Error::invalid(format!("the lifecycle: {error}")))?)
            }
        }
    }
}

impl Default for LifecycleChoice {
    fn default() -> Self {
        Self::Named("subscription".to_owned())
    }
}

impl From<&Lifecycle> for LifecycleChoice {
    fn from(lifecycle: &Lifecycle) -> Self {
        if *lifecycle == Lifecycle::subscription() {
            return Self::default();
        }
        Self::Own(serde_json::to_value(lifecycle).unwrap_or_default())
    }
}

impl Field for LifecycleChoice {
    fn describe() -> FieldType {
        FieldType::Lifecycle
    }

    fn check(&self) -> Result<()> {
        self.lifecycle().map(drop)
    }
}
