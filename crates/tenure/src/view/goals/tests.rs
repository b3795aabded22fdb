use super::GoalEvidence::{Any, Measured, Verified};
use super::*;
use crate::column::Reading;
use crate::compute::{Lookback, alone};
use crate::request::Request;

const DAY: Micros = 86_400_000_000;

/// So many days after the goals were set.
fn day(count: Micros) -> Micros {
    let created = moment_of("2026-01-01");
    created + count * DAY
}

fn moment_of(text: &str) -> Micros {
    crate::compute::moment(Reading::Text(text), chrono_tz::Tz::UTC).at().unwrap()
}

fn with<T>(tables: Vec<Table<'_>>, tell: impl FnOnce(&Goals, &Book<'_>) -> T) -> T {
    let mut book = Book::new();
    for table in tables {
        book.add(table).unwrap();
    }
    let scope = Scope::of(&Request::new("outcome_attainment").as_of("2026-12-31"), || Ok(0)).unwrap();
    let context = Context { book: &book, scope: &scope, lookback: Lookback::None, pace: &alone };
    tell(&Goals::of(&context).unwrap(), &book)
}

/// Goals from 0 to 100, set on 1 January by one account.
fn goals(outcomes: &[&'static str], closed: &[Option<&'static str>]) -> Table<'static> {
    let count = outcomes.len();
    Table::new("goals")
        .column("goal_id", (0_i64..).take(count).collect::<Vec<_>>())
        .column("account_id", vec!["a"; count])
        .column("created_at", vec!["2026-01-01"; count])
        .column("metric", vec!["users"; count])
        .column("baseline", vec![0.0; count])
        .column("target", vec![100.0; count])
        .column("outcome", outcomes.to_vec())
        .column("closed_at", closed.to_vec())
}

fn measures(times: &[&'static str], values: &[f64]) -> Table<'static> {
    Table::new("measures")
        .column("account_id", vec!["a"; times.len()])
        .column("measure", vec!["users"; times.len()])
        .column("occurred_at", times.to_vec())
        .column("value", values.to_vec())
}

// 60 on the 10th day, 100 on the 20th, 90 on the 30th; 500 before the goal was set.
fn measured() -> Table<'static> {
    measures(&["2026-01-31", "2026-01-11", "2025-12-31", "2026-01-21"], &[90.0, 60.0, 500.0, 100.0])
}

#[test]
fn once_reached_is_reached_and_nothing_is_known_early() {
    with(vec![goals(&[""], &[None]), measured()], |goals, _| {
        let goal = goals.row(0).unwrap().unwrap();
        let reached = |at| goal.reached_at(day(at), GoalEvidence::Any);
        assert_eq!([reached(19), reached(20), reached(300)], [None, Some(day(20)), Some(day(20))]);
        let latest = |at| goal.latest(day(at), day(at));
        assert_eq!(
            [latest(9), latest(10), latest(25), latest(40)],
            [None, Some((day(10), 60.0)), Some((day(20), 100.0)), Some((day(30), 90.0))]
        );
    });
}

#[test]
fn what_is_said_at_the_closing_goes_before_what_was_measured() {
    let closed = [Some("2026-01-16"), Some("2026-02-10"), Some("2026-02-10"), Some("2026-01-16"), None];
    let outcomes = ["won", "WON ", "lost", "open", "won"];
    with(vec![goals(&outcomes, &closed), measured()], |goals, _| {
        let reached = |row: usize, at, evidence| {
            let reached = goals.row(row).unwrap().unwrap().reached_at(day(at), evidence);
            reached.map(|at| (at - day(0)) / DAY)
        };
        // Won on the 15th day, before it was measured: measured it never was, as it was closed by then.
        assert_eq!(
            [reached(0, 14, Any), reached(0, 15, Any), reached(0, 50, Measured)],
            [None, Some(15), None]
        );
        // Won on the 40th day, after it was reached.
        assert_eq!([reached(1, 50, Any), reached(1, 50, Verified)], [Some(20), Some(20)]);
        // Lost on the 40th day: until then it was reached.
        assert_eq!(
            [reached(2, 39, Any), reached(2, 40, Any), reached(2, 40, Measured)],
            [Some(20), None, Some(20)]
        );
        // Closed without a word: what was measured until then counts.
        assert_eq!(reached(3, 50, Any), None);
        // A word without a date of the closing is not believed.
        assert_eq!([reached(4, 19, Any), reached(4, 50, Any)], [None, Some(20)]);
    });
}

#[test]
fn a_goal_may_lie_below_and_may_have_a_value_of_its_own() {
    let table = Table::new("goals")
        .column("goal_id", [1_i64, 2, 3, 4])
        .column("account_id", ["a"; 4])
        .column("created_at", ["2026-01-01"; 4])
        .column("baseline", [Some(5_i64), Some(5), None, Some(3)])
        .column("target", [3_i64, 8, 3, 3])
        .column("actual", [2.5, 2.5, 3.0, 3.0]);
    with(vec![table], |goals, _| {
        let reached: Vec<_> = goals.all().map(|goal| goal.reached_at(day(7), GoalEvidence::Any)).collect();
        // Down to 3; up to 8; without a baseline up to 3; and no way to go.
        assert_eq!(reached, [Some(day(7)), None, Some(day(7)), None]);
        assert_eq!(goals.all().map(Goal::has_distance).collect::<Vec<_>>(), [true, true, true, false]);
    });
}

#[test]
fn rows_that_are_no_use_say_why() {
    let table = Table::new("goals")
        .column("goal_id", [1_i64, 2, 3, 4, 5, 6, 7, 1, 9])
        .column(
            "account_id",
            [Some("a"), Some("a"), Some("a"), Some("a"), Some("a"), Some("a"), Some("a"), Some("a"), None],
        )
        .column(
            "created_at",
            [
                Some("2026-01-01"),
                None,
                Some("soon"),
                Some("2026-01-01"),
                Some("2026-01-01"),
                Some("2026-01-01"),
                Some("2026-01-01"),
                Some("2026-01-02"),
                Some("2026-01-01"),
            ],
        )
        .column("due_at", [None, None, None, Some("2025-12-31"), Some("soon"), None, None, None, None])
        .column("weight", [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, f64::INFINITY, 1.0, f64::NAN])
        .column("outcome", ["open", "", "", "", "", "", "", "", "maybe"]);
    with(vec![table], |goals, book| {
        let found = goals.faults(book, day(300)).unwrap();
        let found: Vec<_> =
            found.iter().map(|fault| (fault.row, fault.column.as_str(), fault.reason)).collect();
        assert_eq!(
            found,
            [
                (1, "created_at", "missing_time"),
                (2, "created_at", "not_a_time"),
                (3, "due_at", "due_before_created"),
                (4, "due_at", "not_a_time"),
                (5, "weight", "negative_weight"),
                (6, "weight", "not_a_number"),
                (7, "goal_id", "duplicate"),
                (8, "outcome", "unknown_outcome"),
            ]
        );
        // On the day on which the goals were set, the second row of the first was not there yet.
        assert_eq!(goals.faults(book, day(0)).unwrap().len(), 7);
        assert_eq!((goals.all().count(), goals.of_account(&"a".into()).count()), (7, 6));
        assert_eq!(goals.of_account(&Key::Null).count(), 0);
    });
}

#[test]
fn measurements_are_found_by_account_and_name() {
    let measures = Table::new("measures")
        .column(
            "account_id",
            [Some("a"), None, Some("a"), Some("a"), Some("a"), Some("a"), Some("b"), Some("a")],
        )
        .column(
            "measure",
            [
                Some("users"),
                Some("users"),
                None,
                Some("users"),
                Some("users"),
                Some("nps"),
                Some("users"),
                Some("users"),
            ],
        )
        .column(
            "occurred_at",
            ["2026-01-05", "2026-01-05", "2026-01-05", "soon", "2026-01-06", "soon", "soon", "2026-01-07"],
        )
        .column("value", [7.0, 1.0, 1.0, 1.0, f64::NEG_INFINITY, 1.0, 100.0, f64::NAN]);
    with(vec![goals(&[""], &[None]), measures], |goals, _| {
        let goal = goals.row(0).unwrap().unwrap();
        assert_eq!(goal.latest(day(300), day(300)), Some((day(4), 7.0)));
        let found = |as_of| -> Vec<_> {
            goals.unmeasured(as_of).map(|fault| (fault.row, fault.column.clone(), fault.reason)).collect()
        };
        let of = |row, column: &str, reason| (row, column.to_owned(), reason);
        // What is not measured for any goal is nobody's fault here, and a missing value is none.
        assert_eq!(
            found(day(300)),
            [
                of(1, "account_id", "no_account"),
                of(2, "measure", "no_measure"),
                of(3, "occurred_at", "not_a_time"),
                of(4, "value", "not_a_number"),
            ]
        );
        assert_eq!(found(day(4)).len(), 3);
    });
}

#[test]
fn of_two_values_at_one_instant_the_greater_is_the_last() {
    for values in [[40.0, 50.0], [50.0, 40.0]] {
        with(vec![goals(&[""], &[None]), measures(&["2026-01-05"; 2], &values)], |goals, _| {
            assert_eq!(goals.row(0).unwrap().unwrap().latest(day(9), day(9)), Some((day(4), 50.0)));
        });
    }
}

#[test]
fn goals_of_internal_accounts_are_known() {
    let accounts = Table::new("accounts").column("account_id", ["a"]).column("internal", vec![true]);
    with(vec![goals(&[""], &[None]), accounts], |goals, _| {
        assert!(goals.all().all(|goal| goal.is_internal));
    });
}
