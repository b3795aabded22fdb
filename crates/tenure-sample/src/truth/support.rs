//! What was planted in the support tables, counted from the plan of the company.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::FirstReplyTruth;
use crate::account::Account;
use crate::calendar::{DAY, Instant, SECOND};
use crate::company::World;
use crate::conversation::{Conversation, Handling, TECHNICAL_TEAM};
use crate::email::{Email, Kind};
use crate::help::Session;
use crate::schedule::Desk;

/// Conversations, emails and the help centre.
///
/// Conversations with a wrong row are not counted, but listed. Of spam and of what was deleted or merged only the
/// number is told: nothing else here counts them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportTruth {
    /// The conversations of which one row, in whatever table, is wrong on purpose. Grows with the company.
    pub wrong_conversations: Vec<i64>,
    /// Conversations that are spam.
    pub spam: u64,
    /// Conversations that were deleted.
    pub deleted: u64,
    /// Conversations that were merged into another one.
    pub merged: u64,
    /// All others: the ordinary ones, which everything below is about.
    pub ordinary: u64,
    /// Those we began.
    pub begun_by_company: u64,
    /// Those that were solved at least once.
    pub solved: u64,
    /// Those that were in another status again after they were solved, closed not counted.
    pub reopened: u64,
    /// Those that were closed.
    pub closed: u64,
    /// Those that customers began and that were solved with exactly one public reply of an agent.
    pub solved_with_one_reply: u64,
    /// Those that had more than one team.
    pub handed_over: u64,
    /// How many had which `bot_outcome`.
    pub bot_outcomes: BTreeMap<String, u64>,
    /// Public messages of agents.
    pub replies: u64,
    /// Notes between agents.
    pub notes: u64,
    /// Messages written by a program in the name of a mailbox.
    pub automatic: u64,
    /// Times to the first public reply of an agent to what customers began.
    pub first_reply: FirstReplyTruth,
    /// The team that has too much to do.
    pub technical: TechnicalTruth,
    /// What was spent in each status, until the next one.
    pub statuses: BTreeMap<String, StatusTruth>,
    /// The users who began a conversation that is not spam; deleted, merged and wrong ones included.
    pub asking_users: u64,
    /// Emails.
    pub email: EmailTruth,
    /// Searches and articles.
    pub help: HelpTruth,
}

/// The technical team: the conversations of its two desks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechnicalTruth {
    /// As in `conversations.team`.
    pub team: String,
    /// Conversations on its schedules, also those that the first line has not handed over yet.
    pub conversations: u64,
    /// Times to the first public reply.
    pub first_reply: FirstReplyTruth,
    /// The same times, counting only those in which the desk was open.
    pub first_reply_open_seconds: i64,
}

/// One status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusTruth {
    /// Rows of `status_history` after which there is another one of the same conversation.
    pub left: u64,
    /// The time from these rows to the next ones.
    pub seconds: i64,
}

/// Emails that are not wrong, each counted once, however often it was delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailTruth {
    /// From customers, automatic ones included.
    pub received: u64,
    /// To customers, automatic ones included.
    pub sent: u64,
    /// Between our own people.
    pub internal: u64,
    /// Automatic ones, in either direction.
    pub automatic: u64,
    /// Rows that repeat the one before.
    pub delivered_again: u64,
    /// From those received that are not automatic to the first answer that is not: those that have one.
    pub answered: FirstReplyTruth,
}

/// The help centre; rows that are wrong are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpTruth {
    /// Searches.
    pub searches: u64,
    /// Those that found nothing.
    pub searches_without_results: u64,
    /// Articles read.
    pub views: u64,
    /// Users who searched or read, signed in.
    pub users: u64,
    /// Their sessions.
    pub sessions: u64,
    /// Sessions of unknown users.
    pub anonymous_sessions: u64,
    /// Sessions of known users that began at least 24 hours before the company's data end.
    pub mature_sessions: u64,
    /// Those of them after which the same user began a conversation within 24 hours; spam is none.
    pub sessions_followed: u64,
}

impl FirstReplyTruth {
    fn add(&mut self, from: Instant, to: Instant) {
        self.replied += 1;
        self.total_seconds += (to - from) / SECOND;
    }
}

impl SupportTruth {
    pub(super) fn before_counting() -> Self {
        let technical = TechnicalTruth { team: TECHNICAL_TEAM.to_owned(), ..TechnicalTruth::default() };
        Self { technical, ..Self::default() }
    }

    pub(super) fn add_conversation(&mut self, world: &World, account: &Account, it: &Conversation) {
        if it.dirt.is_some() {
            self.wrong_conversations.push(it.id);
            return;
        }
        let count = match it.handling {
            Handling::Spam => &mut self.spam,
            Handling::Deleted => &mut self.deleted,
            Handling::Merged => &mut self.merged,
            Handling::Ordinary => &mut self.ordinary,
        };
        *count += 1;
        if it.handling != Handling::Ordinary {
            return;
        }
        self.begun_by_company += u64::from(it.initiated_by == "company");
        let solved = it.statuses.iter().position(|status| status.name == "solved");
        let after = solved.and_then(|first| it.statuses.get(first..)).unwrap_or_default();
        self.solved += u64::from(solved.is_some());
        self.reopened += u64::from(after.iter().any(|status| !matches!(status.name, "solved" | "closed")));
        self.closed += u64::from(it.closed_at().is_some());
        let one_reply = it.initiated_by == "customer" && solved.is_some() && it.replies() == 1;
        self.solved_with_one_reply += u64::from(one_reply);
        let teams: BTreeSet<&str> = it.statuses.iter().map(|status| status.team).collect();
        self.handed_over += u64::from(teams.len() > 1);
        if let Some(outcome) = it.bot_outcome {
            *self.bot_outcomes.entry(outcome.to_owned()).or_default() += 1;
        }
        for message in &it.messages {
            self.replies += u64::from(message.is_reply());
            self.notes += u64::from(!message.public);
            self.automatic += u64::from(message.auto);
        }
        for (status, next) in it.statuses.iter().zip(it.statuses.iter().skip(1)) {
            let truth = self.statuses.entry(status.name.to_owned()).or_default();
            truth.left += 1;
            truth.seconds += (next.at - status.at) / SECOND;
        }
        let technical = it.is_technical();
        self.technical.conversations += u64::from(technical);
        if let Some(replied_at) = it.first_replied_at() {
            self.first_reply.add(it.created_at, replied_at);
            if technical {
                let desk = Desk::of(account.region);
                let open = desk.between(&world.calendar, it.created_at, replied_at);
                self.technical.first_reply.add(it.created_at, replied_at);
                self.technical.first_reply_open_seconds += open / SECOND;
            }
        }
    }

    /// Takes in the emails of an account: those of a thread follow each other.
    pub(super) fn add_emails(&mut self, emails: &[Email]) {
        let truth = &mut self.email;
        let mut waiting: BTreeMap<&str, Instant> = BTreeMap::new();
        for email in emails {
            if email.again {
                truth.delivered_again += 1;
                continue;
            }
            if email.dirt.is_some() {
                continue;
            }
            truth.automatic += u64::from(email.auto);
            match email.kind {
                Kind::Received => truth.received += 1,
                Kind::Sent => truth.sent += 1,
                Kind::Internal => truth.internal += 1,
            }
            let parent = email.in_reply_to.as_deref();
            match email.kind {
                Kind::Received if !email.auto => {
                    waiting.insert(&email.id, email.at);
                }
                Kind::Sent if !email.auto => {
                    if let Some(at) = parent.and_then(|parent| waiting.remove(parent)) {
                        truth.answered.add(at, email.at);
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes in what the users of an account asked, and what they looked up.
    pub(super) fn add_help(&mut self, world: &World, conversations: &[Conversation], sessions: &[Session]) {
        let asked = |it: &&Conversation| it.initiated_by == "customer" && it.handling != Handling::Spam;
        let asked: BTreeSet<(i64, Instant)> =
            conversations.iter().filter(asked).map(|it| (it.requester_id, it.created_at)).collect();
        let users: BTreeSet<i64> = asked.iter().map(|(user, _)| *user).collect();
        self.asking_users += users.len() as u64;
        let truth = &mut self.help;
        let mut users = BTreeSet::new();
        for session in sessions {
            for search in session.searches.iter().filter(|search| search.dirt.is_none()) {
                truth.searches += 1;
                truth.searches_without_results += u64::from(search.results == Some(0));
            }
            truth.views += session.views.len() as u64;
            let (Some(user), Some(at)) = (session.user_id, session.began_at()) else {
                truth.anonymous_sessions += 1;
                continue;
            };
            users.insert(user);
            truth.sessions += 1;
            if at + DAY <= world.calendar.end() {
                truth.mature_sessions += 1;
                let followed = asked.range((user, at)..=(user, at + DAY)).next().is_some();
                truth.sessions_followed += u64::from(followed);
            }
        }
        truth.users += users.len() as u64;
    }
}
