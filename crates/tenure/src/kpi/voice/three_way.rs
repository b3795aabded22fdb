//! Scores that set the positive answers against the negative ones, with neutral ones in between.

use super::{SCORE, answers, score};
use crate::compute::{Row, RowView};
use crate::error::{Error, Result};
use crate::formula::{Answer, CellFormula, shown};
use crate::measure::{Fate, Input, RowMeasure, Value};
use crate::policy::{Scale, choice};
use crate::stats::{Interval, Trinomial};
use crate::summary::Class;
use crate::summary::{Cell, Counts};

choice! {
    /// How the interval of a score of positive minus negative answers is computed.
    pub enum TrinomialInterval {
        /// Adjusted Wald: three pseudo-answers keep it honest for few answers; the best coverage of those compared.
        AdjustedWald = "adjusted_wald",
        /// Wald: the textbook normal interval, too narrow for few answers.
        Wald = "wald",
        /// Student's t on the answers as +1, 0 and -1.
        T = "t",
    }
}

impl TrinomialInterval {
    /// The interval of a set of answers, from -1 to 1; none without answers.
    pub(crate) fn of(self, answers: &Trinomial, level: f64) -> Option<Interval> {
        match self {
            TrinomialInterval::AdjustedWald => answers.adjusted_wald(level),
            TrinomialInterval::Wald => answers.wald(level),
            TrinomialInterval::T => answers.t(level),
        }
    }
}

/// How one answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Positive,
    Neutral,
    Negative,
    /// An answer without a score, where a policy puts it into the denominator.
    Unscored,
}

/// An answer and what its three sides are called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sided {
    pub(crate) side: Side,
    names: &'static [&'static str; 3],
}

impl Class for Sided {
    fn class(&self) -> usize {
        match self.side {
            Side::Positive => 0,
            Side::Neutral => 1,
            Side::Negative => 2,
            Side::Unscored => 3,
        }
    }
}

impl Value for Sided {
    fn number(&self) -> Option<f64> {
        Some(match self.side {
            Side::Positive => 100.0,
            Side::Neutral | Side::Unscored => 0.0,
            Side::Negative => -100.0,
        })
    }

    fn label(&self) -> Option<&'static str> {
        Some(self.names.get(self.class()).copied().unwrap_or("no_score"))
    }
}

/// Answers per side.
pub(crate) type Sides = Counts<4>;

/// Answers without a score are in the denominator only, as neutral ones are.
pub(crate) fn trinomial(Counts([positive, neutral, negative, unscored]): Sides) -> Trinomial {
    Trinomial { positive, neutral: neutral.saturating_add(unscored), negative }
}

/// Where a scale's positive and negative answers begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bands {
    pub(crate) scale: Scale,
    pub(crate) positive_from: i64,
    pub(crate) negative_to: i64,
    pub(crate) names: &'static [&'static str; 3],
}

impl Bands {
    /// Checks that the bands lie on the scale and do not overlap.
    pub(crate) fn checked(self, from: &str, to: &str) -> Result<Self> {
        let on_scale = |score: i64| self.scale.low() <= score && score <= self.scale.high();
        if !on_scale(self.positive_from)
            || !on_scale(self.negative_to)
            || self.negative_to >= self.positive_from
        {
            let message = format!(
                "{to} {} and {from} {} do not divide the scale {}: both lie on it, and {to} lies below {from}",
                self.negative_to, self.positive_from, self.scale
            );
            return Err(Error::invalid(message));
        }
        Ok(self)
    }

    pub(crate) fn answers(&self, kind: &'static str) -> RowView {
        answers(Some(kind), Some(self.scale))
    }

    pub(crate) fn side(&self, score: i64) -> Sided {
        let side = if score >= self.positive_from {
            Side::Positive
        } else if score <= self.negative_to {
            Side::Negative
        } else {
            Side::Neutral
        };
        self.sided(side)
    }

    pub(crate) fn sided(&self, side: Side) -> Sided {
        Sided { side, names: self.names }
    }
}

impl RowMeasure for Bands {
    type Value = Sided;

    fn inputs(&self) -> &[Input] {
        &[SCORE]
    }

    fn row(&self, row: &Row<'_>) -> Fate<Sided> {
        match score(row.read(0), self.scale) {
            Ok(score) => Fate::Observed(self.side(score)),
            Err(fate) => fate,
        }
    }

    fn decided_by_first_input(&self) -> bool {
        true
    }
}

/// `100 * (positive - negative) / n`, in points.
pub(crate) struct Points {
    pub(crate) interval: TrinomialInterval,
    /// Below this many answers there is no interval.
    pub(crate) interval_from: u64,
}

impl From<TrinomialInterval> for Points {
    fn from(interval: TrinomialInterval) -> Self {
        Self { interval, interval_from: 1 }
    }
}

impl CellFormula<Sides> for Points {
    fn answer(&self, cell: &Cell<Sides>, level: f64) -> Answer {
        let answers = trinomial(cell.summary);
        let (numerator, denominator) =
            (shown(answers.positive) - shown(answers.negative), shown(answers.n()));
        let interval = self.interval.of(&answers, level).filter(|_| answers.n() >= self.interval_from.max(1));
        Answer::ratio(100.0, numerator, denominator).with_interval(
            interval,
            crate::policy::Choice::name(self.interval),
            100.0,
            (-100.0, 100.0),
        )
    }
}
