//! Probes: whether a request was answered, and how fast.

use crate::column::Reading;
use crate::compute::{Row, RowView, Untimed};
use crate::measure::{Fate, Input, InputKind, Reason, RowMeasure, said};
use crate::summary::Trial;

/// Probes, by when they were made. What `excluded` marks is left out.
pub(crate) fn probes(excluded: &'static [&'static str]) -> RowView {
    RowView {
        table: "probes",
        key: "row",
        time: &["occurred_at"],
        untimed: Untimed::Fault,
        kind: None,
        excluded,
        scale: None,
    }
}

/// The mark of probes that say nothing of the product.
pub(crate) const MAINTENANCE: &[&str] = &["maintenance"];

/// Whether the request was answered.
pub(crate) const OK: Input = Input::required("ok", InputKind::Flag);
/// The same, where it only says which latencies count.
pub(crate) const OK_IF_KNOWN: Input = Input::optional("ok", InputKind::Flag);
/// How long the answer took.
pub(crate) const LATENCY: Input = Input::required("latency_ms", InputKind::Number);

/// Whether a request was answered, if the probe says so.
pub(crate) fn answered(reading: Reading<'_>) -> Option<bool> {
    said(reading)
}

/// The share of probes that were answered, or that were not.
pub(crate) struct Answered {
    pub(crate) counts: bool,
}

impl RowMeasure for Answered {
    type Value = Trial;

    fn inputs(&self) -> &[Input] {
        &[OK]
    }

    fn row(&self, row: &Row<'_>) -> Fate<Trial> {
        answered(row.read(0)).map_or(Fate::Missing, |ok| Fate::Observed((ok == self.counts).into()))
    }

    fn decided_by_first_input(&self) -> bool {
        true
    }
}

const NEGATIVE: Reason = Reason::new("latency_ms", "negative", "is negative");
const NOT_A_NUMBER: Reason = Reason::new("latency_ms", "not_a_number", "is not a number");

/// A latency in milliseconds, or why there is none.
pub(crate) fn latency<V>(reading: Reading<'_>) -> Result<f64, Fate<V>> {
    let milliseconds = match reading {
        Reading::Missing => return Err(Fate::Missing),
        Reading::Whole(whole) => whole as f64,
        Reading::Real(real) => real,
        _ => return Err(Fate::Invalid(NOT_A_NUMBER)),
    };
    if milliseconds < 0.0 { Err(Fate::Invalid(NEGATIVE)) } else { Ok(milliseconds) }
}
