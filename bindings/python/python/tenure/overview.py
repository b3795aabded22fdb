"""All KPIs of a company at one glance: what the scorecard in the terminal and the report show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from tenure import _show
from tenure._tenure import Book, Outcome, Result, Rows
from tenure.cards import Card, catalog
from tenure.errors import (
    InvalidRequestError,
    InvalidRowError,
    LimitExceededError,
    MissingColumnError,
    MissingTableError,
    MixedCurrenciesError,
    MixedScalesError,
    UnknownColumnError,
    WrongTypeError,
    of_kind,
)
from tenure.inputs import Every, When

FAMILIES = {
    "voice": "Voice of the customer",
    "support": "Support and service",
    "usage": "Usage",
    "performance": "Product performance",
    "success": "Customer success",
    "lifecycle": "Customer lifecycle",
}
"""The families of KPIs, as a heading names them."""

MAIN = {
    "voice": ("nps", "csat", "ces", "survey_response_rate"),
    "support": ("first_response_time", "full_resolution_time", "backlog", "one_touch_rate", "reopen_rate"),
    "usage": ("active_users", "stickiness_ratio", "sessions", "session_duration"),
    "performance": ("uptime", "error_rate", "apdex", "latency_percentile"),
    "success": ("firefighting_rate", "outcome_attainment"),
    "lifecycle": ("time_in_stage",),
}
"""The KPIs of each family that are followed over time and compared between groups."""

FEW = 5
"""Periods and groups of fewer units have no value in trends and comparisons: a single answer is no trend.

Counts have one nonetheless: a backlog of three is three."""

DURATIONS = {"statistic": "median"}
"""What a scorecard tells of durations, unless a policy says otherwise: a few forgotten conversations make any mean."""

WINDOW = "28d"
"""The days that a scorecard looks at where a KPI counts who was active: of all time everybody was, once."""

GROUPS = ("segment", "plan", "region")
"""The columns that are tried, in this order, where no `by` is given."""

UNSUITED = (
    MissingTableError,
    MissingColumnError,
    WrongTypeError,
    InvalidRowError,
    MixedScalesError,
    MixedCurrenciesError,
)
"""What the tables may lack or have wrong; any other error is one of the request, and is raised."""


@dataclass(frozen=True)
class Line:
    """A KPI and its answer."""

    card: Card
    outcome: Outcome
    note: str = ""
    """What the answer is about, where that is not everything."""


@dataclass(frozen=True)
class Skipped:
    """A KPI that was not computed, and why."""

    kpi: str
    why: str


@dataclass(frozen=True)
class Part:
    """What a scorecard has of one family of KPIs."""

    family: str
    title: str
    lines: list[Line]
    breakdowns: dict[str, dict[str, list[Outcome]]]
    matrices: dict[str, list[Outcome]]
    trends: dict[str, Result]
    groups: dict[str, Result]

    @property
    def note(self) -> str:
        """Say what holds for all durations, if that is one thing."""
        told = {outcome.policy.get("statistic") for outcome in self._durations()}
        clocks = {outcome.policy.get("clock", "calendar") for outcome in self._durations()}
        if told != {"median"}:
            return ""
        on_one_clock = self.family == "support" and len(clocks) == 1
        return "durations are medians" + (f" on the {clocks.pop()} clock" if on_one_clock else "")

    def _durations(self) -> list[Outcome]:
        """Collect the durations that are told by a statistic: a mean time between failures is none."""
        lines = (line.outcome for line in self.lines)
        return [outcome for outcome in lines if outcome.unit == "seconds" and "statistic" in outcome.policy]


@dataclass
class Scorecard:
    """All KPIs that the tables of a book allow, with a trend and a comparison of groups for the main ones.

    Examples
    --------
    >>> scorecard = tenure.scorecard(tenure.Book(**tenure.sample.company(accounts=20, months=6)))
    >>> [line.card.id for line in scorecard.lines][:2]
    ['nps', 'nps_account']
    """

    book: Book
    zone: str
    every: Every
    scope: dict[str, Any] = field(default_factory=dict)
    """The options that all requests share."""
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    by: str | None = None
    as_of: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    """One line per KPI."""
    breakdowns: dict[str, dict[str, list[Outcome]]] = field(default_factory=dict)
    """KPIs that answer with several rows, by their dimension and their id."""
    matrices: dict[str, list[Outcome]] = field(default_factory=dict)
    """KPIs that answer with rows and columns, by their id."""
    trends: dict[str, Result] = field(default_factory=dict)
    """The main KPIs per period, by their id."""
    groups: dict[str, Result] = field(default_factory=dict)
    """The main KPIs per group, by their id."""
    skipped: list[Skipped] = field(default_factory=list)
    """KPIs that were not computed."""
    faults: Rows | None = None
    """The rows that the KPIs above cannot use."""

    def __getitem__(self, kpi: str) -> Outcome:
        for line in self.lines:
            if line.card.id == kpi:
                return line.outcome
        raise KeyError(kpi)

    def compute(self, kpi: str, **options: Any) -> Result:
        """Ask the book under the scorecard's scope and policy; few units give no value, unless it is a count."""
        request = {"kpi": kpi, "policy": self.policies.get(kpi, {}), "min_n": FEW, **self.scope}
        return self.book.compute(request, **options)

    def parts(self) -> list[Part]:
        """Tell the families apart, in the order of the catalog."""
        families: dict[str, set[str]] = {}
        for card in catalog():
            families.setdefault(card.family, set()).add(card.id)
        parts = [self._part(family, kpis) for family, kpis in families.items()]
        return [part for part in parts if part.lines or part.breakdowns or part.matrices]

    def _part(self, family: str, kpis: set[str]) -> Part:
        def own(found: dict[str, Any]) -> dict[str, Any]:
            return {kpi: result for kpi, result in found.items() if kpi in kpis}

        breakdowns = {dimension: own(found) for dimension, found in self.breakdowns.items()}
        return Part(
            family=family,
            title=FAMILIES.get(family, family.capitalize()),
            lines=[line for line in self.lines if line.card.id in kpis],
            breakdowns={dimension: found for dimension, found in breakdowns.items() if found},
            matrices=own(self.matrices),
            trends=own(self.trends),
            groups=own(self.groups),
        )

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give the lines as plain rows."""
        return [
            {
                "kpi": line.card.id,
                "family": line.card.family,
                "name": line.card.name,
                "value": line.outcome.value,
                "unit": line.outcome.unit,
                "low": line.outcome.interval.low if line.outcome.interval else None,
                "high": line.outcome.interval.high if line.outcome.interval else None,
                "n": line.outcome.n,
                **{name: getattr(line.outcome, name) for name in _show.LEFT_OUT},
                "status": line.outcome.status,
                "note": line.note,
                "policy": line.outcome.policy,
            }
            for line in self.lines
        ]

    def fault_counts(self) -> list[tuple[str, str, str, int]]:
        """Count the faults by table, column and reason, the most frequent first."""
        counts: dict[tuple[str, str, str], int] = {}
        for fault in self.faults.to_dicts() if self.faults is not None else []:
            place = (fault["table"], fault["column"], fault["reason"])
            counts[place] = counts.get(place, 0) + 1
        return [(*place, count) for place, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]

    def skipped_by_reason(self) -> dict[str, list[str]]:
        """List the KPIs that were not computed, those of one reason together."""
        reasons: dict[str, list[str]] = {}
        for skipped in self.skipped:
            reasons.setdefault(skipped.why, []).append(skipped.kpi)
        return reasons

    def known(self) -> str:
        """Say up to when the tables are known."""
        # Tables without any time are known to the end of time.
        return f"{self.as_of:%Y-%m-%d %H:%M} {self.zone}" if self.as_of and self.as_of.year < 9999 else ""

    def __repr__(self) -> str:
        as_of = f", as of {self.known()}" if self.known() else ""
        tables = [f"\n{title(part)}\n{_show.text_table(*part_table(part))}" for part in self.parts()]
        return "\n".join([f"Scorecard of {len(self.lines)} KPIs{as_of}", *tables])

    def _repr_html_(self) -> str:
        tables = [f"<p>{escape(title(part))}</p>{_show.html_table(*part_table(part))}" for part in self.parts()]
        return f"<p>{escape(self.known())}</p>" + "".join(tables)


def title(part: Part) -> str:
    """Head the table of a family."""
    return f"{part.title} ({part.note})" if part.note else part.title


def part_table(part: Part) -> tuple[list[str], list[list[Any]]]:
    """Lay out the lines of a family."""
    header = ["KPI", "value", "interval", "n", "left out", "status", "policy"]
    return header, [[line_name(line), *outcome_cells(line)] for line in part.lines]


def line_name(line: Line) -> str:
    """Name a line: the KPI, and what it is about."""
    return f"{line.card.name} ({line.note})" if line.note else str(line.card.name)


def left_out(outcome: Outcome) -> str:
    """Say how many units were left out, and why."""
    parts = [f"{getattr(outcome, name):,} {name[2:]}" for name in _show.LEFT_OUT if getattr(outcome, name)]
    return ", ".join(parts)


def interval(outcome: Outcome) -> str:
    """Show the interval."""
    ends = outcome.interval
    scale = _show.scale_of([outcome])
    return f"{scale.show(ends.low, scale.ends)} to {scale.show(ends.high, scale.ends)}" if ends else "-"


def value(outcome: Outcome) -> str:
    """Show the value with its unit; a label alone, unless there is an interval, which is the value's."""
    shown = _show.scale_of([outcome]).quantity(outcome.value)
    label = outcome.label
    return shown if label is None else f"{shown} ({label})" if outcome.interval else label


def outcome_cells(line: Line) -> list[str]:
    """Show what a scorecard says about an outcome, beside its name."""
    outcome = line.outcome
    policy = _show.short_policy(outcome.policy, line.card)
    return [value(outcome), interval(outcome), f"{outcome.n:,}", left_out(outcome), outcome.status, policy]


def scorecard(
    book: Book,
    *,
    every: Every = "month",
    by: str | None = None,
    zone: str = "UTC",
    as_of: When | None = None,
    start: When | None = None,
    end: When | None = None,
    policies: Mapping[str, Mapping[str, Any]] | None = None,
    kpis: Sequence[str] | None = None,
    family: str | None = None,
    column_zones: Mapping[str, str] | None = None,
) -> Scorecard:
    """Compute every KPI that the tables of a book allow.

    Parameters
    ----------
    book : Book
        The tables.
    every : str
        The grain of the trend, and of KPIs that compare periods.
    by : str, optional
        The column of the comparison of groups. By default the first of segment, plan and region that there is.
    zone : str
        The zone of periods and of times without an offset.
    as_of, start, end : str, date or datetime, optional
        As for `Book.compute`.
    policies : dict, optional
        A policy per KPI: `{"nps": {"preset": "wootric"}}`. Unless it says otherwise, durations are medians, and who
        was active is counted in 28 days. KPIs that have no definition of their own need one, and are left out without.
    kpis : list of str, optional
        Only these KPIs.
    family : str, optional
        Only the KPIs of this family: `voice`, `support`, `usage`, `performance`, `success` or `lifecycle`.
    column_zones : dict, optional
        The zones of columns that hold wall-clock times.

    Returns
    -------
    Scorecard
        The answers, and which KPIs could not be computed and why.

    Examples
    --------
    >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3], "kind": ["nps"] * 4})
    >>> tenure.scorecard(book)["nps"].value
    25.0
    """
    scope: dict[str, Any] = {"zone": zone, "as_of": as_of, "start": start, "end": end}
    scope = {name: given for name, given in scope.items() if given is not None}
    if column_zones:
        scope["column_zones"] = column_zones
    card_of = {card.id: card for card in catalog()}
    unknown = [kpi for kpi in kpis or () if kpi not in card_of]
    if unknown:
        book.compute(unknown[0])
    families = list(dict.fromkeys(card.family for card in card_of.values()))
    if family is not None and family not in families:
        raise of_kind("invalid_request", f'there is no family "{family}"; there are {", ".join(families)}')
    asked = [card_of[kpi] for kpi in kpis or card_of if family in (None, card_of[kpi].family)]
    chosen = {card.id: choices(card, (policies or {}).get(card.id, {})) for card in asked}
    board = Scorecard(book=book, zone=zone, every=every, scope=scope, policies=chosen)
    check_scope(board)
    for card in asked:
        add(board, card, is_chosen=card.id in (policies or {}))
    follow(board, by)
    board.faults = faults(board)
    return board


def check_scope(board: Scorecard) -> None:
    """Raise what is wrong with times, zone and periods, which would be no fault of any KPI."""
    with suppress(MissingTableError):
        Book().compute({"kpi": "nps", "every": board.every, **board.scope})


def choices(card: Card, given: Mapping[str, Any]) -> dict[str, Any]:
    """Choose the policy of a KPI; a preset has its own statistic and window."""
    if "preset" in given:
        return dict(given)
    defaults = _show.defaults(card)
    chosen = {} if card.unit != "seconds" or "statistic" not in defaults else DURATIONS
    if card.family == "usage" and defaults.get("window") == "period":
        chosen = {**chosen, "window": WINDOW}
    return {**chosen, **given}


def add(board: Scorecard, card: Card, *, is_chosen: bool) -> None:
    """Compute one KPI and put it where it belongs."""
    request = {"kpi": card.id, "policy": board.policies[card.id], **board.scope}
    try:
        result, outcomes = answer(board, request)
    except UNSUITED as error:
        board.skipped.append(Skipped(card.id, str(error).split(";")[0]))
        return
    except InvalidRequestError as error:
        if is_chosen:
            raise
        # Nobody said what it means here: the steps of a funnel, or which time to repair.
        is_there = card.table in board.book.tables
        why = str(error).removeprefix(f'"{card.id}" ') if is_there else f'the book has no table "{card.table}"'
        board.skipped.append(Skipped(card.id, why))
        return
    board.as_of = max(board.as_of or result.as_of, result.as_of)
    used, invalid = sum(o.n for o in outcomes), sum(o.n_invalid for o in outcomes)
    if invalid > used + sum(o.n_missing for o in outcomes):
        values = f"{invalid:,} of {used + invalid:,} values cannot be its answers"
        board.skipped.append(Skipped(card.id, f"{values}{unusable(board, card, request)}"))
    elif not used and not any(o.value is not None and o.unit != "count" for o in outcomes):
        board.skipped.append(Skipped(card.id, "there is nothing to compute it from"))
    elif len(result.dimensions) > 1:
        board.matrices[card.id] = outcomes
    elif result.dimensions and not (len(outcomes) == 1 and outcomes[0].label):
        board.breakdowns.setdefault(result.dimensions[0], {})[card.id] = outcomes
    else:
        board.lines.append(Line(card, outcomes[0], when(outcomes, board.every)))


def answer(board: Scorecard, request: dict[str, Any]) -> tuple[Result, list[Outcome]]:
    """Compute a KPI for all time; where it needs periods, for the last whole one, or for all if they are its rows."""
    try:
        result = board.book.compute(request)
        return result, list(result)
    except InvalidRequestError:
        request["every"] = board.every
        result = board.book.compute(request)
    if len(result.dimensions) > 1:
        return result, list(result)
    whole = [outcome for outcome in result if outcome.status in ("ok", "lossless")]
    return result, [outcome for outcome in whole if outcome.period_start == whole[-1].period_start]


def when(outcomes: Sequence[Outcome], every: str) -> str:
    """Name the period that outcomes are about, where that is not all time."""
    start = outcomes[0].period_start if outcomes else None
    return period_name(start, every) if start else ""


def unusable(board: Scorecard, card: Card, request: dict[str, Any]) -> str:
    """Say why most values of a KPI are none."""
    if card.table == "surveys":
        return "; is the survey of another kind or scale?"
    try:
        reasons = Counter(board.book.faults(request)["reason"])
    except LimitExceededError:
        # There are too many to list.
        return ""
    return f": {reasons.most_common(1)[0][0].replace('_', ' ')}" if reasons else ""


def main_of(board: Scorecard) -> list[str]:
    """Choose what is followed over time: the main KPIs of each family, or the first that there is."""
    main: list[str] = []
    for part in board.parts():
        computed = [line.card.id for line in part.lines]
        main += [kpi for kpi in MAIN.get(part.family, ()) if kpi in computed] or computed[:1]
    return main


def follow(board: Scorecard, by: str | None) -> None:
    """Compute the main KPIs per period and per group."""
    main = main_of(board)
    # What needs periods has no value of all time to be compared.
    of_periods = {line.card.id for line in board.lines if line.note}
    of_all_time = [kpi for kpi in main if kpi not in of_periods]
    for kpi in main:
        try:
            trend = board.compute(kpi, every=board.every)
        except MissingColumnError:
            # There is no time, and so no trend.
            continue
        if any(outcome.period_start for outcome in trend):
            board.trends[kpi] = trend
    for column in (by,) if by else GROUPS:
        unknown = None
        for kpi in of_all_time:
            try:
                board.groups[kpi] = board.compute(kpi, by=column)
            except UnknownColumnError as error:
                # The tables of another family may have it.
                unknown = error
        if board.groups:
            board.by = column
            return
        if by and unknown:
            raise unknown


def faults(board: Scorecard) -> Rows | None:
    """Collect the rows that the computed KPIs cannot use; a row that several of them miss counts once."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    computed = {line.card.id: [line.outcome] for line in board.lines} | board.matrices
    for kpi, outcomes in [*computed.items(), *(one for kpis in board.breakdowns.values() for one in kpis.items())]:
        request = {"kpi": kpi, "policy": board.policies[kpi], **board.scope}
        if outcomes[0].period_start:
            request["every"] = board.every
        for fault in board.book.faults(request):
            seen.setdefault((fault["table"], fault["column"], fault["row"], fault["reason"]), fault)
    if not seen:
        return None
    found = [seen[place] for place in sorted(seen)]
    return Book(faults=found)["faults"]


def period_name(start: datetime, every: str) -> str:
    """Name a period as people do."""
    if every == "year":
        return f"{start:%Y}"
    if every == "quarter":
        return f"{start:%Y} Q{(start.month + 2) // 3}"
    if every == "month":
        return f"{start:%b %Y}"
    return f"{start:%Y-%m-%d}" if every in ("day", "week") else f"{start:%Y-%m-%d %H:%M}"


__all__ = ["FAMILIES", "GROUPS", "MAIN", "Line", "Part", "Scorecard", "Skipped", "scorecard"]
