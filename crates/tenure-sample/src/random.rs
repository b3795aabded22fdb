//! Random numbers that are the same in every version and on every platform.
//!
//! The generator is `SplitMix64` (Steele, Lea and Flood, 2014): a counter and a mixing function, both fixed
//! by their publication. It is written out here because a library may change its algorithm, and the
//! sample company may not.

/// What a stream of random numbers is for. Each purpose draws from its own stream, so that one table can
/// change without moving any other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Choices that hold for the whole company.
    Company = 1,
    /// Who the account is and how long it stays.
    Account = 2,
    /// Its users.
    People = 3,
    /// Its everyday conversations with their messages and statuses.
    Conversations = 4,
    /// Its surveys.
    Surveys = 5,
    /// The visits of its users.
    Visits = 6,
    /// Its conversations with the technical team.
    Technical = 7,
    /// Copies and inner threads of its emails.
    Emails = 8,
    /// What its users look up themselves.
    Help = 9,
    /// What its manager does for its success.
    Interactions = 10,
    /// Who reads what in its comments.
    Codes = 11,
    /// What its users see before they sign in.
    Aliases = 12,
    /// The incidents of the company.
    Incidents = 13,
    /// How checks turn out.
    Probes = 14,
    /// Who looks at us before signing up, and who never does.
    Leads = 15,
    /// Who comes back after leaving.
    Returns = 16,
    /// How long its first steps take.
    Onboarding = 17,
    /// How well it is, month by month.
    Health = 18,
    /// What somebody writes down of its way.
    Stages = 19,
    /// What it wants to reach, and what became of it.
    Goals = 20,
    /// Who of us was there, and for which goal.
    Touches = 21,
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The stream of one account for one purpose.
    pub(crate) fn new(seed: u64, account: u32, purpose: Purpose) -> Self {
        let account = mix(u64::from(account).wrapping_add(GOLDEN));
        let purpose = mix((purpose as u64).wrapping_mul(GOLDEN));
        Self { state: mix(mix(seed.wrapping_add(GOLDEN)) ^ account) ^ purpose }
    }

    /// The next 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number from 0 up to, but not including, `n` (0 when `n` is not positive).
    pub(crate) fn below(&mut self, n: i64) -> i64 {
        let n = u64::try_from(n).unwrap_or(0);
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as i64 // less than n
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    /// True `per_mille` times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: i64) -> bool {
        self.below(1000) < per_mille
    }

    /// A whole number whose mean is `mean_per_mille` thousandths and which is at most twice that, rounded.
    pub(crate) fn around(&mut self, mean_per_mille: i64) -> i64 {
        let drawn = self.below(2 * mean_per_mille + 1);
        drawn / 1000 + i64::from(self.chance(drawn % 1000))
    }

    /// One of the options, all equally likely.
    pub(crate) fn pick<T: Copy + Default>(&mut self, options: &[T]) -> T {
        let position = self.below(i64::try_from(options.len()).unwrap_or(0));
        usize::try_from(position).ok().and_then(|position| options.get(position)).copied().unwrap_or_default()
    }

    /// One of the options, as likely as its weight says.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, options: &[(i64, T)]) -> T {
        let mut left = self.below(options.iter().map(|(weight, _)| weight).sum());
        for (weight, option) in options {
            left -= weight;
            if left < 0 {
                return *option;
            }
        }
        T::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of `SplitMix64` from state 0, as in the reference implementation
    /// (prng.di.unimi.it/splitmix64.c) and in the tests of Java's `SplittableRandom`.
    #[test]
    fn bits_are_those_of_splitmix64() {
        let mut random = Random { state: 0 };
        assert_eq!(random.bits(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(random.bits(), 0x6E78_9E6A_A1B9_65F4);
        assert_eq!(random.bits(), 0x06C4_5D18_8009_454F);
    }

    #[test]
    fn streams_differ_by_seed_account_and_purpose() {
        let first = |seed, account, purpose| Random::new(seed, account, purpose).bits();
        let mut seen = vec![
            first(1, 0, Purpose::Account),
            first(2, 0, Purpose::Account),
            first(1, 1, Purpose::Account),
            first(1, 0, Purpose::Visits),
        ];
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 4);
    }

    #[test]
    fn draws_stay_in_range_and_reach_both_ends() {
        let mut random = Random::new(7, 0, Purpose::Company);
        let drawn: Vec<i64> = (0..1000).map(|_| random.between(-2, 2)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&2));
        assert_eq!(random.below(0), 0);
        assert!(!random.chance(0));
        assert!(random.chance(1000));
    }

    #[test]
    fn weights_decide_how_often_an_option_is_drawn() {
        let mut random = Random::new(7, 0, Purpose::Company);
        let drawn = (0..10_000).filter(|_| random.weighted(&[(3, 1), (1, 0)]) == 1).count();
        assert!((7_200..7_800).contains(&drawn), "three quarters of 10,000, got {drawn}");
    }

    #[test]
    fn around_keeps_its_mean() {
        let mut random = Random::new(7, 0, Purpose::Company);
        let sum: i64 = (0..10_000).map(|_| random.around(1500)).sum();
        assert!((14_500..15_500).contains(&sum), "10,000 draws of mean 1.5, got {sum}");
    }
}
