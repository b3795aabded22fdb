//! What words say: learned from texts and their labels, and turned into whole steps.

use super::corpus::{Counts, Text, Vocabulary};
use super::solver::{Bound, Example, Problem, Solution, Weights, softmax, solve};
use super::table::Table;
use super::weights::TextWeights;

/// Two constants in every text: one and the same twice, so that it is held back half as much as a word.
const CONSTANTS: [Bound; 2] = [Bound::Free; 2];

/// Texts to learn from and the places of their labels. Those without a piece are passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordLessons<'l> {
    pub(crate) texts: &'l [Text],
    pub(crate) labels: &'l [usize],
    /// How many concepts there are.
    pub(crate) concepts: usize,
    /// What a concept counts.
    pub(crate) cue: Counts,
    /// The weights of concepts to begin with and to stay close to, in a text that is not damped; zero, if empty.
    pub(crate) stated: &'l [[f64; 3]],
    /// What an error on each text costs, against keeping the weights of words as they are stated.
    pub(crate) costs: &'l [f64],
    /// What is known of the labels already; nothing, if empty.
    pub(crate) known: &'l [[f64; 3]],
}

/// What was learned of words.
#[derive(Debug)]
pub(crate) struct Words {
    vocabulary: Vocabulary,
    columns: Vec<Weights>,
}

impl Words {
    /// Learns from some of the texts.
    pub(crate) fn learn(lessons: WordLessons<'_>, which: &[usize]) -> Self {
        let text = |row: &usize| lessons.texts.get(*row).filter(|text| !text.is_empty());
        let which: Vec<usize> = which.iter().copied().filter(|row| text(row).is_some()).collect();
        let texts: Vec<&Text> = which.iter().filter_map(text).collect();
        let vocabulary = Vocabulary::of(&texts, lessons.concepts, lessons.cue);
        let mut problem = Problem { marks: CONSTANTS.to_vec(), ..Problem::default() };
        let ranges = vocabulary.fill(&texts, &mut problem.columns, &mut problem.values);
        problem.examples = which
            .iter()
            .zip(ranges)
            .map(|(row, features)| Example {
                features,
                marks: (1 << CONSTANTS.len()) - 1,
                offset: lessons.known.get(*row).copied().unwrap_or_default(),
                label: lessons.labels.get(*row).copied().unwrap_or_default(),
                cost: lessons.costs.get(*row).copied().unwrap_or_default(),
            })
            .collect();
        let mut begin = Solution::zero(vocabulary.len(), CONSTANTS.len());
        for (column, (weights, stated)) in begin.columns.iter_mut().zip(lessons.stated).enumerate() {
            for (weight, stated) in weights.iter_mut().zip(stated) {
                #[allow(clippy::cast_possible_truncation, reason = "learning needs no more digits")]
                let stated = (stated / vocabulary.value(column)) as f32;
                *weight = stated;
            }
        }
        let solution = solve(&problem, begin);
        Self { vocabulary, columns: solution.columns }
    }

    /// What it says of a text, beside what is known.
    pub(crate) fn sums(&self, text: &Text) -> [f64; 3] {
        let mut sums = [0.0; 3];
        for (column, value) in self.vocabulary.features(text) {
            let weights = self.columns.get(column as usize).copied().unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += f64::from(value * weight);
            }
        }
        sums
    }

    /// The weights of a concept in a text that is not damped.
    pub(crate) fn concept(&self, concept: usize) -> [f64; 2] {
        let weights = self.columns.get(concept).copied().unwrap_or_default();
        against(weights).map(|weight| weight * self.vocabulary.value(concept))
    }

    /// The weights of pieces in a text that is not damped, by rising number, behind so many concepts.
    pub(crate) fn pieces(&self, concepts: usize) -> impl Iterator<Item = (u32, [f64; 2])> {
        let hashes = self.vocabulary.hashes.iter().enumerate();
        hashes.map(move |(at, hash)| (*hash, self.concept(concepts + at)))
    }

    /// In whole steps, believed so far, and added to those that it began with. Of pieces the heaviest are kept: a model is
    /// to be embedded.
    pub(crate) fn quantise(
        &self,
        belief: f64,
        concepts: usize,
        most_pieces: usize,
        base: Option<&TextWeights>,
    ) -> TextWeights {
        let scaled = |weights: [f64; 2]| weights.map(|weight| belief * weight);
        let based =
            |weights: [f64; 2]| weights.map(|weight| weight * base.map_or(0.0, |base| belief * base.step));
        let sum = |a: [f64; 2], b: [f64; 2]| [a[0] + b[0], a[1] + b[1]];
        let of_concepts: Vec<[f64; 2]> = (0..concepts)
            .map(|at| {
                let before = base.and_then(|base| base.concepts.get(at)).copied().unwrap_or_default();
                sum(scaled(self.concept(at)), based(before.map(f64::from)))
            })
            .collect();
        let mut of_pieces: Vec<(u32, [f64; 2])> =
            self.pieces(concepts).map(|(hash, weights)| (hash, scaled(weights))).collect();
        if let Some(base) = base {
            of_pieces
                .extend(base.table.pieces().map(|(hash, weights)| (hash, based(weights.map(f64::from)))));
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
        of_pieces.truncate(most_pieces);
        let most = of_pieces
            .iter()
            .flat_map(|(_, weights)| weights)
            .fold(0.0_f64, |most, weight| most.max(weight.abs()));
        let step = if most > 0.0 { most / f64::from(i8::MAX) } else { 1.0 };
        TextWeights {
            damps_concepts: self.vocabulary.damps_concepts(),
            concepts: of_concepts
                .into_iter()
                .map(|weights| weights.map(|weight| whole(weight / step)))
                .collect(),
            table: Table::new(
                of_pieces
                    .into_iter()
                    .map(|(hash, weights)| (hash, weights.map(|weight| small(weight / step)))),
            ),
            step,
        }
    }
}

/// The factor of sums at which the right labels are likeliest, between two powers of two.
pub(crate) fn factor(sums: &[([f64; 3], usize)], low: f64, high: f64) -> f64 {
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

/// Weights of three labels as weights of two against the third.
pub(crate) fn against(weights: Weights) -> [f64; 2] {
    let [first, second, third, _] = weights;
    [f64::from(first - third), f64::from(second - third)]
}

/// The nearest whole number of steps.
#[allow(clippy::cast_possible_truncation, reason = "rounded and bounded")]
pub(crate) fn whole(steps: f64) -> i16 {
    steps.round().clamp(-f64::from(i16::MAX), f64::from(i16::MAX)) as i16
}

/// The nearest whole number of steps that fits a byte.
#[allow(clippy::cast_possible_truncation, reason = "rounded and bounded")]
pub(crate) fn small(steps: f64) -> i8 {
    steps.round().clamp(-f64::from(i8::MAX), f64::from(i8::MAX)) as i8
}
