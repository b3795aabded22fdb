//! Arrow for [`tenure`]: record batches and C streams become the borrowed columns that the core reads, and its
//! results become record batches.
//!
//! This is the only crate of the workspace that names an Arrow version. Whoever needs Arrow's own types takes them
//! from here, so that there is never a second version in the build.
//!
//! ```
//! use std::sync::Arc;
//! use tenure_arrow::arrow_array::{ArrayRef, Int8Array, RecordBatch};
//! use tenure_arrow::Frame;
//!
//! let scores: ArrayRef = Arc::new(Int8Array::from(vec![10, 9, 7, 3]));
//! let frame = Frame::from(RecordBatch::try_from_iter([("score", scores)])?);
//! let mut book = tenure::Book::new();
//! book.add(frame.table("surveys")?)?;
//! let outcomes = book.compute(&tenure::Request::new("nps").as_of("2026-07-01"))?;
//! let batch = tenure_arrow::outcomes(&outcomes)?;
//! assert_eq!(batch.column_by_name("n").map(|n| n.len()), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod column;
mod columns;
#[cfg(feature = "classify")]
mod feedback;
mod frame;
#[cfg(feature = "classify")]
mod interaction;
mod journeys;
mod keys;
#[cfg(feature = "classify")]
mod reasons;
mod result;
mod stream;
mod text;

pub use arrow_array;
pub use arrow_buffer;
pub use arrow_data;
pub use arrow_schema;

#[cfg(feature = "classify")]
pub use feedback::feedback;
pub use frame::Frame;
#[cfg(feature = "classify")]
pub use interaction::classifications;
pub use journeys::{journeys, story};
pub use result::{faults, outcomes, traces, units};
pub use stream::{export_stream, import_array};
