//! What was planted in the company, counted from its plan.

mod lifecycle;
mod performance;
mod success;
mod support;
mod usage;
mod voice;

pub use lifecycle::{GoalTruth, LifecycleTruth};
pub use performance::PerformanceTruth;
pub use success::SuccessTruth;
pub use support::{EmailTruth, HelpTruth, StatusTruth, SupportTruth, TechnicalTruth};
pub use usage::UsageTruth;
pub use voice::{CsatTruth, NpsCounts, NpsMoodTruth, NpsTruth};

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};

use crate::account::{Account, Segment};
use crate::calendar::{Instant, Month, Region, SECOND};
use crate::company::World;
use crate::conversation::{self, Conversation, Handling, conversations};
use crate::dirt;
use crate::email::emails;
use crate::goal::goals;
use crate::help::sessions;
use crate::incident::incidents;
use crate::interaction::interactions;
use crate::journey::journey;
use crate::lead::with_lead;
use crate::probe::probes;
use crate::survey::{Mood, Survey, nps_per_mille, surveys};
use crate::table::TABLES;
use crate::visit::{self, Event, events};

/// The planted facts: what a KPI computed from the tables must find. All times are ISO 8601 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// The seed of the company.
    pub seed: u64,
    /// The first instant.
    pub start: String,
    /// The instant after the last.
    pub end: String,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    /// How many rows are wrong on purpose, by table and kind.
    pub dirty: BTreeMap<String, u64>,
    /// The regions with their zones and languages.
    pub regions: Vec<RegionTruth>,
    /// The segments.
    pub segments: Vec<SegmentTruth>,
    /// The account that is the company's own.
    pub internal_account_id: i64,
    /// The month in which exports were broken.
    pub outage: OutageTruth,
    /// The team that does not work on weekends.
    pub slow_team: SlowTeamTruth,
    /// NPS, over all months.
    pub nps: NpsTruth,
    /// CSAT, over all months.
    pub csat: CsatTruth,
    /// Conversations, emails and the help centre.
    pub support: SupportTruth,
    /// What interactions were for.
    pub success: SuccessTruth,
    /// The way of accounts and leads, and what they want to reach.
    pub lifecycle: LifecycleTruth,
    /// People and what they may use.
    pub usage: UsageTruth,
    /// When services were down.
    pub performance: PerformanceTruth,
    /// The event that only one segment causes.
    pub enterprise_only_event: String,
    /// Month by month in UTC.
    pub months: Vec<MonthTruth>,
    /// The accounts that left, in the order of their ids. Grows with the company.
    pub churned: Vec<ChurnedAccount>,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionTruth {
    /// As in `accounts.region`.
    pub region: String,
    /// Its IANA time zone.
    pub zone: String,
    /// The language most of its comments are in.
    pub language: String,
}

/// A segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentTruth {
    /// As in `accounts.segment`.
    pub segment: String,
    /// How many accounts of it ever signed up, the company's own not counted.
    pub accounts: u64,
    /// How many of them left.
    pub churned: u64,
    /// Its NPS answers; `account_id`s that do not exist belong to no segment.
    pub nps: NpsCounts,
    /// What the answers were drawn from.
    pub nps_moods: Vec<NpsMoodTruth>,
}

/// The month of the outage. Users come less and export nothing on the days that are in it where they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutageTruth {
    /// Its first instant.
    pub start: String,
    /// The instant after its last.
    pub end: String,
    /// What was broken: the topic of conversations and the tag of comments.
    pub service: String,
    /// The event that does not happen in it.
    pub missing_event: String,
    /// How many visits there were, in thousandths of the usual number.
    pub visits_per_mille: u64,
    /// How many conversations, in thousandths of the usual number.
    pub conversations_per_mille: u64,
}

/// The team that does not work on weekends, compared with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowTeamTruth {
    /// As in `conversations.team`.
    pub team: String,
    /// First replies to conversations begun on Saturdays and Sundays where the account is.
    pub weekend: FirstReplyTruth,
    /// First replies of the same team to conversations begun on other days.
    pub weekday: FirstReplyTruth,
    /// First replies to conversations begun on weekends of the other teams that work where the account is: all but
    /// the technical one.
    pub others_on_weekend: FirstReplyTruth,
}

/// Times from the beginning of a conversation to the first public reply of an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstReplyTruth {
    /// Conversations with a reply.
    pub replied: u64,
    /// Their times together.
    pub total_seconds: i64,
}

/// What happened in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTruth {
    /// Its first instant.
    pub start: String,
    /// Accounts that signed up in it: their first user came.
    pub accounts_created: u64,
    /// Accounts that left in it.
    pub accounts_churned: u64,
    /// Accounts there were at its end; those that came back are not counted, and neither are leads.
    pub accounts_at_end: u64,
    /// Users there were at its end.
    pub users_at_end: u64,
    /// Conversations begun in it, each counted once.
    pub conversations: u64,
    /// Conversations that were neither solved nor closed at its end; spam, deleted, merged ones and those with a
    /// wrong row are not counted.
    pub open_at_end: u64,
    /// Those of them that the technical team had to answer.
    pub technical_open_at_end: u64,
    /// Events in it, every row counted.
    pub events: u64,
    /// Users with an event in it, also before they signed in.
    pub active_users: u64,
    /// NPS answers given in it.
    pub nps: NpsCounts,
    /// CSAT answers given in it.
    pub csat_answered: u64,
    /// Those with a score of 4 or 5.
    pub csat_satisfied: u64,
}

/// An account that left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChurnedAccount {
    /// Which account.
    pub account_id: i64,
    /// The end of its subscription. Nobody visits at or after it, even where the account pays again later.
    pub churned_at: String,
    /// As in `subscriptions.cancel_reason`.
    pub reason: String,
}

impl Truth {
    pub(crate) fn of(world: &World) -> Self {
        let mut truth = Self::before_counting(world);
        for account in world.accounts() {
            truth.add_account(world, &account);
            let conversations = conversations(world, &account);
            for conversation in &conversations {
                truth.add_conversation(world, conversation);
                truth.support.add_conversation(world, &account, conversation);
            }
            let emails = emails(world, &account);
            let sessions = sessions(world, &account);
            for dirt in emails.iter().filter_map(|email| email.dirt) {
                truth.count_dirt(dirt.name());
            }
            for dirt in sessions.iter().flat_map(|it| &it.searches).filter_map(|search| search.dirt) {
                truth.count_dirt(dirt.name());
            }
            let interactions = interactions(world, &account);
            for dirt in interactions.iter().filter_map(|interaction| interaction.dirt) {
                truth.count_dirt(dirt.name());
            }
            truth.success.add_interactions(account.id, &interactions);
            for account in with_lead(world, &account) {
                let journey = journey(world, &account);
                for dirt in journey.entries.iter().filter_map(|entry| entry.dirt) {
                    truth.count_dirt(dirt.name());
                }
                truth.lifecycle.add_account(world, &account, &journey);
            }
            let goals = goals(world, &account);
            for dirt in goals.iter().filter_map(|goal| goal.dirt) {
                truth.count_dirt(dirt.name());
            }
            truth.lifecycle.add_goals(&goals);
            truth.support.add_emails(&emails);
            truth.support.add_help(world, &conversations, &sessions);
            for survey in surveys(world, &account) {
                truth.add_survey(world, &account, &survey);
            }
            let events = events(world, &account);
            truth.add_events(world, &events);
            truth.usage.add_events(world, &account, &events);
            truth.performance.add_probes(&probes(world, &account));
            if account.internal {
                let incidents = incidents(world);
                for dirt in incidents.iter().filter_map(|incident| incident.dirt) {
                    truth.count_dirt(dirt.name());
                }
                truth.performance.add_incidents(world, &incidents);
            }
            for table in TABLES {
                *truth.rows.entry(table.info().name.to_owned()).or_default() += table.count(world, &account);
            }
        }
        truth
    }

    /// What is known without looking at any account.
    fn before_counting(world: &World) -> Self {
        let calendar = &world.calendar;
        let outage = calendar.months().get(world.outage_month);
        let day = |day: Option<i64>| iso(calendar.midnight_of(day.unwrap_or(0)));
        let region = |region: &Region| RegionTruth {
            region: region.name().to_owned(),
            zone: region.zone().name().to_owned(),
            language: region.language().to_owned(),
        };
        let month = |month: &Month| MonthTruth {
            start: iso(calendar.midnight_of(month.first_day)),
            ..MonthTruth::default()
        };
        Self {
            seed: world.settings.seed,
            start: iso(calendar.start()),
            end: iso(calendar.end()),
            rows: BTreeMap::new(),
            dirty: dirt::names().map(|name| (name.to_owned(), 0)).collect(),
            regions: Region::ALL.iter().map(region).collect(),
            segments: Segment::ALL.iter().map(|segment| SegmentTruth::of(*segment)).collect(),
            internal_account_id: 1,
            outage: OutageTruth {
                start: day(outage.map(|month| month.first_day)),
                end: day(outage.map(|month| month.end_day)),
                service: "exports".to_owned(),
                missing_event: visit::OUTAGE_EVENT.to_owned(),
                visits_per_mille: visit::OUTAGE_PER_MILLE.unsigned_abs(),
                conversations_per_mille: conversation::OUTAGE_PER_MILLE.unsigned_abs(),
            },
            slow_team: SlowTeamTruth {
                team: conversation::SLOW_TEAM.to_owned(),
                weekend: FirstReplyTruth::default(),
                weekday: FirstReplyTruth::default(),
                others_on_weekend: FirstReplyTruth::default(),
            },
            nps: NpsTruth::default(),
            csat: CsatTruth::default(),
            support: SupportTruth::before_counting(),
            success: SuccessTruth::before_counting(),
            lifecycle: LifecycleTruth::default(),
            usage: UsageTruth::before_counting(),
            performance: PerformanceTruth::before_counting(),
            enterprise_only_event: visit::ENTERPRISE_EVENT.to_owned(),
            months: calendar.months().iter().map(month).collect(),
            churned: Vec::new(),
        }
    }

    fn month(&mut self, world: &World, at: Instant) -> Option<&mut MonthTruth> {
        self.months.get_mut(world.calendar.month_of(at)?)
    }

    fn add_account(&mut self, world: &World, account: &Account) {
        if let Some(month) = self.month(world, account.created_at) {
            month.accounts_created += 1;
        }
        if let Some(leaving) = account.leaving {
            self.churned.push(ChurnedAccount {
                account_id: account.id,
                churned_at: iso(leaving.at),
                reason: leaving.reason.to_owned(),
            });
            if let Some(month) = self.month(world, leaving.at) {
                month.accounts_churned += 1;
            }
        }
        let people = crate::person::people(world, account);
        for (truth, month) in self.months.iter_mut().zip(world.calendar.months()) {
            let last = world.calendar.midnight_of(month.end_day) - 1;
            if account.is_alive(last) {
                truth.accounts_at_end += 1;
                let joined = people.iter().filter(|person| person.created_at <= last).count();
                truth.users_at_end += u64::try_from(joined).unwrap_or(0);
            }
        }
        if account.internal {
            return;
        }
        if let Some(segment) = self.segments.get_mut(account.segment as usize) {
            segment.accounts += 1;
            segment.churned += u64::from(account.leaving.is_some());
        }
    }

    fn add_conversation(&mut self, world: &World, conversation: &Conversation) {
        if let Some(month) = self.month(world, conversation.created_at) {
            month.conversations += 1;
        }
        if let Some(dirt) = conversation.dirt {
            self.count_dirt(dirt.name());
        } else if conversation.handling == Handling::Ordinary {
            self.add_backlog(world, conversation);
        }
        let Some(replied_at) = conversation.first_replied_at() else { return };
        if conversation.is_technical() {
            return;
        }
        let slow = conversation.team == conversation::SLOW_TEAM;
        let replies = match (slow, conversation.on_weekend) {
            (true, true) => &mut self.slow_team.weekend,
            (true, false) => &mut self.slow_team.weekday,
            (false, true) => &mut self.slow_team.others_on_weekend,
            (false, false) => return,
        };
        replies.replied += 1;
        replies.total_seconds += (replied_at - conversation.created_at) / SECOND;
    }

    fn add_backlog(&mut self, world: &World, conversation: &Conversation) {
        for (truth, month) in self.months.iter_mut().zip(world.calendar.months()) {
            if conversation.is_open_at(world.calendar.midnight_of(month.end_day)) {
                truth.open_at_end += 1;
                truth.technical_open_at_end += u64::from(conversation.is_technical());
            }
        }
    }

    fn count_dirt(&mut self, name: &str) {
        *self.dirty.entry(name.to_owned()).or_default() += 1;
    }

    fn add_survey(&mut self, world: &World, account: &Account, survey: &Survey) {
        if let Some(dirt) = survey.dirt {
            self.count_dirt(dirt.name());
        }
        match survey.kind {
            "nps" if survey.excluded => self.nps.excluded += 1,
            "nps" => self.add_nps(world, account, survey),
            "csat" if !survey.excluded => self.add_csat(world, survey),
            _ => {}
        }
    }

    fn add_nps(&mut self, world: &World, account: &Account, survey: &Survey) {
        let nps = &mut self.nps;
        nps.sent += 1;
        nps.delivered += u64::from(survey.delivered_at.is_some());
        nps.shown += u64::from(survey.shown_at.is_some());
        nps.declined += u64::from(survey.declined);
        let (Some(answered_at), Some(score)) = (survey.answered_at, survey.score) else { return };
        nps.answered += 1;
        nps.commented += u64::from(survey.comment.is_some_and(|comment| !comment.trim().is_empty()));
        nps.invalid += u64::from(!nps.counts.add(score));
        if let Some(month) = self.month(world, answered_at) {
            month.nps.add(score);
        }
        let known_account = survey.account_id == account.id;
        let segment = self.segments.get_mut(account.segment as usize).filter(|_| known_account);
        if let Some(segment) = segment {
            segment.nps.add(score);
            let mood = segment.nps_moods.iter_mut().find(|mood| mood.mood == survey.mood.name());
            if let Some(mood) = mood {
                mood.answered += 1;
            }
        }
    }

    fn add_csat(&mut self, world: &World, survey: &Survey) {
        let (Some(answered_at), Some(score)) = (survey.answered_at, survey.score) else { return };
        let satisfied = u64::from(score >= 4);
        self.csat.answered += 1;
        self.csat.satisfied += satisfied;
        if survey.mood == Mood::Outage {
            self.csat.outage_answered += 1;
            self.csat.outage_satisfied += satisfied;
        }
        if let Some(month) = self.month(world, answered_at) {
            month.csat_answered += 1;
            month.csat_satisfied += satisfied;
        }
    }

    /// The events of an account come user by user in the order of time, so that a user is newly active in a
    /// month when the user or the month is another one than before.
    fn add_events(&mut self, world: &World, events: &[Event]) {
        let mut last = None;
        for event in events {
            if let Some(dirt) = event.dirt {
                self.count_dirt(dirt.name());
            }
            let Some(number) = world.calendar.month_of(event.at) else { continue };
            let Some(month) = self.months.get_mut(number) else { continue };
            month.events += 1;
            if event.user_id.is_some() && last != Some((event.user_id, number)) {
                last = Some((event.user_id, number));
                month.active_users += 1;
            }
        }
    }
}

impl SegmentTruth {
    fn of(segment: Segment) -> Self {
        let mood = |mood: Mood| {
            let [promoter, passive, detractor] = nps_per_mille(segment, mood).map(i64::unsigned_abs);
            NpsMoodTruth {
                mood: mood.name().to_owned(),
                answered: 0,
                promoter_per_mille: promoter,
                passive_per_mille: passive,
                detractor_per_mille: detractor,
            }
        };
        // Relationship surveys wait for no team.
        let moods = Mood::ALL.into_iter().filter(|mood| *mood != Mood::SlowTeam);
        Self { segment: segment.name().to_owned(), nps_moods: moods.map(mood).collect(), ..Self::default() }
    }
}

fn iso(at: Instant) -> String {
    DateTime::from_timestamp_micros(at)
        .map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}
