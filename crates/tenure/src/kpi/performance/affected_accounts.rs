//! # Affected accounts
//!
//! **Question.** How many customers notice that something fails?
//!
//! **Definition.** Distinct accounts with a probe that failed; with `definition: share`, in percent of the accounts with
//! any probe.
//!
//! **Example.** Probes of accounts a and b fail, a's in two services, and one of c is answered: two accounts, 66.7 %.
//!
//! **Edge cases.** A count of nothing is 0, a share of nothing undefined. A probe without account, or one that does not say
//! whether it was answered, is missing; `n` is of probes. What was tried during maintenance is left out. An account that
//! nobody probed is not known to be spared, and is not in the share.
//!
//! **Merging and sources.** Two sets of ids; any rows may go to any part. It joins what operations know to customers, as no
//! vendor's page does.

use super::probes::{MAINTENANCE, OK, answered, probes};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Row};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, Percent, ProportionInterval};
use crate::key::Key;
use crate::kpi::voice::source::WILSON;
use crate::measure::{Fate, Input, InputKind, RowMeasure, Value};
use crate::policy::{choice, policy};
use crate::summary::{Cell, Ids, Overflow, Pair, Summary};

choice! {
    /// What is told of the accounts.
    pub enum AffectedDefinition {
        /// How many.
        Count = "count",
        /// Which share of those with probes, in percent.
        Share = "share",
    }
}

policy! {
    /// The choices of the affected accounts.
    pub struct AffectedAccounts {
        /// What is told of the accounts. By default how many there are: so many customers have to be told.
        pub definition: AffectedDefinition = AffectedDefinition::Count,
    }
    presets {}
}

static CARD: Card = Card {
    id: "affected_accounts",
    name: "Affected accounts",
    question: "How many customers notice that something fails?",
    formula: "distinct accounts with a failed probe; share: 100 * these / distinct accounts with a probe",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Shared,
    table: "probes",
    key: "row",
    inputs: &["ok", "account_id", "occurred_at?", "maintenance?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: &[],
    revision: 1,
    sources: &[WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = AffectedAccounts;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let definition = choices.definition;
        let plan = Pipeline::<_, _, Accounts>::rows(probes(MAINTENANCE), ByAccount, definition);
        Ok(match definition {
            AffectedDefinition::Count => Planned::new(plan),
            AffectedDefinition::Share => Planned::new(plan).unit("percent").ratio(),
        })
    }
}

/// The accounts affected, and all accounts.
type Accounts = Pair<Ids, Ids>;

/// A probe of an account.
#[derive(Clone, Debug, PartialEq)]
struct Probed {
    account: Key,
    failed: bool,
}

impl Value for Probed {
    fn number(&self) -> Option<f64> {
        Some(f64::from(u8::from(self.failed)))
    }
}

impl Summary<Probed> for Accounts {
    fn update(&mut self, probed: &Probed, times: u64) -> Result<(), Overflow> {
        let Pair(affected, all) = self;
        if probed.failed {
            affected.update(&probed.account, times)?;
        }
        all.update(&probed.account, times)
    }
}

const ACCOUNT: Input = Input::required("account_id", InputKind::Any);

/// Whose probe failed.
struct ByAccount;

impl RowMeasure for ByAccount {
    type Value = Probed;

    fn inputs(&self) -> &[Input] {
        const { &[OK, ACCOUNT] }
    }

    fn row(&self, row: &Row<'_>) -> Fate<Probed> {
        match (answered(row.read(0)), Key::named(row.read(1))) {
            (None, _) | (_, Key::Null) => Fate::Missing,
            (Some(ok), account) => Fate::Observed(Probed { account, failed: !ok }),
        }
    }
}

impl CellFormula<Accounts> for AffectedDefinition {
    fn answer(&self, cell: &Cell<Accounts>, level: f64) -> Answer {
        let Pair(Ids(affected), Ids(all)) = &cell.summary;
        let (affected, all) = (affected.len() as u64, all.len() as u64);
        match self {
            AffectedDefinition::Count => Answer::count(affected as f64),
            AffectedDefinition::Share => {
                let percent = Percent { interval: ProportionInterval::Wilson };
                Answer { least_n: Some(all), ..percent.of(affected, all, level) }
            }
        }
    }
}
