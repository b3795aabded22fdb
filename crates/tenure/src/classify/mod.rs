//! # Support, service or success
//!
//! **Question.** What is an interaction with a customer for, and how do we know?

mod axes;
mod bytes;
mod classification;
mod classifier;
mod corpus;
mod evidence;
mod features;
mod fields;
mod fit;
mod interaction;
mod language;
mod lexicon;
mod mail;
mod markup;
mod metrics;
mod model;
mod options;
mod rows;
mod solver;
mod source;
mod table;
mod taxonomy;
mod text;
mod train;

pub use classification::{Axes, Classification, Evidence, Label};
pub use classifier::Classifier;
pub use fit::{FitOptions, Knowledge, Labelled};
pub use interaction::Interaction;
pub use metrics::{Abstention, LabelMetrics, Metrics};
pub use options::{ClassifyOptions, Strip};
