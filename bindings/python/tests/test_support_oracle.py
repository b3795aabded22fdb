"""Support KPIs against the slow and obvious way to compute them, which shares nothing with the library.

Random conversations, in zones with odd offsets and clock changes, are measured twice: by `Book.units`, and by the plain
Python below. Its business time walks through every minute, reads the wall clock of the zone, and looks whether that
minute is open: the shift of the date, or last night's that runs past midnight, unless a holiday decides the date.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tenure

FIRST, LAST = dt.datetime(2025, 2, 15, tzinfo=dt.UTC), dt.datetime(2025, 11, 20, tzinfo=dt.UTC)
"""The walk: both clock changes of every zone."""
AS_OF = dt.datetime(2025, 11, 10, tzinfo=dt.UTC)
"""Later rows stay in the tables, and are read as absent."""

CONVERSATIONS = 300
SEEDS = (1, 2)
RESOLVED = ("solved", "closed")
CLOCKS = ("calendar", "business")
Both = dict[str, float]

# ---------------------------------------------------------------------------------------------------- open hours

WEEKDAYS, EVERY_DAY = range(1, 6), range(1, 8)
SCHEDULES: dict[str, tuple[str, dict[int, list[tuple[str, str]]]]] = {
    "office": ("America/St_Johns", {day: [("09:00", "17:00")] for day in WEEKDAYS}),
    "breaks": ("Australia/Lord_Howe", {**{day: [("08:30", "12:00"), ("13:00", "18:00")] for day in WEEKDAYS}, 6: [("10:00", "14:00")]}),
    "night": ("Pacific/Chatham", {day: [("22:00", "06:00")] for day in WEEKDAYS}),
    "always": ("Asia/Kathmandu", {day: [("00:00", "24:00")] for day in EVERY_DAY}),
}  # fmt: skip
HOLIDAYS: dict[str, dict[str, list[tuple[str, str]]]] = {
    "office": {"2025-03-10": [], "2025-07-01": [], "2025-10-31": [("09:00", "12:00")]},
    "breaks": {"2025-04-25": [], "2025-06-09": [("10:00", "11:30")]},
    "night": {"2025-04-18": [], "2025-06-20": []},
    "always": {},
}


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def is_open(schedule: str, local: dt.datetime) -> bool:
    """Whether the minute that the wall clock shows is open."""
    minute, day = local.hour * 60 + local.minute, local.date()
    week = SCHEDULES[schedule][1]
    special = HOLIDAYS[schedule].get(day.isoformat())
    if special is not None:
        return any(minutes(opens) <= minute < minutes(closes) for opens, closes in special)
    for opens, closes in week.get(day.isoweekday(), []):
        overnight = minutes(closes) <= minutes(opens)
        if minutes(opens) <= minute and (overnight or minute < minutes(closes)):
            return True
    last_night = week.get((day - dt.timedelta(days=1)).isoweekday(), [])
    return any(minutes(closes) <= minutes(opens) and minute < minutes(closes) for opens, closes in last_night)


@cache
def open_before(schedule: str) -> tuple[list[int], bytearray]:
    """How many minutes were open before each minute of the walk, and which are."""
    zone, before, flags = ZoneInfo(SCHEDULES[schedule][0]), [0], bytearray()
    instant = FIRST
    while instant < LAST:
        flags.append(is_open(schedule, instant.astimezone(zone)))
        before.append(before[-1] + flags[-1])
        instant += dt.timedelta(minutes=1)
    return before, flags


def open_seconds(schedule: str, instant: dt.datetime) -> float:
    """How many seconds were open since the walk began."""
    before, flags = open_before(schedule)
    minute, rest = divmod((instant - FIRST).total_seconds(), 60)
    return before[int(minute)] * 60 + (rest if flags[int(minute)] else 0.0)


def elapsed(schedule: str, start: dt.datetime, end: dt.datetime) -> Both:
    return {
        "calendar": (end - start).total_seconds(),
        "business": open_seconds(schedule, end) - open_seconds(schedule, start),
    }


# ------------------------------------------------------------------------------------------------- conversations


@dataclass
class Message:
    at: dt.datetime
    author: str
    public: bool = True
    auto: bool = False


@dataclass
class Conversation:
    id: int
    created: dt.datetime
    schedule: str
    priority: str | None
    initiated_by: str = "customer"
    flag: str | None = None
    messages: list[Message] = field(default_factory=list)
    statuses: list[tuple[dt.datetime, str]] = field(default_factory=list)


ACTIONS = {
    "customer": 24, "agent": 22, "note": 6, "bot": 4, "auto": 3, "system": 1,
    "open": 10, "pending": 9, "on_hold": 6, "solved": 16, "closed": 3, "answer_and_solve": 8,
}  # fmt: skip


def converse(chance: random.Random, number: int) -> Conversation:
    """Make up a conversation: any action may follow any other, some at the very same instant."""
    schedule = chance.choice(list(SCHEDULES))
    created = dt.datetime(2025, 2, 20, tzinfo=dt.UTC) + dt.timedelta(seconds=chance.randrange(262 * 86_400))
    if chance.random() < 0.3:
        # Around a clock change, where one of the zones has it.
        change = chance.choice(["2025-03-09T05:30", "2025-04-05T14:00", "2025-10-04T15:30", "2025-11-02T04:30"])
        created = dt.datetime.fromisoformat(change + "+00:00") + dt.timedelta(seconds=chance.randrange(-40, 12) * 3600)
    one = Conversation(number, created, schedule, chance.choice(["urgent", "normal", "low", None]))
    one.flag = chance.choices([None, "spam", "deleted", "merged"], [97, 1, 1, 1])[0]
    one.initiated_by = chance.choices(["customer", "company"], [85, 15])[0]
    now = created
    if chance.random() < 0.95:
        one.statuses.append((now, chance.choice(["new", "new", "open"])))
    if one.initiated_by == "company" and chance.random() < 0.2:
        one.messages.append(Message(now, "agent", public=False))
    one.messages.append(Message(now, "agent" if one.initiated_by == "company" else "customer"))
    for _ in range(chance.choice([0, 1, 2, 3, 5, 8, 13, 20])):
        if chance.random() < 0.9:
            now += dt.timedelta(seconds=int(chance.lognormvariate(9.5, 2)) + 1)
        if now >= LAST - dt.timedelta(days=1):
            break
        action = chance.choices(list(ACTIONS), list(ACTIONS.values()))[0]
        if action in ("customer", "agent", "bot"):
            one.messages.append(Message(now, action))
        elif action in ("note", "auto"):
            one.messages.append(Message(now, "agent", public=action == "auto", auto=action == "auto"))
        elif action == "system":
            one.messages.append(Message(now, "system", public=False))
        elif action == "answer_and_solve":
            one.messages.append(Message(now, "agent"))
            one.statuses.append((now, "solved"))
        else:
            one.statuses.append((now, action))
    return one


TARGETS = [
    # policy_id, metric, priority, seconds, clock, pauses
    ("p1", "first_response", "urgent", 3_600, "business", []),
    ("p2", "first_response", None, 8 * 3_600, "calendar", []),
    ("p3", "next_response", "urgent", 2 * 3_600, "calendar", []),
    ("p4", "next_response", None, 8 * 3_600, "business", []),
    ("p5", "resolution", "urgent", 24 * 3_600, "calendar", ["pending", "on_hold"]),
    ("p6", "resolution", "normal", 20 * 3_600, "business", ["pending"]),
    ("p7", "resolution", None, 40 * 3_600, "business", []),
]


def columns(names: str, rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(names.split())}


def tables(conversations: list[Conversation], chance: random.Random) -> dict[str, dict[str, list[Any]]]:
    """Write conversations as tables, the rows in no order."""
    messages = [
        (c.id, m.at, m.author, m.public, m.auto, seq) for c in conversations for seq, m in enumerate(c.messages)
    ]
    statuses = [(c.id, at, status, seq) for c in conversations for seq, (at, status) in enumerate(c.statuses)]
    chance.shuffle(messages)
    chance.shuffle(statuses)
    shifts = [
        (name, zone, day, *shift)
        for name, (zone, week) in SCHEDULES.items()
        for day, shifts in week.items()
        for shift in shifts
    ]
    special = [
        (name, date, *(shift or (None, None)))
        for name, dates in HOLIDAYS.items()
        for date, shifts in dates.items()
        for shift in shifts or [None]
    ]
    flags = [[c.flag == flag for flag in ("spam", "deleted", "merged")] for c in conversations]
    return {
        "conversations": columns(
            "conversation_id created_at schedule_id priority initiated_by spam deleted merged",
            [(c.id, c.created, c.schedule, c.priority, c.initiated_by, *f) for c, f in zip(conversations, flags, strict=True)],
        ),
        "messages": columns("conversation_id occurred_at author public auto seq", messages),
        "status_history": columns("conversation_id occurred_at status seq", statuses),
        "schedules": columns("schedule_id zone weekday opens closes", shifts),
        "holidays": columns("schedule_id date opens closes", special),
        "sla_policies": columns("policy_id metric priority target_seconds clock pauses", TARGETS),
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------- what they are


@dataclass
class Known:
    """What is known of a conversation at `AS_OF`."""

    of: Conversation

    def __post_init__(self) -> None:
        one = self.of
        self.public = [m for m in one.messages if m.at <= AS_OF and m.public]
        self.statuses = [(at, status) for at, status in one.statuses if at <= AS_OF]
        first = self.public[0] if self.public else None
        opening = first if one.initiated_by == "company" and first and first.author == "agent" else None
        self.replies = [m for m in self.public if m.author == "agent" and not m.auto and m is not opening]
        # Solved, then closed is one resolution.
        self.resolutions: list[dt.datetime] = []
        self.resolved = False
        for at, status in self.statuses:
            if status in RESOLVED and not self.resolved:
                self.resolutions.append(at)
            self.resolved = status in RESOLVED

    def since_creation(self, end: dt.datetime) -> Both:
        return elapsed(self.of.schedule, self.of.created, end)

    def first_response(self) -> list[Both | None]:
        return [self.since_creation(self.replies[0].at) if self.replies else None]

    def first_resolution(self) -> list[Both | None]:
        return [self.since_creation(self.resolutions[0]) if self.resolutions else None]

    def full_resolution(self) -> list[Both | None]:
        return [self.since_creation(self.resolutions[-1]) if self.resolved else None]

    def stretches(self) -> Iterator[tuple[dt.datetime, dt.datetime, str]]:
        ends = [*(at for at, _ in self.statuses[1:]), AS_OF]
        for (at, status), end in zip(self.statuses, ends, strict=False):
            yield at, end, status

    def waited(self, *statuses: str) -> list[Both | None]:
        if not self.resolved:
            return [None]
        total = Counter(dict.fromkeys(CLOCKS, 0.0))
        for start, end, status in self.stretches():
            if status in statuses:
                total.update(elapsed(self.of.schedule, start, end))
        return [dict(total)]

    def blocks(self, anchor: str) -> list[Both | None]:
        """Messages of the customer that follow one another, until a person replies."""
        found: list[Both | None] = []
        asked: list[dt.datetime] = []
        for message in self.public:
            if message.author == "customer":
                asked.append(message.at)
            elif message in self.replies and asked:
                found.append(elapsed(self.of.schedule, asked[0 if anchor == "first" else -1], message.at))
                asked = []
        return [*found, None] if asked else found

    def replies_to_resolution(self) -> list[float | None]:
        # An agent answers and solves in one step: what is said at the instant of the resolution belongs to it.
        # What is not resolved is no unit.
        return [float(sum(m.at <= self.resolutions[-1] for m in self.replies))] if self.resolved else []

    def waits_for_reply(self) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
        """What a target of a reply is about: the first response, then each block that comes later.

        A reply ends the wait, and so does a resolution; what the customer writes after it begins another one.
        """
        events = [(m.at, 0, m) for m in self.public] + [(at, 1, None) for at in self.resolutions]
        since: dt.datetime | None = self.of.created
        metric, found = "first_response", []
        for at, _, message in sorted(events, key=lambda event: event[:2]):
            ends = message is None or message in self.replies
            if ends and since:
                found.append((metric, since, at))
                since, metric = None, "next_response"
            elif message and message.author == "customer" and since is None:
                since = at
        return [*found, (metric, since, None)] if since else found  # type: ignore[list-item]

    def spent(self, start: dt.datetime, end: dt.datetime, clock: str, pauses: list[str]) -> float:
        changes = sorted({start, end, *(at for at, _ in self.statuses if start < at < end)})
        total = 0.0
        for left, right in pairwise(changes):
            current = [status for at, status in self.statuses if at <= left]
            if not current or current[-1] not in pauses:
                total += elapsed(self.of.schedule, left, right)[clock]
        return total

    def targets(self) -> list[float | None]:
        """Whether each target was kept; None while that is open."""
        resolution = ("resolution", self.of.created, self.resolutions[0] if self.resolutions else None)
        found: list[float | None] = []
        for metric, start, end in [*self.waits_for_reply(), resolution]:
            own = [row for row in TARGETS if row[1] == metric and row[2] in (self.of.priority, None)]
            _, _, _, seconds, clock, pauses = min(own, key=lambda row: row[2] is None)
            late = self.spent(start, end or AS_OF, clock, pauses) > seconds
            found.append(0.0 if late else 1.0 if end else None)
        return found


# ------------------------------------------------------------------------------------------------- the comparison


@cache
def company(seed: int) -> tuple[list[Conversation], tenure.Book]:
    chance = random.Random(seed)
    conversations = [converse(chance, number) for number in range(1, CONVERSATIONS + 1)]
    return conversations, tenure.Book(**tables(conversations, chance))


DURATIONS: dict[str, Any] = {
    "first_response_time": Known.first_response,
    "first_resolution_time": Known.first_resolution,
    "full_resolution_time": Known.full_resolution,
    "requester_wait_time": lambda known: known.waited("new", "open", "on_hold"),
    "agent_wait_time": lambda known: known.waited("pending"),
    "on_hold_time": lambda known: known.waited("on_hold"),
}


def compare(seed: int, kpi: str, policy: dict[str, Any], measure: Any) -> Counter[str]:
    """Compare all units of a KPI; give how many of them there were of each fate."""
    conversations, book = company(seed)
    found: dict[int, list[float]] = defaultdict(list)
    fates: Counter[str] = Counter()
    open_units: Counter[int] = Counter()
    for unit in book.units(kpi, policy=policy, as_of=AS_OF).to_dicts():
        fates[unit["fate"]] += 1
        if unit["fate"] == "observed":
            found[unit["conversation_id"]].append(unit["value"])
        elif unit["fate"] != "excluded":
            open_units[unit["conversation_id"]] += 1
    for one in conversations:
        expected = [] if one.flag or one.created > AS_OF else measure(Known(one))
        values = sorted(value for value in expected if value is not None)
        assert sorted(found[one.id]) == pytest.approx(values, abs=1e-6), one
        assert open_units[one.id] == expected.count(None), one
    assert not book.faults(kpi, policy=policy, as_of=AS_OF)
    return fates


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("kpi", sorted(DURATIONS))
def test_durations(kpi: str, clock: str, seed: int) -> None:
    def measure(known: Known) -> list[float | None]:
        return [value and value[clock] for value in DURATIONS[kpi](known)]

    fates = compare(seed, kpi, {"clock": clock}, measure)
    assert min(fates["observed"], fates["missing"], fates["excluded"]) > 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("anchor", ["first", "last"])
def test_blocks(anchor: str, clock: str, seed: int) -> None:
    def measure(known: Known) -> list[float | None]:
        return [value and value[clock] for value in known.blocks(anchor)]

    fates = compare(seed, "next_response_time", {"clock": clock, "anchor": anchor}, measure)
    assert fates["observed"] > CONVERSATIONS / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_replies_and_targets(seed: int) -> None:
    replies = compare(seed, "replies_to_resolution", {"with_zero_replies": "include"}, Known.replies_to_resolution)
    assert replies["observed"] > CONVERSATIONS / 4
    targets = compare(seed, "sla_attainment_target", {}, Known.targets)
    assert targets["observed"] > CONVERSATIONS
    assert targets["immature"] > 0
