//! A question: which KPI, under which policy, over which rows, cut how. One value, the same in all languages.

use crate::error::{Error, Result, quoted, suggest};
use crate::policy::{Policy, PolicyMap};
use crate::scope::{Calendar, Every, Micros, When, zone};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How large an answer may be unless the request says otherwise.
const MAX_ROWS: u64 = 10_000_000;
/// How many groups an answer may have unless the request says otherwise.
const MAX_GROUPS: u64 = 1_000_000;

/// One question about a book.
///
/// ```
/// use tenure::{Every, Request};
/// let request = Request::new("nps").every(Every::Month).zone("Europe/Stockholm").by("segment").as_of("2026-07-01");
/// let same = Request::from_json(&request.to_json())?;
/// assert_eq!(request, same);
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// The KPI's id or one of its aliases.
    pub kpi: String,
    /// The choices that make the definition exact.
    #[serde(default, skip_serializing_if = "PolicyMap::is_empty")]
    pub policy: PolicyMap,
    /// Rows from this time on count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<When>,
    /// Rows before this time count. With `every` the last period is the one that ends there, whatever is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<When>,
    /// What is known: a later timestamp reads as absent. Required; `"latest"` is the latest time in the tables, which one
    /// clock that runs ahead moves: the result's `as_of` says which it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<When>,
    /// The IANA zone of periods and of times without an offset.
    #[serde(default = "utc")]
    pub zone: String,
    /// One row a period of this grain, from the first with a unit to the last, or from `start` and to `end` if they are
    /// given: only those show what is empty before or after. Without it one row for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// The first day of a week, 1 Monday to 7 Sunday.
    #[serde(default = "one")]
    pub week_start: u8,
    /// The first month of a year, 1 January to 12 December.
    #[serde(default = "one")]
    pub year_start: u8,
    /// One row a group of equal values in these columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub by: Vec<String>,
    /// Only rows whose column holds one of these values.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "values"
    )]
    pub filter: BTreeMap<String, Vec<Value>>,
    /// The confidence level of intervals.
    #[serde(default = "level")]
    pub level: f64,
    /// Below this many units an estimate is withheld; counts are shown.
    #[serde(default = "one_u64")]
    pub min_n: u64,
    /// Whether the first invalid row is an error.
    #[serde(default)]
    pub strict: bool,
    /// The zones of columns that hold wall-clock times, by `column` or `table.column`; UTC for all others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub column_zones: BTreeMap<String, String>,
    /// The most rows that the result may have.
    #[serde(default = "max_rows")]
    pub max_rows: u64,
    /// The most groups that the result may have.
    #[serde(default = "max_groups")]
    pub max_groups: u64,
}

fn utc() -> String {
    "UTC".to_owned()
}
fn one() -> u8 {
    1
}
fn one_u64() -> u64 {
    1
}
fn level() -> f64 {
    0.95
}
fn max_rows() -> u64 {
    MAX_ROWS
}
fn max_groups() -> u64 {
    MAX_GROUPS
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected the name of a column, or a list of names")]
    enum By {
        One(String),
        Many(Vec<String>),
    }
    Ok(match By::deserialize(deserializer)? {
        By::One(column) => vec![column],
        By::Many(columns) => columns,
    })
}

fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Vec<Value>>, D::Error> {
    let map = BTreeMap::<String, Value>::deserialize(deserializer)?;
    let list = |value| match value {
        Value::Array(values) => values,
        value => vec![value],
    };
    Ok(map.into_iter().map(|(column, value)| (column, list(value))).collect())
}

/// What is wrong with one field of a request, read alone so that a message can name it.
fn unreadable<'v>((field, value): (&'v String, &Value)) -> Option<(&'v str, serde_json::Error)> {
    let mut single = serde_json::Map::from_iter([("kpi".to_owned(), Value::String(String::new()))]);
    single.insert(field.clone(), value.clone());
    let error = Request::deserialize(Value::Object(single)).err()?;
    Some((field, error))
}

/// The columns that every result has, and that a column in `by` would be mistaken for.
const RESULT_COLUMNS: [&str; 17] = [
    "kpi",
    "period_start",
    "period_end",
    "value",
    "n",
    "n_missing",
    "n_invalid",
    "n_immature",
    "n_excluded",
    "n_censored",
    "status",
    "low",
    "high",
    "level",
    "method",
    "unit",
    "policy",
];

/// The fields of a request, for messages.
const FIELDS: [&str; 17] = [
    "kpi",
    "policy",
    "start",
    "end",
    "as_of",
    "zone",
    "every",
    "week_start",
    "year_start",
    "by",
    "where",
    "level",
    "min_n",
    "strict",
    "column_zones",
    "max_rows",
    "max_groups",
];

impl Request {
    /// A question about everything: no periods, no groups, the default policy.
    pub fn new(kpi: impl Into<String>) -> Self {
        Self {
            kpi: kpi.into(),
            policy: PolicyMap::new(),
            start: None,
            end: None,
            as_of: None,
            zone: utc(),
            every: None,
            week_start: 1,
            year_start: 1,
            by: Vec::new(),
            filter: BTreeMap::new(),
            level: level(),
            min_n: 1,
            strict: false,
            column_zones: BTreeMap::new(),
            max_rows: MAX_ROWS,
            max_groups: MAX_GROUPS,
        }
    }

    /// Reads the JSON form. Unknown fields are errors that name the nearest.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)
            .map_err(|e| Error::invalid(format!("the request is not JSON: {e}")))?;
        Self::from_value(&value)
    }

    /// Reads the JSON form of a request about journeys, which is about no KPI and names none.
    ///
    /// ```
    /// use tenure::Request;
    /// let request = Request::about_journeys(r#"{"as_of": "2026-07-01", "policy": {"impossible": "refuse"}}"#)?;
    /// assert!(Request::about_journeys(r#"{"as_of": "2026-07-01", "kpi": "nps"}"#).is_err());
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn about_journeys(text: &str) -> Result<Self> {
        let mut value: Value = serde_json::from_str(text)
            .map_err(|e| Error::invalid(format!("the request is not JSON: {e}")))?;
        let Value::Object(map) = &mut value else {
            return Err(Error::invalid("a request about journeys is a JSON object"));
        };
        if map.insert("kpi".to_owned(), Value::from("lifecycle_status")).is_some() {
            return Err(Error::invalid("a request about journeys names no \"kpi\""));
        }
        Self::from_value(&value)
    }

    /// Reads the JSON form of one request or of a list of them.
    pub fn list_from_json(text: &str) -> Result<Vec<Self>> {
        let value: Value = serde_json::from_str(text)
            .map_err(|e| Error::invalid(format!("the request is not JSON: {e}")))?;
        match value {
            Value::Array(items) => items.iter().map(Self::from_value).collect(),
            value => Ok(vec![Self::from_value(&value)?]),
        }
    }

    fn from_value(value: &Value) -> Result<Self> {
        let Value::Object(map) = value else {
            return Err(Error::invalid("a request is a JSON object with at least \"kpi\""));
        };
        if let Some(unknown) = map.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return Err(Error::invalid(format!(
                "no request field {}{}",
                quoted(unknown),
                suggest(unknown, FIELDS)
            )));
        }
        Self::deserialize(value).map_err(|error| match map.iter().find_map(unreadable) {
            Some((field, error)) => Error::invalid(format!("request field \"{field}\": {error}")),
            None => Error::invalid(format!("the request cannot be read: {error}")),
        })
    }

    /// The JSON form.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Sets the policy from a typed one.
    #[allow(clippy::needless_pass_by_value, reason = "callers write the policy in place")]
    pub fn policy(mut self, policy: impl Policy) -> Self {
        self.policy = policy.to_map();
        self
    }

    /// Rows from this time on count.
    pub fn start(mut self, start: impl Into<When>) -> Self {
        self.start = Some(start.into());
        self
    }

    /// Rows before this time count.
    pub fn end(mut self, end: impl Into<When>) -> Self {
        self.end = Some(end.into());
        self
    }

    /// What is known: later timestamps read as absent.
    pub fn as_of(mut self, as_of: impl Into<When>) -> Self {
        self.as_of = Some(as_of.into());
        self
    }

    /// The IANA zone of periods.
    pub fn zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = zone.into();
        self
    }

    /// One row a period.
    pub fn every(mut self, every: Every) -> Self {
        self.every = Some(every);
        self
    }

    /// One row a group; may be called again for further columns.
    pub fn by(mut self, column: impl Into<String>) -> Self {
        self.by.push(column.into());
        self
    }

    /// Only rows whose column holds one of the values.
    pub fn only<V: Into<Value>>(
        mut self,
        column: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.filter.insert(column.into(), values.into_iter().map(Into::into).collect());
        self
    }

    /// The confidence level of intervals.
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Withhold estimates of fewer units than this; counts are shown.
    pub fn min_n(mut self, min_n: u64) -> Self {
        self.min_n = min_n;
        self
    }

    /// The first day of a week, 1 Monday to 7 Sunday.
    pub fn week_start(mut self, weekday: u8) -> Self {
        self.week_start = weekday;
        self
    }

    /// The first month of a year, 1 January to 12 December.
    pub fn year_start(mut self, month: u8) -> Self {
        self.year_start = month;
        self
    }

    /// The most rows that the result may have.
    pub fn max_rows(mut self, rows: u64) -> Self {
        self.max_rows = rows;
        self
    }

    /// The most groups that the result may have.
    pub fn max_groups(mut self, groups: u64) -> Self {
        self.max_groups = groups;
        self
    }

    /// Make the first invalid row an error.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The zone of a column that holds wall-clock times.
    pub fn column_zone(mut self, column: impl Into<String>, zone: impl Into<String>) -> Self {
        self.column_zones.insert(column.into(), zone.into());
        self
    }
}

/// The scope of a request, checked and resolved to instants.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) start: Option<Micros>,
    pub(crate) end: Option<Micros>,
    pub(crate) as_of: Micros,
    pub(crate) zone: Tz,
    pub(crate) calendar: Option<Calendar>,
    /// 1 Monday to 7 Sunday, with or without periods.
    pub(crate) week_start: u8,
    pub(crate) by: Vec<String>,
    pub(crate) filter: BTreeMap<String, Vec<Value>>,
    pub(crate) column_zones: BTreeMap<String, Tz>,
    pub(crate) level: f64,
    pub(crate) min_n: u64,
    pub(crate) strict: bool,
    pub(crate) max_rows: u64,
    pub(crate) max_groups: u64,
}

impl Scope {
    /// Checks a request. `latest` is asked for the latest time in the book when `as_of` is `"latest"`.
    pub(crate) fn of(request: &Request, latest: impl FnOnce() -> Result<Micros>) -> Result<Self> {
        let tz = zone(&request.zone)?;
        let time = |field: &str, when: &Option<When>| when.as_ref().map(|w| w.resolve(field, tz)).transpose();
        let start = time("start", &request.start)?;
        let end = time("end", &request.end)?;
        if let (Some(start), Some(end)) = (start, end)
            && start >= end
        {
            return Err(Error::invalid("start is not before end; periods are half-open, [start, end)"));
        }
        let as_of = match &request.as_of {
            Some(When::Text(text)) if text == "latest" => latest()?,
            as_of => time("as_of", as_of)?.ok_or_else(|| {
                Error::invalid(
                    "as_of is required: the instant up to which the tables are known, or \"latest\"",
                )
            })?,
        };
        if !(1..=7).contains(&request.week_start) {
            return Err(Error::invalid("week_start is a weekday from 1 (Monday) to 7 (Sunday)"));
        }
        if !(1..=12).contains(&request.year_start) {
            return Err(Error::invalid("year_start is a month from 1 (January) to 12 (December)"));
        }
        if !(request.level > 0.0 && request.level < 1.0) {
            return Err(Error::invalid("level lies between 0 and 1, as 0.95 does"));
        }
        let mut by = request.by.clone();
        by.sort();
        if let Some([column, _]) = by.array_windows().find(|[a, b]| a == b) {
            return Err(Error::invalid(format!("\"{column}\" stands twice in by")));
        }
        if let Some(column) = request.by.iter().find(|column| RESULT_COLUMNS.contains(&column.as_str())) {
            let message = format!(
                "by names \"{column}\", which is a column of every result; give the table's another name"
            );
            return Err(Error::invalid(message));
        }
        let calendar = request.every.map(|every| Calendar {
            zone: tz,
            every,
            week_start: request.week_start,
            year_start: request.year_start,
        });
        let column_zones = request
            .column_zones
            .iter()
            .map(|(column, name)| Ok((column.clone(), zone(name)?)))
            .collect::<Result<_>>()?;
        Ok(Self {
            start,
            end,
            as_of,
            zone: tz,
            calendar,
            week_start: request.week_start,
            by: request.by.clone(),
            filter: request.filter.clone(),
            column_zones,
            level: request.level,
            min_n: request.min_n,
            strict: request.strict,
            max_rows: request.max_rows,
            max_groups: request.max_groups,
        })
    }

    /// The zone in which wall-clock times of a column are read.
    pub(crate) fn column_zone(&self, table: &str, column: &str) -> Tz {
        let full = format!("{table}.{column}");
        self.column_zones.get(&full).or_else(|| self.column_zones.get(column)).copied().unwrap_or(Tz::UTC)
    }
}
