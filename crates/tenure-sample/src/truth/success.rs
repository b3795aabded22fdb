//! What was planted in the interactions, counted from the plan of the company.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::interaction::{Interaction, REACTIVE_MANAGER};

/// Interactions, all of them; an account whose last one is wrong has the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessTruth {
    /// The manager who waits until customers come, as in `accounts.manager`: the only interactions for success with
    /// their accounts are what onboarding wrote.
    pub reactive_manager: String,
    /// How many interactions have which label and an `occurred_at`.
    pub labels: BTreeMap<String, u64>,
    /// How many have none.
    pub unlabelled: u64,
    /// The accounts that had an interaction with a label, none of them for success. Grows with the company.
    pub firefighting_accounts: Vec<i64>,
    /// The accounts that had an interaction with a label.
    pub accounts: u64,
    /// How many a manager wrote.
    pub by_managers: u64,
    /// How many of these say which goal they were about.
    pub about_goals: u64,
}

impl SuccessTruth {
    pub(super) fn before_counting() -> Self {
        Self { reactive_manager: REACTIVE_MANAGER.to_owned(), ..Self::default() }
    }

    /// Takes in the interactions of an account.
    pub(super) fn add_interactions(&mut self, account_id: i64, interactions: &[Interaction]) {
        self.by_managers += interactions.iter().filter(|it| it.manager.is_some()).count() as u64;
        self.about_goals += interactions.iter().filter(|it| it.goal_id.is_some()).count() as u64;
        let [mut labelled, mut success] = [false; 2];
        for interaction in interactions.iter().filter(|it| it.at.is_some()) {
            let Some(label) = interaction.label else {
                self.unlabelled += 1;
                continue;
            };
            *self.labels.entry(label.to_owned()).or_default() += 1;
            let counts = interaction.account_id.is_some() && label != "sales";
            labelled |= counts;
            success |= counts && label == "success";
        }
        self.accounts += u64::from(labelled);
        if labelled && !success {
            self.firefighting_accounts.push(account_id);
        }
    }
}
