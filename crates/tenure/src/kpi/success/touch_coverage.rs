//! # Touch coverage
//!
//! **Question.** Which share of our customers did we get in touch with lately?
//!
//! **Definition.** `100 * accounts touched within the window / accounts on record`, in percent, at the end of each period, or
//! at `as_of` if that comes first. The window is of so many local days, of which the last is that in which the period ends;
//! `period` is the period itself. What a touch is the [touch count](mod@super::touch_count) says.
//!
//! **Example.** At noon of 1 March three of four accounts were touched within 90 days: 75 %. The last touch of one was on 25
//! January; within 30 days, from 31 January on, two of four: 50 %.
//!
//! **Edge cases.** An account that was never touched is not covered. A touch at a period's end is of the next period. Accounts
//! that are internal, or churned by then (`accounts`), are left out; the others count from their creation on, those without a
//! date always. No accounts: undefined. Without a table of accounts all that touches name are looked at, each from its first
//! touch on, which never knows of the forgotten.
//!
//! **Merging and sources.** Two counts; all of an account goes to one part. The window of a quarter is our own choice: who
//! reviews with every customer each quarter is at 100 %.

use super::choices::{WhichTouches, touch_policy};
use super::of_account::{ATTRIBUTES, AccountMeasure, LastTouches, Stock, TRUSTS};
use super::of_touch::TOTANGO;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, PeriodEnd, Row};
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::kpi::success::{AccountsLookedAt, NoContact};
use crate::kpi::voice::source::WILSON;
use crate::measure::{Evidence, Fate};
use crate::outcome::Fault;
use crate::policy::Rolling;
use crate::scope::{Micros, format_instant};
use crate::summary::{Counts, Trial};
use crate::view::{Touches, days};

touch_policy! {
    /// The choices of the touch coverage.
    pub struct TouchCoverage {
        /// How far back a touch may lie. By default a quarter, in which a business review is due.
        pub window: Rolling = Rolling::Days(90),
        /// Which accounts are looked at. By default those that are customers: nobody is expected to call the others.
        pub accounts: AccountsLookedAt = AccountsLookedAt::Current,
        /// How the interval is computed. By default Wilson's, which holds for few accounts too.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {
        /// Internal notes are no touches. https://support.totango.com/hc/en-us/articles/360034557631
        Totango { notes: NoContact::LeaveOut }
    }
}

static CARD: Card = Card {
    id: "touch_coverage",
    name: "Touch coverage",
    question: "Which share of our customers did we get in touch with lately?",
    formula: "100 * accounts touched within the window / accounts on record",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "accounts",
    key: "account_id",
    inputs: super::COVERED_INPUTS,
    dimensions: &[],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: TRUSTS,
    revision: 1,
    sources: &[TOTANGO, WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TouchCoverage;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = TouchedLately { which: choices.which(), window: choices.window };
        let stock = Stock { stages: choices.stages()?, accounts: choices.accounts, measure };
        let plan = stock.on_record_or_touched::<Counts<2>, _>(Percent { interval: choices.interval });
        Ok(Planned::new(plan).ratio())
    }
}

#[derive(Clone)]
struct TouchedLately {
    which: WhichTouches,
    window: Rolling,
}

impl AccountMeasure for TouchedLately {
    type Value = Trial;
    type Side = LastTouches;

    fn side(&self, context: &Context<'_>) -> Result<LastTouches> {
        LastTouches::of(context, self.which)
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        Ok(Touches::of(context)?.faults(context))
    }

    fn begin(&self, touches: &LastTouches) -> Option<Micros> {
        touches.begin()
    }

    fn account(
        &self,
        touches: &LastTouches,
        (account, _): (&Key, &Row<'_>),
        end: PeriodEnd,
        context: &Context<'_>,
        why: &mut impl Evidence,
    ) -> Result<Fate<Trial>> {
        let since = match self.window {
            Rolling::Period => end.start,
            Rolling::Days(count) => days(context.scope).days_before(end.known, count - 1)?,
        };
        why.note("window", || format!("since {}", format_instant(since, context.scope.zone)));
        let last = touches.last(account, end.known, context, why);
        Ok(Fate::Observed(last.is_some_and(|last| last.at >= since).into()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, Every, Request, Table};
    use serde_json::Value;

    #[test]
    fn the_window_may_be_the_period() {
        let mut book = Book::new();
        let interactions = Table::new("interactions")
            .column("account_id", ["acme", "birch", "acme"])
            .column("occurred_at", ["2026-01-05", "2026-02-10", "2026-03-01"]);
        let accounts = Table::new("accounts").column("account_id", ["acme", "birch"]);
        for table in [interactions, accounts] {
            book.add(table).unwrap();
        }
        let mut request = Request::new("touch_coverage").every(Every::Month).as_of("2026-03-15");
        request.policy.insert("window".to_owned(), Value::from("period"));
        let outcomes = book.compute(&request).unwrap();
        // Acme in January and March, birch in February: one of two each.
        let told: Vec<_> = outcomes.rows.iter().map(|row| (row.numerator, row.denominator)).collect();
        assert_eq!(told, [(Some(1), Some(2)); 3]);
    }

    #[test]
    fn rows_of_touches_that_are_of_no_use_are_faults() {
        let mut book = Book::new();
        let interactions = Table::new("interactions")
            .column("interaction_id", [1_i64, 1, 2])
            .column("account_id", ["acme", "acme", "birch"])
            .column("occurred_at", [Some("2026-01-05"), Some("2026-01-06"), None]);
        let accounts = Table::new("accounts").column("account_id", ["acme", "birch"]);
        for table in [interactions, accounts] {
            book.add(table).unwrap();
        }
        let request = Request::new("touch_coverage").as_of("2026-01-31");
        assert_eq!(book.compute(&request).unwrap().rows[0].numerator, Some(1));
        let faults = book.faults(&request).unwrap();
        let told: Vec<_> =
            faults.iter().map(|fault| (fault.table.as_str(), fault.row, fault.reason)).collect();
        assert_eq!(told, [("interactions", 1, "duplicate"), ("interactions", 2, "missing_time")]);
        assert_eq!(book.faults(&request.clone().as_of("2026-01-05")).unwrap().len(), 1);
        assert!(book.compute(&request.strict()).is_err());
    }
}
