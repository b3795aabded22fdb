//! # Account NPS
//!
//! **Question.** How do the people of one account speak of us, taken together?
//!
//! **Definition.** [`nps`](mod@super::nps) over the answers of each account that lie at most `window` before the
//! account's latest answer, in points. Group by `account_id` for one row an account; without it the accounts'
//! answers are pooled. With periods each period is looked at on its own: the latest answer is the latest in the
//! period, and each answer counts once, in the period in which it was given.
//!
//! **Example.** An account answered 10 in January and 3 in June. Over all answers its score is 0; within 90 days of
//! the latest it is -100.
//!
//! **Edge cases.** The window is anchored on the latest answer, not on today. Nobody answered: undefined, not 0. One
//! respondent can only give -100, 0 or 100, so below five answers there is no interval. Answers without an account
//! stand for themselves.
//!
//! **Merging and sources.** Three counts a cell; all answers of an account go to one part. Vendors differ on the
//! window (D20); some show the mean score instead, see [`nps_account_mean`](mod@super::nps_account_mean).

use super::nps::{bands, usual_bands};
use super::of_entity;
use super::of_entity::Keep;
use super::three_way::{Points, Sides, TrinomialInterval};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, RowView};
use crate::error::Result;
use crate::formula::Formula;
use crate::measure::RowMeasure;
use crate::policy::{Scale, Window, policy};
use crate::summary::Summary;

policy! {
    /// The choices of account NPS.
    pub struct NpsAccount {
        /// Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`.
        pub scale: Scale = Scale::ZERO_TO_TEN,
        /// The lowest answer of a promoter: 9 on the scale of 0 to 10.
        pub promoter_from: Option<i64> = None,
        /// The highest answer of a detractor: 6 on the scale of 0 to 10.
        pub detractor_to: Option<i64> = None,
        /// How long before the account's latest answer others still count, ends included. By default all do, which is the true NPS of the account.
        pub window: Window = Window::All,
        /// How the interval is computed.
        pub interval: TrinomialInterval = TrinomialInterval::AdjustedWald,
    }
    presets {
        /// Answers within 90 days of the latest. https://crmsupport.freshworks.com/en/support/solutions/articles/50000008715-net-promoter-score-report
        Freshworks { window: Window::Days(90) }
    }
}

static CARD: Card = Card {
    id: "nps_account",
    name: "Account NPS",
    question: "How do the people of one account speak of us, taken together?",
    formula: "NPS over each account's answers within the window before its latest answer",
    unit: "points",
    range: Some((-100.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "account_id?", "answered_at?", "kind?", "excluded?", "scale_min?", "scale_max?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://community.gainsight.com/cs-ideas-21/true-nps-calculation-and-nps-widget-3245",
        "https://crmsupport.freshworks.com/en/support/solutions/articles/50000008715-net-promoter-score-report",
        super::source::ADJUSTED_WALD,
    ],
};

/// Fewer answers than this tell nothing of their spread.
pub(crate) const INTERVAL_FROM: u64 = 5;

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = NpsAccount;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        usual_bands(choices.scale, &mut choices.promoter_from, &mut choices.detractor_to);
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = bands(choices.scale, choices.promoter_from, choices.detractor_to)?;
        let formula = Points { interval: choices.interval, interval_from: INTERVAL_FROM };
        let rows = bands.answers("nps");
        Ok(within::<_, Sides, _>(choices.window, rows, bands, formula).ratio())
    }
}

/// Each account's answers within a window before its latest.
pub(crate) fn within<F, S, M>(window: Window, rows: RowView, measure: M, formula: F) -> Planned
where
    F: Formula<S> + 'static,
    S: Summary<M::Value>,
    M: RowMeasure + 'static,
{
    match window {
        Window::All => Planned::new(Pipeline::<_, _, S>::rows(rows, measure, formula)),
        Window::Days(days) => of_entity(rows, "account_id", Keep::WithinDays(days), (measure, formula)),
    }
}
