//! The events of a product over one year, with its users.
//!
//! There are two hundred events to a user and twenty users to an account. What a user does is a function of the seed
//! and the user alone; how often, of the other users too, so that there are as many events as asked for. Times are odd
//! numbers of microseconds, those of one user all with another fraction of a second: nothing happens at midnight or at
//! the full hour, no two events of a user at the same time, and no gap is as long as a timeout, so that no answer
//! depends on which side of a bound its row belongs to.

use crate::dice::{Dice, shuffle};
use crate::{LAST, scaled};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const DAYS: i64 = 365;

/// Midnight of 2025-01-01 in Stockholm, in microseconds since 1970-01-01 UTC: 365 days before [`LAST`].
pub const FIRST: i64 = LAST - DAYS * DAY * SECOND;
/// How many names events have.
pub const NAMES: usize = 50;

const EVENTS_OF_A_USER: usize = 200;
const USERS_OF_AN_ACCOUNT: usize = 20;
/// Nothing begins in the first hours of a day but users: nobody does anything before signing up.
const MORNING: i64 = 2 * HOUR;
/// When sessions begin, by two hours from the morning on.
const PARTS: [u64; 11] = [1, 2, 6, 14, 17, 14, 14, 12, 9, 7, 4];

/// What users do, the most frequent first.
pub fn names() -> Vec<String> {
    let things =
        ["task", "report", "board", "file", "comment", "project", "filter", "team", "invoice", "export"];
    let deeds = ["viewed", "created", "edited", "shared", "deleted"];
    deeds.iter().flat_map(|deed| things.iter().map(move |thing| format!("{thing} {deed}"))).collect()
}

/// A row of `users`. Users have the numbers of their rows.
#[derive(Clone, Copy, Debug)]
pub struct User {
    /// The number of the account.
    pub account: i64,
    /// When the user signed up, in microseconds since 1970-01-01 UTC: half of them before [`FIRST`].
    pub created_at: i64,
}

/// A row of `events`.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// When it happened, in microseconds since 1970-01-01 UTC.
    pub occurred_at: i64,
    /// The number of the user.
    pub user: u32,
    /// A position in [`names`].
    pub name: i8,
}

/// The tables of a product.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// Table `users`.
    pub users: Vec<User>,
    /// Table `events`.
    pub events: Vec<Event>,
}

impl Product {
    /// A product with so many events, in order of time.
    pub fn sorted(events: usize) -> Self {
        let users = (events / EVENTS_OF_A_USER).max(1);
        let accounts = (users / USERS_OF_AN_ACCOUNT).max(1);
        let lives: Vec<Life> = (0..users).map(|user| Life::new(user, accounts)).collect();
        let popularity = Popularity::new();
        let mut product = Self { users: Vec::with_capacity(users), events: Vec::with_capacity(events) };
        // Everybody comes once; the rest is shared in proportion.
        let rest = events.saturating_sub(users) as u128;
        let all: u128 = lives.iter().map(|life| life.weight).sum();
        let mut before = 0;
        for (user, life) in (0..).zip(lives) {
            let after = before + life.weight;
            let share = rest * after / all - rest * before / all;
            before = after;
            product.users.push(life.user);
            life.live(user, 1 + usize::try_from(share).unwrap_or(0), &popularity, &mut product.events);
        }
        product.events.sort_unstable_by_key(|event| (event.occurred_at, event.user));
        product
    }

    /// The same events in no order.
    pub fn shuffled(mut self) -> Self {
        shuffle(&mut self.events);
        self
    }
}

/// How often each name is used: the tenth a tenth as often as the first (Zipf, 1949).
struct Popularity {
    upto: Vec<u64>,
}

impl Popularity {
    fn new() -> Self {
        let mut all = 0;
        let add = |rank| {
            all += 1_000_000 / rank;
            all
        };
        Self { upto: (1..=NAMES as u64).map(add).collect() }
    }

    fn name(&self, dice: &mut Dice) -> i8 {
        let at = dice.below(self.upto.last().copied().unwrap_or(1)).unsigned_abs();
        i8::try_from(self.upto.partition_point(|upto| *upto <= at)).unwrap_or(0)
    }
}

/// From when to when a user uses the product, and how much. Days are counted from [`FIRST`].
struct Life {
    dice: Dice,
    user: User,
    /// The first day on which the user may come; if that is when the user signed up, the first session is then.
    from: i64,
    signs_up: bool,
    /// The day before which the last session begins.
    until: i64,
    weight: u128,
}

impl Life {
    fn new(user: usize, accounts: usize) -> Self {
        let mut dice = Dice::new(user as u64);
        let signed_up = dice.below(2 * DAYS.unsigned_abs()) - DAYS;
        let from = signed_up.max(0);
        let left = DAYS - from;
        // Two users in five stop at some time.
        let until = if dice.percent(40) { from + 1 + dice.below(left.unsigned_abs()) } else { DAYS };
        let weight = dice.wait(1, 12) * (until - from);
        // Small accounts and large ones: half of the users crowd into the first.
        let [one, other] = [dice.below(1 << 32), dice.below(1 << 32)].map(i64::unsigned_abs);
        let place = if dice.percent(50) { one << 32 } else { one * other };
        let created_at = FIRST + (signed_up * DAY + dice.below(MORNING.unsigned_abs())) * SECOND + 1;
        Self {
            user: User { account: i64::try_from(scaled(place, accounts as u64)).unwrap_or(0), created_at },
            dice,
            from,
            signs_up: signed_up == from,
            until,
            weight: u128::from(weight.unsigned_abs()),
        }
    }

    /// So many events, in sessions.
    fn live(mut self, user: u32, count: usize, popularity: &Popularity, events: &mut Vec<Event>) {
        let mut done = 0;
        while done < count {
            let day = if done == 0 && self.signs_up { self.from } else { self.day() };
            let part = i64::from(self.dice.weighted(&PARTS));
            let mut now = day * DAY + MORNING + part * 2 * HOUR + self.dice.below(7200);
            let length = self.dice.wait(1, 4);
            for _ in 0..length {
                if done == count || now >= DAYS * DAY {
                    break;
                }
                let fraction = i64::try_from(2 * done + 1).unwrap_or(1) % SECOND;
                let occurred_at = FIRST + now * SECOND + fraction;
                events.push(Event { occurred_at, user, name: popularity.name(&mut self.dice) });
                done += 1;
                // Some minutes, and seldom longer than a session bears.
                now += self.dice.wait(5, 9);
            }
        }
    }

    /// A day on which the user comes: on weekends a quarter as likely.
    fn day(&mut self) -> i64 {
        loop {
            let day = self.from + self.dice.below((self.until - self.from).unsigned_abs());
            // The first day is a Wednesday.
            let weekend = (day + 2) % 7 >= 5;
            if !weekend || self.dice.percent(25) {
                return day;
            }
        }
    }
}
