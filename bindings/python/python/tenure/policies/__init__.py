"""What can be chosen for each KPI, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tenure.policies.durations import (
    Durations,
)
from tenure.policies.funnel import (
    Funnel,
)
from tenure.policies.lifecycle import (
    EndProbability,
    LifecycleStatus,
    StageFunnel,
    StageTransitionRate,
    TimeInStage,
    TimeToEnd,
)
from tenure.policies.people import (
    People,
)
from tenure.policies.performance import (
    AffectedAccounts,
    Apdex,
    ErrorRate,
    LatencyPercentile,
    Mtbf,
    Mttr,
    Uptime,
)
from tenure.policies.service_levels import (
    ServiceLevels,
)
from tenure.policies.session_cut import (
    SessionCut,
)
from tenure.policies.stage_choices import (
    StageChoices,
)
from tenure.policies.success import (
    AccountsPerManager,
    DaysSinceLastTouch,
    DaysSinceVerifiedOutcome,
    EffortShare,
    FirefightingRate,
    GoalProgress,
    InteractionMix,
    OutcomeAttainment,
    TouchCount,
    TouchCoverage,
)
from tenure.policies.support import (
    AgentWaitTime,
    Backlog,
    BacklogAge,
    BotResolutionRate,
    BusiestPeriod,
    ContactRate,
    DeflectionRateSessions,
    DeflectionRateUsers,
    EmailResponseTime,
    EmailsSentReceived,
    Fcr,
    FirstResolutionTime,
    FirstResponseTime,
    FullResolutionTime,
    HandleTime,
    Handoffs,
    MultiTouchRate,
    NetFlow,
    NextResponseTime,
    OnHoldTime,
    OneTouchRate,
    ReopenRate,
    RepliedWithin,
    RepliesToResolution,
    RequesterWaitTime,
    SearchZeroResultRate,
    SelfServiceScore,
    SlaAttainmentTarget,
    SlaAttainmentTicket,
    SlaBreachAt,
    TicketVolume,
    TwoTouchRate,
    UnansweredRate,
    Workload,
)
from tenure.policies.usage import (
    ActivationRate,
    ActiveUsers,
    CohortMatrix,
    DaysSinceLastSeen,
    ElementState,
    EngagementPercentile,
    EventCount,
    EventRatio,
    FeatureAdoptionRate,
    FunnelConversion,
    LicenseUtilization,
    LifecycleUsers,
    PercentUsersDoing,
    PulseRatio,
    SessionDuration,
    Sessions,
    ShortSessionRate,
    StickinessDistribution,
    StickinessRatio,
    TimeInApp,
    TimeToAdopt,
    TimeToConvert,
    UnusedFeatures,
    UsageBreadth,
    UsageDepth,
    UsageDrop,
    UsageFrequency,
    UsageFrequencyClass,
    UsageTrend,
    UserRetention,
)
from tenure.policies.voice import (
    Ces,
    CesIndex,
    CesMean,
    CodingAgreement,
    CommentRate,
    Csat,
    CsatMean,
    HappinessScore,
    Nps,
    NpsAccount,
    NpsAccountMean,
    NpsDelta,
    NpsDistribution,
    SentimentMean,
    SentimentNet,
    SurveyResponseRate,
    ThemeImpact,
    ThemeScore,
    ThemeShare,
)

Policy: TypeAlias = (
    Mapping[str, Any]
    | Nps
    | NpsDistribution
    | NpsAccount
    | NpsAccountMean
    | NpsDelta
    | Csat
    | CsatMean
    | HappinessScore
    | Ces
    | CesMean
    | CesIndex
    | SurveyResponseRate
    | CommentRate
    | SentimentMean
    | SentimentNet
    | ThemeShare
    | ThemeScore
    | ThemeImpact
    | CodingAgreement
    | FirstResponseTime
    | NextResponseTime
    | UnansweredRate
    | FirstResolutionTime
    | FullResolutionTime
    | RequesterWaitTime
    | AgentWaitTime
    | OnHoldTime
    | HandleTime
    | RepliesToResolution
    | Handoffs
    | OneTouchRate
    | TwoTouchRate
    | MultiTouchRate
    | Fcr
    | ReopenRate
    | SlaAttainmentTarget
    | SlaAttainmentTicket
    | SlaBreachAt
    | Backlog
    | BacklogAge
    | NetFlow
    | Workload
    | TicketVolume
    | BusiestPeriod
    | ContactRate
    | SelfServiceScore
    | DeflectionRateUsers
    | DeflectionRateSessions
    | BotResolutionRate
    | SearchZeroResultRate
    | EmailsSentReceived
    | EmailResponseTime
    | RepliedWithin
    | ActiveUsers
    | StickinessRatio
    | StickinessDistribution
    | UsageFrequency
    | LifecycleUsers
    | PulseRatio
    | TimeToAdopt
    | ElementState
    | FunnelConversion
    | TimeToConvert
    | ActivationRate
    | EventCount
    | EventRatio
    | UserRetention
    | CohortMatrix
    | DaysSinceLastSeen
    | UsageTrend
    | UsageDrop
    | Sessions
    | SessionDuration
    | TimeInApp
    | UsageDepth
    | ShortSessionRate
    | FeatureAdoptionRate
    | UsageBreadth
    | LicenseUtilization
    | PercentUsersDoing
    | UsageFrequencyClass
    | EngagementPercentile
    | UnusedFeatures
    | Uptime
    | ErrorRate
    | Apdex
    | LatencyPercentile
    | Mttr
    | Mtbf
    | AffectedAccounts
    | InteractionMix
    | FirefightingRate
    | OutcomeAttainment
    | GoalProgress
    | DaysSinceVerifiedOutcome
    | TouchCount
    | DaysSinceLastTouch
    | TouchCoverage
    | AccountsPerManager
    | EffortShare
    | LifecycleStatus
    | TimeInStage
    | StageTransitionRate
    | StageFunnel
    | EndProbability
    | TimeToEnd
)
"""The policy of any KPI."""

__all__ = [
    "AccountsPerManager",
    "ActivationRate",
    "ActiveUsers",
    "AffectedAccounts",
    "AgentWaitTime",
    "Apdex",
    "Backlog",
    "BacklogAge",
    "BotResolutionRate",
    "BusiestPeriod",
    "Ces",
    "CesIndex",
    "CesMean",
    "CodingAgreement",
    "CohortMatrix",
    "CommentRate",
    "ContactRate",
    "Csat",
    "CsatMean",
    "DaysSinceLastSeen",
    "DaysSinceLastTouch",
    "DaysSinceVerifiedOutcome",
    "DeflectionRateSessions",
    "DeflectionRateUsers",
    "Durations",
    "EffortShare",
    "ElementState",
    "EmailResponseTime",
    "EmailsSentReceived",
    "EndProbability",
    "EngagementPercentile",
    "ErrorRate",
    "EventCount",
    "EventRatio",
    "Fcr",
    "FeatureAdoptionRate",
    "FirefightingRate",
    "FirstResolutionTime",
    "FirstResponseTime",
    "FullResolutionTime",
    "Funnel",
    "FunnelConversion",
    "GoalProgress",
    "HandleTime",
    "Handoffs",
    "HappinessScore",
    "InteractionMix",
    "LatencyPercentile",
    "LicenseUtilization",
    "LifecycleStatus",
    "LifecycleUsers",
    "Mtbf",
    "Mttr",
    "MultiTouchRate",
    "NetFlow",
    "NextResponseTime",
    "Nps",
    "NpsAccount",
    "NpsAccountMean",
    "NpsDelta",
    "NpsDistribution",
    "OnHoldTime",
    "OneTouchRate",
    "OutcomeAttainment",
    "People",
    "PercentUsersDoing",
    "Policy",
    "PulseRatio",
    "ReopenRate",
    "RepliedWithin",
    "RepliesToResolution",
    "RequesterWaitTime",
    "SearchZeroResultRate",
    "SelfServiceScore",
    "SentimentMean",
    "SentimentNet",
    "ServiceLevels",
    "SessionCut",
    "SessionDuration",
    "Sessions",
    "ShortSessionRate",
    "SlaAttainmentTarget",
    "SlaAttainmentTicket",
    "SlaBreachAt",
    "StageChoices",
    "StageFunnel",
    "StageTransitionRate",
    "StickinessDistribution",
    "StickinessRatio",
    "SurveyResponseRate",
    "ThemeImpact",
    "ThemeScore",
    "ThemeShare",
    "TicketVolume",
    "TimeInApp",
    "TimeInStage",
    "TimeToAdopt",
    "TimeToConvert",
    "TimeToEnd",
    "TouchCount",
    "TouchCoverage",
    "TwoTouchRate",
    "UnansweredRate",
    "UnusedFeatures",
    "Uptime",
    "UsageBreadth",
    "UsageDepth",
    "UsageDrop",
    "UsageFrequency",
    "UsageFrequencyClass",
    "UsageTrend",
    "UserRetention",
    "Workload",
]
