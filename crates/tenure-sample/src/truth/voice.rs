//! What was planted in the surveys.

use serde::{Deserialize, Serialize};

/// NPS answers by class: scores from 0 to 10 of respondents who are not our own people, every row counted
/// (also a duplicate).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NpsCounts {
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
}

/// How the answers of a segment in one mood were drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NpsMoodTruth {
    /// leaving (within 90 days of the account's end), outage, or calm.
    pub mood: String,
    /// How many answers there are, those with a score out of range included.
    pub answered: u64,
    /// How likely each was a promoter, in thousandths.
    pub promoter_per_mille: u64,
    /// How likely each was a passive.
    pub passive_per_mille: u64,
    /// How likely each was a detractor.
    pub detractor_per_mille: u64,
}

/// NPS surveys of respondents who are not our own people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NpsTruth {
    /// Rows.
    pub sent: u64,
    /// Rows with `delivered_at`.
    pub delivered: u64,
    /// Rows with `shown_at`.
    pub shown: u64,
    /// Rows that were declined.
    pub declined: u64,
    /// Rows with `answered_at`.
    pub answered: u64,
    /// Answered rows whose score is out of range.
    pub invalid: u64,
    /// Rows that were sent to our own people, not counted above.
    pub excluded: u64,
    /// Answered rows with a comment that is not blank.
    pub commented: u64,
    /// The others by class.
    pub counts: NpsCounts,
}

/// CSAT answers of respondents who are not our own people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsatTruth {
    /// Answered rows.
    pub answered: u64,
    /// Those with a score of 4 or 5.
    pub satisfied: u64,
    /// Of conversations begun during the outage, of accounts that stay: answered rows.
    pub outage_answered: u64,
    /// Those of them with a score of 4 or 5.
    pub outage_satisfied: u64,
}

impl NpsCounts {
    /// Takes in a score; false if it is out of range.
    pub(super) fn add(&mut self, score: i8) -> bool {
        match score {
            9..=10 => self.promoters += 1,
            7..=8 => self.passives += 1,
            0..=6 => self.detractors += 1,
            _ => return false,
        }
        true
    }
}
