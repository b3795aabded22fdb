"""Support in Python: business hours alone, traces, units and faults of conversations, lists of requests, states."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tenure
from tenure import overview

AS_OF = "2026-11-24T12:00:00Z"
UTC = dt.UTC
STOCKHOLM = ZoneInfo("Europe/Stockholm")
SUPPORT = [card.id for card in tenure.catalog() if card.family == "support"]


def week(name: str, zone: str, opens: str = "09:00", closes: str = "17:00") -> list[dict[str, Any]]:
    return [
        {"schedule_id": name, "zone": zone, "weekday": day, "opens": opens, "closes": closes} for day in range(1, 6)
    ]


def desk() -> dict[str, Any]:
    """Four conversations: answered over a weekend, answered and solved, unanswered, answered by a bot only."""
    return {
        "conversations": {
            "conversation_id": [1, 2, 3, 4],
            "created_at": ["2026-11-20T15:30Z", "2026-11-23T08:00Z", "2026-11-23T09:00Z", "2026-11-23T10:00Z"],
            "team": ["billing", "billing", "tech", "tech"],
        },
        "messages": {
            "conversation_id": [1, 1, 2, 2, 3, 4, 4, 99],
            "occurred_at": [
                "2026-11-20T15:30Z", "2026-11-23T08:30Z", "2026-11-23T08:00Z", "2026-11-23T08:20Z",
                "2026-11-23T09:00Z", "2026-11-23T10:00Z", "2026-11-23T10:00:05Z", "2026-11-23T11:00Z",
            ],
            "author": ["customer", "agent", "customer", "agent", "customer", "customer", "bot", "customer"],
            "author_id": ["a", "kim", "b", "max", "c", "d", None, "e"],
        },
        "status_history": {
            "conversation_id": [1, 2, 2, 3, 4],
            "occurred_at": ["2026-11-20T15:30Z", "2026-11-23T08:00Z", "2026-11-23T08:20Z", "2026-11-23T09:00Z", "2026-11-23T10:00Z"],
            "status": ["new", "new", "solved", "new", "new"],
        },
        "schedules": week("office", "Europe/Stockholm"),
    }  # fmt: skip


@pytest.fixture
def book() -> tenure.Book:
    return tenure.Book(**desk())


# ------------------------------------------------------------------------------------------------- business hours


def test_open_hours(book: tenure.Book) -> None:
    hours = book.open_hours("office")
    friday, monday = dt.datetime(2026, 11, 20, 15, 30, tzinfo=UTC), dt.datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    # Half an hour until 17:00 in Stockholm, and half an hour from 9:00.
    assert hours.elapsed(friday, monday) == 3600
    assert hours.elapsed(monday, friday) == 0
    assert hours.at(friday, 3600) == monday
    assert hours.at(friday, 1800) == dt.datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert hours.at(friday, 0) == friday
    assert hours.is_open(friday)
    assert not hours.is_open("2026-11-20T16:00:00Z")
    assert not hours.is_open("2026-11-21")
    assert hours.intervals(friday, monday) == [
        (friday, dt.datetime(2026, 11, 20, 16, tzinfo=UTC)),
        (dt.datetime(2026, 11, 23, 8, tzinfo=UTC), monday),
    ]
    assert hours.elapsed("2026-11-23T08:00:00.000001Z", "2026-11-23T08:00:00.5Z") == 0.499999


def test_times_of_open_hours_may_be_of_any_kind(book: tenure.Book) -> None:
    hours = book.open_hours()
    ends = [
        "2026-11-23T08:30:00Z",
        "2026-11-23T09:30:00+01:00",
        # Without a zone it is UTC.
        "2026-11-23T08:30:00",
        dt.datetime(2026, 11, 23, 8, 30),
        dt.datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
        dt.datetime(2026, 11, 23, 9, 30, tzinfo=STOCKHOLM),
    ]
    assert {hours.elapsed("2026-11-23", end) for end in ends} == {1800.0}
    assert hours.elapsed(dt.date(2026, 11, 23), dt.date(2026, 11, 24)) == 8 * 3600
    # An hour that the clock strikes twice: the second time is an hour later.
    night = tenure.Book(
        schedules=[
            {"schedule_id": "night", "zone": "Europe/Stockholm", "weekday": 7, "opens": "00:00", "closes": "06:00"}
        ]
    )
    first, second = (dt.datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=fold) for fold in (0, 1))
    assert night.open_hours().elapsed(first, second) == 3600


def test_times_of_pandas(book: tenure.Book) -> None:
    pandas = pytest.importorskip("pandas")
    hours = book.open_hours()
    for zone in (None, "UTC", "Asia/Bangkok"):
        end = pandas.Timestamp("2026-11-23T08:30", tz="UTC").tz_convert(zone)
        assert hours.elapsed(pandas.Timestamp("2026-11-23"), end) == 1800
    with pytest.raises(tenure.errors.InvalidRequestError, match="start"):
        hours.elapsed(pandas.NaT, "2026-11-23")


def test_several_schedules() -> None:
    book = tenure.Book(schedules=[*week("east", "Asia/Bangkok"), *week("west", "America/New_York")])
    day = ("2026-11-23", "2026-11-24")
    assert book.open_hours("east").elapsed(*day) == book.open_hours("west").elapsed(*day) == 8 * 3600
    assert book.open_hours("*").elapsed(*day) == 16 * 3600
    with pytest.raises(tenure.errors.InvalidRequestError):
        book.open_hours()
    with pytest.raises(tenure.errors.InvalidRequestError, match="nowhere"):
        book.open_hours("nowhere")


def test_holidays_and_schedules_that_end() -> None:
    rows = [dict(row, valid_to="2026-11-27") for row in week("office", "UTC")]
    hours = tenure.Book(
        schedules=rows, holidays=[{"schedule_id": "office", "date": "2026-11-24", "opens": "10:00", "closes": "11:00"}]
    ).open_hours()
    assert hours.elapsed("2026-11-23", "2026-11-25") == 9 * 3600
    # Monday to Thursday, one of them a short one: 25 hours, and no more.
    assert hours.at("2026-11-23", 25 * 3600) == dt.datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert hours.at("2026-11-23", 25 * 3600 + 0.000001) is None


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [("yesterday", "2026-11-23", "start"), ("2026-11-23", "2026-13-01", "end"), (3, "2026-11-23", "start"), ("2026-11-23", None, "end")],
)  # fmt: skip
def test_what_is_no_time(book: tenure.Book, start: Any, end: Any, text: str) -> None:
    with pytest.raises(tenure.errors.InvalidRequestError, match=text):
        book.open_hours().elapsed(start, end)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_what_is_no_number_of_seconds(book: tenure.Book, seconds: float) -> None:
    with pytest.raises(tenure.errors.InvalidRequestError, match="seconds"):
        book.open_hours().at("2026-11-23", seconds)


def test_a_book_without_schedules() -> None:
    with pytest.raises(tenure.errors.MissingTableError, match="schedules"):
        tenure.Book(conversations=desk()["conversations"]).open_hours()
    with pytest.raises(tenure.errors.MissingTableError, match="schedules"):
        tables = desk()
        del tables["schedules"]
        tenure.Book(**tables).compute("first_response_time", policy={"clock": "business"}, as_of=AS_OF)


# -------------------------------------------------------------------------------------------- one conversation


def test_trace_of_a_conversation(book: tenure.Book) -> None:
    asked: dict[str, Any] = {"policy": {"clock": "business"}, "as_of": AS_OF}
    [story] = book.trace("first_response_time", conversation_id=1, **asked)
    assert (story.kpi, story.row) == ("first_response_time", 0)
    notes = dict(story.notes)
    assert "row 1 of messages" in notes["message"]
    assert "3600 seconds" in notes["clock"]
    assert notes["open hours"].count(" to ") == 2
    [unanswered] = book.trace("first_response_time", conversation_id=3, **asked)
    assert "missing" in dict(unanswered.notes)["fate"]
    with pytest.raises(tenure.errors.InvalidRequestError, match="conversation_id 12"):
        book.trace("first_response_time", conversation_id=12, **asked)
    with pytest.raises(tenure.errors.TenureError):
        book.trace("first_response_time", ticket=1, **asked)


def test_units_and_faults(book: tenure.Book) -> None:
    units = book.units("first_response_time", as_of=AS_OF)
    assert units["conversation_id"] == [1, 2, 3, 4]
    assert units["fate"] == ["observed", "observed", "missing", "missing"]
    assert units["value"] == [65 * 3600, 1200, None, None]
    # A message of no conversation is no unit; it is a fault, and says which row it is.
    [fault] = book.faults("first_response_time", as_of=AS_OF).to_dicts()
    assert (fault["table"], fault["row"], fault["reason"]) == ("messages", 7, "no_conversation")
    assert "99" in fault["text"]
    outcome = book.compute("first_response_time", as_of=AS_OF).only()
    assert (outcome.n, outcome.n_missing, outcome.n_invalid) == (2, 2, 0)
    assert fault in book.faults().to_dicts()


def test_blocks_are_units_of_their_own(book: tenure.Book) -> None:
    units = book.units("next_response_time", as_of=AS_OF).to_dicts()
    assert {unit["conversation_id"]: unit["value"] for unit in units} == {1: 65 * 3600, 2: 1200, 3: None, 4: None}


# ------------------------------------------------------------------------------------------- books and requests


def test_a_list_of_requests(book: tenure.Book) -> None:
    requests = [
        {"kpi": "first_response_time", "policy": {"statistic": ["median", "p90"]}, "as_of": AS_OF},
        {"kpi": "backlog", "by": ["team"], "as_of": AS_OF},
        {"kpi": "one_touch_rate", "as_of": AS_OF},
        {"kpi": "first_response_time", "policy": {"clock": "business"}, "as_of": AS_OF},
    ]
    together = book.compute(requests)
    assert [result.to_dicts() for result in together] == [book.compute(one).to_dicts() for one in requests]
    times, backlog, touches, business = together
    assert [outcome.dimensions["statistic"] for outcome in times] == ["median", "p90"]
    assert {outcome.by["team"]: outcome.value for outcome in backlog} == {"billing": 1, "tech": 2}
    assert touches.only().value == 100
    assert business.only().value == (3600 + 1200) / 2


def test_a_second_request_says_the_same(company_book: tenure.Book) -> None:
    """The book keeps what it has indexed; answers do not depend on what was asked before."""
    scope: dict[str, Any] = {"as_of": "2024-08-01", "every": "month"}
    for kpi in (*SUPPORT, *reversed(SUPPORT)):
        fresh = tenure.Book(**{name: company_book[name] for name in company_book.tables})
        expected = fresh.compute(kpi, **scope).to_dicts(), fresh.units(kpi, **scope).to_dicts()
        for _ in range(2):
            again = company_book.compute(kpi, **scope).to_dicts(), company_book.units(kpi, **scope).to_dicts()
            assert again == expected


def test_states_of_support_pickle(company_book: tenure.Book) -> None:
    assert len(SUPPORT) == 34
    for kpi in SUPPORT:
        parts = [company_book.partial(kpi, part=part, of=3, as_of="2024-08-01", every="month") for part in range(3)]
        kept = [pickle.loads(pickle.dumps(part)) for part in parts]
        assert kept == parts, kpi
        merged = kept[2].merge(kept[0]).merge(kept[1])
        whole = company_book.compute(kpi, as_of="2024-08-01", every="month")
        assert merged.finish().to_dicts() == whole.to_dicts(), kpi


def test_answers_are_conserved(company_book: tenure.Book) -> None:
    for kpi in SUPPORT:
        for outcome in company_book.compute(kpi, as_of="2024-08-01"):
            left_out = outcome.n_missing + outcome.n_invalid + outcome.n_immature + outcome.n_excluded
            assert outcome.units == outcome.n + left_out, kpi


def test_durations_are_told_as_people_do(book: tenure.Book) -> None:
    mean = book.compute("first_response_time", as_of=AS_OF).only()
    assert "is 32.7 h" in repr(mean)
    assert "backlog is 3 from 3 units" in repr(book.compute("backlog", as_of=AS_OF).only())
    board = tenure.scorecard(book, family="support", as_of=AS_OF)
    assert {line.card.family for line in board.lines} == {"support"}
    assert board["first_response_time"].policy["statistic"] == "median"
    text = repr(board)
    assert "Support and service (durations are medians on the calendar clock)" in text
    assert "32.7 h" in text
    business = tenure.scorecard(
        book, kpis=["first_response_time"], as_of=AS_OF, policies={"first_response_time": {"clock": "business", "statistic": "p90"}}
    )  # fmt: skip
    assert business["first_response_time"].value == pytest.approx(1200 + 0.9 * 2400)
    assert "56 min" in repr(business)
    with pytest.raises(tenure.errors.InvalidRequestError, match="voice, support"):
        tenure.scorecard(book, family="revenue")


def test_a_scorecard_says_why_values_cannot_be() -> None:
    early = tenure.Book(
        conversations={"conversation_id": [1], "created_at": ["2026-11-20T09:00Z"], "initiated_by": ["customer"]},
        messages={
            "conversation_id": [1, 1],
            "occurred_at": ["2026-11-20T09:30Z", "2026-11-20T09:40Z"],
            "author": ["agent", "customer"],
        },
    )
    # Under another policy the reply is none too early.
    policy = {"first_response_time": {"start": "first_customer_message"}}
    board = tenure.scorecard(early, kpis=["first_response_time"], as_of=AS_OF, policies=policy)
    assert [skipped.why for skipped in board.skipped] == ["1 of 1 values cannot be its answers: reply before start"]
    assert not tenure.scorecard(early, kpis=["first_response_time"], as_of=AS_OF).skipped


def test_more_faults_than_can_be_listed_are_still_too_many() -> None:
    many = tenure.Book(conversations={"created_at": ["2026-11-20"] * 3, "bot_outcome": ["?"] * 3})
    board = tenure.scorecard(many, kpis=["bot_resolution_rate"], as_of=AS_OF)
    told = "3 of 3 values cannot be its answers: unknown outcome"
    assert [skipped.why for skipped in board.skipped] == [told]
    request = {"kpi": "bot_resolution_rate", "as_of": AS_OF, "max_rows": 2}
    with pytest.raises(tenure.errors.LimitExceededError):
        many.faults(request)
    assert overview.unusable(board, tenure.explain("bot_resolution_rate"), request) == ""


def test_one_wrong_target_leaves_the_other_kpis_alone() -> None:
    targets = {
        "policy_id": ["p"], "metric": ["resolution"], "target_seconds": [0], "clock": ["calendar"],
    }  # fmt: skip
    board = tenure.scorecard(tenure.Book(**desk(), sla_policies=targets), family="support", as_of=AS_OF)
    reasons = {skipped.kpi: skipped.why for skipped in board.skipped}
    assert 'row 0 of table "sla_policies": target_seconds 0' in reasons["sla_attainment_target"]
    assert board["first_response_time"].n == 2
    with pytest.raises(tenure.errors.InvalidRowError, match="target_seconds 0"):
        board.book.compute("sla_attainment_target", as_of=AS_OF)


def test_cards_say_what_every_choice_may_be() -> None:
    text = repr(tenure.explain("first_response_time"))
    for words in ("mean, median or a percentile such as p90, or a list", "any text", "a list of new | open | pending"):
        assert words in text
