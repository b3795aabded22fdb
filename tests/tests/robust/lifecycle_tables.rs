//! The tables of the lifecycle, to be filled with wild values.

use super::tables::{Of, PEOPLE, Sheets};

const STAGES: &[&str] =
    &["trial", "Trial", "onboarding", "adoption", "at risk", "churned", "won_back", "kickoff", ""];

/// The tables of the lifecycle. The first time of each says when its rows are known.
pub(super) const LIFECYCLE: Sheets = &[
    (
        "stages",
        16,
        &[
            ("account_id", Of::Id),
            ("stage", Of::Text(STAGES)),
            ("occurred_at", Of::Time),
            ("reason?", Of::Text(&["moved", ""])),
            ("paused?", Of::Flag),
            ("seq?", Of::Whole(&[1, 2, 3])),
        ],
    ),
    (
        "accounts",
        4,
        &[
            ("account_id", Of::Id),
            ("created_at?", Of::Time),
            ("segment?", Of::Text(&["small", "large"])),
            ("manager?", PEOPLE),
            ("internal?", Of::Flag),
        ],
    ),
    (
        "subscriptions",
        6,
        &[
            ("account_id", Of::Id),
            ("starts_at", Of::Time),
            ("ends_at?", Of::Time),
            ("renews_at?", Of::Time),
            ("status?", Of::Text(&["active", "past_due", "trialing", "paused", "cancelled", "odd"])),
        ],
    ),
    (
        "onboarding",
        6,
        &[
            ("account_id", Of::Id),
            ("started_at?", Of::Time),
            ("run?", Of::Whole(&[1, 2])),
            ("required?", Of::Flag),
            ("completed_at?", Of::Time),
        ],
    ),
    (
        "events",
        8,
        &[
            ("user_id", PEOPLE),
            ("account_id", Of::Id),
            ("occurred_at", Of::Time),
            ("name", Of::Text(&["login", "export", ""])),
        ],
    ),
    (
        "measures",
        8,
        &[
            ("account_id", Of::Id),
            ("measure", Of::Text(&["health", "users"])),
            ("occurred_at", Of::Time),
            ("value", Of::Whole(&[0, 4, 5, 60, -3])),
        ],
    ),
    (
        "goals",
        8,
        &[
            ("goal_id", Of::Id),
            ("account_id", Of::Id),
            ("created_at", Of::Time),
            ("metric?", Of::Text(&["users", "health"])),
            ("baseline?", Of::Whole(&[0, 5, -1])),
            ("target?", Of::Whole(&[5, 0, 60])),
            ("actual?", Of::Whole(&[3, 5])),
            ("experience?", Of::Whole(&[0, 7, 10, 11])),
            ("weight?", Of::Whole(&[0, 1, 2, -1])),
            ("due_at?", Of::Time),
            ("closed_at?", Of::Time),
            ("verified_at?", Of::Time),
            ("outcome?", Of::Text(&["won", "lost", "open"])),
        ],
    ),
    (
        "interactions",
        8,
        &[
            ("interaction_id?", Of::Id),
            ("account_id", Of::Id),
            ("occurred_at", Of::Time),
            ("channel?", Of::Text(&["email", "meeting", "crm_note"])),
            ("author?", Of::Text(&["customer", "company", "bot"])),
            ("label", Of::Text(&["support", "service", "success", "odd"])),
            ("manager?", PEOPLE),
            ("conversation_id?", Of::Id),
        ],
    ),
    (
        "conversations",
        6,
        &[
            ("conversation_id", Of::Id),
            ("account_id", Of::Id),
            ("created_at", Of::Time),
            ("channel?", Of::Text(&["mail", "chat"])),
            ("initiated_by?", Of::Text(&["customer", "company", "bot", ""])),
            ("spam?", Of::Flag),
        ],
    ),
];
