//! What interactions are for: support, service or success.

use crate::column::Reading;
use crate::compute::{RowView, Untimed};
use crate::measure::{Fate, Input, InputKind, Reason, Value};
use crate::summary::Class;
use serde::Serialize;

/// What an interaction is for: its dominant purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// The product has a fault or has to be explained. Every support is service too, in the wide sense.
    Support,
    /// Orders, money, delivery, contracts, administration, questions before a purchase.
    Service,
    /// The customer's goals, and the value reached: adoption, reviews, risk, renewal, advocacy.
    Success,
}

impl Label {
    /// All labels, in the order of their probabilities everywhere.
    pub const ALL: [Self; 3] = [Self::Support, Self::Service, Self::Success];

    /// The label's name, the same in every language: `support`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Service => "service",
            Self::Success => "success",
        }
    }

    /// The label of a name; `None` if there is none of that name. Upper case and blanks around it do not matter.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.name().eq_ignore_ascii_case(name.trim()))
    }

    /// What a cell of column `label` says.
    pub(super) fn read(cell: Reading<'_>) -> Fate<Self> {
        let Reading::Text(name) = cell.unless_blank() else { return Fate::Missing };
        Self::of(name).map_or(Fate::Invalid(UNKNOWN), Fate::Observed)
    }
}

impl Class for Label {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for Label {
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

/// Articles that tell success, which comes to the customer, from service, which waits for the customer.
pub(super) const GURU: &str = "Guru, Customer Service vs Customer Success";
pub(super) const USER_GUIDING: &str = "UserGuiding, Customer Success vs Customer Support/Service";
