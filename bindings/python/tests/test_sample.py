"""What was planted in the usage and the performance of the sample company is what the KPIs find."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import tenure

KPIS = {card.id for card in tenure.catalog()}


@pytest.fixture(scope="module")
def truth(company_folder: Path) -> dict[str, Any]:
    """Read what was planted."""
    text = (company_folder / "truth.json").read_text(encoding="utf-8")
    planted: dict[str, Any] = json.loads(text)
    return planted


def test_people_are_counted_once(
    company: dict[str, tenure.Rows], company_book: tenure.Book, truth: dict[str, Any]
) -> None:
    usage, outage = truth["usage"], truth["outage"]
    during = {"start": outage["start"], "end": outage["end"]}
    assert company_book.compute("active_users", **during).only().value == usage["active_in_outage"]
    strangers = tenure.Book(**{name: rows for name, rows in company.items() if name != "identities"})
    assert strangers.compute("active_users", **during).only().value == usage["ids_in_outage"]
    assert usage["ids_in_outage"] > usage["active_in_outage"]

    months = [month["start"] for month in truth["months"]]
    before = months[months.index(outage["start"]) - 1]
    earlier = company_book.compute("active_users", start=before, end=outage["start"]).only()
    assert earlier.value == usage["active_before_outage"]
    states = {
        row.dimensions["state"]: row.value or 0
        for row in company_book.compute("lifecycle_users", every="month", **during)
    }
    assert states["new"] + states["returning"] + states["resurrecting"] == usage["active_in_outage"]
    assert states["returning"] + states["dormant"] == usage["active_before_outage"]


def test_nobody_uses_one_feature(company_book: tenure.Book, truth: dict[str, Any]) -> None:
    unused = truth["usage"]["unused_feature"]
    assert unused in company_book["entitlements"]["feature"]
    assert unused not in company_book["events"]["name"]
    if "unused_features" in KPIS:
        units = company_book.units("unused_features", as_of=truth["end"], policy={"window": "period"})
        assert [row["feature"] for row in units if row["value"] == 1] == [unused]


def test_exports_were_down(company_book: tenure.Book, truth: dict[str, Any]) -> None:
    performance = truth["performance"]
    always = {"start": truth["start"], "end": truth["end"], "as_of": truth["end"]}
    seconds = (datetime.fromisoformat(truth["end"]) - datetime.fromisoformat(truth["start"])).total_seconds()
    services = {row.by["service"]: row for row in company_book.compute("uptime", by=["service"], **always)}
    down = performance["service_down_seconds"]
    assert services[performance["service"]].value == pytest.approx(100 * (seconds - down) / seconds, abs=1e-9)
    outage = company_book.compute(
        "uptime",
        start=truth["outage"]["start"],
        end=truth["outage"]["end"],
        as_of=truth["end"],
        where={"service": [performance["service"]]},
    )
    assert outage.only().value == 0

    recovery = company_book.compute("mttr", as_of=truth["end"], policy={"definition": "recovery"}).only()
    assert (recovery.n, recovery.n_missing) == (performance["failures"] - performance["open"], performance["open"])
    wrong = truth["dirty"]["incidents.resolved_before_started"]
    assert (recovery.n_excluded, recovery.n_invalid, wrong) == (performance["planned"], 1, 1)
    [fault] = company_book.faults("uptime", every="month", as_of=truth["end"])
    assert (fault["column"], fault["reason"]) == ("resolved_at", "before_start")


def test_checks_failed(company_book: tenure.Book, truth: dict[str, Any]) -> None:
    performance = truth["performance"]
    rate = company_book.compute("error_rate").only()
    assert (rate.numerator, rate.n) == (performance["failed_checks"], performance["checks"])
    assert company_book.compute("affected_accounts").only().value == performance["affected_accounts"]


def test_accounts_come_pay_and_leave(company: dict[str, tenure.Rows], truth: dict[str, Any]) -> None:
    lifecycle = truth["lifecycle"]
    customers, known = set(company["users"]["account_id"]), set(company["accounts"]["account_id"])
    assert len(known - customers) == lifecycle["leads"]
    assert set(company["stages"]["account_id"]) == known
    assert customers - set(company["onboarding"]["account_id"]) == {truth["internal_account_id"]}
    goals = company["goals"].to_dicts()
    counted = {outcome: sum(goal["outcome"] == outcome for goal in goals) for outcome in ("won", "lost", "open")}
    assert counted == {outcome: lifecycle["goals"][outcome] for outcome in counted}
    assert sum(goal["target"] is None for goal in goals) == truth["dirty"]["goals.missing_target"] > 0
    assert {goal["metric"] for goal in goals} >= set(company["measures"]["measure"]) - {"health"}
    spoken_about = set(company["interactions"]["goal_id"]) - {None}
    assert spoken_about <= {goal["goal_id"] for goal in goals}


def test_files_say_the_same(company_folder: Path, company_book: tenure.Book, truth: dict[str, Any]) -> None:
    pytest.importorskip("pyarrow")
    book = tenure.read_folder(company_folder)
    for request in (
        {"kpi": "active_users", "every": "month", "as_of": truth["end"]},
        {"kpi": "uptime", "every": "month", "as_of": truth["end"], "by": ["service"]},
        {"kpi": "apdex", "as_of": truth["end"], "by": ["segment"]},
    ):
        assert book.compute(request).to_dicts() == company_book.compute(request).to_dicts()
