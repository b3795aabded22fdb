//! How long things last when some of them have not ended yet.

use super::Interval;
use super::distribution::normal_critical;

/// One step of a survival curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalStep {
    /// The duration at which something ended.
    pub time: i64,
    /// The share that lasts longer.
    pub survival: f64,
    /// Greenwood's sum `d / (n (n - d))` up to here, from which the variance follows.
    greenwood: f64,
}

impl SurvivalStep {
    /// Which share is plausible? The log-log interval, which stays between 0 and 1.
    ///
    /// Kalbfleisch and Prentice, *The Statistical Analysis of Failure Time Data*; the default of lifelines and
    /// `conf.type = "log-log"` of R's survival. `None` where the share is 0 or 1, or the level is not between 0 and 1.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        if !(self.survival > 0.0 && self.survival < 1.0) {
            return None;
        }
        let log = self.survival.ln();
        let spread = normal_critical(level)? * self.greenwood.sqrt() / log;
        let at = |shift: f64| (-((-log).ln() + shift).exp()).exp();
        let (a, b) = (at(spread), at(-spread));
        Some(Interval { low: a.min(b), high: a.max(b) })
    }
}

/// Which share lasts longer than each duration? The product-limit estimate of Kaplan and Meier (1958),
/// *Nonparametric estimation from incomplete observations*, JASA 53.
///
/// `ended` are complete durations, `open` those still growing; both sorted. What was still open at the very duration
/// at which something ended was at risk there. One step for each distinct complete duration.
pub fn kaplan_meier(ended: &[i64], open: &[i64]) -> Vec<SurvivalStep> {
    let mut steps = Vec::new();
    let (mut survival, mut greenwood) = (1.0, 0.0);
    let mut before = 0;
    for same in ended.chunk_by(|a, b| a == b) {
        let Some(time) = same.first().copied() else { continue };
        let left = open.partition_point(|open| *open < time);
        let at_risk = (ended.len() - before + open.len() - left) as f64;
        let deaths = same.len() as f64;
        survival *= 1.0 - deaths / at_risk;
        greenwood += if at_risk > deaths { deaths / (at_risk * (at_risk - deaths)) } else { 0.0 };
        before += same.len();
        // The last one ends the curve exactly, whatever the products rounded to.
        if at_risk <= deaths {
            survival = 0.0;
        }
        steps.push(SurvivalStep { time, survival, greenwood });
    }
    steps
}

/// By when has this share ended, open ones taken into account?
///
/// The first duration at which the survival curve is at or below `1 - probability`, and the interval in which the
/// curve's own interval crosses that height (Brookmeyer and Crowley 1982, *Biometrics* 38); an end that is not reached
/// is missing. `None` if the curve never gets there.
pub fn survival_quantile(steps: &[SurvivalStep], probability: f64, level: f64) -> Option<SurvivalQuantile> {
    // Shares such as 0.9 and 1 - 0.1 differ in the last bit; a quantile must not.
    let height = 1.0 - probability + 1e-12;
    let reached = |value: &dyn Fn(&SurvivalStep) -> Option<f64>| {
        steps.iter().find(|step| value(step).is_some_and(|share| share <= height)).map(|step| step.time)
    };
    let time = reached(&|step| Some(step.survival))?;
    let low = reached(&|step| step.interval(level).map_or(Some(step.survival), |ends| Some(ends.low)));
    let high = reached(&|step| step.interval(level).map_or(Some(step.survival), |ends| Some(ends.high)));
    Some(SurvivalQuantile { time, low, high })
}

/// A quantile of a survival curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurvivalQuantile {
    /// The duration.
    pub time: i64,
    /// The lower end of its interval.
    pub low: Option<i64>,
    /// The upper end of its interval, if the curve's upper band gets there.
    pub high: Option<i64>,
}

/// How long do they last on average, as far as was observed?
///
/// The area under the survival curve up to `until`: the restricted mean. In the unit of the durations.
pub fn restricted_mean(steps: &[SurvivalStep], until: i64) -> f64 {
    let (mut area, mut from, mut survival) = (0.0, 0, 1.0);
    for step in steps.iter().take_while(|step| step.time <= until) {
        area += survival * (step.time - from) as f64;
        (from, survival) = (step.time, step.survival);
    }
    area + survival * (until - from).max(0) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    // V25: t 1,2,2,3,4,5,5,6,8,9 with events 1,1,0,1,0,1,1,0,1,0; survival and the log-log interval at 5 as lifelines
    // gives them.
    const ENDED: [i64; 6] = [1, 2, 3, 5, 5, 8];
    const OPEN: [i64; 4] = [2, 4, 6, 9];

    #[test]
    fn a_curve_with_open_durations() {
        let steps = kaplan_meier(&ENDED, &OPEN);
        let expected = [(1, 0.9), (2, 0.8), (3, 0.685_714), (5, 0.411_429), (8, 0.205_714)];
        assert_eq!(steps.len(), expected.len());
        for (step, (time, survival)) in steps.iter().zip(expected) {
            assert_eq!(step.time, time);
            assert!((step.survival - survival).abs() < 1e-6, "{step:?}");
        }
        let at_five = steps[3].interval(0.95).unwrap();
        assert!(
            (at_five.low - 0.102_511).abs() < 1e-6 && (at_five.high - 0.707_313).abs() < 1e-6,
            "{at_five:?}"
        );
        assert_eq!(survival_quantile(&steps, 0.5, 0.95).unwrap().time, 5);
    }

    #[test]
    fn without_open_durations_it_is_the_share_that_lasted() {
        let steps = kaplan_meier(&[1, 2, 3, 4], &[]);
        let survival: Vec<f64> = steps.iter().map(|step| step.survival).collect();
        assert!(
            survival
                .iter()
                .zip([0.75, 0.5, 0.25, 0.0])
                .all(|(found, expected)| (found - expected).abs() < 1e-12)
        );
        // The area: 1 + 0.75 + 0.5 + 0.25, which is the mean of 1, 2, 3 and 4.
        assert!((restricted_mean(&steps, 4) - 2.5).abs() < 1e-12);
        assert_eq!(survival_quantile(&steps, 0.5, 0.95).unwrap().time, 2);
    }

    #[test]
    fn a_quantile_may_not_be_reached() {
        let steps = kaplan_meier(&[1], &[5, 5, 5]);
        assert_eq!(survival_quantile(&steps, 0.5, 0.95), None);
        assert!(kaplan_meier(&[], &[3]).is_empty());
    }
}
