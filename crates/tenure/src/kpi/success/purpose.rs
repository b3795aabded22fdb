//! What interactions are for: support, service or success.

use crate::column::Reading;
use crate::compute::{RowView, Untimed};
use crate::measure::{Fate, Input, InputKind, Reason, Value};
use crate::summary::Class;

/// What an interaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Support,
    Service,
    Success,
}

impl Purpose {
    pub(super) const ALL: [Self; 3] = [Self::Support, Self::Service, Self::Success];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Service => "service",
            Self::Success => "success",
        }
    }

    /// What a label says.
    pub(super) fn of(label: Reading<'_>) -> Fate<Self> {
        let Reading::Text(name) = label.unless_blank() else { return Fate::Missing };
        let named = |purpose: &Self| purpose.name().eq_ignore_ascii_case(name.trim());
        Self::ALL.into_iter().find(named).map_or(Fate::Invalid(UNKNOWN), Fate::Observed)
    }
}

impl Class for Purpose {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for Purpose {
    fn number(&self) -> Option<f64> {
        None
    }

    fn label(&self) -> Option<&'static str> {
        Some(self.name())
    }
}

/// The interactions, whose time is when they happened.
pub(super) fn interactions(key: &'static str) -> RowView {
    RowView {
        table: "interactions",
        key,
        time: &["occurred_at"],
        untimed: Untimed::Fault,
        kind: None,
        excluded: &[],
        scale: None,
    }
}

/// The label, which people or the classifier gave.
pub(super) const LABEL: Input = Input::required("label", InputKind::Text);

const UNKNOWN: Reason = Reason::new("label", "unknown_label", "is none of support, service and success");
