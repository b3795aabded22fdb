//! The stages of the built-in lifecycle, typed.

use crate::policy::{Choice, choice};

choice! {
    /// The stages of [`Lifecycle::subscription`](super::Lifecycle::subscription).
    pub enum SubscriptionStage {
        /// Has heard of the product.
        Aware = "aware",
        /// Compares it with others.
        Evaluating = "evaluating",
        /// Talks with sales.
        Prospect = "prospect",
        /// Tries it.
        Trial = "trial",
        /// Pays, and is being set up.
        Onboarding = "onboarding",
        /// Takes it into use.
        Adoption = "adoption",
        /// Uses more and more of it.
        Growth = "growth",
        /// Is about to decide whether to stay.
        Renewal = "renewal",
        /// May leave.
        AtRisk = "at_risk",
        /// Has left.
        Churned = "churned",
        /// Has come back.
        WonBack = "won_back",
    }
}

impl AsRef<str> for SubscriptionStage {
    fn as_ref(&self) -> &str {
        Choice::name(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Lifecycle;

    #[test]
    fn they_are_those_of_the_lifecycle() {
        let lifecycle = Lifecycle::subscription();
        let stages = lifecycle.stages().iter().map(|stage| stage.name.as_str());
        assert!(stages.eq(SubscriptionStage::ALL.iter().map(|(name, _, _)| *name)));
    }
}
