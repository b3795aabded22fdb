//! # Change in NPS
//!
//! **Question.** Did the score change, and is the change more than chance?
//!
//! **Definition.** `NPS - NPS before`, in points from -200 to 200; `z = change / sqrt(SE^2 + SE_before^2)`. With
//! `every`, before is the previous period or the same period of the previous year, for which rows before `start` are
//! read. Without, it is the window of equal length just before `start`.
//!
//! **Example.** 60 % promoters and 10 % detractors of 100 answers, then 40 % and 30 % of 100: the change is
//! `10 - 50 = -40` points, `z = -40 / sqrt(6.7082^2 + 8.3066^2) = -3.746`.
//!
//! **Edge cases.** Without answers on either side: undefined. Without any spread on both sides there is no z. The
//! samples are taken to be independent: when the same people answered twice, z understates the change.
//!
//! **Merging and sources.** Three counts a cell. Each row's `n` is that of its own period.

use super::nps::{Answers, Repeats, bands, planned, usual_bands};
use super::three_way::{Sides, trinomial};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Lookback;
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::policy::{Choice, OneOrMany, Scale, choice, policy};
use crate::stats::trinomial::difference;

choice! {
    /// What the score is compared with.
    pub enum Against {
        /// The period before.
        PreviousPeriod = "previous_period",
        /// The same period one year before.
        PreviousYear = "previous_year",
    }
}

choice! {
    /// What is told of the change.
    pub enum ChangeStatistic {
        /// The change in points, with its normal interval.
        Change = "change",
        /// The change in standard errors.
        Z = "z",
    }
}

policy! {
    /// The choices of the change in NPS.
    pub struct NpsDelta {
        /// Lowest and highest answer. Any scale but 0 to 10 needs `promoter_from` and `detractor_to`.
        pub scale: Scale = Scale::ZERO_TO_TEN,
        /// The lowest answer of a promoter: 9 on the scale of 0 to 10.
        pub promoter_from: Option<i64> = None,
        /// The highest answer of a detractor: 6 on the scale of 0 to 10.
        pub detractor_to: Option<i64> = None,
        /// Which answers of one respondent count.
        pub repeats: Repeats = Repeats::All,
        /// What the score is compared with. By default the period before; the previous year removes the season.
        pub against: Against = Against::PreviousPeriod,
        /// What is told; a list gives one row each.
        pub statistic: OneOrMany<ChangeStatistic> = ChangeStatistic::Change.into(),
    }
    presets {
        /// 5-point scale: 5 promotes, 1 to 3 detract. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket5 { scale: Scale::ONE_TO_FIVE, promoter_from: Some(5), detractor_to: Some(3) }
        /// 7-point scale: 7 promotes, 1 to 4 detract. https://apps-docs.servicerocket.com/surveys/how-does-the-scale-correlate-with-the-metric-score
        ServiceRocket7 { scale: Scale::ONE_TO_SEVEN, promoter_from: Some(7), detractor_to: Some(4) }
        /// Only a user's latest rating in the period. https://feedback.uservoice.com/knowledgebase/articles/253905-user-satisfaction-report
        UserVoice { repeats: Repeats::LatestInPeriod }
    }
}

static CARD: Card = Card {
    id: "nps_delta",
    name: "Change in NPS",
    question: "Did the score change, and is the change more than chance?",
    formula: "NPS - NPS before; z = change / sqrt(SE^2 + SE_before^2)",
    unit: "points",
    range: Some((-200.0, 200.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "answered_at", "kind?", "excluded?", "respondent_id?", "scale_min?", "scale_max?"],
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://www.genroe.com/blog/how-to-calculate-margin-of-error-and-other-stats-for-nps/5994"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = NpsDelta;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        usual_bands(choices.scale, &mut choices.promoter_from, &mut choices.detractor_to);
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = bands(choices.scale, choices.promoter_from, choices.detractor_to)?;
        let measure = Answers { bands, no_score_in_denominator: false };
        let formula = Change { statistic: choices.statistic.clone() };
        let lookback = match choices.against {
            Against::PreviousPeriod => Lookback::Period,
            Against::PreviousYear => Lookback::Year,
        };
        let planned = planned(choices.repeats, measure, formula).lookback(lookback);
        Ok(planned.dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

/// The change from the period before.
struct Change {
    statistic: OneOrMany<ChangeStatistic>,
}

impl Formula<Sides> for Change {
    fn finish(&self, cells: &Cells<'_, Sides>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let before = cells.periods.get(period).and_then(|period| period.before);
            let difference = before.and_then(|before| {
                let (before, after) = (cells.whole(before).summary, cell.summary);
                difference(&trinomial(before), &trinomial(after), cells.level)
            });
            for statistic in self.statistic.as_slice() {
                let answer = match statistic {
                    ChangeStatistic::Change => {
                        let interval = difference.map(|difference| difference.interval);
                        Answer::of(difference.map(|difference| 100.0 * difference.change)).with_interval(
                            interval,
                            "normal",
                            100.0,
                            (-200.0, 200.0),
                        )
                    }
                    ChangeStatistic::Z => Answer {
                        value: difference.and_then(|difference| difference.z),
                        unit: Some("ratio"),
                        ..Answer::default()
                    },
                };
                let least_n = before.map(|before| cells.whole(before).tally.used());
                let answer = Answer { least_n, ..answer };
                let dimension = [Key::from(statistic.name())];
                rows.push(period, if self.statistic.is_many() { &dimension } else { &[] }, cell, &answer);
            }
        }
    }
}
