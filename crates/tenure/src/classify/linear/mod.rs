//! Linear models of what stands in texts: how they are learned, kept, measured and explained.

pub(crate) mod bytes;
mod corpus;
mod folds;
mod metrics;
mod reasons;
mod solver;
mod table;
mod weights;
mod words;

pub(crate) use corpus::{Counts, Text, TextReader, damping};
pub(crate) use folds::Folds;
pub use metrics::{Abstention, LabelMetrics, Metrics};
pub(crate) use metrics::{Judged, likeliest};
pub use reasons::Evidence;
pub(crate) use reasons::{Explained, Reasons, strongest, votes};
pub(crate) use solver::{Bound, Example, Problem, Shuffle, Solution, Weights, numbers, softmax, solve};
pub(crate) use table::Table;
pub(crate) use weights::{TextWeights, add, is_factor};
pub(crate) use words::{WordLessons, Words, against, factor, small, whole};
