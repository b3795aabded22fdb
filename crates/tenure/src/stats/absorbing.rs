//! Absorbing Markov chains: where moves end, and when.

/// A chain whose steps lead from some places to others, and in the end to one of a few ends that are not left.
///
/// Solved by elimination of one place after the other (Grassmann, Taksar, Heyman 1985, Operations Research 33(5)), which
/// never subtracts, so that nothing is lost where probabilities are small.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbsorbingChain {
    /// From each place: how likely each place is to be next.
    pub steps: Vec<Vec<f64>>,
    /// From each place: how likely each end is to be next.
    pub ends: Vec<Vec<f64>>,
    /// How long each place takes.
    pub times: Vec<f64>,
}

/// What follows from a chain, by the place that one is in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Absorbed {
    /// How likely each end is to be reached.
    pub probabilities: Vec<Vec<f64>>,
    /// How long it takes until any end is.
    pub times: Vec<f64>,
}

impl AbsorbingChain {
    /// The probability of each end and the expected time until any. From every place an end has to be within reach; where
    /// none is, the figures are those of nothing: 0.
    ///
    /// ```
    /// use tenure::stats::AbsorbingChain;
    /// // A gambler with 1 or 2 of 3 coins, heads as likely as tails (Grinstead and Snell, Introduction to Probability, 11.2).
    /// let chain = AbsorbingChain {
    ///     steps: vec![vec![0.0, 0.5], vec![0.5, 0.0]],
    ///     ends: vec![vec![0.5, 0.0], vec![0.0, 0.5]],
    ///     times: vec![1.0, 1.0],
    /// };
    /// let absorbed = chain.absorbed();
    /// assert!((absorbed.probabilities[0][0] - 2.0 / 3.0).abs() < 1e-15);
    /// assert!((absorbed.times[1] - 2.0).abs() < 1e-15);
    /// ```
    pub fn absorbed(&self) -> Absorbed {
        let (mut steps, mut ends, mut times) = (self.steps.clone(), self.ends.clone(), self.times.clone());
        // What leads from each place to those before it and to ends; of the places after it nothing is left by then.
        let mut leaving = vec![0.0; steps.len()];
        for place in (0..steps.len()).rev() {
            let (Some(own_steps), Some(own_ends)) = (steps.get(place).cloned(), ends.get(place).cloned())
            else {
                continue;
            };
            let own_time = times.get(place).copied().unwrap_or(0.0);
            let away: f64 = own_steps.iter().take(place).chain(&own_ends).sum();
            if let Some(slot) = leaving.get_mut(place) {
                *slot = away;
            }
            if away <= 0.0 {
                continue;
            }
            for ((steps, ends), time) in steps.iter_mut().zip(&mut ends).zip(&mut times).take(place) {
                let share = steps.get(place).copied().unwrap_or(0.0) / away;
                steps.iter_mut().zip(&own_steps).take(place).for_each(|(step, own)| *step += share * own);
                ends.iter_mut().zip(&own_ends).for_each(|(end, own)| *end += share * own);
                *time += share * own_time;
            }
        }
        let mut absorbed = Absorbed::default();
        for (((steps, ends), time), away) in steps.iter().zip(&ends).zip(&times).zip(&leaving) {
            let (mut probabilities, mut total) = (ends.clone(), *time);
            for ((step, reached), later) in steps.iter().zip(&absorbed.probabilities).zip(&absorbed.times) {
                probabilities.iter_mut().zip(reached).for_each(|(end, reached)| *end += step * reached);
                total += step * later;
            }
            let divided = |sum: f64| if *away > 0.0 { sum / away } else { 0.0 };
            absorbed.probabilities.push(probabilities.into_iter().map(divided).collect());
            absorbed.times.push(divided(total));
        }
        absorbed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks a chain by chance, with a generator of its own (Marsaglia 2003, xorshift).
    fn walked(chain: &AbsorbingChain, from: usize, walks: u32) -> (Vec<f64>, f64) {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut dice = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut counts, mut time) = (vec![0.0; chain.ends[0].len()], 0.0);
        for _ in 0..walks {
            let mut place = from;
            loop {
                time += chain.times[place];
                let mut rest = dice();
                let next = chain.steps[place].iter().chain(&chain.ends[place]).position(|share| {
                    rest -= share;
                    rest < 0.0
                });
                let next = next.unwrap_or(chain.steps.len());
                match next.checked_sub(chain.steps.len()) {
                    Some(end) => {
                        counts[end] += 1.0;
                        break;
                    }
                    None => place = next,
                }
            }
        }
        let walks = f64::from(walks);
        (counts.iter().map(|count| count / walks).collect(), time / walks)
    }

    #[test]
    fn a_simulation_agrees() {
        let chain = AbsorbingChain {
            steps: vec![vec![0.0, 0.7, 0.1], vec![0.0, 0.0, 0.6], vec![0.2, 0.3, 0.0]],
            ends: vec![vec![0.2, 0.0], vec![0.1, 0.3], vec![0.4, 0.1]],
            times: vec![2.0, 5.0, 3.0],
        };
        let absorbed = chain.absorbed();
        for from in 0..3 {
            let (shares, time) = walked(&chain, from, 200_000);
            for (share, expected) in shares.iter().zip(&absorbed.probabilities[from]) {
                // Four standard errors of a share of 200,000 are less than 0.0045.
                assert!((share - expected).abs() < 0.0045, "{share} {expected}");
            }
            assert!((time - absorbed.times[from]).abs() < 0.1, "{time} {:?}", absorbed.times);
            let sum: f64 = absorbed.probabilities[from].iter().sum();
            assert!((sum - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn the_drunkard_of_the_textbook_comes_home() {
        // Grinstead and Snell, Introduction to Probability, example 11.13: five corners, home at one end, a bar at the other.
        let chain = AbsorbingChain {
            steps: vec![vec![0.0, 0.5, 0.0], vec![0.5, 0.0, 0.5], vec![0.0, 0.5, 0.0]],
            ends: vec![vec![0.5, 0.0], vec![0.0, 0.0], vec![0.0, 0.5]],
            times: vec![1.0; 3],
        };
        let absorbed = chain.absorbed();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
        for (place, (home, time)) in [(0.75, 3.0), (0.5, 4.0), (0.25, 3.0)].into_iter().enumerate() {
            near(absorbed.probabilities[place][0], home);
            near(absorbed.times[place], time);
        }
    }

    #[test]
    fn who_cannot_end_has_no_figures() {
        let chain = AbsorbingChain { steps: vec![vec![1.0]], ends: vec![vec![0.0]], times: vec![1.0] };
        assert_eq!(chain.absorbed(), Absorbed { probabilities: vec![vec![0.0]], times: vec![0.0] });
        assert_eq!(AbsorbingChain::default().absorbed(), Absorbed::default());
    }
}
