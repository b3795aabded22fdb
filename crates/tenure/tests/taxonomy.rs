//! The taxonomy of support, service and success holds: each of its rows, and that a proactive signal never speaks against
//! success. Source of the rows: section 1 of the project's reference `taxonomy.md`, which says how the three differ.
#![allow(clippy::unwrap_used, reason = "a test")]

use proptest::prelude::*;
use tenure::classify::{Axes, Classification, Classifier, ClassifyOptions, Interaction, Label};

fn classify(interaction: Interaction<'_>) -> Classification {
    Classifier::standard().unwrap().classify(&interaction, &ClassifyOptions::default())
}

fn axis(found: &Classification, name: &str) -> f64 {
    let at = Axes::NAMES.iter().position(|axis| *axis == name).unwrap();
    found.axes.values().get(at).copied().unwrap()
}

/// Each row of the table: the axis that it is, and what service and success have there.
#[test]
fn every_row_tells_service_from_success() {
    let none = Interaction::default();
    let many: &[&str] = &["customer_success", "product", "sales", "marketing"];
    let rows: [(&str, Interaction<'_>, Interaction<'_>); 12] = [
        // Initiative: the customer comes first, or the company.
        (
            "initiative",
            Interaction { author: Some("customer"), trigger: Some("problem"), ..none },
            Interaction { author: Some("company"), trigger: Some("health_signal"), ..none },
        ),
        (
            "initiative",
            Interaction { trigger: Some("question"), ..none },
            Interaction { trigger: Some("usage_signal"), ..none },
        ),
        // Horizon: this issue, or the whole lifecycle.
        (
            "horizon",
            Interaction { horizon_days: Some(1.0), ..none },
            Interaction { horizon_days: Some(180.0), ..none },
        ),
        (
            "horizon",
            Interaction { horizon_days: Some(3.0), ..none },
            Interaction { lifecycle_stage: Some("renewal"), ..none },
        ),
        // Goal, and what it is measured by: satisfaction, or value.
        (
            "goal",
            Interaction { outcome_measure: Some("csat"), ..none },
            Interaction { outcome_measure: Some("retention"), ..none },
        ),
        (
            "goal",
            Interaction { outcome_measure: Some("ces"), ..none },
            Interaction { outcome_measure: Some("adoption"), ..none },
        ),
        (
            "goal",
            Interaction { outcome_measure: Some("fcr"), ..none },
            Interaction { has_goal: true, ..none },
        ),
        // Nature: transactional, or a relationship.
        (
            "nature",
            Interaction { transactional: Some(true), ..none },
            Interaction { transactional: Some(false), ..none },
        ),
        // Approach: problem and solution, or where problems come from.
        (
            "approach",
            Interaction { trigger: Some("problem"), has_conversation: true, ..none },
            Interaction { trigger: Some("milestone"), ..none },
        ),
        // Scope: one customer, or many.
        (
            "scope",
            Interaction { scope: Some("one_customer"), ..none },
            Interaction { scope: Some("segment"), ..none },
        ),
        (
            "scope",
            Interaction { scope: Some("one_customer"), ..none },
            Interaction { scope: Some("all_customers"), ..none },
        ),
        // Departments: one at a time, or all of them.
        (
            "departments",
            Interaction { departments: &["sales"], ..none },
            Interaction { departments: many, ..none },
        ),
    ];
    for (name, service, success) in rows {
        let (of_service, of_success) = (classify(service), classify(success));
        assert!(
            of_success.p_success > of_service.p_success,
            "{name}: {} for {success:?}, {} for {service:?}",
            of_success.p_success,
            of_service.p_success
        );
        assert!(axis(&of_success, name) > axis(&of_service, name), "{name}: {success:?} against {service:?}");
    }
}

/// The columns of the table, each as a whole.
#[test]
fn every_column_is_what_it_is_called() {
    let none = Interaction::default();
    let support = Interaction {
        author: Some("customer"),
        trigger: Some("problem"),
        purchase_phase: Some("post"),
        scope: Some("one_customer"),
        horizon_days: Some(1.0),
        transactional: Some(true),
        departments: &["engineering"],
        outcome_measure: Some("fcr"),
        has_conversation: true,
        ..none
    };
    let service = Interaction {
        trigger: Some("question"),
        purchase_phase: Some("pre"),
        departments: &["finance"],
        outcome_measure: Some("csat"),
        ..support
    };
    let success = Interaction {
        author: Some("company"),
        trigger: Some("health_signal"),
        lifecycle_stage: Some("adoption"),
        scope: Some("segment"),
        horizon_days: Some(180.0),
        transactional: Some(false),
        departments: &["customer_success", "product", "sales"],
        outcome_measure: Some("retention"),
        has_goal: true,
        ..none
    };
    for (label, interaction) in
        [(Label::Support, support), (Label::Service, service), (Label::Success, success)]
    {
        let found = classify(interaction);
        assert_eq!(found.label, Some(label), "{found:?}");
        // Support implies service.
        assert!(found.p_service_any >= found.p_support);
        for value in found.axes.values() {
            assert!(if label == Label::Success { value > 0.0 } else { value <= 0.0 }, "{label:?}: {found:?}");
        }
    }
}

const AUTHORS: [&str; 3] = ["customer", "company", "bot"];
const TRIGGERS: [&str; 4] = ["problem", "question", "scheduled", "campaign"];
const PHASES: [&str; 3] = ["pre", "during", "post"];
const MEASURES: [&str; 4] = ["csat", "nps", "fcr", "health"];
const TEXTS: [&str; 6] = [
    "The export fails with error 500",
    "Where is my refund for invoice 1043?",
    "Let us look at your goals for the next quarter",
    "Kapan paket saya sampai?",
    "Vi har sett att ni loggar in mer s\u{e4}llan, kan vi boka en genomg\u{e5}ng?",
    "\u{1f600}",
];

/// A value of a list, or none.
fn maybe(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::of(proptest::sample::select(values))
}

prop_compose! {
    fn any_interaction()(
        text in maybe(&TEXTS),
        author in maybe(&AUTHORS),
        trigger in maybe(&TRIGGERS),
        purchase_phase in maybe(&PHASES),
        outcome_measure in maybe(&MEASURES),
        horizon_days in proptest::option::of(0.0..400.0_f64),
        transactional in proptest::option::of(any::<bool>()),
        has_conversation in any::<bool>(),
    ) -> Interaction<'static> {
        Interaction {
            text, author, trigger, purchase_phase, outcome_measure, horizon_days, transactional, has_conversation,
            ..Interaction::default()
        }
    }
}

/// The interaction with each proactive signal that it lacks, all else equal.
fn with_signals(base: Interaction<'static>) -> Vec<Interaction<'static>> {
    let mut all = vec![
        Interaction { has_goal: true, ..base },
        Interaction { scope: Some("segment"), ..base },
        Interaction { scope: Some("all_customers"), ..base },
    ];
    all.extend(
        ["onboarding", "adoption", "growth", "renewal", "advocacy", "at_risk"]
            .map(|stage| Interaction { lifecycle_stage: Some(stage), ..base }),
    );
    if base.author.is_none() {
        all.push(Interaction { author: Some("company"), ..base });
    }
    if base.trigger.is_none() {
        all.extend(
            ["scheduled", "health_signal", "usage_signal", "milestone", "renewal_window", "campaign"]
                .map(|trigger| Interaction { trigger: Some(trigger), ..base }),
        );
    }
    if base.horizon_days.is_none() {
        all.extend([30.0, 365.0].map(|days| Interaction { horizon_days: Some(days), ..base }));
    }
    if base.transactional.is_none() {
        all.push(Interaction { transactional: Some(false), ..base });
    }
    if base.outcome_measure.is_none() {
        all.extend(
            ["retention", "expansion", "adoption", "health"]
                .map(|measure| Interaction { outcome_measure: Some(measure), ..base }),
        );
    }
    all
}

proptest! {
    #[test]
    fn a_proactive_signal_never_lowers_success(base in any_interaction()) {
        let before = classify(base);
        // With nothing to go by there is nothing that stays equal.
        prop_assume!(base.text.is_some_and(str::is_ascii) || base.author.is_some() || base.trigger.is_some());
        for interaction in with_signals(base) {
            let after = classify(interaction);
            prop_assert!(
                after.p_success >= before.p_success - 1e-12,
                "{} became {} with {:?}", before.p_success, after.p_success, interaction
            );
        }
    }
}
