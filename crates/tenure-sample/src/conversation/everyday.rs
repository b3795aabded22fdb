//! Everyday questions: answered by the first line, by onboarding, or by the team that rests on weekends.

use super::story::Story;
use super::{Conversation, Handling, OUTAGE_PER_MILLE, Opening, SLOW_TEAM};
use crate::account::{Account, Segment};
use crate::calendar::{DAY, HOUR, Instant, MINUTE, SECOND};
use crate::company::World;
use crate::random::Random;
use crate::schedule::Schedule;
use crate::words::{NOTES, Phrases, SPAM, Topic};

/// When customers ask: mostly during local working hours, rarely on weekends, more often in the outage.
pub(super) fn starts(world: &World, account: &Account, random: &mut Random) -> Vec<Instant> {
    let usual = match account.segment {
        Segment::Smb => 600,
        Segment::MidMarket => 1500,
        Segment::Enterprise => 3500,
    };
    let mut starts = Vec::new();
    for (number, month) in world.calendar.months().iter().enumerate() {
        let mut mean = usual * month.season / 1000;
        if number == world.outage_month {
            mean = mean * OUTAGE_PER_MILLE / 1000;
        }
        for _ in 0..random.around(mean) {
            let mut day = month.first_day + random.below(month.end_day - month.first_day);
            if world.calendar.is_weekend(day) && random.chance(600) {
                // A question that can wait is asked on a working day of the same month.
                day = if day >= month.first_day + 2 { day - 2 } else { day + 2 };
            }
            let seconds = if random.chance(850) {
                random.between(8 * 3600, 18 * 3600)
            } else {
                random.between(0, 24 * 3600 - 1)
            };
            let at = world.calendar.local(account.region, day, seconds);
            if account.is_alive(at) {
                starts.push(at);
            }
        }
    }
    starts
}
impl Story<'_> {
    /// Tells an everyday question to its end.
    pub(super) fn everyday(mut self, random: &mut Random) -> Conversation {
        self.change("new");
        if self.conversation.initiated_by == "company" {
            self.we_wrote_first(random);
        } else {
            self.customer_wrote(random);
        }
        self.conversation
    }

    fn we_wrote_first(&mut self, random: &mut Random) {
        self.assign_team(random);
        self.write("agent", self.phrases.welcome);
        self.change("pending");
        if random.chance(400) {
            self.pass_awake(random.between(HOUR, 3 * DAY));
            self.write("customer", self.phrases.happy.first().map_or("", |remark| remark.text));
            self.change("open");
            self.pass(random.between(10 * MINUTE, 5 * HOUR));
            self.change("solved");
        } else {
            self.pass(7 * DAY);
        }
        self.change("closed");
    }

    fn customer_wrote(&mut self, random: &mut Random) {
        let opening = match self.conversation.handling {
            Handling::Spam => self.conversation.subject,
            _ => self.phrases.opening(self.conversation.topic),
        };
        self.write("customer", opening);
        if self.conversation.channel == "email" && random.chance(700) {
            self.pass(random.between(5, 20) * SECOND);
            self.write("system", self.phrases.received);
        }
        if matches!(self.conversation.handling, Handling::Spam | Handling::Merged) {
            self.pass(random.between(10 * MINUTE, 9 * HOUR));
            self.change("closed");
            return;
        }
        if self.conversation.channel == "chat" && random.chance(400) && self.bot_solved(random) {
            return;
        }
        self.first_reply(random);
        for _ in 0..random.weighted(&[(50, 0), (30, 1), (14, 2), (6, 3)]) {
            self.change("pending");
            self.pass_awake(random.between(10 * MINUTE, 30 * HOUR));
            self.write("customer", random.pick(&self.phrases.not_yet));
            self.change("open");
            self.reply(random.between(15, 240), random);
        }
        self.pass(random.between(0, 5) * MINUTE);
        self.change("solved");
        if random.chance(80) {
            self.pass_awake(random.between(HOUR, 3 * DAY));
            self.write("customer", self.phrases.again);
            self.change("open");
            self.reply(random.between(15, 240), random);
            self.change("solved");
        }
        self.pass(4 * DAY);
        self.change("closed");
    }

    /// Lets a bot try. Without an answer from the customer the solution is only assumed.
    fn bot_solved(&mut self, random: &mut Random) -> bool {
        self.pass(3 * SECOND);
        self.write("bot", self.phrases.suggestion);
        let outcome = random.weighted(&[(30, "confirmed"), (15, "assumed"), (55, "escalated")]);
        self.conversation.bot_outcome = Some(outcome);
        self.pass(random.between(1, 10) * MINUTE);
        if outcome == "escalated" {
            self.write("customer", random.pick(&self.phrases.not_yet));
            return false;
        }
        self.change("solved");
        self.pass(4 * DAY);
        self.change("closed");
        true
    }

    fn first_reply(&mut self, random: &mut Random) {
        let (low, high) = match self.conversation.priority {
            "urgent" => (5, 40),
            "high" => (15, 120),
            "normal" => (20, 300),
            _ => (60, 600),
        };
        let minutes = random.between(low, high);
        self.assign_team(random);
        if random.chance(250) {
            self.open_team();
            self.change("open");
            self.note(random.pick(&NOTES), random);
        }
        self.reply(if self.conversation.in_outage { 3 * minutes } else { minutes }, random);
        self.change("open");
    }

    /// An agent answers after so many minutes, during the hours of the team.
    fn reply(&mut self, minutes: i64, random: &mut Random) {
        self.open_team();
        self.pass(minutes * MINUTE);
        let ready = self.now;
        self.open_team();
        // What waited overnight is not answered in the first second of the day, nor all at once.
        self.pass(random.below(if self.now > ready { 2 * HOUR } else { MINUTE }));
        self.write("agent", random.pick(&self.phrases.answers));
    }
    /// Waits until the team works: 9:00 to 17:30 where the account is, on every day but for the slow team.
    fn open_team(&mut self) {
        let calendar = &self.world.calendar;
        let region = self.account.region;
        let (mut day, seconds) = calendar.local_clock(region, self.now);
        let works = |day| self.conversation.team != SLOW_TEAM || !calendar.is_weekend(day);
        if works(day) && (9 * 3600..17 * 3600 + 1800).contains(&seconds) {
            return;
        }
        if seconds >= 9 * 3600 {
            day += 1;
        }
        while !works(day) {
            day += 1;
        }
        self.now = self.now.max(calendar.local(region, day, 9 * 3600));
    }
    fn assign_team(&mut self, random: &mut Random) {
        let agents = match self.conversation.team {
            "billing" => &["Gita", "Hugo", "Ines"],
            "onboarding" => &["Jonas", "Kamol", "Leyla"],
            _ => &["Maja", "Nadia", "Okan"],
        };
        self.assign(agents, random);
    }
}

/// What is asked, before anything was said.
pub(super) fn opening(account: &Account, at: Instant, in_outage: bool, random: &mut Random) -> Opening {
    let handling = random.weighted(&[
        (970, Handling::Ordinary),
        (12, Handling::Spam),
        (6, Handling::Deleted),
        (12, Handling::Merged),
    ]);
    let topic = if in_outage && random.chance(600) {
        Topic::Exports
    } else {
        random.weighted(&[
            (20, Topic::Login),
            (10, Topic::Exports),
            (25, Topic::Reports),
            (20, Topic::Invoice),
            (15, Topic::Invites),
            (10, Topic::Interface),
        ])
    };
    let team = match topic {
        Topic::Invoice => SLOW_TEAM,
        Topic::Invites | Topic::Login if at - account.created_at < 60 * DAY => "onboarding",
        _ => "support",
    };
    let spam = handling == Handling::Spam;
    Opening {
        topic,
        subject: if spam { random.pick(&SPAM) } else { Phrases::of(account.region).subject(topic) },
        handling,
        team,
        channel: random.weighted(&[(55, "email"), (30, "chat"), (10, "phone"), (5, "in_app")]),
        initiated_by: match handling {
            Handling::Ordinary => random.weighted(&[(95, "customer"), (5, "company")]),
            _ => "customer",
        },
        priority: random.weighted(&[(15, "low"), (60, "normal"), (18, "high"), (7, "urgent")]),
        schedule: match team {
            SLOW_TEAM => Schedule::Billing(account.region),
            _ => Schedule::Support(account.region),
        },
    }
}
