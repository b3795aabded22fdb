//! What was planted in the goals, what was measured of them, and who spoke about them, counted from the rows.

use std::collections::BTreeMap;

use crate::rows::{all_numbers, company, micros, numbers, signed_up, truth, words};
use tenure_sample::{Company, GoalTruth};

struct Goal {
    id: i64,
    account: i64,
    metric: String,
    baseline: i64,
    target: Option<i64>,
    created_at: i64,
    due_at: i64,
    closed_at: Option<i64>,
    verified_at: Option<i64>,
    outcome: String,
    experience: Option<i64>,
}

impl Goal {
    fn settled_at(&self) -> i64 {
        self.closed_at.map_or(self.due_at, |closed| closed.min(self.due_at))
    }
}

fn goals(company: &Company) -> Vec<Goal> {
    let all = |column| all_numbers(company, "goals", column);
    let some = |column| numbers(company, "goals", column);
    let [id, account, baseline, created_at, due_at] =
        ["goal_id", "account_id", "baseline", "created_at", "due_at"].map(all);
    let [target, closed_at, verified_at, experience] =
        ["target", "closed_at", "verified_at", "experience"].map(some);
    let [metric, outcome] = ["metric", "outcome"].map(|column| words(company, "goals", column));
    let goal = |row: usize| Goal {
        id: id[row],
        account: account[row],
        metric: metric[row].clone(),
        baseline: baseline[row],
        target: target[row],
        created_at: created_at[row],
        due_at: due_at[row],
        closed_at: closed_at[row],
        verified_at: verified_at[row],
        outcome: outcome[row].clone(),
        experience: experience[row],
    };
    (0..id.len()).map(goal).collect()
}

/// Per account and measure: when it was which value.
fn measures(company: &Company) -> BTreeMap<(i64, String), Vec<(i64, i64)>> {
    let at = all_numbers(company, "measures", "occurred_at");
    let value = all_numbers(company, "measures", "value");
    let name = words(company, "measures", "measure");
    let mut measures: BTreeMap<(i64, String), Vec<(i64, i64)>> = BTreeMap::new();
    for (row, account) in all_numbers(company, "measures", "account_id").into_iter().enumerate() {
        measures.entry((account, name[row].clone())).or_default().push((at[row], value[row]));
    }
    measures
}

#[test]
fn goals_are_counted_as_their_rows_say() {
    let company = company();
    let measures = measures(&company);
    let mut counted = GoalTruth::default();
    for goal in goals(&company) {
        let measured = measures.get(&(goal.account, goal.metric.clone())).map_or(&[][..], Vec::as_slice);
        let mut measured =
            measured.iter().filter(|(at, _)| (goal.created_at..=goal.settled_at()).contains(at));
        let met = measured.any(|(_, value)| {
            goal.target.is_some_and(|target| {
                (target > goal.baseline && *value >= target) || (target < goal.baseline && *value <= target)
            })
        });
        let happy = goal.experience.is_some_and(|experience| experience >= 7);
        counted.met += u64::from(met);
        counted.verified += u64::from(goal.verified_at.is_some());
        counted.unrated += u64::from(goal.closed_at.is_some() && goal.experience.is_none());
        match goal.outcome.as_str() {
            "won" => {
                counted.won += 1;
                counted.won_happily += u64::from(happy);
                counted.won_unhappily += u64::from(goal.experience.is_some() && !happy);
            }
            "lost" => {
                counted.lost += 1;
                counted.lost_happily += u64::from(happy);
            }
            _ => counted.open += 1,
        }
    }
    assert_eq!(counted, truth().lifecycle.goals);
    let GoalTruth { won, won_unhappily, lost_happily, unrated, verified, .. } = counted;
    assert!([won_unhappily, lost_happily, unrated].iter().all(|count| *count > 5), "{counted:?}");
    assert!(verified < won && verified * 3 > won, "{counted:?}");
}

#[test]
fn odd_goals_are_as_many_as_planted() {
    let goals = goals(&company());
    let dirty = truth().dirty;
    let count = |holds: &dyn Fn(&Goal) -> bool| {
        u64::try_from(goals.iter().filter(|goal| holds(goal)).count()).unwrap()
    };
    for (name, found) in [
        ("goals.missing_target", count(&|goal| goal.target.is_none())),
        ("goals.target_is_baseline", count(&|goal| goal.target == Some(goal.baseline))),
        ("goals.negative_baseline", count(&|goal| goal.baseline < 0)),
    ] {
        assert_eq!(dirty[name], found, "{name}");
        assert!(found > 0, "{name}");
    }
}

#[test]
fn times_of_goals_are_in_order_and_within_the_life_of_their_account() {
    let company = company();
    let signed_up = signed_up(&company);
    let end = micros(&truth().end);
    let left: BTreeMap<i64, i64> =
        truth().churned.iter().map(|it| (it.account_id, micros(&it.churned_at))).collect();
    let goals = goals(&company);
    assert!(goals.len() > 150);
    let mut ids: Vec<i64> = goals.iter().map(|goal| goal.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), goals.len());
    for goal in &goals {
        let left = left.get(&goal.account).copied().unwrap_or(end);
        assert!(goal.created_at > signed_up[&goal.account] && goal.created_at < goal.due_at, "{}", goal.id);
        assert!(goal.closed_at.is_none_or(|at| at > goal.created_at && at < left), "{}", goal.id);
        assert!(goal.verified_at.is_none_or(|at| goal.closed_at < Some(at) && at < left), "{}", goal.id);
        assert_eq!(goal.closed_at.is_none(), goal.outcome == "open", "{}", goal.id);
        assert!(goal.verified_at.is_none() || goal.outcome == "won", "{}", goal.id);
        assert!(goal.experience.is_none_or(|rating| (0..=10).contains(&rating)), "{}", goal.id);
        assert!(goal.experience.is_none() || goal.settled_at() < left, "{}", goal.id);
    }
}

#[test]
fn health_is_a_score_once_a_month_and_falls_in_the_outage() {
    let company = company();
    let outage = micros(&truth().outage.end);
    let (mut during, mut before) = (Vec::new(), Vec::new());
    for ((account, measure), values) in measures(&company) {
        assert!(values.is_sorted_by(|one, next| one.0 < next.0), "{account} {measure}");
        if measure != "health" {
            continue;
        }
        for (at, value) in values {
            assert!((0..=100).contains(&value), "{account}");
            // Six hours into the month after the outage, and into the outage.
            match at - outage {
                21_600_000_000 => during.push(value),
                later if later < 0 => before.push(value),
                _ => {}
            }
        }
    }
    let mean = |values: &[i64]| values.iter().sum::<i64>() / i64::try_from(values.len()).unwrap();
    assert!(during.len() > 50);
    assert!(mean(&during) + 15 < mean(&before), "{} {}", mean(&during), mean(&before));
}

#[test]
fn managers_write_what_they_do_and_now_and_then_for_which_goal() {
    let company = company();
    let goals: BTreeMap<i64, Goal> = goals(&company).into_iter().map(|goal| (goal.id, goal)).collect();
    let manager_of: BTreeMap<i64, String> = all_numbers(&company, "accounts", "account_id")
        .into_iter()
        .zip(words(&company, "accounts", "manager"))
        .collect();
    let account: Vec<i64> =
        all_numbers(&company, "interactions", "interaction_id").iter().map(|id| id / 100_000).collect();
    let manager = words(&company, "interactions", "manager");
    let author = words(&company, "interactions", "author");
    let at = numbers(&company, "interactions", "occurred_at");
    let conversation = numbers(&company, "interactions", "conversation_id");
    let (mut by_managers, mut stand_ins, mut about) = (0, 0, 0);
    for (row, goal) in numbers(&company, "interactions", "goal_id").into_iter().enumerate() {
        let written = !manager[row].is_empty();
        assert_eq!(written, author[row] == "company" && conversation[row].is_none());
        by_managers += u64::from(written);
        stand_ins += u64::from(written && manager[row] != manager_of[&account[row]]);
        let Some(goal) = goal else { continue };
        about += 1;
        assert!(written && goals[&goal].account == account[row]);
        let open = goals[&goal].created_at..goals[&goal].settled_at();
        assert!(at[row].is_none_or(|at| open.contains(&at)), "{goal}");
    }
    let success = truth().success;
    assert_eq!((by_managers, about), (success.by_managers, success.about_goals));
    assert!(stand_ins > 5 && stand_ins * 10 < by_managers, "{stand_ins} of {by_managers}");
    assert!(about > 50 && about * 2 < by_managers, "{about} of {by_managers}");
}
