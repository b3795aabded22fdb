//! The plan of one account: who it is, what it pays for, and when it leaves.

use crate::calendar::{DAY, Instant, Region, add_months};
use crate::company::World;
use crate::lead;
use crate::random::{Purpose, Random};
use crate::stage::Move;

/// The size class of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Segment {
    /// Small and medium businesses.
    #[default]
    Smb,
    /// The middle of the market.
    MidMarket,
    /// Large companies.
    Enterprise,
}

impl Segment {
    pub(crate) const ALL: [Self; 3] = [Self::Smb, Self::MidMarket, Self::Enterprise];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Smb => "smb",
            Self::MidMarket => "mid_market",
            Self::Enterprise => "enterprise",
        }
    }

    /// How likely a subscription ends at a renewal, in thousandths.
    fn churn_per_mille(self, billing: Billing) -> i64 {
        match (self, billing) {
            (Self::Smb, Billing::Month) => 30,
            (Self::Smb, Billing::Year) => 250,
            (Self::MidMarket, Billing::Month) => 15,
            (Self::MidMarket, Billing::Year) => 150,
            (Self::Enterprise, Billing::Month) => 6,
            (Self::Enterprise, Billing::Year) => 70,
        }
    }
}

/// What an account subscribes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Plan {
    #[default]
    Starter,
    Growth,
    Scale,
}

impl Plan {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::Growth => "growth",
            Self::Scale => "scale",
        }
    }

    /// The price of a seat in cents of a euro. A year costs ten months.
    pub(crate) fn seat_price(self, billing: Billing) -> i64 {
        let month = match self {
            Self::Starter => 1500,
            Self::Growth => 2900,
            Self::Scale => 4900,
        };
        match billing {
            Billing::Month => month,
            Billing::Year => 10 * month,
        }
    }

    fn above(self) -> Self {
        match self {
            Self::Starter => Self::Growth,
            Self::Growth | Self::Scale => Self::Scale,
        }
    }

    fn below(self) -> Self {
        match self {
            Self::Scale => Self::Growth,
            Self::Growth | Self::Starter => Self::Starter,
        }
    }
}

/// How often an account pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Billing {
    #[default]
    Month,
    Year,
}

impl Billing {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    pub(crate) fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
        }
    }
}

/// A discount on the price of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Discount {
    pub(crate) percent: i64,
    /// `once`, `repeating` or `forever`.
    pub(crate) kind: &'static str,
}

/// A time of constant plan, seats and status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) from: Instant,
    /// None for the one that still runs when the company's data end.
    pub(crate) to: Option<Instant>,
    pub(crate) plan: Plan,
    pub(crate) seats: i64,
    /// `trialing`, `active` or `past_due`.
    pub(crate) status: &'static str,
}

/// How an account left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaving {
    /// The end of the paid time. Nothing happens at or after it.
    pub(crate) at: Instant,
    /// When the account said so.
    pub(crate) cancelled_at: Instant,
    pub(crate) reason: &'static str,
}

/// The paid time of an account that left and came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Return {
    pub(crate) from: Instant,
    /// None where it stays to the end of the company's data.
    pub(crate) to: Option<Instant>,
}

/// The plan of one account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Its number, from 0.
    pub(crate) index: u32,
    pub(crate) id: i64,
    pub(crate) parent: Option<i64>,
    pub(crate) name: [&'static str; 3],
    pub(crate) segment: Segment,
    pub(crate) region: Region,
    /// The customer success manager; small accounts may have none.
    pub(crate) manager: Option<&'static str>,
    /// Its way before it signed up, from the first contact on; empty where it came by itself.
    pub(crate) approach: Vec<Move>,
    /// When it signed up.
    pub(crate) created_at: Instant,
    pub(crate) internal: bool,
    pub(crate) billing: Billing,
    pub(crate) discount: Option<Discount>,
    /// When paid time began: after the trial, if there was one.
    pub(crate) paid_from: Instant,
    /// Consecutive; empty for the company's own test account.
    pub(crate) terms: Vec<Term>,
    /// When a second item was added to the subscription.
    pub(crate) addon_from: Option<Instant>,
    pub(crate) leaving: Option<Leaving>,
    /// It pays again, but nobody visits any more.
    pub(crate) returned: Option<Return>,
    /// Where its data end: when it left, or where the company's data end.
    pub(crate) until: Instant,
}

pub(crate) const MANAGERS: [&str; 6] = ["Anong", "Bengt", "Carla", "Dewi", "Emre", "Farah"];
const FIRST_NAMES: [&str; 12] = [
    "Alder", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper",
    "Kestrel", "Lumen",
];
const SECOND_NAMES: [&str; 10] =
    ["Works", "Foods", "Media", "Health", "Motors", "Travel", "Energy", "Retail", "Legal", "Studios"];
const LEGAL_FORMS: [&str; 4] = ["Ltd", "AB", "PT", "Group"];

/// How long before it leaves an account is already unhappy and comes less often.
pub(crate) const UNHAPPY_BEFORE_LEAVING: i64 = 90 * DAY;

/// How many of those who left come back, in thousandths.
const RETURNS_PER_MILLE: i64 = 200;

impl Account {
    /// The plan of the account with this number.
    pub(crate) fn plan(world: &World, index: u32) -> Self {
        let calendar = &world.calendar;
        let mut random = world.random(index, Purpose::Account);
        let segment =
            random.weighted(&[(60, Segment::Smb), (28, Segment::MidMarket), (12, Segment::Enterprise)]);
        let region = random.pick(&Region::ALL);
        let created_at = first_day(world, index, region, &mut random);
        let billing = match segment {
            Segment::Smb => random.weighted(&[(80, Billing::Month), (20, Billing::Year)]),
            Segment::MidMarket => random.pick(&[Billing::Month, Billing::Year]),
            Segment::Enterprise => random.weighted(&[(20, Billing::Month), (80, Billing::Year)]),
        };
        let has_parent = segment != Segment::Smb && index > 1 && random.chance(100);
        let has_manager = segment != Segment::Smb || random.chance(500);
        let mut account = Self {
            index,
            id: i64::from(index) + 1,
            // Account 1 is internal, so that parents start at 2; a smaller number rules out cycles.
            parent: has_parent.then(|| random.between(2, i64::from(index))),
            name: name(&mut random),
            segment,
            region,
            manager: has_manager.then(|| random.pick(&MANAGERS)),
            approach: Vec::new(),
            created_at,
            internal: index == 0,
            billing,
            discount: discount(&mut random),
            paid_from: created_at,
            terms: Vec::new(),
            addon_from: None,
            leaving: None,
            returned: None,
            until: calendar.end(),
        };
        if !account.internal {
            account.subscribe(world, &mut random);
            account.approach = lead::approach(world, &account);
            account.returned = account.leaving.and_then(|leaving| come_back(world, index, leaving.at));
        }
        account
    }

    /// When it became known to the company.
    pub(crate) fn known_from(&self) -> Instant {
        self.approach.first().map_or(self.created_at, |first| first.at)
    }

    /// Whether it will leave soon after an instant.
    pub(crate) fn is_unhappy(&self, at: Instant) -> bool {
        self.leaving.is_some_and(|leaving| leaving.at - at < UNHAPPY_BEFORE_LEAVING)
    }

    /// Whether it exists at an instant.
    pub(crate) fn is_alive(&self, at: Instant) -> bool {
        (self.created_at..self.until).contains(&at)
    }

    /// Lives through the terms of the subscription: a trial perhaps, then changes and, at renewals, the end.
    fn subscribe(&mut self, world: &World, random: &mut Random) {
        let end = world.calendar.end();
        let mut term = first_term(self.segment, self.created_at, random);
        if random.chance(400) {
            let trial_end = self.created_at + 14 * DAY;
            self.paid_from = trial_end;
            term.status = "trialing";
            if trial_end >= end {
                self.terms.push(term);
                return;
            }
            self.switch(&mut term, trial_end, |term| term.status = "active");
        }
        let addon_month = random.chance(150).then(|| random.between(1, 12));
        let mut boundary = self.paid_from;
        for month in 1.. {
            let previous = boundary;
            boundary = add_months(self.paid_from, month).unwrap_or(end);
            if boundary >= end {
                break;
            }
            if month % self.billing.months() == 0 && random.chance(self.churn_per_mille(world, boundary)) {
                self.leave(world, &mut term, previous, boundary, random);
                return;
            }
            if addon_month == Some(i64::from(month)) {
                self.addon_from = Some(boundary);
            }
            let changed = change(&term, random);
            if (changed.plan, changed.seats) != (term.plan, term.seats) {
                self.switch(&mut term, boundary, |term| {
                    term.plan = changed.plan;
                    term.seats = changed.seats;
                });
            }
        }
        self.terms.push(term);
    }

    /// Ends the running term and starts the next one.
    fn switch(&mut self, term: &mut Term, at: Instant, change: impl FnOnce(&mut Term)) {
        if at > term.from {
            self.terms.push(Term { to: Some(at), ..*term });
        }
        term.from = at;
        change(term);
    }

    /// Broken exports drive customers away for some months.
    fn churn_per_mille(&self, world: &World, at: Instant) -> i64 {
        let usual = self.segment.churn_per_mille(self.billing);
        if after_outage(world, at) { 2 * usual } else { usual }
    }

    fn leave(&mut self, world: &World, term: &mut Term, previous: Instant, at: Instant, random: &mut Random) {
        let reason = if after_outage(world, at) && random.chance(600) {
            "reliability"
        } else {
            random.weighted(&[
                (30, "price"),
                (25, "missing_feature"),
                (15, "support"),
                (15, "competitor"),
                (10, "payment_failed"),
                (5, "closed_business"),
            ])
        };
        let notice = random.between(1, 25) * DAY;
        // Nobody cancels a failed payment: the account is past due for its last month.
        let cancelled_at = if reason == "payment_failed" {
            self.switch(term, previous.max(term.from), |term| term.status = "past_due");
            at
        } else {
            (at - notice).max(term.from)
        };
        self.terms.push(Term { to: Some(at), ..*term });
        self.addon_from = self.addon_from.filter(|from| *from < at);
        self.leaving = Some(Leaving { at, cancelled_at, reason });
        self.until = at;
    }
}

/// Some of those who left come back after one to four months; one in four of them leaves again.
fn come_back(world: &World, index: u32, left: Instant) -> Option<Return> {
    let mut random = world.random(index, Purpose::Returns);
    let returns = random.chance(RETURNS_PER_MILLE);
    let from = left + random.between(30, 120) * DAY;
    let stays = random.chance(750);
    let again = add_months(from, if random.chance(500) { 2 } else { 4 });
    let end = world.calendar.end();
    (returns && from < end - DAY).then(|| Return { from, to: again.filter(|to| !stays && *to < end) })
}

/// Within the four months that start with the outage.
fn after_outage(world: &World, at: Instant) -> bool {
    let month = world.calendar.month_of(at);
    month.is_some_and(|month| (world.outage_month..world.outage_month + 4).contains(&month))
}

pub(crate) fn name(random: &mut Random) -> [&'static str; 3] {
    [random.pick(&FIRST_NAMES), random.pick(&SECOND_NAMES), random.pick(&LEGAL_FORMS)]
}

/// A third of the accounts came in the first month, the others one after the other, on working days.
fn first_day(world: &World, index: u32, region: Region, random: &mut Random) -> Instant {
    let calendar = &world.calendar;
    let days = if random.chance(330) { 26 } else { calendar.days() - 2 };
    let mut day = if index == 0 { 0 } else { random.below(days) };
    while calendar.is_weekend(day) {
        day += 1;
    }
    let seconds = random.between(9 * 3600, 17 * 3600);
    // West of Greenwich the afternoon of the last days may be past the end, east of it the first morning is
    // before the start.
    calendar.local(region, day, seconds).clamp(calendar.start(), calendar.end() - DAY)
}

fn first_term(segment: Segment, from: Instant, random: &mut Random) -> Term {
    let (plan, seats) = match segment {
        Segment::Smb => (random.weighted(&[(70, Plan::Starter), (30, Plan::Growth)]), random.between(2, 8)),
        Segment::MidMarket => {
            (random.weighted(&[(70, Plan::Growth), (30, Plan::Scale)]), random.between(10, 40))
        }
        Segment::Enterprise => (Plan::Scale, random.between(50, 300)),
    };
    Term { from, to: None, plan, seats, status: "active" }
}

/// What a month does to a term: mostly nothing, sometimes an upgrade or, less often, a downgrade.
fn change(term: &Term, random: &mut Random) -> Term {
    let share = random.between(10, 30);
    let some_seats = (term.seats * share / 100).max(1);
    let (plan, seats) = random.weighted(&[
        (925, (term.plan, term.seats)),
        (15, (term.plan.above(), term.seats)),
        (5, (term.plan.below(), term.seats)),
        (40, (term.plan, term.seats + some_seats)),
        (15, (term.plan, (term.seats - some_seats).max(1))),
    ]);
    Term { plan, seats, ..*term }
}

fn discount(random: &mut Random) -> Option<Discount> {
    random.weighted(&[
        (80, None),
        (10, Some(Discount { percent: 10, kind: "forever" })),
        (6, Some(Discount { percent: 20, kind: "once" })),
        (4, Some(Discount { percent: 15, kind: "repeating" })),
    ])
}
