//! A whole company's tables with wild values, asked anything: only an answer that makes sense, or an error.

mod lifecycle_tables;
mod tables;

use lifecycle_tables::LIFECYCLE;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use tables::{SUPPORT, Sheet, Sheets, company};
use tenure::{Book, Error, ErrorKind, Outcomes, Request, State};

/// A lifecycle of its own, with a way that is no cycle and a rule.
fn pilot() -> Value {
    json!({
        "name": "pilot",
        "cycles": false,
        "stages": [
            {"name": "trial", "kind": "start", "expected": "3d", "stuck": "6d", "next": ["onboarding", "churned"]},
            {"name": "onboarding", "expected": "1d", "next": ["adoption", "churned"]},
            {"name": "adoption", "kind": "end"},
            {"name": "churned", "kind": "churned"},
        ],
        "rules": [
            {"stage": "churned", "when": {"events": {"names": ["login"], "within": "2d", "at_most": 0}, "after": "trial"}},
            {"stage": "adoption", "when": {"measure": {"name": "users", "at_least": 5}, "onboarding": "completed"}},
            {"stage": "trial", "when": {"subscription": ["active", "trialing"], "subscribed_for": {"below": "9d"}}},
        ],
    })
}

/// A value that a policy field may hold, as the catalog describes it; sometimes another.
fn field(kind: &Value) -> BoxedStrategy<Value> {
    let names = |kind: &Value| -> Vec<Value> {
        kind.as_array().into_iter().flatten().map(|choice| choice[0].clone()).collect()
    };
    let some = |names: Vec<Value>| {
        let most = names.len();
        prop::sample::subsequence(names, 0..=most).prop_map(Value::from).boxed()
    };
    let wild = select(vec![Value::Null, json!(-1), json!(i64::MAX), json!("?"), json!([])]);
    let known = match kind {
        Value::Object(kind) => match kind.iter().next() {
            Some((form, choices)) if form == "choice" => select(names(choices)).boxed(),
            Some((form, choices)) if form == "choices" => {
                prop_oneof![select(names(choices)), some(names(choices))].boxed()
            }
            Some((_, choices)) => some(names(choices)),
            None => Just(Value::Null).boxed(),
        },
        kind => select(match kind.as_str().unwrap_or_default() {
            "statistics" => vec![json!("mean"), json!("median"), json!("p90"), json!(["mean", "p0", "p100"])],
            "flag" => vec![json!(true), json!(false)],
            "whole" => vec![json!(1), json!(24), json!(720)],
            "number" => vec![json!(0), json!(0.45), json!(1.0)],
            "scale" => vec![json!([0, 1]), json!([1, 5])],
            "window" => vec![json!("all"), json!("90d")],
            "within" => vec![json!("ever"), json!(7), json!(1)],
            "span" => vec![json!("7d"), json!("30m")],
            "lifecycle" => vec![json!("subscription"), pilot()],
            "names" => vec![
                json!(["trial", "adoption"]),
                json!("onboarding"),
                json!(["Trial", "onboarding", "churned"]),
            ],
            _ => vec![json!("office"), json!("ignored"), json!("*")],
        })
        .boxed(),
    };
    prop_oneof![60 => known, 1 => wild].boxed()
}

fn policy(kpi: &str) -> BoxedStrategy<Map<String, Value>> {
    let described = tenure::explain(kpi).expect("a KPI").policy;
    let fields: Vec<_> = described
        .fields
        .iter()
        .map(|found| {
            let name = found.name.to_owned();
            let kind = serde_json::to_value(&found.kind).expect("JSON");
            prop::option::weighted(0.3, field(&kind))
                .prop_map(move |value| value.map(|value| (name.clone(), value)))
        })
        .collect();
    let presets: Vec<Value> = described.presets.iter().map(|preset| preset.name.into()).collect();
    let preset = if presets.is_empty() {
        Just(None).boxed()
    } else {
        prop::option::weighted(0.2, select(presets)).boxed()
    };
    (fields, preset)
        .prop_map(|(fields, preset)| {
            fields.into_iter().flatten().chain(preset.map(|preset| ("preset".to_owned(), preset))).collect()
        })
        .boxed()
}

const BY: &[&str] = &[
    "channel",
    "assignee",
    "team",
    "responder",
    "weekday",
    "hour",
    "metric",
    "policy_id",
    "direction",
    "side",
    "domain",
    "mailbox",
    "segment",
    "priority",
    "account_id",
];
const BY_LIFECYCLE: &[&str] =
    &["stage", "cohort", "account_id", "segment", "manager", "channel", "label", "weekday"];

/// A kind of company: its tables, the families of KPIs that are asked for, how many there are, and what by.
#[derive(Clone, Copy)]
struct Kind {
    sheets: Sheets,
    families: &'static [&'static str],
    kpis: usize,
    by: &'static [&'static str],
}

const OF_SUPPORT: Kind = Kind { sheets: SUPPORT, families: &["support"], kpis: 34, by: BY };
const OF_LIFECYCLE: Kind =
    Kind { sheets: LIFECYCLE, families: &["lifecycle", "success"], kpis: 8, by: BY_LIFECYCLE };

fn request(kind: Kind) -> impl Strategy<Value = Request> {
    let kpis: Vec<&str> = tenure::catalog()
        .map(|card| card.id)
        .filter(|kpi| tenure::explain(kpi).is_ok_and(|e| kind.families.contains(&e.family)))
        .collect();
    assert!(kpis.len() >= kind.kpis, "only {} KPIs", kpis.len());
    let scope = (
        select(&[
            "2026-01-03T00:00:00Z",
            "2026-01-20T12:00:00Z",
            "2026-02-01T00:00:00Z",
            "2027-01-01T00:00:00Z",
        ]),
        prop::option::weighted(0.3, select(&["2026-01-01", "2026-01-05T10:30:00Z"])),
        prop::option::weighted(0.3, select(&["2026-01-19", "2026-02-01"])),
        prop::option::weighted(0.4, select(&["day", "week", "month"])),
        select(&["UTC", "Europe/Stockholm", "Pacific/Apia"]),
        prop::option::weighted(0.3, select(kind.by)),
        prop::option::weighted(0.1, Just(json!({"channel": ["mail", null]}))),
    );
    (select(kpis).prop_flat_map(|kpi| (Just(kpi), policy(kpi))), scope).prop_map(|((kpi, policy), scope)| {
        let (as_of, start, end, every, zone, by, filter) = scope;
        let mut request = json!({"kpi": kpi, "as_of": as_of, "zone": zone, "max_rows": 3000});
        request["policy"] = policy.into();
        for (name, value) in [("start", start), ("end", end), ("every", every)] {
            if let Some(value) = value {
                request[name] = value.into();
            }
        }
        if let Some(by) = by {
            request["by"] = json!([by]);
        }
        if let Some(filter) = filter {
            request["where"] = filter;
        }
        Request::from_json(&request.to_string()).expect("a request")
    })
}

fn book(sheets: &[Sheet], order: impl Fn(usize) -> Vec<usize>) -> Book<'static> {
    let mut book = Book::new();
    for sheet in sheets {
        book.add(sheet.table(&order(sheet.rows))).expect("columns of one length");
    }
    book
}

/// What two books have to agree on. Of an error that names a row only the kind: rows have other numbers elsewhere, and
/// of several bad rows another may come first.
fn agreed(answer: Result<Outcomes, Error>) -> Result<Outcomes, ErrorKind> {
    answer.map_err(|error| error.kind())
}

/// An answer makes sense, and its units are all accounted for.
fn check(book: &Book<'_>, request: &Request) -> Result<(), TestCaseError> {
    let answer = book.compute(request);
    let units = book.units(request);
    prop_assert!(answer.as_ref().err().is_none_or(|error| error.kind() != ErrorKind::Internal), "{answer:?}");
    prop_assert!(units.as_ref().err().is_none_or(|error| error.kind() != ErrorKind::Internal), "{units:?}");
    let Ok(outcomes) = &answer else { return Ok(()) };
    for outcome in outcomes {
        prop_assert!(outcome.value.is_none_or(f64::is_finite), "{outcome:?}");
        prop_assert!(outcome.n_censored <= outcome.n, "{outcome:?}");
        if let Some(interval) = &outcome.interval {
            prop_assert!(interval.low.is_finite() && interval.high.is_finite(), "{outcome:?}");
            prop_assert!(interval.low <= interval.high, "{outcome:?}");
        }
    }
    // With several periods, groups or dimensions a unit may count in more than one row, or in none.
    if let Ok(units) = &units
        && (request.every.is_none() && request.by.is_empty() && outcomes.dimensions.is_empty())
    {
        let used = units.rows.iter().filter(|unit| ["observed", "censored"].contains(&unit.fate)).count();
        prop_assert_eq!(outcomes.rows[0].units(), units.rows.len() as u64);
        prop_assert_eq!(outcomes.rows[0].n, used as u64);
    }
    // What is listed can be found, and its story told.
    if let Some(unit) = units.iter().flat_map(|units| &units.rows).last() {
        prop_assert!(book.faults(request).is_ok());
        let key = tenure::Key::Whole(i128::from(unit.row));
        prop_assert!(book.trace(request, "row", &key).is_ok());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn any_company_gets_an_answer_or_an_error(
        (sheets, request) in of(OF_SUPPORT),
        places in prop::collection::vec(any::<Index>(), 24),
    ) {
        holds_in_any_order_and_parts(&sheets, &request, &places)?;
    }

    #[test]
    fn any_lifecycle_gets_an_answer_or_an_error(
        (sheets, request) in of(OF_LIFECYCLE),
        places in prop::collection::vec(any::<Index>(), 24),
    ) {
        holds_in_any_order_and_parts(&sheets, &request, &places)?;
    }

    #[test]
    fn what_happens_later_changes_nothing((sheets, request) in of(OF_LIFECYCLE)) {
        let whole = book(&sheets, |rows| (0..rows).collect());
        let as_of = instant(&request);
        // Columns of accounts are trusted as current, so that whoever groups by them, or leaves out the company's own, sees
        // accounts of the future; and of two rows of one account the last one tells.
        let groups = !request.by.is_empty() || !request.filter.is_empty();
        let known = |sheet: &Sheet| match sheet.name {
            "accounts" if groups || sheet.has("internal") || sheet.repeats("account_id") => sheet.clone(),
            _ => sheet.known(as_of),
        };
        let known: Vec<Sheet> = sheets.iter().map(known).collect();
        let cut = book(&known, |rows| (0..rows).collect());
        // A column of a wrong type is an error wherever its odd rows lie.
        if let Ok(answer) = whole.compute(&request) {
            prop_assert_eq!(Ok(answer), cut.compute(&request));
        }
        let mut journeys = Request::new("");
        journeys.as_of.clone_from(&request.as_of);
        let told = |book: &Book<'_>| {
            book.journeys(&journeys).map(|found| format!("{:?}", found.iter().collect::<Vec<_>>()))
        };
        if let Ok(whole) = told(&whole) {
            prop_assert_eq!(Ok(whole), told(&cut));
        }
        let story = |book: &Book<'_>| book.journey(&journeys, &tenure::Key::Whole(2));
        if let Ok(whole) = story(&whole) {
            prop_assert_eq!(Ok(whole), story(&cut));
        }
    }
}

fn of(kind: Kind) -> impl Strategy<Value = (Vec<Sheet>, Request)> {
    (company(kind.sheets), request(kind))
}

fn instant(request: &Request) -> i64 {
    match &request.as_of {
        Some(tenure::When::Text(text)) => {
            chrono::DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_micros()
        }
        as_of => panic!("{as_of:?}"),
    }
}

fn holds_in_any_order_and_parts(
    sheets: &[Sheet],
    request: &Request,
    places: &[Index],
) -> Result<(), TestCaseError> {
    let asked = book(sheets, |rows| (0..rows).collect());
    check(&asked, request)?;
    let answer = asked.compute(request);
    // In any order of rows.
    let shuffled = book(sheets, |rows| {
        let mut order: Vec<usize> = (0..rows).collect();
        for (at, place) in (0..rows).zip(places) {
            order.swap(at, place.index(rows));
        }
        order
    });
    prop_assert_eq!(agreed(shuffled.compute(request)), agreed(answer.clone()));
    // In parts.
    let parts: Result<Vec<State>, Error> = (0..3).map(|part| asked.partial_of(request, part, 3)).collect();
    if let (Ok(parts), Ok(answer)) = (parts, answer) {
        let mut merged = State::decode(&parts[1].encode()).expect("its own bytes");
        merged.merge(&parts[2]).expect("the same question");
        merged.merge(&parts[0]).expect("the same question");
        prop_assert_eq!(merged.finish(), Ok(answer));
        prop_assert_eq!(merged.encode(), asked.partial(request).expect("a state").encode());
    }
    Ok(())
}

/// The generator's own guard: companies that give nothing but errors would prove nothing.
#[test]
fn most_companies_get_answers() {
    for (kind, least_units) in [(OF_SUPPORT, 1_500), (OF_LIFECYCLE, 1_000)] {
        most_get_answers(kind, least_units);
    }
}

fn most_get_answers(kind: Kind, least_units: u64) {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut answered = std::collections::BTreeMap::new();
    let mut units = 0;
    for _ in 0..1_000 {
        let (sheets, request) = of(kind).new_tree(&mut runner).expect("a company").current();
        let asked = book(&sheets, |rows| (0..rows).collect());
        if let Ok(outcomes) = asked.compute(&request) {
            *answered.entry(request.kpi.clone()).or_insert(0) += 1;
            units += outcomes.rows.iter().map(tenure::Outcome::units).sum::<u64>();
        }
    }
    let all: usize = answered.values().sum();
    println!("companies: {all} of 1000 answered, {units} units, {} KPIs", answered.len());
    let is_enough = all > 400 && units > least_units && answered.len() >= kind.kpis;
    assert!(is_enough, "{all} answers, {units} units: {answered:?}");
}
