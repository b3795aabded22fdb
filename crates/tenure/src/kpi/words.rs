//! What people also call KPIs: names that leave open a choice which makes the number, so that they are answered with a
//! suggestion. A name that says it all is an alias on the card.

/// A word in use, the KPI that is meant, and what to ask of it.
const WORDS: &[(&str, &str, &str)] = &[
    ("adoption_rate", "feature_adoption_rate", ""),
    ("aht", "handle_time", ""),
    ("average_handle_time", "handle_time", ""),
    ("book_of_business", "accounts_per_manager", " by manager"),
    ("book_size", "accounts_per_manager", " by manager"),
    ("bounce_rate", "short_session_rate", " with a limit such as \"10s\""),
    ("cohort_retention", "cohort_matrix", ""),
    ("conversion_rate", "funnel_conversion", ""),
    ("csm_ratio", "accounts_per_manager", ""),
    ("customer_effort_score", "ces", ""),
    ("customer_satisfaction", "csat", ""),
    ("daily_active_users", "active_users", " with every \"day\""),
    ("dau", "active_users", " with every \"day\""),
    ("dau_mau", "stickiness_ratio", " with every \"month\""),
    ("dau_wau", "stickiness_ratio", " with every \"week\""),
    ("days_since_last_contact", "days_since_last_touch", ""),
    ("first_contact_resolution", "fcr", ""),
    ("first_reply_time", "first_response_time", ""),
    ("frt", "first_response_time", ""),
    ("goal_attainment", "outcome_attainment", ""),
    ("goal_completion_rate", "outcome_attainment", " with the part \"required\""),
    ("last_touch", "days_since_last_touch", ""),
    ("mau", "active_users", " with every \"month\", or with the window \"28d\""),
    ("monthly_active_users", "active_users", " with every \"month\", or with the window \"28d\""),
    ("net_promoter_score", "nps", ""),
    ("resolution_time", "full_resolution_time", ""),
    ("retention", "user_retention", ""),
    ("retention_rate", "user_retention", ""),
    ("session_length", "session_duration", ""),
    ("stickiness", "stickiness_ratio", ""),
    ("time_to_resolution", "full_resolution_time", ""),
    ("touches", "touch_count", ""),
    ("touchpoints", "touch_count", ""),
    ("verified_outcomes", "outcome_attainment", " with the preset \"gainsight\""),
    ("wau", "active_users", " with every \"week\", or with the window \"7d\""),
    ("wau_mau", "stickiness_ratio", " with every \"month\" and the interval \"week\""),
    ("weekly_active_users", "active_users", " with every \"week\", or with the window \"7d\""),
];

/// `; did you mean "active_users" with every "day"?`, for a word that is known.
pub(crate) fn meant(word: &str) -> Option<String> {
    let (_, id, how) = WORDS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(word))?;
    Some(format!("; did you mean \"{id}\"{how}?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{catalog, find};

    #[test]
    fn words_lead_to_kpis_and_are_none_themselves() {
        for (word, id, _) in WORDS {
            assert!(catalog().any(|card| card.id == *id), "{id}");
            assert!(find(word).is_err_and(|error| error.message().contains(id)), "{word}");
        }
    }

    #[test]
    fn what_they_suggest_can_be_asked() {
        for (word, hint) in [
            ("dau", "\"active_users\" with every \"day\""),
            ("MAU", "\"active_users\" with every \"month\""),
            ("bounce_rate", "\"short_session_rate\" with a limit"),
        ] {
            let error = find(word).err().unwrap();
            assert!(
                error.message().starts_with(&format!("no KPI \"{word}\"; did you mean {hint}")),
                "{error}"
            );
        }
        assert!(find("npss").err().unwrap().message().contains("\"nps\""));
    }
}
