//! One row a stay.

use super::Asked;
use crate::book::Book;
use crate::compute::{Frame, Gated};
use crate::error::Result;
use crate::inferred::told_by;
use crate::key::Key;
use crate::kpi::lifecycle::StagesFrom;
use crate::lifecycle::{Lifecycle, LifecycleState, NO_STAGE, Spell, StageCode};
use crate::scope::Micros;
use crate::table::Table;
use crate::view::{self, KnownJourney, STAGES};
use std::sync::Arc;

/// The journeys of all accounts: one row a stay, by account and in order of time.
#[derive(Clone, Debug)]
pub struct Journeys {
    /// The zone of the request.
    pub zone: String,
    /// What is known at this instant.
    pub as_of: Micros,
    /// What told the stages.
    pub source: StagesFrom,
    lifecycle: Lifecycle,
    accounts: Vec<Key>,
    /// As far as any row gives one.
    reasons: Vec<Option<Arc<str>>>,
    rows: Vec<Row>,
}

/// A stay, with names by number.
#[derive(Clone, Copy, Debug)]
struct Row {
    account: u32,
    stay: u32,
    entered: Micros,
    left: Option<Micros>,
    elapsed: Micros,
    paused: Micros,
    differs_since: Option<Micros>,
    stage: StageCode,
    /// [`NO_STAGE`] for none.
    next: StageCode,
    inferred: StageCode,
    state: LifecycleState,
    allowed: bool,
}

/// One stay of an account in a stage.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JourneyStay<'j> {
    /// The account.
    pub account_id: &'j Key,
    /// Which stay of the account it is, from 1.
    pub stay: u32,
    /// The stage.
    pub stage: &'j str,
    /// When it began.
    pub entered_at: Micros,
    /// When it ended, if it has.
    pub left_at: Option<Micros>,
    /// The stage that followed.
    pub next_stage: Option<&'j str>,
    /// How long it lasted, up to `as_of` if it is open, without pauses if these stop the clock.
    pub seconds: f64,
    /// How much of it was paused.
    pub paused_seconds: f64,
    /// How the account is doing in it, or was when it left.
    pub status: LifecycleState,
    /// What told it.
    pub source: StagesFrom,
    /// Why, as far as rows or rules say.
    pub reason: Option<&'j str>,
    /// Whether the lifecycle has the move that led here.
    pub allowed: bool,
    /// Of an open stay that rows told: the stage that rules infer.
    pub inferred_stage: Option<&'j str>,
    /// Since when the two differ without a break, if they do.
    pub differs_since: Option<Micros>,
}

impl Journeys {
    /// How many stays.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The stays, by account and in order of time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = JourneyStay<'_>> + Clone {
        self.rows.iter().enumerate().map(|(at, row)| {
            let name = |code: StageCode| (code != NO_STAGE).then(|| self.lifecycle.name_of(code));
            JourneyStay {
                account_id: self.accounts.get(row.account as usize).unwrap_or(&Key::Null),
                stay: row.stay,
                stage: self.lifecycle.name_of(row.stage),
                entered_at: row.entered,
                left_at: row.left,
                next_stage: name(row.next),
                seconds: row.elapsed as f64 / 1e6,
                paused_seconds: row.paused as f64 / 1e6,
                status: row.state,
                source: self.source,
                reason: self.reasons.get(at).and_then(Option::as_deref),
                allowed: row.allowed,
                inferred_stage: name(row.inferred),
                differs_since: row.differs_since,
            }
        })
    }
}

pub(super) fn journeys(asked: &Asked<'_, '_>, book: &Book<'_>) -> Result<Journeys> {
    let Asked { chosen, scope, source, .. } = asked;
    let context = asked.context();
    let frame = Frame::new(&context, &STAGES, None, None)?;
    let mut codes = frame.codes(&[])?;
    let gated = Gated::new(&frame, &mut codes, &[], None)?;
    let told = view::Journeys::of(&context, &chosen.lifecycle, chosen.refuses)?;
    // What rows say is compared with what rules infer.
    let other = match source {
        StagesFrom::Rows => told_by(book, &chosen.lifecycle, &asked.request)?,
        StagesFrom::Rules => None,
    };
    let other_context = other.as_ref().map(|book| crate::compute::Context { book, ..context });
    let inferred = other_context
        .as_ref()
        .map(|context| view::Journeys::of(context, &chosen.lifecycle, false))
        .transpose()?;
    let journeys = told.accounts().filter_map(|account| told.of_account(account, scope.as_of));
    let mut known: Vec<(&Key, KnownJourney<'_>)> =
        journeys.map(|journey| (journey.account(), journey)).collect();
    known.sort_unstable_by_key(|(key, _)| *key);
    let reason = Reasons::in_table(context.book.table(STAGES.table));
    let (mut accounts, mut rows, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for (key, journey) in known {
        let account = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
        accounts.push(key.clone());
        let inferred = inferred.as_ref().and_then(|all| all.find(key, scope.as_of));
        for (number, stay) in (1..).zip(journey.spells()) {
            if !gated.keeps(stay.row() as usize) {
                continue;
            }
            let end = stay.left().unwrap_or(scope.as_of);
            let elapsed = stay.elapsed(end, chosen.pauses_stop);
            let other = inferred.filter(|_| stay.left().is_none());
            let other_stage = other.and_then(|other| other.last()).map_or(NO_STAGE, |last| last.stage());
            let edges = asked.choices.edges;
            rows.push(Row {
                account,
                stay: number,
                entered: stay.entered(),
                left: stay.left(),
                elapsed,
                paused: stay.paused(end),
                differs_since: other
                    .filter(|_| other_stage != stay.stage())
                    .and_then(|other| differs_since(&journey, &other)),
                stage: stay.stage(),
                next: stay.next_stage().unwrap_or(NO_STAGE),
                inferred: other_stage,
                state: LifecycleState::of(&chosen.lifecycle, &stay, end, elapsed, chosen.pauses_stop, edges),
                allowed: stay.is_allowed(),
            });
            if let Some(reason) = &reason {
                reasons.push(reason.of(&stay));
            }
        }
    }
    Ok(Journeys {
        zone: scope.zone.name().to_owned(),
        as_of: scope.as_of,
        source: *source,
        lifecycle: chosen.lifecycle.clone(),
        accounts,
        reasons,
        rows,
    })
}

/// The reasons that rows give.
struct Reasons<'t> {
    table: &'t Table<'t>,
    column: usize,
}

impl<'t> Reasons<'t> {
    fn in_table(table: Option<&'t Table<'t>>) -> Option<Self> {
        let table = table?;
        table.find("reason").map(|column| Self { table, column })
    }

    fn of(&self, stay: &Spell<'_>) -> Option<Arc<str>> {
        Key::named(self.table.read(self.column, stay.row() as usize)).as_text().map(Arc::from)
    }
}

/// The instant from which on two journeys differ without a break.
fn differs_since(one: &KnownJourney<'_>, other: &KnownJourney<'_>) -> Option<Micros> {
    let stays = |journey: &KnownJourney<'_>| -> Vec<(Micros, StageCode)> {
        journey.spells().map(|stay| (stay.entered(), stay.stage())).collect()
    };
    let (one, other) = (stays(one), stays(other));
    let mut marks: Vec<Micros> = one.iter().chain(&other).map(|(at, _)| *at).collect();
    marks.sort_unstable();
    marks.dedup();
    let at = |stays: &[(Micros, StageCode)], at: Micros| {
        let known = stays.partition_point(|(entered, _)| *entered <= at);
        known.checked_sub(1).and_then(|last| stays.get(last)).map(|(_, stage)| *stage)
    };
    let mut since = None;
    for mark in marks {
        since = match (at(&one, mark), at(&other, mark)) {
            (Some(one), Some(other)) if one != other => since.or(Some(mark)),
            _ => None,
        };
    }
    since
}
