//! # Days since the last touch
//!
//! **Question.** How long have customers not heard of us?
//!
//! **Definition.** At the end of each period, or at `as_of` if that comes first: the time since the account's last touch, of
//! every account on record, in days of 24 hours. What a touch is the [touch count](mod@super::touch_count) says. Without a
//! table of accounts the units are those that touches name, each from its first one on.
//!
//! **Example.** On 1 March three accounts were last touched on 25 January, 5 and 10 February, and a fourth never: 35, 24 and
//! 19 days, median 24, one missing.
//!
//! **Edge cases.** An account that was never touched is missing, and not far away. A touch at `as_of` is 0 days ago; one at a
//! period's end is of the next. Accounts that are internal, or churned by then (`accounts`), are left out. Accounts count from
//! their creation on, those without a date always. Notes, bots and spam touch nobody.
//!
//! **Merging and sources.** The times themselves, so that any quantile is exact; all of an account goes to one part. Totango
//! says what a touch is.

use super::choices::{WhichTouches, touch_policy};
use super::of_account::{ATTRIBUTES, AccountMeasure, LastTouches, Stock, TRUSTS};
use super::of_touch::TOTANGO;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, PeriodEnd, Row};
use crate::error::Result;
use crate::formula::{Spread, SpreadInDays};
use crate::key::Key;
use crate::kpi::success::{AccountsLookedAt, NoContact};
use crate::measure::{Evidence, Fate};
use crate::outcome::Fault;
use crate::policy::{OneOrMany, OpenUnits, Statistic};
use crate::scope::Micros;
use crate::summary::{Ago, Durations};
use crate::view::Touches;

touch_policy! {
    /// The choices of the days since the last touch.
    pub struct DaysSinceLastTouch {
        /// What is told; a list gives one row each. By default the median: a few forgotten accounts make any mean.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// Which accounts are looked at. By default those that are customers: nobody is expected to call the others.
        pub accounts: AccountsLookedAt = AccountsLookedAt::Current,
    }
    presets {
        /// Internal notes are no touches. https://support.totango.com/hc/en-us/articles/360034557631
        Totango { notes: NoContact::LeaveOut }
    }
}

static CARD: Card = Card {
    id: "days_since_last_touch",
    name: "Days since the last touch",
    question: "How long have customers not heard of us?",
    formula: "end of the period - last touch of the account, in days of 24 hours",
    unit: "days",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "interactions",
    key: "account_id",
    inputs: super::touch_inputs![],
    dimensions: &["statistic"],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "values",
    trusts: TRUSTS,
    revision: 1,
    sources: &[TOTANGO],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = DaysSinceLastTouch;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let statistic = choices.statistic.clone();
        let is_many = statistic.is_many();
        let formula = SpreadInDays(Spread { statistic, open: OpenUnits::CompletedOnly });
        let measure = SinceLastTouch(choices.which());
        let stock = Stock { stages: choices.stages()?, accounts: choices.accounts, measure };
        let plan = stock.on_record_or_touched::<Durations, _>(formula);
        Ok(Planned::new(plan).dimensions_if(is_many, CARD.dimensions))
    }
}

#[derive(Clone)]
struct SinceLastTouch(WhichTouches);

impl AccountMeasure for SinceLastTouch {
    type Value = Ago;
    type Side = LastTouches;

    fn side(&self, context: &Context<'_>) -> Result<LastTouches> {
        LastTouches::of(context, self.0)
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
    ) -> Result<Fate<Ago>> {
        let last = touches.last(account, end.known, context, why);
        Ok(last.map_or(Fate::Missing, |last| Fate::Observed(Ago(end.at - last.at))))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, Every, Key, Request, Table};

    fn book() -> Book<'static> {
        let mut book = Book::new();
        let interactions = Table::new("interactions")
            .column("account_id", ["acme", "birch", "acme"])
            .column("occurred_at", ["2026-01-05", "2026-01-10", "2026-02-01"]);
        let conversations = Table::new("conversations")
            .column("conversation_id", [7_i64])
            .column("account_id", ["cedar"])
            .column("created_at", ["2026-01-21"]);
        for table in [interactions, conversations] {
            book.add(table).unwrap();
        }
        book
    }

    #[test]
    fn a_touch_at_the_end_of_a_period_is_of_the_next() {
        let request = Request::new("days_since_last_touch").by("account_id").every(Every::Month);
        let outcomes = book().compute(&request.as_of("2026-02-01")).unwrap();
        let told: Vec<_> = outcomes.rows.iter().map(|row| (row.by[0].to_string(), row.value)).collect();
        let of = |name: &str, days: f64| (name.to_owned(), Some(days));
        // On 1 February 0:00: 27, 22 and 11 days since; in February itself acme was touched at that instant.
        assert_eq!(
            told,
            [
                of("acme", 27.0),
                of("birch", 22.0),
                of("cedar", 11.0),
                of("acme", 0.0),
                of("birch", 22.0),
                of("cedar", 11.0)
            ]
        );
    }

    #[test]
    fn without_accounts_units_are_those_that_touches_name() {
        let request = Request::new("days_since_last_touch").as_of("2026-01-20");
        let units = book().units(&request).unwrap();
        let told: Vec<_> = units.rows.iter().map(|unit| (unit.key.to_string(), unit.value)).collect();
        assert_eq!(units.key, "account_id");
        assert_eq!(told, [("acme".to_owned(), Some(15.0)), ("birch".to_owned(), Some(10.0))]);
        let units = book().units(&request.as_of("2026-02-01")).unwrap();
        assert_eq!(units.rows.last().map(|unit| unit.key.to_string()), Some("cedar".to_owned()));
    }

    #[test]
    fn a_trace_names_the_touch() {
        let request = Request::new("days_since_last_touch").as_of("2026-01-20");
        let traces = book().trace(&request, "account_id", &Key::from("acme")).unwrap();
        assert_eq!(traces.len(), 1);
        let note = traces[0].notes.iter().find(|note| note.what == "last touch").unwrap();
        assert!(note.found.starts_with("2026-01-05T00:00:00"), "{}", note.found);
        assert!(note.found.ends_with("row 0 of interactions"), "{}", note.found);
    }
}
