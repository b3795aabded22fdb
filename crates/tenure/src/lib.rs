//! # tenure: customer KPIs, executable
//!
//! *Same question, same policy, same data: the same number, everywhere*, with the definition, the counts and the
//! uncertainty attached.
//!
//! ```
//! let outcome = tenure::nps([10, 9, 7, 3])?;
//! assert_eq!(outcome.value, Some(25.0));
//! assert_eq!(outcome.n, 4);
//! let interval = outcome.interval.expect("four answers are enough for an interval");
//! assert_eq!(interval.method, "adjusted_wald");
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! Tables of borrowed columns make a [`Book`]; a [`Request`] names a KPI, a policy and a scope; the answer is a table
//! of [`Outcome`]s.
//!
//! ```
//! use tenure::{Book, Every, Nps, Preset, Request, Table};
//! let scores = [10_i8, 9, 7, 3, 9];
//! let times = ["2026-01-05", "2026-01-09", "2026-01-31T23:30:00Z", "2026-02-02", "2026-03-01"];
//! let segments = ["smb", "enterprise", "smb", "smb", "enterprise"];
//! let mut book = Book::new();
//! book.add(Table::new("surveys").column("score", &scores).column("answered_at", &times).column("segment", &segments))?;
//! let by_month = book.compute(
//!     &Request::new("nps")
//!         .every(Every::Month)
//!         .zone("Europe/Stockholm")
//!         .by("segment")
//!         .as_of("2026-04-01")
//!         .policy(Nps { preset: Preset::Wootric, ..Default::default() }),
//! )?;
//! // Three months, two segments; the answer of 23:30 UTC was given in February, in Stockholm.
//! assert_eq!(by_month.len(), 6);
//! assert_eq!(by_month.rows[3].numerator, Some(-1));
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! # Where things are
//!
//! - [`kpi`]: one module a KPI, with its question, definition, edge cases and sources.
//! - [`Book`], [`Table`], [`Column`]: data in. [`Request`], [`policy`]: the question. [`Outcome`]: the answer.
//! - [`State`]: `partial`, `merge`, `finish`, `encode`, `decode`: exact, in any order, in any language.
//! - [`catalog()`] and [`explain`]: what there is, as data.
//! - `classify` (cargo feature `classify`): what texts from customers say, with reasons: support, service or success;
//!   sentiment and themes.
//! - [`lifecycle`]: stages, the moves between them, and single journeys told event by event, usable alone.
//! - [`calendar`]: time in open hours, exact across clock changes, usable alone.
//! - [`stats`]: intervals, quantiles and sample sizes, usable alone.
#![forbid(unsafe_code)]

mod book;
pub mod calendar;
mod catalog;
#[cfg(feature = "classify")]
pub mod classify;
mod column;
mod compute;
#[cfg(feature = "classify")]
mod derived;
mod error;
mod formula;
mod indexes;
mod inferred;
mod journeys;
mod key;
pub mod kpi;
pub mod lifecycle;
mod measure;
mod outcome;
mod plan;
pub mod policy;
mod request;
mod scope;
mod state;
pub mod stats;
mod summary;
mod table;
mod time_text;
mod view;

pub use book::{Book, answer};
pub use catalog::{Better, Card, Discipline, Explanation, catalog, explain, presets};
pub use column::{Bitmap, Column, Reading, Slice, Text, Unit};
pub use compute::Splits;
pub use error::{Error, ErrorKind, Location, Result};
pub use indexes::Indexes;
pub use journeys::{JourneyPolicy, JourneyStay, Journeys, Story, StoryEvent};
pub use key::Key;
pub use kpi::lifecycle::*;
pub use kpi::performance::*;
pub use kpi::success::*;
pub use kpi::support::*;
pub use kpi::usage::*;
pub use kpi::voice::*;
pub use lifecycle::{Lifecycle, LifecycleState};
pub use measure::{FALSE_WORDS, TRUE_WORDS};
pub use outcome::{
    Fault, LeftOut, Note, OptionalColumns, Outcome, OutcomeInterval, Outcomes, Scorecard, Status, Trace,
    UnitRow, Units,
};
pub use policy::{
    Ages, Brackets, Choice, LifecycleChoice, Named, Names, OneOrMany, OpenUnits, Policy, PolicyMap, Preset,
    Rolling, Scale, Span, SpanOr, Statistic, Window, Within,
};
pub use request::Request;
pub use scope::{Every, Micros, When, ZONE_RULES};
pub use state::State;
pub use table::Table;
