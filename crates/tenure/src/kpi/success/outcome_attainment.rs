//! # Outcome attainment
//!
//! **Question.** Which share of our customers' goals do they reach, and in the way that suits them?
//!
//! **Definition.** `100 * goals attained / goals settled`, in percent. A goal settles when it is closed or due, whichever
//! comes first, and counts then. Its required outcome is there if the target was reached, its appropriate experience if the
//! customer rates it `experience_from` of 10 or better; the desired outcome is both, and `part` says which is told. Reached
//! is what was closed as won; of others what was measured at the target or beyond before they settled, be it that the value
//! falls again later.
//!
//! **Example.** Of nine goals that were due six reached their target, one of them without a rating, and one with 4 of 10: 66.7
//! percent by the required outcome, 50 percent of the eight rated ones by both.
//!
//! **Edge cases.** No goals settled: undefined, which is not success. Before a goal settles it is immature, also when it is
//! reached already: else young periods would hold nothing but successes. Missing are goals without a rating, where
//! experience is asked for, and goals that were never measured, or have no target, and were not closed by hand. Invalid are
//! a rating outside 0 to 10, a target equal to the baseline, a due date before the goal was set, and the second of two rows
//! of one goal. Of what was closed, verified or measured after `as_of` nothing is known; an outcome without a date of its
//! closing is not believed.
//!
//! **Merging and sources.** Two counts a cell; all rows of a goal go to one part, and measurements to every part. Required
//! outcome and appropriate experience are Lincoln Murphy's words, verified outcomes Gainsight's.

use super::of_goal::{
    DESIRED_OUTCOME, GOALS_FROM_DATA, GoalMeasure, NO_DISTANCE, OfGoals, VERIFIED_OUTCOMES, unusable,
};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Out, Pipeline, Sink};
use crate::error::{Error, Result};
use crate::formula::{CellFormula, Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::kpi::voice::source::WILSON;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::{Choice, OneOrMany, choice, policy};
use crate::request::Scope;
use crate::scope::{Micros, format_instant};
use crate::summary::{Counts, Trial};
use crate::view::{EachGoal, Goal, GoalEvidence, Verdict};

choice! {
    /// What of a desired outcome is asked for.
    pub enum OutcomePart {
        /// The required outcome: the goal was reached.
        Required = "required",
        /// The appropriate experience: the customer rates the way there well.
        Experience = "experience",
        /// The desired outcome, which is both.
        Both = "both",
    }
}

choice! {
    /// When a goal settles, at the latest.
    pub enum GoalSettles {
        /// When it is closed or due.
        Due = "due",
        /// Also at the instant at which it is reached.
        Reached = "reached",
    }
}

policy! {
    /// The choices of outcome attainment.
    pub struct OutcomeAttainment {
        /// What of a desired outcome is asked for; a list gives one row each. By default both: a goal reached the hard way is one that the customer will not want to reach again.
        pub part: OneOrMany<OutcomePart> = OutcomePart::Both.into(),
        /// The least rating of 0 to 10 that is an appropriate experience. By default 7: who would detract from a recommendation is not content.
        pub experience_from: f64 = 7.0,
        /// What shows that a goal was reached. By default what was said at the closing, and of goals that nobody closed what was measured.
        pub evidence: GoalEvidence = GoalEvidence::Any,
        /// When a goal settles. By default when it is closed or due: those reached early do not count before those that are late.
        pub settles: GoalSettles = GoalSettles::Due,
        /// How the interval is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {
        /// A goal is reached at the instant at which the data first says so. https://kb.custify.com/lifecycles
        Custify { part: OutcomePart::Required.into(), settles: GoalSettles::Reached }
        /// What was reached counts once the customer has confirmed it. https://communities.gainsight.com/deliver-customer-success-9/how-do-you-measure-roi-in-your-customer-scorecard-14334
        Gainsight { part: OutcomePart::Required.into(), evidence: GoalEvidence::Verified }
    }
}

static CARD: Card = Card {
    id: "outcome_attainment",
    name: "Outcome attainment",
    question: "Which share of our customers' goals do they reach, and in the way that suits them?",
    formula: "100 * goals reached with an appropriate experience / goals settled",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "goals",
    key: "goal_id",
    inputs: &[
        "account_id",
        "created_at",
        "due_at?",
        "closed_at?",
        "outcome?",
        "verified_at?",
        "metric?",
        "baseline?",
        "target?",
        "actual?",
        "experience?",
        "weight?",
        "measures.account_id?",
        "measures.measure?",
        "measures.occurred_at?",
        "measures.value?",
        "accounts.internal?",
    ],
    dimensions: &["part"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["actual", "experience", "due_at", "internal"],
    revision: 1,
    sources: &[DESIRED_OUTCOME, VERIFIED_OUTCOMES, GOALS_FROM_DATA, WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = OutcomeAttainment;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        if !RATINGS.contains(&choices.experience_from) {
            return Err(Error::invalid(format!(
                "experience_from {} is no rating; expected 0 to 10",
                choices.experience_from
            )));
        }
        let parts = choices.part.clone();
        let is_many = parts.is_many();
        let formula = ByPart { parts, percent: Percent { interval: choices.interval } };
        let measure = OfGoals(choices.clone());
        let plan = Pipeline::<_, _, Counts<2>>::entities(EachGoal, measure, formula);
        Ok(Planned::new(plan).ratio().dimensions_if(is_many, CARD.dimensions))
    }
}

const RATINGS: std::ops::RangeInclusive<f64> = 0.0..=10.0;
const NO_RATING: Reason = Reason::new("experience", "out_of_range", "is no rating of 0 to 10");

impl GoalMeasure for Choices {
    type Value = Trial;

    fn goal<E: Evidence>(
        &self,
        goal: &Goal,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let scope = out.gated.frame.context.scope;
        let settled = self.settled(goal, scope.as_of);
        why.note("settled", || match settled {
            Some((at, what)) => format!("{}: {what}", format_instant(at, scope.zone)),
            None => "not yet".to_owned(),
        });
        let at = settled.map(|(at, _)| at);
        note_steps(goal, at.unwrap_or(scope.as_of), scope, self.experience_from, why);
        let is_bounded = scope.start.is_some() || scope.end.is_some() || scope.calendar.is_some();
        for part in self.part.as_slice() {
            let fate = unusable(goal).unwrap_or_else(|| self.fate(*part, goal, at, scope.as_of));
            // What has not settled has no place in time; unless all of time is asked for.
            if at.is_none() && is_bounded && !matches!(fate, Fate::Invalid(_)) {
                continue;
            }
            let dimension = self.part.is_many().then(|| Key::from(part.name()));
            out.put(goal.row, at, fate, dimension.into_iter().collect())?;
        }
        Ok(())
    }
}

impl Choices {
    /// When a goal settled, and by what, as known at `as_of`.
    fn settled(&self, goal: &Goal, as_of: Micros) -> Option<(Micros, &'static str)> {
        let reached = (self.settles == GoalSettles::Reached).then(|| goal.reached_at(as_of, self.evidence));
        let ends = [
            (goal.closed_by(as_of), "closed"),
            (goal.due.filter(|due| *due <= as_of), "due"),
            (reached.flatten(), "reached"),
        ];
        ends.into_iter().filter_map(|(at, what)| Some((at?, what))).min_by_key(|(at, _)| *at)
    }

    fn fate(&self, part: OutcomePart, goal: &Goal, settled: Option<Micros>, as_of: Micros) -> Fate<Trial> {
        let asks_experience = part != OutcomePart::Required;
        let asks_outcome = part != OutcomePart::Experience;
        let is_by_hand = goal.verdict(as_of).is_some();
        if goal.experience.is_some_and(|rating| !RATINGS.contains(&rating)) {
            return Fate::Invalid(NO_RATING);
        }
        if asks_outcome && goal.target.is_some() && !goal.has_distance() && !is_by_hand {
            return Fate::Invalid(NO_DISTANCE);
        }
        let Some(settled) = settled else { return Fate::Immature };
        let is_appropriate = goal.experience.map(|rating| rating >= self.experience_from);
        if asks_experience && is_appropriate.is_none() {
            // Counted they would be failures, as nobody rates what was never reached.
            return Fate::Missing;
        }
        let mut is_attained = !asks_experience || is_appropriate == Some(true);
        if asks_outcome {
            let needs_value = !is_by_hand || self.evidence == GoalEvidence::Measured;
            let is_judged = is_by_hand || goal.target.is_some();
            if !is_judged || (needs_value && goal.latest(settled, as_of).is_none()) {
                return Fate::Missing;
            }
            let is_reached = goal.reached_by(settled, as_of, self.evidence).is_some();
            let is_shown = self.evidence != GoalEvidence::Verified || goal.verified_by(as_of).is_some();
            is_attained = is_attained && is_reached && is_shown;
        }
        Fate::Observed(Trial::from(is_attained))
    }
}

/// Tells what was looked at.
fn note_steps<E: Evidence>(goal: &Goal, until: Micros, scope: &Scope, experience_from: f64, why: &mut E) {
    let told = |at: Micros| format_instant(at, scope.zone);
    if let Some((at, verdict)) = goal.verdict(scope.as_of) {
        let word = if verdict == Verdict::Won { "won" } else { "lost" };
        why.note("outcome", || format!("{word}, said at the closing on {}", told(at)));
    }
    if let Some(target) = goal.target {
        why.note("value", || match (goal.met(until, scope.as_of), goal.latest(until, scope.as_of)) {
            (Some((at, value)), _) => format!("{value} on {} met the target of {target}", told(at)),
            (None, Some((at, value))) => {
                format!("never met the target of {target}; the last one is {value}, on {}", told(at))
            }
            (None, None) => "none by then".to_owned(),
        });
    }
    if let Some(at) = goal.verified_by(scope.as_of) {
        why.note("verified", || told(at));
    }
    why.note("experience", || {
        goal.experience.map_or("not rated".to_owned(), |rating| {
            format!("rated {rating} of 10: appropriate is {experience_from} or more")
        })
    });
}

/// One row a part.
struct ByPart {
    parts: OneOrMany<OutcomePart>,
    percent: Percent,
}

impl Formula<Counts<2>> for ByPart {
    fn finish(&self, cells: &Cells<'_, Counts<2>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            for part in self.parts.as_slice() {
                let dimension = if self.parts.is_many() { Key::from(part.name()) } else { Key::Null };
                let cell = cells.at(period, &dimension);
                let dimensions = if self.parts.is_many() { std::slice::from_ref(&dimension) } else { &[] };
                rows.push(period, dimensions, cell, &self.percent.answer(cell, cells.level));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, Key, Request, Table};
    use serde_json::json;

    fn book() -> Book<'static> {
        let mut book = Book::new();
        let goals = Table::new("goals")
            .column("goal_id", [1_i64, 2])
            .column("account_id", ["a", "b"])
            .column("created_at", ["2026-01-01", "2026-01-01"])
            .column("due_at", ["2026-03-01", "2027-03-01"])
            .column("metric", ["users", "users"])
            .column("baseline", [0_i64, 0])
            .column("target", [100_i64, 100])
            .column("experience", [Some(9_i64), None]);
        let measures = Table::new("measures")
            .column("account_id", ["a", "a"])
            .column("measure", ["users", "users"])
            .column("occurred_at", ["2026-02-10", "2026-03-20"])
            .column("value", [120_i64, 90]);
        book.add(goals).unwrap();
        book.add(measures).unwrap();
        book
    }

    fn told(request: &Request, goal: i64) -> Vec<String> {
        let traces = book().trace(request, "goal_id", &Key::from(goal)).unwrap();
        let steps = ["settled", "value", "experience", "fate"];
        let notes = traces.iter().flat_map(|trace| &trace.notes);
        let notes = notes.filter(|note| steps.contains(&note.what.as_str()));
        notes.map(|note| format!("{}: {}", note.what, note.found)).collect()
    }

    #[test]
    fn a_trace_tells_what_settled_a_goal_and_what_it_reached() {
        let request = Request::new("outcome_attainment").as_of("2026-04-01");
        assert_eq!(
            told(&request, 1),
            [
                "experience: 9",
                "settled: 2026-03-01T00:00:00+00:00: due",
                "value: 120 on 2026-02-10T00:00:00+00:00 met the target of 100",
                "experience: rated 9 of 10: appropriate is 7 or more",
                "fate: observed, value 1",
            ]
        );
        assert_eq!(
            told(&request, 2),
            [
                "experience: null",
                "settled: not yet",
                "value: none by then",
                "experience: not rated",
                "fate: immature"
            ]
        );
    }

    #[test]
    fn a_due_date_is_not_how_far_the_tables_reach() {
        let latest = book().compute(&Request::new("outcome_attainment").as_of("latest")).unwrap();
        // The last measurement is of 20 March: the first goal was due by then, the second is not.
        assert_eq!((latest.rows[0].n, latest.rows[0].n_immature), (1, 1));
    }

    #[test]
    fn a_threshold_is_a_rating() {
        let mut request = Request::new("outcome_attainment").as_of("2026-04-01");
        request.policy.insert("experience_from".to_owned(), json!(11));
        assert!(book().compute(&request).unwrap_err().message().contains("0 to 10"));
    }

    #[test]
    fn a_goal_that_is_wrong_in_several_ways_of_looking_is_one_fault() {
        let mut book = book();
        let goals = Table::new("goals")
            .column("goal_id", [1_i64])
            .column("account_id", ["a"])
            .column("created_at", ["2026-01-01"])
            .column("baseline", [5_i64])
            .column("target", [5_i64]);
        book.add(goals).unwrap();
        let mut request = Request::new("outcome_attainment").as_of("2026-04-01");
        request.policy.insert("part".to_owned(), json!(["required", "both"]));
        assert_eq!(book.faults(&request).unwrap().len(), 1);
        let request = Request::new("goal_progress").as_of("2026-04-01").every(crate::Every::Month);
        assert_eq!(book.faults(&request).unwrap().len(), 1);
        assert_eq!(book.compute(&request).unwrap().rows.len(), 4);
    }
}
