//! Types of policy fields: lists of choices, scales, windows, limits of time.

use super::{Field, FieldType, Named, deserialize_named};
use crate::error::{Error, Result};
use crate::scope::Micros;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// One choice or several; several give the result a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMany<C> {
    /// One choice.
    One(C),
    /// A list of choices, in the order of the result's rows.
    Many(Vec<C>),
}

impl<C> OneOrMany<C> {
    /// The choices.
    pub fn as_slice(&self) -> &[C] {
        match self {
            OneOrMany::One(choice) => std::slice::from_ref(choice),
            OneOrMany::Many(choices) => choices,
        }
    }

    /// Whether the result has a row per choice.
    pub fn is_many(&self) -> bool {
        matches!(self, OneOrMany::Many(_))
    }
}

impl<C> From<C> for OneOrMany<C> {
    fn from(choice: C) -> Self {
        OneOrMany::One(choice)
    }
}

impl<C: Named> Serialize for OneOrMany<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            OneOrMany::One(choice) => choice.name().serialize(serializer),
            OneOrMany::Many(choices) => serializer.collect_seq(choices.iter().map(Named::name)),
        }
    }
}

impl<'de, C: Named> Deserialize<'de> for OneOrMany<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        use serde::de::Error as _;
        let one = |value: Value| deserialize_named(value).map_err(D::Error::custom);
        match Value::deserialize(deserializer)? {
            Value::Array(items) if items.is_empty() => Err(D::Error::custom("an empty list chooses nothing")),
            Value::Array(items) => {
                let choices = items.into_iter().map(one).collect::<std::result::Result<Vec<C>, _>>()?;
                let repeated = choices
                    .iter()
                    .enumerate()
                    .any(|(at, choice)| choices.iter().take(at).any(|c| c == choice));
                if repeated {
                    return Err(D::Error::custom("a choice stands twice in the list"));
                }
                Ok(OneOrMany::Many(choices))
            }
            value => one(value).map(OneOrMany::One),
        }
    }
}

impl<C: Named> Field for OneOrMany<C> {
    fn describe() -> FieldType {
        C::kind(true)
    }
}

/// The lowest and the highest answer of a rating scale, `[0, 10]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub struct Scale {
    low: i64,
    high: i64,
}

impl Scale {
    /// The usual scale of the recommendation question.
    pub const ZERO_TO_TEN: Self = Self { low: 0, high: 10 };
    /// The usual scale of satisfaction.
    pub const ONE_TO_FIVE: Self = Self { low: 1, high: 5 };
    /// The usual scale of agreement.
    pub const ONE_TO_SEVEN: Self = Self { low: 1, high: 7 };

    /// A scale from `low` to `high`.
    pub const fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// The lowest answer.
    pub fn low(self) -> i64 {
        self.low
    }

    /// The highest answer.
    pub fn high(self) -> i64 {
        self.high
    }
}

impl From<(i64, i64)> for Scale {
    fn from((low, high): (i64, i64)) -> Self {
        Self { low, high }
    }
}

impl From<Scale> for (i64, i64) {
    fn from(scale: Scale) -> Self {
        (scale.low, scale.high)
    }
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.low, self.high)
    }
}

impl Field for Scale {
    fn describe() -> FieldType {
        FieldType::Scale
    }

    fn check(&self) -> Result<()> {
        // Wider scales than this are no answers of people, and their squares would not fit.
        let readable = -1_000_000..=1_000_000;
        if self.low < self.high && readable.contains(&self.low) && readable.contains(&self.high) {
            return Ok(());
        }
        let message = format!(
            "[{}, {}] is not a scale; expected the lowest and the highest answer, as [0, 10]",
            self.low, self.high
        );
        Err(Error::invalid(message))
    }
}

/// How far back from an anchor rows count: all of them, or a number of days of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// No limit.
    All,
    /// This many days.
    Days(u32),
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Window::All => "all".serialize(serializer),
            Window::Days(days) => format!("{days}d").serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let days = || text.strip_suffix('d').and_then(|days| days.parse().ok()).filter(|days| *days > 0);
        match text.as_str() {
            "all" => Ok(Window::All),
            _ => days().map(Window::Days).ok_or_else(|| {
                serde::de::Error::custom(format!(
                    "\"{text}\" is not a window; expected all, or days such as 90d"
                ))
            }),
        }
    }
}

impl Field for Window {
    fn describe() -> FieldType {
        FieldType::Window
    }
}

/// How soon something has to happen to count: within a number of days of 24 hours, ends included, or ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Within this many days.
    Days(u32),
    /// At any time that is known.
    Ever,
}

impl Within {
    /// The last instant that counts, if there is one.
    pub(crate) fn end(self, from: Micros) -> Option<Micros> {
        match self {
            Within::Days(days) => Some(from.saturating_add(Micros::from(days).saturating_mul(DAY))),
            Within::Ever => None,
        }
    }

    /// Whether all of it has passed at `as_of`. Without an end nothing is waited for.
    pub(crate) fn is_over(self, from: Micros, as_of: Micros) -> bool {
        self.end(from).is_none_or(|end| end <= as_of)
    }

    /// Whether an instant still counts.
    pub(crate) fn holds(self, from: Micros, at: Micros) -> bool {
        self.end(from).is_none_or(|end| at <= end)
    }
}

const DAY: Micros = 86_400_000_000;

impl Serialize for Within {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Within::Days(days) => days.serialize(serializer),
            Within::Ever => "ever".serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Within {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let days = value.as_u64().and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0);
        match (days, &value) {
            (Some(days), _) => Ok(Within::Days(days)),
            (None, Value::Null) => Ok(Within::Ever),
            (None, Value::String(text)) if text == "ever" => Ok(Within::Ever),
            _ => Err(serde::de::Error::custom(format!(
                "{value} is no limit of time; expected a number of days from 1 on, or \"ever\""
            ))),
        }
    }
}

impl Field for Within {
    /// No limit: [`Within::Ever`].
    const NULLABLE: bool = true;

    fn describe() -> FieldType {
        FieldType::Within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_time() {
        let read = |text: &str| serde_json::from_str::<Within>(text).ok();
        assert_eq!([read("7"), read("\"ever\"")], [Some(Within::Days(7)), Some(Within::Ever)]);
        assert_eq!(read("null"), Some(Within::Ever));
        assert_eq!([read("0"), read("-1"), read("1.5"), read("\"7\"")], [None; 4]);
        let two_days = Within::Days(2);
        assert!(two_days.holds(0, 2 * DAY) && !two_days.holds(0, 2 * DAY + 1));
        assert!(two_days.is_over(0, 2 * DAY) && !two_days.is_over(0, 2 * DAY - 1));
        assert!(Within::Ever.holds(0, Micros::MAX) && Within::Ever.is_over(0, 0));
        assert_eq!(Within::Days(u32::MAX).end(0), Some(Micros::MAX));
    }
}
