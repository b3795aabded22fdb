//! # Contact rate
//!
//! **Question.** How often do customers need to contact us?
//!
//! **Definition.** `100 * conversations created in the period / customers`. Customers are the accounts that exist at the end
//! of the period; or those of which anyone was active in it, or the users who were.
//!
//! **Example.** Five contacts of four accounts: 125 per 100 customers.
//!
//! **Edge cases.** Accounts without a date are customers always, internal ones never. What the company started is no contact
//! unless `count_outbound` says so. No customers: undefined, whatever the contacts. n counts the contacts; customers are
//! not units.
//!
//! **Merging and sources.** A count, and the ids of customers; all of a conversation goes to one part.

use super::of_conversation::{ConversationMeasure, plan};
use super::ticket_volume::OUTBOUND;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Joined, Out, Pipeline, Plan, Row, RowView, Sink, Untimed};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Rows, shown};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, RowMeasure};
use crate::policy::{choice, policy};
use crate::scope::Micros;
use crate::summary::{Either, Ids, Integers, Pair};
use crate::view::{ByEntity, Conversation, Entity, Need, Parts};
use std::collections::BTreeSet;

choice! {
    /// Who the customers are.
    pub enum CustomerBase {
        /// All accounts that exist at the end of the period, but internal ones.
        Accounts = "accounts",
        /// Accounts with an event in the period.
        ActiveAccounts = "active_accounts",
        /// Users with an event in the period.
        ActiveUsers = "active_users",
    }
}

policy! {
    /// The choices of the contact rate.
    pub struct ContactRate {
        /// Who the customers are. By default all accounts, which needs no record of use.
        pub base: CustomerBase = CustomerBase::Accounts,
        /// Whether conversations that the company started count. By default not: nobody needed help.
        pub count_outbound: bool = false,
    }
    presets {}
}

static CARD: Card = Card {
    id: "contact_rate",
    name: "Contact rate",
    question: "How often do customers need to contact us?",
    formula: "100 * conversations created / customers",
    unit: "per_100_customers",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Service,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "initiated_by?",
        "spam?",
        "deleted?",
        "merged?",
        "messages.occurred_at?",
        "messages.author?",
        "accounts.account_id?",
        "accounts.created_at?",
        "accounts.internal?",
        "events.occurred_at?",
        "events.account_id?",
        "events.user_id?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: &["internal"],
    revision: 1,
    sources: &["https://knowup.io/en/glossary/support-deflection-rate"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ContactRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let formula = PerHundred { so_far: choices.base == CustomerBase::Accounts };
        let active = |id: &'static str| -> Box<dyn Plan> {
            let measure = Active([Input::required(id, InputKind::Any)]);
            Box::new(Pipeline::<_, _, Compared>::rows(EVENTS, measure, formula))
        };
        let customers = match choices.base {
            CustomerBase::Accounts => {
                let view = ByEntity { rows: ACCOUNTS, entity: "account_id", in_time: false, closed_at: None };
                Box::new(Pipeline::<_, _, Compared>::entities(view, Accounts, formula))
            }
            CustomerBase::ActiveAccounts => active("account_id"),
            CustomerBase::ActiveUsers => active("user_id"),
        };
        let contacts = plan::<_, Compared, _>(choices.clone(), formula).plan;
        Ok(Planned::new(Joined::of(contacts).beside(customers)).ratio())
    }
}

const EVENTS: RowView = RowView {
    table: "events",
    key: "event_id",
    time: &["occurred_at"],
    untimed: Untimed::Fault,
    kind: None,
    excluded: &[],
    scale: None,
};

const ACCOUNTS: RowView = RowView {
    table: "accounts",
    key: "account_id",
    time: &["created_at"],
    untimed: Untimed::Always,
    excluded: &["internal"],
    ..EVENTS
};

/// Contacts, and the ids of customers.
type Compared = Pair<Integers, Ids>;
/// One contact, or one customer.
type One = Either<i64, Key>;

impl ConversationMeasure for Choices {
    type Value = One;
    type Side = ();

    fn parts(&self) -> Parts {
        // Without the column `initiated_by` the first message tells who began.
        let messages = if self.count_outbound { Need::No } else { Need::Optional };
        Parts { messages, ..Parts::default() }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<One>>,
        _: &mut E,
    ) -> Result<()> {
        let fate = if conversation.is_outbound && !self.count_outbound {
            Fate::Excluded(OUTBOUND)
        } else {
            Fate::Observed(Either::First(1))
        };
        out.put(conversation.number, Some(created), fate, Vec::new())
    }
}

/// Whoever did something is a customer.
struct Active([Input; 1]);

impl RowMeasure for Active {
    type Value = One;

    fn inputs(&self) -> &[Input] {
        &self.0
    }

    fn row(&self, row: &Row<'_>) -> Fate<One> {
        match Key::named(row.read(0)) {
            Key::Null => Fate::Missing,
            id => Fate::Observed(Either::Second(id)),
        }
    }
}

/// Accounts are customers from their creation on.
struct Accounts;

/// Marks accounts that have been customers always: those without a date.
const ALWAYS: Key = Key::Whole(0);

impl EntityMeasure for Accounts {
    type Value = One;
    type View = ByEntity;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        const { &[Input::required("account_id", InputKind::Any)] }
    }

    fn side(&self, context: &Context<'_>) -> Result<()> {
        let accounts = context.book.require("accounts")?;
        let clock =
            |name: &&String| matches!(name.as_str(), "weekday" | "hour") && accounts.find(name).is_none();
        match context.scope.by.iter().find(clock) {
            None => Ok(()),
            Some(name) => Err(Error::invalid(format!(
                "an account is a customer at every {name}; by {name} \"contact_rate\" needs another base"
            ))),
        }
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        account: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<One>>,
        _: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        let (first, last) = frame.window();
        for version in &account.rows {
            let own = match Key::named(version.row.read(0)) {
                Key::Null => continue,
                id => Fate::Observed(Either::Second(id)),
            };
            let Some((created, fate)) = frame.judge(own, &version.row, version.time)? else { continue };
            let number = version.number;
            // Each counts once, where it is first seen; the formula adds up. Its versions have one id.
            match (created, fate) {
                (_, Fate::Observed(_)) if first > last => {}
                (Some(created), Fate::Observed(_)) if created > last => {}
                (Some(created), fate @ Fate::Observed(_)) => {
                    out.known(number, created)?;
                    out.put(number, Some(created.max(first)), fate, Vec::new())?;
                }
                (None, fate @ Fate::Observed(_)) => out.put(number, Some(last), fate, vec![ALWAYS])?,
                (_, Fate::Excluded(_)) => {}
                (at, fate) => out.put(number, at, fate, Vec::new())?,
            }
        }
        Ok(())
    }
}

/// Contacts of a period per hundred customers.
#[derive(Clone, Copy)]
struct PerHundred {
    /// Whether customers stay: then those of earlier periods count too.
    so_far: bool,
}

impl Formula<Compared> for PerHundred {
    fn finish(&self, cells: &Cells<'_, Compared>, rows: &mut Rows<'_>) {
        let always = cells.met.iter().filter(|((_, dimension), _)| *dimension == ALWAYS);
        let mut customers: BTreeSet<&Key> = always.flat_map(|(_, cell)| &cell.summary.1.0).collect();
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            if !self.so_far {
                customers.clear();
            }
            customers.extend(&cell.summary.1.0);
            let contacts = shown(cell.summary.0.n);
            let customers = shown(customers.len() as u64);
            // Customers are all that there are and no sample: few contacts are an answer too.
            let answer = Answer { is_census: true, ..Answer::ratio(100.0, contacts, customers) };
            rows.push(period, &[], cell, &answer);
        }
    }
}
