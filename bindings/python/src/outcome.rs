//! One answer as a Python object.

use crate::json::from_json;
use crate::output::time;
use crate::rows::named;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;
use tenure::{OutcomeInterval, Outcomes};

/// What the outcomes of one result have in common.
pub(crate) struct Names {
    by: Vec<String>,
    dimensions: Vec<String>,
    zone: String,
}

impl Names {
    pub(crate) fn of(outcomes: &Outcomes) -> Self {
        Self {
            by: outcomes.by.clone(),
            dimensions: outcomes.dimensions.iter().map(|name| (*name).to_owned()).collect(),
            zone: outcomes.zone.clone(),
        }
    }

    /// The names of an answer that has no groups.
    pub(crate) fn none() -> Self {
        Self { by: Vec::new(), dimensions: Vec::new(), zone: "UTC".to_owned() }
    }
}

/// One answer: a value, what it rests on, and how sure it is.
///
/// Examples
/// --------
/// >>> outcome = tenure.nps([10, 9, 7, 3])
/// >>> outcome.value, outcome.n, outcome.unit
/// (25.0, 4, 'points')
/// >>> outcome.numerator, outcome.denominator
/// (1, 4)
/// >>> outcome.interval.method
/// 'adjusted_wald'
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct Outcome {
    row: tenure::Outcome,
    names: Arc<Names>,
}

impl Outcome {
    pub(crate) fn new(row: tenure::Outcome, names: Arc<Names>) -> Self {
        Self { row, names }
    }

    fn period<'py>(
        &self,
        py: Python<'py>,
        of: impl Fn((i64, i64)) -> i64,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.row.period.map(|period| time(py, of(period), Some(&self.names.zone))).transpose()
    }
}

#[pymethods]
impl Outcome {
    /// The id of the KPI.
    #[getter]
    fn kpi(&self) -> &str {
        self.row.kpi
    }

    /// The first instant of the period; None without periods.
    #[getter]
    fn period_start<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.period(py, |(start, _)| start)
    }

    /// The first instant after the period; None without periods.
    #[getter]
    fn period_end<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.period(py, |(_, end)| end)
    }

    /// The group, by column.
    #[getter]
    fn by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        named(py, &self.names.by, &self.row.by)
    }

    /// The values of the KPI's own dimensions.
    #[getter]
    fn dimensions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        named(py, &self.names.dimensions, &self.row.dimensions)
    }

    /// The number; None when it is undefined or withheld.
    #[getter]
    fn value(&self) -> Option<f64> {
        self.row.value
    }

    /// The answer of KPIs that answer in words.
    #[getter]
    fn label(&self) -> Option<&str> {
        self.row.label.as_deref()
    }

    /// The answer of KPIs that answer with a time.
    #[getter]
    fn instant<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.row.instant.map(|at| time(py, at, Some(&self.names.zone))).transpose()
    }

    /// The exact numerator, where the KPI is a ratio of counts.
    #[getter]
    fn numerator(&self) -> Option<i64> {
        self.row.numerator
    }

    /// The exact denominator, where the KPI is a ratio of counts.
    #[getter]
    fn denominator(&self) -> Option<i64> {
        self.row.denominator
    }

    /// The exact amount in minor units, where the KPI is money.
    #[getter]
    fn amount_minor(&self) -> Option<i64> {
        self.row.amount_minor
    }

    /// The currency, where the KPI is money.
    #[getter]
    fn currency(&self) -> Option<&str> {
        self.row.currency.as_deref()
    }

    /// How many units were used.
    #[getter]
    fn n(&self) -> u64 {
        self.row.n
    }

    /// How many units have no value.
    #[getter]
    fn n_missing(&self) -> u64 {
        self.row.n_missing
    }

    /// How many units have a value that cannot be.
    #[getter]
    fn n_invalid(&self) -> u64 {
        self.row.n_invalid
    }

    /// How many units have an observation window that has not elapsed.
    #[getter]
    fn n_immature(&self) -> u64 {
        self.row.n_immature
    }

    /// How many units a flag or a policy leaves out.
    #[getter]
    fn n_excluded(&self) -> u64 {
        self.row.n_excluded
    }

    /// How many of the units used were still open.
    #[getter]
    fn n_censored(&self) -> u64 {
        self.row.n_censored
    }

    /// How many units there are: used and left out.
    #[getter]
    fn units(&self) -> u64 {
        self.row.units()
    }

    /// How the answer came out: ok, undefined, insufficient_n, partial_period, ...
    #[getter]
    fn status(&self) -> &str {
        self.row.status.name()
    }

    /// How sure the value is; None where it has no interval.
    #[getter]
    fn interval(&self) -> Option<Interval> {
        self.row.interval.map(|interval| Interval { interval })
    }

    /// What the value counts: points, percent, score, seconds, ...
    #[getter]
    fn unit(&self) -> &str {
        self.row.unit
    }

    /// Every choice that made the number, with the revision of the definition. Given back as a policy it
    /// reproduces the number.
    #[getter]
    fn policy<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, &self.row.policy)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            self.row == other.row && self.names.by == other.names.by && self.names.zone == other.names.zone
        })
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (self.row.kpi, self.row.n, self.row.period, self.row.value.map(f64::to_bits)).hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.py().import("tenure._show")?.call_method1("outcome_text", (slf,))?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.py().import("tenure._show")?.call_method1("outcome_html", (slf,))?.extract()
    }
}

/// A confidence interval, in the unit of the value.
///
/// Examples
/// --------
/// >>> interval = tenure.nps([10, 9, 7, 3]).interval
/// >>> interval.low < 25 < interval.high, interval.level, interval.method
/// (True, 0.95, 'adjusted_wald')
#[pyclass(frozen, eq, module = "tenure._tenure")]
#[derive(PartialEq)]
pub(crate) struct Interval {
    interval: OutcomeInterval,
}

#[pymethods]
impl Interval {
    /// The lower end.
    #[getter]
    fn low(&self) -> f64 {
        self.interval.low
    }

    /// The upper end.
    #[getter]
    fn high(&self) -> f64 {
        self.interval.high
    }

    /// The confidence level, such as 0.95.
    #[getter]
    fn level(&self) -> f64 {
        self.interval.level
    }

    /// How it was computed: wilson, adjusted_wald, t, ...
    #[getter]
    fn method(&self) -> &str {
        self.interval.method
    }

    fn __repr__(&self) -> String {
        let OutcomeInterval { low, high, level, method, .. } = self.interval;
        format!("{low:.2} to {high:.2} ({:.0} % {method})", level * 100.0)
    }
}
