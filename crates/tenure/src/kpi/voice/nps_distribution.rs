//! # Promoters, passives and detractors
//!
//! **Question.** Which share of the answers comes from promoters, from passives and from detractors?
//!
//! **Definition.** As in [`nps`](mod@super::nps); each class as `100 * class / answers`, in percent. One row a class, in
//! the dimension `category`; numerators add up to the denominator.
//!
//! **Example.** 10, 9, 7, 3: promoters 50 %, passives 25 %, detractors 25 %.
//!
//! ```
//! use tenure::{Book, Request, Table};
//! let mut book = Book::new();
//! book.add(Table::new("surveys").column("score", &[10, 9, 7, 3]))?;
//! let shares = book.compute(&Request::new("nps_distribution").as_of("2026-07-01"))?;
//! let values: Vec<_> = shares.iter().map(|row| row.value).collect();
//! assert_eq!(values, [Some(50.0), Some(25.0), Some(25.0)]);
//! # Ok::<(), tenure::Error>(())
//! ```
//!
//! **Edge cases.** As in [`nps`](mod@super::nps); without answers all three are undefined.
//!
//! **Merging and sources.** Three counts a cell. Intervals are Wilson's, one class at a time.

use super::nps::{Answers, Repeats, bands, planned, usual_bands};
use super::three_way::Sides;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Cells, Formula, Rows};
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::policy::{Scale, policy};
use crate::summary::Counts;

policy! {
    /// The choices of the distribution of the Net Promoter Score.
    pub struct NpsDistribution {
        /// Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`.
        pub scale: Scale = Scale::ZERO_TO_TEN,
        /// The lowest answer of a promoter: 9 on the scale of 0 to 10.
        pub promoter_from: Option<i64> = None,
        /// The highest answer of a detractor: 6 on the scale of 0 to 10.
        pub detractor_to: Option<i64> = None,
        /// Which answers of one respondent count.
        pub repeats: Repeats = Repeats::All,
        /// Whether answers without a score enlarge the denominator. Then the three shares add up to less than 100 %.
        pub no_score_in_denominator: bool = false,
        /// How the interval of each share is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {
        /// Answers without a score are part of n. https://support.customergauge.com/support/solutions/articles/5000782949-nps-nps-summary
        CustomerGauge { no_score_in_denominator: true }
        /// 5-point scale: 5 promotes, 1 to 3 detract. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket5 { scale: Scale::ONE_TO_FIVE, promoter_from: Some(5), detractor_to: Some(3) }
        /// 7-point scale: 7 promotes, 1 to 4 detract. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket7 { scale: Scale::ONE_TO_SEVEN, promoter_from: Some(7), detractor_to: Some(4) }
        /// Only a user's latest rating in the period. https://feedback.uservoice.com/knowledgebase/articles/253905-user-satisfaction-report
        UserVoice { repeats: Repeats::LatestInPeriod }
        /// All answers that are not flagged as excluded. https://docs.userpilot.com/user-feedback/nps/nps-responses
        Userpilot { repeats: Repeats::All }
        /// All answers that are not flagged as excluded. https://docs.wootric.com/api
        Wootric { repeats: Repeats::All }
    }
}

static CARD: Card = Card {
    id: "nps_distribution",
    name: "Promoters, passives and detractors",
    question: "Which share of the answers comes from promoters, from passives and from detractors?",
    formula: "100 * class / answers, for promoters (9, 10), passives (7, 8) and detractors (0 to 6)",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Neither,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "answered_at?", "kind?", "excluded?", "respondent_id?", "scale_min?", "scale_max?"],
    dimensions: &["category"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://docs.wootric.com/api", super::source::WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = NpsDistribution;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        usual_bands(choices.scale, &mut choices.promoter_from, &mut choices.detractor_to);
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = bands(choices.scale, choices.promoter_from, choices.detractor_to)?;
        let formula = Shares { percent: Percent { interval: choices.interval }, names: bands.names };
        let measure = Answers { bands, no_score_in_denominator: choices.no_score_in_denominator };
        Ok(planned(choices.repeats, measure, formula).ratio().dimensions(CARD.dimensions))
    }
}

/// One row a class.
struct Shares {
    percent: Percent,
    names: &'static [&'static str; 3],
}

impl Formula<Sides> for Shares {
    fn finish(&self, cells: &Cells<'_, Sides>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts(counts) = cell.summary;
            let all = super::three_way::trinomial(cell.summary).n();
            for (name, count) in self.names.iter().zip(counts) {
                rows.push(period, &[Key::from(*name)], cell, &self.percent.of(count, all, cells.level));
            }
        }
    }
}
