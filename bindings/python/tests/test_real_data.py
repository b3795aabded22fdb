"""Numbers that others computed from real files: they lie beside the files, outside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tenure
from conftest import SHARED

pytest.importorskip("pyarrow")


def source(name: str) -> Path:
    folder = SHARED / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the real data is not here: {folder} (set TENURE_SHARED)")
    return folder


def mapping(path: Path, text: str) -> Path:
    file = path / "mapping.toml"
    file.write_text(text, encoding="utf-8")
    return file


def same(outcome: tenure.Outcome, expected: dict[str, Any]) -> None:
    assert outcome.n == expected["n"]
    assert outcome.numerator == expected["promoters"] - expected["detractors"]
    assert outcome.value == pytest.approx(expected["nps"], abs=1e-9)
    # Wald's interval is value +- margin.
    assert outcome.interval is not None
    margin = (outcome.interval.high - outcome.interval.low) / 2
    assert margin == pytest.approx(expected["margin95_normal"], rel=2e-3)


def test_nps_timeseries(tmp_path: Path) -> None:
    folder = source("nps_timeseries")
    expected = json.loads((folder / "expected_nps.json").read_text(encoding="utf-8"))
    text = """
    [surveys]
    file = "NPS_timeseries_data.csv"
    survey_id = "ID"
    score = "NPS"
    answered_at = { column = "Survey date", format = "%d/%m/%Y" }
    kind = { constant = "nps" }
    """
    book = tenure.read_folder(folder, mapping(tmp_path, text))
    wald: dict[str, Any] = {"policy": {"interval": "wald"}}
    same(book.compute("nps", **wald).only(), expected["all"])
    markets = {outcome.by["Market"]: outcome for outcome in book.compute("nps", by="Market", **wald)}
    assert set(markets) == {"MEX", "UK", "US"}
    for market, outcome in markets.items():
        same(outcome, expected[market])
    quarters = book.compute("nps", every="quarter", **wald)
    assert len(quarters) == 4
    for at, outcome in enumerate(quarters, start=1):
        same(outcome, expected[f"Q{at}"])
    # The file says the quarter of each answer, too.
    assert [o.value for o in book.compute("nps", by="Quarter")] == [o.value for o in quarters]
    shares = {o.dimensions["category"]: o.numerator for o in book.compute("nps_distribution")}
    for name in ("promoter", "passive", "detractor"):
        assert shares[name] == expected["all"][f"{name}s"]


def test_ravenstack_satisfaction(tmp_path: Path) -> None:
    folder = source("ravenstack")
    expected = json.loads((folder / "expected_support_summary.json").read_text(encoding="utf-8"))
    text = """
    [surveys]
    file = "ravenstack_support_tickets.csv"
    survey_id = "ticket_id"
    score = "satisfaction_score"
    answered_at = "closed_at"
    kind = { constant = "csat" }
    """
    book = tenure.read_folder(folder, mapping(tmp_path, text))
    mean, top2 = book.compute("csat_mean").only(), book.compute("csat").only()
    assert mean.n == top2.n == expected["n_csat"]
    assert mean.units == expected["n"]
    assert mean.value == pytest.approx(expected["csat_mean"], abs=1e-9)
    assert top2.value == pytest.approx(100 * expected["csat_top2"], abs=1e-9)
