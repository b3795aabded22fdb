//! Which of an entity's answers count, and when.

use crate::compute::{Context, Moment, Out, Sink};
use crate::error::Result;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, Reason, RowMeasure};
use crate::scope::Micros;
use crate::view::{ByEntity, Entity};
use std::collections::BTreeMap;

/// Which answers of an entity stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    All,
    /// The latest of all.
    Latest,
    /// The latest of each period.
    LatestInPeriod,
    /// In each period, the latest and those at most this many days of 24 hours before it, ends included.
    WithinDays(u32),
}

/// When an answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribution {
    /// When it was given.
    Answered,
    /// When its entity was closed; until then it is no unit.
    Closed,
}

const LATER: Reason =
    Reason::new("answered_at", "superseded", "is followed by a later answer that counts instead");
const OUTSIDE: Reason =
    Reason::new("answered_at", "outside_window", "lies too long before the latest answer");
const DAY: Micros = 86_400_000_000;

/// A measure of single answers, applied to those that stay.
pub(crate) struct OfEntity<M> {
    pub(crate) answer: M,
    pub(crate) keep: Keep,
    pub(crate) attribution: Attribution,
}

impl<M: RowMeasure> EntityMeasure for OfEntity<M> {
    type Value = M::Value;
    type View = ByEntity;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        self.answer.inputs()
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        entity: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        // Only answers that would count compete for being the latest.
        let mut judged = Vec::with_capacity(entity.rows.len());
        let mut latest: BTreeMap<Option<u32>, (Micros, usize)> = BTreeMap::new();
        let frame = out.gated.frame;
        for answer in &entity.rows {
            let time = match (self.attribution, answer.time, entity.closed_at) {
                (Attribution::Answered, time, _) => time,
                (Attribution::Closed, Moment::At(given), Some(closed_at))
                    if given <= frame.context.scope.as_of =>
                {
                    Moment::At(closed_at)
                }
                (Attribution::Closed, ..) => {
                    why.note("closed_at", || "not answered, or not closed yet: no unit".to_owned());
                    continue;
                }
            };
            let Some((at, fate)) = frame.judge(self.answer.row(&answer.row), &answer.row, time)? else {
                continue;
            };
            let period = match self.keep {
                // What is outside the periods asked for competes in none of them.
                Keep::LatestInPeriod | Keep::WithinDays(_) if at.is_some_and(|at| !frame.in_window(at)) => {
                    continue;
                }
                Keep::LatestInPeriod | Keep::WithinDays(_) => out.period(at)?,
                Keep::All | Keep::Latest => None,
            };
            let given = answer.time.at();
            if let (Fate::Observed(_), Some(given)) = (&fate, given) {
                // Answers come in order: the last one seen is the latest.
                latest.insert(period, (given, answer.number));
            }
            judged.push((answer.number, given, at, period, fate));
        }
        for (number, given, at, period, fate) in judged {
            let reason = match (&fate, given, latest.get(&period)) {
                (Fate::Observed(_), Some(given), Some(latest)) => self.leaves_out(number, given, *latest),
                _ => None,
            };
            if let (Some(_), Some((_, latest))) = (reason, latest.get(&period)) {
                why.note("latest answer", || format!("row {latest}, instead of row {number}"));
            }
            out.put(number, at, reason.map_or(fate, Fate::Excluded), Vec::new())?;
        }
        Ok(())
    }
}

impl<M> OfEntity<M> {
    fn leaves_out(&self, number: usize, at: Micros, (latest_at, latest): (Micros, usize)) -> Option<Reason> {
        match self.keep {
            Keep::All => None,
            Keep::Latest | Keep::LatestInPeriod => (number != latest).then_some(LATER),
            Keep::WithinDays(days) => (latest_at - at > i64::from(days) * DAY).then_some(OUTSIDE),
        }
    }
}
