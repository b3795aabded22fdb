//! Where an account is, told from its signals by the rules of a lifecycle.
//!
//! At every instant the first rule holds all of whose conditions do; if none does, the account stays where it is. What is
//! known of an instant rests on what happened up to it, so that the stages inferred for it never change afterwards.

use super::model::{Lifecycle, StageCode};
use super::rule::{EventSignal, MeasureSignal, OnboardingSignal, Rule, Since, SubscriptionSignal};
use crate::key::Key;
use crate::policy::Span;
use crate::scope::Micros;
use std::collections::BTreeSet;

/// A row of `subscriptions`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subscription {
    pub(crate) from: Micros,
    pub(crate) to: Option<Micros>,
    pub(crate) renews: Option<Micros>,
    /// Nothing: of a status that no rule asks for, such as cancelled.
    pub(crate) status: Option<SubscriptionSignal>,
}

/// A required step of `onboarding`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) run: Key,
    pub(crate) started: Option<Micros>,
    pub(crate) completed: Option<Micros>,
}

/// What is known of one account. Lists of instants are in order; there is one for each rule, empty unless that asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Account {
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) steps: Vec<Step>,
    pub(crate) events: Vec<Vec<Micros>>,
    pub(crate) measures: Vec<Vec<(Micros, f64)>>,
}

/// From an instant on an account is in a stage, by a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inferred {
    pub(crate) at: Micros,
    pub(crate) stage: StageCode,
    pub(crate) rule: usize,
}

/// Which tables the book has: a condition on one that is absent does not hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) subscriptions: bool,
    pub(crate) events: bool,
}

/// The stages of an account, in order of time.
pub(crate) fn infer(lifecycle: &Lifecycle, known: Known, account: &Account) -> Vec<Inferred> {
    let mut stays: Vec<Inferred> = Vec::new();
    let mut past = BTreeSet::new();
    for at in instants(lifecycle, account) {
        let rules = lifecycle.rules().iter().enumerate();
        let found = rules.filter_map(|(number, rule)| Some((number, lifecycle.code(&rule.stage)?, rule)));
        let after = |rule: &Rule| {
            rule.when
                .after
                .as_ref()
                .is_none_or(|stage| lifecycle.code(stage).is_some_and(|code| past.contains(&code)))
        };
        let mut holding =
            found.filter(|(number, _, rule)| after(rule) && holds(known, rule, *number, account, at));
        if let Some((rule, stage, _)) = holding.next()
            && stays.last().is_none_or(|last| last.stage != stage)
        {
            past.insert(stage);
            stays.push(Inferred { at, stage, rule });
        }
    }
    stays
}

/// The instants at which a condition can begin or cease to hold. A row gives none before it is known itself: else what comes
/// later would change when one looks.
fn instants(lifecycle: &Lifecycle, account: &Account) -> BTreeSet<Micros> {
    let mut instants = BTreeSet::new();
    for row in &account.subscriptions {
        let mut of_row = vec![Some(row.from), row.to, row.renews];
        for rule in lifecycle.rules() {
            if let Some(Since { at_least, below }) = &rule.when.subscribed_for {
                let spans = [at_least, below].into_iter().flatten();
                of_row.extend(spans.map(|span| Some(row.from.saturating_add(span.micros()))));
            }
            let before = rule.when.renews_within.zip(row.renews);
            of_row.push(before.map(|(span, renews)| renews.saturating_sub(span.micros())));
        }
        instants.extend(of_row.into_iter().flatten().filter(|at| *at >= row.from));
    }
    for step in &account.steps {
        let completed = step.completed.map(|completed| completed.max(step.started.unwrap_or(completed)));
        instants.extend([step.started, completed].into_iter().flatten());
    }
    for values in &account.measures {
        instants.extend(values.iter().map(|(at, _)| at));
    }
    for (rule, events) in lifecycle.rules().iter().zip(&account.events) {
        if let Some(signal) = &rule.when.events {
            instants.extend(events.iter().flat_map(|at| [*at, at.saturating_add(signal.within.micros())]));
        }
    }
    instants
}

fn holds(known: Known, rule: &Rule, number: usize, account: &Account, at: Micros) -> bool {
    let when = &rule.when;
    let subscription = when.subscription.as_ref().is_none_or(|wanted| {
        known.subscriptions && wanted.as_slice().contains(&subscription(&account.subscriptions, at))
    });
    subscription
        && when
            .subscribed_for
            .as_ref()
            .is_none_or(|since| lasts(since, run_begin(&account.subscriptions, at), at))
        && when.renews_within.is_none_or(|span| renews(&account.subscriptions, span, at))
        && when.onboarding.is_none_or(|wanted| onboarding(&account.steps, at) == Some(wanted))
        && when.events.as_ref().is_none_or(|signal| {
            let times = account.events.get(number).map(Vec::as_slice).unwrap_or_default();
            known.events && happens(signal, times, at)
        })
        && when.measure.as_ref().is_none_or(|signal| {
            let values = account.measures.get(number).map(Vec::as_slice).unwrap_or_default();
            measures(signal, values, at)
        })
}

fn is_current(row: &Subscription, at: Micros) -> bool {
    row.from <= at && row.to.is_none_or(|to| at < to)
}

/// Of several the best counts.
fn subscription(rows: &[Subscription], at: Micros) -> SubscriptionSignal {
    use SubscriptionSignal::{Active, Ended, None, PastDue, Paused, Trialing};
    let is_any = |status: &SubscriptionSignal| {
        rows.iter().any(|row| is_current(row, at) && row.status == Some(*status))
    };
    let best = [Active, PastDue, Trialing, Paused].into_iter().find(is_any);
    best.unwrap_or(if rows.iter().any(|row| row.from <= at) { Ended } else { None })
}

/// When the present unbroken run of active or past due rows began. Rows come in order of time.
fn run_begin(rows: &[Subscription], at: Micros) -> Option<Micros> {
    let pays = |row: &&Subscription| {
        matches!(row.status, Some(SubscriptionSignal::Active | SubscriptionSignal::PastDue)) && row.from <= at
    };
    let mut run: Option<(Micros, Option<Micros>)> = None;
    for row in rows.iter().filter(pays) {
        run = match run {
            Some((begin, end)) if end.is_none_or(|end| row.from <= end) => {
                Some((begin, end.zip(row.to).map(|(a, b)| a.max(b))))
            }
            _ => Some((row.from, row.to)),
        };
    }
    run.filter(|(_, end)| end.is_none_or(|end| at < end)).map(|(begin, _)| begin)
}

fn lasts(since: &Since, begin: Option<Micros>, at: Micros) -> bool {
    let Some(begin) = begin else { return false };
    since.at_least.is_none_or(|span| at - begin >= span.micros())
        && since.below.is_none_or(|span| at - begin < span.micros())
}

fn renews(rows: &[Subscription], span: Span, at: Micros) -> bool {
    let soon = |renews: Micros| at < renews && renews <= at.saturating_add(span.micros());
    rows.iter().any(|row| is_current(row, at) && row.renews.is_some_and(soon))
}

/// Of several runs the latest counts.
fn onboarding(steps: &[Step], at: Micros) -> Option<OnboardingSignal> {
    let known = || steps.iter().filter(|step| step.started.is_none_or(|started| started <= at));
    let run = known().map(|step| &step.run).max()?;
    let is_done = |step: &Step| step.completed.is_some_and(|completed| completed <= at);
    let all = known().filter(|step| step.run == *run).all(is_done);
    Some(if all { OnboardingSignal::Completed } else { OnboardingSignal::Open })
}

fn happens(signal: &EventSignal, times: &[Micros], at: Micros) -> bool {
    let until = times.partition_point(|time| *time <= at);
    let before = times.partition_point(|time| *time <= at.saturating_sub(signal.within.micros()));
    let count = (until - before) as u64;
    signal.at_least.is_none_or(|least| count >= least) && signal.at_most.is_none_or(|most| count <= most)
}

fn measures(signal: &MeasureSignal, values: &[(Micros, f64)], at: Micros) -> bool {
    let known = values.partition_point(|(time, _)| *time <= at);
    let Some((_, value)) = known.checked_sub(1).and_then(|last| values.get(last)) else { return false };
    signal.below.is_none_or(|limit| *value < limit) && signal.at_least.is_none_or(|limit| *value >= limit)
}
