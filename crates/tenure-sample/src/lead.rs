//! Leads: how accounts came to sign up, and those that never did.

use crate::account::{self, Account, Billing, Plan, Segment, Term};
use crate::calendar::{DAY, HOUR, Instant, MINUTE, Region};
use crate::company::{MOST_ACCOUNTS, World};
use crate::random::{Purpose, Random};
use crate::stage::{Move, Stage};

/// How many accounts were leads before they signed up, in thousandths.
const KNOWN_BEFORE_PER_MILLE: i64 = 600;
/// How many leads there are that never signed up, to a thousand accounts that did.
const LEADS_PER_MILLE: i64 = 250;
/// How many leads go on to the next stage, in thousandths.
const GOES_ON_PER_MILLE: i64 = 650;
const TRIAL: i64 = 14 * DAY;

/// The ways to an account's first day, which trial and onboarding can follow.
const APPROACHES: [(i64, &[Stage]); 4] = [
    (40, &[Stage::Aware, Stage::Evaluating, Stage::Prospect]),
    (30, &[Stage::Evaluating, Stage::Prospect]),
    (20, &[Stage::Prospect]),
    (10, &[Stage::Evaluating]),
];

/// What an account did before it signed up, as far back as there are records.
pub(crate) fn approach(world: &World, account: &Account) -> Vec<Move> {
    let mut random = world.random(account.index, Purpose::Leads);
    let known = random.chance(KNOWN_BEFORE_PER_MILLE);
    let mut moves = Vec::new();
    let mut left = account.created_at;
    for stage in random.weighted(&APPROACHES).iter().rev() {
        let entered = left - stage.drawn_span(&mut random);
        if !known || entered < world.calendar.start() + DAY {
            break;
        }
        left = world.calendar.awake(account.region, entered);
        moves.push(Move { stage: *stage, at: left, reason: None });
    }
    moves.reverse();
    if let Some(first) = moves.first_mut() {
        first.reason = Some("first contact");
    }
    moves
}

/// An account, and the lead beside it if there is one, for the tables that have leads.
pub(crate) fn with_lead(world: &World, account: &Account) -> Vec<Account> {
    [account.clone()].into_iter().chain(lead_beside(world, account)).collect()
}

/// A lead that never signed up. It belongs to the number of an account, so that it can be made without the others.
pub(crate) fn lead_beside(world: &World, account: &Account) -> Option<Account> {
    // Not the stream of the account's own approach.
    let mut random = world.random(account.index ^ MOST_ACCOUNTS.next_power_of_two(), Purpose::Leads);
    if account.internal || !random.chance(LEADS_PER_MILLE) {
        return None;
    }
    let region = random.pick(&Region::ALL);
    let created_at = first_contact(world, region, &mut random);
    let mut lead = Account {
        id: i64::from(MOST_ACCOUNTS) + account.id,
        parent: None,
        name: account::name(&mut random),
        segment: random.weighted(&[(60, Segment::Smb), (28, Segment::MidMarket), (12, Segment::Enterprise)]),
        region,
        // Managers are for customers.
        manager: None,
        approach: Vec::new(),
        created_at,
        internal: false,
        billing: Billing::Month,
        discount: None,
        paid_from: created_at,
        terms: Vec::new(),
        addon_from: None,
        leaving: None,
        returned: None,
        until: world.calendar.end(),
        index: account.index,
    };
    lead.look_around(world, &mut random);
    Some(lead)
}

/// Half of the leads came in the last two months, so that some are still looking around.
fn first_contact(world: &World, region: Region, random: &mut Random) -> Instant {
    let days = world.calendar.days() - 1;
    let ago = if random.chance(500) { random.below(days.min(60)) } else { random.below(days) };
    let at = world.calendar.midnight_of(days - 1 - ago) + random.below(24 * 60) * MINUTE;
    world.calendar.awake(region, at).max(world.calendar.start())
}

impl Account {
    /// Whether it never signed up.
    pub(crate) fn is_lead(&self) -> bool {
        self.id > i64::from(MOST_ACCOUNTS)
    }

    /// Goes from the first contact as far as it goes.
    fn look_around(&mut self, world: &World, random: &mut Random) {
        let end = world.calendar.end();
        let mut stage =
            random.weighted(&[(50, Stage::Aware), (35, Stage::Evaluating), (15, Stage::Prospect)]);
        let mut at = self.created_at;
        let mut reason = Some("first contact");
        while at < end {
            self.approach.push(Move { stage, at, reason });
            if stage == Stage::Churned {
                self.until = at;
                return;
            }
            let span = if stage == Stage::Trial { self.try_out(at, end) } else { stage.drawn_span(random) };
            let goes_on = random.chance(GOES_ON_PER_MILLE);
            let lost = random.pick(&["no budget", "no answer", "chose a competitor", "not now"]);
            let later = at + span + random.between(1, 60 * 20) * MINUTE;
            at = world.calendar.awake(self.region, later).max(at + HOUR);
            (stage, reason) = match stage {
                Stage::Aware if goes_on => (Stage::Evaluating, None),
                Stage::Evaluating if goes_on => (Stage::Prospect, Some("asked for an offer")),
                Stage::Prospect if goes_on => (Stage::Trial, Some("started a trial")),
                _ => (Stage::Churned, Some(lost)),
            };
        }
    }

    /// A trial that nobody signed in to; says how long it takes.
    fn try_out(&mut self, from: Instant, end: Instant) -> i64 {
        self.paid_from = from + TRIAL;
        let to = Some(self.paid_from).filter(|to| *to < end);
        self.terms.push(Term { from, to, plan: Plan::Starter, seats: 2, status: "trialing" });
        TRIAL
    }
}
