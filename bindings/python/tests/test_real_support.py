"""Support KPIs of real service desks, against plain Python and against what was published with the data.

The files lie outside the repository; without them these tests are skipped. Resolved means solved or closed; a resolution
is a change into it, which closing what was solved is not; rows are in the order of their time and number.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tenure
from conftest import SHARED

RESOLVED = ("solved", "closed")
WEEK = dt.timedelta(days=7)


def source(name: str) -> Path:
    folder = SHARED / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the real data is not here: {folder} (set TENURE_SHARED)")
    return folder


def quantile(values: list[float], p: float) -> float:
    """Give the quantile of Hyndman and Fan's type 7."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * p
    low = math.floor(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def months(first: tuple[int, int], last: tuple[int, int]) -> list[dt.datetime]:
    year, month = first
    found = []
    while (year, month) <= last:
        found.append(dt.datetime(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


@dataclass
class Desk:
    """A log of status changes: as tables, and walked by hand."""

    statuses: dict[str, str]
    created: dict[str, dt.datetime] = field(default_factory=dict)
    rows: list[tuple[str, dt.datetime, int, str]] = field(default_factory=list)

    def book(self) -> tenure.Book:
        history = [(i, at.isoformat(), seq, self.statuses.get(status, status)) for i, at, seq, status in self.rows]
        names = ("conversation_id", "occurred_at", "seq", "status")
        return tenure.Book(
            conversations={
                "conversation_id": list(self.created),
                "created_at": [at.isoformat() for at in self.created.values()],
            },
            status_history={name: list(values) for name, values in zip(names, zip(*history, strict=True), strict=True)},
        )

    def walk(self) -> Walk:
        walk = Walk()
        known: dict[str, list[tuple[dt.datetime, int, str]]] = defaultdict(list)
        for i, at, seq, status in self.rows:
            if status in self.statuses:
                known[i].append((at, seq, self.statuses[status]))
            else:
                walk.unusable += 1
        for i, created in self.created.items():
            walk.add(created, sorted(known[i]))
        return walk


@dataclass
class Walk:
    """What became of the conversations of a desk."""

    unusable: int = 0
    full: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    spent: list[Counter[str]] = field(default_factory=list)
    reopened: int = 0
    reopened_in_a_week: int = 0
    created: list[dt.datetime] = field(default_factory=list)
    resolutions: list[dt.datetime] = field(default_factory=list)
    reopenings: list[dt.datetime] = field(default_factory=list)

    def add(self, created: dt.datetime, rows: list[tuple[dt.datetime, int, str]]) -> None:
        was, resolutions, reopenings = False, [], []
        for at, _, status in rows:
            if status in RESOLVED and not was:
                resolutions.append(at)
            elif status not in RESOLVED and was:
                reopenings.append(at)
            was = status in RESOLVED
        self.created.append(created)
        self.resolutions += resolutions
        self.reopenings += reopenings
        self.reopened += bool(reopenings)
        if resolutions:
            self.first.append((resolutions[0] - created).total_seconds())
            self.reopened_in_a_week += any(at - resolutions[0] <= WEEK for at in reopenings)
        if was:
            self.full.append((resolutions[-1] - created).total_seconds())
            spent: Counter[str] = Counter()
            for (at, _, status), (until, _, _) in pairwise(rows):
                spent[status] += int((until - at).total_seconds())
            self.spent.append(spent)

    def waited(self, *statuses: str) -> list[float]:
        return [float(sum(spent[status] for status in statuses)) for spent in self.spent]

    def backlog(self, end: dt.datetime) -> int:
        """Count what is open: all that came in, less what was resolved, and what came in again."""
        return sum(at < end for at in self.created + self.reopenings) - sum(at < end for at in self.resolutions)


def same_spread(book: tenure.Book, kpi: str, values: list[float], as_of: str) -> None:
    """Compare mean, median and 90th percentile, and account for every conversation."""
    policy = {"statistic": ["mean", "median", "p90"]}
    found = {o.dimensions["statistic"]: o for o in book.compute(kpi, policy=policy, as_of=as_of)}
    assert found["mean"].n == len(values)
    assert found["mean"].units == len(book["conversations"])
    expected = {"mean": sum(values) / len(values), "median": quantile(values, 0.5), "p90": quantile(values, 0.9)}
    for statistic, value in expected.items():
        assert found[statistic].value == pytest.approx(value, rel=1e-12), (kpi, statistic)


def check_desk(desk: Desk, ends: list[dt.datetime]) -> tuple[tenure.Book, Walk]:
    """Compare all KPIs that a log of statuses allows."""
    book, walk, as_of = desk.book(), desk.walk(), ends[-1].isoformat()
    same_spread(book, "first_resolution_time", walk.first, as_of)
    same_spread(book, "full_resolution_time", walk.full, as_of)
    same_spread(book, "requester_wait_time", walk.waited("new", "open", "on_hold"), as_of)
    same_spread(book, "agent_wait_time", walk.waited("pending"), as_of)
    same_spread(book, "on_hold_time", walk.waited("on_hold"), as_of)

    rate = book.compute("reopen_rate", as_of=as_of).only()
    assert (rate.numerator, rate.denominator) == (walk.reopened_in_a_week, len(walk.first))
    ever = book.compute("reopen_rate", as_of=as_of, policy={"within_days": "ever"}).only()
    assert (ever.numerator, ever.denominator) == (walk.reopened, len(walk.first))
    events = book.compute("reopen_rate", as_of=as_of, policy={"counting": "events"}).only()
    assert (events.numerator, events.denominator) == (len(walk.reopenings), len(walk.resolutions))

    scope: dict[str, Any] = {"every": "month", "start": ends[0].isoformat(), "end": as_of, "as_of": as_of}
    backlog = [outcome.value for outcome in book.compute("backlog", **scope)]
    assert backlog == [walk.backlog(end) for end in ends[1:]]
    per_month = {
        name: Counter((at.year, at.month) for at in times)
        for name, times in (("in", walk.created), ("out", walk.resolutions), ("again", walk.reopenings))
    }
    flows = book.compute("net_flow", policy={"reopened_inflow": True}, **scope)
    for flow, start in zip(flows, ends[:-1], strict=True):
        month = (start.year, start.month)
        assert flow.value == per_month["in"][month] + per_month["again"][month] - per_month["out"][month], month

    # Every row of the history is used, or is a fault that names it.
    faults = book.faults("full_resolution_time", as_of=as_of).to_dicts()
    assert len(faults) == walk.unusable
    assert {desk.rows[fault["row"]][3] for fault in faults}.isdisjoint(desk.statuses)
    assert sum(status in desk.statuses for *_, status in desk.rows) + len(faults) == len(book["status_history"])
    return book, walk


def test_incidents() -> None:
    desk = Desk(
        {
            "New": "new",
            "Active": "open",
            "Awaiting User Info": "pending",
            "Awaiting Vendor": "on_hold",
            "Awaiting Problem": "on_hold",
            "Awaiting Evidence": "on_hold",
            "Resolved": "solved",
            "Closed": "closed",
        }
    )

    def when(text: str) -> dt.datetime:
        return dt.datetime.strptime(text, "%d/%m/%Y %H:%M")

    archive = zipfile.ZipFile(source("uci_incident_log") / "incident_event_log.zip")
    with archive, archive.open("incident_event_log/incident_event_log.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
            desk.created[row["number"]] = when(row["opened_at"])
            place = (row["number"], when(row["sys_updated_at"]), int(row["sys_mod_count"]))
            desk.rows.append((*place, row["ident_state"]))
    book, walk = check_desk(desk, months((2016, 2), (2017, 3)))
    assert (len(book["status_history"]), len(desk.created), walk.unusable) == (141_712, 24_918, 5)
    # The ids have leading zeros, and five states are the number -100.
    assert {desk.rows[fault["row"]][3] for fault in book.faults("backlog", as_of="2017-03-01")} == {"-100"}


def test_helpdesk() -> None:
    # The activities are numbers without names: this reading of them is ours, and only fixes what to compare.
    statuses = {"1": "new", "3": "new", "8": "open", "4": "open", "5": "open", "7": "open", "2": "on_hold", "9": "pending", "6": "solved"}  # fmt: skip
    desk = Desk(statuses)
    with (source("helpdesk_log") / "helpdesk.csv").open(encoding="utf-8", newline="") as file:
        for seq, row in enumerate(csv.DictReader(file)):
            at = dt.datetime.fromisoformat(row["CompleteTimestamp"])
            desk.created[row["CaseID"]] = min(at, desk.created.get(row["CaseID"], at))
            desk.rows.append((row["CaseID"], at, seq, row["ActivityID"]))
    book, walk = check_desk(desk, months((2010, 1), (2012, 12)))
    assert (len(book["status_history"]), len(desk.created), walk.unusable) == (13_710, 3_804, 0)


def test_ravenstack() -> None:
    folder = source("ravenstack")
    published = json.loads((folder / "expected_support_summary.json").read_text(encoding="utf-8"))
    with (folder / "ravenstack_support_tickets.csv").open(encoding="utf-8", newline="") as file:
        tickets = list(csv.DictReader(file))
    created = [dt.datetime.fromisoformat(ticket["submitted_at"]) for ticket in tickets]
    closed = [dt.datetime.fromisoformat(ticket["closed_at"]) for ticket in tickets]
    waits = [dt.timedelta(minutes=int(ticket["first_response_time_minutes"])) for ticket in tickets]
    ids = [ticket["ticket_id"] for ticket in tickets]
    book = tenure.Book(
        conversations={
            "conversation_id": ids,
            "account_id": [ticket["account_id"] for ticket in tickets],
            "priority": [ticket["priority"] for ticket in tickets],
            "created_at": created,
            "first_replied_at": [start + wait for start, wait in zip(created, waits, strict=True)],
            "solved_at": closed,
            "closed_at": closed,
        },
        surveys={
            "kind": ["csat"] * len(ids),
            "conversation_id": ids,
            "score": [float(ticket["satisfaction_score"]) if ticket["satisfaction_score"] else None for ticket in tickets],
            "sent_at": closed,
            "answered_at": closed,
        },
    )  # fmt: skip
    scope = {"as_of": "2025-01-02"}
    assert len(tickets) == published["n"]

    # What its authors published: minutes and hours.
    for kpi, name, seconds in (("first_response_time", "frt", 60), ("full_resolution_time", "res", 3_600)):
        outcomes = book.compute(kpi, policy={"statistic": ["mean", "median", "p90"]}, **scope)
        for outcome in outcomes:
            expected = published[f"{name}_{outcome.dimensions['statistic']}"]
            assert outcome.value is not None
            assert outcome.value / seconds == pytest.approx(expected, rel=1e-12)
            assert (outcome.n, outcome.units) == (published["n"], len(tickets))
        assert len(outcomes) == 3
        assert not book.faults(kpi, **scope)
    assert outcomes[0].policy["measured_from"] == ["solved_at", "closed_at"]
    assert book.compute("csat_mean", **scope).only().value == pytest.approx(published["csat_mean"], abs=1e-12)
    assert book.compute("csat_mean", **scope).only().n == published["n_csat"]

    # And what a few lines of Python say.
    durations = [(end - start).total_seconds() for start, end in zip(created, closed, strict=True)]
    same_spread(book, "first_resolution_time", durations, "2025-01-02")
    for outcome in book.compute("full_resolution_time", by="priority", **scope):
        own = [d for d, ticket in zip(durations, tickets, strict=True) if ticket["priority"] == outcome.by["priority"]]
        assert outcome.n == len(own)
        assert outcome.value == pytest.approx(sum(own) / len(own), rel=1e-12)
    for hours in (1, 2, 24):
        late = book.compute("unanswered_rate", policy={"grace_hours": hours}, **scope).only()
        assert late.numerator == sum(wait > dt.timedelta(hours=hours) for wait in waits)
    ends = months((2023, 1), (2025, 1))
    backlog = book.compute("backlog", every="month", start="2023-01-01", end="2025-01-01", **scope)
    assert [outcome.value for outcome in backlog] == [
        sum(start < end <= done for start, done in zip(created, closed, strict=True)) for end in ends[1:]
    ]
    volume = book.compute("ticket_volume", every="month", start="2023-01-01", end="2025-01-01", **scope)
    per_month = Counter((start.year, start.month) for start in created)
    assert [outcome.value for outcome in volume] == [per_month[end.year, end.month] for end in ends[:-1]]
