//! # Account mean score
//!
//! **Question.** What do the people of one account answer on average when asked whether they would recommend us?
//!
//! **Definition.** The mean of the answers of each account that lie at most `window` before the account's latest
//! answer, in units of the scale. It is shown as "NPS" by some systems, and is none: an account can have a mean of
//! 9.07 and an NPS of 63.
//!
//! **Example.** Answers of 10 and 8 have a mean of 9 and an NPS of 50.
//!
//! **Edge cases.** As in [`nps_account`](mod@super::nps_account).
//!
//! **Merging and sources.** Number, sum and sum of squares a cell; all answers of an account go to one part (D20).

use super::answers;
use super::nps_account::{INTERVAL_FROM, within};
use super::rating::Rating;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::Mean;
use crate::policy::{Scale, Window, policy};
use crate::summary::Integers;

policy! {
    /// The choices of the account mean score.
    pub struct NpsAccountMean {
        /// Lowest and highest answer.
        pub scale: Scale = Scale::ZERO_TO_TEN,
        /// How long before the account's latest answer others still count, ends included. By default all do.
        pub window: Window = Window::All,
    }
    presets {
        /// All answers, as its 360-degree view showed. https://community.gainsight.com/cs-ideas-21/true-nps-calculation-and-nps-widget-3245
        Gainsight { window: Window::All }
        /// Answers within 30 days of the latest. https://support.natero.com/hc/en-us/articles/228600348
        Natero { window: Window::Days(30) }
    }
}

static CARD: Card = Card {
    id: "nps_account_mean",
    name: "Account mean score",
    question: "What do the people of one account answer on average when asked whether they would recommend us?",
    formula: "mean of each account's answers within the window before its latest answer",
    unit: "score",
    range: None,
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
        "https://support.natero.com/hc/en-us/articles/228600348",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = NpsAccountMean;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let rows = answers(Some("nps"), Some(choices.scale));
        let formula = Mean { interval_from: INTERVAL_FROM };
        Ok(within::<_, Integers, _>(choices.window, rows, Rating { scale: choices.scale }, formula))
    }
}
