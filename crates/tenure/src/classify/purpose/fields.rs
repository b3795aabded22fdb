//! The structured fields of an interaction, each known value as one bit, and what the taxonomy says about it.

use super::Interaction;
use crate::classify::linear::{Bound, numbers};

/// Whether a value tells of the company coming first, or of the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lean {
    /// How success works: it must never make success less likely.
    Proactive,
    /// How service works: it must never make success more likely.
    Reactive,
    /// Says nothing about that.
    Neutral,
}
use Lean::{Neutral, Proactive, Reactive};

/// One value of one field.
#[derive(Debug)]
pub(crate) struct Value {
    /// The field's name in the table.
    pub(crate) field: &'static str,
    /// The value's name in the table, or what it means.
    pub(crate) name: &'static str,
    pub(crate) lean: Lean,
    /// The axis that it says something about, and where on it; axes in the order of [`super::Axes::NAMES`].
    pub(crate) axes: &'static [(usize, f64)],
}

const INITIATIVE: usize = 0;
const HORIZON: usize = 1;
const GOAL: usize = 2;
const NATURE: usize = 3;
const APPROACH: usize = 4;
const SCOPE: usize = 5;
/// Told by how many departments there are, not by which.
const DEPARTMENTS: usize = 6;

/// What stands for three departments or more.
const MANY: &str = "three or more";

const fn value(field: &'static str, name: &'static str, lean: Lean, axes: &'static [(usize, f64)]) -> Value {
    Value { field, name, lean, axes }
}

/// Every value, by the number of its bit.
#[rustfmt::skip]
pub(crate) const VALUES: [Value; 61] = [
    value("author", "customer", Reactive, &[(INITIATIVE, -0.5)]),
    value("author", "company", Proactive, &[(INITIATIVE, 0.5)]),
    value("author", "bot", Neutral, &[]),
    value("channel", "email", Neutral, &[]),
    value("channel", "chat", Neutral, &[]),
    value("channel", "ticket", Neutral, &[]),
    value("channel", "call_note", Neutral, &[]),
    value("channel", "crm_note", Neutral, &[]),
    value("channel", "in_app", Neutral, &[]),
    value("channel", "meeting", Neutral, &[]),
    value("channel", "social", Neutral, &[]),
    value("channel", "review", Neutral, &[]),
    value("trigger", "problem", Reactive, &[(INITIATIVE, -1.0), (APPROACH, -1.0)]),
    value("trigger", "question", Reactive, &[(INITIATIVE, -1.0), (APPROACH, -0.5)]),
    value("trigger", "scheduled", Proactive, &[(INITIATIVE, 0.5)]),
    value("trigger", "health_signal", Proactive, &[(INITIATIVE, 1.0), (APPROACH, 1.0)]),
    value("trigger", "usage_signal", Proactive, &[(INITIATIVE, 1.0), (APPROACH, 1.0)]),
    value("trigger", "milestone", Proactive, &[(INITIATIVE, 1.0), (APPROACH, 1.0)]),
    value("trigger", "renewal_window", Proactive, &[(INITIATIVE, 1.0), (APPROACH, 0.5)]),
    value("trigger", "campaign", Proactive, &[(INITIATIVE, 1.0), (APPROACH, 0.5)]),
    value("purchase_phase", "pre", Neutral, &[]),
    value("purchase_phase", "during", Neutral, &[]),
    value("purchase_phase", "post", Neutral, &[]),
    value("lifecycle_stage", "prospect", Neutral, &[]),
    value("lifecycle_stage", "trial", Neutral, &[]),
    value("lifecycle_stage", "onboarding", Proactive, &[(HORIZON, 0.5)]),
    value("lifecycle_stage", "adoption", Proactive, &[(HORIZON, 0.5)]),
    value("lifecycle_stage", "growth", Proactive, &[(HORIZON, 0.5)]),
    value("lifecycle_stage", "renewal", Proactive, &[(HORIZON, 0.5)]),
    value("lifecycle_stage", "advocacy", Proactive, &[(HORIZON, 0.5)]),
    value("lifecycle_stage", "at_risk", Proactive, &[(HORIZON, 0.5)]),
    value("lifecycle_stage", "churned", Neutral, &[]),
    value("scope", "one_customer", Reactive, &[(SCOPE, -1.0)]),
    value("scope", "segment", Proactive, &[(SCOPE, 0.5)]),
    value("scope", "all_customers", Proactive, &[(SCOPE, 1.0)]),
    value("horizon_days", "up to 7", Reactive, &[(HORIZON, -1.0)]),
    value("horizon_days", "up to 29", Neutral, &[(HORIZON, -0.3)]),
    value("horizon_days", "from 30", Proactive, &[(HORIZON, 0.3)]),
    value("horizon_days", "from 90", Proactive, &[(HORIZON, 1.0)]),
    value("transactional", "true", Reactive, &[(NATURE, -1.0)]),
    value("transactional", "false", Proactive, &[(NATURE, 1.0)]),
    value("departments", "support", Neutral, &[]),
    value("departments", "engineering", Neutral, &[]),
    value("departments", "product", Neutral, &[]),
    value("departments", "finance", Neutral, &[]),
    value("departments", "sales", Neutral, &[]),
    value("departments", "marketing", Neutral, &[]),
    value("departments", "legal", Neutral, &[]),
    value("departments", "logistics", Neutral, &[]),
    value("departments", "customer_success", Proactive, &[]),
    value("departments", MANY, Proactive, &[]),
    value("outcome_measure", "csat", Reactive, &[(GOAL, -1.0)]),
    value("outcome_measure", "nps", Neutral, &[]),
    value("outcome_measure", "ces", Reactive, &[(GOAL, -1.0)]),
    value("outcome_measure", "fcr", Reactive, &[(GOAL, -1.0)]),
    value("outcome_measure", "retention", Proactive, &[(GOAL, 1.0)]),
    value("outcome_measure", "expansion", Proactive, &[(GOAL, 1.0)]),
    value("outcome_measure", "adoption", Proactive, &[(GOAL, 1.0)]),
    value("outcome_measure", "health", Proactive, &[(GOAL, 1.0)]),
    value("conversation_id", "present", Reactive, &[(APPROACH, -0.5)]),
    value("goal_id", "present", Proactive, &[(GOAL, 1.0), (HORIZON, 0.5)]),
];

/// The mark of every row, behind those of values.
pub(crate) const ALWAYS: usize = VALUES.len();
/// The mark of rows with a text.
pub(crate) const WITH_TEXT: usize = VALUES.len() + 1;

/// What each mark may say of success: values in their order, then [`ALWAYS`] and [`WITH_TEXT`].
pub(crate) fn bounds() -> Vec<Bound> {
    let of_values = VALUES.iter().map(|value| match value.lean {
        Proactive => Bound::NeverLowers,
        Reactive => Bound::NeverRaises,
        Neutral => Bound::Free,
    });
    of_values.chain([Bound::Free; 2]).collect()
}

/// The known values of an interaction's fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    bits: u64,
    /// How many fields held something that is not known.
    pub(crate) ignored: u32,
}

impl Fields {
    /// The fields of an interaction.
    pub(crate) fn of(interaction: &Interaction<'_>) -> Self {
        let mut fields = Self::default();
        fields.word("author", interaction.author);
        fields.word("channel", interaction.channel);
        fields.word("trigger", interaction.trigger);
        fields.word("purchase_phase", interaction.purchase_phase);
        fields.word("lifecycle_stage", interaction.lifecycle_stage);
        fields.word("scope", interaction.scope);
        fields.horizon(interaction.horizon_days);
        if let Some(transactional) = interaction.transactional {
            fields.set("transactional", if transactional { "true" } else { "false" });
        }
        let before = fields.bits.count_ones();
        for department in interaction.departments {
            fields.word("departments", Some(department));
        }
        if fields.bits.count_ones() >= before + 3 {
            fields.set("departments", MANY);
        }
        fields.word("outcome_measure", interaction.outcome_measure);
        if interaction.has_conversation {
            fields.set("conversation_id", "present");
        }
        if interaction.has_goal {
            fields.set("goal_id", "present");
        }
        fields
    }

    pub(crate) fn bits(self) -> u64 {
        self.bits
    }

    /// Whether no value is known.
    pub(crate) fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Those values among these bits.
    pub(crate) fn part(self, bits: u64) -> Self {
        Self { bits: self.bits & bits, ignored: 0 }
    }

    /// The bits of its marks in a row with or without text.
    pub(crate) fn marks(self, has_text: bool) -> u64 {
        self.bits | (1 << ALWAYS) | (u64::from(has_text) << WITH_TEXT)
    }

    /// The numbers of the values that are there, rising.
    #[inline]
    pub(crate) fn numbers(self) -> impl Iterator<Item = usize> + Clone {
        numbers(self.bits)
    }

    /// The places on axes that the values name.
    pub(crate) fn places(self) -> impl Iterator<Item = (usize, f64)> {
        let values = self.numbers().filter_map(|number| VALUES.get(number));
        let departments =
            values.clone().filter(|value| value.field == "departments" && value.name != MANY).count();
        let departments = match departments {
            0 => None,
            1 => Some((DEPARTMENTS, -1.0)),
            2 => Some((DEPARTMENTS, 0.0)),
            _ => Some((DEPARTMENTS, 1.0)),
        };
        values.flat_map(|value| value.axes.iter().copied()).chain(departments)
    }

    fn set(&mut self, field: &str, name: &str) {
        self.insert(|value| value.field == field && value.name == name);
    }

    /// Takes in a word. A blank one is as good as none.
    fn word(&mut self, field: &str, word: Option<&str>) {
        let Some(word) = word.map(str::trim).filter(|word| !word.is_empty()) else { return };
        if !self.insert(|value| value.field == field && is_same(value.name, word)) {
            self.ignored += 1;
        }
    }

    fn horizon(&mut self, days: Option<f64>) {
        let Some(days) = days.filter(|days| !days.is_nan()) else { return };
        if days < 0.0 {
            self.ignored += 1;
        } else if days < 8.0 {
            self.set("horizon_days", "up to 7");
        } else if days < 30.0 {
            self.set("horizon_days", "up to 29");
        } else {
            self.set("horizon_days", "from 30");
            if days >= 90.0 {
                self.set("horizon_days", "from 90");
            }
        }
    }

    fn insert(&mut self, is_it: impl Fn(&Value) -> bool) -> bool {
        match VALUES.iter().position(is_it) {
            Some(number) => {
                self.bits |= 1 << number;
                true
            }
            None => false,
        }
    }
}

/// Whether a word is a name, but for upper case, spaces and hyphens.
fn is_same(name: &str, word: &str) -> bool {
    let folded = |byte: u8| match byte {
        b' ' | b'-' => b'_',
        other => other.to_ascii_lowercase(),
    };
    name.len() == word.len() && name.bytes().zip(word.bytes()).all(|(name, word)| name == folded(word))
}
