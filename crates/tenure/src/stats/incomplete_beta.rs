//! The regularised incomplete beta function and its inverse, to near double precision.
//!
//! `I_x(a, b)` is the probability that a `Beta(a, b)` variable is at most `x`. Student's t, the binomial and
//! the exact interval of a proportion are all questions to it. `statrs` has both functions, but its prefactor
//! is a difference of `ln_gamma` values (an error of about 1e-8 at ten million answers) and its fraction
//! stops after 140 terms (ten million answers need thousands), so the two are written here from the papers:
//!
//! - the continued fraction is `BFRAC` of `DiDonato` and Morris (1992), *Significant digit computation of the
//!   incomplete beta function ratios*, ACM TOMS 18(3), evaluated with the modified Lentz algorithm;
//! - the prefactor is Loader (2000), *Fast and accurate computation of binomial probabilities*: Stirling
//!   errors and deviances, none of which cancels;
//! - the inverse is Newton's method on `ln I` over `ln(x / (1 - x))`. That function is concave (the logit of
//!   a beta variable has a log-concave density), so Newton cannot diverge: after one step it climbs to the
//!   root.

use std::f64::consts::TAU;

/// A place in the unit interval together with its complement, so that neither end loses digits.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Place {
    /// The distance from 0.
    pub(super) x: f64,
    /// The distance from 1: `1 - x`.
    pub(super) y: f64,
}

impl Place {
    /// The place whose log odds `ln(x / y)` are given.
    fn from_log_odds(log_odds: f64) -> Self {
        Self { x: 1.0 / (1.0 + (-log_odds).exp()), y: 1.0 / (1.0 + log_odds.exp()) }
    }

    /// The same place seen from the other end.
    pub(super) fn mirrored(self) -> Self {
        Self { x: self.y, y: self.x }
    }
}

/// `I_x(a, b)`, the probability that a `Beta(a, b)` variable is at most `x`; `a` and `b` are positive.
pub(super) fn lower_tail(a: f64, b: f64, at: Place) -> f64 {
    if at.x <= 0.0 {
        0.0
    } else if at.y <= 0.0 {
        1.0
    } else {
        LogTail::at(a, b, at).ln_probability.exp()
    }
}

/// The place below which a `Beta(a, b)` variable falls with the given probability, which is in `(0, 0.5]`.
///
/// Upper halves are asked for by mirroring: `quantile(1 - p, b, a)`, then [`Place::mirrored`]. `None` when
/// the place is too close to an end for a double.
pub(super) fn quantile(probability: f64, a: f64, b: f64) -> Option<Place> {
    let ln_target = probability.ln();
    // About one standard deviation of the log odds: the natural unit of a step.
    let scale = (1.0 / a + 1.0 / b).sqrt();
    let mut log_odds = (a / b).ln();
    for _ in 0..MOST_NEWTON_STEPS {
        let tail = LogTail::at(a, b, Place::from_log_odds(log_odds));
        let step = (ln_target - tail.ln_probability) / tail.slope;
        log_odds = (log_odds + step).clamp(-FURTHEST_LOG_ODDS, FURTHEST_LOG_ODDS);
        // Convergence is quadratic: a step this small leaves an error of its square, or none that doubles can
        // show.
        if step.abs() <= (1e-8 * scale).max(f64::EPSILON * log_odds.abs()) {
            break;
        }
    }
    (log_odds.abs() < FURTHEST_LOG_ODDS).then(|| Place::from_log_odds(log_odds))
}

/// Concavity makes ten steps plenty; the bound only guards against endless rounding noise.
const MOST_NEWTON_STEPS: u32 = 100;

/// Odds of about 1e260: further out the arithmetic of the tail would overflow or vanish.
const FURTHEST_LOG_ODDS: f64 = 600.0;

/// The lower tail at one place on the scale on which it is inverted.
struct LogTail {
    /// `ln I_x(a, b)`.
    ln_probability: f64,
    /// The derivative of `ln I` by the log odds of `x`.
    slope: f64,
}

impl LogTail {
    fn at(a: f64, b: f64, at: Place) -> Self {
        let ln_kernel = ln_kernel(a, b, at);
        // The fraction converges fast on its own side of the mean `a / (a + b)`.
        if a * at.y >= b * at.x {
            let fraction = fraction(a, b, at);
            Self { ln_probability: ln_kernel - fraction.ln(), slope: fraction }
        } else {
            let kernel = ln_kernel.exp();
            let probability = 1.0 - kernel / fraction(b, a, at.mirrored());
            Self { ln_probability: probability.ln(), slope: kernel / probability }
        }
    }
}

/// `ln(x^a y^b / B(a, b))`, which is also the derivative of `I` by the log odds of `x`.
fn ln_kernel(a: f64, b: f64, at: Place) -> f64 {
    let n = a + b;
    // `a - n x` and `b - n y` are opposite numbers.
    let difference = a * at.y - b * at.x;
    0.5 * (a / n * b / TAU).ln() + (stirling_error(n) - stirling_error(a) - stirling_error(b))
        - deviance(a, n * at.x, difference)
        - deviance(b, n * at.y, -difference)
}

/// What Stirling's formula misses: `ln(z!) - ln(sqrt(2 pi z) (z / e)^z)`, for positive `z`.
fn stirling_error(z: f64) -> f64 {
    // The series needs a large `z`; the error at `z` follows from the error at `z + 1`.
    let mut large = z;
    let mut carried = 0.0;
    while large < 16.0 {
        carried += (large + 0.5) * (1.0 / large).ln_1p() - 1.0;
        large += 1.0;
    }
    let square = large * large;
    let series = 1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square;
    carried + series / large
}

/// `observed * ln(observed / expected) + expected - observed`, without cancellation where the two are close.
fn deviance(observed: f64, expected: f64, difference: f64) -> f64 {
    let ratio = difference / (observed + expected);
    if ratio.abs() >= 0.1 {
        return observed * (observed / expected).ln() - difference;
    }
    let mut sum = difference * ratio;
    let mut power = 2.0 * observed * ratio;
    for odd in (3..).step_by(2) {
        power *= ratio * ratio;
        let next = sum + power / f64::from(odd);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum
}

/// The continued fraction that divides the kernel to give `I_x(a, b)`, for `x` up to the mean.
fn fraction(a: f64, b: f64, at: Place) -> f64 {
    let Place { x, y } = at;
    let distance = a * y - b * x + 1.0;
    let mut value = a * distance / (a + 1.0);
    let mut above = value;
    let mut below = 0.0;
    // The number of terms grows as the square root of the parameters.
    for term in 1..MOST_TERMS {
        let m = f64::from(term);
        let odd = a + 2.0 * m - 1.0;
        let numerator = (a + m - 1.0) / odd * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x;
        let denominator = m + m * (b - m) * x / odd + (a + m) * (distance + m * (1.0 + y)) / (odd + 2.0);
        below = 1.0 / (denominator + numerator * below);
        above = denominator + numerator / above;
        let change = above * below;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

/// Far more than counts up to `2^53` need in practice; the bound only guards against endless rounding noise.
const MOST_TERMS: u32 = 1_000_000;
