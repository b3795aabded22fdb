//! What all stocks of accounts have in common that look at touches and managers.

use super::choices::{AccountsLookedAt, WhichTouches};
use crate::compute::{Context, Instead, Joined, Out, PeriodEnd, Pipeline, Plan, Row, Sink};
use crate::error::Result;
use crate::formula::Formula;
use crate::key::Key;
use crate::kpi::lifecycle::Stages;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::outcome::Fault;
use crate::scope::{Micros, format_instant};
use crate::summary::Summary;
use crate::view::{
    ByEntity, Entity, Journeys, ON_RECORD, TouchAt, TouchTable, TouchedAccount, TouchedAccounts, Touches,
    names_accounts,
};
use std::sync::Arc;

/// What they know of an account themselves.
pub(super) const ATTRIBUTES: &[&str] = &["stage"];

/// The columns that overwrite the past.
pub(super) const TRUSTS: &[&str] = &["internal", "manager"];

/// A measure of an account at the end of a period.
pub(super) trait AccountMeasure: Clone + Send + Sync + 'static {
    type Value: Value;
    /// What it needs of other tables, worked out once a request.
    type Side;

    fn inputs(&self) -> &[Input] {
        const { &[ACCOUNT] }
    }

    fn side(&self, context: &Context<'_>) -> Result<Self::Side>;

    /// The rows of other tables that it could not use.
    fn faults(&self, _: &Context<'_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }

    /// Since when anything is known: accounts without a date of their own are there from then on.
    fn begin(&self, _: &Self::Side) -> Option<Micros> {
        None
    }

    fn account(
        &self,
        side: &Self::Side,
        account: (&Key, &Row<'_>),
        end: PeriodEnd,
        context: &Context<'_>,
        why: &mut impl Evidence,
    ) -> Result<Fate<Self::Value>>;
}

/// The first input of every measure of accounts.
pub(super) const ACCOUNT: Input = Input::required("account_id", InputKind::Any);

/// Accounts on record, looked at by a measure.
#[derive(Clone)]
pub(super) struct Stock<M> {
    pub(super) stages: Stages,
    pub(super) accounts: AccountsLookedAt,
    pub(super) measure: M,
}

impl<M: AccountMeasure> Stock<M> {
    /// The plan of accounts on record.
    pub(super) fn on_record<S, F>(self, formula: F) -> impl Plan + use<M, S, F>
    where
        S: Summary<M::Value>,
        F: Formula<S> + 'static,
    {
        let view = ByEntity { rows: ON_RECORD, entity: ACCOUNT.column, in_time: false, closed_at: None };
        Pipeline::<_, _, S>::entities(view, OnRecord(self), formula)
    }

    /// The same; where a book has no accounts those that touches name.
    pub(super) fn on_record_or_touched<S, F>(self, formula: F) -> impl Plan + use<M, S, F>
    where
        S: Summary<M::Value>,
        F: Formula<S> + Clone + 'static,
    {
        let of = |table| {
            let measure = Touched(self.clone());
            Pipeline::<_, _, S>::entities(TouchedAccounts::of(table), measure, formula.clone())
        };
        let touched = Joined::either(of(TouchTable::Interactions), of(TouchTable::Conversations));
        Instead::of(self.on_record::<S, F>(formula), touched)
    }

    fn side(&self, context: &Context<'_>) -> Result<Beside<M::Side>> {
        let needs_stages = self.accounts == AccountsLookedAt::Current || context.asks("stage");
        let journeys = if needs_stages { self.stages.journeys(context)? } else { None };
        let as_of = context.scope.as_of;
        let own = self.measure.side(context)?;
        let begin = self.measure.begin(&own).filter(|begin| *begin <= as_of);
        let begin = begin.or_else(|| journeys.as_ref().and_then(|journeys| journeys.begin(as_of)));
        Ok(Beside { journeys, begin, own })
    }

    /// Looks at an account at the end of each period in which it is there.
    fn put<E: Evidence>(
        &self,
        beside: &Beside<M::Side>,
        (key, row, number): (&Key, &Row<'_>, usize),
        (from, excluded): (Option<Micros>, Option<Reason>),
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        let context = out.gated.frame.context;
        let scope = context.scope;
        // Whoever has no date was always there: as long as anything is asked for, or known.
        let always = || scope.start.unwrap_or_else(|| beside.begin.unwrap_or(scope.as_of));
        out.stock_of(number, (from.unwrap_or_else(always), None), |out, end| {
            let journey = beside.journeys.as_ref().and_then(|journeys| journeys.find(key, end.known));
            let stay = journey.as_ref().and_then(|journey| Some((journey, journey.last()?)));
            let name = stay.as_ref().map(|(journey, stay)| journey.stage(stay));
            out.attribute("stage", || name.map_or(Key::Null, Key::from));
            if let Some((stage, (_, stay))) = name.zip(stay.as_ref()) {
                why.note("stage", || format!("{stage} since {}", format_instant(stay.entered(), scope.zone)));
            }
            let has_ended = stay.is_some_and(|(_, stay)| self.stages.lifecycle.is_end(stay.stage()));
            if let Some(reason) = excluded {
                return Ok((Some(end.at), Fate::Excluded(reason)));
            }
            if has_ended && self.accounts == AccountsLookedAt::Current {
                return Ok((Some(end.at), Fate::Excluded(CHURNED)));
            }
            Ok((Some(end.at), self.measure.account(&beside.own, (key, row), end, context, why)?))
        })
    }
}

const CHURNED: Reason = Reason::new("account_id", "churned", "is an account whose journey has ended");

/// What is looked up beside the accounts.
struct Beside<S> {
    journeys: Option<Arc<Journeys>>,
    /// Since when anything is known.
    begin: Option<Micros>,
    own: S,
}

struct OnRecord<M>(Stock<M>);

impl<M: AccountMeasure> EntityMeasure for OnRecord<M> {
    type Value = M::Value;
    type View = ByEntity;
    type Side = Beside<M::Side>;

    fn inputs(&self) -> &[Input] {
        self.0.measure.inputs()
    }

    fn attributes(&self) -> &'static [&'static str] {
        ATTRIBUTES
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        self.0.measure.faults(context)
    }

    fn side(&self, context: &Context<'_>) -> Result<Self::Side> {
        self.0.side(context)
    }

    fn entity<E: Evidence>(
        &self,
        beside: &Self::Side,
        account: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        // Of several versions the last one tells the groups, and the first when the account was created.
        let (Some(first), Some(version)) = (account.rows.first(), account.rows.last()) else { return Ok(()) };
        let key = Key::named(version.row.read(0));
        if key == Key::Null {
            return Ok(());
        }
        let unit = (&key, &version.row, version.number);
        match out.gated.frame.judge(Fate::Observed(()), &version.row, first.time)? {
            None => Ok(()),
            Some((at, Fate::Invalid(reason))) => {
                out.put(version.number, at, Fate::Invalid(reason), Vec::new())
            }
            Some((created, fate)) => self.0.put(beside, unit, (created, fate.reason()), out, why),
        }
    }
}

struct Touched<M>(Stock<M>);

impl<M: AccountMeasure> EntityMeasure for Touched<M> {
    type Value = M::Value;
    type View = TouchedAccounts;
    type Side = Beside<M::Side>;

    fn inputs(&self) -> &[Input] {
        const { &[Input::optional(ACCOUNT.column, InputKind::Any)] }
    }

    fn attributes(&self) -> &'static [&'static str] {
        ATTRIBUTES
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        self.0.measure.faults(context)
    }

    fn side(&self, context: &Context<'_>) -> Result<Self::Side> {
        self.0.side(context)
    }

    fn entity<E: Evidence>(
        &self,
        beside: &Self::Side,
        account: &TouchedAccount<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        let TouchedAccount { key, since, number, row } = *account;
        self.0.put(beside, (key, row, number), (Some(since), None), out, why)
    }
}

/// The touches that count, by account.
pub(super) struct LastTouches {
    touches: Arc<Touches>,
    which: WhichTouches,
}

impl LastTouches {
    pub(super) fn of(context: &Context<'_>, which: WhichTouches) -> Result<Self> {
        let touches = Touches::of(context)?;
        for table in [TouchTable::Interactions, TouchTable::Conversations] {
            if let Some(found) = context.book.table(table.name()) {
                found.require(table.time())?;
                // Touches of nobody would make every account look forgotten.
                if !names_accounts(context.book, found, context.scope) {
                    found.require(ACCOUNT.column)?;
                }
            }
        }
        Ok(Self { touches, which })
    }

    pub(super) fn begin(&self) -> Option<Micros> {
        self.touches.begin()
    }

    /// The last touch of an account up to an instant.
    pub(super) fn last(
        &self,
        account: &Key,
        until: Micros,
        context: &Context<'_>,
        why: &mut impl Evidence,
    ) -> Option<TouchAt> {
        let counts = |touch: &_| self.which.fate(touch, "") == Fate::Observed(());
        let last = self.touches.last(account, until, counts);
        why.note("last touch", || match last {
            None => "none".to_owned(),
            Some(TouchAt { at, table, row }) => {
                format!("{}, row {row} of {}", format_instant(at, context.scope.zone), table.name())
            }
        });
        last
    }
}
