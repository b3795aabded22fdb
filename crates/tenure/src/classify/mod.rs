//! # What texts from customers say
//!
//! **Questions.** What is an interaction with a customer for: support, service or success? What do customers say in their
//! comments: are they content, and with what? And how do we know?

pub use crate::kpi::success::Label;
pub use crate::kpi::voice::Sentiment;

mod cells;
mod feedback;
mod linear;
mod options;
mod purpose;
mod text;

pub use feedback::{
    Comment, Feedback, FeedbackKnowledge, FeedbackMetrics, FeedbackOptions, FeedbackReader, LabelledComment,
    Mention, ThemeMetrics,
};
pub use linear::{Abstention, Evidence, LabelMetrics, Metrics};
pub use purpose::{
    Axes, Classification, Classifier, ClassifyOptions, FitOptions, Interaction, Knowledge, Labelled,
};
pub use text::Strip;
