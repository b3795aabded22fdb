//! The rows of `sla_policies`, checked, and which of them holds.

use super::super::stopwatch::SchedulesOfRecord;
use super::SlaMetric;
use super::progress::Pauses;
use crate::calendar::OpenHours;
use crate::column::Reading;
use crate::compute::{Context, Moment, moment};
use crate::error::Result;
use crate::key::Key;
use crate::kpi::support::{Clock, Status};
use crate::policy::{Choice, Named};
use crate::scope::Micros;
use crate::table::Table;
use std::ops::Range;
use std::sync::Arc;

pub(super) const SECOND: Micros = 1_000_000;

/// One row of `sla_policies`.
pub(super) struct Target {
    pub(super) metric: SlaMetric,
    pub(super) policy_id: Key,
    pub(super) row: usize,
    pub(super) micros: Micros,
    pub(super) hours: Hours,
    pub(super) pauses: Pauses,
    /// When conversations have to be created.
    valid: Range<Micros>,
    priority: Key,
    schedule_id: Key,
}

/// Which time counts.
pub(super) enum Hours {
    /// All of it.
    Calendar,
    /// The open hours of the schedule that the policy names.
    Named(Arc<OpenHours>),
    /// The open hours of the conversation's schedule of record.
    OfRecord,
}

/// All targets of a metric, or of all, and which holds for whom.
pub(super) struct Targets {
    all: Vec<Target>,
    /// The priorities that the targets name.
    priorities: Vec<Key>,
    /// By metric and class of priority the targets that may hold, the first valid one of which does. Class 0 is
    /// whatever no target names; class `p + 1` is `priorities[p]`.
    candidates: Vec<Vec<usize>>,
    /// Whether there is any target of each metric.
    has: [bool; SlaMetric::ALL.len()],
}

const TABLE: &str = "sla_policies";

impl Targets {
    pub(super) fn read(context: &Context<'_>, only: Option<SlaMetric>) -> Result<Self> {
        let table = context.book.require(TABLE)?;
        let columns = Columns::of(context, table)?;
        let mut all = (0..table.rows()).map(|row| columns.target(row)).collect::<Result<Vec<_>>>()?;
        all.retain(|target| only.is_none_or(|metric| metric == target.metric));
        // By id, and beyond it in an order that does not depend on how rows come.
        let order = table.order("policy_id");
        all.sort_by(|a, b| order.compare(a.row, b.row));
        let mut priorities: Vec<Key> =
            all.iter().map(|target| target.priority.clone()).filter(|p| *p != Key::Null).collect();
        priorities.sort();
        priorities.dedup();
        let mut candidates = Vec::new();
        for (_, _, metric) in SlaMetric::ALL {
            let with = |priority: &Key| {
                let is =
                    |(_, target): &(usize, &Target)| target.metric == *metric && target.priority == *priority;
                all.iter().enumerate().filter(is).map(|(at, _)| at).collect::<Vec<_>>()
            };
            let of_any = with(&Key::Null);
            candidates.push(of_any.clone());
            candidates.extend(priorities.iter().map(|own| [with(own), of_any.clone()].concat()));
        }
        let has = std::array::from_fn(|metric| all.iter().any(|target| target.metric as usize == metric));
        Ok(Self { all, priorities, candidates, has })
    }

    /// Looks the schedules up that the targets name. Nothing if no target counts open hours.
    pub(super) fn bind_schedules(&mut self, context: &Context<'_>) -> Result<Option<SchedulesOfRecord>> {
        if self.all.iter().all(|target| matches!(target.hours, Hours::Calendar)) {
            return Ok(None);
        }
        let schedules = SchedulesOfRecord::of(context, None)?;
        for target in self.all.iter_mut().filter(|target| matches!(target.hours, Hours::OfRecord)) {
            if target.schedule_id != Key::Null {
                target.hours = Hours::Named(schedules.hours(target.schedule_id.reading())?.clone());
            }
        }
        Ok(Some(schedules))
    }

    /// The priorities that the targets name.
    pub(super) fn priorities(&self) -> &[Key] {
        &self.priorities
    }

    /// Whether the clock of some target pauses.
    pub(super) fn pause(&self) -> bool {
        self.all.iter().any(|target| !target.pauses.is_empty())
    }

    /// Whether there is any target of a metric.
    pub(super) fn has(&self, metric: SlaMetric) -> bool {
        self.has.get(metric as usize).copied().unwrap_or(false)
    }

    /// The target that holds for a conversation of a class of priority.
    pub(super) fn of(&self, metric: SlaMetric, class: u32, created: Micros) -> Option<&Target> {
        let candidates = metric as usize * (self.priorities.len() + 1) + class as usize;
        let mut candidates = self.candidates.get(candidates)?.iter().filter_map(|at| self.all.get(*at));
        candidates.find(|target| target.valid.contains(&created))
    }
}

/// The columns of `sla_policies`.
struct Columns<'c> {
    context: &'c Context<'c>,
    table: &'c Table<'c>,
    policy_id: usize,
    metric: usize,
    target_seconds: usize,
    clock: usize,
    priority: Option<usize>,
    schedule_id: Option<usize>,
    pauses: Option<usize>,
    valid_from: Option<usize>,
    valid_to: Option<usize>,
}

impl<'c> Columns<'c> {
    fn of(context: &'c Context<'c>, table: &'c Table<'c>) -> Result<Self> {
        Ok(Self {
            context,
            table,
            policy_id: table.require("policy_id")?,
            metric: table.require("metric")?,
            target_seconds: table.require("target_seconds")?,
            clock: table.require("clock")?,
            priority: table.find("priority"),
            schedule_id: table.find("schedule_id"),
            pauses: table.find("pauses"),
            valid_from: table.find("valid_from"),
            valid_to: table.find("valid_to"),
        })
    }

    fn target(&self, row: usize) -> Result<Target> {
        let from = self.instant(row, self.valid_from, "valid_from")?.unwrap_or(Micros::MIN);
        let to = self.instant(row, self.valid_to, "valid_to")?.unwrap_or(Micros::MAX);
        let hours = match self.choice::<Clock>(row, self.clock, "clock")? {
            Clock::Calendar => Hours::Calendar,
            Clock::Business => Hours::OfRecord,
        };
        Ok(Target {
            metric: self.choice(row, self.metric, "metric")?,
            policy_id: Key::named(self.table.read(self.policy_id, row)),
            row,
            micros: self.micros(row)?,
            hours,
            pauses: self.pauses(row)?,
            valid: from..to,
            priority: self.named(row, self.priority),
            schedule_id: self.named(row, self.schedule_id),
        })
    }

    fn micros(&self, row: usize) -> Result<Micros> {
        let seconds = match self.table.read(self.target_seconds, row) {
            Reading::Whole(seconds) if seconds > 0 => Micros::try_from(seconds).ok(),
            _ => None,
        };
        let micros = seconds.and_then(|seconds| seconds.checked_mul(SECOND));
        micros.ok_or_else(|| self.table.wrong(row, "target_seconds", "a whole number of seconds above 0"))
    }

    fn choice<C: Choice>(&self, row: usize, column: usize, name: &str) -> Result<C> {
        let choice = match self.table.read(column, row) {
            Reading::Text(text) => <C as Named>::parse(text).ok(),
            _ => None,
        };
        choice.ok_or_else(|| self.table.wrong(row, name, &names::<C>()))
    }

    fn named(&self, row: usize, column: Option<usize>) -> Key {
        column.map_or(Key::Null, |column| Key::named(self.table.read(column, row)))
    }

    fn instant(&self, row: usize, column: Option<usize>, name: &str) -> Result<Option<Micros>> {
        let Some(column) = column else { return Ok(None) };
        match moment(self.table.read(column, row), self.context.scope.column_zone(TABLE, name)) {
            Moment::At(at) => Ok(Some(at)),
            Moment::Absent => Ok(None),
            Moment::Bad(..) => Err(self.table.wrong(row, name, "a time, or none")),
        }
    }

    /// A list of statuses; text is one, of names between commas.
    fn pauses(&self, row: usize) -> Result<Pauses> {
        let mut pauses = Pauses::default();
        let mut add = |text: &str| {
            let status = <Status as Named>::parse(text.trim());
            status
                .map(|status| pauses.insert(status))
                .map_err(|_| self.table.wrong(row, "pauses", &names::<Status>()))
        };
        let found = self.pauses.zip(self.table.locate(row));
        let Some((column, local)) =
            found.and_then(|(at, (_, chunk, local))| chunk.columns.get(at).map(|column| (column, local)))
        else {
            return Ok(pauses);
        };
        match (column.list(local), column.read(local)) {
            (Some((items, range)), _) => {
                for at in range {
                    match items.read(at) {
                        Reading::Text(text) => add(text)?,
                        Reading::Missing => {}
                        _ => return Err(self.table.wrong(row, "pauses", &names::<Status>())),
                    }
                }
            }
            (None, Reading::Text(text)) => {
                text.split(',').filter(|name| !name.trim().is_empty()).try_for_each(add)?;
            }
            (None, Reading::Missing) => {}
            (None, _) => return Err(self.table.wrong(row, "pauses", "a list of statuses")),
        }
        Ok(pauses)
    }
}

fn names<C: Choice>() -> String {
    let names: Vec<&str> = C::ALL.iter().map(|(name, _, _)| *name).collect();
    names.join(", ")
}
