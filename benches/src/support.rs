//! The conversations of a help desk over three years, with their messages and statuses.
//!
//! Conversation `i` of `n` is a function of the seed, `i` and `n` alone. Times are whole seconds, as most help desks
//! write them, and odd ones: nothing happens at midnight or at the full hour, so that no answer depends on which side
//! of a period its bound belongs to. Within a conversation no two messages and no two statuses have the same time,
//! except that it begins with both.

use crate::dice::{Dice, shuffle};
use crate::{FIRST, LAST};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// Seconds from [`FIRST`] to [`LAST`]: what happens later is not known yet.
const KNOWN: i64 = (LAST - FIRST) / 1_000_000;

/// Who writes messages.
pub const AUTHORS: [&str; 4] = ["customer", "agent", "bot", "system"];
/// What a conversation can be.
pub const STATUSES: [&str; 7] = ["new", "open", "pending", "on_hold", "solved", "closed", "snoozed"];
/// How urgent a conversation is.
pub const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];
/// Where a conversation takes place.
pub const CHANNELS: [&str; 4] = ["email", "chat", "web", "phone"];
/// Who began a conversation.
pub const INITIATORS: [&str; 2] = ["customer", "company"];
/// How many agents there are.
pub const AGENTS: u64 = 400;

const CUSTOMER: i8 = 0;
const AGENT: i8 = 1;
const BOT: i8 = 2;
const NEW: i8 = 0;
const OPEN: i8 = 1;
const PENDING: i8 = 2;
const ON_HOLD: i8 = 3;
const SOLVED: i8 = 4;
const CLOSED: i8 = 5;
const SNOOZED: i8 = 6;
const CHAT: i8 = 1;

/// The zone of the opening hours.
pub const ZONE: &str = "Europe/Stockholm";
/// Days from Monday to Friday on which nobody works.
pub const HOLIDAYS: [&str; 16] = [
    "2023-01-06",
    "2023-04-07",
    "2023-04-10",
    "2023-05-01",
    "2023-06-06",
    "2023-12-25",
    "2023-12-26",
    "2024-01-01",
    "2024-03-29",
    "2024-04-01",
    "2024-05-01",
    "2024-06-06",
    "2024-12-25",
    "2025-04-18",
    "2025-04-21",
    "2025-12-25",
];
/// Targets by priority, in hours: of open hours to the first response, of any hours to the resolution.
pub const TARGETS: [(i64, i64); 4] = [(1, 24), (4, 72), (8, 120), (16, 240)];

/// A row of `conversations`.
#[derive(Clone, Copy, Debug)]
pub struct Conversation {
    /// Its number, from 0, about in the order in which conversations begin.
    pub id: i64,
    /// When it began, in microseconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// A position in [`PRIORITIES`].
    pub priority: i8,
    /// A position in [`CHANNELS`].
    pub channel: i8,
    /// A position in [`INITIATORS`].
    pub initiated_by: i8,
    /// Whose it is.
    pub assignee: i64,
}

/// A row of `messages`.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// The conversation.
    pub id: i64,
    /// When it was written, in microseconds since 1970-01-01 UTC.
    pub occurred_at: i64,
    /// A position in [`AUTHORS`].
    pub author: i8,
    /// Whether the customer sees it.
    pub public: bool,
    /// Whether no person wrote it.
    pub auto: bool,
}

/// A row of `status_history`.
#[derive(Clone, Copy, Debug)]
pub struct Status {
    /// The conversation.
    pub id: i64,
    /// When it changed, in microseconds since 1970-01-01 UTC.
    pub occurred_at: i64,
    /// A position in [`STATUSES`].
    pub status: i8,
}

/// The tables of a help desk.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Table `conversations`.
    pub conversations: Vec<Conversation>,
    /// Table `messages`.
    pub messages: Vec<Message>,
    /// Table `status_history`.
    pub statuses: Vec<Status>,
}

impl Desk {
    /// A help desk with so many conversations, every table in order of time.
    pub fn sorted(conversations: usize) -> Self {
        let mut desk = Self::default();
        for number in 0..conversations {
            Story::new(&mut desk, number, conversations).tell();
        }
        desk.conversations.sort_unstable_by_key(|row| (row.created_at, row.id));
        desk.messages.sort_unstable_by_key(|row| (row.occurred_at, row.id));
        desk.statuses.sort_unstable_by_key(|row| (row.occurred_at, row.id));
        desk
    }

    /// The same rows in no order.
    pub fn shuffled(mut self) -> Self {
        shuffle(&mut self.conversations);
        shuffle(&mut self.messages);
        shuffle(&mut self.statuses);
        self
    }
}

/// How one conversation goes. Times are seconds since [`FIRST`], all odd.
struct Story<'d> {
    desk: &'d mut Desk,
    dice: Dice,
    id: i64,
    now: i64,
    channel: i8,
}

impl<'d> Story<'d> {
    fn new(desk: &'d mut Desk, number: usize, of: usize) -> Self {
        let mut dice = Dice::new(number as u64);
        let id = i64::try_from(number).unwrap_or(i64::MAX);
        let weeks = KNOWN / WEEK + 1;
        let week = id * weeks / i64::try_from(of).unwrap_or(i64::MAX).max(1);
        // The first day is a Sunday.
        let day = i64::from(dice.weighted(&[6, 19, 19, 18, 17, 15, 6]));
        let part = i64::from(dice.weighted(&[3, 2, 22, 25, 22, 13, 9, 4]));
        let second = part * (DAY / 8) + dice.below((DAY / 8).unsigned_abs());
        let created = (week * WEEK + day * DAY + second) | 1;
        let created = if created < KNOWN { created } else { created - WEEK };
        let conversation = Conversation {
            id,
            created_at: FIRST + created * 1_000_000,
            priority: dice.weighted(&[5, 20, 55, 20]),
            channel: dice.weighted(&[45, 30, 15, 10]),
            initiated_by: dice.weighted(&[94, 6]),
            assignee: dice.below(AGENTS),
        };
        desk.conversations.push(conversation);
        Self { desk, dice, id, now: created, channel: conversation.channel }
    }

    /// Time passes; at least two seconds, and an even number of them.
    fn pass(&mut self, seconds: i64) {
        self.now += (seconds & !1).max(2);
    }

    fn write(&mut self, author: i8, public: bool, auto: bool) {
        if self.now < KNOWN {
            let occurred_at = FIRST + self.now * 1_000_000;
            self.desk.messages.push(Message { id: self.id, occurred_at, author, public, auto });
        }
    }

    fn turn(&mut self, status: i8) {
        if self.now < KNOWN {
            let occurred_at = FIRST + self.now * 1_000_000;
            self.desk.statuses.push(Status { id: self.id, occurred_at, status });
        }
    }

    fn tell(mut self) {
        self.turn(NEW);
        if self.desk.conversations.last().is_some_and(|row| row.initiated_by == 1) {
            self.write(AGENT, true, false);
            if self.dice.percent(10) {
                let wait = self.dice.wait(DAY, 2);
                self.pass(wait);
                self.write(AGENT, true, false);
            }
            if self.dice.percent(30) {
                // Nobody answers.
                let wait = self.dice.wait(3 * DAY, 2);
                self.pass(wait);
                return self.turn(SOLVED);
            }
            let wait = self.dice.wait(2 * MINUTE, 10);
            self.pass(wait);
        }
        self.write(CUSTOMER, true, false);
        self.greet();
        match self.dice.below(100) {
            0..6 => self.answered_by_bot(),
            6..10 => self.never_answered(),
            10..12 => self.closed_at_once(),
            _ => self.answered(),
        }
    }

    /// A bot or an automatic reply comes first.
    fn greet(&mut self) {
        if self.dice.percent(if self.channel == CHAT { 70 } else { 12 }) {
            let wait = self.dice.wait(2, 4);
            self.pass(wait);
            self.write(BOT, true, true);
        } else if self.dice.percent(25) {
            let wait = self.dice.wait(4, 3);
            self.pass(wait);
            self.write(AGENT, true, true);
        }
    }

    fn answered_by_bot(&mut self) {
        let wait = self.dice.wait(10, 6);
        self.pass(wait);
        self.write(BOT, true, true);
        let wait = self.dice.wait(MINUTE, 6);
        self.pass(wait);
        self.turn(SOLVED);
        if self.dice.percent(15) {
            // It had not helped.
            let wait = self.dice.wait(MINUTE, 8);
            self.pass(wait);
            self.write(CUSTOMER, true, false);
            self.turn(OPEN);
            self.answered();
        }
    }

    fn never_answered(&mut self) {
        if self.dice.percent(40) {
            let wait = self.dice.wait(HOUR, 7);
            self.pass(wait);
            self.write(CUSTOMER, true, false);
        }
        let wait = self.dice.wait(7 * DAY, 3);
        self.pass(wait);
        self.turn(CLOSED);
    }

    fn closed_at_once(&mut self) {
        let wait = self.dice.wait(5 * MINUTE, 8);
        self.pass(wait);
        self.turn(CLOSED);
    }

    fn answered(&mut self) {
        let replies = 1 + self.dice.weighted(&[46, 30, 14, 7, 3]);
        for reply in 0..replies {
            if reply > 0 {
                let wait = self.dice.wait(2 * MINUTE, 10);
                self.pass(wait);
                self.write(CUSTOMER, true, false);
                if self.dice.percent(20) {
                    self.turn(OPEN);
                }
            }
            if self.dice.percent(30) {
                let wait = self.dice.wait(20, 8);
                self.pass(wait);
                self.write(CUSTOMER, true, false);
            }
            if self.dice.percent(30) {
                let wait = self.dice.wait(MINUTE, 8);
                self.pass(wait);
                self.write(AGENT, false, false);
            }
            let wait =
                if self.channel == CHAT { self.dice.wait(20, 8) } else { self.dice.wait(2 * MINUTE, 11) };
            self.pass(wait);
            self.write(AGENT, true, false);
            if self.dice.percent(12) {
                let status = if self.dice.percent(70) { PENDING } else { ON_HOLD };
                self.pass(2);
                self.turn(status);
            } else if self.dice.percent(2) {
                self.pass(2);
                self.turn(SNOOZED);
            }
        }
        self.solve();
        if self.dice.percent(8) {
            self.reopen();
        }
        self.end();
    }

    fn solve(&mut self) {
        let wait = if self.dice.percent(70) { self.dice.wait(2, 5) } else { self.dice.wait(HOUR, 6) };
        self.pass(wait);
        self.turn(SOLVED);
    }

    fn reopen(&mut self) {
        let wait = self.dice.wait(30 * MINUTE, 10);
        self.pass(wait);
        self.write(CUSTOMER, true, false);
        self.turn(OPEN);
        let wait = self.dice.wait(5 * MINUTE, 9);
        self.pass(wait);
        self.write(AGENT, true, false);
        self.solve();
    }

    /// What comes after the last resolution: thanks, a late word, and the closing of what was solved.
    fn end(&mut self) {
        if self.dice.percent(4) {
            let wait = self.dice.wait(MINUTE, 8);
            self.pass(wait);
            self.write(CUSTOMER, true, false);
        }
        if self.dice.percent(2) {
            let wait = self.dice.wait(MINUTE, 10);
            self.pass(wait);
            self.write(AGENT, true, false);
        }
        if self.channel != CHAT && self.dice.percent(40) {
            self.pass(4 * DAY);
            self.turn(CLOSED);
        }
    }
}
