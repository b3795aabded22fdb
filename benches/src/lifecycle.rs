//! The stages that accounts of a company went through, over the three years from [`FIRST`] to [`LAST`].
//!
//! There are about ten rows to an account. Accounts walk along the transitions of the lifecycle `subscription`, now and
//! then beside them, and one row in five says again what is known. What an account does is a function of the seed and
//! the account alone. Times are odd seconds, those of one account all different, and bounds of periods and spans are
//! even: nothing happens at midnight, nobody is in a stage for exactly as long as is expected, and no answer depends on
//! which side of a bound its row belongs to.

use crate::dice::{Dice, shuffle};
use crate::{FIRST, LAST};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3600;
const SECONDS: i64 = (LAST - FIRST) / SECOND;
/// How many accounts one manager looks after.
const ACCOUNTS_OF_A_MANAGER: i64 = 50;

/// The stages of the lifecycle `subscription`.
pub const STAGES: [&str; 11] = [
    "aware",
    "evaluating",
    "prospect",
    "trial",
    "onboarding",
    "adoption",
    "growth",
    "renewal",
    "at_risk",
    "churned",
    "won_back",
];
const CHURNED: i8 = 9;
/// Where each stage leads to, but for [`CHURNED`], where all others lead to as well.
const NEXT: [&[i8]; 11] = [
    &[1, 2, 3],
    &[2, 3, 4],
    &[3, 4],
    &[4, 5],
    &[5, 8],
    &[6, 7, 8],
    &[5, 7, 8],
    &[5, 6, 8],
    &[4, 5, 6, 7],
    &[10],
    &[4, 5, 6, 7, 8],
];
/// How likely each stage is the first: companies begin to record late.
const BEGINNINGS: [u64; 11] = [25, 15, 15, 35, 6, 4, 0, 0, 0, 0, 0];

/// A row of `accounts`. Accounts have the numbers of their rows.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// When it was put on record, in microseconds since 1970-01-01 UTC: at its first stage or some days earlier.
    pub created_at: i64,
    /// A position in [`SEGMENTS`](crate::SEGMENTS).
    pub segment: i8,
    /// The number of the manager.
    pub manager: i64,
}

/// A row of `stages`.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// When it was so, in microseconds since 1970-01-01 UTC.
    pub occurred_at: i64,
    /// The number of the account.
    pub account: u32,
    /// A position in [`STAGES`].
    pub stage: i8,
    /// Whether the clock stands still; most rows do not say.
    pub paused: Option<bool>,
}

/// The tables of a company.
#[derive(Clone, Debug, Default)]
pub struct Company {
    /// Table `accounts`.
    pub accounts: Vec<Account>,
    /// Table `stages`.
    pub stages: Vec<Statement>,
}

impl Company {
    /// A company with so many rows in `stages`, in order of time.
    pub fn sorted(rows: usize) -> Self {
        let mut company = Self { accounts: Vec::new(), stages: Vec::with_capacity(rows) };
        for account in 0.. {
            if company.stages.len() >= rows {
                break;
            }
            company.live(account);
        }
        // The last account's story may be cut short.
        company.stages.truncate(rows);
        company.stages.sort_unstable_by_key(|row| (row.occurred_at, row.account));
        company
    }

    /// The same rows in no order.
    pub fn shuffled(mut self) -> Self {
        shuffle(&mut self.stages);
        self
    }

    /// What is said of an account, from its first stage to the end of all, or until it is gone for good.
    fn live(&mut self, account: u32) {
        let mut dice = Dice::new(account.into());
        let mut now = 2 * dice.below(SECONDS.unsigned_abs() * 2 / 5) + 1;
        let waited = if dice.percent(50) { 0 } else { dice.below(now.min(30 * DAY).unsigned_abs()) };
        self.accounts.push(Account {
            created_at: FIRST + (now - waited) * SECOND,
            segment: dice.weighted(&[50, 30, 15, 5]),
            manager: i64::from(account) / ACCOUNTS_OF_A_MANAGER,
        });
        let (mut stage, mut paused) = (dice.weighted(&BEGINNINGS), None);
        let mut stands_still = false;
        while now < SECONDS {
            self.stages.push(Statement { occurred_at: FIRST + now * SECOND, account, stage, paused });
            if stage == CHURNED && dice.percent(25) {
                break;
            }
            now += 2 * dice.wait(DAY * 2 / 3, 8);
            let again = dice.percent(22);
            paused = match dice.below(100) {
                // Once paused, most stays go on at some time; the others end as they are.
                0..70 if stands_still && !again => Some(false),
                0..5 if !again => Some(true),
                _ => None,
            };
            let moves = !again && (paused.is_none() || (paused == Some(true) && dice.percent(20)));
            if moves {
                stage = next(stage, &mut dice);
            }
            stands_still = paused.unwrap_or(stands_still && !moves);
        }
    }
}

/// Where an account goes from a stage: three times in a hundred to where it should not.
fn next(stage: i8, dice: &mut Dice) -> i8 {
    if dice.percent(3) {
        let stages = i8::try_from(STAGES.len()).unwrap_or(1);
        let step = 1 + dice.below(STAGES.len() as u64 - 1);
        return (stage + i8::try_from(step).unwrap_or(1)) % stages;
    }
    if stage != CHURNED && dice.percent(10) {
        return CHURNED;
    }
    let next = usize::try_from(stage).ok().and_then(|at| NEXT.get(at)).copied().unwrap_or_default();
    let chosen = usize::try_from(dice.below(next.len() as u64)).ok().and_then(|at| next.get(at));
    chosen.copied().unwrap_or(CHURNED)
}
