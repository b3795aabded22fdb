//! What the taxonomy says of fields that few rows have: examples made of fields alone, one for each cell of its table.
//!
//! The hand-written rows have neither lifecycle stages nor links to goals and tickets; these examples give such fields a
//! weight, and keep the others in line with the table where rows are few.

use super::Interaction;
use super::fields::Fields;
use crate::classify::Label;
use Label::{Service, Success, Support};

/// A field's values alone, and the label that the taxonomy gives them.
pub(crate) fn examples() -> Vec<(Fields, Label)> {
    let none = Interaction::default();
    let cells: [(Label, Interaction<'_>); 31] = [
        // Initiative: the customer comes first, or the company.
        (Support, Interaction { author: Some("customer"), trigger: Some("problem"), ..none }),
        (Service, Interaction { author: Some("customer"), trigger: Some("question"), ..none }),
        (Success, Interaction { author: Some("company"), trigger: Some("health_signal"), ..none }),
        (Success, Interaction { author: Some("company"), trigger: Some("usage_signal"), ..none }),
        (Success, Interaction { author: Some("company"), trigger: Some("milestone"), ..none }),
        (Success, Interaction { author: Some("company"), trigger: Some("renewal_window"), ..none }),
        // Horizon: this issue, or the whole lifecycle.
        (Support, Interaction { horizon_days: Some(1.0), has_conversation: true, ..none }),
        (Service, Interaction { horizon_days: Some(3.0), transactional: Some(true), ..none }),
        (Success, Interaction { horizon_days: Some(180.0), ..none }),
        // When: service also before the purchase, support not.
        (Service, Interaction { purchase_phase: Some("pre"), ..none }),
        (Service, Interaction { lifecycle_stage: Some("prospect"), ..none }),
        (Service, Interaction { lifecycle_stage: Some("trial"), ..none }),
        (Support, Interaction { lifecycle_stage: Some("trial"), trigger: Some("problem"), ..none }),
        (Success, Interaction { lifecycle_stage: Some("onboarding"), ..none }),
        (Success, Interaction { lifecycle_stage: Some("adoption"), ..none }),
        (Success, Interaction { lifecycle_stage: Some("growth"), ..none }),
        (Success, Interaction { lifecycle_stage: Some("renewal"), ..none }),
        (Success, Interaction { lifecycle_stage: Some("advocacy"), ..none }),
        (Success, Interaction { lifecycle_stage: Some("at_risk"), ..none }),
        (Service, Interaction { lifecycle_stage: Some("churned"), ..none }),
        // Goal and measure: satisfaction with a fix, satisfaction, value.
        (Support, Interaction { outcome_measure: Some("fcr"), ..none }),
        (Service, Interaction { outcome_measure: Some("csat"), ..none }),
        (Success, Interaction { outcome_measure: Some("adoption"), has_goal: true, ..none }),
        (Success, Interaction { has_goal: true, ..none }),
        // Nature and approach: one contact about one problem, or a relationship.
        (Support, Interaction { has_conversation: true, trigger: Some("problem"), ..none }),
        (Service, Interaction { has_conversation: true, trigger: Some("question"), ..none }),
        (Service, Interaction { transactional: Some(true), ..none }),
        (Success, Interaction { transactional: Some(false), trigger: Some("health_signal"), ..none }),
        // Scope: one customer, or many.
        (Success, Interaction { scope: Some("segment"), transactional: Some(false), ..none }),
        // Departments: one at a time, or across all of them.
        (Support, Interaction { departments: &["engineering"], ..none }),
        (Success, Interaction { departments: &["customer_success", "product", "sales"], ..none }),
    ];
    cells.iter().map(|(label, cell)| (Fields::of(cell), *label)).collect()
}
