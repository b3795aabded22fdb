//! The users of an account.

use crate::account::{Account, Segment};
use crate::calendar::{DAY, HOUR, Instant, MINUTE, SECOND};
use crate::company::World;
use crate::random::{Purpose, Random};

/// One user of an account.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Its number within the account, from 1.
    pub(crate) number: i64,
    pub(crate) id: i64,
    pub(crate) account_id: i64,
    pub(crate) created_at: Instant,
    /// None for the founder, whom nobody invited.
    pub(crate) invited_at: Option<Instant>,
    /// One of our own people, working with the customer.
    pub(crate) internal: bool,
    /// A program that calls the interface.
    pub(crate) bot: bool,
    /// How likely it comes on a working day, in thousandths.
    pub(crate) visits_per_mille: i64,
}

/// The users of an account, the founder first.
pub(crate) fn people(world: &World, account: &Account) -> Vec<Person> {
    let mut random = world.random(account.index, Purpose::People);
    let count = match account.segment {
        Segment::Smb => random.between(2, 5),
        Segment::MidMarket => random.between(5, 14),
        Segment::Enterprise => random.between(12, 35),
    };
    let has_bot = account.segment != Segment::Smb && random.chance(200);
    let has_our_own = random.chance(100);
    let mut people = Vec::new();
    for number in 1..=count {
        let last = number == count;
        let joined = joined_at(world, account, number, &mut random);
        let invited = joined - random.between(20 * MINUTE, 6 * DAY) / MINUTE * MINUTE;
        let person = Person {
            number,
            id: account.id * 1000 + number,
            account_id: account.id,
            created_at: joined,
            invited_at: (number > 1).then(|| invited.max(account.created_at)),
            internal: account.internal || (number == 2 && has_our_own),
            bot: last && has_bot,
            visits_per_mille: visits_per_mille(number, last && has_bot, &mut random),
        };
        if account.is_alive(person.created_at) {
            people.push(person);
        }
    }
    people
}

/// The founder at once, half of the others within a month, the rest at any time.
fn joined_at(world: &World, account: &Account, number: i64, random: &mut Random) -> Instant {
    if number == 1 {
        return account.created_at;
    }
    let lifetime = account.until - account.created_at;
    let after = if random.chance(500) { random.below(30 * DAY) } else { random.below(lifetime) };
    let at = account.created_at + after / SECOND * SECOND;
    world.calendar.awake(account.region, at).max(account.created_at + HOUR)
}

fn visits_per_mille(number: i64, bot: bool, random: &mut Random) -> i64 {
    let drawn = random.weighted(&[(15, 220), (35, 70), (50, 20)]);
    match (number, bot) {
        (_, true) => 500,
        (1, false) => 150,
        _ => drawn,
    }
}
