//! From a request to an answer: what the verbs of a book and of a state have in common.

use crate::book::Book;
use crate::catalog::{Card, MEASURED_FROM, Planned, find};
use crate::compute::{AnyGrid, Context, Finish, Part, alone, together};
use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use crate::inferred;
use crate::key::Key;
use crate::outcome::{Fault, Note, OptionalColumns, Outcome, Outcomes, Status, Trace, Units};
use crate::policy::PolicyMap;
use crate::request::{Request, Scope};
use crate::scope::{Micros, When};
use crate::state::Reader;
use crate::table::Table;
use crate::view::EventReading;
use serde_json::Value;
use std::collections::BTreeMap;

/// More stories than this nobody reads, and each takes a pass over the data.
const MOST_TRACES: usize = 100;

/// Questions answered in one pass: each needs a part of the stack, and room for what it keeps.
const MOST_TOGETHER: usize = 16;

/// A request, checked and planned: KPI found, policy resolved, times turned into instants.
pub(crate) struct Asked {
    /// The request with everything resolved; equal requests mean equal questions.
    pub(crate) resolved: Request,
    pub(crate) scope: Scope,
    pub(crate) planned: Planned,
    pub(crate) card: &'static Card,
    policy: PolicyMap,
}

impl Asked {
    /// Plans a request about a book.
    pub(crate) fn of(book: &Book<'_>, request: &Request) -> Result<Self> {
        for name in request.column_zones.keys() {
            if !book.has_column(name) {
                let columns = book.columns();
                let hint = suggest(name, columns.iter().map(String::as_str));
                let message = format!("column_zones names {}, which no table has{hint}", quoted(name));
                return Err(Error::new(ErrorKind::UnknownColumn, message).in_column(name));
            }
        }
        let request = &*inferred::with_own_lifecycle(book, request);
        let mut asked = Self::plan(request, |card, zones| book.latest(card, zones))?;
        let mut stand_ins = asked.planned.plan.stand_ins(book);
        stand_ins.extend(book.derived(asked.card.table));
        stand_ins.extend(book.inferred().into_iter().flat_map(|stages| stages.told_by.iter().copied()));
        for policy in [&mut asked.policy, &mut asked.resolved.policy] {
            policy.remove(MEASURED_FROM);
            if !stand_ins.is_empty() {
                policy.insert(MEASURED_FROM.to_owned(), stand_ins.clone().into());
            }
        }
        Ok(asked)
    }

    /// Plans a request that a state brings along; its times are instants already.
    pub(crate) fn again(request: &Request) -> Result<Self> {
        Self::plan(request, |_, _| Err(Error::corrupt("the state's request is not resolved")))
    }

    fn plan(
        request: &Request,
        latest: impl FnOnce(&Card, &BTreeMap<String, String>) -> Result<Micros>,
    ) -> Result<Self> {
        let (kpi, mut policy) = find(&request.kpi)?;
        for (field, value) in &request.policy {
            if policy.get(field).is_some_and(|fixed| fixed != value) {
                let message =
                    format!("\"{}\" stands for a policy whose {field} is another than {value}", request.kpi);
                return Err(Error::invalid(message));
            }
            policy.insert(field.clone(), value.clone());
        }
        let (planned, policy) = kpi.plan(&policy)?;
        let card = kpi.card();
        let scope = Scope::of(request, || latest(card, &request.column_zones))?;
        if planned.lookback != crate::compute::Lookback::None
            && scope.calendar.is_none()
            && (scope.start.is_none() || scope.end.is_none())
        {
            let message = format!("\"{}\" compares periods: give every, or start and end", card.id);
            return Err(Error::invalid(message));
        }
        let mut resolved = request.clone();
        card.id.clone_into(&mut resolved.kpi);
        resolved.policy.clone_from(&policy);
        resolved.start = scope.start.map(When::Instant);
        resolved.end = scope.end.map(When::Instant);
        resolved.as_of = Some(When::Instant(scope.as_of));
        Ok(Self { resolved, scope, planned, card, policy })
    }

    /// What is asked, without how it was written or how large the answer may be: states of equal questions merge.
    pub(crate) fn question(&self) -> String {
        let mut question = self.resolved.clone();
        let unlimited = Request::new("");
        (question.max_rows, question.max_groups) = (unlimited.max_rows, unlimited.max_groups);
        // Every choice is there by itself, whichever preset made it.
        question.policy.remove("preset");
        for values in question.filter.values_mut() {
            values.sort_by_key(Value::to_string);
            values.dedup();
        }
        question.to_json()
    }

    pub(crate) fn id(&self) -> &'static str {
        self.card.id
    }

    fn context<'c>(&'c self, book: &'c Book<'c>) -> Context<'c> {
        Context { book, scope: &self.scope, lookback: self.planned.lookback, pace: &alone }
    }

    pub(crate) fn grid(&self, book: &Book<'_>, part: Option<Part>) -> Result<Box<dyn AnyGrid>> {
        self.planned.plan.grid(&self.context(book), part)
    }

    /// The answers to several requests, in order, in one pass for each table as far as that goes.
    pub(crate) fn answer_all(asked: &[Self], book: &Book<'_>) -> Result<Vec<Outcomes>> {
        let table = |asked: &Self| asked.planned.plan.unit_table().0;
        // What goes wrong here does so again for the question that needs it, which says so.
        let readings = asked.iter().map(|asked| asked.planned.plan.readings(&asked.context(book)));
        let readings: Vec<EventReading> = readings.filter_map(Result::ok).flatten().collect();
        let _ = EventReading::ahead(book, readings);
        let mut order: Vec<usize> = (0..asked.len()).collect();
        order.sort_by_key(|at| asked.get(*at).map(table));
        let mut answers = Vec::with_capacity(asked.len());
        let one_table = |a: &usize, b: &usize| asked.get(*a).map(table) == asked.get(*b).map(table);
        for of_table in order.chunk_by(one_table) {
            for at in of_table.chunks(MOST_TOGETHER) {
                let questions: Vec<&Self> = at.iter().filter_map(|at| asked.get(*at)).collect();
                let Some(table) = questions.first().map(|first| table(first)) else { continue };
                let rows = book.table(table).map_or(0, Table::rows);
                let grids = together(table, rows, &questions, &|question, pace| {
                    question.planned.plan.grid(&Context { pace, ..question.context(book) }, None)
                })?;
                for ((at, question), grid) in at.iter().zip(questions).zip(grids) {
                    answers.push((*at, question.finish(grid.as_ref())?));
                }
            }
        }
        answers.sort_by_key(|(at, _)| *at);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    pub(crate) fn decode(&self, bytes: &mut Reader<'_>) -> Result<Box<dyn AnyGrid>> {
        self.planned.plan.decode(bytes, self.scope.by.len())
    }

    pub(crate) fn finish(&self, grid: &dyn AnyGrid) -> Result<Outcomes> {
        if self.planned.measures_time && self.scope.calendar.is_none() && self.scope.start.is_none() {
            let message = format!("\"{}\" is measured over time: give every, or start", self.card.id);
            return Err(Error::invalid(message));
        }
        let policy = serde_json::to_string(&self.policy).map_err(|e| Error::internal(e.to_string()))?;
        let template = Outcome {
            kpi: self.card.id,
            period: None,
            by: Vec::new(),
            dimensions: Vec::new(),
            value: None,
            label: None,
            instant: None,
            numerator: None,
            denominator: None,
            amount_minor: None,
            currency: None,
            n: 0,
            n_missing: 0,
            n_invalid: 0,
            n_immature: 0,
            n_excluded: 0,
            n_censored: 0,
            status: Status::Undefined,
            interval: None,
            unit: self.planned.unit.unwrap_or(self.card.unit),
            policy: policy.into(),
        };
        let ask = Finish { template, lookback: self.planned.lookback };
        let rows = self.planned.plan.finish(grid, &self.scope, &ask)?;
        Ok(Outcomes {
            kpi: self.card.id,
            by: self.scope.by.clone(),
            dimensions: self.planned.dimensions.to_vec(),
            columns: OptionalColumns { period: self.scope.calendar.is_some(), ..self.planned.columns },
            zone: self.scope.zone.name().to_owned(),
            as_of: self.scope.as_of,
            rows,
        })
    }

    pub(crate) fn units(&self, book: &Book<'_>) -> Result<Units> {
        let (table, key) = self.planned.plan.unit_table_of(book);
        let has_key = book.require(table)?.find(key).is_some();
        Ok(Units {
            kpi: self.card.id,
            key: if has_key { key } else { "row" }.to_owned(),
            by: self.scope.by.clone(),
            // A unit counts for values of one dimension; those before it follow from when it counts.
            dimensions: self.card.dimensions.last().copied().into_iter().collect(),
            zone: self.scope.zone.name().to_owned(),
            rows: self.planned.plan.units(&self.context(book))?,
        })
    }

    pub(crate) fn faults(&self, book: &Book<'_>) -> Result<Vec<Fault>> {
        self.planned.plan.faults(&self.context(book))
    }

    pub(crate) fn trace(&self, book: &Book<'_>, column: &str, value: &Key) -> Result<Vec<Trace>> {
        let mut refused = None;
        for part in self.planned.plan.parts(book) {
            match rows_where(book.require(part.unit_table().0)?, column, value) {
                Ok(rows) => {
                    let rows = part.unit_rows(&self.context(book), rows)?;
                    if rows.len() > MOST_TRACES {
                        return Err(too_many(column, value));
                    }
                    let note = |row| self.story(part.trace(&self.context(book), row)?, row);
                    return rows.into_iter().map(note).collect();
                }
                Err(error) if error.kind() == ErrorKind::LimitExceeded => return Err(error),
                // Another table may have it; if none has, the first says so.
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(|| Error::internal("a plan without a unit table")))
    }

    fn story(&self, mut notes: Vec<Note>, row: usize) -> Result<Trace> {
        let policy = serde_json::to_string(&self.policy).map_err(|e| Error::internal(e.to_string()))?;
        notes.push(Note { what: "policy".to_owned(), found: policy });
        Ok(Trace { kpi: self.card.id, row: row as u64, notes })
    }
}

fn too_many(column: &str, value: &Key) -> Error {
    let message =
        format!("more than {MOST_TRACES} rows have {column} {value}; name one by its key, or by row");
    Error::new(ErrorKind::LimitExceeded, message)
}

/// The rows of a table whose column holds a value: at least one.
fn rows_where(table: &Table<'_>, column: &str, value: &Key) -> Result<Vec<usize>> {
    let rows: Vec<usize> = if column == "row" {
        let row = match value {
            Key::Whole(row) => usize::try_from(*row).ok().filter(|row| *row < table.rows()),
            _ => None,
        };
        row.into_iter().collect()
    } else {
        let at = table.find(column).ok_or_else(|| {
            let hint = suggest(column, table.columns().iter().map(String::as_str));
            Error::new(
                ErrorKind::UnknownColumn,
                format!("table \"{}\" has no column \"{column}\"{hint}", table.name()),
            )
            .in_table(table.name())
            .in_column(column)
        })?;
        (0..table.rows()).filter(|row| Key::from(table.read(at, *row)) == *value).collect()
    };
    if rows.is_empty() {
        return Err(Error::invalid(format!("no row of table \"{}\" has {column} {value}", table.name())));
    }
    Ok(rows)
}
