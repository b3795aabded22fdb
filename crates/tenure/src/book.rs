//! The book of business: all tables of one company, and the questions that can be asked of them.

use crate::calendar::{OpenHours, Schedules};
use crate::catalog::{Card, catalog};
use crate::column::Column;
use crate::compute::{Clock, Part, Splits};
use crate::error::{Error, ErrorKind, Result, suggest};
use crate::indexes::Indexes;
use crate::journeys::{self, Journeys, Story};
use crate::key::Key;
use crate::lifecycle::Lifecycle;
use crate::outcome::{Fault, LeftOut, Outcome, Outcomes, Scorecard, Trace, Units};
use crate::plan::Asked;
use crate::policy::PolicyMap;
use crate::request::{Request, Scope};
use crate::scope::{END_OF_TIME, Micros, When};
use crate::state::State;
use crate::table::{Table, misspelt};
use crate::view::InferredStages;
use hashbrown::HashSet;
use std::any::Any;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All tables of one company, borrowed.
///
/// ```
/// use tenure::{Book, Every, Request, Table};
/// let scores = [10_i8, 9, 7, 3];
/// let segments = ["smb", "smb", "enterprise", "smb"];
/// let mut book = Book::new();
/// book.add(Table::new("surveys").column("score", &scores).column("segment", &segments))?;
/// let answer = book.compute(&Request::new("nps").by("segment").as_of("2026-07-01"))?;
/// // Groups are in order: enterprise, smb. Of the three answers of smb two promote and one detracts.
/// assert_eq!((answer.rows[1].numerator, answer.rows[1].denominator), (Some(1), Some(3)));
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Book<'a> {
    tables: BTreeMap<String, Table<'a>>,
    indexes: Indexes,
    /// Of the tables that have columns which were worked out: by what.
    derived: BTreeMap<String, String>,
    /// The lifecycle of requests that name none.
    lifecycle: Option<Lifecycle>,
    /// If the rows of table `stages` were told by rules: what became of these.
    inferred: Option<Arc<InferredStages>>,
}

/// Columns of times that may lie in the future when they are recorded.
const PLANNED: [&str; 4] = ["due_at", "ends_at", "original_due_at", "renews_at"];

impl<'a> Book<'a> {
    /// A book without tables.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a table, or replaces the one of that name. A name that misspells that of a table which KPIs read is an
    /// error; a table of another name is kept, and no KPI reads it.
    pub fn add(&mut self, table: Table<'a>) -> Result<&mut Self> {
        table.check()?;
        if let Some(known) = misspelt(table.name()) {
            let name = table.name();
            let message = format!("no KPI reads a table \"{name}\"; did you mean \"{known}\"?");
            return Err(Error::invalid(message).in_table(name));
        }
        self.tables.insert(table.name().to_owned(), table);
        // Whatever was worked out may have been of the table that was replaced.
        self.indexes = Indexes::default();
        Ok(self)
    }

    /// Uses what another book of the very same tables has worked out, and shares with it what this one will. With
    /// other tables the answers are wrong.
    #[must_use]
    pub fn with_indexes(mut self, indexes: &Indexes) -> Self {
        self.indexes = indexes.clone();
        self
    }

    /// The book of a company whose customers go through this lifecycle: it holds where a request names none.
    ///
    /// ```
    /// use tenure::{Book, Lifecycle, Request, Table};
    /// let stages = r#"[{"name": "pilot", "kind": "start", "expected": "30d", "next": ["live"]}, {"name": "live", "kind": "end"}]"#;
    /// let lifecycle = Lifecycle::from_json(&format!(r#"{{"name": "pilot", "stages": {stages}}}"#))?;
    /// let mut book = Book::new().with_lifecycle(&lifecycle);
    /// book.add(
    ///     Table::new("stages")
    ///         .column("account_id", ["acme", "birch"])
    ///         .column("stage", ["Pilot", "Pilot"])
    ///         .column("occurred_at", ["2026-01-01", "2026-02-15"]),
    /// )?;
    /// let states = book.compute(&Request::new("lifecycle_status").as_of("2026-03-01"))?;
    /// let told: Vec<_> = states.iter().map(|row| (row.label.as_deref(), row.value)).collect();
    /// assert_eq!(told, [(Some("on_track"), Some(1.0)), (Some("behind"), Some(1.0))]);
    /// # Ok::<(), tenure::Error>(())
    /// ```
    #[must_use]
    pub fn with_lifecycle(mut self, lifecycle: &Lifecycle) -> Self {
        self.lifecycle = Some(lifecycle.clone());
        self
    }

    /// The lifecycle of requests that name none, if the book has one of its own.
    pub fn lifecycle(&self) -> Option<&Lifecycle> {
        self.lifecycle.as_ref()
    }

    /// What told the rows of table `stages`, if rules did.
    pub(crate) fn inferred(&self) -> Option<&InferredStages> {
        self.inferred.as_deref()
    }

    /// The same book with the stages that rules tell. What is worked out of them is kept with them.
    pub(crate) fn with_inferred(&self, stages: &Arc<InferredStages>, indexes: &Indexes) -> Self {
        let mut book = self.clone();
        book.tables.insert("stages".to_owned(), stages.table.clone());
        book.inferred = Some(stages.clone());
        book.indexes = indexes.clone();
        book
    }

    /// The names of the tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Option<&Table<'a>> {
        self.tables.get(name)
    }

    /// The book for one request, with the columns and rows that it needs and tenure can work out.
    fn completed_for(&self, request: &Request) -> Result<Cow<'_, Self>> {
        let book = self.completed(std::slice::from_ref(request))?;
        Ok(match crate::inferred::with_stages(&book, request)? {
            Some(book) => Cow::Owned(book),
            None => book,
        })
    }

    /// The book with the columns that requests need and tenure can work out.
    #[cfg(feature = "classify")]
    fn completed(&self, requests: &[Request]) -> Result<Cow<'_, Self>> {
        crate::derived::completed(self, requests)
    }

    /// Without the feature it can work out none.
    #[cfg(not(feature = "classify"))]
    #[allow(clippy::unnecessary_wraps, reason = "as with the feature")]
    fn completed(&self, _: &[Request]) -> Result<Cow<'_, Self>> {
        Ok(Cow::Borrowed(self))
    }

    /// The same book, whose table has more columns. What was worked out of the tables remains true.
    #[cfg(feature = "classify")]
    pub(crate) fn with_derived(&self, table: Table<'a>, teller: String) -> Self {
        let mut book = self.clone();
        book.derived.insert(table.name().to_owned(), teller);
        book.tables.insert(table.name().to_owned(), table);
        book
    }

    /// What worked out columns of a table, if any were.
    pub(crate) fn derived(&self, table: &str) -> Option<&str> {
        self.derived.get(table).map(String::as_str)
    }

    /// What a view works out from whole tables, made once for all requests. The name says all that it depends on.
    pub(crate) fn index<T: Any + Send + Sync>(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        self.indexes.index(name, make)
    }

    /// The same for what depends on a request too: it is kept for a few requests, those of one list.
    pub(crate) fn recent<T: Any + Send + Sync>(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        self.indexes.recent(name, make)
    }

    pub(crate) fn require(&self, name: &str) -> Result<&Table<'a>> {
        self.table(name).ok_or_else(|| {
            let hint = suggest(name, self.tables());
            let has = if self.tables.is_empty() { "; it has no tables".to_owned() } else { hint };
            Error::new(ErrorKind::MissingTable, format!("the book has no table \"{name}\"{has}"))
                .in_table(name)
        })
    }

    /// Answers one request.
    pub fn compute(&self, request: &Request) -> Result<Outcomes> {
        let book = self.completed_for(request)?;
        let asked = Asked::of(&book, request)?;
        let grid = asked.grid(&book, None)?;
        asked.finish(grid.as_ref())
    }

    /// Answers several requests.
    pub fn compute_all(&self, requests: &[Request]) -> Result<Vec<Outcomes>> {
        // Stages told by rules are rows of their own book: such requests are answered one by one.
        let (alone, together): (Vec<_>, Vec<_>) = requests
            .iter()
            .enumerate()
            .partition(|(_, request)| crate::inferred::needs_stages(self, request));
        let (places, together): (Vec<usize>, Vec<Request>) =
            together.into_iter().map(|(at, request)| (at, request.clone())).unzip();
        let book = self.completed(&together)?;
        let asked: Vec<Asked> =
            together.iter().map(|request| Asked::of(&book, request)).collect::<Result<_>>()?;
        let mut answers: Vec<(usize, Outcomes)> =
            places.into_iter().zip(Asked::answer_all(&asked, &book)?).collect();
        for (at, request) in alone {
            answers.push((at, self.compute(request)?));
        }
        answers.sort_by_key(|(at, _)| *at);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    /// Every KPI of the catalog, by its default policy, that this book has the data for. `scope` says which rows
    /// count and how they are cut; its own KPI and policy are not used.
    ///
    /// ```
    /// use tenure::{Book, Request, Table};
    /// let mut book = Book::new();
    /// book.add(Table::new("surveys").column("score", &[10_i8, 9, 3]))?;
    /// let scorecard = book.scorecard(&Request::new("").as_of("2026-07-01"));
    /// assert!(scorecard.answers.iter().any(|answer| answer.kpi == "nps"));
    /// assert!(scorecard.left_out.iter().any(|left_out| left_out.kpi == "comment_rate"));
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn scorecard(&self, scope: &Request) -> Scorecard {
        let mut scorecard = Scorecard { answers: Vec::new(), left_out: Vec::new() };
        for card in catalog() {
            let request = Request { kpi: card.id.to_owned(), policy: PolicyMap::new(), ..scope.clone() };
            match self.compute(&request) {
                Ok(answer) => scorecard.answers.push(answer),
                Err(error) => scorecard.left_out.push(LeftOut { kpi: card.id, error }),
            }
        }
        scorecard
    }

    /// What became of every unit of a KPI: what a CRM writes back beside its rows.
    pub fn units(&self, request: &Request) -> Result<Units> {
        let book = self.completed_for(request)?;
        Asked::of(&book, request)?.units(&book)
    }

    /// The journeys of all accounts through the lifecycle, one row a stay, as known at `as_of`. The policy of the request is
    /// a [`JourneyPolicy`](crate::JourneyPolicy); its KPI is not used.
    ///
    /// ```
    /// use tenure::{Book, LifecycleState, Request, Table};
    /// let mut book = Book::new();
    /// book.add(
    ///     Table::new("stages")
    ///         .column("account_id", ["acme", "acme"])
    ///         .column("stage", ["trial", "onboarding"])
    ///         .column("occurred_at", ["2026-01-01", "2026-01-11"]),
    /// )?;
    /// let journeys = book.journeys(&Request::new("").as_of("2026-03-01"))?;
    /// let told: Vec<_> = journeys.iter().map(|stay| (stay.stage, stay.seconds / 86_400.0, stay.status)).collect();
    /// assert_eq!(told, [("trial", 10.0, LifecycleState::OnTrack), ("onboarding", 49.0, LifecycleState::Behind)]);
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn journeys(&self, request: &Request) -> Result<Journeys> {
        journeys::journeys(self, request)
    }

    /// All that happened with one account, in order: stages and pauses, goals, interactions and conversations, surveys,
    /// milestones and payments, as known at `as_of`. An account that no table knows is an error.
    pub fn journey(&self, request: &Request, account: &Key) -> Result<Story> {
        // Interactions without labels get them as for the KPIs about these.
        let book = self.completed(&[Request::new("interaction_mix")])?;
        journeys::story(&book, request, account)
    }

    /// The open hours of one schedule of the tables `schedules` and `holidays`: without a name the only one there is,
    /// with `"*"` all of them together.
    ///
    /// ```
    /// use tenure::{Book, Table};
    /// let mut book = Book::new();
    /// book.add(
    ///     Table::new("schedules")
    ///         .column("schedule_id", ["office"])
    ///         .column("zone", ["Europe/Stockholm"])
    ///         .column("weekday", [1_i64])
    ///         .column("opens", ["09:00"])
    ///         .column("closes", ["17:00"]),
    /// )?;
    /// let hours = book.open_hours(None)?;
    /// let monday = chrono::DateTime::parse_from_rfc3339("2026-11-23T16:30:00+01:00").unwrap().timestamp_micros();
    /// // Half an hour that Monday, and the second half hour a week later.
    /// let due = hours.at(monday, 3_600_000_000);
    /// assert_eq!(due, Some(monday + 3_600_000_000 * (7 * 24 - 7)));
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn open_hours(&self, schedule: Option<&str>) -> Result<OpenHours> {
        let scope = Scope::of(&Request::new("").as_of(When::Instant(END_OF_TIME)), || Ok(END_OF_TIME))?;
        let schedules = Schedules::of(self, &scope)?;
        let key = schedules.default(schedule)?;
        schedules.get(key.as_ref()).map(|hours| OpenHours::clone(hours))
    }

    /// Why the units whose `column` holds `value` counted as they did.
    pub fn trace(&self, request: &Request, column: &str, value: &Key) -> Result<Vec<Trace>> {
        let book = self.completed_for(request)?;
        Asked::of(&book, request)?.trace(&book, column, value)
    }

    /// The rows that a request cannot use, and where they are.
    pub fn faults(&self, request: &Request) -> Result<Vec<Fault>> {
        let book = self.completed_for(request)?;
        Asked::of(&book, request)?.faults(&book)
    }

    /// The rows that no KPI of the catalog can use by its default policy, and the columns that hold the wrong type.
    ///
    /// A score of 10 is no fault of a table whose kinds of survey are not told apart: it is an answer on one scale and
    /// outside another. A score of 42 is outside them all.
    pub fn all_faults(&self) -> Result<Vec<Fault>> {
        let mut faults = BTreeSet::new();
        // Rows that some KPI could use, by the column that it reads there.
        let mut used = HashSet::new();
        for card in catalog() {
            let request = Request::new(card.id).as_of(When::Instant(END_OF_TIME));
            let found = self.faults(&request).and_then(|faults| Ok((faults, self.units(&request)?)));
            match found {
                Ok((found, units)) => {
                    faults.extend(found);
                    // Inputs of other tables are named with these.
                    let of_row = |row: u64| {
                        let names = card.inputs.iter().map(|input| input.trim_end_matches('?'));
                        names.map(move |input| (card.table, input, row))
                    };
                    let rows = units.rows.iter().filter(|unit| unit.fate == "observed");
                    used.extend(rows.flat_map(|unit| of_row(unit.row)));
                }
                Err(error) if error.kind() == ErrorKind::Internal => return Err(error),
                Err(error) if error.kind() == ErrorKind::WrongType => {
                    let at = error.at();
                    faults.insert(Fault {
                        table: at.table.clone().unwrap_or_default(),
                        column: at.column.clone().unwrap_or_default(),
                        row: at.row.unwrap_or(0),
                        reason: "wrong_type",
                        text: error.message().to_owned(),
                    });
                }
                // A KPI whose tables, columns or scales are not there finds no faults.
                Err(_) => {}
            }
        }
        let is_used =
            |fault: &Fault| used.contains(&(fault.table.as_str(), fault.column.as_str(), fault.row));
        Ok(faults.into_iter().filter(|fault| !is_used(fault)).collect())
    }

    /// The state of a request over all rows of this book, to be merged with that of other books.
    pub fn partial(&self, request: &Request) -> Result<State> {
        self.partial_of(request, 0, 1)
    }

    /// The state of a request over one part of this book. Merging the states of all `of` parts gives the state
    /// of the whole, to the last bit.
    pub fn partial_of(&self, request: &Request, part: u64, of: u64) -> Result<State> {
        if part >= of {
            return Err(Error::invalid(format!("part {part} of {of}: parts are counted from 0")));
        }
        let book = self.completed_for(request)?;
        let asked = Asked::of(&book, request)?;
        if of > 1 && asked.planned.plan.splits() == Splits::Whole {
            let message =
                format!("\"{}\" compares all units with each other: its data cannot be split", asked.id());
            return Err(Error::invalid(message));
        }
        if !asked.planned.plan.bounds().are_given(&asked.scope) {
            let message = format!(
                "\"{}\" also counts when nothing happens, and a part of the data does not know how far the others reach: give \
                 start and end",
                asked.id()
            );
            return Err(Error::invalid(message));
        }
        let part = (of > 1).then_some(Part { part, of });
        let grid = asked.grid(&book, part)?;
        Ok(State::new(asked, grid))
    }

    /// The columns of all tables, as `table.column`.
    pub(crate) fn columns(&self) -> Vec<String> {
        let columns = |table: &Table<'_>| -> Vec<String> {
            table.columns().iter().map(|column| format!("{}.{column}", table.name())).collect()
        };
        self.tables.values().flat_map(columns).collect()
    }

    /// Whether a table has a column, named as `column` or as `table.column`.
    pub(crate) fn has_column(&self, name: &str) -> bool {
        let has =
            |table: &str, column: &str| self.table(table).is_some_and(|table| table.find(column).is_some());
        match name.split_once('.') {
            Some((table, column)) => has(table, column),
            None => self.tables().any(|table| has(table, name)),
        }
    }

    /// The latest time in the columns that a KPI reads, which `as_of: "latest"` stands for.
    pub(crate) fn latest(&self, card: &Card, zones: &BTreeMap<String, String>) -> Result<Micros> {
        self.latest_of(card.table, &[card.inputs], zones)
    }

    /// The latest time in some columns: of a table, or named with theirs.
    pub(crate) fn latest_of(
        &self,
        table: &str,
        inputs: &[&[&'static str]],
        zones: &BTreeMap<String, String>,
    ) -> Result<Micros> {
        let mut latest = None;
        for input in inputs.iter().copied().flatten() {
            let name = input.trim_end_matches('?');
            let (table_name, column_name) = name.split_once('.').unwrap_or((table, name));
            // What is planned does not tell how far the data reaches, nor does what rules expect of it.
            let tells = column_name.ends_with("_at")
                && !PLANNED.contains(&column_name)
                && (table_name != "stages" || self.inferred.is_none());
            let Some(table) = self.table(table_name).filter(|_| tells) else {
                continue;
            };
            let named = zones.get(&format!("{table_name}.{column_name}")).or_else(|| zones.get(column_name));
            let zone = named.map_or(Ok(chrono_tz::Tz::UTC), |name| crate::scope::zone(name))?;
            Clock::of(table, column_name, zone).each(table, |_, time| latest = latest.max(time.at()));
        }
        // Without any time nothing can lie after as_of.
        Ok(latest.unwrap_or(END_OF_TIME))
    }
}

/// One KPI of one column of plain values, by its default policy.
pub(crate) fn of_values(kpi: &'static str, values: Column<'_>) -> Result<Outcome> {
    answer(kpi, values, &PolicyMap::new())
}

/// One KPI of one column of plain values: what `tenure.nps([10, 9, 7, 3])` is in every language.
///
/// ```
/// let policy = tenure::Nps { interval: Some(tenure::TrinomialInterval::Wald), ..Default::default() };
/// let outcome = tenure::answer("nps", [10, 9, 7, 3].into(), &tenure::Policy::to_map(&policy))?;
/// assert_eq!(outcome.interval.map(|interval| interval.method), Some("wald"));
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn answer(kpi: &str, values: Column<'_>, policy: &PolicyMap) -> Result<Outcome> {
    let (found, _) = crate::catalog::find(kpi)?;
    let card = found.card();
    let Some(column) = card.values else {
        let message = format!("\"{kpi}\" needs more than one column of values; ask a book");
        return Err(Error::invalid(message));
    };
    let mut book = Book::new();
    book.add(Table::new(card.table).column(column, values))?;
    let mut request = Request::new(kpi).as_of(When::Instant(END_OF_TIME));
    request.policy.clone_from(policy);
    let outcomes = book.compute(&request)?;
    outcomes.rows.into_iter().next().ok_or_else(|| Error::internal("an answer without a row"))
}
