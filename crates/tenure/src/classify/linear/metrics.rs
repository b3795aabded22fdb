//! How good a classifier is, on rows that it was not trained with.

use crate::classify::Label;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// How good a classifier is, on rows that it was not trained with.
///
/// As JSON, what there is of each label or language has its name: `labels.support.f1`, `confusion.service.success`,
/// `languages.sv.macro_f1`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Metrics {
    /// How many rows were classified.
    pub rows: u64,
    /// Share of rows whose likeliest label was right, 0 to 1. Nothing abstains here.
    pub accuracy: f64,
    /// Mean of the three labels' F1, 0 to 1: a rare label weighs as much as a frequent one.
    pub macro_f1: f64,
    /// Share of rows for which "success or not" was right, 0 to 1.
    pub success_accuracy: f64,
    /// Expected calibration error in ten bins of confidence, 0 to 1: how far the stated probability of the likeliest
    /// label is from how often it was right.
    pub calibration_error: f64,
    /// Mean negative logarithm of the probability given to the right label.
    pub log_loss: f64,
    /// Precision and recall, in the order of [`Label::ALL`].
    #[serde(serialize_with = "by_label")]
    pub labels: [LabelMetrics; 3],
    /// `confusion[right][found]`: how many rows of a label were given which.
    #[serde(serialize_with = "by_labels")]
    pub confusion: [[u64; 3]; 3],
    /// What abstaining would gain, for rising thresholds.
    pub abstention: Vec<Abstention>,
    /// The same for the rows of each language, as detected or as given. Empty inside itself.
    #[serde(serialize_with = "by_language", skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<(String, Metrics)>,
}

fn named<T>(values: &[T; 3]) -> BTreeMap<Label, &T> {
    Label::ALL.into_iter().zip(values).collect()
}

fn by_label<S: Serializer>(values: &[LabelMetrics; 3], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(named(values))
}

fn by_labels<S: Serializer>(rows: &[[u64; 3]; 3], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(named(rows).into_iter().map(|(label, row)| (label, named(row))))
}

fn by_language<S: Serializer>(languages: &[(String, Metrics)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(languages.iter().map(|(language, metrics)| (language, metrics)))
}

/// How good a classifier is for one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelMetrics {
    /// How many rows have the label.
    pub rows: u64,
    /// Of the rows given the label, the share that has it.
    pub precision: f64,
    /// Of the rows that have the label, the share that was given it.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

/// What abstaining below a threshold would gain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Abstention {
    /// The smallest probability at which a label is given.
    pub threshold: f64,
    /// The share of rows that are given a label, 0 to 1.
    pub coverage: f64,
    /// The share of these whose label is right, 0 to 1; 0 if there are none.
    pub accuracy: f64,
}

/// A row that was classified: its language, the right label's place and the probabilities found.
pub(crate) type Judged<'j> = (&'j str, usize, [f64; 3]);

/// The thresholds of [`Metrics::abstention`].
const THRESHOLDS: [f64; 8] = [0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/// Bins of confidence, each a tenth wide.
const BINS: usize = 10;

impl Metrics {
    /// How good these answers are.
    pub(crate) fn of(judged: &[Judged<'_>]) -> Self {
        let mut metrics = Self::whole(judged);
        let mut languages: Vec<&str> = judged.iter().map(|(language, ..)| *language).collect();
        languages.sort_unstable();
        languages.dedup();
        for language in languages {
            let part: Vec<Judged<'_>> = judged.iter().copied().filter(|(its, ..)| *its == language).collect();
            metrics.languages.push((language.to_owned(), Self::whole(&part)));
        }
        metrics
    }

    fn whole(judged: &[Judged<'_>]) -> Self {
        let rows = judged.len() as f64;
        let share = |count: f64| if rows > 0.0 { count / rows } else { 0.0 };
        let mut metrics = Self { rows: judged.len() as u64, ..Self::default() };
        let mut bins = [(0.0, 0.0); BINS];
        let mut abstention = THRESHOLDS.map(|threshold| (threshold, 0.0, 0.0));
        let mut surprise = 0.0;
        for (_, right, probabilities) in judged {
            let (found, confidence) = likeliest(*probabilities);
            let is_right = if found == *right { 1.0 } else { 0.0 };
            if let Some(count) = metrics.confusion.get_mut(*right).and_then(|row| row.get_mut(found)) {
                *count += 1;
            }
            surprise -=
                libm::log(probabilities.get(*right).map_or(f64::MIN_POSITIVE, |p| p.max(f64::MIN_POSITIVE)));
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability")]
            let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
            if let Some((sure, correct)) = bins.get_mut(bin) {
                *sure += confidence;
                *correct += is_right;
            }
            for (threshold, given, correct) in &mut abstention {
                if confidence >= *threshold {
                    *given += 1.0;
                    *correct += is_right;
                }
            }
        }
        metrics.log_loss = share(surprise);
        metrics.calibration_error = share(bins.iter().map(|(sure, correct)| (sure - correct).abs()).sum());
        metrics.abstention = abstention
            .iter()
            .map(|(threshold, given, correct)| Abstention {
                threshold: *threshold,
                coverage: share(*given),
                accuracy: if *given > 0.0 { correct / given } else { 0.0 },
            })
            .collect();
        metrics.count_labels();
        metrics
    }

    /// What follows from the confusion matrix.
    fn count_labels(&mut self) {
        let cell = |right: usize, found: usize| {
            self.confusion.get(right).and_then(|row| row.get(found)).copied().unwrap_or_default() as f64
        };
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let labels: [LabelMetrics; 3] = std::array::from_fn(|label| {
            let is: f64 = (0..3).map(|found| cell(label, found)).sum();
            let given: f64 = (0..3).map(|right| cell(right, label)).sum();
            let both = cell(label, label);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
            let rows = is as u64;
            let (precision, recall) = (ratio(both, given), ratio(both, is));
            LabelMetrics { rows, precision, recall, f1: ratio(2.0 * both, is + given) }
        });
        let correct: f64 = (0..3).map(|label| cell(label, label)).sum();
        let confused = cell(0, 1) + cell(1, 0);
        self.accuracy = ratio(correct, self.rows as f64);
        self.success_accuracy = ratio(correct + confused, self.rows as f64);
        self.macro_f1 = labels.iter().map(|label| label.f1).sum::<f64>() / 3.0;
        self.labels = labels;
    }
}

/// The likeliest label's place and its probability; of equals the first.
pub(crate) fn likeliest(probabilities: [f64; 3]) -> (usize, f64) {
    let mut best = (0, 0.0);
    for (at, probability) in probabilities.into_iter().enumerate() {
        if probability > best.1 {
            best = (at, probability);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_json_everything_has_its_name() {
        // One row of support found right, one of service taken for success.
        let sure = |label: usize| std::array::from_fn(|at| if at == label { 0.8 } else { 0.1 });
        let metrics = Metrics::of(&[("sv", 0, sure(0)), ("sv", 1, sure(2))]);
        let json = serde_json::to_value(&metrics).unwrap();
        assert_eq!(json["rows"], 2);
        assert_eq!(json["labels"]["support"]["f1"], 1.0);
        assert_eq!(json["labels"]["service"]["recall"], 0.0);
        assert_eq!(json["confusion"]["service"]["success"], 1);
        assert_eq!(json["languages"]["sv"]["accuracy"], 0.5);
        assert!(json["languages"]["sv"].get("languages").is_none());
        assert_eq!(json["abstention"][0]["coverage"], 1.0);
    }
}
