"""What can be chosen for each KPI, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tenure.policies.durations import (
    Durations,
)
from tenure.policies.service_levels import (
    ServiceLevels,
)
from tenure.policies.success import (
    FirefightingRate,
    InteractionMix,
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
    | InteractionMix
    | FirefightingRate
)
"""The policy of any KPI."""

__all__ = [
    "AgentWaitTime",
    "Backlog",
    "BacklogAge",
    "BotResolutionRate",
    "BusiestPeriod",
    "Ces",
    "CesIndex",
    "CesMean",
    "CodingAgreement",
    "CommentRate",
    "ContactRate",
    "Csat",
    "CsatMean",
    "DeflectionRateSessions",
    "DeflectionRateUsers",
    "Durations",
    "EmailResponseTime",
    "EmailsSentReceived",
    "Fcr",
    "FirefightingRate",
    "FirstResolutionTime",
    "FirstResponseTime",
    "FullResolutionTime",
    "HandleTime",
    "Handoffs",
    "HappinessScore",
    "InteractionMix",
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
    "Policy",
    "ReopenRate",
    "RepliedWithin",
    "RepliesToResolution",
    "RequesterWaitTime",
    "SearchZeroResultRate",
    "SelfServiceScore",
    "SentimentMean",
    "SentimentNet",
    "ServiceLevels",
    "SlaAttainmentTarget",
    "SlaAttainmentTicket",
    "SlaBreachAt",
    "SurveyResponseRate",
    "ThemeImpact",
    "ThemeScore",
    "ThemeShare",
    "TicketVolume",
    "TwoTouchRate",
    "UnansweredRate",
    "Workload",
]
