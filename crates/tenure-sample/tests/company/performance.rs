//! What was planted in incidents and checks, counted from the rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{all_numbers, company, ids, micros, numbers, truth, truths, words};
use tenure_sample::Company;

const SECOND: i64 = 1_000_000;

/// When a service was down, planned or not, incident by incident; the one that is wrong is left out.
fn down(company: &Company) -> Vec<(String, bool, i64, i64)> {
    let end = micros(&truth().end);
    let service = words(company, "incidents", "service");
    let planned = truths(company, "incidents", "planned");
    let started = all_numbers(company, "incidents", "started_at");
    let [repaired, resolved] = ["repaired_at", "resolved_at"].map(|it| numbers(company, "incidents", it));
    (0..started.len())
        .filter(|row| resolved[*row].is_none_or(|resolved| resolved > started[*row]))
        .map(|row| (service[row].clone(), planned[row], started[row], repaired[row].unwrap_or(end)))
        .collect()
}

#[test]
fn incidents_are_told_in_order_and_counted_as_their_rows_say() {
    let company = company();
    let truth = truth();
    let columns =
        ["started_at", "detected_at", "acknowledged_at", "repair_started_at", "repaired_at", "resolved_at"];
    let columns = columns.map(|column| numbers(&company, "incidents", column));
    let planned = truths(&company, "incidents", "planned");
    let mut wrong = 0;
    for row in 0..planned.len() {
        let told: Vec<i64> = columns.iter().filter_map(|column| column[row]).collect();
        wrong += u64::from(!told.is_sorted());
        assert!(told.iter().all(|at| (micros(&truth.start)..micros(&truth.end)).contains(at)));
    }
    assert_eq!(wrong, truth.dirty["incidents.resolved_before_started"]);
    assert_eq!(wrong, 1);
    let started = all_numbers(&company, "incidents", "started_at");
    assert!(started.is_sorted());
    assert_eq!(ids(&company, "incidents", "incident_id").len(), started.len());
    let down = down(&company);
    let open = columns[4].iter().zip(&columns[5]).filter(|(back, over)| back.is_none() && over.is_none());
    assert_eq!(open.count() as u64, truth.performance.open);
    assert_eq!(down.iter().filter(|it| it.1).count() as u64, truth.performance.planned);
    assert_eq!(down.iter().filter(|it| !it.1).count() as u64, truth.performance.failures);
    assert_eq!((truth.performance.open, truth.performance.planned), (1, 24));
    assert!(truth.performance.failures > 10);
}

#[test]
fn exports_are_down_all_month_and_now_and_then() {
    let company = company();
    let truth = truth();
    // How many incidents there are from one change to the next.
    let mut changes: BTreeMap<i64, i64> = BTreeMap::new();
    let (start, end) = (micros(&truth.outage.start), micros(&truth.outage.end));
    let exports: Vec<_> = down(&company)
        .into_iter()
        .filter(|(service, planned, ..)| *service == truth.performance.service && !planned)
        .collect();
    for (.., from, until) in &exports {
        *changes.entry(*from).or_default() += 1;
        *changes.entry(*until).or_default() -= 1;
    }
    let (mut seconds, mut incidents, mut since) = (0, 0, 0);
    for (at, change) in changes {
        if incidents > 0 {
            seconds += (at - since) / SECOND;
        }
        incidents += change;
        since = at;
    }
    assert_eq!(seconds, truth.performance.service_down_seconds);
    assert!(exports.iter().any(|(.., from, until)| (*from, *until) == (start, end)));
    let short = exports.iter().filter(|(.., from, until)| until - from < 3 * 3600 * SECOND).count();
    assert!(short > 1 && short + 1 == exports.len());
}

#[test]
fn checks_fail_while_services_are_down_and_hardly_ever_otherwise() {
    let company = company();
    let truth = truth();
    let down = down(&company);
    let service = words(&company, "probes", "service");
    let at = all_numbers(&company, "probes", "occurred_at");
    let [ok, maintenance] = ["ok", "maintenance"].map(|flag| truths(&company, "probes", flag));
    let latency = numbers(&company, "probes", "latency_ms");
    let account = numbers(&company, "probes", "account_id");
    let (mut checks, mut failed, mut unexplained, mut during_maintenance) = (0, 0, 0, 0);
    let mut affected = BTreeSet::new();
    for row in 0..at.len() {
        let now: Vec<bool> = down
            .iter()
            .filter(|(name, _, from, until)| *name == service[row] && (*from..*until).contains(&at[row]))
            .map(|(_, planned, ..)| *planned)
            .collect();
        assert_eq!(maintenance[row], now.contains(&true));
        assert_eq!(latency[row].is_some(), ok[row]);
        assert!(now.is_empty() || !ok[row]);
        unexplained += u64::from(now.is_empty() && !ok[row]);
        during_maintenance += u64::from(maintenance[row]);
        if !maintenance[row] {
            checks += 1;
            failed += u64::from(!ok[row]);
            affected.extend(account[row].filter(|_| !ok[row]));
        }
    }
    assert_eq!([checks, failed], [truth.performance.checks, truth.performance.failed_checks]);
    assert_eq!(affected.len() as u64, truth.performance.affected_accounts);
    assert!(during_maintenance > 0 && unexplained > 0);
    // Three in a thousand.
    assert!(unexplained * 1000 < 5 * checks, "{unexplained} of {checks}");
    assert!(truth.rows["probes"] < truth.rows["events"], "events are the largest table");
}
