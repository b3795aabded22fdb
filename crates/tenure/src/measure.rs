//! Measures: a KPI's own small pure functions, from a view of the data to measurements.
//!
//! A measurement says what became of the unit ([`Fate`]) and for which values of the KPI's dimension it counts.
//! Everything else (periods, groups, row accounting, merging) is the engine's.

use crate::column::Reading;
use crate::compute::{Bounds, Context, Out, Row, Sink};
use crate::error::Result;
use crate::key::Key;
use crate::outcome::{Fault, Note};
use crate::view::View;

/// What became of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate<V> {
    /// It has a value.
    Observed(V),
    /// It was open at `as_of`: the value is at least this.
    Censored(V),
    /// Its observation window has not elapsed.
    Immature,
    /// It has no value.
    Missing,
    /// It has no value, but a word that says how it stands.
    MissingAs(&'static str),
    /// Its value cannot be.
    Invalid(Reason),
    /// A flag or a policy leaves it out.
    Excluded(Reason),
    /// It is no unit of this KPI at all, and is not counted.
    NoUnit,
    /// It is no unit, but what units are compared with: its value is remembered, and it is not counted.
    Compared(V),
}

impl<V> Fate<V> {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Fate::Observed(_) => "observed",
            Fate::Censored(_) => "censored",
            Fate::Immature => "immature",
            Fate::Missing | Fate::MissingAs(_) => "missing",
            Fate::Invalid(_) => "invalid",
            Fate::Excluded(_) => "excluded",
            Fate::NoUnit => "no_unit",
            Fate::Compared(_) => "compared",
        }
    }

    /// Whether it is a unit, whatever became of it.
    pub(crate) fn is_unit(&self) -> bool {
        !matches!(self, Fate::NoUnit | Fate::Compared(_))
    }

    pub(crate) fn reason(&self) -> Option<Reason> {
        match self {
            Fate::Invalid(reason) | Fate::Excluded(reason) => Some(*reason),
            _ => None,
        }
    }

    pub(crate) fn value(&self) -> Option<&V> {
        match self {
            Fate::Observed(value) | Fate::Censored(value) => Some(value),
            _ => None,
        }
    }

    /// In words, for KPIs that class their units.
    pub(crate) fn label(&self) -> Option<&str>
    where
        V: Value,
    {
        match self {
            Fate::Immature => V::IMMATURE,
            Fate::MissingAs(label) => Some(label),
            fate => fate.value().and_then(Value::label),
        }
    }
}

/// Why a unit was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reason {
    /// The column at fault.
    pub(crate) column: &'static str,
    /// A stable name.
    pub(crate) code: &'static str,
    /// The same in words, continuing "column value ...".
    pub(crate) text: &'static str,
}

impl Reason {
    pub(crate) const fn new(column: &'static str, code: &'static str, text: &'static str) -> Self {
        Self { column, code, text }
    }
}

/// A measured value, as `units` shows it.
pub(crate) trait Value: Clone + PartialEq + std::fmt::Debug {
    /// As a number; 0 or 1 for proportions.
    fn number(&self) -> Option<f64>;

    /// In words, for KPIs that class their units.
    fn label(&self) -> Option<&str> {
        None
    }

    /// What such a KPI calls units that have no value yet.
    const IMMATURE: Option<&'static str> = None;
}

/// What a measure reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) column: &'static str,
    pub(crate) kind: InputKind,
    pub(crate) need: Need,
}

/// Whether a table has to have the column of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    /// Unless it has another one, which says as much.
    RequiredUnless(&'static str),
    Optional,
}

/// What type of column serves an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputKind {
    Number,
    Text,
    Time,
    Flag,
    /// A list of texts.
    Texts,
    /// Ids: whole numbers or text.
    Any,
}

impl Input {
    pub(crate) const fn required(column: &'static str, kind: InputKind) -> Self {
        Self { column, kind, need: Need::Required }
    }

    pub(crate) const fn required_unless(other: &'static str, column: &'static str, kind: InputKind) -> Self {
        Self { column, kind, need: Need::RequiredUnless(other) }
    }

    pub(crate) const fn optional(column: &'static str, kind: InputKind) -> Self {
        Self { column, kind, need: Need::Optional }
    }
}

/// A measure of which every row is a unit with one fate.
pub(crate) trait RowMeasure: Send + Sync {
    type Value: Value;

    /// The columns it reads, by position in [`Row`].
    fn inputs(&self) -> &[Input];

    /// The fate of one row.
    fn row(&self, row: &Row<'_>) -> Fate<Self::Value>;

    /// The values of the KPI's dimension that the row counts for, beside counting for all of them together.
    fn dimensions(&self, _row: &Row<'_>) -> Vec<Key> {
        Vec::new()
    }

    /// Whether the fate depends on the first input alone. The engine then asks once for each distinct small
    /// number instead of once for each row.
    fn decided_by_first_input(&self) -> bool {
        false
    }
}

/// A measure that looks at an entity as a whole.
pub(crate) trait EntityMeasure: Send + Sync {
    type Value: Value;
    type View: View;
    /// What it needs of other tables, worked out once a request: schedules, service levels, rates.
    type Side;

    /// The columns of the unit table that it reads, by position in [`Row`].
    fn inputs(&self) -> &[Input];

    /// The columns of `by` that it knows itself, beside those of tables: it tells their values with
    /// [`Out::attribute`].
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// The column whose values stay together when the data is split, where one entity also looks at others.
    fn together(&self) -> Option<&'static str> {
        None
    }

    /// Which bounds a part of the data needs.
    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    /// Whether all units are compared with each other, so that the data cannot be split.
    fn compares_all(&self) -> bool {
        false
    }

    /// The rows of other tables that it could not use.
    fn faults(&self, _: &Context<'_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }

    /// Works out what it needs of other tables.
    fn side(&self, context: &Context<'_>) -> Result<Self::Side>;

    /// Measures one entity. `why` is silent in `compute` and takes notes in `trace`.
    fn entity<E: Evidence>(
        &self,
        side: &Self::Side,
        entity: &<Self::View as View>::Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Self::Value>>,
        why: &mut E,
    ) -> Result<()>;
}

/// Takes notes of what a measure looked at.
pub(crate) trait Evidence {
    /// Whether anyone reads the notes; what is gone through only for them can be left out otherwise.
    fn listens(&self) -> bool;

    /// One step. The text is made only if someone reads it.
    fn note(&mut self, what: &str, found: impl FnOnce() -> String);
}

/// Takes no notes, and nothing is left of it in what is compiled.
#[derive(Default)]
pub(crate) struct Silent;

impl Evidence for Silent {
    fn listens(&self) -> bool {
        false
    }

    fn note(&mut self, _: &str, _: impl FnOnce() -> String) {}
}

/// Takes notes, if anyone reads them.
#[derive(Default)]
pub(crate) struct Notes(Option<Vec<Note>>);

impl Notes {
    /// Somebody reads them.
    pub(crate) fn taken() -> Self {
        Self(Some(Vec::new()))
    }

    pub(crate) fn all(self) -> Vec<Note> {
        self.0.unwrap_or_default()
    }
}

impl Evidence for Notes {
    fn listens(&self) -> bool {
        self.0.is_some()
    }

    fn note(&mut self, what: &str, found: impl FnOnce() -> String) {
        if let Some(notes) = &mut self.0 {
            notes.push(Note { what: what.to_owned(), found: found() });
        }
    }
}

/// The texts that say true in a column of flags, in whatever case of letters.
pub const TRUE_WORDS: [&str; 5] = ["true", "t", "yes", "y", "1"];
/// The texts that say false.
pub const FALSE_WORDS: [&str; 5] = ["false", "f", "no", "n", "0"];

/// What a flag says; nothing if it is missing, or is none. Which of the two, [`is_flag`] tells.
pub(crate) fn said(reading: Reading<'_>) -> Option<bool> {
    match reading {
        Reading::Bool(value) => Some(value),
        Reading::Whole(0) => Some(false),
        Reading::Whole(1) => Some(true),
        Reading::Text(text) => {
            let is_one = |words: &[&str]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
            if is_one(&TRUE_WORDS) { Some(true) } else { is_one(&FALSE_WORDS).then_some(false) }
        }
        _ => None,
    }
}

/// Whether a flag says true. A column of them has been looked at before, so that there is none that cannot be read.
pub(crate) fn flag(reading: Reading<'_>) -> bool {
    said(reading) == Some(true)
}

/// Whether a value says true or false, or nothing.
pub(crate) fn is_flag(reading: Reading<'_>) -> bool {
    reading.unless_blank() == Reading::Missing || said(reading).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_by_one_rule() {
        let yes = ["true", "TRUE", "Yes", " y ", "t", "1"].map(Reading::Text);
        let no = ["false", "No", "n", "F", "0"].map(Reading::Text);
        for reading in yes.into_iter().chain([Reading::Bool(true), Reading::Whole(1)]) {
            assert_eq!((said(reading), flag(reading), is_flag(reading)), (Some(true), true, true));
        }
        for reading in no.into_iter().chain([Reading::Bool(false), Reading::Whole(0)]) {
            assert_eq!((said(reading), flag(reading), is_flag(reading)), (Some(false), false, true));
        }
        for reading in [Reading::Missing, Reading::Text(""), Reading::Text(" \t")] {
            assert_eq!((said(reading), is_flag(reading)), (None, true));
        }
        for reading in [Reading::Text("nope"), Reading::Whole(2), Reading::Real(0.5), Reading::Unreadable] {
            assert_eq!((said(reading), is_flag(reading)), (None, false));
        }
    }
}
