//! What was planted in the stages and in onboarding, counted from their rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{all_numbers, company, flags, micros, numbers, signed_up, truth, truths, words};
use tenure_sample::Company;

const DAY: i64 = 86_400_000_000;

/// The days up to which a stage is on track, and beyond which it is stuck.
type Days = Option<(i64, i64)>;

/// The default model: stages in its order, their days, and what may follow.
const MODEL: [(&str, Days, &str); 11] = [
    ("aware", Some((30, 90)), "evaluating prospect trial churned"),
    ("evaluating", Some((30, 90)), "prospect trial onboarding churned"),
    ("prospect", Some((84, 168)), "trial onboarding churned"),
    ("trial", Some((14, 30)), "onboarding adoption churned"),
    ("onboarding", Some((30, 90)), "adoption at_risk churned"),
    ("adoption", Some((90, 180)), "growth renewal at_risk churned"),
    ("growth", None, "adoption renewal at_risk churned"),
    ("renewal", Some((90, 120)), "adoption growth at_risk churned"),
    ("at_risk", Some((30, 60)), "onboarding adoption growth renewal churned"),
    ("churned", None, "won_back"),
    ("won_back", Some((30, 90)), "onboarding adoption growth renewal at_risk churned"),
];

fn place(stage: &str) -> Option<usize> {
    MODEL.iter().position(|(name, ..)| *name == stage)
}

struct Row {
    stage: String,
    at: i64,
    paused: Option<bool>,
}

/// The rows of each account in the order of the table.
fn rows(company: &Company) -> BTreeMap<i64, Vec<Row>> {
    let account = all_numbers(company, "stages", "account_id");
    let at = all_numbers(company, "stages", "occurred_at");
    let stage = words(company, "stages", "stage");
    let paused = flags(company, "stages", "paused");
    let mut rows: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    for (row, account) in account.into_iter().enumerate() {
        let row = Row { stage: stage[row].clone(), at: at[row], paused: paused[row] };
        rows.entry(account).or_default().push(row);
    }
    rows
}

fn created(company: &Company) -> BTreeMap<i64, i64> {
    let created = all_numbers(company, "accounts", "created_at");
    all_numbers(company, "accounts", "account_id").into_iter().zip(created).collect()
}

/// The present stay of an account.
struct Stay {
    stage: usize,
    from: i64,
    paused: i64,
    paused_from: Option<i64>,
}

/// What goes wrong on the way through the rows, by the name in `truth.json`.
type Found = BTreeMap<&'static str, u64>;

/// Goes through the rows of an account; counts moves and mistakes.
fn walk(rows: &[Row], created: i64, found: &mut Found) -> Stay {
    let mut count = |name| *found.entry(name).or_default() += 1;
    let mut stay: Option<Stay> = None;
    for (number, row) in rows.iter().enumerate() {
        let Some(stage) = place(&row.stage) else {
            count("stages.unknown_stage");
            continue;
        };
        if row.at < created {
            count("stages.before_account");
            continue;
        }
        let together = rows.iter().enumerate().filter(|(other, it)| *other != number && it.at == row.at);
        if together.filter_map(|(_, it)| place(&it.stage)).any(|other| other > stage) {
            count("stages.same_instant");
            continue;
        }
        match &mut stay {
            Some(stay) if stay.stage == stage => match (row.paused, stay.paused_from) {
                (Some(true), None) => stay.paused_from = Some(row.at),
                (Some(true), Some(_)) => count("stages.paused_twice"),
                (Some(false), Some(from)) => {
                    stay.paused += row.at - from;
                    stay.paused_from = None;
                }
                _ if row.stage == "churned" => count("stages.churned_twice"),
                _ => panic!("a row that says nothing at {}", row.at),
            },
            _ => {
                if let Some(stay) = &stay {
                    count("moves");
                    let allowed = MODEL[stay.stage].2.split(' ').any(|next| next == row.stage);
                    if !allowed {
                        count("stages.impossible_move");
                    }
                } else {
                    assert_eq!(row.at, created, "the way begins with the account");
                }
                assert_eq!(row.paused, None);
                stay = Some(Stay { stage, from: row.at, paused: 0, paused_from: None });
            }
        }
    }
    stay.unwrap()
}

fn stays(company: &Company) -> (BTreeMap<i64, Stay>, Found) {
    let created = created(company);
    let mut found = Found::new();
    let ours = truth().internal_account_id;
    let rows = rows(company);
    assert_eq!(rows.keys().collect::<Vec<_>>(), created.keys().collect::<Vec<_>>(), "everybody has a way");
    let stays = rows
        .iter()
        .filter(|(account, _)| **account != ours)
        .map(|(account, rows)| (*account, walk(rows, created[account], &mut found)))
        .collect();
    (stays, found)
}

#[test]
fn rows_are_in_the_order_of_time_and_before_the_end() {
    let end = micros(&truth().end);
    for (account, rows) in rows(&company()) {
        assert!(rows.is_sorted_by_key(|row| row.at), "{account}");
        assert!(rows.iter().all(|row| row.at < end), "{account}");
    }
}

#[test]
fn wrong_rows_are_as_many_as_planted() {
    let (_, mut found) = stays(&company());
    assert_eq!(found.remove("moves"), Some(truth().lifecycle.moves));
    let dirty = truth().dirty;
    let planted: BTreeMap<&str, u64> = dirty
        .iter()
        .filter(|it| it.0.starts_with("stages."))
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    assert_eq!(planted.len(), 6);
    assert!(planted.values().all(|count| *count > 0), "{planted:?}");
    assert_eq!(found, planted);
}

/// The same in a larger company: whatever is not planted follows the model.
#[test]
fn ways_follow_the_model_also_in_a_larger_company() {
    let larger = Company::new(tenure_sample::Settings { accounts: 500, seed: 4, ..Default::default() });
    let larger = larger.unwrap();
    let (_, found) = stays(&larger);
    let truth = larger.truth();
    assert_eq!(found["moves"], truth.lifecycle.moves);
    assert_eq!(found["stages.impossible_move"], truth.dirty["stages.impossible_move"]);
}

#[test]
fn stages_and_states_at_the_end_are_those_of_the_rows() {
    let lifecycle = truth().lifecycle;
    let end = micros(&truth().end);
    let mut stages: BTreeMap<String, u64> = BTreeMap::new();
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    let (stays, _) = stays(&company());
    for stay in stays.values() {
        let (name, days, _) = MODEL[stay.stage];
        let elapsed = end - stay.from - stay.paused;
        let late = |days: i64| elapsed > days * DAY;
        let state = match days {
            _ if name == "churned" => "churned",
            _ if stay.paused_from.is_some() => "paused",
            Some((_, stuck)) if late(stuck) => "stuck",
            Some((expected, _)) if late(expected) => "behind",
            _ => "on_track",
        };
        *stages.entry(name.to_owned()).or_default() += 1;
        *states.entry(state.to_owned()).or_default() += 1;
    }
    assert_eq!(stages, lifecycle.stages);
    assert_eq!(states, lifecycle.states);
    assert!(["on_track", "behind", "stuck", "paused", "churned"].iter().all(|state| states[*state] > 0));
    assert!(states["on_track"] > 3 * (states["behind"] + states["stuck"]), "{states:?}");
    assert!(stages.len() > 8, "{stages:?}");
}

/// Leads have no users; some have tried, and all that are lost are lost before they paid.
#[test]
fn leads_never_signed_up() {
    let company = company();
    let lifecycle = truth().lifecycle;
    let customers = signed_up(&company);
    let (stays, _) = stays(&company);
    let leads: Vec<i64> = stays.keys().filter(|account| !customers.contains_key(account)).copied().collect();
    assert_eq!(u64::try_from(leads.len()).unwrap(), lifecycle.leads);
    let churned = place("churned").unwrap();
    let lost = leads.iter().filter(|lead| stays[lead].stage == churned).count();
    assert_eq!(u64::try_from(lost).unwrap(), lifecycle.lost_leads);
    assert!(lost > 20 && lost < leads.len());
    let status = words(&company, "subscriptions", "status");
    let of = all_numbers(&company, "subscriptions", "account_id");
    let tried = of.iter().zip(&status).filter(|(account, _)| leads.contains(account));
    assert!(tried.clone().count() > 3);
    assert!(tried.into_iter().all(|(_, status)| status == "trialing"));
    // Customers were leads as well, many of them.
    let created = created(&company);
    let known = customers.iter().filter(|(account, signed_up)| created[account] < **signed_up).count();
    assert!(customers.iter().all(|(account, signed_up)| created[account] <= *signed_up));
    assert!(known > 60, "{known}");
}

/// What subscription, onboarding and health say of an account at the end of the data: the rules of the default model, one
/// after the other.
fn told_by_rules(company: &Company) -> BTreeMap<i64, &'static str> {
    let end = micros(&truth().end);
    let [of, starts] = ["account_id", "starts_at"].map(|it| all_numbers(company, "subscriptions", it));
    let [ends, renews] = ["ends_at", "renews_at"].map(|it| numbers(company, "subscriptions", it));
    let status = words(company, "subscriptions", "status");
    let mut open: BTreeSet<i64> = BTreeSet::new();
    let steps = all_numbers(company, "onboarding", "account_id").into_iter();
    let completed = numbers(company, "onboarding", "completed_at");
    for ((account, required), completed) in
        steps.zip(truths(company, "onboarding", "required")).zip(completed)
    {
        if required && completed.is_none() {
            open.insert(account);
        }
    }
    let mut health: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let measured = all_numbers(company, "measures", "occurred_at");
    let measure = words(company, "measures", "measure");
    let values = all_numbers(company, "measures", "value");
    for (row, account) in all_numbers(company, "measures", "account_id").into_iter().enumerate() {
        if measure[row] == "health" {
            let last = health.entry(account).or_default();
            *last = (*last).max((measured[row], values[row]));
        }
    }
    let mut told = BTreeMap::new();
    for account in of.iter().copied().collect::<BTreeSet<i64>>() {
        let mut rows: Vec<usize> = (0..of.len()).filter(|row| of[*row] == account).collect();
        rows.sort_by_key(|row| starts[*row]);
        let now = |row: &&usize| ends[**row].is_none_or(|to| to > end);
        let is = |wanted: &str| rows.iter().filter(now).any(|row| status[*row] == wanted);
        // The present run of paid time, and whether there was a gap before it.
        let (mut run, mut paid_to, mut gap) = (None, None, false);
        for row in rows.iter().filter(|row| status[**row] != "trialing") {
            if run.is_none() || paid_to.is_some_and(|to| to < starts[*row]) {
                gap |= run.is_some();
                run = Some(starts[*row]);
            }
            paid_to = Some(ends[*row].unwrap_or(i64::MAX).max(paid_to.unwrap_or(i64::MIN)));
        }
        let subscribed = run.map_or(0, |run| end - run);
        let renewal = |row: &usize| renews[*row].is_some_and(|at| at > end && at <= end + 90 * DAY);
        let stage = if !rows.iter().any(|row| now(&row)) {
            "churned"
        } else if is("active") && gap && subscribed < 90 * DAY {
            "won_back"
        } else if is("past_due") || is("active") && health.get(&account).is_some_and(|last| last.1 < 50) {
            "at_risk"
        } else if is("active") && rows.iter().filter(now).any(renewal) {
            "renewal"
        } else if is("trialing") {
            "trial"
        } else if open.contains(&account) {
            "onboarding"
        } else if subscribed >= 180 * DAY {
            "growth"
        } else {
            "adoption"
        };
        told.insert(account, stage);
    }
    told
}

#[test]
fn accounts_are_where_the_rules_say_but_for_those_that_were_forgotten() {
    let company = company();
    let lifecycle = truth().lifecycle;
    let (stays, _) = stays(&company);
    let told = told_by_rules(&company);
    let differing: Vec<i64> = told
        .iter()
        .filter(|(account, stage)| MODEL[stays[account].stage].0 != **stage)
        .map(|(account, _)| *account)
        .collect();
    assert_eq!(differing, lifecycle.differing);
    assert!(lifecycle.forgotten.iter().all(|account| differing.contains(account)));
    assert!(lifecycle.forgotten.len() > 10);
    assert!(differing.len() * 5 < told.len(), "most agree: {differing:?}");
}

#[test]
fn those_that_came_back_pay_again() {
    let company = company();
    let returned = truth().lifecycle.returned;
    let rows = rows(&company);
    let won_back = |account: &&i64| rows[*account].iter().any(|row| row.stage == "won_back");
    let all: Vec<i64> = rows.keys().filter(won_back).copied().collect();
    // Some may have been forgotten.
    assert!(all.len() > 3 && all.iter().all(|account| returned.contains(account)));
    let left: BTreeMap<i64, i64> =
        truth().churned.iter().map(|it| (it.account_id, micros(&it.churned_at))).collect();
    let starts = all_numbers(&company, "subscriptions", "starts_at");
    let of = all_numbers(&company, "subscriptions", "account_id").into_iter().zip(starts);
    let again: Vec<i64> =
        of.filter(|(account, at)| left.get(account).is_some_and(|left| left < at)).map(|it| it.0).collect();
    assert_eq!(again, returned);
}

#[test]
fn steps_of_onboarding_are_taken_one_after_the_other() {
    let company = company();
    let begun = signed_up(&company);
    let account = all_numbers(&company, "onboarding", "account_id");
    let started = numbers(&company, "onboarding", "started_at");
    let completed = numbers(&company, "onboarding", "completed_at");
    let required = truths(&company, "onboarding", "required");
    let steps: BTreeSet<String> = words(&company, "onboarding", "step").into_iter().collect();
    let customers: BTreeSet<i64> = account.iter().copied().collect();
    // All but the company's own account.
    assert_eq!(customers.len(), begun.len() - 1);
    assert_eq!(account.len(), steps.len() * customers.len());
    let mut open = 0;
    for row in 0..account.len() {
        assert!(started[row].is_none_or(|at| at >= begun[&account[row]]));
        assert!(completed[row].is_none_or(|at| started[row].is_some_and(|started| started < at)));
        open += usize::from(required[row] && completed[row].is_none());
    }
    assert!(open > 2 && open * 5 < account.len(), "{open}");
    assert!(required.contains(&false));
}
