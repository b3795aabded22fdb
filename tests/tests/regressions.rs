//! Defects that reviews found: each with the smallest data that shows it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::needless_borrows_for_generic_args,
    reason = "a test stops at what it does not expect"
)]

use tenure::{
    Book, Column, ErrorKind, Every, Key, Nps, Policy, PolicyMap, Preset, Repeats, Request, State, Table,
};

fn book(tables: Vec<Table<'_>>) -> Book<'_> {
    let mut book = Book::new();
    for table in tables {
        book.add(table).expect("a table");
    }
    book
}

fn asked(kpi: &str) -> Request {
    Request::new(kpi).as_of("2028-01-01T00:00:00Z")
}

fn map(policy: &serde_json::Value) -> PolicyMap {
    policy.as_object().expect("an object").clone()
}

fn latest_ever() -> Nps {
    Nps { repeats: Some(Repeats::LatestEver), ..Default::default() }
}

#[test]
fn the_latest_ever_does_not_depend_on_the_end() {
    let surveys = Table::new("surveys")
        .column("score", &[10, 0])
        .column("respondent_id", &["a", "a"])
        .column("answered_at", &["2026-01-10", "2026-02-03"]);
    let book = book(vec![surveys]);
    let january = |request: Request| {
        let row = book.compute(&request.policy(latest_ever())).expect("an answer").rows[0].clone();
        (row.n, row.n_excluded)
    };
    assert_eq!(january(asked("nps").every(Every::Month)), (0, 1));
    assert_eq!(january(asked("nps").start("2026-01-01").end("2026-02-01")), (0, 1));
}

#[test]
fn times_outside_the_years_are_faults_and_never_fatal() {
    let times = Column::micros(&[0, i64::MIN + 1, i64::MAX, 253_402_300_800_000_000]);
    let book =
        book(vec![Table::new("surveys").column("score", &[10_i8, 10, 10, 10]).column("answered_at", times)]);
    for request in [asked("nps"), asked("nps").every(Every::Month), asked("nps").start("1960-01-01")] {
        let answer = book.compute(&request).expect("an answer");
        assert_eq!(answer.rows[0].n, 1);
        let faults = book.faults(&request).expect("faults");
        assert_eq!(
            faults.iter().map(|fault| (fault.row, fault.reason)).collect::<Vec<_>>(),
            [(1, "out_of_range"), (2, "out_of_range"), (3, "out_of_range")]
        );
    }
    for at in [i64::MIN, i64::MAX] {
        let micros = serde_json::json!({"kpi": "nps", "as_of": "2028-01-01", "end": at}).to_string();
        let request = Request::from_json(&micros).expect("a request");
        assert_eq!(book.compute(&request).expect_err("no such time").kind(), ErrorKind::InvalidRequest);
    }
}

#[test]
fn a_row_without_a_time_counts_also_before_the_window() {
    let surveys = Table::new("surveys").column("score", &[10_i8]).column("answered_at", vec![None::<&str>]);
    let book = book(vec![surveys]);
    let answer = book.compute(&asked("nps").as_of("2026-01-01").start("2027-01-01")).expect("an answer");
    assert_eq!(answer.rows[0].n_invalid, 1);
}

#[test]
fn a_change_compares_what_it_says() {
    let surveys = Table::new("surveys")
        .column("score", &[10, 10, 0, 10, 0])
        .column("answered_at", &["2025-01-10", "2025-12-20", "2026-01-10", "2026-01-20", "2026-01-21"]);
    let book = book(vec![surveys]);
    let change = |request: Request, against: &str| {
        let mut request = request;
        request.policy = map(&serde_json::json!({"against": against}));
        let answer = book.compute(&request).expect("an answer");
        (answer.rows[0].value, answer.rows[0].n)
    };
    // January 2026: 0, 10 and 0 make -33.3; January 2025: 10 makes 100; December 2025: 10 makes 100.
    let january = asked("nps_delta").start("2026-01-01").end("2026-02-01");
    let near = |found: (Option<f64>, u64), value: f64, n: u64| {
        assert!((found.0.expect("a value") - value).abs() < 1e-9 && found.1 == n, "{found:?}");
    };
    near(change(january.clone(), "previous_year"), -100.0 / 3.0 - 100.0, 3);
    // The window before, 1 to 31 December, by length.
    near(change(january, "previous_period"), -100.0 / 3.0 - 100.0, 3);
    // From the 15th on, January is 10 and 0: a score of 0. What lies before the 15th is in no sample.
    let cut = asked("nps_delta").start("2026-01-15").end("2026-02-01").every(Every::Month);
    near(change(cut.clone(), "previous_period"), 0.0 - 100.0, 2);
    assert_eq!(book.units(&cut).expect("units").rows.len(), 2);
    let withheld = book.compute(&cut.min_n(2)).expect("an answer");
    assert_eq!(withheld.rows[0].status.name(), "insufficient_n");
}

#[test]
fn the_latest_needs_times() {
    let surveys = Table::new("surveys").column("score", &[10, 0]).column("respondent_id", &["a", "a"]);
    let error = book(vec![surveys]).compute(&asked("nps").policy(latest_ever())).expect_err("no times");
    assert_eq!((error.kind(), error.at().column.as_deref()), (ErrorKind::MissingColumn, Some("answered_at")));
}

#[test]
fn versions_of_accounts_are_those_in_force() {
    let versions = |order: [usize; 3]| {
        let pick = |values: [&'static str; 3]| order.map(|at| values[at]);
        Table::new("accounts")
            .column("account_id", &["a", "a", "a"])
            .column("segment", &pick(["old", "new", "future"])[..])
            .column(
                "valid_from",
                &pick(["2026-01-01T00:00:00", "2026-07-01T00:00:00", "2027-07-01T00:00:00"])[..],
            )
            .column("valid_to", &pick(["2026-07-01T00:00:00", "2027-07-01T00:00:00", ""])[..])
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let surveys = || Table::new("surveys").column("score", &[10_i8]).column("account_id", &["a"]);
        let segment = |table: Table<'static>, request: Request| {
            let answer =
                book(vec![table, versions(order)]).compute(&request.by("segment")).expect("an answer");
            answer.rows[0].by[0].to_string()
        };
        assert_eq!(segment(surveys(), asked("nps").as_of("2026-08-01")), "new");
        let at = |time: &'static str| surveys().column("answered_at", &[time]);
        assert_eq!(segment(at("2026-06-30T23:00:00Z"), asked("nps")), "old");
        let zoned = asked("nps").column_zone("accounts.valid_from", "Europe/Stockholm");
        let zoned = zoned.column_zone("accounts.valid_to", "Europe/Stockholm");
        assert_eq!(segment(at("2026-06-30T23:00:00Z"), zoned), "new");
    }
}

#[test]
fn a_clock_that_goes_back_over_midnight_makes_no_empty_days() {
    // St. John's put the clock back at 00:01 until 2011: the last hour of 31 October 2009 came twice.
    let times =
        ["2009-11-01T02:20:00Z", "2009-11-01T02:45:00Z", "2009-11-01T03:15:00Z", "2009-11-01T12:00:00Z"];
    let mut reversed = times;
    reversed.reverse();
    let daily = |times: &[&str; 4]| {
        let surveys = Table::new("surveys").column("score", &[10_i8; 4]).column("answered_at", &times[..]);
        let request = asked("nps").every(Every::Day).zone("America/St_Johns");
        let answer = book(vec![surveys]).compute(&request).expect("an answer");
        answer.iter().map(|row| row.n).collect::<Vec<_>>()
    };
    assert_eq!(daily(&times), daily(&reversed));
    // Midnight of 1 November was 02:30 UTC: one answer before it, three after.
    assert_eq!(daily(&times), [1, 3]);
}

#[test]
fn what_was_never_answered_is_no_unit_whether_or_not_it_is_marked() {
    let surveys = Table::new("surveys")
        .column("score", vec![None, Some(9_i8), Some(9)])
        .column("answered_at", vec![None, Some("2026-01-01"), Some("2026-01-01")])
        .column("excluded", vec![true, true, false]);
    let answer = book(vec![surveys]).compute(&asked("nps")).expect("an answer");
    let row = &answer.rows[0];
    assert_eq!((row.n, row.n_excluded, row.n_invalid), (1, 1, 0));
}

#[test]
fn an_excluded_row_may_be_on_any_scale() {
    let surveys = Table::new("surveys")
        .column("score", &[9_i8, 5])
        .column("scale_max", &[10_i8, 5])
        .column("excluded", vec![false, true]);
    assert_eq!(book(vec![surveys]).compute(&asked("nps")).expect("an answer").rows[0].n, 1);
}

#[test]
fn faults_of_a_whole_book_are_those_of_every_kpi() {
    let surveys = || Table::new("surveys").column("score", &[10_i8, 42]).column("survey_id", &[1, 2]);
    let faults = book(vec![surveys()]).all_faults().expect("faults");
    assert_eq!(faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [1], "{faults:?}");
    let wrong = book(vec![surveys().column("answered_at", &[1_i64, 2])]).all_faults().expect("faults");
    assert!(
        wrong.iter().any(|fault| fault.reason == "wrong_type" && fault.column == "answered_at"),
        "{wrong:?}"
    );
}

#[test]
fn the_latest_time_is_of_the_columns_that_are_read() {
    let surveys = Table::new("surveys")
        .column("score", &[5_i8])
        .column("conversation_id", &[1])
        .column("answered_at", &["2026-01-05T00:00:00Z"])
        .column("renewal_at", &["2030-01-01T00:00:00Z"]);
    let conversations =
        Table::new("conversations").column("conversation_id", &[1]).column("closed_at", &["2026-01-07"]);
    let mut request = Request::new("csat");
    request.policy = map(&serde_json::json!({"preset": "intercom"}));
    let answer = book(vec![surveys, conversations]).compute(&request.as_of("latest")).expect("an answer");
    assert_eq!((answer.as_of, answer.rows[0].n), (1_767_744_000_000_000, 1));
}

#[test]
fn an_explicit_null_overrides_a_preset() {
    let policy = Nps { preset: Preset::ServiceRocket5, promoter_from: Some(None), ..Default::default() };
    let again = Nps::from_map(&policy.to_map()).expect("its own map");
    assert_eq!(again, policy);
    // The scale of five has no bands of its own, so taking one away is an error instead of the preset's band.
    let error = tenure::answer("nps", [5, 1].into(), &policy.to_map()).expect_err("a band is missing");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[test]
fn an_alias_keeps_its_policy() {
    assert_eq!(tenure::explain("csat_good_bad").expect("a KPI").default_policy["definition"], "good_bad");
    let policy = serde_json::json!({"definition": "good_bad"});
    let error =
        tenure::answer("csat_top2", [5].into(), policy.as_object().expect("an object")).expect_err("another");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[test]
fn what_a_column_cannot_hold_is_an_error_and_no_empty_answer() {
    let surveys = Table::new("surveys").column("score", &[5_i8]).column("answered_at", &["2026-01-01"]);
    let book = book(vec![surveys]);
    let error = book.compute(&asked("nps").only("score", ["five"])).expect_err("text for numbers");
    assert_eq!(error.kind(), ErrorKind::WrongType);
    let error =
        book.compute(&asked("nps").column_zone("answered", "Asia/Tokyo")).expect_err("no such column");
    assert_eq!(error.kind(), ErrorKind::UnknownColumn);
    assert!(error.message().contains("answered_at"));
}

#[test]
fn a_large_answer_is_refused_before_it_is_made() {
    let rows = 2_000;
    let tags: Vec<Option<Vec<String>>> = (0..rows).map(|at| Some(vec![format!("theme {at}")])).collect();
    let times: Vec<i64> = (0..rows).map(|at| at * 3_600_000_000).collect();
    let surveys = Table::new("surveys")
        .column("tags", Column::text_lists(&tags))
        .column("answered_at", Column::micros(&times));
    let mut request = asked("theme_share").every(Every::Hour);
    request.max_rows = 100_000;
    let error = book(vec![surveys]).compute(&request).expect_err("four million rows");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn long_names_are_cut_in_messages() {
    let long = "x".repeat(1_000_000);
    let book = book(vec![Table::new("surveys").column("score", &[5_i8])]);
    for request in [asked(&long), asked("nps").zone(&long), asked("nps").by(&long)] {
        let error = book.compute(&request).expect_err("no such name");
        assert!(error.message().len() < 2_000, "{}", error.message().len());
    }
}

#[test]
fn a_state_of_an_older_version_still_reads() {
    let book = book(vec![Table::new("surveys").column("score", &[10_i8, 9, 3])]);
    let state = book.partial(&asked("nps")).expect("a state");
    // As a version would have written it that did not have the field "interval" yet.
    let bytes = state.encode();
    let header_at = 5;
    let text = String::from_utf8_lossy(&bytes);
    let header = &text[text.find('{').expect("JSON")..=text.rfind('}').expect("JSON")];
    let older = header.replace("\"interval\":\"adjusted_wald\",", "");
    assert!(older.len() < header.len());
    let mut old = bytes[..header_at].to_vec();
    let mut len = older.len();
    while len >= 0x80 {
        old.push(u8::try_from(len & 0x7f).expect("seven bits") | 0x80);
        len >>= 7;
    }
    old.push(u8::try_from(len).expect("seven bits"));
    old.extend_from_slice(older.as_bytes());
    let cells_at =
        bytes.windows(header.len()).position(|part| part == header.as_bytes()).expect("the header");
    old.extend_from_slice(&bytes[cells_at + header.len()..bytes.len() - 4]);
    old.extend_from_slice(&crc32(&old).to_le_bytes());
    let read = State::decode(&old).expect("an older state");
    assert_eq!(read.finish().expect("an answer"), state.finish().expect("an answer"));
    let mut merged = read;
    merged.merge(&state).expect("the same question");
}

/// CRC-32 as in zlib, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// A conversation of `messages` messages, questions and replies in turn, that is solved and opened again in between as
/// often: question, reply, solved, open, one a second. It ends solved.
fn long_conversation(messages: i64) -> Book<'static> {
    let last = 2 * messages - 1;
    let turns = usize::try_from(messages / 2).expect("small");
    let second = |at: i64| 1_767_607_200_000_000 + at * 1_000_000;
    let at = |place: i64| (0..messages / 2).map(move |turn| Some(second(4 * turn + place)));
    let conversations = Table::new("conversations")
        .column("conversation_id", vec![1_i64])
        .column("created_at", Column::instants(vec![Some(second(0))]))
        .column("initiated_by", vec!["customer"]);
    let messages = Table::new("messages")
        .column("conversation_id", vec![1_i64; 2 * turns])
        .column("occurred_at", Column::instants(at(0).chain(at(1)).collect()))
        .column("author", [vec!["customer"; turns], vec!["agent"; turns]].concat())
        .column("author_id", (0..2 * turns).map(|row| format!("author {row}")).collect::<Vec<_>>());
    let opened = at(3).map(|at| at.filter(|at| *at < second(last)));
    let history = Table::new("status_history")
        .column("conversation_id", vec![1_i64; 2 * turns])
        .column("occurred_at", Column::instants(at(2).chain(opened).collect()))
        .column("status", [vec!["solved"; turns], vec!["open"; turns]].concat())
        .column("assignee", (0..2 * turns).map(|row| format!("assignee {row}")).collect::<Vec<_>>());
    let targets = Table::new("sla_policies")
        .column("policy_id", vec!["first", "next", "done"])
        .column("metric", vec!["first_response", "next_response", "resolution"])
        .column("target_seconds", vec![1_i64; 3])
        .column("clock", vec!["calendar"; 3])
        .column("pauses", Column::text_lists(&[Some(vec!["pending"]), Some(vec!["pending"]), None]));
    book(vec![conversations, messages, history, targets])
}

/// Support KPIs, each by its default and by what looks at most of a conversation.
const LONG: [(&str, &str); 16] = [
    ("first_response_time", r#"{"subtract": ["solved"]}"#),
    ("next_response_time", r#"{"solved_closes": true}"#),
    ("first_resolution_time", "{}"),
    ("full_resolution_time", r#"{"resolution": "every_event"}"#),
    ("full_resolution_time", r#"{"resolution": "once"}"#),
    ("full_resolution_time", r#"{"resolution": "last_outbound_message"}"#),
    ("handle_time", "{}"),
    ("replies_to_resolution", "{}"),
    ("handoffs", "{}"),
    ("handoffs", r#"{"definition": "reassignments"}"#),
    ("reopen_rate", r#"{"counting": "events"}"#),
    ("sla_attainment_target", "{}"),
    ("sla_breach_at", "{}"),
    ("backlog", "{}"),
    ("net_flow", r#"{"reopened_inflow": true}"#),
    ("ticket_volume", r#"{"counted": "replies_sent"}"#),
];

#[test]
fn a_conversation_of_100_000_messages_is_looked_at_once() {
    // 50,000 turns: what looked at all messages for each resolution would take billions of steps.
    let book = long_conversation(100_000);
    let ask = |(kpi, policy): (&str, &str), by: &str| {
        let mut request = if by.is_empty() { asked(kpi) } else { asked(kpi).by(by) };
        request.policy = map(&serde_json::from_str(policy).expect("JSON"));
        request.max_rows = 200_000;
        request
    };
    for question in LONG {
        book.compute(&ask(question, "")).expect("an answer");
    }
    let first = |question| {
        let answer = book.compute(&ask(question, "")).expect("an answer");
        (answer.rows[0].value, answer.rows[0].n)
    };
    // Every question is answered after a second, and every turn resolved 2 s after it began: in turn t after 4 t + 2 s
    // of the whole, 2 + 4 * (49,999 / 2) on average. Between two replies the assignee changes twice.
    assert_eq!(first(("next_response_time", "{}")), (Some(1.0), 50_000));
    assert_eq!(
        first(("full_resolution_time", r#"{"resolution": "every_event"}"#)),
        (Some(100_000.0), 50_000)
    );
    assert_eq!(first(("full_resolution_time", "{}")), (Some(199_998.0), 1));
    assert_eq!(first(("replies_to_resolution", "{}")), (Some(50_000.0), 1));
    assert_eq!(first(("handoffs", "{}")), (Some(49_999.0), 1));
    assert_eq!(first(("handoffs", r#"{"definition": "reassignments"}"#)), (Some(99_998.0), 1));
    assert_eq!(first(("ticket_volume", r#"{"counted": "replies_sent"}"#)), (Some(50_000.0), 50_000));
    let by_responder = ask(("full_resolution_time", r#"{"resolution": "every_event"}"#), "responder");
    assert_eq!(book.compute(&by_responder).expect("an answer").rows.len(), 50_000);
}

#[test]
fn evidence_grows_as_conversations_do() {
    // Twice the messages, twice the steps told: counted, as time would depend on the machine.
    let steps = |messages: i64, (kpi, policy): (&str, &str)| {
        let mut request = asked(kpi);
        request.policy = map(&serde_json::from_str(policy).expect("JSON"));
        let traces = long_conversation(messages).trace(&request, "row", &Key::Whole(0)).expect("a story");
        traces.iter().map(|trace| trace.notes.len()).sum::<usize>()
    };
    for question in LONG {
        let [short, middle, long] = [100, 200, 400].map(|messages| steps(messages, question));
        assert_eq!(long - middle, 2 * (middle - short), "{question:?}: {short}, {middle}, {long}");
    }
}

#[test]
fn policies_that_differ_in_a_list_alone_are_chosen_in_any_order() {
    // Of two targets of one id the one that names the first of the statuses in the alphabet holds. Solved an hour after
    // its creation, half of which it was on hold: 1800 s count if on_hold pauses, all 3600 s if pending does.
    let attained = |pauses: [&'static str; 2]| {
        let conversations = Table::new("conversations")
            .column("conversation_id", [1_i64])
            .column("created_at", ["2026-01-05T10:00:00Z"]);
        let history = Table::new("status_history")
            .column("conversation_id", [1_i64, 1])
            .column("occurred_at", ["2026-01-05T10:30:00Z", "2026-01-05T11:00:00Z"])
            .column("status", ["on_hold", "solved"]);
        let targets = Table::new("sla_policies")
            .column("policy_id", ["a", "a"])
            .column("metric", ["resolution", "resolution"])
            .column("target_seconds", [1800_i64, 1800])
            .column("clock", ["calendar", "calendar"])
            .column("pauses", Column::text_lists(&pauses.map(|status| Some(vec![status]))));
        let mut request = asked("sla_attainment_target");
        request.policy = map(&serde_json::json!({"metric": "resolution"}));
        book(vec![conversations, history, targets]).compute(&request).expect("an answer").rows[0].numerator
    };
    assert_eq!(attained(["on_hold", "pending"]), Some(1));
    assert_eq!(attained(["pending", "on_hold"]), Some(1));
}

#[test]
fn a_request_names_the_field_and_what_is_known() {
    let refused = |text: &str| Request::from_json(text).expect_err("a mistake").message().to_owned();
    let every = refused(r#"{"kpi": "nps", "every": "days"}"#);
    assert!(
        every.starts_with("request field \"every\"") && every.contains("did you mean \"day\"?"),
        "{every}"
    );
    assert!(every.contains("hour, day, week, month, quarter, year"), "{every}");
    let as_of = refused(r#"{"kpi": "nps", "as_of": [2026]}"#);
    assert_eq!(
        as_of,
        "request field \"as_of\": expected ISO 8601 text such as 2026-07-01 or 2026-07-01T08:00:00Z"
    );
    assert!(refused(r#"{"kpi": "nps", "by": 3}"#).contains("\"by\": expected the name of a column"));
}

#[test]
fn only_the_presets_of_the_kpi_are_suggested() {
    let book = book(vec![]);
    let refused = |kpi: &str, preset: &str| {
        let mut request = asked(kpi);
        request.policy = map(&serde_json::json!({"preset": preset}));
        let error = book.compute(&request).expect_err("no such preset");
        assert_eq!(error.kind(), ErrorKind::UnknownPolicy);
        error.message().to_owned()
    };
    for preset in ["foo", "zendesk"] {
        let message = refused("active_users", preset);
        assert!(message.ends_with("is not one of this KPI's; expected one of user_guiding"), "{message}");
        assert!(refused("cohort_matrix", preset).ends_with("is not one of this KPI's; it has none"));
    }
    assert!(refused("active_users", "user_gided").contains("did you mean \"user_guiding\"?"));
}

#[test]
fn a_table_whose_name_is_misspelt_is_refused() {
    let table = |name: &str| Table::new(name).column("user_id", &[1_i64]);
    for (name, known) in [
        ("user", "users"),
        ("event", "events"),
        ("Accounts", "accounts"),
        ("sla_policy", "sla_policies"),
        ("status history", "status_history"),
        ("conversation", "conversations"),
    ] {
        let error = Book::new().add(table(name)).map(|_| ()).expect_err(name);
        assert_eq!((error.kind(), error.at().table.as_deref()), (ErrorKind::InvalidRequest, Some(name)));
        assert!(error.message().ends_with(&format!("did you mean \"{known}\"?")), "{error}");
    }
    // Names of something else stay.
    for name in ["deals", "cases", "costs", "rates", "events_of_2026", "page_views", ""] {
        assert_eq!(book(vec![table(name)]).tables().count(), 1);
    }
}
