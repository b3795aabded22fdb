//! The interactions of an account: its conversations, and what its manager does for its success.

use crate::account::{Account, MANAGERS, Segment};
use crate::calendar::{DAY, Instant, add_months};
use crate::company::World;
use crate::conversation::{Conversation, Handling, conversations};
use crate::dirt::{self, InteractionDirt};
use crate::goal::goals;
use crate::random::{Purpose, Random};
use crate::words::Topic;

/// The manager who waits until customers come.
pub(crate) const REACTIVE_MANAGER: &str = "Farah";

/// One contact between the account and us.
#[derive(Debug, Clone)]
pub(crate) struct Interaction {
    pub(crate) id: i64,
    pub(crate) account_id: Option<i64>,
    pub(crate) at: Option<Instant>,
    pub(crate) channel: &'static str,
    /// `customer` or `company`.
    pub(crate) author: &'static str,
    pub(crate) text: Option<&'static str>,
    pub(crate) trigger: &'static str,
    /// How far it looks ahead.
    pub(crate) horizon_days: i16,
    pub(crate) transactional: bool,
    pub(crate) departments: &'static [&'static str],
    pub(crate) conversation_id: Option<i64>,
    /// The goal it was about; for most nobody said.
    pub(crate) goal_id: Option<i64>,
    /// Who of our managers wrote it; none where it was no manager.
    pub(crate) manager: Option<&'static str>,
    /// What it is for; none where nobody said.
    pub(crate) label: Option<&'static str>,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<InteractionDirt>,
}

/// How many interactions nobody labelled, in thousandths.
const UNLABELLED_PER_MILLE: i64 = 30;
/// How many accounts that are about to leave are called, in thousandths of the months.
const CALLED_PER_MILLE: i64 = 300;
/// How many meetings and calls a colleague takes over, in thousandths.
const STAND_IN_PER_MILLE: i64 = 50;
/// How many say which of the open goals they were about, in thousandths.
const ABOUT_A_GOAL_PER_MILLE: i64 = 500;

/// The interactions of an account in the order of time.
pub(crate) fn interactions(world: &World, account: &Account) -> Vec<Interaction> {
    let mut random = world.random(account.index, Purpose::Interactions);
    let mut interactions: Vec<Interaction> =
        conversations(world, account).iter().filter_map(of_conversation).collect();
    if !account.internal && account.manager.is_some_and(|manager| manager != REACTIVE_MANAGER) {
        interactions.extend(success(world, account, &mut random));
    }
    interactions.sort_by_key(|interaction| interaction.at);
    sign(world, account, &mut interactions);
    for (interaction, number) in interactions.iter_mut().zip(1..) {
        interaction.id = account.id * 100_000 + number;
        if random.chance(UNLABELLED_PER_MILLE) {
            interaction.label = None;
        }
    }
    plant(account, &mut interactions);
    interactions
}

/// A conversation, as far as it was one.
fn of_conversation(conversation: &Conversation) -> Option<Interaction> {
    if conversation.handling != Handling::Ordinary || conversation.dirt.is_some() {
        return None;
    }
    let welcome = conversation.initiated_by == "company";
    let (label, trigger, departments): (_, _, &'static [&'static str]) = match conversation.topic {
        _ if welcome => ("success", "milestone", &["customer_success"]),
        Topic::Invoice => ("service", "question", &["finance"]),
        Topic::Invites => ("service", "question", &["support"]),
        Topic::Login | Topic::Exports => ("support", "problem", &["support", "engineering"]),
        Topic::Reports | Topic::Interface => ("support", "question", &["support"]),
    };
    Some(Interaction {
        channel: conversation.channel,
        author: if welcome { "company" } else { "customer" },
        text: conversation.messages.first().map(|message| message.text),
        trigger,
        horizon_days: if welcome { 30 } else { 1 },
        transactional: !welcome,
        departments,
        conversation_id: Some(conversation.id),
        label: Some(label),
        ..interaction(conversation.account_id, conversation.created_at)
    })
}

fn interaction(account_id: i64, at: Instant) -> Interaction {
    Interaction {
        id: 0,
        account_id: Some(account_id),
        at: Some(at),
        channel: "meeting",
        author: "company",
        text: None,
        trigger: "scheduled",
        horizon_days: 90,
        transactional: false,
        departments: &["customer_success"],
        conversation_id: None,
        goal_id: None,
        manager: None,
        label: Some("success"),
        dirt: None,
    }
}

/// Reviews at the rhythm of the segment, a talk before each renewal of a year, and calls before an account leaves.
fn success(world: &World, account: &Account, random: &mut Random) -> Vec<Interaction> {
    let rhythm = match account.segment {
        Segment::Smb => 6,
        Segment::MidMarket => 3,
        Segment::Enterprise => 1,
    };
    let mut interactions = Vec::new();
    for month in 1.. {
        let begun = add_months(account.created_at, month).filter(|begun| *begun < account.until);
        let Some(begun) = begun else { break };
        let kind = if month % rhythm == 0 {
            ("meeting", "scheduled", 90, &["customer_success", "product"][..])
        } else if month % 12 == 10 {
            ("meeting", "renewal_window", 365, &["customer_success", "sales"][..])
        } else if account.is_unhappy(begun) && random.chance(CALLED_PER_MILLE) {
            ("call_note", "health_signal", 60, &["customer_success"][..])
        } else {
            continue;
        };
        let (channel, trigger, horizon_days, departments) = kind;
        // Some days later than planned, during the day where the account is.
        let at = world.calendar.awake(account.region, begun + random.between(0, 6) * DAY);
        if account.is_alive(at) {
            let planned = interaction(account.id, at);
            interactions.push(Interaction { channel, trigger, horizon_days, departments, ..planned });
        }
    }
    interactions
}

/// Says which manager wrote what a manager wrote, and about which goal it was.
fn sign(world: &World, account: &Account, interactions: &mut [Interaction]) {
    let mut random = world.random(account.index, Purpose::Touches);
    let goals = goals(world, account);
    let by_manager = |it: &&mut Interaction| it.author == "company" && it.conversation_id.is_none();
    for interaction in interactions.iter_mut().filter(by_manager) {
        let colleague = random.chance(STAND_IN_PER_MILLE).then(|| random.pick(&MANAGERS));
        interaction.manager = colleague.or(account.manager);
        let about = random.chance(ABOUT_A_GOAL_PER_MILLE);
        let open = goals.iter().find(|goal| interaction.at.is_some_and(|at| goal.is_open_at(at)));
        interaction.goal_id = open.filter(|_| about).map(|goal| goal.id);
    }
}

/// Makes one interaction of some accounts wrong: the last.
fn plant(account: &Account, interactions: &mut [Interaction]) {
    let Some(dirt) = dirt::of_interactions(account) else { return };
    let Some(interaction) = interactions.last_mut() else { return };
    interaction.dirt = Some(dirt);
    match dirt {
        InteractionDirt::UnknownLabel => interaction.label = Some("sales"),
        InteractionDirt::MissingAccount => interaction.account_id = None,
        InteractionDirt::MissingTime => {
            interaction.at = None;
            // Without a label it would be missing, and not wrong.
            interaction.label = interaction.label.or(Some("support"));
        }
    }
}
