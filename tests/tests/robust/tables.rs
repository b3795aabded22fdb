//! A whole company's tables with wild values: missing, of wrong types, at extreme times, twice, of nobody.

use proptest::prelude::*;
use proptest::sample::select;
use tenure::{Bitmap, Column, Slice, Table, Unit};

/// The values of a column, so that its rows can be put in another order.
#[derive(Clone, Debug)]
enum Values {
    Whole(Vec<Option<i64>>),
    Real(Vec<f64>),
    Flag(Vec<Option<bool>>),
    Text(Vec<Option<String>>),
    Lists(Vec<Option<Vec<String>>>),
    /// Microseconds: instants, or wall-clock times.
    Times(bool, Vec<Option<i64>>),
}

/// Whether a time lies in the years 1 to 9999; others are no times, whenever one looks.
fn is_year(at: i64) -> bool {
    (-62_135_596_800_000_000..253_402_300_800_000_000).contains(&at)
}

impl Values {
    /// Some rows, in another order.
    fn pick(&self, order: &[usize]) -> Self {
        fn pick<T: Clone>(values: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|row| values[*row].clone()).collect()
        }
        match self {
            Values::Whole(values) => Values::Whole(pick(values, order)),
            Values::Real(values) => Values::Real(pick(values, order)),
            Values::Flag(values) => Values::Flag(pick(values, order)),
            Values::Text(values) => Values::Text(pick(values, order)),
            Values::Lists(values) => Values::Lists(pick(values, order)),
            Values::Times(instant, values) => Values::Times(*instant, pick(values, order)),
        }
    }

    fn column(&self, order: &[usize]) -> Column<'static> {
        match self.pick(order) {
            Values::Whole(values) => values.into(),
            Values::Real(values) => values.into(),
            Values::Flag(values) => values.into(),
            Values::Text(values) => values.into(),
            Values::Lists(values) => Column::text_lists(&values),
            Values::Times(instant, values) => {
                let known = Bitmap::from_bools(values.iter().map(Option::is_some));
                let values = values.into_iter().map(Option::unwrap_or_default).collect();
                Column::Time { unit: Unit::Micro, instant, values: Slice::owned(values, Some(known)) }
            }
        }
    }
}

/// A table before it becomes one.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: &'static str,
    pub(super) rows: usize,
    columns: Vec<(&'static str, Values)>,
}

impl Sheet {
    /// The rows known at an instant, by when they begin, and what is known of them then: other times that lie
    /// later are missing, except those of plans.
    pub(super) fn known(&self, as_of: i64) -> Self {
        const PLANNED: [&str; 3] = ["due_at", "ends_at", "renews_at"];
        const BEGINS: [&str; 4] = ["occurred_at", "created_at", "starts_at", "started_at"];
        let is_time = |(name, _): &&(&'static str, Values)| BEGINS.contains(name);
        let main = self.columns.iter().find(is_time);
        let known = |row: &usize| match main {
            Some((_, Values::Times(_, values))) => values[*row].is_none_or(|at| at <= as_of || !is_year(at)),
            _ => true,
        };
        let rows: Vec<usize> = (0..self.rows).filter(known).collect();
        let cut = |(name, values): &(&'static str, Values)| {
            let values = values.pick(&rows);
            let values = match values {
                Values::Times(instant, values) if name.ends_with("_at") && !PLANNED.contains(name) => {
                    let known = |at: Option<i64>| at.filter(|at| *at <= as_of || !is_year(*at));
                    Values::Times(instant, values.into_iter().map(known).collect())
                }
                values => values,
            };
            (*name, values)
        };
        Self { name: self.name, rows: rows.len(), columns: self.columns.iter().map(cut).collect() }
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| *name == column)
    }

    /// Whether a value is twice in a column.
    pub(super) fn repeats(&self, column: &str) -> bool {
        let values = self.columns.iter().find(|(name, _)| *name == column).map(|(_, values)| values);
        let told = |row: usize| values.map(|values| format!("{:?}", values.pick(&[row])));
        let mut met = std::collections::BTreeSet::new();
        (0..self.rows).any(|row| !met.insert(told(row)))
    }

    pub(super) fn table(&self, order: &[usize]) -> Table<'static> {
        let columns = self.columns.iter();
        columns.fold(Table::new(self.name), |table, (name, values)| table.column(*name, values.column(order)))
    }
}

/// What belongs in a column.
#[derive(Clone, Copy)]
pub(super) enum Of {
    /// One of a few whole numbers, so that rows meet.
    Id,
    Time,
    Flag,
    /// Lists of these, or text with them between commas.
    Lists(&'static [&'static str]),
    Whole(&'static [i64]),
    Text(&'static [&'static str]),
}

pub(super) const PEOPLE: Of = Of::Text(&["ann", "bob", "cy", ""]);
const ADDRESSES: &[&str] =
    &["kim@firm.example", "Kim <KIM@firm.example>", "sue@firm.example", "a@b.example", "?"];
const STATUSES: &[&str] = &["new", "open", "pending", "on_hold", "solved", "closed", "snoozed"];
const MESSAGE_IDS: &[&str] = &["a", "<b>", "c", "a b", ""];
const HOURS: &[&str] = &["00:00", "09:00", "17:00", "24:00"];

pub(super) type Sheets = &'static [(&'static str, usize, &'static [(&'static str, Of)])];

/// The tables of support, the most rows that they get here, and their columns; `?` marks those that may be absent.
pub(super) const SUPPORT: Sheets = &[
    (
        "conversations",
        8,
        &[
            ("conversation_id", Of::Id),
            ("created_at", Of::Time),
            ("account_id?", Of::Id),
            ("requester_id", PEOPLE),
            ("schedule_id?", Of::Text(&["office", ""])),
            ("channel?", Of::Text(&["mail", "chat"])),
            ("initiated_by?", Of::Text(&["customer", "company", "bot", ""])),
            ("priority?", Of::Text(&["high", "low"])),
            ("team?", Of::Text(&["one", "two"])),
            ("assignee?", PEOPLE),
            ("issue_key?", Of::Text(&["x", "y"])),
            ("spam?", Of::Flag),
            ("deleted?", Of::Flag),
            ("merged?", Of::Flag),
            ("bot_outcome", Of::Text(&["confirmed", "assumed", "escalated"])),
            ("first_replied_at?", Of::Time),
            ("solved_at?", Of::Time),
            ("closed_at?", Of::Time),
            ("replies?", Of::Whole(&[0, 1, 2, -1])),
        ],
    ),
    (
        "messages",
        24,
        &[
            ("message_id?", Of::Id),
            ("conversation_id", Of::Id),
            ("occurred_at", Of::Time),
            ("author", Of::Text(&["customer", "agent", "agent", "bot", "system"])),
            ("author_id?", PEOPLE),
            ("public?", Of::Flag),
            ("auto?", Of::Flag),
            ("seq?", Of::Whole(&[1, 2, 3])),
        ],
    ),
    (
        "status_history",
        24,
        &[
            ("conversation_id", Of::Id),
            ("occurred_at", Of::Time),
            ("status", Of::Text(STATUSES)),
            ("priority?", Of::Text(&["high", "low"])),
            ("assignee?", PEOPLE),
            ("team?", Of::Text(&["one", "two"])),
            ("seq?", Of::Whole(&[1, 2, 3])),
        ],
    ),
    (
        "schedules",
        4,
        &[
            ("schedule_id", Of::Text(&["office"])),
            ("zone", Of::Text(&["Europe/Stockholm", "UTC", "Pacific/Apia"])),
            ("weekday", Of::Whole(&[1, 2, 3, 4, 5, 6, 7])),
            ("opens", Of::Text(HOURS)),
            ("closes", Of::Text(HOURS)),
            ("valid_from?", Of::Time),
            ("valid_to?", Of::Time),
        ],
    ),
    (
        "holidays",
        3,
        &[
            ("schedule_id", Of::Text(&["office", "nobody"])),
            ("date", Of::Text(&["2026-01-05", "2026-01-06"])),
            ("opens?", Of::Text(HOURS)),
            ("closes?", Of::Text(HOURS)),
        ],
    ),
    (
        "sla_policies",
        4,
        &[
            ("policy_id", Of::Id),
            ("metric", Of::Text(&["first_response", "next_response", "resolution"])),
            ("target_seconds", Of::Whole(&[60, 3_600, 86_400, 9_000_000_000_000])),
            ("clock", Of::Text(&["calendar", "calendar", "business"])),
            ("priority?", Of::Text(&["high", "low"])),
            ("schedule_id?", Of::Text(&["office"])),
            ("pauses?", Of::Lists(STATUSES)),
            ("valid_from?", Of::Time),
            ("valid_to?", Of::Time),
        ],
    ),
    (
        "emails",
        12,
        &[
            ("message_id", Of::Text(MESSAGE_IDS)),
            ("mailbox", Of::Text(ADDRESSES)),
            ("occurred_at", Of::Time),
            ("sender", Of::Text(ADDRESSES)),
            ("recipients", Of::Lists(ADDRESSES)),
            ("in_reply_to?", Of::Text(MESSAGE_IDS)),
            ("references?", Of::Lists(MESSAGE_IDS)),
            ("auto?", Of::Flag),
        ],
    ),
    (
        "mailboxes",
        3,
        &[
            ("mailbox", Of::Text(ADDRESSES)),
            ("schedule_id?", Of::Text(&["office", ""])),
            ("domain?", Of::Text(&["firm.example", "@b.example", ""])),
        ],
    ),
    (
        "articles",
        8,
        &[
            ("article_id", Of::Id),
            ("occurred_at", Of::Time),
            ("kind", Of::Text(&["viewed", "viewed", "created", ""])),
            ("user_id", PEOPLE),
            ("session_id", Of::Id),
        ],
    ),
    (
        "searches",
        6,
        &[
            ("search_id?", Of::Id),
            ("user_id", PEOPLE),
            ("session_id", Of::Id),
            ("occurred_at", Of::Time),
            ("results", Of::Whole(&[0, 0, 3, -1])),
        ],
    ),
    (
        "accounts",
        4,
        &[
            ("account_id", Of::Id),
            ("created_at?", Of::Time),
            ("segment?", Of::Text(&["small", "large"])),
            ("internal?", Of::Flag),
            ("valid_from?", Of::Time),
            ("valid_to?", Of::Time),
        ],
    ),
    (
        "events",
        6,
        &[("event_id?", Of::Id), ("user_id", PEOPLE), ("account_id", Of::Id), ("occurred_at", Of::Time)],
    ),
    (
        "surveys",
        6,
        &[
            ("conversation_id", Of::Id),
            ("kind?", Of::Text(&["resolved", "csat"])),
            ("label?", Of::Text(&["yes", "no"])),
            ("score", Of::Whole(&[0, 1, 5])),
            ("answered_at?", Of::Time),
        ],
    ),
];

/// 1 January 2026.
const NEW_YEAR: i64 = 1_767_225_600_000_000;
const HOUR: i64 = 3_600_000_000;

/// Instants: mostly whole hours of one month, so that many are the same; some at the ends of time.
fn micros() -> impl Strategy<Value = Option<i64>> {
    let extreme = select(&[i64::MIN, i64::MAX, -62_135_596_800_000_000, 253_402_300_799_999_999, 0]);
    prop_oneof![
        40 => (0..31 * 24_i64).prop_map(|hours| Some(NEW_YEAR + hours * HOUR)),
        10 => (0..24_i64).prop_map(|hours| Some(NEW_YEAR + hours * HOUR)),
        3 => Just(None),
        1 => extreme.prop_map(Some),
        1 => any::<i64>().prop_map(Some),
    ]
}

const WILD_TIMES: &[&str] = &[
    "2026-01-05T09:00:00Z",
    "2026-01-05T09:00:00+05:30",
    "2026-01-05",
    "2026-03-29T02:30:00",
    "0000-00-00",
    "9999-12-31T23:59:59.999999Z",
    "yesterday",
    "",
];

fn text(known: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        12 => select(known).prop_map(|text| Some(text.to_owned())),
        1 => Just(None),
        1 => "\\PC{0,4}".prop_map(Some),
    ]
}

fn many<T: std::fmt::Debug>(rows: usize, one: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(one, rows)
}

/// What belongs in a column, and nothing else.
fn proper(of: Of, rows: usize) -> BoxedStrategy<Values> {
    let known = |known: &'static [&'static str]| select(known).prop_map(|text| Some(text.to_owned()));
    match of {
        Of::Id => many(rows, (1..7_i64).prop_map(Some)).prop_map(Values::Whole).boxed(),
        Of::Time => many(rows, (0..31 * 24_i64).prop_map(|hours| Some(NEW_YEAR + hours * HOUR)))
            .prop_map(|values| Values::Times(true, values))
            .boxed(),
        Of::Whole(known) => {
            many(rows, select(&known[..known.len().min(3)]).prop_map(Some)).prop_map(Values::Whole).boxed()
        }
        Of::Text(choices) => many(rows, known(choices)).prop_map(Values::Text).boxed(),
        Of::Flag | Of::Lists(_) => tame(of, rows),
    }
}

/// What belongs in a column, with some values that do not.
fn tame(of: Of, rows: usize) -> BoxedStrategy<Values> {
    match of {
        Of::Id => many(rows, prop_oneof![12 => (1..7_i64).prop_map(Some), 1 => Just(None), 1 => any::<i64>().prop_map(Some)])
            .prop_map(Values::Whole)
            .boxed(),
        Of::Time => prop_oneof![
            8 => (any::<bool>(), many(rows, micros())).prop_map(|(instant, values)| Values::Times(instant, values)),
            1 => many(rows, text(WILD_TIMES)).prop_map(Values::Text),
        ]
        .boxed(),
        Of::Flag => many(rows, prop_oneof![8 => Just(None), 1 => any::<bool>().prop_map(Some)])
            .prop_map(Values::Flag)
            .boxed(),
        Of::Lists(known) => {
            let items = || prop::collection::vec(select(known).prop_map(str::to_owned), 0..3);
            prop_oneof![
                many(rows, prop::option::of(items())).prop_map(Values::Lists),
                many(rows, prop::option::of(items().prop_map(|items| items.join(", ")))).prop_map(Values::Text),
            ]
            .boxed()
        }
        Of::Whole(known) => many(
            rows,
            prop_oneof![16 => select(known).prop_map(Some), 1 => Just(None), 1 => any::<i64>().prop_map(Some)],
        )
        .prop_map(Values::Whole)
        .boxed(),
        Of::Text(known) => many(rows, text(known)).prop_map(Values::Text).boxed(),
    }
}

/// A column of any type.
fn wild(rows: usize) -> impl Strategy<Value = Values> {
    let real = prop_oneof![Just(f64::NAN), Just(f64::INFINITY), (0..5_i8).prop_map(f64::from), any::<f64>()];
    prop_oneof![
        many(rows, any::<Option<i64>>()).prop_map(Values::Whole),
        many(rows, real).prop_map(Values::Real),
        many(rows, any::<Option<bool>>()).prop_map(Values::Flag),
        many(rows, prop::option::of("\\PC{0,4}")).prop_map(Values::Text),
        many(rows, prop::option::of(prop::collection::vec("[ab]", 0..3))).prop_map(Values::Lists),
        (any::<bool>(), many(rows, any::<Option<i64>>()))
            .prop_map(|(instant, values)| Values::Times(instant, values)),
    ]
}

/// A table: mostly with all its columns, mostly of the right types.
fn sheet(
    name: &'static str,
    most: usize,
    columns: &'static [(&'static str, Of)],
) -> impl Strategy<Value = Sheet> {
    (0..=most).prop_flat_map(move |rows| {
        let columns: Vec<_> = columns
            .iter()
            .map(|(name, of)| {
                let is_optional = name.ends_with('?');
                let values = prop_oneof![
                    60 => proper(*of, rows).prop_map(Some),
                    20 => tame(*of, rows).prop_map(Some),
                    if is_optional { 20 } else { 1 } => Just(None),
                    1 => wild(rows).prop_map(Some),
                ];
                values.prop_map(move |values| values.map(|values| (name.trim_end_matches('?'), values)))
            })
            .collect();
        columns.prop_map(move |columns| Sheet {
            name,
            rows,
            columns: columns.into_iter().flatten().collect(),
        })
    })
}

pub(super) fn company(sheets: Sheets) -> impl Strategy<Value = Vec<Sheet>> {
    let sheets: Vec<_> = sheets
        .iter()
        .map(|(name, most, columns)| prop::option::weighted(0.93, sheet(name, *most, columns)))
        .collect();
    sheets.prop_map(|sheets| sheets.into_iter().flatten().collect())
}
