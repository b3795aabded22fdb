//! Rows that are wrong on purpose: which account has which.
//!
//! Every tenth account has one wrong survey and every tenth one wrong event, the kinds taking turns, so that
//! even a small company has some of each.

use crate::account::Account;

/// What can be wrong with a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SurveyDirt {
    ScoreTooHigh,
    ScoreTooLow,
    Duplicate,
    MissingId,
    UnknownAccount,
    AnsweredBeforeSent,
    BlankComment,
    UnknownKind,
}

impl SurveyDirt {
    pub(crate) const ALL: [Self; 8] = [
        Self::ScoreTooHigh,
        Self::Duplicate,
        Self::AnsweredBeforeSent,
        Self::BlankComment,
        Self::ScoreTooLow,
        Self::MissingId,
        Self::UnknownAccount,
        Self::UnknownKind,
    ];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ScoreTooHigh => "surveys.score_11",
            Self::ScoreTooLow => "surveys.score_minus_1",
            Self::Duplicate => "surveys.duplicate_survey_id",
            Self::MissingId => "surveys.missing_survey_id",
            Self::UnknownAccount => "surveys.unknown_account_id",
            Self::AnsweredBeforeSent => "surveys.answered_before_sent",
            Self::BlankComment => "surveys.blank_comment",
            Self::UnknownKind => "surveys.unknown_kind",
        }
    }
}

/// What can be wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventDirt {
    MissingUser,
    Duplicate,
}

impl EventDirt {
    pub(crate) const ALL: [Self; 2] = [Self::MissingUser, Self::Duplicate];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MissingUser => "events.missing_user_id",
            Self::Duplicate => "events.duplicate_event_id",
        }
    }
}

/// What is wrong with one survey of the account, if anything.
pub(crate) fn of_surveys(account: &Account) -> Option<SurveyDirt> {
    turn(account, 7, &SurveyDirt::ALL)
}

/// What is wrong with one event of the account, if anything.
pub(crate) fn of_events(account: &Account) -> Option<EventDirt> {
    turn(account, 3, &EventDirt::ALL)
}

fn turn<T: Copy>(account: &Account, digit: u32, kinds: &[T]) -> Option<T> {
    if account.index % 10 != digit {
        return None;
    }
    let turn = usize::try_from(account.index / 10).ok()?;
    kinds.get(turn % kinds.len()).copied()
}
