//! What was planted in the events, counted from the plan of the company.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::company::World;
use crate::feature::UNUSED_FEATURE;
use crate::person::people;
use crate::visit::Event;

/// People and what they may use. Our own people and programs are not counted; whoever has several ids is one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageTruth {
    /// A feature that some accounts may use, and nobody does.
    pub unused_feature: String,
    /// Events before their user signed in.
    pub events_before_sign_in: u64,
    /// People with an event in the month of the outage, in UTC.
    pub active_in_outage: u64,
    /// Ids with an event in it, which are more.
    pub ids_in_outage: u64,
    /// People with an event in the month before.
    pub active_before_outage: u64,
}

impl UsageTruth {
    pub(super) fn before_counting() -> Self {
        Self { unused_feature: UNUSED_FEATURE.to_owned(), ..Self::default() }
    }

    /// Takes in the events of an account.
    pub(super) fn add_events(&mut self, world: &World, account: &Account, events: &[Event]) {
        let people: BTreeSet<i64> = people(world, account)
            .into_iter()
            .filter(|person| !person.bot && !person.internal)
            .map(|person| person.id)
            .collect();
        let [mut during, mut ids, mut before] = [const { BTreeSet::new() }; 3];
        for event in events {
            self.events_before_sign_in += u64::from(event.alias_id.is_some());
            let Some(user) = event.user_id.filter(|user| people.contains(user)) else { continue };
            let Some(month) = world.calendar.month_of(event.at) else { continue };
            if month == world.outage_month {
                during.insert(user);
                ids.insert(event.alias_id.unwrap_or(user));
            } else if month + 1 == world.outage_month {
                before.insert(user);
            }
        }
        self.active_in_outage += during.len() as u64;
        self.ids_in_outage += ids.len() as u64;
        self.active_before_outage += before.len() as u64;
    }
}
