//! The instant at which a target is used up, against a count that takes time apart at every opening and change.

use super::progress::{Pauses, Progress, progress, running};
use crate::calendar::{HolidayRow, OpenHours, OpenRow, Schedule};
use crate::policy::Choice;
use crate::scope::Micros;
use crate::view::{Change, Status, change_to};
use chrono::{DateTime, Days};
use proptest::prelude::*;

const MINUTE: Micros = 60_000_000;
const HOUR: Micros = 60 * MINUTE;
const DAY: Micros = 24 * HOUR;

fn at(text: &str) -> Micros {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

/// Nights on which a clock moved forward, back, by half an hour, at midnight, by a day; and one on which none did.
const NIGHTS: &[(&str, &str)] = &[
    ("UTC", "2026-03-29T00:00:00Z"),
    ("Europe/Stockholm", "2026-03-29T01:00:00Z"),
    ("Europe/Stockholm", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("America/Havana", "2026-03-08T05:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
];

#[derive(Clone, Debug)]
struct Case {
    zone: &'static str,
    night: Micros,
    /// Weekday and hours in minutes since midnight; none: calendar time.
    rows: Vec<(i64, i64, i64)>,
    /// Days after the day before the night that are closed.
    holidays: Vec<u64>,
    /// Changes of status, from the night on.
    changes: Vec<(Micros, Status)>,
    pauses: Vec<Status>,
    start: Micros,
    until: Micros,
    target: Micros,
}

impl Case {
    fn hours(&self) -> Option<OpenHours> {
        let mut schedule = Schedule::new("case");
        for (weekday, opens, closes) in &self.rows {
            schedule.open(&OpenRow::new(self.zone, *weekday, opens * MINUTE, closes * MINUTE)).unwrap();
        }
        for days in &self.holidays {
            let date =
                DateTime::from_timestamp_micros(self.night - DAY).unwrap().date_naive() + Days::new(*days);
            schedule.holiday(&HolidayRow::closed(&date.to_string())).unwrap();
        }
        let span = self.night - 4 * DAY..self.night + 4 * DAY;
        (!self.rows.is_empty()).then(|| OpenHours::new([&schedule], span).unwrap())
    }

    fn history(&self) -> Vec<Change> {
        self.changes.iter().map(|(at, status)| change_to(*status, *at)).collect()
    }
}

/// The time that counts in `[from, to)`: between two neighbouring instants at which anything changes, either all
/// counts or nothing does.
fn counted(case: &Case, hours: Option<&OpenHours>, from: Micros, to: Micros) -> Micros {
    let always = OpenHours::always();
    let open: Vec<_> = hours.unwrap_or(&always).intervals(from, to).collect();
    let mut bounds = vec![from, to];
    bounds.extend(open.iter().flat_map(|open| [open.start, open.end]));
    bounds.extend(case.changes.iter().map(|(at, _)| *at));
    bounds.retain(|at| (from..=to).contains(at));
    bounds.sort_unstable();
    let counts = |at: Micros| {
        let status = case.changes.iter().rev().find(|(changed, _)| *changed <= at).map(|(_, status)| *status);
        open.iter().any(|open| open.contains(&at))
            && status.is_none_or(|status| !case.pauses.contains(&status))
    };
    bounds.windows(2).filter(|pair| counts(pair[0])).map(|pair| pair[1] - pair[0]).sum()
}

/// Whole quarters of an hour often meet openings and changes exactly; odd microseconds do not.
fn instant(days: std::ops::Range<i64>) -> impl Strategy<Value = Micros> {
    let quarters = days.start * 96..days.end * 96;
    let micros = days.start * DAY..days.end * DAY;
    prop_oneof![quarters.prop_map(|quarters| quarters * 15 * MINUTE), micros]
}

fn status() -> impl Strategy<Value = Status> {
    proptest::sample::select(Status::ALL).prop_map(|(_, _, status)| status)
}

prop_compose! {
    fn case()(
        (zone, night) in proptest::sample::select(NIGHTS),
        rows in prop::collection::vec((1..=7_i64, 0..96_i64, 1..=96_i64), 0..10),
        holidays in prop::collection::vec(0..4_u64, 0..3),
        changes in prop::collection::vec((instant(-3..3), status()), 0..12),
        pauses in prop::collection::vec(status(), 0..4),
        start in instant(-3..1),
        until in instant(-1..3),
        target in prop_oneof![
            4 => (1..96_i64).prop_map(|quarters| quarters * 15 * MINUTE),
            2 => 1..DAY,
            1 => 1..10 * DAY,
        ],
    ) -> Case {
        let night = at(night) / HOUR * HOUR;
        let mut changes: Vec<_> = changes.into_iter().map(|(at, status)| (night + at, status)).collect();
        changes.sort_by_key(|(at, _)| *at);
        let rows = rows.into_iter().map(|(weekday, opens, closes)| (weekday, opens * 15, closes * 15)).collect();
        let (start, until) = (night + start.min(until), night + start.max(until));
        Case { zone, night, rows, holidays, changes, pauses, start, until, target }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_breach_is_the_first_instant_at_which_the_target_is_used_up(
        case in case(),
        aim in prop::option::weighted(0.6, prop_oneof![Just(DAY * 9), instant(-3..3)]),
    ) {
        let (hours, history) = (case.hours(), case.history());
        let hours = hours.as_ref();
        let mut pauses = Pauses::default();
        case.pauses.iter().for_each(|status| pauses.insert(*status));
        let count = |to| counted(&case, hours, case.start, to);
        // Targets by chance are seldom met exactly: some are what counted until some instant, or until the last.
        let aimed = aim.map(|at| count((case.night + at).clamp(case.start, case.until)));
        let target = aimed.filter(|counted| *counted > 0).unwrap_or(case.target);
        let all = count(case.until);
        let found = progress(running(&history, (case.start, case.until), pauses), hours, target);
        let used_up = match found {
            Progress::Within => {
                prop_assert!(all < target, "{all} of {} is all", target);
                return Ok(());
            }
            Progress::Exactly(at) => {
                prop_assert_eq!(all, target);
                at
            }
            Progress::Beyond(at) => {
                prop_assert!(all > target, "{all} is not beyond {}", target);
                at
            }
        };
        prop_assert!(case.start < used_up && used_up <= case.until);
        prop_assert_eq!(count(used_up), target);
        prop_assert_eq!(count(used_up - 1), target - 1);
        // Whatever is known later, it stays the same instant.
        let later = progress(running(&history, (case.start, case.until + DAY), pauses), hours, target);
        prop_assert!(later == Progress::Exactly(used_up) || later == Progress::Beyond(used_up));
    }
}

/// Open from 0 to 6 in Stockholm; on Sunday 29 March 2026 the clock jumps from 2 to 3. From 23:00 UTC, its midnight:
/// pending 00:10:00.000001 to 02:00, and 03:00 to 03:30. Until the first pause 70 minutes and a microsecond, then 60
/// minutes, then 30 until closing at 04:00 UTC: 160 minutes and a microsecond on Sunday.
#[test]
fn pauses_across_a_clock_change_are_subtracted_to_the_microsecond() {
    let night = [("00:00", "06:00")];
    let schedule = Schedule::weekly("night", "Europe/Stockholm", 1..=7, &night).unwrap();
    let start = at("2026-03-28T23:00:00Z");
    let hours = OpenHours::new([&schedule], start - DAY..start + 4 * DAY).unwrap();
    let history = [
        change_to(Status::New, start),
        change_to(Status::Pending, at("2026-03-29T00:10:00Z") + 1),
        change_to(Status::Open, at("2026-03-29T02:00:00Z")),
        change_to(Status::Pending, at("2026-03-29T03:00:00Z")),
        change_to(Status::OnHold, at("2026-03-29T03:30:00Z")),
    ];
    let mut pauses = Pauses::default();
    pauses.insert(Status::Pending);
    let used_up = |target: Micros, until: &str| {
        progress(running(&history, (start, at(until)), pauses), Some(&hours), target)
    };
    let (noon, end) = ("2026-03-29T12:00:00Z", "2026-03-31T00:00:00Z");
    assert_eq!(used_up(70 * MINUTE, noon), Progress::Beyond(at("2026-03-29T00:10:00Z")));
    assert_eq!(used_up(70 * MINUTE + 1, noon), Progress::Beyond(at("2026-03-29T00:10:00Z") + 1));
    assert_eq!(used_up(70 * MINUTE + 2, noon), Progress::Beyond(at("2026-03-29T02:00:00Z") + 1));
    assert_eq!(used_up(130 * MINUTE, noon), Progress::Beyond(at("2026-03-29T03:00:00Z") - 1));
    assert_eq!(used_up(160 * MINUTE, noon), Progress::Beyond(at("2026-03-29T04:00:00Z") - 1));
    // Used up at closing time: at noon no more was, after the next opening at 22:00 UTC there is.
    assert_eq!(used_up(160 * MINUTE + 1, noon), Progress::Exactly(at("2026-03-29T04:00:00Z")));
    assert_eq!(used_up(160 * MINUTE + 1, end), Progress::Beyond(at("2026-03-29T04:00:00Z")));
    assert_eq!(used_up(160 * MINUTE + 2, noon), Progress::Within);
    assert_eq!(used_up(160 * MINUTE + 2, end), Progress::Beyond(at("2026-03-29T22:00:00Z") + 1));
}
