//! The answer: never a bare float.

use crate::key::Key;
use crate::measure::Reason;
use crate::scope::Micros;
use crate::table::Table;
use serde::Serialize;
use std::sync::Arc;

/// How an answer came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// A value.
    Ok,
    /// Nothing to divide by: no value, which is not zero.
    Undefined,
    /// Gain without any loss: the ratio has no finite value.
    Lossless,
    /// The observation window has not elapsed yet.
    Immature,
    /// Fewer units than the request's `min_n`: the value is withheld.
    InsufficientN,
    /// A value of a period that `start`, `end` or `as_of` cuts short.
    PartialPeriod,
    /// The quantile is not reached within the observed time.
    NotReached,
    /// A fit did not converge.
    NotConverged,
}

impl Status {
    /// The name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Undefined => "undefined",
            Status::Lossless => "lossless",
            Status::Immature => "immature",
            Status::InsufficientN => "insufficient_n",
            Status::PartialPeriod => "partial_period",
            Status::NotReached => "not_reached",
            Status::NotConverged => "not_converged",
        }
    }
}

/// A confidence interval around a value, in the value's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutcomeInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence level, such as 0.95.
    pub level: f64,
    /// How it was computed: `wilson`, `adjusted_wald`, `t`, ...
    pub method: &'static str,
}

/// One row of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The KPI's id.
    pub kpi: &'static str,
    /// The period `[start, end)`, if the request has periods.
    pub period: Option<(Micros, Micros)>,
    /// The values of the `by` columns, in the order asked for.
    pub by: Vec<Key>,
    /// The values of the KPI's dimensions, named by [`Outcomes::dimensions`].
    pub dimensions: Vec<Key>,
    /// The number; `None` when undefined. Money is in major units.
    pub value: Option<f64>,
    /// The answer of KPIs that answer in words.
    pub label: Option<String>,
    /// The answer of KPIs that answer with a time.
    pub instant: Option<Micros>,
    /// Exact numerator, where the KPI is a ratio of counts.
    pub numerator: Option<i64>,
    /// Exact denominator, where the KPI is a ratio of counts.
    pub denominator: Option<i64>,
    /// Exact amount in minor units, where the KPI is money.
    pub amount_minor: Option<i64>,
    /// ISO 4217 code, where the KPI is money.
    pub currency: Option<String>,
    /// Units used.
    pub n: u64,
    /// Units without a value.
    pub n_missing: u64,
    /// Units whose value cannot be.
    pub n_invalid: u64,
    /// Units whose observation window has not elapsed.
    pub n_immature: u64,
    /// Units left out by a flag or a policy.
    pub n_excluded: u64,
    /// Units of `n` that were still open.
    pub n_censored: u64,
    /// How the answer came out.
    pub status: Status,
    /// How sure it is.
    pub interval: Option<OutcomeInterval>,
    /// What the value counts: `points`, `percent`, `seconds`, ...
    pub unit: &'static str,
    /// Every choice that made the number, as canonical JSON with the definition's revision.
    pub policy: Arc<str>,
}

impl Outcome {
    /// Units used and left out.
    pub fn units(&self) -> u64 {
        self.n + self.n_missing + self.n_invalid + self.n_immature + self.n_excluded
    }
}

/// The rows of a result, ordered by period, `by` columns and dimensions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Outcomes {
    /// The KPI's id.
    pub kpi: &'static str,
    /// The names of the `by` columns.
    pub by: Vec<String>,
    /// The names of the dimensions.
    pub dimensions: Vec<&'static str>,
    /// Which of the columns that not every KPI has are present.
    pub columns: OptionalColumns,
    /// The zone of the periods.
    pub zone: String,
    /// What was known: later timestamps read as absent.
    pub as_of: Micros,
    /// The rows.
    pub rows: Vec<Outcome>,
}

/// Which columns of a result apply to its KPI and request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "each says of one column whether it is there")]
pub struct OptionalColumns {
    /// `period_start` and `period_end`.
    pub period: bool,
    /// `label`.
    pub label: bool,
    /// `instant`.
    pub instant: bool,
    /// `numerator` and `denominator`.
    pub ratio: bool,
    /// `amount_minor` and `currency`.
    pub money: bool,
}

impl Outcomes {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows.
    pub fn iter(&self) -> std::slice::Iter<'_, Outcome> {
        self.rows.iter()
    }
}

impl<'o> IntoIterator for &'o Outcomes {
    type Item = &'o Outcome;
    type IntoIter = std::slice::Iter<'o, Outcome>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// One unit of a KPI: where it counted and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UnitRow {
    /// The row in the unit table, counted from 0.
    pub row: u64,
    /// The value of the key column; the row's number if the table has none.
    pub key: Key,
    /// The values of the `by` columns.
    pub by: Vec<Key>,
    /// The values of the KPI's dimensions.
    pub dimensions: Vec<Key>,
    /// The instant of attribution.
    pub occurred_at: Option<Micros>,
    /// observed, censored, immature, missing, invalid or excluded.
    pub fate: &'static str,
    /// Why it was left out.
    pub reason: Option<&'static str>,
    /// The unit's own value; 0 or 1 for proportions.
    pub value: Option<f64>,
    /// The unit's own answer in words.
    pub label: Option<String>,
}

/// What became of every unit of a KPI.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Units {
    /// The KPI's id.
    pub kpi: &'static str,
    /// The name of the key column, or `row`.
    pub key: String,
    /// The names of the `by` columns.
    pub by: Vec<String>,
    /// The names of the dimensions.
    pub dimensions: Vec<&'static str>,
    /// The zone of the request.
    pub zone: String,
    /// The units, in the order of the table.
    pub rows: Vec<UnitRow>,
}

/// One step in the story of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// What was looked at: a column, the scope, the policy.
    pub what: String,
    /// What was found and what follows from it.
    pub found: String,
}

/// Why one unit counted as it did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trace {
    /// The KPI's id.
    pub kpi: &'static str,
    /// The unit's row in the unit table.
    pub row: u64,
    /// The steps, in order.
    pub notes: Vec<Note>,
}

/// A row that could not be used, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The row, counted from 0 over the whole table.
    pub row: u64,
    /// Why, as a stable name.
    pub reason: &'static str,
    /// Why, in words, with the value.
    pub text: String,
}

impl Fault {
    pub(crate) fn of(table: &Table<'_>, row: usize, reason: Reason) -> Self {
        let value = table.find(reason.column).map(|at| Key::from(table.read(at, row)));
        let value =
            value.filter(|value| *value != Key::Null).map(|value| format!("{value} ")).unwrap_or_default();
        Self {
            table: table.name().to_owned(),
            column: reason.column.to_owned(),
            row: row as u64,
            reason: reason.code,
            text: format!("{} {value}{}", reason.column, reason.text),
        }
    }
}

/// All KPIs of the catalog over one book.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scorecard {
    /// The answers, in the order of the catalog.
    pub answers: Vec<Outcomes>,
    /// The KPIs that the book cannot answer, and why.
    pub left_out: Vec<LeftOut>,
}

/// A KPI that a scorecard leaves out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LeftOut {
    /// The KPI's id.
    pub kpi: &'static str,
    /// What is missing.
    pub error: crate::error::Error,
}
