//! What was written down of an account's way: its moves, a few days late, its pauses, and some mistakes.

use crate::account::{Account, Term};
use crate::calendar::{DAY, HOUR, Instant, MINUTE};
use crate::company::World;
use crate::dirt::{self, StageDirt};
use crate::random::{Purpose, Random};
use crate::stage::{Move, Stage};
use crate::story::Story;

/// A row of `stages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) account_id: i64,
    pub(crate) stage: Stage,
    pub(crate) at: Instant,
    pub(crate) reason: Option<&'static str>,
    pub(crate) paused: Option<bool>,
    /// What is wrong with it on purpose.
    pub(crate) dirt: Option<StageDirt>,
}

/// How many accounts were paused for a while, in thousandths.
const PAUSED_PER_MILLE: i64 = 200;
/// Nobody notices what is over within a week, unless the way would make no sense without it.
const NOTICED: i64 = 7 * DAY;
/// Only stays that are longer are paused.
const LONG_STAY: i64 = 40 * DAY;

/// What was written down of an account or a lead, and what it ought to say at last.
#[derive(Debug)]
pub(crate) struct Journey {
    /// In the order of time.
    pub(crate) entries: Vec<Entry>,
    /// The stage at the end of the company's data, as subscription, onboarding and health tell it; none where they tell
    /// nothing.
    pub(crate) told: Option<Stage>,
}

/// The way of an account or a lead.
pub(crate) fn journey(world: &World, account: &Account) -> Journey {
    let end = world.calendar.end();
    if account.internal {
        // Somebody tried out how it works.
        let adoption = Move { stage: Stage::Adoption, at: account.created_at, reason: None };
        return Journey { entries: vec![entry(account, adoption)], told: None };
    }
    if account.is_lead() {
        let entries = account.approach.iter().map(|it| entry(account, *it)).collect();
        let over = |trial: &Term| if trial.to.is_some() { Stage::Churned } else { Stage::Trial };
        return Journey { entries, told: account.terms.last().map(over) };
    }
    let mut random = world.random(account.index, Purpose::Stages);
    let story = Story::of(world, account);
    let moves = recorded(world, account, &story.moves(), &mut random);
    let mut entries: Vec<Entry> = moves.iter().map(|it| entry(account, *it)).collect();
    // Whoever forgets the account does not pause it either, and a pause is not mixed with a wrong one.
    let pausable = !dirt::forgets_last_stage(account) && dirt::of_stages(account).is_none();
    let pauses = pauses(world, account, &moves, &mut random);
    entries.extend(pauses.into_iter().flatten().filter(|_| pausable));
    entries.sort_by_key(|entry| entry.at);
    plant(account, &moves, &mut entries);
    entries.retain(|entry| entry.at < end);
    Journey { entries, told: Some(story.stage(end).0) }
}

impl Entry {
    /// The stage as it was written.
    pub(crate) fn written_stage(&self) -> &'static str {
        if self.dirt == Some(StageDirt::UnknownStage) { "onbording" } else { self.stage.name() }
    }
}

fn entry(account: &Account, it: Move) -> Entry {
    let Move { stage, at, reason } = it;
    Entry { account_id: account.id, stage, at, reason, paused: None, dirt: None }
}

/// The moves as somebody wrote them down.
fn recorded(world: &World, account: &Account, due: &[Move], random: &mut Random) -> Vec<Move> {
    let end = world.calendar.end();
    let mut moves = account.approach.clone();
    for (position, it) in due.iter().enumerate() {
        let next = due.get(position + 1);
        let left = next.map_or(end, |next| next.at);
        let last = moves.last().map(|last| last.stage);
        if last.is_some_and(|last| !last.may_become(it.stage)) {
            continue;
        }
        let possible =
            next.is_some_and(|next| last.is_some_and(|it| it == next.stage || it.may_become(next.stage)));
        if left - it.at < NOTICED && possible {
            continue;
        }
        // Signing up is written down by itself, the rest by people, some days later.
        let late = random.weighted(&[(50, 0), (30, 1), (15, 2), (5, 5)]) * DAY + random.below(600) * MINUTE;
        let by_itself = matches!(it.stage, Stage::Trial | Stage::Onboarding) && position <= 1;
        let written = world.calendar.awake(account.region, it.at + late).max(it.at + HOUR);
        let at = if by_itself { it.at } else { written.min(left - MINUTE).max(it.at) };
        if at < end {
            moves.push(Move { at, ..*it });
        }
    }
    if dirt::forgets_last_stage(account) && moves.len() > 1 {
        moves.pop();
    }
    moves
}

/// A pause and its end, if the account was paused and there is a stay that is long enough.
fn pauses(world: &World, account: &Account, moves: &[Move], random: &mut Random) -> [Option<Entry>; 2] {
    let end = world.calendar.end();
    let paused = random.chance(PAUSED_PER_MILLE);
    let late = random.chance(400);
    let after = random.between(5, 20) * DAY;
    let rest = random.between(10, 90) * DAY;
    let mut stays = stays(moves, end).filter(|(it, left)| {
        let quiet = matches!(it.stage, Stage::Onboarding | Stage::Adoption | Stage::Growth);
        quiet && left - it.at > LONG_STAY
    });
    let stay = if late { stays.last() } else { stays.next() };
    let Some((stay, left)) = stay.filter(|_| paused) else { return [None; 2] };
    // In the last stay so late that some are paused still.
    let from = if left == end { left - rest / 2 - after } else { stay.at + after };
    let from = world.calendar.awake(account.region, from).max(stay.at + HOUR);
    let until = world.calendar.awake(account.region, from + rest).max(from + HOUR);
    let until = if left == end { until } else { until.min(left - HOUR) };
    let reason = random.pick(&["their project waits", "reorganising", "long holiday"]);
    let row =
        |at, paused, reason| Entry { paused: Some(paused), ..entry(account, Move { at, reason, ..stay }) };
    [(from, true, Some(reason)), (until, false, None)]
        .map(|(at, paused, reason)| Some(row(at, paused, reason)).filter(|row| row.at < end))
}

/// The moves, each with the instant at which its stay ends.
fn stays(moves: &[Move], end: Instant) -> impl Iterator<Item = (Move, Instant)> {
    let left = moves.iter().skip(1).map(|next| next.at).chain([end]);
    moves.iter().copied().zip(left)
}

/// Makes one row of some accounts wrong, where there is one that it can happen to.
fn plant(account: &Account, moves: &[Move], entries: &mut Vec<Entry>) {
    let Some(dirt) = dirt::of_stages(account) else { return };
    let (Some(first), Some(last)) = (moves.first(), moves.last()) else { return };
    let wrong = |it: Move| Entry { dirt: Some(dirt), ..entry(account, it) };
    match dirt {
        StageDirt::UnknownStage => entries.push(wrong(later(*last))),
        StageDirt::BeforeAccount => entries.push(wrong(Move { at: first.at - 10 * DAY, ..*first })),
        // The lead's stage once more, by the same import; the model has it before all others.
        StageDirt::SameInstant => entries.push(wrong(Move { stage: Stage::Aware, ..*last })),
        StageDirt::PausedTwice => {
            let [first, again] = [1, 2].map(|hours| Move { at: last.at + hours * HOUR, ..*last });
            entries.push(Entry { paused: Some(true), ..entry(account, first) });
            entries.push(Entry { paused: Some(true), ..wrong(again) });
            entries.push(Entry { paused: Some(false), ..entry(account, later(*last)) });
        }
        StageDirt::ChurnedTwice => {
            let churned = moves.iter().find(|it| it.stage == Stage::Churned);
            entries.extend(churned.map(|it| wrong(later(*it))));
        }
        StageDirt::ImpossibleMove => lose_one(moves, entries),
    }
    entries.sort_by_key(|entry| entry.at);
}

fn later(it: Move) -> Move {
    Move { at: it.at + 3 * HOUR, ..it }
}

/// Loses the first move that cannot be missed.
fn lose_one(moves: &[Move], entries: &mut Vec<Entry>) {
    let needed = moves.windows(3).find_map(|moves| match moves {
        [before, lost, after] if before.stage != after.stage && !before.stage.may_become(after.stage) => {
            Some((*lost, *after))
        }
        _ => None,
    });
    let Some((lost, after)) = needed else { return };
    entries.retain(|entry| !(lost.at..after.at).contains(&entry.at));
    if let Some(entry) = entries.iter_mut().find(|entry| entry.at == after.at) {
        entry.dirt = Some(StageDirt::ImpossibleMove);
    }
}
