//! What a score says of how content a customer is.
//!
//! No row that the words were learned from has a score, so its weight is stated, not learned: a score is a place from -1
//! (worst) to 1 (best), with an edge at a quarter from the middle between which it is neither good nor bad, and its log-odds are
//! `-4 p` for negative, 1 for neutral and `4 p` for positive. Alone, the best score is 95 % positive and the edges are even.
//! Beside a text it counts a quarter of that: it decides what words leave open, and turns none that are clear.

use super::Comment;

/// Log-odds of the ends of a scale.
const END: f64 = 4.0;
/// The places between good, neither and bad.
const EDGE: f64 = 0.25;
/// What part of it counts beside a text.
const BESIDE_A_TEXT: f64 = 0.25;

/// A kind of question: its usual scale, and which part of the scale is neither good nor bad.
struct Kind {
    name: &'static str,
    scale: (f64, f64),
    neither: (f64, f64),
}

/// The middle quarter: 3 of 1 to 5, 4 of 1 to 7.
const MIDDLE: (f64, f64) = (0.375, 0.625);

/// Passives of an NPS are 7 and 8 of 0 to 10.
const KINDS: [Kind; 5] = [
    Kind { name: "nps", scale: (0.0, 10.0), neither: (0.65, 0.85) },
    Kind { name: "csat", scale: (1.0, 5.0), neither: MIDDLE },
    Kind { name: "ces", scale: (1.0, 7.0), neither: MIDDLE },
    Kind { name: "happiness", scale: (1.0, 3.0), neither: MIDDLE },
    Kind { name: "resolved", scale: (0.0, 1.0), neither: MIDDLE },
];

/// What is known of a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Score {
    /// There is none.
    Missing,
    /// It is off its scale, or there is no telling what it means.
    Unusable,
    /// Its place, -1 to 1.
    Place(f64),
}

impl Score {
    pub(crate) fn of(comment: &Comment<'_>) -> Self {
        let Some(score) = comment.score.filter(|score| !score.is_nan()) else { return Self::Missing };
        let is_it =
            |kind: &&Kind| comment.kind.is_some_and(|name| name.trim().eq_ignore_ascii_case(kind.name));
        let kind = KINDS.iter().find(is_it);
        let scale = match (comment.scale_min, comment.scale_max) {
            (Some(min), Some(max)) => Some((min, max)),
            _ => kind.map(|kind| kind.scale),
        };
        let Some((min, max)) = scale.filter(|(min, max)| min < max && (*min..=*max).contains(&score)) else {
            return Self::Unusable;
        };
        let share = (score - min) / (max - min);
        let (low, high) = kind.map_or(MIDDLE, |kind| kind.neither);
        let place = if share < low {
            -1.0 + (1.0 - EDGE) * share / low
        } else if share <= high {
            EDGE * (2.0 * (share - low) / (high - low) - 1.0)
        } else {
            1.0 - (1.0 - EDGE) * (1.0 - share) / (1.0 - high)
        };
        if place.is_finite() { Self::Place(place) } else { Self::Unusable }
    }

    /// Log-odds of the sentiments, in their order; `None` if it says nothing.
    pub(crate) fn log_odds(self, has_text: bool) -> Option<[f64; 3]> {
        let Self::Place(place) = self else { return None };
        let part = if has_text { BESIDE_A_TEXT } else { 1.0 };
        Some([-END * place, END * EDGE, END * place].map(|odds| part * odds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(kind: Option<&str>, scale: Option<(f64, f64)>, score: f64) -> Score {
        let (scale_min, scale_max) = scale.unzip();
        Score::of(&Comment { score: Some(score), kind, scale_min, scale_max, ..Comment::default() })
    }

    #[test]
    fn ends_and_edges_lie_where_the_kind_says() {
        for (kind, worst, edges, best) in
            [("nps", 0.0, [6.5, 8.5], 10.0), ("csat", 1.0, [2.5, 3.5], 5.0), ("ces", 1.0, [3.25, 4.75], 7.0)]
        {
            let at = |score| match place(Some(kind), None, score) {
                Score::Place(place) => place,
                other => panic!("{other:?}"),
            };
            let expected = [(worst, -1.0), (edges[0], -0.25), (edges[1], 0.25), (best, 1.0)];
            for (score, place) in expected {
                assert!((at(score) - place).abs() < 1e-12, "{kind} {score}: {}", at(score));
            }
        }
    }

    #[test]
    fn a_score_needs_a_scale_and_lies_on_it() {
        assert_eq!(place(None, None, 4.0), Score::Unusable);
        assert_eq!(place(Some("csat"), None, 42.0), Score::Unusable);
        assert_eq!(place(Some("csat"), Some((5.0, 1.0)), 3.0), Score::Unusable);
        assert_eq!(place(Some("csat"), None, f64::NAN), Score::Missing);
        assert_eq!(place(Some("csat"), None, f64::INFINITY), Score::Unusable);
        assert_eq!(place(None, Some((0.0, f64::INFINITY)), 1.0), Score::Place(-1.0));
        assert_eq!(place(None, Some((1.0, 5.0)), 3.0), Score::Place(0.0));
    }
}
