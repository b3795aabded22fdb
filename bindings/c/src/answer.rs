//! What needs no book: the catalog, and KPIs of one column of numbers.

use crate::buffer::Buffer;
use crate::error::Error;
use crate::guard::{Failure, guard};
use crate::pointer::{give, given, misuse, text};
use crate::result::ResultTable;
use crate::status::Status;
use serde_json::Value;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use tenure_core::{Book, Column, PolicyMap, Request, Slice, Table};

/// Which KPIs are there? A JSON list of their cards: id, question, formula, unit, inputs, sources and more. The
/// caller frees the buffer.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_catalog(
    json: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let json = given(json, "json")?;
        give(json, Buffer::json(&tenure_core::catalog().collect::<Vec<_>>())?);
        Ok(())
    })
}

/// What is this KPI, and what can be chosen? A JSON object: its card, its policies with their choices and presets,
/// and the default policy. The caller frees the buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_explain(
    kpi: *const c_char,
    kpi_len: usize,
    json: Option<&mut MaybeUninit<*mut Buffer>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let json = given(json, "json")?;
        // SAFETY: the rules for pointers in tenure.h.
        let kpi = unsafe { text(kpi, kpi_len, "kpi") }?;
        give(json, Buffer::json(&tenure_core::explain(kpi)?)?);
        Ok(())
    })
}

/// What is a KPI of plain numbers? For those that one column is enough for: `nps`, `csat`, `ces`. NaN is a missing
/// value; `policy` is a JSON object, or NULL and 0 for the default. The numbers are only read; the caller frees
/// the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tenure_answer(
    kpi: *const c_char,
    kpi_len: usize,
    values: *const f64,
    len: usize,
    policy: *const c_char,
    policy_len: usize,
    result: Option<&mut MaybeUninit<*mut ResultTable>>,
    error: Option<&mut MaybeUninit<*mut Error>>,
) -> Status {
    guard(error, || {
        let result = given(result, "result")?;
        // SAFETY: the rules for pointers in tenure.h.
        let (kpi, numbers, policy) = unsafe {
            let numbers = crate::pointer::values(values, len, "values")?;
            (text(kpi, kpi_len, "kpi")?, numbers, text(policy, policy_len, "policy")?)
        };
        let card = tenure_core::explain(kpi)?.card;
        let Some(column) = card.values else {
            let message = format!("\"{kpi}\" needs more than one column of values; ask a book");
            return Err(misuse(Status::InvalidRequest, message));
        };
        let mut book = Book::new();
        book.add(Table::new(card.table).column(column, Column::F64(Slice::new(numbers, None))))?;
        let mut request = Request::new(kpi).as_of("latest");
        request.policy = policy_of(policy)?;
        give(result, ResultTable::of_outcomes(&book.compute(&request)?)?);
        Ok(())
    })
}

fn policy_of(json: &str) -> Result<PolicyMap, Failure> {
    if json.is_empty() {
        return Ok(PolicyMap::new());
    }
    match serde_json::from_str(json) {
        Ok(Value::Object(policy)) => Ok(policy),
        Ok(_) => Err(misuse(Status::InvalidRequest, "a policy is a JSON object")),
        Err(error) => Err(misuse(Status::InvalidRequest, format!("the policy is not JSON: {error}"))),
    }
}
