//! Training, in two stages: words first, then how far to believe them and what fields add.
//!
//! The second stage sees what the first says of texts that it did not learn from (cross-validation by group), so that words
//! are believed as far as they deserve with strangers, and fields get what is left. Every row comes in variants: without
//! fields, with all, with a part, with those of another row, and without text; so each part alone gives an answer, and
//! fields that somebody fills in another way do not drown the text.

use super::corpus::{Text, Vocabulary};
use super::fields::{Fields, VALUES};
use super::lexicon::Lexicon;
use super::model::{FIELD_STEP, Model};
use super::solver::{ALWAYS, Example, Problem, Shuffle, Solution, WITH_TEXT, Weights, softmax, solve};
use super::table::Table;
use super::taxonomy;

/// What an error on a text costs, against keeping the weights of words small.
const COST_OF_A_TEXT: f64 = 30.0;
/// What an error on a row costs, against keeping the weights of fields small.
const COST_OF_A_ROW: f64 = 0.3;
/// What an error on an example of the taxonomy costs.
const COST_OF_A_CELL: f64 = 4.0;
/// The most pieces that are kept, the heaviest: the model is to be embedded.
const MOST_PIECES: usize = 160_000;

/// Rows to learn from.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) texts: Vec<Text>,
    pub(super) fields: Vec<Fields>,
    /// Places in [`super::Label::ALL`].
    pub(super) labels: Vec<usize>,
}

impl Rows {
    fn has_text(&self, row: usize) -> bool {
        self.texts.get(row).is_some_and(|text| !text.is_empty())
    }
}

/// What was learned of words.
#[derive(Debug)]
pub(super) struct Words {
    vocabulary: Vocabulary,
    columns: Vec<Weights>,
}

/// What was learned of fields, and how far to believe the words.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// What the words' sums are multiplied by.
    belief: f64,
    fields: Vec<Weights>,
    /// What the fields' sums are multiplied by where there is no text.
    alone: f64,
}

impl Words {
    /// Learns from some of the rows; with a base, only how to better what it says of them.
    pub(super) fn learn(
        rows: &Rows,
        which: &[usize],
        lexicon: &Lexicon,
        base: Option<&[[f64; 3]]>,
        regularisation: f64,
    ) -> Self {
        let which: Vec<usize> = which.iter().copied().filter(|row| rows.has_text(*row)).collect();
        let texts: Vec<&Text> = which.iter().filter_map(|row| rows.texts.get(*row)).collect();
        let vocabulary = Vocabulary::of(&texts, lexicon);
        let mut problem = Problem::default();
        let ranges = vocabulary.fill(&texts, &mut problem.columns, &mut problem.values);
        problem.examples = which
            .iter()
            .zip(ranges)
            .map(|(row, features)| Example {
                features,
                fields: 0,
                offset: base.and_then(|said| said.get(*row).copied()).unwrap_or_default(),
                has_text: true,
                label: rows.labels.get(*row).copied().unwrap_or_default(),
                cost: COST_OF_A_TEXT / regularisation,
            })
            .collect();
        let solution = solve(&problem, Solution::zero(vocabulary.len()));
        Self { vocabulary, columns: solution.columns }
    }

    /// What it says of a text, beside what its base says.
    pub(super) fn sums(&self, text: &Text) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for (column, value) in self.vocabulary.features(text) {
            let weights = self.columns.get(column as usize).copied().unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(value * weight);
            }
        }
        sums
    }
}

/// The factor of sums at which the right labels are likeliest, between two powers of two.
fn factor(sums: &[([f64; 3], usize)], low: f64, high: f64) -> f64 {
    let loss = |power: f64| -> f64 {
        let factor = libm::exp2(power);
        let surprise = |(sums, label): &([f64; 3], usize)| {
            let probability = softmax(sums.map(|sum| factor * sum)).get(*label).copied().unwrap_or_default();
            -libm::log(probability.max(f64::MIN_POSITIVE))
        };
        sums.iter().map(surprise).sum()
    };
    // The loss has one valley: thirds of the range that cannot hold it are cut off.
    let (mut low, mut high) = (low, high);
    for _ in 0..40 {
        let third = (high - low) / 3.0;
        if loss(low + third) < loss(high - third) {
            high -= third;
        } else {
            low += third;
        }
    }
    libm::exp2(f64::midpoint(low, high))
}

impl Context {
    /// Learns from some of the rows and what the words' stage said of all of them, not having seen them.
    pub(super) fn learn(
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
        let mut problem = Problem::default();
        for row in which {
            let (Some(text), Some(fields), Some(label)) =
                (rows.texts.get(*row), rows.fields.get(*row), rows.labels.get(*row))
            else {
                continue;
            };
            let offset = sums.get(*row).copied().unwrap_or_default().map(|sum| belief * sum);
            let mut add = |has_text: bool, fields: u64, share: f64| {
                if has_text || fields != 0 {
                    problem.examples.push(Example {
                        features: 0..0,
                        fields,
                        offset: if has_text { offset } else { [0.0; 3] },
                        has_text,
                        label: *label,
                        cost: share * COST_OF_A_ROW / regularisation,
                    });
                }
            };
            let part: u64 = (0..VALUES.len()).map(|value| (shuffle.below(2) as u64) << value).sum();
            let stranger = which.get(shuffle.below(which.len())).and_then(|row| rows.fields.get(*row));
            let strange = stranger.copied().unwrap_or_default().bits();
            if !text.is_empty() {
                add(true, 0, 1.0);
                add(true, fields.bits(), 0.5);
                add(true, fields.bits() & part, 0.5);
                add(true, strange, 0.5);
            }
            add(false, fields.bits(), 0.25);
            add(false, fields.bits() & part, 0.25);
        }
        if base.is_none() {
            for (fields, label) in taxonomy::examples() {
                problem.examples.push(Example {
                    features: 0..0,
                    fields: fields.bits(),
                    offset: [0.0; 3],
                    has_text: false,
                    label: label as usize,
                    cost: COST_OF_A_CELL,
                });
            }
        }
        let mut begin = Solution::zero(0);
        for (weights, steps) in begin.fields.iter_mut().zip(base.iter().flat_map(|base| &base.fields)) {
            *weights = centred(steps.map(|steps| FIELD_STEP * f64::from(steps)));
        }
        let mut context = Self { belief, fields: solve(&problem, begin).fields, alone: 1.0 };
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
        for number in fields.numbers().chain([ALWAYS]).chain(has_text.then_some(WITH_TEXT)) {
            let weights = self.fields.get(number).copied().unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(weight);
            }
        }
        sums
    }

    /// The probabilities of a row.
    pub(super) fn probabilities(&self, rows: &Rows, row: usize, sums: &[[f64; 3]]) -> [f64; 3] {
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
}

/// Weights against success as weights of three labels whose mean is zero.
fn centred(against: [f64; 2]) -> Weights {
    let [support, service] = against;
    let mean = (support + service) / 3.0;
    #[allow(clippy::cast_possible_truncation, reason = "learning needs no more digits")]
    let [support, service, success] = [support - mean, service - mean, -mean].map(|weight| weight as f32);
    [support, service, success, 0.0]
}

/// Weights of three labels as weights against success.
fn against(weights: Weights) -> [f64; 2] {
    let [support, service, success, _] = weights;
    [f64::from(support - success), f64::from(service - success)]
}

/// Both stages as a model in whole steps, without languages and metrics.
pub(super) fn quantise(words: &Words, context: &Context, concepts: usize, base: Option<&Model>) -> Quantised {
    let scaled = |column: usize| {
        let weights = words.columns.get(column).copied().unwrap_or_default();
        let value = context.belief * words.vocabulary.value(column);
        against(weights).map(|weight| weight * value)
    };
    let based = |weights: [f64; 2]| {
        weights.map(|weight| weight * base.map_or(0.0, |base| context.belief * base.step))
    };
    let sum = |a: [f64; 2], b: [f64; 2]| [a[0] + b[0], a[1] + b[1]];
    let of_concepts: Vec<[f64; 2]> = (0..concepts)
        .map(|at| {
            let before = base.and_then(|base| base.concepts.get(at)).copied().unwrap_or_default();
            sum(scaled(at), based(before.map(f64::from)))
        })
        .collect();
    let mut of_pieces: Vec<(u32, [f64; 2])> =
        words.vocabulary.hashes.iter().enumerate().map(|(at, hash)| (*hash, scaled(concepts + at))).collect();
    if let Some(base) = base {
        of_pieces.extend(base.table.pieces().map(|(hash, weights)| (hash, based(weights.map(f64::from)))));
        of_pieces.sort_by_key(|(hash, _)| *hash);
        of_pieces = of_pieces
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|same| {
                Some((same.first()?.0, same.iter().map(|(_, weights)| *weights).fold([0.0; 2], sum)))
            })
            .collect();
    }
    let heft =
        |weights: &[f64; 2]| weights[0].abs().max(weights[1].abs()).max((weights[0] - weights[1]).abs());
    of_pieces.sort_by(|a, b| heft(&b.1).total_cmp(&heft(&a.1)).then(a.0.cmp(&b.0)));
    of_pieces.truncate(MOST_PIECES);
    let most = of_pieces
        .iter()
        .flat_map(|(_, weights)| weights)
        .fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let step = if most > 0.0 { most / f64::from(i8::MAX) } else { 1.0 };
    Quantised {
        concepts: of_concepts.into_iter().map(|weights| weights.map(|weight| whole(weight / step))).collect(),
        table: Table::new(
            of_pieces.into_iter().map(|(hash, weights)| (hash, weights.map(|weight| small(weight / step)))),
        ),
        step,
        alone: context.alone,
        fields: context
            .fields
            .iter()
            .map(|weights| against(*weights).map(|weight| whole(weight / FIELD_STEP)))
            .collect(),
    }
}

/// Weights in whole steps.
#[derive(Debug)]
pub(super) struct Quantised {
    pub(super) concepts: Vec<[i16; 2]>,
    pub(super) table: Table,
    pub(super) step: f64,
    pub(super) alone: f64,
    pub(super) fields: Vec<[i16; 2]>,
}

#[allow(clippy::cast_possible_truncation, reason = "rounded and bounded")]
fn whole(steps: f64) -> i16 {
    steps.round().clamp(-f64::from(i16::MAX), f64::from(i16::MAX)) as i16
}

#[allow(clippy::cast_possible_truncation, reason = "rounded and bounded")]
fn small(steps: f64) -> i8 {
    steps.round().clamp(-f64::from(i8::MAX), f64::from(i8::MAX)) as i8
}
