//! What all measures of goals have in common.

use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, Reason, Value};
use crate::view::{EachGoal, GOAL_INPUTS, Goal, GoalRow};

/// Where desired outcomes come from: what the customer has to reach, in the way that suits that customer.
pub(super) const DESIRED_OUTCOME: &str = "https://sixteenventures.com/appropriate-experience-required";
/// Outcomes that the customer has confirmed.
pub(super) const VERIFIED_OUTCOMES: &str = "https://communities.gainsight.com/deliver-customer-success-9/how-do-you-measure-roi-in-your-customer-scorecard-14334";
/// Goals that are reached when the data says so.
pub(super) const GOALS_FROM_DATA: &str = "https://kb.custify.com/lifecycles";

/// A measure of goals, each a unit from when it was set.
pub(super) trait GoalMeasure: Send + Sync {
    type Value: Value;

    /// Measures a goal that was set by `as_of`.
    fn goal<E: Evidence>(
        &self,
        goal: &Goal,
        out: &mut Out<'_, '_, impl Sink<Self::Value>>,
        why: &mut E,
    ) -> Result<()>;
}

/// What such a measure measures.
pub(super) struct OfGoals<M>(pub(super) M);

impl<M: GoalMeasure> EntityMeasure for OfGoals<M> {
    type Value = M::Value;
    type View = EachGoal;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        GOAL_INPUTS
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        row: &GoalRow<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        match row.goal {
            Err(reason) => out.put(row.number, None, Fate::Invalid(reason), Vec::new()),
            Ok(goal) if goal.created > out.gated.frame.context.scope.as_of => Ok(()),
            Ok(goal) => self.0.goal(goal, out, why),
        }
    }
}

const INTERNAL: Reason = Reason::new("account_id", "internal", "is one of the company's own accounts");
/// A goal that is reached before it is begun.
pub(super) const NO_DISTANCE: Reason =
    Reason::new("target", "no_distance", "is where the goal began: there is no way to go");

/// What becomes of a goal that cannot be measured, whatever is asked of it.
pub(super) fn unusable<V>(goal: &Goal) -> Option<Fate<V>> {
    if goal.is_internal {
        return Some(Fate::Excluded(INTERNAL));
    }
    goal.wrong.map(Fate::Invalid)
}
