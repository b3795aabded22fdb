//! What customers say in their comments: how content they are, and with what.

mod answer;
mod bytes;
mod comment;
mod context;
mod fit;
mod measured;
mod mentions;
mod model;
mod options;
mod own;
mod reader;
mod rows;
mod score;
mod train;

pub use answer::{Feedback, Mention};
pub use comment::Comment;
pub use fit::{FeedbackKnowledge, LabelledComment};
pub use measured::{FeedbackMetrics, ThemeMetrics};
pub use options::FeedbackOptions;
pub use reader::FeedbackReader;
