//! The emails of an account: what conversations by email look like in mailboxes, and threads between colleagues.

use crate::account::Account;
use crate::calendar::{HOUR, Instant, MINUTE, SECOND};
use crate::company::World;
use crate::conversation::{Conversation, Message, TECHNICAL_TEAM, agent_name, conversations};
use crate::dirt::{self, EmailDirt};
use crate::random::{Purpose, Random};
use crate::schedule::{Desk, Schedule};

/// Where our own people write from.
pub(crate) const DOMAIN: &str = "tenure.example";
/// The mailboxes; a desk's has the hours of the desk, the others' depend on where the account is.
pub(crate) const MAILBOXES: [(&str, Option<Desk>); 5] = [
    ("support", None),
    ("onboarding", None),
    ("billing", None),
    ("stockholm", Some(Desk::Stockholm)),
    ("bangkok", Some(Desk::Bangkok)),
];

/// One email in one mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Email {
    pub(crate) id: String,
    pub(crate) mailbox: String,
    pub(crate) at: Instant,
    pub(crate) sender: Option<String>,
    pub(crate) recipients: Vec<String>,
    pub(crate) in_reply_to: Option<String>,
    /// The ids of the thread before it, the first one first.
    pub(crate) references: Vec<String>,
    pub(crate) auto: bool,
    pub(crate) kind: Kind,
    /// Delivered a second time.
    pub(crate) again: bool,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<EmailDirt>,
}

/// From where to where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From a customer.
    Received,
    /// To a customer.
    Sent,
    /// Between our own people.
    Internal,
}

/// How many emails are delivered twice, in thousandths.
const AGAIN_PER_MILLE: i64 = 12;
/// How many technical conversations by email are talked about between colleagues, in thousandths.
const INTERNAL_PER_MILLE: i64 = 200;

/// The emails of an account, thread by thread, each in the order of time.
pub(crate) fn emails(world: &World, account: &Account) -> Vec<Email> {
    let mut random = world.random(account.index, Purpose::Emails);
    let mut emails = Vec::new();
    for conversation in conversations(world, account) {
        // What is wrong with a conversation was made wrong where conversations are kept, not in the mail.
        if conversation.channel == "email" && conversation.dirt.is_none() {
            emails.extend(thread(&conversation));
            if conversation.team == TECHNICAL_TEAM && random.chance(INTERNAL_PER_MILLE) {
                emails.extend(internal_thread(world, account, &conversation, &mut random));
            }
        }
    }
    plant(account, &mut emails);
    let deliver = |email: Email| {
        let again =
            random.chance(AGAIN_PER_MILLE).then(|| Email { again: true, dirt: None, ..email.clone() });
        std::iter::once(email).chain(again)
    };
    emails.into_iter().flat_map(deliver).collect()
}

/// The public messages of a conversation, each answering the one before.
fn thread(conversation: &Conversation) -> Vec<Email> {
    let mailbox = address(mailbox(conversation));
    let customer = format!("user{}@account{}.example", conversation.requester_id, conversation.account_id);
    let mut emails: Vec<Email> = Vec::new();
    for message in conversation.messages.iter().filter(|message| message.public) {
        let (kind, sender, recipient) = match message.author {
            "customer" => (Kind::Received, customer.clone(), mailbox.clone()),
            _ => (Kind::Sent, sender(message).unwrap_or_else(|| mailbox.clone()), customer.clone()),
        };
        let id = format!("{}.{}@{DOMAIN}", conversation.id, message.seq);
        let email = email(id, &mailbox, message.at, sender, recipient, kind);
        emails.push(Email { auto: message.auto, ..answering(email, &emails) });
    }
    emails
}

/// The first line asks the desk something and gets an answer during its hours.
fn internal_thread(
    world: &World,
    account: &Account,
    conversation: &Conversation,
    random: &mut Random,
) -> Vec<Email> {
    let desk = Desk::of(account.region);
    let mailbox = address(mailbox(conversation));
    let [asking, answers] = ["Maja", "Pia"].map(address);
    let asked_at = conversation.created_at + random.between(5, 90) * MINUTE;
    let time = random.between(20, 300) * MINUTE + random.below(60) * SECOND;
    let answered_at = desk.after(&world.calendar, asked_at, time);
    let question = email(
        format!("{}.a@{DOMAIN}", conversation.id),
        &mailbox,
        asked_at,
        asking.clone(),
        mailbox.clone(),
        Kind::Internal,
    );
    let id = format!("{}.b@{DOMAIN}", conversation.id);
    let answer = email(id, &mailbox, answered_at, answers, asking, Kind::Internal);
    let answer = answering(answer, std::slice::from_ref(&question));
    [question, answer].into_iter().filter(|email| email.at < account.until).collect()
}

fn email(id: String, mailbox: &str, at: Instant, sender: String, recipient: String, kind: Kind) -> Email {
    Email {
        id,
        mailbox: mailbox.to_owned(),
        at,
        sender: Some(sender),
        recipients: vec![recipient],
        in_reply_to: None,
        references: Vec::new(),
        auto: false,
        kind,
        again: false,
        dirt: None,
    }
}

/// An email after those of its thread: the answer to the last one of someone else.
fn answering(email: Email, thread: &[Email]) -> Email {
    let Some(parent) = thread.iter().rev().find(|before| before.kind != email.kind).or(thread.last()) else {
        return email;
    };
    let references = parent.references.iter().chain([&parent.id]).cloned().collect();
    Email { in_reply_to: Some(parent.id.clone()), references, ..email }
}

fn mailbox(conversation: &Conversation) -> &'static str {
    match conversation.schedule {
        Schedule::Desk(Desk::Stockholm) => "stockholm",
        Schedule::Desk(Desk::Bangkok) => "bangkok",
        _ => conversation.team,
    }
}

fn sender(message: &Message) -> Option<String> {
    message.author_id.and_then(agent_name).map(address)
}

/// The address of a mailbox or a colleague.
pub(crate) fn address(name: &str) -> String {
    format!("{}@{DOMAIN}", name.to_lowercase())
}

/// Makes one email of some accounts wrong: the first answer to a customer.
fn plant(account: &Account, emails: &mut [Email]) {
    let Some(dirt) = dirt::of_emails(account) else { return };
    let suits = |email: &Email| email.kind == Kind::Sent && email.in_reply_to.is_some() && !email.auto;
    let Some(position) = emails.iter().position(suits) else { return };
    let before = position.checked_sub(1).and_then(|before| emails.get(before)).map(|email| email.at);
    let Some(email) = emails.get_mut(position) else { return };
    email.dirt = Some(dirt);
    match dirt {
        EmailDirt::MissingSender => email.sender = None,
        EmailDirt::UnknownParent => email.in_reply_to = Some(format!("lost.{}", email.id)),
        EmailDirt::BeforeParent => email.at = before.unwrap_or(email.at) - HOUR,
    }
}
