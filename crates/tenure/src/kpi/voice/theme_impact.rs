//! # Theme impact
//!
//! **Question.** How much does a theme move the score?
//!
//! **Definition.** `M(all answers) - M(all answers without the theme)`, where M is NPS (in points) or the mean score, one row
//! a theme. It equals `n_theme * (M_theme - M) / (n - n_theme)`: the two vendors' formulas are the same number (D23). Themes
//! are those of column `tags`, in a table without it those of column `themes`, which `tenure.feedback` reads in the
//! comments; policy `themes` chooses.
//!
//! **Example.** 100 answers with 60 promoters and 20 detractors; a theme on 20 of them with 5 and 12. Without it the
//! score is `100 * (55 - 8) / 80 = 58.75`; with it, 40: the theme costs 18.75 points.
//!
//! **Edge cases.** A theme on every answer has nothing to compare with: undefined.
//!
//! **Merging and sources.** Counts and sums a theme and cell.
//! <https://help.getthematic.com/article/32-impact-calculation-equations>

use super::nps::usual_bands;
use super::theme_score::{ScoreOf, Scores, ThemeBase, Themed};
use super::themes::ThemesFrom;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::policy::{Scale, policy};
use crate::summary::{Counts, Integers};

policy! {
    /// The choices of the theme impact.
    pub struct ThemeImpact {
        /// What is scored.
        pub base: ThemeBase = ThemeBase::Nps,
        /// Where the themes come from. By default what people tagged, where the table has tags.
        pub themes: ThemesFrom = ThemesFrom::TagsOrText,
        /// Lowest and highest answer. For NPS any scale but 0 to 10 needs `promoter_from` and `detractor_to`.
        pub scale: Scale = Scale::ZERO_TO_TEN,
        /// The lowest answer of a promoter: 9 on the scale of 0 to 10.
        pub promoter_from: Option<i64> = None,
        /// The highest answer of a detractor: 6 on the scale of 0 to 10.
        pub detractor_to: Option<i64> = None,
    }
    presets {}
}

static CARD: Card = Card {
    id: "theme_impact",
    name: "Theme impact",
    question: "How much does a theme move the score?",
    formula: "score of all answers - score of all answers without the theme",
    unit: "points",
    range: Some((-200.0, 200.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &["score", "tags?", "themes?", "answered_at?", "kind?", "excluded?", "scale_min?", "scale_max?"],
    dimensions: &["theme"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["tags"],
    revision: 1,
    sources: &[
        "https://help.getthematic.com/article/32-impact-calculation-equations",
        "https://community.qualtrics.com/cx-dashboards-8/nps-impact-score-26174",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ThemeImpact;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn complete(&self, choices: &mut Choices) {
        if choices.base == ThemeBase::Nps {
            usual_bands(choices.scale, &mut choices.promoter_from, &mut choices.detractor_to);
        }
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let bands = (choices.promoter_from, choices.detractor_to);
        Themed::planned(choices.base, choices.scale, bands, choices.themes, |base| Impact { base })
    }
}

struct Impact {
    base: ScoreOf,
}

impl Formula<Scores> for Impact {
    fn finish(&self, cells: &Cells<'_, Scores>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let all = cells.whole(period);
            for theme in cells.dimensions {
                let rest = without(all.summary, cells.at(period, theme).summary);
                let impact =
                    self.base.value(all.summary).zip(self.base.value(rest)).map(|(all, rest)| all - rest);
                rows.push(period, std::slice::from_ref(theme), all, &Answer::of(impact));
            }
        }
    }
}

/// All answers but those of a part of them.
fn without(all: Scores, part: Scores) -> Scores {
    let Counts(mut sides) = all.sides;
    for (side, taken) in sides.iter_mut().zip(part.sides.0) {
        *side = side.saturating_sub(taken);
    }
    Scores {
        sides: Counts(sides),
        sums: Integers {
            n: all.sums.n.saturating_sub(part.sums.n),
            sum: all.sums.sum.saturating_sub(part.sums.sum),
            sum_of_squares: all.sums.sum_of_squares.saturating_sub(part.sums.sum_of_squares),
        },
    }
}
