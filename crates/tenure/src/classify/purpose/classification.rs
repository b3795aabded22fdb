//! The answer: what an interaction is for, how sure that is, and why.

use crate::classify::Label;
use crate::classify::linear::Evidence;
use serde::Serialize;
use std::sync::Arc;

/// What an interaction is for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Classification {
    /// The dominant purpose; `None` when the classifier abstained.
    pub label: Option<Label>,
    /// Whether no purpose was likely enough, or there was nothing to go by.
    pub abstained: bool,
    /// How likely the dominant purpose is support, 0 to 1.
    pub p_support: f64,
    /// How likely the dominant purpose is service other than support, 0 to 1.
    pub p_service: f64,
    /// How likely the dominant purpose is success, 0 to 1. The three sum to 1.
    pub p_success: f64,
    /// How likely it is service in the wide sense, of which support is a part: `p_support + p_service`.
    pub p_service_any: f64,
    /// The language of the text as found: `en`, `id`, `sv`, `th`, `tr`, those that a classifier was trained with, or
    /// `und` if it is another one or cannot be told.
    pub language: Arc<str>,
    /// Where the interaction lies between service and success, one number for each row of the taxonomy.
    pub axes: Axes,
    /// What spoke for which label, strongest first; as many as were asked for.
    pub evidence: Vec<Evidence>,
    /// Which classifier answered: its kind and a checksum.
    pub model: Arc<str>,
    /// How many fields held a word or number that is not known, and were ignored.
    pub ignored: u32,
}

impl Classification {
    /// The probabilities in the order of [`Label::ALL`].
    pub fn probabilities(&self) -> [f64; 3] {
        [self.p_support, self.p_service, self.p_success]
    }
}

/// Where an interaction lies on the axes that tell service from success. Each is from -1 (how service works) to 1 (how
/// success works); 0 is in between, or not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Axes {
    /// Reactive (-1: the customer came first) to proactive (1: the company did).
    pub initiative: f64,
    /// This issue (-1) to the whole lifecycle (1).
    pub horizon: f64,
    /// Satisfaction with an answer (-1) to value reached (1).
    pub goal: f64,
    /// Transactional (-1) to a relationship (1).
    pub nature: f64,
    /// Problem and solution (-1) to improving what lies behind (1).
    pub approach: f64,
    /// One customer (-1) to many (1).
    pub scope: f64,
    /// One department at a time (-1) to many that work together (1).
    pub departments: f64,
}

impl Axes {
    /// The axes' names, in order.
    pub const NAMES: [&'static str; 7] =
        ["initiative", "horizon", "goal", "nature", "approach", "scope", "departments"];

    /// The axes' values, in the order of their names.
    pub fn values(&self) -> [f64; 7] {
        [self.initiative, self.horizon, self.goal, self.nature, self.approach, self.scope, self.departments]
    }
}
