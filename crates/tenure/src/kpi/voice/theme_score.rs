//! # Theme score
//!
//! **Question.** How do those score us who speak of a theme?
//!
//! **Definition.** NPS (in points) or the mean score (in units of the scale) over the answers that carry the theme,
//! one row a theme. Themes are those of column `tags`, in a table without it those of column `themes`, which
//! `tenure.feedback` reads in the comments; policy `themes` chooses.
//!
//! **Example.** "price" stands on answers of 10, 0 and 7: an NPS of 0, a mean of 5.67.
//!
//! **Edge cases.** A theme without a usable score is undefined. A comment is not needed.
//!
//! **Merging and sources.** Counts of every score a theme and cell; intervals as for [`nps`](mod@super::nps) and
//! [`csat_mean`](mod@super::csat_mean). <https://help.getthematic.com/article/32-impact-calculation-equations>

use super::nps::{bands, usual_bands};
use super::themes::ThemesFrom;
use super::three_way::{Bands, Points, Sided, Sides, TrinomialInterval};
use super::{SCORE, answers, score};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Row};
use crate::error::Result;
use crate::formula::Mean;
use crate::formula::{Answer, CellFormula, Cells, Formula, Rows};
use crate::key::Key;
use crate::measure::{Fate, Input, RowMeasure, Value};
use crate::policy::{Scale, choice, policy};
use crate::state::{Reader, Writer};
use crate::summary::{Cell, Counts, Encode, Integers, Mergeable, Overflow, Summary};

choice! {
    /// What is scored.
    pub enum ThemeBase {
        /// The Net Promoter Score.
        Nps = "nps",
        /// The mean rating of satisfaction.
        Mean = "mean",
    }
}

policy! {
    /// The choices of the theme score.
    pub struct ThemeScore {
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
    id: "theme_score",
    name: "Theme score",
    question: "How do those score us who speak of a theme?",
    formula: "NPS, or the mean score, of the answers with the theme",
    unit: "points",
    range: None,
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
    sources: &["https://help.getthematic.com/article/32-impact-calculation-equations"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ThemeScore;

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
        Themed::planned(choices.base, choices.scale, bands, choices.themes, |base| OfTheme { base })
    }
}

/// Scores for each of their themes.
pub(crate) struct Themed {
    scale: Scale,
    bands: Option<Bands>,
    themes: ThemesFrom,
    inputs: Vec<Input>,
}

impl Themed {
    /// View, measure and formula of the KPIs that score themes.
    pub(crate) fn planned<F: Formula<Scores> + 'static>(
        base: ThemeBase,
        scale: Scale,
        (promoter_from, detractor_to): (Option<i64>, Option<i64>),
        themes: ThemesFrom,
        formula: impl FnOnce(ScoreOf) -> F,
    ) -> Result<Planned> {
        let (kind, bands, of, unit) = match base {
            ThemeBase::Nps => {
                let bands = bands(scale, promoter_from, detractor_to)?;
                (Some("nps"), Some(bands), ScoreOf::Nps, "points")
            }
            ThemeBase::Mean => (Some("csat"), None, ScoreOf::Mean, "score"),
        };
        let measure = Self { scale, bands, themes, inputs: themes.inputs(SCORE) };
        let plan = Pipeline::<_, _, Scores>::rows(answers(kind, Some(scale)), measure, formula(of));
        Ok(Planned::new(plan).dimensions(&["theme"]).unit(unit))
    }
}

/// A score, and its side if sides are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scored {
    score: i64,
    side: Option<Sided>,
}

impl Value for Scored {
    fn number(&self) -> Option<f64> {
        self.side.map_or_else(|| self.score.number(), |side| side.number())
    }

    fn label(&self) -> Option<&str> {
        self.side.as_ref().and_then(Value::label)
    }
}

impl RowMeasure for Themed {
    type Value = Scored;

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn row(&self, row: &Row<'_>) -> Fate<Scored> {
        match score(row.read(0), self.scale) {
            Ok(score) => Fate::Observed(Scored { score, side: self.bands.map(|bands| bands.side(score)) }),
            Err(fate) => fate,
        }
    }

    fn dimensions(&self, row: &Row<'_>) -> Vec<Key> {
        self.themes.of(row)
    }
}

/// Sides and sums of scores.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Scores {
    pub(crate) sides: Sides,
    pub(crate) sums: Integers,
}

impl Mergeable for Scores {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.sides.merge(&other.sides)?;
        self.sums.merge(&other.sums)
    }
}

impl Summary<Scored> for Scores {
    fn update(&mut self, value: &Scored, times: u64) -> Result<(), Overflow> {
        if let Some(side) = &value.side {
            self.sides.update(side, times)?;
        }
        self.sums.update(&value.score, times)
    }
}

impl Encode for Scores {
    fn encode(&self, out: &mut Writer) {
        self.sides.encode(out);
        self.sums.encode(out);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { sides: Counts::decode(bytes)?, sums: Integers::decode(bytes)? })
    }
}

/// What a set of scores comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ScoreOf {
    Nps,
    Mean,
}

impl ScoreOf {
    fn answer(self, scores: Scores, level: f64) -> Answer {
        match self {
            ScoreOf::Nps => {
                let cell = Cell { tally: crate::summary::Tally::default(), summary: scores.sides };
                let answer = Points::from(TrinomialInterval::AdjustedWald).answer(&cell, level);
                Answer { numerator: None, denominator: None, ..answer }
            }
            ScoreOf::Mean => {
                let cell = Cell { tally: crate::summary::Tally::default(), summary: scores.sums };
                Mean { interval_from: 2 }.answer(&cell, level)
            }
        }
    }

    /// The score without interval.
    pub(crate) fn value(self, scores: Scores) -> Option<f64> {
        self.answer(scores, 0.5).value
    }
}

struct OfTheme {
    base: ScoreOf,
}

impl Formula<Scores> for OfTheme {
    fn finish(&self, cells: &Cells<'_, Scores>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            for theme in cells.dimensions {
                let cell = cells.at(period, theme);
                rows.push(
                    period,
                    std::slice::from_ref(theme),
                    cell,
                    &self.base.answer(cell.summary, cells.level),
                );
            }
        }
    }
}
