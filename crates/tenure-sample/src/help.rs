//! What users look up themselves: searches in the help centre and the articles they read.
//!
//! Some look before they ask: a share of the conversations begins within two hours of a visit by the same user.

use crate::account::Account;
use crate::calendar::{DAY, Instant, MINUTE, SECOND};
use crate::company::World;
use crate::conversation::{Handling, conversations};
use crate::dirt::{self, SearchDirt};
use crate::person::{Person, people};
use crate::random::{Purpose, Random};
use crate::words::{Phrases, Topic};

/// One search.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    pub(crate) id: i64,
    pub(crate) user_id: Option<i64>,
    pub(crate) session_id: i64,
    pub(crate) at: Instant,
    pub(crate) query: &'static str,
    pub(crate) results: Option<i64>,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<SearchDirt>,
}

/// Something that happened to an article.
#[derive(Debug, Clone)]
pub(crate) struct ArticleEvent {
    pub(crate) article_id: i64,
    pub(crate) at: Instant,
    /// `created`, `verified` or `viewed`.
    pub(crate) kind: &'static str,
    pub(crate) user_id: Option<i64>,
    pub(crate) session_id: Option<i64>,
    pub(crate) verified_until: Option<Instant>,
}

/// A visit to the help centre: one or two searches, and what was read after them.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// None when nobody was signed in.
    pub(crate) user_id: Option<i64>,
    pub(crate) searches: Vec<Search>,
    pub(crate) views: Vec<ArticleEvent>,
}

impl Session {
    /// When it began.
    pub(crate) fn began_at(&self) -> Option<Instant> {
        self.searches.first().map(|search| search.at)
    }
}

/// How often a user looks something up in a month, in thousandths.
const VISITS_PER_MILLE: i64 = 220;
/// How many conversations begin after a visit, in thousandths.
const LOOKED_FIRST_PER_MILLE: i64 = 300;
const ANONYMOUS_PER_MILLE: i64 = 60;
const TOPICS: [Topic; 6] =
    [Topic::Login, Topic::Exports, Topic::Reports, Topic::Invoice, Topic::Invites, Topic::Interface];
const ARTICLES_PER_TOPIC: i64 = 3;
/// How long an article counts as correct after someone checked it.
const VERIFIED_FOR: i64 = 180 * DAY;

/// The visits of an account's users.
pub(crate) fn sessions(world: &World, account: &Account) -> Vec<Session> {
    if account.internal {
        return Vec::new();
    }
    let mut random = world.random(account.index, Purpose::Help);
    let people: Vec<Person> = people(world, account).into_iter().filter(|person| !person.bot).collect();
    let mut visits: Vec<(Instant, i64, Topic)> = Vec::new();
    for person in &people {
        for month in world.calendar.months() {
            for _ in 0..random.around(VISITS_PER_MILLE * month.season / 1000) {
                let day = random.between(month.first_day, month.end_day - 1);
                let seconds = random.between(8 * 3600, 18 * 3600);
                let topic = random.pick(&TOPICS);
                if !world.calendar.is_weekend(day) || random.chance(150) {
                    visits.push((world.calendar.local(account.region, day, seconds), person.id, topic));
                }
            }
        }
    }
    for conversation in conversations(world, account) {
        let asked = conversation.initiated_by == "customer" && conversation.handling != Handling::Spam;
        if asked && random.chance(LOOKED_FIRST_PER_MILLE) {
            let before = random.between(15, 110) * MINUTE;
            visits.push((conversation.created_at - before, conversation.requester_id, conversation.topic));
        }
    }
    // A visit before the user existed, or one that would go on after the account left, did not happen.
    visits.retain(|(at, user, _)| {
        let person = people.iter().find(|person| person.id == *user);
        person.is_some_and(|person| *at >= person.created_at) && *at + 15 * MINUTE < account.until
    });
    visits.sort_unstable_by_key(|(at, user, _)| (*at, *user));
    let mut sessions: Vec<Session> = (1..)
        .zip(visits)
        .map(|(number, visit)| session(account, account.id * 1_000_000 + number, visit, &mut random))
        .collect();
    plant(account, &mut sessions);
    sessions
}

fn session(
    account: &Account,
    id: i64,
    (mut at, user, topic): (Instant, i64, Topic),
    random: &mut Random,
) -> Session {
    let user_id = (!random.chance(ANONYMOUS_PER_MILLE)).then_some(user);
    let mut session = Session { user_id, searches: Vec::new(), views: Vec::new() };
    let phrases = Phrases::of(account.region);
    // Those who find nothing try other words.
    let (mut query, mut results) = (phrases.subject(topic), 0);
    for number in 1..=2 {
        results = found(topic, random);
        session.searches.push(Search {
            id: id * 10 + number,
            user_id,
            session_id: id,
            at,
            query,
            results: Some(results),
            dirt: None,
        });
        at += random.between(10, 90) * SECOND;
        if results > 0 {
            break;
        }
        query = phrases.opening(topic);
    }
    if results > 0 {
        for _ in 0..random.weighted(&[(20, 0), (50, 1), (22, 2), (8, 3)]) {
            session.views.push(ArticleEvent {
                article_id: article(topic, random.below(ARTICLES_PER_TOPIC)),
                at,
                kind: "viewed",
                user_id,
                session_id: Some(id),
                verified_until: None,
            });
            at += random.between(20, 240) * SECOND;
        }
    }
    session
}

/// How many articles a search finds: often none about the interface, which few articles explain.
fn found(topic: Topic, random: &mut Random) -> i64 {
    let nothing = match topic {
        Topic::Interface => 450,
        Topic::Reports => 120,
        _ => 60,
    };
    if random.chance(nothing) { 0 } else { random.between(1, 12) }
}

fn article(topic: Topic, number: i64) -> i64 {
    (topic as i64 + 1) * 10 + number
}

/// The life of the articles themselves: written on the first day, checked every half year but for the last of
/// each topic, which everybody forgot.
pub(crate) fn upkeep(world: &World) -> Vec<ArticleEvent> {
    let (start, end) = (world.calendar.start(), world.calendar.end());
    let mut events = Vec::new();
    for topic in TOPICS {
        for number in 0..ARTICLES_PER_TOPIC {
            let event = |at, kind, verified_until| ArticleEvent {
                article_id: article(topic, number),
                at,
                kind,
                user_id: None,
                session_id: None,
                verified_until,
            };
            events.push(event(start, "created", None));
            let forgotten = number == ARTICLES_PER_TOPIC - 1;
            let checks = (0..).map(|check| start + check * VERIFIED_FOR).take_while(|at| *at < end);
            let checks = checks.take(if forgotten { 1 } else { usize::MAX });
            events.extend(checks.map(|at| event(at, "verified", Some(at + VERIFIED_FOR))));
        }
    }
    events
}

/// Makes the first search of some accounts wrong.
fn plant(account: &Account, sessions: &mut [Session]) {
    let Some(dirt) = dirt::of_searches(account) else { return };
    let Some(search) = sessions.first_mut().and_then(|session| session.searches.first_mut()) else { return };
    search.dirt = Some(dirt);
    search.results = match dirt {
        SearchDirt::NegativeResults => Some(-1),
        SearchDirt::MissingResults => None,
    };
}
