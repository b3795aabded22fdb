//! The Python face of tenure: tables come in through Arrow capsules or as plain Python values, every question goes
//! to the core without the interpreter lock, and answers go out as Arrow capsules or plain Python values.
//!
//! This crate converts and nothing else. Files, pictures, the report and the command line are Python, in
//! `python/tenure`.
#![allow(
    clippy::doc_markdown,
    clippy::doc_link_with_quotes,
    rustdoc::broken_intra_doc_links,
    reason = "documentation of what Python sees is Python's: docstrings in numpy style"
)]

mod answer;
mod book;
mod buffer;
mod capsule;
mod classifier;
mod detach;
mod error;
mod feedback;
mod json;
mod lifecycle;
mod open_hours;
mod outcome;
mod output;
mod rows;
mod sample;
mod state;
mod table;
mod texts;
mod values;

/// The compiled part of the package `tenure`.
#[pyo3::pymodule(gil_used = false)]
mod _tenure {
    #[pymodule_export]
    use crate::answer::{answer, catalog, explain};
    #[pymodule_export]
    use crate::book::Book;
    #[pymodule_export]
    use crate::classifier::{Classifier, classify};
    #[pymodule_export]
    use crate::feedback::feedback;
    #[pymodule_export]
    use crate::lifecycle::{Journey, Lifecycle};
    #[pymodule_export]
    use crate::open_hours::OpenHours;
    #[pymodule_export]
    use crate::outcome::{Interval, Outcome};
    #[pymodule_export]
    use crate::rows::{Answers, Rows, Trace};
    #[pymodule_export]
    use crate::sample::{sample_tables, write_sample};
    #[pymodule_export]
    use crate::state::State;

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
    #[pymodule_export]
    const ZONE_RULES: &str = tenure::ZONE_RULES;
    #[pymodule_export]
    const TRUE_WORDS: [&str; 5] = tenure::TRUE_WORDS;
    #[pymodule_export]
    const FALSE_WORDS: [&str; 5] = tenure::FALSE_WORDS;
}
