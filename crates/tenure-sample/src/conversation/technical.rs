//! Hard questions, for the technical team: two desks that keep to their hours, and have too much to do.
//!
//! Customers ask them on working days, most of all on Mondays, and hardly on holidays. Some come through the
//! first line. While exports are broken more arrive than the team can answer: what is open piles up for a month
//! and is worked off in the next one. The team sends no surveys.

use super::story::Story;
use super::{Conversation, Handling, OUTAGE_PER_MILLE, Opening, TECHNICAL_TEAM};
use crate::account::{Account, Segment};
use crate::calendar::{DAY, HOUR, Instant, MINUTE, Month, SECOND};
use crate::company::World;
use crate::random::Random;
use crate::schedule::{Desk, Schedule};
use crate::words::{NOTES, Phrases, Topic};

/// How likely someone asks on a weekday, Monday first, in thousandths of a Monday.
const WEEKDAYS: [i64; 7] = [1000, 700, 620, 580, 480, 60, 50];
/// What is left of that on a holiday of the desk.
const HOLIDAY_PER_MILLE: i64 = 120;
/// How many ask in which hour of their day.
const HOURS: [(i64, i64); 15] = [
    (2, 6),
    (5, 7),
    (30, 8),
    (70, 9),
    (80, 10),
    (60, 11),
    (30, 12),
    (50, 13),
    (65, 14),
    (55, 15),
    (40, 16),
    (20, 17),
    (8, 18),
    (5, 20),
    (3, 22),
];
/// How much longer a question waits at the end of the month of the outage, in minutes of working time.
const WORST_DELAY: i64 = 60 * 60;

/// When an account asks the technical team.
pub(super) fn starts(world: &World, account: &Account, random: &mut Random) -> Vec<Instant> {
    let usual = match account.segment {
        Segment::Smb => 350,
        Segment::MidMarket => 1000,
        Segment::Enterprise => 2400,
    };
    let mut starts = Vec::new();
    for (number, month) in world.calendar.months().iter().enumerate() {
        let more = if number == world.outage_month { OUTAGE_PER_MILLE } else { 1000 };
        for _ in 0..random.around(usual * month.season / 1000 * more / 1000) {
            let day = day(world, account, month, random);
            let seconds = random.weighted(&HOURS) * 3600 + random.below(3600);
            starts.push(world.calendar.local(account.region, day, seconds));
        }
    }
    starts.retain(|at| account.is_alive(*at));
    starts
}

/// A day of the month, drawn again until it is one on which people ask.
fn day(world: &World, account: &Account, month: &Month, random: &mut Random) -> i64 {
    let desk = Desk::of(account.region);
    let mut day = month.first_day;
    for _ in 0..30 {
        day = random.between(month.first_day, month.end_day - 1);
        let weekday = usize::try_from(world.calendar.weekday(day) - 1).unwrap_or(0);
        let usual = WEEKDAYS.get(weekday).copied().unwrap_or(0);
        let holiday = desk.holiday(&world.calendar, day).is_some();
        if random.chance(if holiday { usual * HOLIDAY_PER_MILLE / 1000 } else { usual }) {
            break;
        }
    }
    day
}

/// What is asked, before anything was said.
pub(super) fn opening(account: &Account, in_outage: bool, random: &mut Random) -> Opening {
    let topic = if in_outage && random.chance(700) {
        Topic::Exports
    } else {
        random.weighted(&[(50, Topic::Interface), (30, Topic::Exports), (20, Topic::Reports)])
    };
    Opening {
        topic,
        subject: Phrases::of(account.region).subject(topic),
        handling: Handling::Ordinary,
        initiated_by: "customer",
        team: random.weighted(&[(60, TECHNICAL_TEAM), (40, "support")]),
        channel: random.weighted(&[(70, "email"), (10, "chat"), (5, "phone"), (15, "in_app")]),
        priority: random.weighted(&[(10, "low"), (50, "normal"), (30, "high"), (10, "urgent")]),
        schedule: Schedule::Desk(Desk::of(account.region)),
    }
}

/// A question on its way through a desk.
pub(super) struct Case<'a> {
    pub(super) story: Story<'a>,
    pub(super) desk: Desk,
}

impl Case<'_> {
    pub(super) fn tell(mut self, random: &mut Random) -> Conversation {
        self.story.change("new");
        self.story.write("customer", self.story.phrases.opening(self.story.conversation.topic));
        if self.story.conversation.channel == "email" && random.chance(700) {
            self.story.pass(random.between(5, 20) * SECOND);
            self.story.write("system", self.story.phrases.received);
        }
        if self.story.conversation.team != TECHNICAL_TEAM {
            self.escalate(random);
        }
        self.first_reply(random);
        for _ in 0..random.weighted(&[(35, 0), (35, 1), (20, 2), (10, 3)]) {
            if random.chance(400) { self.ask_engineering(random) } else { self.ask_customer(random) }
        }
        self.story.pass(random.between(0, 5) * MINUTE);
        self.story.change("solved");
        if random.chance(100) {
            self.story.pass_awake(random.between(HOUR, 3 * DAY));
            self.story.write("customer", self.story.phrases.again);
            self.story.change("open");
            self.reply(random.between(30, 300), random);
            self.story.change("solved");
        }
        self.story.pass(4 * DAY);
        self.story.change("closed");
        self.story.conversation
    }

    /// The first line looks, and hands over with a higher priority.
    fn escalate(&mut self, random: &mut Random) {
        self.work(random.between(10, 90), random);
        self.story.assign(&["Maja", "Nadia", "Okan"], random);
        self.story.change("open");
        self.story.add("agent", random.pick(&NOTES), false);
        self.work(random.between(2, 15), random);
        if !self.story.is_told() {
            return;
        }
        let conversation = &mut self.story.conversation;
        conversation.team = TECHNICAL_TEAM;
        conversation.assignee = None;
        conversation.priority = match conversation.priority {
            "low" => "normal",
            "normal" => "high",
            _ => "urgent",
        };
        self.story.hand_over();
    }

    fn first_reply(&mut self, random: &mut Random) {
        let (low, high) = match self.story.conversation.priority {
            "urgent" => (20, 120),
            "high" => (60, 300),
            "normal" => (120, 700),
            _ => (300, 1200),
        };
        self.work(random.between(low, high) + delay(self.story.world, self.story.now), random);
        self.assign(random);
        if random.chance(300) {
            self.story.add("agent", random.pick(&NOTES), false);
            self.work(random.between(2, 30), random);
        }
        self.story.write("agent", random.pick(&self.story.phrases.answers));
        self.story.change("open");
        self.story.hand_over();
        if random.chance(40) {
            self.story.pass(random.between(5, 60) * SECOND);
            self.story.write_automatically("customer", self.story.phrases.away);
        }
    }

    /// The clock of the promise to the customer stands still while engineering looks for the cause.
    fn ask_engineering(&mut self, random: &mut Random) {
        self.story.change("on_hold");
        self.work(random.between(4 * 60, 24 * 60), random);
        if random.chance(250) {
            self.assign(random);
        }
        self.story.change("open");
        self.story.add("agent", random.pick(&NOTES), false);
        self.reply(random.between(5, 60), random);
    }

    fn ask_customer(&mut self, random: &mut Random) {
        self.story.change("pending");
        self.story.pass_awake(random.between(10 * MINUTE, 30 * HOUR));
        self.story.write("customer", random.pick(&self.story.phrases.not_yet));
        self.story.change("open");
        let minutes = random.between(30, 300) + delay(self.story.world, self.story.now) / 2;
        self.reply(minutes, random);
    }

    fn reply(&mut self, minutes: i64, random: &mut Random) {
        self.work(minutes, random);
        self.story.write("agent", random.pick(&self.story.phrases.answers));
    }

    /// Lets working time pass.
    fn work(&mut self, minutes: i64, random: &mut Random) {
        let time = minutes * MINUTE + random.below(60) * SECOND;
        self.story.now = self.desk.after(&self.story.world.calendar, self.story.now, time);
    }

    fn assign(&mut self, random: &mut Random) {
        match self.desk {
            Desk::Stockholm => self.story.assign(&["Pia", "Quinn"], random),
            Desk::Bangkok => self.story.assign(&["Ratana", "Somchai"], random),
        }
    }
}

/// How much longer it takes than usual, in minutes of working time: more every day of the outage, less every day
/// of the month after.
fn delay(world: &World, at: Instant) -> i64 {
    let Some(outage) = world.calendar.months().get(world.outage_month) else { return 0 };
    let length = outage.end_day - outage.first_day;
    let days = world.calendar.day_of(at) - outage.first_day;
    let part = if days < length { days } else { 2 * length - days };
    WORST_DELAY * part.max(0) / length.max(1)
}
