//! The surveys of an account: who was asked what, and what they answered.

use crate::account::{Account, Segment};
use crate::calendar::{DAY, HOUR, Instant, MINUTE, SECOND};
use crate::company::World;
use crate::conversation::{Conversation, Handling, SLOW_TEAM, everyday_conversations};
use crate::dirt::{self, SurveyDirt};
use crate::person::people;
use crate::random::{Purpose, Random};
use crate::words::{Phrases, Remark};

/// One survey that was sent, and its answer if there was one.
#[derive(Debug, Clone)]
pub(crate) struct Survey {
    pub(crate) id: Option<i64>,
    pub(crate) kind: &'static str,
    pub(crate) scale: (i8, i8),
    pub(crate) score: Option<i8>,
    pub(crate) label: Option<&'static str>,
    pub(crate) respondent_id: i64,
    pub(crate) account_id: i64,
    pub(crate) conversation_id: Option<i64>,
    pub(crate) sent_at: Instant,
    pub(crate) delivered_at: Option<Instant>,
    pub(crate) shown_at: Option<Instant>,
    pub(crate) answered_at: Option<Instant>,
    pub(crate) declined: bool,
    /// Sent to one of our own people.
    pub(crate) excluded: bool,
    pub(crate) comment: Option<&'static str>,
    pub(crate) tags: Option<&'static [&'static str]>,
    /// How the comment sounds.
    pub(crate) sentiment: Option<&'static str>,
    pub(crate) mood: Mood,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<SurveyDirt>,
}

/// What shapes the answers, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    /// The account leaves within 90 days.
    Leaving,
    /// Exports are broken.
    Outage,
    /// The question waited for a team that does not work on weekends.
    SlowTeam,
    /// None of these.
    #[default]
    Calm,
}

impl Mood {
    pub(crate) const ALL: [Self; 4] = [Self::Leaving, Self::Outage, Self::SlowTeam, Self::Calm];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Leaving => "leaving",
            Self::Outage => "outage",
            Self::SlowTeam => "slow_team",
            Self::Calm => "calm",
        }
    }
}

/// How likely an NPS answer is a promoter's, a passive's and a detractor's, in thousandths.
pub(crate) fn nps_per_mille(segment: Segment, mood: Mood) -> [i64; 3] {
    match (mood, segment) {
        (Mood::Leaving, _) => [100, 250, 650],
        (Mood::Outage, Segment::Smb) => [150, 250, 600],
        (Mood::Outage, Segment::MidMarket) => [200, 280, 520],
        (Mood::Outage, Segment::Enterprise) => [250, 300, 450],
        (_, Segment::Smb) => [330, 320, 350],
        (_, Segment::MidMarket) => [470, 320, 210],
        (_, Segment::Enterprise) => [620, 270, 110],
    }
}

/// How likely an answer is the worst, the next, ... and the best of five, in percent.
fn five_percent(mood: Mood) -> [i64; 5] {
    match mood {
        Mood::Leaving => [20, 22, 25, 20, 13],
        Mood::Outage => [24, 24, 22, 18, 12],
        Mood::SlowTeam => [18, 22, 25, 22, 13],
        Mood::Calm => [3, 6, 12, 34, 45],
    }
}

/// How many users are asked in their month of a quarter, in thousandths.
const NPS_SAMPLE_PER_MILLE: i64 = 350;

/// The surveys of an account in the order in which they were sent.
pub(crate) fn surveys(world: &World, account: &Account) -> Vec<Survey> {
    if account.internal {
        return Vec::new();
    }
    let mut random = world.random(account.index, Purpose::Surveys);
    let mut surveys = relationship_surveys(world, account, &mut random);
    for conversation in everyday_conversations(world, account) {
        surveys.extend(conversation_survey(world, account, &conversation, &mut random));
    }
    // Sorting is stable, so that surveys of the same second keep their order.
    surveys.sort_by_key(|survey| survey.sent_at);
    for (survey, number) in surveys.iter_mut().zip(1..) {
        survey.id = Some(account.id * 100_000 + number);
    }
    plant(account, &mut surveys);
    surveys
}

/// NPS: every user is asked in one month of each quarter, if drawn into the sample.
fn relationship_surveys(world: &World, account: &Account, random: &mut Random) -> Vec<Survey> {
    let calendar = &world.calendar;
    let mut surveys = Vec::new();
    for person in people(world, account).iter().filter(|person| !person.bot) {
        for (number, month) in (0..).zip(calendar.months()) {
            if (person.number + account.id + number) % 3 != 0 || !random.chance(NPS_SAMPLE_PER_MILLE) {
                continue;
            }
            let day = month.first_day + random.between(2, 20);
            let sent_at = calendar.local(account.region, day, random.between(8 * 3600, 11 * 3600));
            if sent_at < person.created_at || sent_at >= account.until {
                continue;
            }
            let mood = if account.is_unhappy(sent_at) {
                Mood::Leaving
            } else if world.is_outage(sent_at) {
                Mood::Outage
            } else {
                Mood::Calm
            };
            let mut survey = ask(account, "nps", (0, 10), person.id, sent_at, mood);
            survey.excluded = person.internal;
            let answered = follow(world, &mut survey, account, random);
            let score = nps_score(nps_per_mille(account.segment, mood), random);
            let remark = remark(account, mood, (score >= 9, score <= 6), random);
            if answered {
                survey.score = Some(score);
                comment(&mut survey, remark);
            }
            surveys.push(survey);
        }
    }
    surveys
}

fn nps_score([promoter, passive, detractor]: [i64; 3], random: &mut Random) -> i8 {
    let class = random.weighted(&[(promoter, 1), (passive, 0), (detractor, -1)]);
    match class {
        1 => random.pick(&[9, 10]),
        0 => random.pick(&[7, 8]),
        _ => random.weighted(&[(5, 0), (5, 1), (8, 2), (12, 3), (15, 4), (25, 5), (30, 6)]),
    }
}

/// After a conversation was solved: at most one survey, most often CSAT.
fn conversation_survey(
    world: &World,
    account: &Account,
    conversation: &Conversation,
    random: &mut Random,
) -> Option<Survey> {
    let (kind, scale) = random.weighted(&[
        (55, ("csat", (1, 5))),
        (18, ("ces", (1, 7))),
        (10, ("happiness", (1, 3))),
        (7, ("resolved", (0, 1))),
        (10, ("", (0, 0))),
    ]);
    let sent_at = conversation.solved_at()? + HOUR;
    if kind.is_empty()
        || sent_at >= account.until
        || matches!(conversation.handling, Handling::Spam | Handling::Deleted)
    {
        return None;
    }
    let mood = if account.is_unhappy(sent_at) {
        Mood::Leaving
    } else if conversation.in_outage {
        Mood::Outage
    } else if conversation.on_weekend && conversation.team == SLOW_TEAM {
        Mood::SlowTeam
    } else {
        Mood::Calm
    };
    let mut survey = ask(account, kind, scale, conversation.requester_id, sent_at, mood);
    survey.conversation_id = Some(conversation.id);
    survey.excluded = conversation.requester_internal;
    let answered = follow(world, &mut survey, account, random);
    let [worst, bad, middle, good, best] = five_percent(mood);
    let five: i8 = random.weighted(&[(worst, 1), (bad, 2), (middle, 3), (good, 4), (best, 5)]);
    let (score, label) = answer(kind, five, random);
    let remark = remark(account, mood, (five >= 4, five <= 2), random);
    if answered {
        survey.score = Some(score);
        survey.label = label;
        comment(&mut survey, remark);
    }
    Some(survey)
}

/// What someone who would give this many of five points answers on the survey's own scale.
fn answer(kind: &str, five: i8, random: &mut Random) -> (i8, Option<&'static str>) {
    match kind {
        "ces" => (five + random.pick(&[0, 1, 2]), None),
        "happiness" => match five {
            4.. => (3, Some("great")),
            3 => (2, Some("okay")),
            _ => (1, Some("not_good")),
        },
        "resolved" => match five {
            3.. => (1, Some("yes")),
            _ => (0, Some("no")),
        },
        _ => (five, Some(if five >= 4 { "good" } else { "bad" })),
    }
}

fn ask(
    account: &Account,
    kind: &'static str,
    scale: (i8, i8),
    respondent_id: i64,
    sent_at: Instant,
    mood: Mood,
) -> Survey {
    Survey {
        id: None,
        kind,
        scale,
        score: None,
        label: None,
        respondent_id,
        account_id: account.id,
        conversation_id: None,
        sent_at,
        delivered_at: None,
        shown_at: None,
        answered_at: None,
        declined: false,
        excluded: false,
        comment: None,
        tags: None,
        sentiment: None,
        mood,
        dirt: None,
    }
}

/// Follows a survey from the mailbox to the answer; says whether it was answered. Nothing happens after the
/// account's data end.
fn follow(world: &World, survey: &mut Survey, account: &Account, random: &mut Random) -> bool {
    let delivered_at = survey.sent_at + random.between(1, 60) * SECOND;
    let opened_at = delivered_at + random.between(5 * MINUTE, 3 * DAY) / SECOND * SECOND;
    let shown_at = world.calendar.awake(account.region, opened_at).max(delivered_at + MINUTE);
    let answered_at = shown_at + random.between(20, 240) * SECOND;
    let reaction = random.weighted(&[(60, "answered"), (12, "declined"), (28, "ignored")]);
    if !random.chance(970) || delivered_at >= account.until {
        return false;
    }
    survey.delivered_at = Some(delivered_at);
    if !random.chance(750) || shown_at >= account.until {
        return false;
    }
    survey.shown_at = Some(shown_at);
    survey.declined = reaction == "declined";
    if reaction != "answered" || answered_at >= account.until {
        return false;
    }
    survey.answered_at = Some(answered_at);
    true
}

/// Three in ten who answer also write something, one in seven of them in English wherever they are. With it comes how
/// it sounds.
fn remark(
    account: &Account,
    mood: Mood,
    (happy, unhappy): (bool, bool),
    random: &mut Random,
) -> Option<(Remark, &'static str)> {
    let phrases = if random.chance(150) {
        Phrases::of(crate::calendar::Region::Americas)
    } else {
        Phrases::of(account.region)
    };
    let remark = match mood {
        Mood::Outage if !happy => (random.pick(&phrases.outage), "negative"),
        _ if happy => (random.pick(&phrases.happy), "positive"),
        _ if unhappy => (random.pick(&phrases.unhappy), "negative"),
        _ => (random.pick(&phrases.mixed), "neutral"),
    };
    random.chance(300).then_some(remark)
}

fn comment(survey: &mut Survey, remark: Option<(Remark, &'static str)>) {
    survey.comment = remark.map(|(remark, _)| remark.text);
    survey.tags = remark.map(|(remark, _)| remark.tags);
    survey.sentiment = remark.map(|(_, sentiment)| sentiment);
}

/// Makes one survey of some accounts wrong: the first it can happen to.
fn plant(account: &Account, surveys: &mut Vec<Survey>) {
    let Some(dirt) = dirt::of_surveys(account) else { return };
    let suits = |survey: &Survey| match dirt {
        SurveyDirt::ScoreTooHigh | SurveyDirt::ScoreTooLow => {
            survey.kind == "nps" && survey.answered_at.is_some() && !survey.excluded
        }
        SurveyDirt::AnsweredBeforeSent | SurveyDirt::BlankComment => survey.answered_at.is_some(),
        _ => true,
    };
    let Some(position) = surveys.iter().position(suits) else { return };
    let Some(survey) = surveys.get_mut(position) else { return };
    if dirt == SurveyDirt::Duplicate {
        // As when the sender's system delivers the same answer twice.
        let again = Survey { dirt: Some(dirt), ..survey.clone() };
        surveys.insert(position + 1, again);
        return;
    }
    survey.dirt = Some(dirt);
    match dirt {
        SurveyDirt::ScoreTooHigh => survey.score = Some(11),
        SurveyDirt::ScoreTooLow => survey.score = Some(-1),
        SurveyDirt::MissingId => survey.id = None,
        SurveyDirt::UnknownAccount => survey.account_id = -survey.account_id,
        SurveyDirt::AnsweredBeforeSent => survey.answered_at = Some(survey.sent_at - HOUR),
        SurveyDirt::BlankComment => {
            survey.comment = Some("   ");
            survey.tags = None;
            survey.sentiment = None;
        }
        SurveyDirt::UnknownKind => survey.kind = "pulse",
        SurveyDirt::Duplicate => {}
    }
}
