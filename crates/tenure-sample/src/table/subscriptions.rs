//! `subscriptions`: consecutive rows of constant price, seats and status, and a second item for some.
//!
//! `amount_minor` and `discount_minor` are cents per unit and interval: times `quantity` they are what is paid.

use super::Table;
use crate::account::{Account, Billing, Leaving, Return, Term};
use crate::calendar::{Instant, add_months};
use crate::column::{Field, Read};
use crate::company::World;
use crate::lead::with_lead;

pub(super) static TABLE: Table<Subscription> = Table {
    name: "subscriptions",
    columns: &[
        Field { name: "subscription_id", read: Read::I64(|it| Some(it.account_id * 10 + 1)) },
        Field { name: "account_id", read: Read::I64(|it| Some(it.account_id)) },
        Field { name: "item_id", read: Read::Word(|it| Some(it.item)) },
        Field { name: "plan", read: Read::Word(|it| Some(it.plan)) },
        Field { name: "starts_at", read: Read::Time(|it| Some(it.from)) },
        Field { name: "ends_at", read: Read::Time(|it| it.to) },
        Field { name: "cancelled_at", read: Read::Time(|it| it.leaving.map(|leaving| leaving.cancelled_at)) },
        Field { name: "renews_at", read: Read::Time(|it| it.renews_at) },
        Field { name: "amount_minor", read: Read::I64(|it| Some(it.price)) },
        Field { name: "currency", read: Read::Word(|_| Some("EUR")) },
        Field { name: "interval", read: Read::Word(|it| Some(it.interval)) },
        Field { name: "interval_count", read: Read::I16(|_| Some(1)) },
        Field { name: "quantity", read: Read::I64(|it| Some(it.quantity)) },
        Field { name: "discount_minor", read: Read::I64(|it| it.discount.map(|(minor, _)| minor)) },
        Field { name: "discount_kind", read: Read::Word(|it| it.discount.map(|(_, kind)| kind)) },
        Field { name: "metered", read: Read::Bool(|_| Some(false)) },
        Field { name: "status", read: Read::Word(|it| Some(it.status)) },
        Field { name: "cancel_reason", read: Read::Word(|it| it.leaving.map(|leaving| leaving.reason)) },
    ],
    rows: subscriptions,
};

/// What the second item costs a month, whatever the number of seats.
const ADDON_PRICE: i64 = 9900;

/// One item during one term.
#[derive(Debug)]
pub(super) struct Subscription {
    account_id: i64,
    item: &'static str,
    plan: &'static str,
    from: Instant,
    to: Option<Instant>,
    renews_at: Option<Instant>,
    price: i64,
    interval: &'static str,
    quantity: i64,
    discount: Option<(i64, &'static str)>,
    status: &'static str,
    /// Only in the last row.
    leaving: Option<Leaving>,
}

/// Those of an account, and the trial of the lead beside it.
fn subscriptions(world: &World, account: &Account) -> Vec<Subscription> {
    with_lead(world, account).iter().flat_map(|account| subscriptions_of(world, account)).collect()
}

fn subscriptions_of(world: &World, account: &Account) -> Vec<Subscription> {
    let last = account.terms.len().saturating_sub(1);
    let mut rows: Vec<Subscription> = account
        .terms
        .iter()
        .enumerate()
        .map(|(number, term)| Subscription {
            account_id: account.id,
            item: "seats",
            plan: term.plan.name(),
            from: term.from,
            to: term.to,
            renews_at: renews_at(world, account, term.status, term.to),
            price: price(account, term),
            interval: account.billing.name(),
            quantity: term.seats,
            discount: discount(account, term),
            status: term.status,
            leaving: account.leaving.filter(|_| number == last),
        })
        .collect();
    rows.extend(account.returned.and_then(|returned| again(account, returned)));
    rows.extend(account.addon_from.map(|from| Subscription {
        account_id: account.id,
        item: "insights",
        plan: "insights",
        from,
        to: account.leaving.map(|leaving| leaving.at),
        renews_at: renews_at(world, account, "active", account.leaving.map(|leaving| leaving.at)),
        price: ADDON_PRICE * i64::from(account.billing.months()),
        interval: account.billing.name(),
        quantity: 1,
        discount: None,
        status: "active",
        leaving: account.leaving,
    }));
    rows
}

/// What an account that came back pays: what it paid last, without a discount.
fn again(account: &Account, returned: Return) -> Option<Subscription> {
    let term = Term { from: returned.from, to: returned.to, status: "active", ..*account.terms.last()? };
    let leaving = account.leaving?;
    let renewal = add_months(returned.from, account.billing.months());
    Some(Subscription {
        account_id: account.id,
        item: "seats",
        plan: term.plan.name(),
        from: term.from,
        to: term.to,
        renews_at: renewal.filter(|_| term.to.is_none() && account.billing == Billing::Year),
        price: price(account, &term),
        interval: account.billing.name(),
        quantity: term.seats,
        discount: None,
        status: term.status,
        leaving: term.to.map(|at| Leaving { at, cancelled_at: at, ..leaving }),
    })
}

/// A trial costs nothing.
fn price(account: &Account, term: &Term) -> i64 {
    if term.status == "trialing" { 0 } else { term.plan.seat_price(account.billing) }
}

/// A discount given once is for the first paid term.
fn discount(account: &Account, term: &Term) -> Option<(i64, &'static str)> {
    let discount = account.discount?;
    let applies = discount.kind != "once" || term.from == account.paid_from;
    (applies && term.status != "trialing")
        .then(|| (price(account, term) * discount.percent / 100, discount.kind))
}

/// The first renewal at or after the end of a term; none after the account has left, and none of a monthly plan, which
/// runs on without anybody renewing it.
fn renews_at(world: &World, account: &Account, status: &str, to: Option<Instant>) -> Option<Instant> {
    if account.leaving.is_some_and(|leaving| to == Some(leaving.at)) {
        return None;
    }
    let end = to.unwrap_or(world.calendar.end());
    if status == "trialing" {
        return Some(account.paid_from);
    }
    if account.billing == Billing::Month {
        return None;
    }
    (1..)
        .map_while(|renewal| add_months(account.paid_from, renewal * account.billing.months()))
        .find(|renewal| *renewal >= end)
}
