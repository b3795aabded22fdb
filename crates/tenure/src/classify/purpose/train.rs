//! Training, in two stages: words first, then how far to believe them and what fields add.
//!
//! The second stage sees what the first says of texts that it did not learn from (cross-validation by group), so that words
//! are believed as far as they deserve with strangers, and fields get what is left. Every row comes in variants: without
//! fields, with all, with a part, with those of another row, and without text; so each part alone gives an answer, and
//! fields that somebody fills in another way do not drown the text.

use super::fields::{Fields, VALUES, bounds};
use super::model::{FIELD_STEP, Model};
use super::taxonomy;
use crate::classify::linear::{
    Example, Problem, Shuffle, Solution, Text, Weights, against, factor, numbers, softmax, solve, whole,
};

/// What an error on a row costs, against keeping the weights of fields small.
const COST_OF_A_ROW: f64 = 0.3;
/// What an error on an example of the taxonomy costs.
const COST_OF_A_CELL: f64 = 4.0;

/// Rows to learn from.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) texts: Vec<Text>,
    pub(crate) fields: Vec<Fields>,
    /// Places in [`super::Label::ALL`].
    pub(crate) labels: Vec<usize>,
}

impl Rows {
    fn has_text(&self, row: usize) -> bool {
        self.texts.get(row).is_some_and(|text| !text.is_empty())
    }
}

/// What was learned of fields, and how far to believe the words.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// What the words' sums are multiplied by.
    pub(crate) belief: f64,
    fields: Vec<Weights>,
    /// What the fields' sums are multiplied by where there is no text.
    pub(crate) alone: f64,
}

impl Context {
    /// Learns from some of the rows and what the words' stage said of all of them, not having seen them.
    pub(crate) fn learn(
        rows: &Rows,
        which: &[usize],
        sums: &[[f64; 3]],
        base: Option<&Model>,
        regularisation: f64,
    ) -> Self {
        let read = which.iter().filter(|row| rows.has_text(**row));
        let said: Vec<([f64; 3], usize)> =
            read.filter_map(|row| Some((*sums.get(*row)?, *rows.labels.get(*row)?))).collect();
        let belief = factor(&said, -4.0, 4.0);
        let mut shuffle = Shuffle(7);
        let mut problem = Problem { marks: bounds(), ..Problem::default() };
        for row in which {
            let (Some(text), Some(fields), Some(label)) =
                (rows.texts.get(*row), rows.fields.get(*row), rows.labels.get(*row))
            else {
                continue;
            };
            let offset = sums.get(*row).copied().unwrap_or_default().map(|sum| belief * sum);
            let mut add = |has_text: bool, fields: Fields, share: f64| {
                if has_text || !fields.is_empty() {
                    problem.examples.push(Example {
                        features: 0..0,
                        marks: fields.marks(has_text),
                        offset: if has_text { offset } else { [0.0; 3] },
                        label: *label,
                        cost: share * COST_OF_A_ROW / regularisation,
                    });
                }
            };
            let part: u64 = (0..VALUES.len()).map(|value| (shuffle.below(2) as u64) << value).sum();
            let stranger = which.get(shuffle.below(which.len())).and_then(|row| rows.fields.get(*row));
            let strange = stranger.copied().unwrap_or_default();
            if !text.is_empty() {
                add(true, Fields::default(), 1.0);
                add(true, *fields, 0.5);
                add(true, fields.part(part), 0.5);
                add(true, strange, 0.5);
            }
            add(false, *fields, 0.25);
            add(false, fields.part(part), 0.25);
        }
        if base.is_none() {
            for (fields, label) in taxonomy::examples() {
                problem.examples.push(Example {
                    features: 0..0,
                    marks: fields.marks(false),
                    offset: [0.0; 3],
                    label: label as usize,
                    cost: COST_OF_A_CELL,
                });
            }
        }
        let mut begin = Solution::zero(0, problem.marks.len());
        for (weights, steps) in begin.marks.iter_mut().zip(base.iter().flat_map(|base| &base.fields)) {
            *weights = centred(steps.map(|steps| FIELD_STEP * f64::from(steps)));
        }
        let mut context = Self { belief, fields: solve(&problem, begin).marks, alone: 1.0 };
        let filled =
            which.iter().filter(|row| rows.fields.get(**row).is_some_and(|fields| !fields.is_empty()));
        let said: Vec<([f64; 3], usize)> = filled
            .filter_map(|row| {
                Some((context.of_fields(*rows.fields.get(*row)?, false), *rows.labels.get(*row)?))
            })
            .collect();
        // Never less than 1: beside a text, fields have already been held back.
        context.alone = base.map_or_else(|| factor(&said, 0.0, 2.0), |base| base.alone);
        context
    }

    /// What fields and the constants say.
    fn of_fields(&self, fields: Fields, has_text: bool) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for number in numbers(fields.marks(has_text)) {
            let weights = self.fields.get(number).copied().unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(weight);
            }
        }
        sums
    }

    /// The probabilities of a row.
    pub(crate) fn probabilities(&self, rows: &Rows, row: usize, sums: &[[f64; 3]]) -> [f64; 3] {
        let fields = rows.fields.get(row).copied().unwrap_or_default();
        let mut all = self.of_fields(fields, rows.has_text(row));
        if rows.has_text(row) {
            for (sum, said) in all.iter_mut().zip(sums.get(row).copied().unwrap_or_default()) {
                *sum += self.belief * said;
            }
        } else {
            all = all.map(|sum| self.alone * sum);
        }
        softmax(all)
    }

    /// The weights of marks in whole steps, against success.
    pub(crate) fn quantise(&self) -> Vec<[i16; 2]> {
        self.fields.iter().map(|weights| against(*weights).map(|weight| whole(weight / FIELD_STEP))).collect()
    }
}

/// Weights against success as weights of three labels whose mean is zero.
fn centred(against: [f64; 2]) -> Weights {
    let [support, service] = against;
    let mean = (support + service) / 3.0;
    #[allow(clippy::cast_possible_truncation, reason = "learning needs no more digits")]
    let [support, service, success] = [support - mean, service - mean, -mean].map(|weight| weight as f32);
    [support, service, success, 0.0]
}
