//! # Accounts per manager
//!
//! **Question.** How many customers does each manager look after?
//!
//! **Definition.** Accounts on record that have a manager, over the distinct managers that they have, at the end of each
//! period, or at `as_of` if that comes first. By `manager` it is the size of each one's book; beside the
//! [touch count](mod@super::touch_count) by manager it is the workload.
//!
//! **Example.** Kim has one account, Lee two, and one is nobody's: 3 over 2 is 1.5, one missing.
//!
//! **Edge cases.** An account without a manager is missing: see `n_missing` for those that nobody looks after. Accounts that are
//! internal, or churned by then (`accounts`), are left out; the others count from their creation on, those without a date
//! always. The table says who the manager is now, not who was. Nobody manages anything: undefined.
//!
//! **Merging and sources.** A count, and the set of the managers; all of an account goes to one part. A plain ratio, which
//! customer-success teams plan their people by.

use super::of_account::{ACCOUNT, ATTRIBUTES, AccountMeasure, Stock, TRUSTS};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, PeriodEnd, Row};
use crate::error::Result;
use crate::formula::EachOf;
use crate::key::Key;
use crate::kpi::lifecycle::{Stages, stage_policy};
use crate::kpi::success::AccountsLookedAt;
use crate::measure::{Evidence, Fate, Input, InputKind};
use crate::summary::Ids;

stage_policy! {
    /// The choices of the accounts per manager.
    pub struct AccountsPerManager {
        /// Which accounts are looked at. By default those that are customers: the others are nobody's work.
        pub accounts: AccountsLookedAt = AccountsLookedAt::Current,
    } and {}
    presets {}
}

static CARD: Card = Card {
    id: "accounts_per_manager",
    name: "Accounts per manager",
    question: "How many customers does each manager look after?",
    formula: "accounts with a manager / distinct managers",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "accounts",
    key: "account_id",
    inputs: &[
        "account_id",
        "manager",
        "created_at?",
        "internal?",
        "stages.account_id?",
        "stages.stage?",
        "stages.occurred_at?",
    ],
    dimensions: &[],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: TRUSTS,
    revision: 1,
    sources: &[],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = AccountsPerManager;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let stages = Stages::of(&choices.lifecycle, choices.stages_from, choices.impossible)?;
        let stock = Stock { stages, accounts: choices.accounts, measure: Managers };
        Ok(Planned::new(stock.on_record::<Ids, _>(EachOf)).ratio())
    }
}

/// Who looks after each account.
#[derive(Clone)]
struct Managers;

impl AccountMeasure for Managers {
    type Value = Key;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        const { &[ACCOUNT, Input::required("manager", InputKind::Any)] }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn account(
        &self,
        (): &(),
        (_, row): (&Key, &Row<'_>),
        _: PeriodEnd,
        _: &Context<'_>,
        _: &mut impl Evidence,
    ) -> Result<Fate<Key>> {
        Ok(match Key::named(row.read(1)) {
            Key::Null => Fate::Missing,
            manager => Fate::Observed(manager),
        })
    }
}
