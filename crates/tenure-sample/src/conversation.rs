//! The conversations of an account: who asked what, and how it went on.

use crate::account::{Account, Segment};
use crate::calendar::{DAY, HOUR, Instant, MINUTE, SECOND};
use crate::company::World;
use crate::person::{Person, people};
use crate::random::{Purpose, Random};
use crate::words::{NOTES, Phrases, SPAM, Topic};

/// How many times as many conversations the outage causes, in thousandths.
pub(crate) const OUTAGE_PER_MILLE: i64 = 2500;
/// The team that does not work on weekends.
pub(crate) const SLOW_TEAM: &str = "billing";

/// One conversation, told to its end or to where the account's data end.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) id: i64,
    pub(crate) account_id: i64,
    pub(crate) requester_id: i64,
    /// Whether the requester is one of our own people.
    pub(crate) requester_internal: bool,
    pub(crate) created_at: Instant,
    pub(crate) channel: &'static str,
    /// `customer` or `company`.
    pub(crate) initiated_by: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) topic: Topic,
    pub(crate) subject: &'static str,
    pub(crate) team: &'static str,
    /// None when no agent ever took it.
    pub(crate) assignee: Option<&'static str>,
    pub(crate) handling: Handling,
    /// `confirmed`, `assumed` or `handed_over`, when a bot answered.
    pub(crate) bot_outcome: Option<&'static str>,
    /// Begun in the month of the outage.
    pub(crate) in_outage: bool,
    /// Begun on a local weekend.
    pub(crate) on_weekend: bool,
    pub(crate) messages: Vec<Message>,
    pub(crate) statuses: Vec<Status>,
}

/// What became of a conversation, besides being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Handling {
    /// Nothing special.
    #[default]
    Ordinary,
    Spam,
    /// Answered, and deleted later.
    Deleted,
    /// Joined with another conversation instead of being answered.
    Merged,
}

/// One message of a conversation.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) conversation_id: i64,
    /// Its place in the conversation, from 1.
    pub(crate) seq: i16,
    pub(crate) at: Instant,
    /// `customer`, `agent`, `bot` or `system`.
    pub(crate) author: &'static str,
    /// A user for customers, a number per agent for agents.
    pub(crate) author_id: Option<i64>,
    pub(crate) public: bool,
    pub(crate) auto: bool,
    pub(crate) text: &'static str,
}

/// One change of a conversation's status.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) conversation_id: i64,
    /// Its place among the changes, from 1.
    pub(crate) seq: i16,
    pub(crate) at: Instant,
    pub(crate) name: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) team: &'static str,
    pub(crate) assignee: Option<&'static str>,
}

impl Message {
    /// Whether a person of ours wrote it to the customer.
    pub(crate) fn is_reply(&self) -> bool {
        self.author == "agent" && self.public && !self.auto
    }
}

impl Conversation {
    /// When an agent first answered the customer; none when we wrote first.
    pub(crate) fn first_replied_at(&self) -> Option<Instant> {
        let reply = self.messages.iter().find(|message| message.is_reply());
        reply.filter(|_| self.initiated_by != "company").map(|message| message.at)
    }

    /// When it was last solved.
    pub(crate) fn solved_at(&self) -> Option<Instant> {
        self.last("solved")
    }

    /// When it was closed for good.
    pub(crate) fn closed_at(&self) -> Option<Instant> {
        self.last("closed")
    }

    /// How many public replies agents wrote.
    pub(crate) fn replies(&self) -> usize {
        self.messages.iter().filter(|message| message.is_reply()).count()
    }

    fn last(&self, name: &str) -> Option<Instant> {
        self.statuses.iter().rev().find(|change| change.name == name).map(|change| change.at)
    }
}

/// The conversations of an account in the order of time.
pub(crate) fn conversations(world: &World, account: &Account) -> Vec<Conversation> {
    if account.internal {
        return Vec::new();
    }
    let mut random = world.random(account.index, Purpose::Conversations);
    let people: Vec<Person> = people(world, account).into_iter().filter(|person| !person.bot).collect();
    let mut starts = starts(world, account, &mut random);
    starts.sort_unstable();
    (1..)
        .zip(starts)
        .filter_map(|(number, at)| {
            let known: Vec<&Person> = people.iter().filter(|person| person.created_at <= at).collect();
            let requester =
                *known.get(usize::try_from(random.below(i64::try_from(known.len()).ok()?)).ok()?)?;
            Some(Story::tell(world, account, requester, number, at, &mut random))
        })
        .collect()
}

/// When customers ask: mostly during local working hours, rarely on weekends, more often in the outage.
fn starts(world: &World, account: &Account, random: &mut Random) -> Vec<Instant> {
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

/// A conversation while it is told: what happened so far, and when.
struct Story<'a> {
    world: &'a World,
    account: &'a Account,
    conversation: Conversation,
    phrases: &'static Phrases,
    /// The instant the story has reached. Never goes back.
    now: Instant,
}

impl<'a> Story<'a> {
    fn tell(
        world: &'a World,
        account: &'a Account,
        requester: &Person,
        number: i64,
        at: Instant,
        random: &mut Random,
    ) -> Conversation {
        let mut story = Self {
            world,
            account,
            conversation: begin(world, account, requester, number, at, random),
            phrases: Phrases::of(account.region),
            now: at,
        };
        story.change("new");
        if story.conversation.initiated_by == "company" {
            story.we_wrote_first(random);
        } else {
            story.customer_wrote(random);
        }
        story.conversation
    }

    fn we_wrote_first(&mut self, random: &mut Random) {
        self.assign(random);
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
        let outcome = random.weighted(&[(30, "confirmed"), (15, "assumed"), (55, "handed_over")]);
        self.conversation.bot_outcome = Some(outcome);
        self.pass(random.between(1, 10) * MINUTE);
        if outcome == "handed_over" {
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
        self.assign(random);
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

    fn pass(&mut self, time: i64) {
        self.now += time / SECOND * SECOND;
    }

    /// Lets time pass until a customer writes again, who sleeps at night.
    fn pass_awake(&mut self, time: i64) {
        let earliest = self.now + MINUTE;
        self.pass(time);
        self.now = self.world.calendar.awake(self.account.region, self.now).max(earliest);
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

    /// What happens at or after the end of the account's data is not told.
    fn is_told(&self) -> bool {
        self.now < self.account.until
    }

    fn assign(&mut self, random: &mut Random) {
        let agents: [&str; 3] = match self.conversation.team {
            "billing" => ["Gita", "Hugo", "Ines"],
            "onboarding" => ["Jonas", "Kamol", "Leyla"],
            _ => ["Maja", "Nadia", "Okan"],
        };
        let agent = random.pick(&agents);
        if self.is_told() {
            self.conversation.assignee = Some(agent);
        }
    }

    fn write(&mut self, author: &'static str, text: &'static str) {
        self.add(author, text, true);
    }

    fn note(&mut self, text: &'static str, random: &mut Random) {
        self.add("agent", text, false);
        self.pass(random.between(1, 9) * MINUTE);
    }

    fn add(&mut self, author: &'static str, text: &'static str, public: bool) {
        if !self.is_told() {
            return;
        }
        let author_id = match author {
            "customer" => Some(self.conversation.requester_id),
            "agent" => self.conversation.assignee.and_then(agent_number),
            _ => None,
        };
        let seq = next_seq(self.conversation.messages.len());
        self.conversation.messages.push(Message {
            conversation_id: self.conversation.id,
            seq,
            at: self.now,
            author,
            author_id,
            public,
            auto: author == "system",
            text,
        });
    }

    fn change(&mut self, name: &'static str) {
        let unchanged = self.conversation.statuses.last().is_some_and(|last| last.name == name);
        if unchanged || !self.is_told() {
            return;
        }
        let seq = next_seq(self.conversation.statuses.len());
        self.conversation.statuses.push(Status {
            conversation_id: self.conversation.id,
            seq,
            at: self.now,
            name,
            priority: self.conversation.priority,
            team: self.conversation.team,
            assignee: self.conversation.assignee,
        });
    }
}

fn next_seq(count: usize) -> i16 {
    i16::try_from(count).unwrap_or(i16::MAX - 1) + 1
}

/// Agents are numbered by their first letter, below all users.
fn agent_number(name: &str) -> Option<i64> {
    name.bytes().next().map(|letter| i64::from(letter - b'A') + 1)
}

/// The conversation before anything was said.
fn begin(
    world: &World,
    account: &Account,
    requester: &Person,
    number: i64,
    at: Instant,
    random: &mut Random,
) -> Conversation {
    let in_outage = world.is_outage(at);
    let handling = random.weighted(&[
        (970, Handling::Ordinary),
        (12, Handling::Spam),
        (6, Handling::Deleted),
        (12, Handling::Merged),
    ]);
    let spam = handling == Handling::Spam;
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
    let subject = if spam { random.pick(&SPAM) } else { Phrases::of(account.region).subject(topic) };
    let (local_day, _) = world.calendar.local_clock(account.region, at);
    Conversation {
        id: account.id * 10_000 + number,
        account_id: account.id,
        requester_id: requester.id,
        requester_internal: requester.internal,
        created_at: at,
        channel: random.weighted(&[(55, "email"), (30, "chat"), (10, "phone"), (5, "in_app")]),
        initiated_by: match handling {
            Handling::Ordinary => random.weighted(&[(95, "customer"), (5, "company")]),
            _ => "customer",
        },
        priority: random.weighted(&[(15, "low"), (60, "normal"), (18, "high"), (7, "urgent")]),
        topic,
        subject,
        team,
        assignee: None,
        handling,
        bot_outcome: None,
        in_outage,
        on_weekend: world.calendar.is_weekend(local_day),
        messages: Vec::new(),
        statuses: Vec::new(),
    }
}
