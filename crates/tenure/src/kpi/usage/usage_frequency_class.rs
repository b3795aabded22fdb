//! # Usage frequency class
//!
//! **Question.** How many accounts use the product daily, weekly, now and then, or not at all?
//!
//! **Definition.** Accounts by the number of local days, of the last 14, on which anybody of them was active: from 9 on daily,
//! from 5 weekly, from 2 occasionally, else inactive. Each account's class is in `units`.
//!
//! **Example.** Accounts with 9, 8, 5, 4, 2, 1 and no active days: one daily, two weekly, two occasionally, two inactive.
//!
//! **Edge cases.** Accounts are those of the table `accounts`, also those without any event; without that table those of the
//! events. Internal accounts are left out. An account that was created within the window is immature, or its days are
//! extended to the window's length. The day of `as_of` counts as far as it has come. All four classes have a row.
//!
//! **Merging and sources.** Four counts; all rows of an account go to one part, and the events are looked at as a whole. The
//! classes are `ChurnZero`'s.

use super::accounts::{OF_EVENTS, groups_by_account, length, local_days, place, scope_of_accounts};
use super::by_class::ByClass;
use super::population::{Population, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Instead, Out, Pipeline, Sink, Stretch, stretches};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, Value};
use crate::policy::{Rolling, choice};
use crate::summary::{Class, Counts};
use crate::view::{Activity, DayCounts, Distinct, Grain, ON_RECORD, Occurrence, Values, Wanted};
use hashbrown::HashMap;

choice! {
    /// How often an account uses the product.
    pub enum FrequencyClass {
        /// On most days.
        Daily = "daily",
        /// On some days of each week.
        Weekly = "weekly",
        /// Now and then.
        Occasionally = "occasionally",
        /// Hardly, or not at all.
        Inactive = "inactive",
    }
}

choice! {
    /// What becomes of accounts that are younger than the window.
    pub enum NewAccounts {
        /// They are immature, and of no class.
        LeaveOut = "leave_out",
        /// Their days are extended to the window's length.
        Prorate = "prorate",
    }
}

usage_policy! {
    /// The choices of the usage frequency class.
    pub struct UsageFrequencyClass {
        /// In which time days are counted: as many local days up to the end of the period, or the period.
        pub window: Rolling = Rolling::Days(14),
        /// From how many days on an account is daily.
        pub daily_from: i64 = 9,
        /// From how many days on it is weekly.
        pub weekly_from: i64 = 5,
        /// From how many days on it is there occasionally.
        pub occasionally_from: i64 = 2,
        /// What becomes of accounts younger than the window. By default they wait: few days say little.
        pub new_accounts: NewAccounts = NewAccounts::LeaveOut,
    }
    presets {
        /// Active days of the last 14. https://support.churnzero.net/hc/en-us/articles/360005072832
        ChurnZero {
            window: Rolling::Days(14),
            daily_from: 9,
            weekly_from: 5,
            occasionally_from: 2,
        }
    }
}

static CARD: Card = Card {
    id: "usage_frequency_class",
    name: "Usage frequency class",
    question: "How many accounts use the product daily, weekly, now and then, or not at all?",
    formula: "accounts by the number of days of the last 14 on which anybody was active",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "accounts",
    key: "account_id",
    inputs: super::ACCOUNT_INPUTS,
    dimensions: &["class"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["internal"],
    revision: 1,
    sources: &["https://support.churnzero.net/hc/en-us/articles/360005072832"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UsageFrequencyClass;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bounds = [choices.daily_from, choices.weekly_from, choices.occasionally_from];
        let [daily, weekly, occasionally] = bounds.map(|bound| u64::try_from(bound).unwrap_or(0));
        if !(daily > weekly && weekly > occasionally && occasionally > 0) {
            let message = "daily_from, weekly_from and occasionally_from descend, and are at least 1";
            return Err(Error::invalid(message));
        }
        let plan = |rows| {
            let measure = Classes {
                population: choices.population(),
                window: choices.window,
                bounds: [daily, weekly, occasionally],
                new_accounts: choices.new_accounts,
            };
            let accounts = Distinct { rows, column: "account_id" };
            let formula = ByClass::<FrequencyClass>::new();
            Pipeline::<_, _, Counts<4>>::entities(accounts, measure, formula)
        };
        Ok(Planned::new(Instead::of(plan(ON_RECORD), plan(OF_EVENTS))).dimensions(CARD.dimensions))
    }
}

/// The class of each account.
struct Classes {
    population: Population,
    window: Rolling,
    bounds: [u64; 3],
    new_accounts: NewAccounts,
}

/// Days with activity, and the class that follows.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frequency {
    days: u64,
    class: FrequencyClass,
}

impl Class for Frequency {
    fn class(&self) -> usize {
        self.class as usize
    }
}

impl Value for Frequency {
    fn number(&self) -> Option<f64> {
        Some(self.days as f64)
    }

    fn label(&self) -> Option<&'static str> {
        Some(crate::policy::Choice::name(self.class))
    }
}

/// On how many days each account was active, by stretch of time and group of the activity.
struct ActiveDays {
    accounts: HashMap<Key, usize>,
    stretches: Vec<(Stretch, Vec<u64>)>,
}

impl EntityMeasure for Classes {
    type Value = Frequency;
    type View = Distinct;
    type Side = ActiveDays;

    fn inputs(&self) -> &[Input] {
        &[]
    }

    fn side(&self, context: &Context<'_>) -> Result<ActiveDays> {
        let scope = scope_of_accounts(context, CARD.id)?;
        let wanted = Wanted { by: Some(vec!["account_id".to_owned()]), ..self.population.wanted(Grain::Day) };
        let activity = Activity::of(&Context { scope: &scope, ..*context }, &wanted, None)?;
        let days = activity.days_of_groups(activity.days(0));
        let counted = |stretch: Stretch| {
            let mut counts = vec![0; activity.groups().len()];
            for (count, accounts) in DayCounts::of(days.within(stretch.from, stretch.to)).by_count() {
                for account in accounts {
                    if let Some(slot) = counts.get_mut(account as usize) {
                        *slot = count;
                    }
                }
            }
            (stretch, counts)
        };
        let stretches = stretches(context, self.window, activity.ends())?;
        Ok(ActiveDays {
            accounts: groups_by_account(&activity),
            stretches: stretches.into_iter().map(counted).collect(),
        })
    }

    fn entity<E: Evidence>(
        &self,
        active: &ActiveDays,
        Values(accounts): &Values<'_>,
        out: &mut Out<'_, '_, impl Sink<Frequency>>,
        _: &mut E,
    ) -> Result<()> {
        let context = out.gated.frame.context;
        for account in accounts {
            let known = active.accounts.get(account.key);
            for occurrence in &account.occurrences {
                for (stretch, days) in &active.stretches {
                    let days = known.and_then(|account| days.get(*account)).copied().unwrap_or(0);
                    let Some(own) = self.fate(context, stretch, occurrence, days)? else { continue };
                    let Some((row, _)) = out.gated.row(occurrence.row) else { continue };
                    if let Some((_, fate)) = out.gated.frame.judge(own, &row, occurrence.since)? {
                        out.put(occurrence.row, place(context, stretch.at), fate, Vec::new())?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Classes {
    /// What becomes of an account that was active on so many days; nothing if it is not there yet.
    fn fate(
        &self,
        context: &Context<'_>,
        stretch: &Stretch,
        account: &Occurrence,
        days: u64,
    ) -> Result<Option<Fate<Frequency>>> {
        let created = account.since.at();
        if created.is_some_and(|created| created >= stretch.to) {
            return Ok(None);
        }
        let (mut whole, mut own) = (1, 1);
        if let Some(created) = created.filter(|created| *created > stretch.from) {
            if self.new_accounts == NewAccounts::LeaveOut {
                return Ok(Some(Fate::Immature));
            }
            whole = length(context, self.window, stretch.from, stretch.to)?;
            own = local_days(context, created, stretch.to)?;
        }
        // As if the account had been there on all days of the window.
        let is_at_least = |bound: &u64| days.saturating_mul(whole) >= bound.saturating_mul(own);
        let class = match self.bounds.iter().position(is_at_least) {
            Some(0) => FrequencyClass::Daily,
            Some(1) => FrequencyClass::Weekly,
            Some(_) => FrequencyClass::Occasionally,
            None => FrequencyClass::Inactive,
        };
        Ok(Some(Fate::Observed(Frequency { days, class })))
    }
}
