//! The answers to a list of requests.

use crate::guard::read;
use crate::result::ResultTable;
use std::ptr::null;

/// Results in the order of their requests. It belongs to the caller, who frees it with `tenure_results_free`.
pub struct ResultList {
    pub(crate) results: Vec<ResultTable>,
}

/// How many results? 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_results_count(results: Option<&ResultList>) -> usize {
    read(0, || results.map_or(0, |results| results.results.len()))
}

/// Which is the result of request `index`? It belongs to the list: it is not freed by itself. NULL beyond the last.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_results_get(results: Option<&ResultList>, index: usize) -> *const ResultTable {
    read(null(), || results.and_then(|results| results.results.get(index)).map_or(null(), std::ptr::from_ref))
}

/// Frees a list and the results in it. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_results_free(results: Option<Box<ResultList>>) {
    read((), || drop(results));
}
