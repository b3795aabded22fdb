//! How good a reader is, on comments that it was not trained with.

use crate::classify::linear::{Judged, LabelMetrics, Metrics};
use serde::Serialize;
use std::sync::Arc;

/// How good a reader is, on comments that it was not trained with.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FeedbackMetrics {
    /// How many comments were read.
    pub rows: u64,
    /// Share of comments whose likeliest sentiment was right, 0 to 1.
    pub accuracy: f64,
    /// Mean of the three sentiments' F1, 0 to 1.
    pub macro_f1: f64,
    /// Expected calibration error of the sentiment in ten bins of confidence, 0 to 1.
    pub calibration_error: f64,
    /// Precision and recall, in the order of [`Sentiment::ALL`](crate::classify::Sentiment::ALL).
    pub sentiments: [LabelMetrics; 3],
    /// `confusion[right][found]`: how many comments of a sentiment were given which.
    pub confusion: [[u64; 3]; 3],
    /// For each built-in theme.
    pub themes: Vec<ThemeMetrics>,
    /// All namings of themes together: `rows` counts those that are right to make.
    pub all_themes: LabelMetrics,
    /// The same for the comments of each language. Empty inside itself.
    pub languages: Vec<(String, FeedbackMetrics)>,
}

/// How good a reader is at one theme.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ThemeMetrics {
    /// The theme.
    pub theme: Arc<str>,
    /// Its figures; `rows` counts the comments that speak about it.
    pub metrics: LabelMetrics,
}

/// The themes of a comment: its language, those that are right, and those that were found.
pub(crate) type JudgedThemes<'j> = (&'j str, &'j [&'j str], Vec<Arc<str>>);

/// Namings of a theme: made and right, made, right to make.
type Namings = [u64; 3];

impl FeedbackMetrics {
    /// How good these answers are.
    pub(crate) fn of(judged: &[Judged<'_>], themes: &[JudgedThemes<'_>], names: &[Arc<str>]) -> Self {
        let sentiments = Metrics::of(judged);
        let whole = Self::whole(&sentiments, themes.iter(), names);
        let part = |(language, sentiments): &(String, Metrics)| {
            let rows = themes.iter().filter(|(its, ..)| its == language);
            (language.clone(), Self::whole(sentiments, rows, names))
        };
        Self { languages: sentiments.languages.iter().map(part).collect(), ..whole }
    }

    fn whole<'j>(
        sentiments: &Metrics,
        rows: impl Iterator<Item = &'j JudgedThemes<'j>>,
        names: &[Arc<str>],
    ) -> Self {
        let mut namings: Vec<Namings> = vec![[0; 3]; names.len()];
        for (_, right, found) in rows {
            for (name, [both, made, due]) in names.iter().zip(&mut namings) {
                let (is_right, is_found) = (right.contains(&name.as_ref()), found.contains(name));
                *both += u64::from(is_right && is_found);
                *made += u64::from(is_found);
                *due += u64::from(is_right);
            }
        }
        let all = namings.iter().fold([0; 3], |[a, b, c], [d, e, f]| [a + d, b + e, c + f]);
        let of_theme = |(name, namings): (&Arc<str>, Namings)| ThemeMetrics {
            theme: Arc::clone(name),
            metrics: metrics(namings),
        };
        Self {
            rows: sentiments.rows,
            accuracy: sentiments.accuracy,
            macro_f1: sentiments.macro_f1,
            calibration_error: sentiments.calibration_error,
            sentiments: sentiments.labels,
            confusion: sentiments.confusion,
            themes: names.iter().zip(namings).map(of_theme).collect(),
            all_themes: metrics(all),
            languages: Vec::new(),
        }
    }
}

fn metrics([both, made, due]: Namings) -> LabelMetrics {
    let ratio = |part: u64, whole: u64| if whole > 0 { part as f64 / whole as f64 } else { 0.0 };
    LabelMetrics {
        rows: due,
        precision: ratio(both, made),
        recall: ratio(both, due),
        f1: ratio(2 * both, made + due),
    }
}
