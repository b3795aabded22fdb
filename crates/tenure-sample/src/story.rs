//! What happens to an account after it signed up, as its subscription, its onboarding and its health say: the truth
//! that people write down in `stages` sooner, later or never.

use crate::account::{Account, Billing, Term};
use crate::calendar::{DAY, Instant, add_months};
use crate::company::World;
use crate::health::{LEAST_HEALTH, Reading, health};
use crate::onboarding::{finished_at, onboarding};
use crate::stage::{Move, Stage};

/// So long before the next year an account is in renewal.
const RENEWAL: i64 = 90 * DAY;
/// So long one that came back is won back.
const WON_BACK: i64 = 90 * DAY;
/// After so long a customer is one that grows.
const GROWN_UP: i64 = 180 * DAY;
/// A payment that is late by less worries nobody.
const GRACE: i64 = 7 * DAY;

/// What an account's stage follows from.
#[derive(Debug)]
pub(crate) struct Story<'a> {
    account: &'a Account,
    end: Instant,
    onboarded_at: Option<Instant>,
    health: Vec<Reading>,
}

impl<'a> Story<'a> {
    pub(crate) fn of(world: &World, account: &'a Account) -> Self {
        Self {
            account,
            end: world.calendar.end(),
            onboarded_at: finished_at(&onboarding(world, account)),
            health: health(world, account),
        }
    }

    /// The moves since it signed up, at the instants at which they were due.
    pub(crate) fn moves(&self) -> Vec<Move> {
        let mut moves: Vec<Move> = Vec::new();
        for at in self.instants() {
            let (stage, why) = self.stage(at);
            let before = moves.last().map(|last| last.stage);
            let reason = match before {
                Some(Stage::AtRisk) if stage != Stage::Churned => "doing well again",
                Some(Stage::Renewal) if stage == Stage::Growth => "renewed",
                _ => why,
            };
            if before != Some(stage) {
                moves.push(Move { stage, at, reason: Some(reason) });
            }
        }
        moves
    }

    /// The instants at which the stage can change, in the order of time.
    fn instants(&self) -> Vec<Instant> {
        let account = self.account;
        let mut instants = vec![account.created_at, account.paid_from];
        instants.extend(self.onboarded_at);
        instants.extend(self.health.iter().map(|reading| reading.at));
        instants.extend(account.terms.iter().map(|term| term.from + GRACE));
        instants.extend(account.leaving.map(|leaving| leaving.at));
        for from in [Some(account.paid_from), account.returned.map(|it| it.from)].into_iter().flatten() {
            instants.extend([from, from + WON_BACK, from + GROWN_UP]);
            instants.extend(self.anniversaries(from).flat_map(|at| [at - RENEWAL, at]));
        }
        instants.extend(account.returned.and_then(|it| it.to));
        instants.retain(|at| (account.created_at..self.end).contains(at));
        instants.sort_unstable();
        instants.dedup();
        instants
    }

    /// When a plan by the year that began then is to be renewed, up to a year after the end of the data.
    fn anniversaries(&self, from: Instant) -> impl Iterator<Item = Instant> {
        let (yearly, end) = (self.account.billing == Billing::Year, self.end);
        (1..)
            .map_while(move |year| add_months(from, 12 * year))
            .take_while(move |at| yearly && *at - RENEWAL < end)
    }

    /// The stage at an instant after it signed up, and why.
    pub(crate) fn stage(&self, at: Instant) -> (Stage, &'static str) {
        let account = self.account;
        let returned = account.returned.filter(|it| it.from <= at);
        match (account.leaving, returned) {
            (Some(leaving), None) if leaving.at <= at => return (Stage::Churned, leaving.reason),
            (Some(leaving), Some(it)) if it.to.is_some_and(|to| to <= at) => {
                return (Stage::Churned, leaving.reason);
            }
            (_, Some(it)) if at < it.from + WON_BACK => return (Stage::WonBack, "came back"),
            _ => {}
        }
        let from = returned.map_or(account.paid_from, |it| it.from);
        if at < from {
            return (Stage::Trial, "started a trial");
        }
        let owes = |term: &Term| {
            term.status == "past_due" && term.from + GRACE <= at && term.to.is_none_or(|to| at < to)
        };
        if account.terms.iter().any(owes) {
            (Stage::AtRisk, "a payment is late")
        } else if self.health_at(at).is_some_and(|value| value < LEAST_HEALTH) {
            (Stage::AtRisk, "health is low")
        } else if self.anniversaries(from).any(|year| year - RENEWAL <= at && at < year) {
            (Stage::Renewal, "the year ends soon")
        } else if self.onboarded_at.is_none_or(|done| at < done) {
            (Stage::Onboarding, "became a customer")
        } else if at >= from + GROWN_UP {
            (Stage::Growth, "half a year with us")
        } else {
            (Stage::Adoption, "finished onboarding")
        }
    }

    fn health_at(&self, at: Instant) -> Option<i64> {
        self.health.iter().rev().find(|reading| reading.at <= at).map(|reading| reading.value)
    }
}
