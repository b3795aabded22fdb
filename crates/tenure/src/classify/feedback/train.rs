//! Training: what words say of sentiments and themes, and how far to believe it.
//!
//! As with interactions, the second stage sees what the first says of texts of authors that it did not learn from. For
//! sentiments it finds how far to believe the words; for themes, from which sum on naming one does most good (its F1).

use super::model::{MOST_THEMES, Themes};
use crate::classify::linear::{
    Bound, Counts, Example, Folds, Problem, Solution, Table, Text, TextWeights, WordLessons, Words, against,
    factor, small, solve, whole,
};
use std::sync::Arc;

/// What a cue counts in any text, however long: of sentiments, whose cues are known well, and of themes.
const CUE: Counts = Counts::Always(3.0);
const CUE_OF_A_THEME: Counts = Counts::Always(8.0);
/// What an error on a text costs, against keeping the weights as they are stated: of sentiments, and of themes.
const COST: f64 = 30.0;
const COST_OF_A_THEME: f64 = 30.0;
/// What an error on a cue costs.
const COST_OF_A_CUE: f64 = 3.0;
/// What an error costs, against keeping the constants small.
const COST_OF_A_CONSTANT: f64 = 1.0;
/// A yes-or-no question is one of three labels whose last cannot be.
const YES: usize = 0;
const NO: usize = 1;
const NEITHER: [f64; 3] = [0.0, 0.0, f64::NEG_INFINITY];
/// The most pieces that are kept of each kind: the model is to be embedded.
const MOST_PIECES: usize = 80_000;
const MOST_THEME_PIECES: usize = 50_000;

/// Texts to learn from, and what is known of them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) texts: Vec<Text>,
    /// Places in [`Sentiment::ALL`](crate::classify::Sentiment::ALL). Of a cue `None`, if it stands for a theme.
    pub(crate) sentiments: Vec<Option<usize>>,
    /// Names of themes. Of a cue none, if it stands for a sentiment.
    pub(crate) themes: Vec<Vec<String>>,
}

impl Rows {
    pub(crate) fn push(&mut self, text: Text, sentiment: Option<usize>, themes: Vec<String>) {
        self.texts.push(text);
        self.sentiments.push(sentiment);
        self.themes.push(themes);
    }
}

/// What was learned of sentiments.
pub(crate) struct Sentiments {
    pub(crate) words: TextWeights,
    pub(crate) constant: [f64; 2],
}

/// Everything that is learned of rows, tested by part.
pub(crate) struct Lessons<'r> {
    /// Comments, and behind them cues, of which each says what it stands for: comments are inventive, and from them alone one
    /// would learn that "excellent" is said in irony.
    pub(crate) rows: &'r Rows,
    /// How many of the rows are comments.
    pub(crate) comments: usize,
    pub(crate) folds: &'r Folds,
    /// How many features cues have.
    pub(crate) features: usize,
    /// What each says of sentiment before anything is learned.
    pub(crate) stated: &'r [Option<[f64; 3]>],
}

impl Lessons<'_> {
    /// Some of the comments, with the cues that `is_lesson` keeps.
    fn with_cues(&self, which: &[usize], is_lesson: impl Fn(usize) -> bool) -> Vec<usize> {
        let cues = (self.comments..self.rows.texts.len()).filter(|row| is_lesson(*row));
        which.iter().copied().chain(cues).collect()
    }

    fn costs(&self, of_a_comment: f64) -> Vec<f64> {
        let cost = |row: usize| if row < self.comments { of_a_comment } else { COST_OF_A_CUE };
        (0..self.rows.texts.len()).map(cost).collect()
    }

    pub(crate) fn sentiments(&self) -> Sentiments {
        let labels: Vec<usize> =
            self.rows.sentiments.iter().map(|sentiment| sentiment.unwrap_or_default()).collect();
        let speaks = |feature: &u16| self.stated.get(usize::from(*feature)).is_some_and(Option::is_some);
        let texts: Vec<Text> = self.rows.texts.iter().map(|text| text.with_concepts(speaks)).collect();
        let stated: Vec<[f64; 3]> = self.stated.iter().map(|stated| stated.unwrap_or_default()).collect();
        let lessons = WordLessons {
            texts: &texts,
            stated: &stated,
            labels: &labels,
            concepts: self.features,
            cue: CUE,
            costs: &self.costs(COST),
            known: &[],
        };
        let is_lesson = |row: usize| self.rows.sentiments.get(row).is_some_and(Option::is_some);
        let learn = |which: &[usize]| Words::learn(lessons, &self.with_cues(which, is_lesson));
        // What is said of every comment by what was learned from the others.
        let mut said: Vec<([f64; 3], usize)> = Vec::new();
        for (inside, outside) in self.folds.each() {
            let words = learn(&outside);
            let of_row = |row: &usize| {
                let text = texts.get(*row).filter(|text| !text.is_empty())?;
                Some((words.sums(text), *labels.get(*row)?))
            };
            said.extend(inside.iter().filter_map(of_row));
        }
        let belief = factor(&said, -4.0, 4.0);
        let mut problem = Problem { marks: vec![Bound::Free], ..Problem::default() };
        problem.examples = said
            .iter()
            .map(|(sums, label)| Example {
                features: 0..0,
                marks: 1,
                offset: sums.map(|sum| belief * sum),
                label: *label,
                cost: COST_OF_A_CONSTANT,
            })
            .collect();
        let constant = solve(&problem, Solution::zero(0, 1)).marks.first().copied().unwrap_or_default();
        let all: Vec<usize> = (0..self.comments).collect();
        Sentiments {
            words: learn(&all).quantise(belief, self.features, MOST_PIECES, None),
            constant: against(constant),
        }
    }

    pub(crate) fn themes(&self, names: &[String]) -> Themes {
        let names = names.get(..names.len().min(MOST_THEMES)).unwrap_or_default();
        let labels: Vec<Vec<usize>> = names
            .iter()
            .map(|name| {
                let has = |themes: &Vec<String>| if themes.contains(name) { YES } else { NO };
                self.rows.themes.iter().map(has).collect()
            })
            .collect();
        let known = vec![NEITHER; self.rows.texts.len()];
        let costs = self.costs(COST_OF_A_THEME);
        let is_lesson = |row: usize| self.rows.themes.get(row).is_some_and(|themes| !themes.is_empty());
        let learn = |which: &[usize]| {
            let which = self.with_cues(which, is_lesson);
            let weights = labels.iter().map(|labels| {
                let lessons = WordLessons {
                    texts: &self.rows.texts,
                    stated: &[],
                    labels,
                    concepts: self.features,
                    cue: CUE_OF_A_THEME,
                    costs: &costs,
                    known: &known,
                };
                Words::learn(lessons, &which)
            });
            Speaking::of(&weights.collect::<Vec<_>>(), self.features)
        };
        // What is said of every text by what was learned from the others, and then where to draw the line.
        let mut sums = vec![vec![0.0; self.comments]; names.len()];
        for (inside, outside) in self.folds.each() {
            let speaking = learn(&outside);
            for row in inside {
                let Some(text) = self.rows.texts.get(row) else { continue };
                for (sums, sum) in sums.iter_mut().zip(speaking.sums(text, names.len())) {
                    sums.iter_mut().skip(row).take(1).for_each(|place| *place = sum);
                }
            }
        }
        let thresholds = sums.iter().zip(&labels).map(|(sums, labels)| line(sums, labels)).collect();
        let all: Vec<usize> = (0..self.comments).collect();
        learn(&all).quantise(names.iter().map(|name| Arc::from(name.as_str())).collect(), thresholds)
    }
}

/// The sum from which on naming a theme does most good: the F1 of all that reach it is highest.
fn line(sums: &[f64], labels: &[usize]) -> f64 {
    let mut rows: Vec<(f64, usize)> = sums.iter().copied().zip(labels.iter().copied()).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = labels.iter().filter(|label| **label == YES).count();
    let (mut right, mut best) = (0, (0.0, f64::INFINITY));
    for (named, (sum, label)) in rows.iter().enumerate() {
        right += u32::from(*label == YES);
        let next = rows.get(named + 1).map_or(*sum, |(next, _)| *next);
        let f1 = 2.0 * f64::from(right) / (named + 1 + all) as f64;
        if f1 > best.0 && next < *sum {
            best = (f1, f64::midpoint(*sum, next));
        }
    }
    best.1
}

/// What speaks for themes: pieces each for one, cues for all.
struct Speaking {
    /// For each theme.
    features: Vec<Vec<f64>>,
    /// By rising number: the theme's place and the weight.
    pieces: Vec<(u32, (usize, f64))>,
}

impl Speaking {
    fn of(weights: &[Words], features: usize) -> Self {
        let mut pieces: Vec<(u32, (usize, f64))> = Vec::new();
        for (theme, words) in weights.iter().enumerate() {
            for (hash, weight) in words.pieces(features) {
                let weight = yes(weight);
                if weight > 0.0 {
                    pieces.push((hash, (theme, weight)));
                }
            }
        }
        pieces.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.1.total_cmp(&a.1.1)).then(a.1.0.cmp(&b.1.0)));
        pieces.dedup_by_key(|(hash, _)| *hash);
        pieces.sort_by(|a, b| b.1.1.total_cmp(&a.1.1).then(a.0.cmp(&b.0)));
        pieces.truncate(MOST_THEME_PIECES);
        pieces.sort_by_key(|(hash, _)| *hash);
        let features =
            weights.iter().map(|words| (0..features).map(|at| yes(words.concept(at))).collect()).collect();
        Self { features, pieces }
    }

    fn sums(&self, text: &Text, themes: usize) -> Vec<f64> {
        let mut sums = vec![0.0; themes];
        for (hash, count) in text.pieces() {
            let Ok(at) = self.pieces.binary_search_by_key(hash, |(hash, _)| *hash) else { continue };
            let Some((_, (theme, weight))) = self.pieces.get(at) else { continue };
            sums.iter_mut().skip(*theme).take(1).for_each(|sum| *sum += weight * f64::from(*count));
        }
        for (sum, weights) in sums.iter_mut().zip(&self.features) {
            *sum /= text.damping().max(1.0);
            *sum +=
                text.concepts.iter().filter_map(|feature| weights.get(usize::from(*feature))).sum::<f64>();
        }
        sums
    }

    fn quantise(&self, names: Vec<Arc<str>>, thresholds: Vec<f64>) -> Themes {
        let most = self.pieces.iter().fold(0.0_f64, |most, (_, (_, weight))| most.max(*weight));
        let step = if most > 0.0 { most / f64::from(i8::MAX) } else { 1.0 };
        let pieces = self.pieces.iter().filter_map(|(hash, (theme, weight))| {
            Some((*hash, [i8::try_from(*theme).ok()?, small(weight / step)]))
        });
        let in_steps = |weights: &Vec<f64>| weights.iter().map(|weight| whole(weight / step)).collect();
        Themes {
            names,
            features: self.features.iter().map(in_steps).collect(),
            table: Table::new(pieces),
            thresholds: thresholds.into_iter().map(|sum: f64| sum / step).collect(),
        }
    }
}

/// Weights of yes against no.
fn yes(against: [f64; 2]) -> f64 {
    let [yes, no] = against;
    yes - no
}
