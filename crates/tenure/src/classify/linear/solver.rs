//! Multinomial logistic regression with squared regularisation, by stochastic dual coordinate ascent (Shalev-Shwartz and
//! Zhang 2013 and 2016).
//!
//! Written here because some weights have to stay in a cone (a proactive signal never lowers success), and
//! general optimisers, argmin's L-BFGS among them, know no cones. This one needs no step size, visits only what is not
//! zero, and knows by the duality gap when it is done: a few passes. Rows come in an order shuffled by a fixed seed, and the
//! functions that platforms compute differently come from `libm`: the same rows give the same bits everywhere.

use std::ops::Range;

/// Weights of one feature for the three labels. The fourth is always zero: four fill a register.
pub(crate) type Weights = [f32; 4];

/// A row to learn from.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    /// Where its features stand in [`Problem::columns`] and [`Problem::values`].
    pub(crate) features: Range<usize>,
    /// The bits of its marks: what is there or not.
    pub(crate) marks: u64,
    /// What is known of its labels already: added to the sums.
    pub(crate) offset: [f64; 3],
    /// The right label's place among the three.
    pub(crate) label: usize,
    /// What an error costs, against keeping weights small.
    pub(crate) cost: f64,
}

/// What is to be learned.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    pub(crate) columns: Vec<u32>,
    pub(crate) values: Vec<f32>,
    pub(crate) examples: Vec<Example>,
    /// What each mark may say, 64 at most.
    pub(crate) marks: Vec<Bound>,
}

/// What a mark may say of the last label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Anything.
    Free,
    /// Never that it is less likely.
    NeverLowers,
    /// Never that it is more likely.
    NeverRaises,
}

/// What was learned.
#[derive(Clone, Debug)]
pub(crate) struct Solution {
    /// Weights of each column.
    pub(crate) columns: Vec<Weights>,
    /// Weights of each mark.
    pub(crate) marks: Vec<Weights>,
}

impl Solution {
    pub(crate) fn zero(columns: usize, marks: usize) -> Self {
        Self { columns: vec![[0.0; 4]; columns], marks: vec![[0.0; 4]; marks] }
    }
}

/// The probabilities that sums stand for.
pub(crate) fn softmax(sums: [f64; 3]) -> [f64; 3] {
    let most = sums.into_iter().fold(f64::NEG_INFINITY, f64::max);
    let powers = sums.map(|sum| libm::exp(sum - most));
    let total: f64 = powers.iter().sum();
    powers.map(|power| power / total)
}

/// The nearest weights that a mark may have.
fn allowed(weights: Weights, bound: Bound) -> Weights {
    let sign = match bound {
        Bound::Free => return weights,
        Bound::NeverLowers => 1.0,
        Bound::NeverRaises => -1.0,
    };
    let [first, second, last, rest] = weights.map(|weight| weight * sign);
    let (high, low) = if first > second { (first, second) } else { (second, first) };
    // The last and whatever is above it meet in their middle.
    let two = f32::midpoint(last, high);
    let last = if last >= high {
        last
    } else if two >= low {
        two
    } else {
        (last + high + low) / 3.0
    };
    [first.min(last), second.min(last), last, rest].map(|weight| weight * sign)
}

/// The numbers of the bits that are set, rising.
#[inline]
pub(crate) fn numbers(bits: u64) -> impl Iterator<Item = usize> + Clone {
    let mut rest = bits;
    std::iter::from_fn(move || {
        let number = rest.trailing_zeros() as usize;
        rest &= rest.wrapping_sub(1);
        (number < 64).then_some(number)
    })
}

/// A shuffle that is the same everywhere: a linear congruential generator with Knuth's constants.
pub(crate) struct Shuffle(pub(crate) u64);

impl Shuffle {
    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((u128::from(self.0 >> 11) * limit as u128) >> 53).unwrap_or_default()
    }

    fn order(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
    }
}

/// Softmax is this smooth: no eigenvalue of its derivative is above a half.
const SMOOTHNESS: f64 = 2.0;
/// It is good enough when the mean duality gap of a row is below this, and is given up after so many passes.
const GOOD_ENOUGH: f64 = 1e-3;
const MOST_PASSES: usize = 100;

/// Learns, staying as close as possible to the weights to begin with: zero, or those of another classifier.
pub(crate) fn solve(problem: &Problem, begin: Solution) -> Solution {
    let mut ascent = Ascent {
        problem,
        // The dual variables: to begin with each row holds its label for certain, which changes nothing.
        duals: problem.examples.iter().map(|example| right(example.label)).collect(),
        squares: problem.examples.iter().map(|example| squares(problem, example)).collect(),
        solution: begin,
    };
    let costs: f64 = problem.examples.iter().map(|example| example.cost).sum();
    let mut order: Vec<usize> = (0..problem.examples.len()).collect();
    let mut shuffle = Shuffle(2026);
    for _ in 0..MOST_PASSES {
        shuffle.order(&mut order);
        let gap: f64 = order.iter().map(|at| ascent.visit(*at).unwrap_or_default()).sum();
        if gap <= GOOD_ENOUGH * costs {
            break;
        }
    }
    let mut solution = ascent.solution;
    for (weights, bound) in solution.marks.iter_mut().zip(&problem.marks) {
        *weights = allowed(*weights, *bound);
    }
    solution
}

/// Certainty of one label.
fn right(label: usize) -> [f64; 3] {
    std::array::from_fn(|at| if at == label { 1.0 } else { 0.0 })
}

/// The squared length of an example.
fn squares(problem: &Problem, example: &Example) -> f64 {
    let (_, values) = problem.features(example);
    let features: f64 = values.iter().map(|value| f64::from(value * value)).sum();
    features + f64::from(example.marks.count_ones())
}

impl Problem {
    fn features(&self, example: &Example) -> (&[u32], &[f32]) {
        let range = example.features.clone();
        let columns = self.columns.get(range.clone()).unwrap_or_default();
        (columns, self.values.get(range).unwrap_or_default())
    }
}

struct Ascent<'p> {
    problem: &'p Problem,
    duals: Vec<[f64; 3]>,
    squares: Vec<f64>,
    solution: Solution,
}

fn add(sums: &mut [f64; 3], weights: Weights) {
    for (sum, weight) in sums.iter_mut().zip(weights) {
        *sum += f64::from(weight);
    }
}

impl Ascent<'_> {
    fn sums(&self, example: &Example) -> [f64; 3] {
        let mut features: Weights = [0.0; 4];
        let (columns, values) = self.problem.features(example);
        for (column, value) in columns.iter().zip(values) {
            let weights = self.solution.columns.get(*column as usize).copied().unwrap_or_default();
            for (sum, weight) in features.iter_mut().zip(weights) {
                *sum += value * weight;
            }
        }
        let mut sums = example.offset;
        add(&mut sums, features);
        for number in numbers(example.marks) {
            let weights = self.solution.marks.get(number).copied().unwrap_or_default();
            let bound = self.problem.marks.get(number).copied().unwrap_or(Bound::Free);
            add(&mut sums, allowed(weights, bound));
        }
        sums
    }

    /// Improves one row's dual variables and the weights with them. Its part of the duality gap, as it was before.
    fn visit(&mut self, at: usize) -> Option<f64> {
        let example = self.problem.examples.get(at)?;
        let found = softmax(self.sums(example));
        let dual = self.duals.get_mut(at)?;
        let mut divergence = 0.0;
        let mut distance = 0.0;
        for (dual, found) in dual.iter().zip(found) {
            if *dual > 0.0 {
                divergence += dual * libm::log(dual / found.max(f64::MIN_POSITIVE));
            }
            distance += (found - dual) * (found - dual);
        }
        if distance > 1e-12 {
            let curvature = distance * (SMOOTHNESS + example.cost * self.squares.get(at)?);
            let step = ((divergence + SMOOTHNESS / 2.0 * distance) / curvature).min(1.0);
            let mut moves = found;
            for (moved, dual) in moves.iter_mut().zip(dual) {
                *moved = step * (*moved - *dual);
                *dual += *moved;
            }
            self.apply(example, moves);
        }
        Some(example.cost * divergence)
    }

    fn apply(&mut self, example: &Example, moves: [f64; 3]) {
        #[allow(clippy::cast_possible_truncation, reason = "weights are kept in single precision")]
        let [first, second, last] = moves.map(|moved| (-example.cost * moved) as f32);
        let change: Weights = [first, second, last, 0.0];
        let (columns, values) = self.problem.features(example);
        for (column, value) in columns.iter().zip(values) {
            if let Some(weights) = self.solution.columns.get_mut(*column as usize) {
                for (weight, change) in weights.iter_mut().zip(change) {
                    *weight += value * change;
                }
            }
        }
        for number in numbers(example.marks) {
            if let Some(weights) = self.solution.marks.get_mut(number) {
                for (weight, change) in weights.iter_mut().zip(change) {
                    *weight += change;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(problem: &mut Problem, features: &[(u32, f32)], label: usize) {
        let start = problem.columns.len();
        for (column, value) in features {
            problem.columns.push(*column);
            problem.values.push(*value);
        }
        problem.examples.push(Example {
            features: start..problem.columns.len(),
            marks: 1,
            offset: [0.0; 3],
            label,
            cost: 2.0,
        });
    }

    /// scikit-learn 1.9.1: `LogisticRegression(C=2, tol=1e-10, fit_intercept=False)` on these six rows, with a column of
    /// ones for the constant that is regularised here.
    #[test]
    fn it_finds_the_optimum_that_others_find() {
        let mut problem = Problem { marks: vec![Bound::Free], ..Problem::default() };
        rows(&mut problem, &[(0, 1.0)], 0);
        rows(&mut problem, &[(0, 1.0), (1, 0.5)], 0);
        rows(&mut problem, &[(1, 1.0)], 1);
        rows(&mut problem, &[(1, 1.0), (2, 0.3)], 1);
        rows(&mut problem, &[(2, 1.0)], 2);
        rows(&mut problem, &[(2, 0.7), (0, 0.2)], 2);
        let solution = solve(&problem, Solution::zero(3, 1));
        let mut found: Vec<Weights> = solution.columns.clone();
        found.push(solution.marks[0]);
        let expected = [
            [1.157_879, -0.715_358, -0.442_521],
            [-0.307_218, 1.071_28, -0.764_063],
            [-0.631_102, -0.369_707, 1.000_809],
            [-0.070_325, -0.045_02, 0.115_344],
        ];
        for (found, expected) in found.iter().zip(expected) {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 0.02, "{found} for {expected}");
            }
        }
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "halves and whole numbers are exact")]
    fn weights_are_drawn_into_the_cone_by_the_shortest_way() {
        assert_eq!(allowed([1.0, -1.0, 0.0, 0.0], Bound::NeverLowers), [0.5, -1.0, 0.5, 0.0]);
        assert_eq!(allowed([3.0, 0.0, -3.0, 0.0], Bound::NeverLowers), [0.0, 0.0, 0.0, 0.0]);
        assert_eq!(allowed([-1.0, 0.0, 2.0, 0.0], Bound::NeverLowers), [-1.0, 0.0, 2.0, 0.0]);
        assert_eq!(allowed([1.0, 0.0, 2.0, 0.0], Bound::NeverRaises), [1.0, 1.0, 1.0, 0.0]);
        assert_eq!(allowed([1.0, 0.0, 2.0, 0.0], Bound::Free), [1.0, 0.0, 2.0, 0.0]);
    }
}
