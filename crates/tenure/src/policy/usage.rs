//! Types of policy fields about time and events: spans, rolling windows, names, ages.

use super::{Choice, Field, FieldType};
use crate::error::{Error, Result};
use crate::scope::Micros;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const SECOND: Micros = 1_000_000;
/// The units of spans, the longest first, so that a span is written in as few as it takes.
const UNITS: [(&str, Micros); 4] =
    [("d", 24 * 60 * 60 * SECOND), ("h", 60 * 60 * SECOND), ("m", 60 * SECOND), ("s", SECOND)];
/// No one waits longer than this, and longer spans could not be added to any instant.
const MOST_DAYS: Micros = 100 * 366;

/// A span of time: `"90s"`, `"30m"`, `"24h"` or `"7d"`. A day has 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(Micros);

impl Span {
    /// So many seconds.
    pub const fn seconds(count: u32) -> Self {
        Self(count as Micros * SECOND)
    }

    /// So many minutes.
    pub const fn minutes(count: u32) -> Self {
        Self(count as Micros * 60 * SECOND)
    }

    /// So many hours.
    pub const fn hours(count: u32) -> Self {
        Self(count as Micros * 60 * 60 * SECOND)
    }

    /// So many days of 24 hours.
    pub const fn days(count: u32) -> Self {
        Self(count as Micros * 24 * 60 * 60 * SECOND)
    }

    pub(crate) fn micros(self) -> Micros {
        self.0
    }

    fn parse(text: &str) -> Option<Self> {
        // Weeks are only read: a week is written as 7d, as it always was.
        const WEEK: (&str, Micros) = ("w", 7 * 24 * 60 * 60 * SECOND);
        UNITS.iter().chain([&WEEK]).find_map(|(name, unit)| {
            let count: u32 = text.strip_suffix(name)?.parse().ok()?;
            Micros::from(count).checked_mul(*unit).map(Self)
        })
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let (name, unit) = UNITS.into_iter().find(|(_, unit)| self.0 % unit == 0).unwrap_or(("s", SECOND));
        format!("{}{name}", self.0 / unit).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{text}\" is not a span; expected 90s, 30m, 24h, 7d, 2w or the like"
            ))
        })
    }
}

impl Field for Span {
    fn describe() -> FieldType {
        FieldType::Span
    }

    fn check(&self) -> Result<()> {
        if self.0 <= MOST_DAYS * Self::days(1).0 {
            return Ok(());
        }
        Err(Error::invalid(format!("a span of more than {MOST_DAYS} days measures nothing")))
    }
}

/// A span of time, or a name for another rule: `"24h"` or `"midnight"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanOr<C> {
    /// A span.
    Span(Span),
    /// Another rule.
    Rule(C),
}

impl<C: Choice> Serialize for SpanOr<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            SpanOr::Span(span) => span.serialize(serializer),
            SpanOr::Rule(rule) => rule.name().serialize(serializer),
        }
    }
}

impl<'de, C: Choice> Deserialize<'de> for SpanOr<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let rule = C::ALL.iter().find(|(name, _, _)| *name == text).map(|(_, _, rule)| SpanOr::Rule(*rule));
        rule.or_else(|| Span::parse(&text).map(SpanOr::Span)).ok_or_else(|| {
            let rules: Vec<&str> = C::ALL.iter().map(|(name, _, _)| *name).collect();
            let rules = rules.join(", ");
            serde::de::Error::custom(format!(
                "\"{text}\" is not a span; expected {rules}, or 90s, 30m, 24h, 7d or the like"
            ))
        })
    }
}

impl<C: Choice> Field for SpanOr<C> {
    fn describe() -> FieldType {
        FieldType::SpanOr(C::ALL.iter().map(|(name, doc, _)| (*name, *doc)).collect())
    }

    fn check(&self) -> Result<()> {
        match self {
            SpanOr::Span(span) => span.check(),
            SpanOr::Rule(_) => Ok(()),
        }
    }
}

/// The stretch of time in which something counts for a period: the period itself, or the local days up to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rolling {
    /// The period itself.
    Period,
    /// This many local days, of which the last is that in which the period ends.
    Days(u32),
}

impl Serialize for Rolling {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Rolling::Period => "period".serialize(serializer),
            Rolling::Days(days) => format!("{days}d").serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Rolling {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "period" {
            return Ok(Rolling::Period);
        }
        let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
        days.filter(|days| (1..=MOST_DAYS).contains(&Micros::from(*days))).map(Rolling::Days).ok_or_else(
            || {
                serde::de::Error::custom(format!(
                    "\"{text}\" is not a window; expected period, or days such as 28d"
                ))
            },
        )
    }
}

impl Field for Rolling {
    fn describe() -> FieldType {
        FieldType::Rolling
    }
}

/// Names of events or features: one, or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Names(Vec<String>);

impl Names {
    /// These names.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a name or a list of names")]
        enum Given {
            One(String),
            Many(Vec<String>),
        }
        Ok(Self(match Given::deserialize(deserializer)? {
            Given::One(name) => vec![name],
            Given::Many(names) => names,
        }))
    }
}

impl Field for Names {
    fn describe() -> FieldType {
        FieldType::Names
    }

    fn check(&self) -> Result<()> {
        match self.0.iter().find(|name| name.trim().is_empty()) {
            _ if self.0.is_empty() => Err(Error::invalid("an empty list of names chooses nothing")),
            Some(_) => Err(Error::invalid("a blank text is no name")),
            None => Ok(()),
        }
    }
}

/// How many intervals after the beginning: one number, or a list that gives the result a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number or a list of them")]
pub enum Ages {
    /// One age.
    One(u32),
    /// Several.
    Many(Vec<u32>),
}

impl Ages {
    /// The ages.
    pub fn as_slice(&self) -> &[u32] {
        match self {
            Ages::One(age) => std::slice::from_ref(age),
            Ages::Many(ages) => ages,
        }
    }

    /// Whether the result has a row per age.
    pub fn is_many(&self) -> bool {
        matches!(self, Ages::Many(_))
    }
}

impl Field for Ages {
    fn describe() -> FieldType {
        FieldType::Ages
    }

    fn check(&self) -> Result<()> {
        let ages = self.as_slice();
        let is_repeated = |(at, age): (usize, &u32)| ages.iter().take(at).any(|other| other == age);
        if ages.is_empty() || ages.iter().enumerate().any(is_repeated) {
            return Err(Error::invalid("a list of ages names each once, and at least one"));
        }
        if ages.iter().any(|age| *age > 36_600) {
            return Err(Error::invalid("nobody has been watched for more than 36600 intervals"));
        }
        Ok(())
    }
}

/// Stretches of ages, first and last of each included: `[[1, 3], [4, 7]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Brackets(Vec<(u32, u32)>);

impl Brackets {
    /// The brackets, in order.
    pub fn as_slice(&self) -> &[(u32, u32)] {
        &self.0
    }
}

impl Field for Brackets {
    fn describe() -> FieldType {
        FieldType::Brackets
    }

    fn check(&self) -> Result<()> {
        if self.0.is_empty() || self.0.iter().any(|(first, last)| first > last || *last > 36_600) {
            return Err(Error::invalid("a bracket is [first age, last age]; an empty one holds nothing"));
        }
        if self.0.windows(2).any(|pair| matches!(pair, [(_, last), (first, _)] if first <= last)) {
            return Err(Error::invalid("brackets may not overlap, and come in order"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: for<'d> Deserialize<'d> + Field>(text: &str) -> Option<T> {
        serde_json::from_str::<T>(text).ok().filter(|value| value.check().is_ok())
    }

    #[test]
    fn spans_are_read_and_written() {
        let spans = ["\"90s\"", "\"30m\"", "\"24h\"", "\"7d\"", "\"2w\"", "\"0s\""];
        let micros: Vec<_> = spans.iter().map(|text| read::<Span>(text).unwrap().micros() / SECOND).collect();
        assert_eq!(micros, [90, 1800, 86_400, 604_800, 1_209_600, 0]);
        let written: Vec<_> =
            spans.iter().map(|text| serde_json::to_string(&read::<Span>(text).unwrap()).unwrap()).collect();
        assert_eq!(written, ["\"90s\"", "\"30m\"", "\"1d\"", "\"7d\"", "\"14d\"", "\"0d\""]);
        for wrong in ["\"1y\"", "30", "\"-1s\"", "\"1.5h\"", "\"s\"", "\"4000000000d\""] {
            assert_eq!(read::<Span>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_span_may_have_another_rule_in_its_place() {
        use crate::kpi::usage::SessionCap;
        let midnight = SpanOr::Rule(SessionCap::Midnight);
        assert_eq!(read("\"midnight\""), Some(midnight));
        assert_eq!(read::<SpanOr<SessionCap>>("\"24h\""), Some(SpanOr::Span(Span::days(1))));
        assert_eq!(serde_json::to_string(&midnight).unwrap(), "\"midnight\"");
        assert_eq!([read::<SpanOr<SessionCap>>("\"noon\""), read("24"), read("null")], [None; 3]);
    }

    #[test]
    fn lists_say_what_they_hold() {
        assert_eq!(read::<Names>("\"export\""), Some(Names::new(["export"])));
        assert_eq!(read::<Names>("[]"), None);
        assert_eq!(read::<Rolling>("\"28d\""), Some(Rolling::Days(28)));
        assert_eq!([read::<Rolling>("\"0d\""), read("\"28\"")], [None; 2]);
        assert_eq!(read::<Ages>("[1, 1]"), None);
        assert_eq!(read::<Brackets>("[[1, 3], [3, 4]]"), None);
        assert!(read::<Brackets>("[[1, 3], [4, 4]]").is_some());
    }
}
