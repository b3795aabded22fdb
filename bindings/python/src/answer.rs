//! What needs no book: the catalog, and KPIs of one column of values.

use crate::book::parsed;
use crate::detach::detached;
use crate::error::{OrRaise, invalid};
use crate::json::{from_json, to_json};
use crate::outcome::{Names, Outcome};
use crate::table::from_columns;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Map;
use std::sync::Arc;
use tenure::{Error, ErrorKind};

/// One KPI of plain values: what `tenure.nps([10, 9, 7, 3])` calls.
#[pyfunction]
#[pyo3(signature = (kpi, values, policy=None, /))]
pub(crate) fn answer(
    py: Python<'_>,
    kpi: &str,
    values: &Bound<'_, PyAny>,
    policy: Option<&Bound<'_, PyDict>>,
) -> PyResult<Outcome> {
    let card = tenure::explain(kpi).or_raise(py)?.card;
    let column =
        card.values.ok_or_else(|| invalid(format!("\"{kpi}\" needs more than one column; ask a book")));
    let frame = from_columns(card.table, &[(column.or_raise(py)?.to_owned(), values.clone())])?;
    let mut request = Map::from_iter([("kpi".to_owned(), kpi.into()), ("as_of".to_owned(), "latest".into())]);
    if let Some(policy) = policy {
        request.insert("policy".to_owned(), to_json(policy)?);
    }
    let row = detached(py, || {
        let mut book = tenure::Book::new();
        book.add(frame.table(card.table)?)?;
        let outcomes = book.compute(&parsed(request)?)?;
        let row = outcomes.rows.into_iter().next();
        row.ok_or_else(|| Error::new(ErrorKind::Internal, "an answer without a row"))
    })?;
    Ok(Outcome::new(row, Arc::new(Names::none())))
}

/// Everything about a KPI that can be told without data, as a dict.
#[pyfunction]
#[pyo3(signature = (kpi, /))]
pub(crate) fn explain<'py>(py: Python<'py>, kpi: &str) -> PyResult<Bound<'py, PyAny>> {
    let explanation = tenure::explain(kpi).or_raise(py)?;
    let text = serde_json::to_string(&explanation)
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()));
    from_json(py, &text.or_raise(py)?)
}

/// The ids of all KPIs, in the order of their families.
#[pyfunction]
pub(crate) fn catalog() -> Vec<&'static str> {
    tenure::catalog().map(|card| card.id).collect()
}
