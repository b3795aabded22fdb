//! The catalog: every KPI and its card. Everything that lists KPIs (documentation, the Python help, C, the command
//! line) is made from it.

use crate::compute::{Lookback, Plan, Splits};
use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use crate::kpi::{family, kpis, meant};
use crate::outcome::OptionalColumns;
use crate::policy::{Choice, Policy, PolicyDescription, PolicyMap, canonical};
use serde::Serialize;

/// A KPI's own description.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct Card {
    /// Its id, the same in every language.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The question it answers.
    pub question: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// What the value counts: `points`, `percent`, `score`, `seconds`, ...
    pub unit: &'static str,
    /// The least and the greatest value that there can be.
    pub range: Option<(f64, f64)>,
    /// Which way is better.
    pub better: Better,
    /// Whose KPI it is.
    pub discipline: Discipline,
    /// The table whose rows are its units.
    pub table: &'static str,
    /// The key column of that table.
    pub key: &'static str,
    /// The columns it reads; `?` after those that it can do without.
    pub inputs: &'static [&'static str],
    /// The columns that it adds to the result.
    pub dimensions: &'static [&'static str],
    /// The columns of `by` that it knows itself, beside those of tables; every KPI with times also knows `weekday`
    /// (1 Monday to 7) and `hour` (0 to 23), local to the request's zone.
    pub attributes: &'static [&'static str],
    /// The column that is all it needs, if one column is enough: `tenure.nps([10, 9, 7])`.
    pub values: Option<&'static str>,
    /// Other ids under which it is known, each with the policy that it stands for.
    pub aliases: &'static [(&'static str, &'static str)],
    /// How its state grows with the data: `fixed`, `values` or `ids`.
    pub growth: &'static str,
    /// Columns that overwrite the past and are trusted as current.
    pub trusts: &'static [&'static str],
    /// The revision of the definition; it changes when a number changes.
    pub revision: u32,
    /// Where the definition comes from.
    pub sources: &'static [&'static str],
}

/// Which way a KPI is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Better {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// A policy declares the direction.
    Declared,
    /// It has no direction.
    Neither,
}

/// Whose KPI it is. Support is a part of service; the source articles disagree on survey scores, which are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Discipline {
    /// Customer support.
    Support,
    /// Customer service.
    Service,
    /// Customer success.
    Success,
    /// More than one of them.
    Shared,
}

/// Everything about a KPI that can be told without data.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The card.
    #[serde(flatten)]
    pub card: &'static Card,
    /// The family that it belongs to: `voice`, `support`, ...
    pub family: &'static str,
    /// The table whose rows are the units under the default policy, or under that of an alias.
    pub unit_table: &'static str,
    /// How the data may be split under that policy.
    pub splits: Splits,
    /// What can be chosen.
    pub policy: PolicyDescription,
    /// The default policy, every choice made.
    pub default_policy: PolicyMap,
}

/// A definition of a KPI: what a file in `kpi/` provides.
pub(crate) trait Definition: Sync {
    type Policy: Policy;

    fn card(&self) -> &'static Card;

    /// Fills in choices that follow from others, so that the policy of a result says all that was chosen.
    fn complete(&self, _choices: &mut <Self::Policy as Policy>::Choices) {}

    /// Checks the choices and puts view, measure, summary and formula together.
    fn plan(&self, choices: &<Self::Policy as Policy>::Choices) -> Result<Planned>;
}

/// A plan and what of the result depends on the choices.
pub(crate) struct Planned {
    pub(crate) plan: Box<dyn Plan>,
    pub(crate) unit: Option<&'static str>,
    pub(crate) dimensions: &'static [&'static str],
    pub(crate) columns: OptionalColumns,
    pub(crate) lookback: Lookback,
    /// Whether the answer depends on how long the periods are.
    pub(crate) measures_time: bool,
}

impl Planned {
    pub(crate) fn new(plan: impl Plan + 'static) -> Self {
        Self {
            plan: Box::new(plan),
            unit: None,
            dimensions: &[],
            columns: OptionalColumns::default(),
            lookback: Lookback::None,
            measures_time: false,
        }
    }

    /// The result has numerator and denominator.
    pub(crate) fn ratio(mut self) -> Self {
        self.columns.ratio = true;
        self
    }

    /// The result has answers in words.
    pub(crate) fn label(mut self) -> Self {
        self.columns.label = true;
        self
    }

    /// The answer is a time, or has one.
    pub(crate) fn instant(mut self) -> Self {
        self.columns.instant = true;
        self
    }

    /// The result has these dimensions.
    pub(crate) fn dimensions(mut self, dimensions: &'static [&'static str]) -> Self {
        self.dimensions = dimensions;
        self
    }

    /// The result has these dimensions if its policy asks for several things at once.
    pub(crate) fn dimensions_if(self, is_many: bool, dimensions: &'static [&'static str]) -> Self {
        if is_many { self.dimensions(dimensions) } else { self }
    }

    /// The value counts something else than the card says.
    pub(crate) fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The answer depends on how long the periods are: they need a beginning.
    pub(crate) fn measures_time(mut self) -> Self {
        self.measures_time = true;
        self
    }

    /// A comparison needs earlier rows.
    pub(crate) fn lookback(mut self, lookback: Lookback) -> Self {
        self.lookback = lookback;
        self
    }
}

/// Where the policy of a result says that columns stood in for tables that the book lacks.
pub(crate) const MEASURED_FROM: &str = "measured_from";

/// A definition with its policy type hidden.
pub(crate) trait Kpi: Sync {
    fn card(&self) -> &'static Card;
    fn describe_policy(&self) -> PolicyDescription;
    /// Plans under a policy and gives the canonical policy beside it.
    fn plan(&self, policy: &PolicyMap) -> Result<(Planned, PolicyMap)>;
}

impl<D: Definition> Kpi for D {
    fn card(&self) -> &'static Card {
        Definition::card(self)
    }

    fn describe_policy(&self) -> PolicyDescription {
        D::Policy::describe()
    }

    fn plan(&self, policy: &PolicyMap) -> Result<(Planned, PolicyMap)> {
        let card = Definition::card(self);
        let mut policy = policy.clone();
        // The canonical policy of a result names the revision; given back it has to be the same one.
        if let Some(revision) = policy.remove("revision")
            && revision.as_u64() != Some(u64::from(card.revision))
        {
            let message = format!(
                "the policy is for revision {revision} of \"{}\"; this version computes revision {}",
                card.id, card.revision
            );
            return Err(Error::new(ErrorKind::UnsupportedVersion, message));
        }
        // What stood in for tables that were not there follows from the book, and is not for the caller to choose.
        let measured_from = policy.remove(MEASURED_FROM);
        let typed = D::Policy::from_map(&policy)?;
        let mut choices = typed.resolve()?;
        self.complete(&mut choices);
        let planned = Definition::plan(self, &choices)?;
        let mut policy = canonical(&choices, typed.preset(), card.revision);
        policy.extend(measured_from.map(|columns| (MEASURED_FROM.to_owned(), columns)));
        Ok((planned, policy))
    }
}

/// Finds a KPI by id or alias; an alias brings its policy.
pub(crate) fn find(id: &str) -> Result<(&'static dyn Kpi, PolicyMap)> {
    for kpi in kpis() {
        let card = kpi.card();
        if card.id == id {
            return Ok((kpi, PolicyMap::new()));
        }
        if let Some((_, policy)) = card.aliases.iter().find(|(alias, _)| *alias == id) {
            let policy =
                serde_json::from_str(policy).map_err(|e| Error::internal(format!("alias {id}: {e}")))?;
            return Ok((kpi, policy));
        }
    }
    let known = kpis().flat_map(|kpi| {
        let card = kpi.card();
        std::iter::once(card.id).chain(card.aliases.iter().map(|(alias, _)| *alias))
    });
    let hint = meant(id).unwrap_or_else(|| suggest(id, known));
    let message = format!("no KPI {}{hint}", quoted(id));
    Err(Error::new(ErrorKind::UnknownKpi, message))
}

/// The cards of all KPIs, in the order of their families.
pub fn catalog() -> impl Iterator<Item = &'static Card> {
    kpis().map(Kpi::card)
}

/// Everything about a KPI that can be told without data: card, policies, presets.
pub fn explain(id: &str) -> Result<Explanation> {
    let (kpi, alias_policy) = find(id)?;
    let defaults = kpi.plan(&alias_policy);
    let (unit_table, splits, default_policy) = match defaults {
        Ok((planned, policy)) => (planned.plan.unit_table().0, planned.plan.splits(), policy),
        // An alias whose policy must be completed by the caller has no default to show.
        Err(_) => (kpi.card().table, Splits::Rows, PolicyMap::new()),
    };
    Ok(Explanation {
        card: kpi.card(),
        family: family(kpi.card().id),
        unit_table,
        splits,
        policy: kpi.describe_policy(),
        default_policy,
    })
}

/// The names of all presets, for typed bindings.
pub fn presets() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::policy::Preset::ALL.iter().map(|(name, doc, _)| (*name, *doc))
}
