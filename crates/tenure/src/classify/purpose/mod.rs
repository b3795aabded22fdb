//! What an interaction with a customer is for: support, service or success.

mod axes;
mod bytes;
mod classification;
mod classifier;
mod evidence;
mod fields;
mod fit;
mod interaction;
mod model;
mod options;
mod rows;
mod taxonomy;
mod train;

pub use classification::{Axes, Classification};
pub use classifier::Classifier;
pub use fit::{FitOptions, Knowledge, Labelled};
pub use interaction::Interaction;
pub use options::ClassifyOptions;
