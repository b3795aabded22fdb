//! Rows that are wrong on purpose: which account has which.
//!
//! Every tenth account has one wrong survey, every tenth one wrong event, and so on, the kinds taking turns, so
//! that even a small company has some of each.

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

/// What can be wrong with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConversationDirt {
    /// One of its messages is of a conversation that does not exist.
    UnknownConversation,
    ReplyBeforeCreated,
    /// Two statuses at one instant, without `seq`.
    SameInstant,
    UnknownStatus,
    SolvedBeforeCreated,
    Duplicate,
}

impl ConversationDirt {
    pub(crate) const ALL: [Self; 6] = [
        Self::UnknownConversation,
        Self::ReplyBeforeCreated,
        Self::SameInstant,
        Self::UnknownStatus,
        Self::SolvedBeforeCreated,
        Self::Duplicate,
    ];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UnknownConversation => "messages.unknown_conversation_id",
            Self::ReplyBeforeCreated => "messages.reply_before_created",
            Self::SameInstant => "status_history.same_instant_without_seq",
            Self::UnknownStatus => "status_history.unknown_status",
            Self::SolvedBeforeCreated => "conversations.solved_before_created",
            Self::Duplicate => "conversations.duplicate_conversation_id",
        }
    }
}

/// What can be wrong with an email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmailDirt {
    MissingSender,
    /// An answer to something that does not exist.
    UnknownParent,
    /// An answer from before its question.
    BeforeParent,
}

impl EmailDirt {
    pub(crate) const ALL: [Self; 3] = [Self::MissingSender, Self::UnknownParent, Self::BeforeParent];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MissingSender => "emails.missing_sender",
            Self::UnknownParent => "emails.unknown_in_reply_to",
            Self::BeforeParent => "emails.before_in_reply_to",
        }
    }
}

/// What can be wrong with a search in the help centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SearchDirt {
    NegativeResults,
    MissingResults,
}

impl SearchDirt {
    pub(crate) const ALL: [Self; 2] = [Self::NegativeResults, Self::MissingResults];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NegativeResults => "searches.negative_results",
            Self::MissingResults => "searches.missing_results",
        }
    }
}

/// What can be wrong with an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InteractionDirt {
    UnknownLabel,
    MissingAccount,
    MissingTime,
}

impl InteractionDirt {
    pub(crate) const ALL: [Self; 3] = [Self::UnknownLabel, Self::MissingAccount, Self::MissingTime];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UnknownLabel => "interactions.unknown_label",
            Self::MissingAccount => "interactions.missing_account_id",
            Self::MissingTime => "interactions.missing_occurred_at",
        }
    }
}

/// What is wrong with one incident of the company, which has only the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncidentDirt {
    ResolvedBeforeStarted,
}

impl IncidentDirt {
    pub(crate) const ALL: [Self; 1] = [Self::ResolvedBeforeStarted];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ResolvedBeforeStarted => "incidents.resolved_before_started",
        }
    }
}

/// What can be wrong with a row of an account's stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StageDirt {
    UnknownStage,
    /// Written before the account was known.
    BeforeAccount,
    /// Another stage at the instant of a move.
    SameInstant,
    PausedTwice,
    /// A stage in between was never written, and the model does not allow the move that is left.
    ImpossibleMove,
    ChurnedTwice,
}

impl StageDirt {
    pub(crate) const ALL: [Self; 6] = [
        Self::UnknownStage,
        Self::BeforeAccount,
        Self::SameInstant,
        Self::PausedTwice,
        Self::ImpossibleMove,
        Self::ChurnedTwice,
    ];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UnknownStage => "stages.unknown_stage",
            Self::BeforeAccount => "stages.before_account",
            Self::SameInstant => "stages.same_instant",
            Self::PausedTwice => "stages.paused_twice",
            Self::ImpossibleMove => "stages.impossible_move",
            Self::ChurnedTwice => "stages.churned_twice",
        }
    }
}

/// What can be odd about a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GoalDirt {
    MissingTarget,
    /// There is nothing to reach.
    TargetIsBaseline,
    /// Unusual, but nothing is wrong with it.
    NegativeBaseline,
}

impl GoalDirt {
    pub(crate) const ALL: [Self; 3] = [Self::MissingTarget, Self::TargetIsBaseline, Self::NegativeBaseline];

    /// Its name in `truth.json`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MissingTarget => "goals.missing_target",
            Self::TargetIsBaseline => "goals.target_is_baseline",
            Self::NegativeBaseline => "goals.negative_baseline",
        }
    }
}

/// The names of all kinds.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SurveyDirt::ALL
        .map(SurveyDirt::name)
        .into_iter()
        .chain(EventDirt::ALL.map(EventDirt::name))
        .chain(ConversationDirt::ALL.map(ConversationDirt::name))
        .chain(EmailDirt::ALL.map(EmailDirt::name))
        .chain(SearchDirt::ALL.map(SearchDirt::name))
        .chain(InteractionDirt::ALL.map(InteractionDirt::name))
        .chain(IncidentDirt::ALL.map(IncidentDirt::name))
        .chain(StageDirt::ALL.map(StageDirt::name))
        .chain(GoalDirt::ALL.map(GoalDirt::name))
}

/// What is wrong with one row of the account's stages, if anything. Accounts that left take turns of their own.
pub(crate) fn of_stages(account: &Account) -> Option<StageDirt> {
    if account.leaving.is_some() && account.index.is_multiple_of(10) {
        return Some(StageDirt::ChurnedTwice);
    }
    let [kinds @ .., _] = &StageDirt::ALL;
    turn(account, 4, kinds)
}

/// Whether nobody wrote down the last stage of the account.
pub(crate) fn forgets_last_stage(account: &Account) -> bool {
    account.index % 10 == 6
}

/// What is odd about one goal of the account, if anything.
pub(crate) fn of_goals(account: &Account) -> Option<GoalDirt> {
    turn(account, 8, &GoalDirt::ALL)
}

/// What is wrong with one conversation of the account, if anything.
pub(crate) fn of_conversations(account: &Account) -> Option<ConversationDirt> {
    turn(account, 5, &ConversationDirt::ALL)
}

/// What is wrong with one email of the account, if anything.
pub(crate) fn of_emails(account: &Account) -> Option<EmailDirt> {
    turn(account, 1, &EmailDirt::ALL)
}

/// What is wrong with one search of the account, if anything.
pub(crate) fn of_searches(account: &Account) -> Option<SearchDirt> {
    turn(account, 9, &SearchDirt::ALL)
}

/// What is wrong with one interaction of the account, if anything.
pub(crate) fn of_interactions(account: &Account) -> Option<InteractionDirt> {
    turn(account, 2, &InteractionDirt::ALL)
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
