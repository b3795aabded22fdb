//! How a conversation is told: time passes, people write, the status changes.

use super::{Conversation, Message, Opening, Status, agent_number};
use crate::account::Account;
use crate::calendar::{Instant, MINUTE, SECOND};
use crate::company::World;
use crate::person::Person;
use crate::random::Random;
use crate::words::Phrases;

/// A conversation while it is told: what happened so far, and when.
pub(super) struct Story<'a> {
    pub(super) world: &'a World,
    pub(super) account: &'a Account,
    pub(super) conversation: Conversation,
    pub(super) phrases: &'static Phrases,
    /// The instant the story has reached. Never goes back.
    pub(super) now: Instant,
}

impl<'a> Story<'a> {
    /// Someone asks something; nothing was said yet.
    pub(super) fn begin(
        world: &'a World,
        account: &'a Account,
        requester: &Person,
        id: i64,
        at: Instant,
        opening: Opening,
    ) -> Self {
        let (local_day, _) = world.calendar.local_clock(account.region, at);
        let conversation = Conversation {
            id,
            account_id: account.id,
            requester_id: requester.id,
            requester_internal: requester.internal,
            created_at: at,
            channel: opening.channel,
            initiated_by: opening.initiated_by,
            priority: opening.priority,
            topic: opening.topic,
            subject: opening.subject,
            team: opening.team,
            assignee: None,
            handling: opening.handling,
            schedule: opening.schedule,
            bot_outcome: None,
            in_outage: world.is_outage(at),
            on_weekend: world.calendar.is_weekend(local_day),
            messages: Vec::new(),
            statuses: Vec::new(),
            dirt: None,
        };
        Self { world, account, conversation, phrases: Phrases::of(account.region), now: at }
    }

    pub(super) fn pass(&mut self, time: i64) {
        self.now += time / SECOND * SECOND;
    }

    /// Lets time pass until a customer writes again, who sleeps at night.
    pub(super) fn pass_awake(&mut self, time: i64) {
        let earliest = self.now + MINUTE;
        self.pass(time);
        self.now = self.world.calendar.awake(self.account.region, self.now).max(earliest);
    }

    /// What happens at or after the end of the account's data is not told.
    pub(super) fn is_told(&self) -> bool {
        self.now < self.account.until
    }

    pub(super) fn assign(&mut self, agents: &[&'static str], random: &mut Random) {
        let agent = random.pick(agents);
        if self.is_told() {
            self.conversation.assignee = Some(agent);
        }
    }

    pub(super) fn write(&mut self, author: &'static str, text: &'static str) {
        self.add(author, text, true);
    }

    pub(super) fn note(&mut self, text: &'static str, random: &mut Random) {
        self.add("agent", text, false);
        self.pass(random.between(1, 9) * MINUTE);
    }

    pub(super) fn add(&mut self, author: &'static str, text: &'static str, public: bool) {
        self.push(author, text, public, author == "system");
    }

    /// An answer that a program gives, in someone's name.
    pub(super) fn write_automatically(&mut self, author: &'static str, text: &'static str) {
        self.push(author, text, true, true);
    }

    fn push(&mut self, author: &'static str, text: &'static str, public: bool, auto: bool) {
        if !self.is_told() {
            return;
        }
        let author_id = match author {
            "customer" => Some(self.conversation.requester_id),
            "agent" => self.conversation.assignee.and_then(agent_number),
            _ => None,
        };
        self.conversation.messages.push(Message {
            conversation_id: self.conversation.id,
            seq: next_seq(self.conversation.messages.len()),
            at: self.now,
            author,
            author_id,
            public,
            auto,
            text,
        });
    }

    pub(super) fn change(&mut self, name: &'static str) {
        if self.conversation.statuses.last().is_none_or(|last| last.name != name) {
            self.record(name);
        }
    }

    /// Someone else goes on, in the same status.
    pub(super) fn hand_over(&mut self) {
        let Some(last) = self.conversation.statuses.last() else { return };
        let now = (self.conversation.priority, self.conversation.team, self.conversation.assignee);
        if (last.priority, last.team, last.assignee) != now {
            self.record(last.name);
        }
    }

    fn record(&mut self, name: &'static str) {
        if !self.is_told() {
            return;
        }
        self.conversation.statuses.push(Status {
            conversation_id: self.conversation.id,
            seq: Some(next_seq(self.conversation.statuses.len())),
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
