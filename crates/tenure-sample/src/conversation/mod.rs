//! The conversations of an account: who asked what, and how it went on.

mod everyday;
mod story;
mod technical;
mod wrong;

use crate::account::Account;
use crate::calendar::Instant;
use crate::company::World;
use crate::dirt::ConversationDirt;
use crate::person::{Person, people};
use crate::random::{Purpose, Random};
use crate::schedule::{Desk, Schedule};
use crate::words::Topic;
use story::Story;
use technical::Case;

/// How many times as many conversations the outage causes, in thousandths.
pub(crate) const OUTAGE_PER_MILLE: i64 = 2500;
/// The team that does not work on weekends.
pub(crate) const SLOW_TEAM: &str = "billing";
/// The team that has too much to do.
pub(crate) const TECHNICAL_TEAM: &str = "technical";

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
    /// Whose hours count.
    pub(crate) schedule: Schedule,
    /// `confirmed`, `assumed` or `escalated`, when a bot answered.
    pub(crate) bot_outcome: Option<&'static str>,
    /// Begun in the month of the outage.
    pub(crate) in_outage: bool,
    /// Begun on a local weekend.
    pub(crate) on_weekend: bool,
    pub(crate) messages: Vec<Message>,
    pub(crate) statuses: Vec<Status>,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<ConversationDirt>,
}

/// What is asked, before anything was said.
#[derive(Debug, Clone, Copy)]
struct Opening {
    topic: Topic,
    subject: &'static str,
    handling: Handling,
    initiated_by: &'static str,
    team: &'static str,
    channel: &'static str,
    priority: &'static str,
    schedule: Schedule,
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
    /// Its place among the changes, from 1; none where it is not known.
    pub(crate) seq: Option<i16>,
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

    /// Whether it had begun by an instant, and was neither solved nor closed then.
    pub(crate) fn is_open_at(&self, at: Instant) -> bool {
        let before = self.statuses.iter().rev().find(|change| change.at < at);
        before.is_some_and(|change| !matches!(change.name, "solved" | "closed"))
    }

    /// Whether the technical team has to answer it.
    pub(crate) fn is_technical(&self) -> bool {
        matches!(self.schedule, Schedule::Desk(_))
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

/// The conversations of an account: everyday questions in the order of time, then those for the technical team.
pub(crate) fn conversations(world: &World, account: &Account) -> Vec<Conversation> {
    let mut conversations = everyday_conversations(world, account);
    let mut technical = technical_conversations(world, account);
    wrong::plant(account, &mut technical);
    conversations.append(&mut technical);
    conversations
}

/// Questions that every customer has, about which surveys ask afterwards.
pub(crate) fn everyday_conversations(world: &World, account: &Account) -> Vec<Conversation> {
    let mut random = world.random(account.index, Purpose::Conversations);
    let starts = everyday::starts(world, account, &mut random);
    begun(world, account, 0, starts, &mut random, |at, requester, id, random| {
        let opening = everyday::opening(account, at, world.is_outage(at), random);
        Story::begin(world, account, requester, id, at, opening).everyday(random)
    })
}

fn technical_conversations(world: &World, account: &Account) -> Vec<Conversation> {
    let mut random = world.random(account.index, Purpose::Technical);
    let starts = technical::starts(world, account, &mut random);
    begun(world, account, 5000, starts, &mut random, |at, requester, id, random| {
        let opening = technical::opening(account, world.is_outage(at), random);
        let story = Story::begin(world, account, requester, id, at, opening);
        Case { story, desk: Desk::of(account.region) }.tell(random)
    })
}

/// Finds someone who asks for each beginning, and lets the question be told. Our own account asks nothing.
fn begun(
    world: &World,
    account: &Account,
    numbered_after: i64,
    mut starts: Vec<Instant>,
    random: &mut Random,
    mut tell: impl FnMut(Instant, &Person, i64, &mut Random) -> Conversation,
) -> Vec<Conversation> {
    if account.internal {
        return Vec::new();
    }
    let people: Vec<Person> = people(world, account).into_iter().filter(|person| !person.bot).collect();
    starts.sort_unstable();
    (numbered_after + 1..)
        .zip(starts)
        .filter_map(|(number, at)| {
            let known: Vec<&Person> = people.iter().filter(|person| person.created_at <= at).collect();
            let requester =
                *known.get(usize::try_from(random.below(i64::try_from(known.len()).ok()?)).ok()?)?;
            Some(tell(at, requester, account.id * 10_000 + number, random))
        })
        .collect()
}

/// Agents are numbered by their first letter, below all users.
fn agent_number(name: &str) -> Option<i64> {
    name.bytes().next().map(|letter| i64::from(letter - b'A') + 1)
}

/// The agents of all teams.
const AGENTS: [&str; 13] = [
    "Gita", "Hugo", "Ines", "Jonas", "Kamol", "Leyla", "Maja", "Nadia", "Okan", "Pia", "Quinn", "Ratana",
    "Somchai",
];

/// The name behind the number of an agent.
pub(crate) fn agent_name(number: i64) -> Option<&'static str> {
    AGENTS.into_iter().find(|name| agent_number(name) == Some(number))
}
