"""The customer lifecycle: models, journeys event by event, journeys of a book and the story of one account."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import threading
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tenure
from tenure import Lifecycle

PILOT: dict[str, Any] = {
    "name": "pilot",
    "stages": [
        {"name": "pilot", "kind": "start", "expected": "30d", "stuck": "60d", "next": ["live", "lost"]},
        {"name": "live", "kind": "end"},
        {"name": "lost", "kind": "churned"},
    ],
}
TOML = """
name = "pilot"
[[stages]]
name = "Pilot"
kind = "start"
expected = "30d"
stuck = "60d"
next = ["Live", "Lost"]
[[stages]]
name = "Live"
kind = "end"
[[stages]]
name = "Lost"
kind = "churned"
"""
STAGES = [
    {"account_id": "acme", "stage": "Pilot", "occurred_at": "2026-01-01", "reason": "sign-up"},
    {"account_id": "acme", "stage": "live", "occurred_at": "2026-02-10", "reason": None},
    {"account_id": "birch", "stage": "pilot", "occurred_at": "2026-01-20", "reason": None},
]


@pytest.fixture
def book() -> tenure.Book:
    return tenure.Book(stages=STAGES, lifecycle=PILOT)


def day(text: str, zone: str = "UTC") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_a_lifecycle_is_data() -> None:
    pilot = Lifecycle(PILOT)
    assert (pilot.name, pilot.stages) == ("pilot", ["pilot", "live", "lost"])
    assert pilot == Lifecycle.from_toml(TOML) == Lifecycle.from_json(pilot.to_json()) == Lifecycle(pilot.to_dict())
    assert hash(pilot) == hash(Lifecycle.from_toml(TOML))
    assert pilot != Lifecycle.subscription()
    assert pilot != "pilot"
    assert pilot.to_dict()["stages"][0] == PILOT["stages"][0]
    assert pilot.allows("Pilot", " LIVE ")
    assert not pilot.allows("live", "pilot")
    assert not pilot.allows("live", "nowhere")
    assert repr(pilot) == "Lifecycle pilot: pilot -> live, lost; live; lost"
    assert Lifecycle.subscription().stages[-1] == "won_back"


def test_lifecycles_pickle() -> None:
    pilot = Lifecycle(PILOT)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(pilot, protocol)) == pilot
    assert copy.copy(pilot) == copy.deepcopy(pilot) == pilot


def with_stage(**fields: Any) -> dict[str, Any]:
    return {**PILOT, "stages": [{**PILOT["stages"][0], **fields}, *PILOT["stages"][1:]]}


@pytest.mark.parametrize(
    ("definition", "text"),
    [
        ({}, "stages"),
        ({"stages": []}, "start"),
        (with_stage(next=["lvie"]), '"pilot" -> "lvie"'),
        (with_stage(next=["pilot", "live", "lost"]), '"pilot" -> "pilot"'),
        (with_stage(next=["live"]), '"lost"'),
        (with_stage(kind="begin"), "begin"),
        (with_stage(expected="90d"), "stuck is shorter"),
        (with_stage(expected="0d"), "0d"),
        (with_stage(expected="soon"), "soon"),
        (with_stage(owner="kim"), "owner"),
        ({**PILOT, "stage": []}, "stage"),
        ({**PILOT, "rules": [{"stage": "live", "when": {"weather": "fine"}}]}, "weather"),
        ({**PILOT, "rules": [{"stage": "gone", "when": {"subscription": "ended"}}]}, "gone"),
        ("pilot", "from_toml"),
        (17, "dict"),
        (None, "dict"),
        ([], "dict"),
        (object(), "object"),
        ({1: 2}, "key"),
    ],
)
def test_what_is_no_lifecycle(definition: Any, text: str) -> None:
    with pytest.raises(tenure.InvalidRequestError) as caught:
        Lifecycle(definition)
    assert text in str(caught.value)
    assert caught.value.kind == "invalid_request"
    if isinstance(definition, dict) and 1 not in definition:
        # The same is wrong with a book, and with a policy.
        with pytest.raises(tenure.InvalidRequestError):
            tenure.Book(stages=STAGES, lifecycle=definition)
        with pytest.raises(tenure.TenureError):
            tenure.Book(stages=STAGES).journeys(policy={"lifecycle": definition})


@pytest.mark.parametrize("text", ["", "name =", "name = 1", "\x00", "[[stages]]", "stages = 3"])
def test_texts_that_are_no_lifecycle(text: str) -> None:
    for read in (Lifecycle.from_toml, Lifecycle.from_json):
        with pytest.raises(tenure.InvalidRequestError, match="lifecycle"):
            read(text)


def test_a_book_has_a_lifecycle(book: tenure.Book) -> None:
    assert book.lifecycle == Lifecycle(PILOT)
    assert "lifecycle" not in book.tables
    assert tenure.Book().lifecycle is None
    assert tenure.Book(lifecycle="subscription").lifecycle == Lifecycle.subscription()
    assert tenure.Book(lifecycle=book.lifecycle, stages=STAGES).journeys().to_dicts() == book.journeys().to_dicts()
    with pytest.raises(tenure.InvalidRequestError, match="subscription"):
        tenure.Book(lifecycle="subscripton")
    with pytest.raises(tenure.InvalidRequestError, match="dict that defines one"):
        tenure.Book(lifecycle=[1, 2])  # type: ignore[arg-type]


def test_one_row_a_stay(book: tenure.Book) -> None:
    rows = book.journeys(as_of="2026-03-01")
    assert isinstance(rows, tenure.Rows)
    assert rows.columns == [
        "account_id", "stay", "stage", "entered_at", "left_at", "next_stage", "seconds", "paused_seconds", "status", "source",
        "reason", "allowed", "inferred_stage", "differs_since",
    ]  # fmt: skip
    assert rows[0] == {
        "account_id": "acme",
        "stay": 1,
        "stage": "pilot",
        "entered_at": day("2026-01-01"),
        "left_at": day("2026-02-10"),
        "next_stage": "live",
        # 31 days of January and 9 of February, of 30 expected.
        "seconds": 40 * 86_400.0,
        "paused_seconds": 0.0,
        "status": "behind",
        "source": "rows",
        "reason": "sign-up",
        "allowed": True,
        "inferred_stage": None,
        "differs_since": None,
    }
    assert rows["status"] == ["behind", "completed", "behind"]
    # As of the latest time in the table.
    assert book.journeys()["seconds"] == [40 * 86_400.0, 0.0, 21 * 86_400.0]
    assert book.journeys(as_of=day("2026-01-10"))["account_id"] == ["acme"]
    assert len(book.journeys(as_of="2025-12-31")) == 0
    assert book.journeys(where={"account_id": "birch"})["stage"] == ["pilot"]
    local = book.journeys(as_of=dt.date(2026, 3, 1), zone="Europe/Stockholm")
    assert str(local[0]["entered_at"]) == "2026-01-01 01:00:00+01:00"


def test_the_policy_names_the_lifecycle() -> None:
    book = tenure.Book(stages=STAGES)
    pilot = Lifecycle(PILOT)
    with pytest.raises(tenure.InvalidRequestError, match="subscription"):
        book.journeys()
    expected = tenure.Book(stages=STAGES, lifecycle=pilot).journeys().to_dicts()
    for lifecycle in (pilot, PILOT):
        policy: dict[str, Any] = {"lifecycle": lifecycle}
        assert book.journeys(policy=policy).to_dicts() == expected
        status = book.compute("lifecycle_status", by="account_id", policy=policy)
        assert [(row.by["account_id"], row.label) for row in status] == [("acme", "completed"), ("birch", "on_track")]
        # What the result says of its policy asks the same again.
        again = book.compute("lifecycle_status", by="account_id", policy=policy | {"edges": status[0].policy["edges"]})
        assert again.to_dicts() == status.to_dicts()
    # The policy goes before the book, and the built-in one is told by its name.
    mixed = tenure.Book(stages=[{**STAGES[0], "stage": "trial"}], lifecycle=pilot)
    told = mixed.compute("lifecycle_status", policy={"lifecycle": Lifecycle.subscription()})
    assert told[0].policy["lifecycle"] == "subscription"


def test_rules_and_rows_are_compared() -> None:
    subscriptions = [
        {"subscription_id": 1, "account_id": 7, "starts_at": "2026-01-01", "ends_at": None, "status": "trialing"},
        {"subscription_id": 2, "account_id": 7, "starts_at": "2026-01-15", "ends_at": None, "status": "active"},
    ]
    stages = [
        {"account_id": 7, "stage": "trial", "occurred_at": "2026-01-01"},
        {"account_id": 7, "stage": "onboarding", "occurred_at": "2026-02-01"},
    ]
    told = tenure.Book(subscriptions=subscriptions).journeys(as_of="2026-02-10")
    assert list(zip(told["stage"], told["source"], told["reason"], strict=True)) == [
        ("trial", "rules", "is on trial"),
        ("adoption", "rules", "pays"),
    ]
    compared = tenure.Book(subscriptions=subscriptions, stages=stages).journeys(as_of="2026-02-10")
    assert compared["account_id"] == [7, 7]
    assert compared["inferred_stage"] == [None, "adoption"]
    # In trial by rows and in adoption by rules from January 15 on, and different ever since.
    assert compared["differs_since"] == [None, day("2026-01-15")]


def test_one_accounts_story() -> None:
    book = tenure.Book(
        stages=STAGES,
        surveys={
            "survey_id": [5],
            "account_id": ["acme"],
            "kind": ["nps"],
            "score": [9],
            "answered_at": ["2026-02-11"],
        },
        events={
            "user_id": ["u", "u"],
            "account_id": ["acme"] * 2,
            "name": ["export"] * 2,
            "occurred_at": ["2026-01-09", "2026-01-08"],
        },
        lifecycle=PILOT,
    )
    story = book.journey("acme", as_of="2026-03-01", policy={"milestones": ["export"]})
    assert story.columns == ["at", "kind", "label", "stage", "text", "id"]
    assert [tuple(row.values()) for row in story] == [
        (day("2026-01-01"), "stage", None, "pilot", "pilot: sign-up", None),
        (day("2026-01-08"), "milestone", None, "pilot", "export", None),
        (day("2026-02-10"), "stage", None, "live", "live", None),
        (day("2026-02-11"), "survey", None, "live", "nps 9", 5),
    ]
    assert len(book.journey("acme", as_of="2026-01-05")) == 1


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"kpi": "nps"}, "invalid_request"),
        ({"every": "month"}, "invalid_request"),
        ({"by": "segment"}, "invalid_request"),
        ({"start": "2026-01-01"}, "invalid_request"),
        ({"end": "2026-01-01"}, "invalid_request"),
        ({"as_of": 17}, "invalid_request"),
        ({"as_of": "yesterday"}, "invalid_request"),
        ({"zone": "Mars"}, "unknown_zone"),
        ({"policy": {"impossible": "forgive"}}, "unknown_policy"),
        ({"policy": {"lifecycle": "subscripton"}}, "invalid_request"),
        ({"policy": {"stages_from": "rules"}}, "missing_table"),
        ({"asof": "2026-01-01"}, "invalid_request"),
    ],
)
def test_mistakes(book: tenure.Book, options: dict[str, Any], kind: str) -> None:
    for ask in (lambda: book.journeys(**options), lambda: book.journey("acme", **options)):
        with pytest.raises(tenure.TenureError) as caught:
            ask()
        assert caught.value.kind == kind


def test_where_is_for_all_accounts(book: tenure.Book) -> None:
    with pytest.raises(tenure.UnknownColumnError):
        book.journeys(where={"segmnt": 1})
    with pytest.raises(tenure.InvalidRequestError, match="one account"):
        book.journey("acme", where={"segment": 1})  # type: ignore[call-arg]


def test_accounts_that_are_none(book: tenure.Book) -> None:
    for account in ("nobody", 17, None, 1.5):
        with pytest.raises(tenure.InvalidRequestError, match="no table knows"):
            book.journey(account)  # type: ignore[arg-type]
    with pytest.raises(tenure.InvalidRequestError):
        book.journey(["acme"])  # type: ignore[arg-type]
    with pytest.raises(tenure.MissingTableError):
        tenure.Book().journeys()


def test_libraries_read_journeys(book: tenure.Book) -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    rows = book.journeys(as_of="2026-03-01")
    assert rows.to_pandas().groupby("stage", observed=True).seconds.sum()["pilot"] == 80 * 86_400
    assert polars.DataFrame(rows).filter(polars.col("status") == "completed").height == 1
    assert isinstance(pandas.DataFrame(rows.to_dicts()), pandas.DataFrame)


def test_a_journey_is_told_event_by_event() -> None:
    journey = Lifecycle.subscription().journey()
    assert (journey.stage, journey.stays) == (None, [])
    assert journey.allowed == Lifecycle.subscription().stages
    assert repr(journey) == "Journey that has not begun"
    journey.enter("Trial", day("2026-01-01"))
    journey.enter("trial", day("2026-01-02"))
    journey.pause(day("2026-01-03", "Europe/Stockholm"))
    journey.pause("2026-01-04")
    assert journey.state(day("2026-01-05")) == "paused"
    journey.resume("2026-01-12T23:00:00Z")
    # 47 hours before the pause, which ended ten days later: 14 days are over 24 days after the beginning.
    assert journey.elapsed("2026-01-25") == 14 * 86_400
    assert journey.state("2026-01-25") == "on_track"
    assert journey.state("2026-01-25T00:00:00.000001Z") == "behind"
    assert journey.state("2025-12-31") is None
    assert journey.elapsed("2025-12-31") is None
    journey.record("renewal", "2026-02-01")
    assert journey.allowed == ["adoption", "growth", "at_risk", "churned"]
    assert repr(journey) == "Journey in renewal"
    assert journey.stays == [
        {
            "stage": "trial",
            "entered_at": day("2026-01-01"),
            "left_at": day("2026-02-01"),
            "allowed": True,
            "pauses": [(day("2026-01-02T23:00:00"), day("2026-01-12T23:00:00"))],
        },
        {"stage": "renewal", "entered_at": day("2026-02-01"), "left_at": None, "allowed": False, "pauses": []},
    ]


def test_events_that_cannot_be() -> None:
    journey = Lifecycle.subscription().journey()
    with pytest.raises(tenure.InvalidRequestError, match="not begun"):
        journey.pause("2026-01-01")
    journey.enter("trial", "2026-01-02")
    with pytest.raises(tenure.InvalidRequestError, match="onboarding, adoption, churned"):
        journey.enter("renewal", "2026-01-03")
    with pytest.raises(tenure.InvalidRequestError, match='did you mean "onboarding"'):
        journey.record("onbording", "2026-01-03")
    with pytest.raises(tenure.InvalidRequestError, match="2026-01-02T00:00:00"):
        journey.enter("adoption", "2026-01-01")
    for time in (17, None, "soon", object()):
        with pytest.raises(tenure.InvalidRequestError):
            journey.enter("adoption", time)  # type: ignore[arg-type]
        with pytest.raises(tenure.InvalidRequestError):
            journey.state(time)  # type: ignore[arg-type]
    assert (journey.stage, len(journey.stays)) == ("trial", 1)


def test_threads_share_a_journey() -> None:
    journey = Lifecycle.subscription().journey()
    journey.enter("trial", "2026-01-01")

    def look() -> None:
        for _ in range(500):
            journey.pause("2026-01-02")
            assert journey.state("2026-01-03") == "paused"

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journey.stays[0]["pauses"]) == 1
