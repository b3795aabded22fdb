//! The C interface of tenure: opaque handles, one status and one optional error object a call.
//!
//! `include/tenure.h` is generated from the functions of this crate and compared with them by a test; the comments
//! here are the documentation there. Every entry point goes through [`guard::guard`] or [`guard::read`]: a panic is
//! a status, never the end of the host.
#![allow(unsafe_code, reason = "the C boundary consists of raw pointers and exported names")]
#![allow(clippy::missing_safety_doc, reason = "the rules for pointers stand once, at the top of tenure.h")]

pub mod answer;
pub mod arrow;
pub mod book;
pub mod buffer;
mod cell;
pub mod classifier;
pub mod error;
pub mod feedback;
mod guard;
pub mod journey;
pub mod lifecycle;
pub mod open_hours;
mod pointer;
pub mod result;
pub mod results;
pub mod state;
pub mod status;
pub mod table;
mod texts;
pub mod version;

#[cfg(test)]
mod tests {
    use super::table::Table;
    use super::{
        book::Book, buffer::Buffer, classifier::Classifier, error::Error, journey::Journey,
        lifecycle::Lifecycle, open_hours::OpenHours, result::ResultTable, results::ResultList, state::State,
    };

    fn moves_between_threads<T: Send>() {}
    fn is_read_by_several_threads<T: Sync>() {}

    /// What the header promises about threads, checked by the compiler.
    #[test]
    fn handles_keep_their_promise_about_threads() {
        moves_between_threads::<(Book, Buffer, Classifier, Error, Journey, Lifecycle)>();
        moves_between_threads::<(ResultTable, ResultList, State, Table)>();
        is_read_by_several_threads::<(Book, Buffer, Classifier, Error, Lifecycle, OpenHours)>();
        is_read_by_several_threads::<(ResultTable, ResultList)>();
    }
}
