"""The API as it is promised."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tenure
from conftest import NEEDED

# Two promoters, one passive, one detractor: NPS is 100 * (2 - 1) / 4.
SURVEYS = {
    "survey_id": ["a", "b", "c", "d"],
    "score": [10, 9, 7, 3],
    "answered_at": ["2026-01-05T10:00:00Z", "2026-01-31T23:30:00Z", "2026-02-02T00:00:00Z", "2026-02-20T00:00:00Z"],
    "segment": ["smb", "smb", "smb", "enterprise"],
}


@pytest.fixture
def book() -> tenure.Book:
    return tenure.Book(surveys=SURVEYS)


def test_one_column_gives_an_outcome() -> None:
    outcome = tenure.nps([10, 9, 7, 3, 42, None])
    assert outcome.value == 25.0
    assert (outcome.n, outcome.n_invalid, outcome.n_missing, outcome.units) == (4, 1, 1, 6)
    assert (outcome.numerator, outcome.denominator) == (1, 4)
    assert (outcome.kpi, outcome.unit, outcome.status) == ("nps", "points", "ok")
    assert outcome.interval is not None
    assert outcome.interval.low < 25 < outcome.interval.high
    assert (outcome.interval.level, outcome.interval.method) == (0.95, "adjusted_wald")
    assert outcome.policy["scale"] == [0, 10]
    assert repr(outcome).startswith("nps is 25.00 points (")
    assert "left out: 1 missing, 1 invalid" in repr(outcome)
    assert "25.00 points" in outcome._repr_html_()


def test_nothing_is_undefined_not_zero() -> None:
    for values in ([], [None], [42]):
        outcome = tenure.nps(values)
        assert (outcome.value, outcome.status, outcome.interval) == (None, "undefined", None)
        assert "no value" in repr(outcome)


def test_every_kpi_of_one_column_is_a_function() -> None:
    known = {card.id for card in tenure.catalog() if card["values"]}
    assert {"nps", "csat", "csat_mean", "ces", "happiness_score"} <= known
    for kpi in known:
        function = getattr(tenure, kpi)
        assert tenure.explain(kpi).question in function.__doc__
        assert function([1, 2, 3]).kpi == kpi
        assert kpi in dir(tenure)
    with pytest.raises(AttributeError, match="nps"):
        _ = tenure.npss  # type: ignore[attr-defined]


def test_policies_are_keywords() -> None:
    # 4 and 5 of 1 to 5 are satisfied: 2 of 4. The mean is 3: of answers counted from 0 to 4 it is 2 of 4, of answers
    # counted from 1 to 5 it is 3 of 5.
    scores = [5, 4, 2, 1]
    assert tenure.csat(scores).value == 50.0
    assert tenure.csat(scores, definition="percent_of_max", origin="one_based").value == 60.0
    assert tenure.csat(scores, definition="percent_of_max").value == 50.0
    assert tenure.nps([5, 3, 4], preset="service_rocket_5").value == 0.0
    with pytest.raises(tenure.errors.UnknownPolicyError, match="wootric"):
        tenure.nps([1], preset="wotric")  # type: ignore[typeddict-item]


def test_compute_as_in_the_promise(book: tenure.Book) -> None:
    result = book.compute(
        "nps",
        every="month",
        by=["segment"],
        zone="Europe/Stockholm",
        start="2026-01-01",
        end=dt.date(2026, 3, 1),
        as_of=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
        where={"segment": ["smb", "enterprise"]},
        policy={"preset": "wootric"},
    )
    # 23:30 UTC on January 31 is February in Stockholm.
    found = {(o.period_start.month, o.by["segment"]): (o.value, o.n) for o in result if o.period_start}
    assert found == {
        (1, "enterprise"): (None, 0),
        (1, "smb"): (100.0, 1),
        (2, "enterprise"): (-100.0, 1),
        (2, "smb"): (50.0, 2),
    }
    assert result[0].period_start == dt.datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert result[0].policy["preset"] == "wootric"
    assert (result.kpi, result.zone, result.by, result.dimensions) == ("nps", "Europe/Stockholm", ["segment"], [])
    assert len(result) == len(list(result)) == len(result.to_dicts()) == 4
    assert result["value"] == [outcome.value for outcome in result]
    assert [o.n for o in result[1:3]] == [1, 1]
    assert result[-1] == result[3]
    with pytest.raises(IndexError):
        _ = result[4]
    with pytest.raises(KeyError):
        _ = result["valeu"]


def test_columns_of_a_result_are_the_contract(book: tenure.Book) -> None:
    assert book.compute("nps", every="month", by="segment").columns == [
        "kpi", "period_start", "period_end", "segment", "value", "numerator", "denominator", "n", "n_missing",
        "n_invalid", "n_immature", "n_excluded", "n_censored", "status", "low", "high", "level", "method", "unit",
        "policy",
    ]  # fmt: skip


def test_a_request_may_be_a_dict_or_several(book: tenure.Book) -> None:
    request = {"kpi": "nps", "by": "segment", "policy": {"interval": "wald"}}
    assert book.compute(request).to_dicts() == book.compute("nps", by="segment", policy={"interval": "wald"}).to_dicts()
    assert book.compute(request, by=[]).only().value == 25.0
    several = book.compute([request, {"kpi": "nps_distribution"}])
    assert [(result.kpi, len(result)) for result in several] == [("nps", 2), ("nps_distribution", 3)]


@pytest.mark.parametrize(
    "as_of",
    [
        "2026-02-01",
        dt.date(2026, 2, 1),
        dt.datetime(2026, 2, 1),
        dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
        dt.datetime(2026, 2, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        dt.datetime(2026, 2, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo")),
    ],
)
def test_times_come_in_every_form(book: tenure.Book, as_of: tenure.inputs.When) -> None:
    result = book.compute("nps", as_of=as_of)
    assert result.as_of == dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    assert result.only().n == 2
    assert book.compute("nps", start=as_of).only().n == 2
    assert book.compute("nps", end=as_of).only().n == 2


def test_timestamps_of_pandas_and_numpy(book: tenure.Book) -> None:
    pandas, numpy = pytest.importorskip("pandas"), pytest.importorskip("numpy")
    for as_of in (
        pandas.Timestamp("2026-02-01"),
        pandas.Timestamp("2026-02-01", tz="UTC"),
        numpy.datetime64("2026-02-01"),
    ):
        assert book.compute("nps", as_of=as_of).only().n == 2


TIMES_AS_TEXT = [
    "2026-02-01",
    "2026-02-01T00:00",
    "2026-02-01 00:00:00",
    "2026-02-01T00:00:00.000000Z",
    "2026-02-01t00:00:00z",
    "2026-02-01 00:00:00 UTC",
    "2026-02-01 02:00:00 +0200",
    "2026-01-31T18:00:00-06",
    "20260201T000000Z",
    "20260201T0000",
    "2026-02-01T01:00:00+01:00[Europe/Stockholm]",
    "2026-02-01T01:00[Europe/Stockholm]",
    "2026-01-31T23:59:60Z",
]


@pytest.mark.parametrize("text", TIMES_AS_TEXT)
def test_times_as_text(book: tenure.Book, text: str) -> None:
    at = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    assert book.compute("nps", as_of=text).as_of == at
    assert tenure.Book(surveys={"score": [10], "answered_at": [text]}).compute("nps").as_of == at


@pytest.mark.parametrize("text", ["20260201", "01-02-26", "2026-02-01T00:00:60Z", "2026-02-01T00:00:00 CET", "2026-02"])
def test_what_is_no_time(book: tenure.Book, text: str) -> None:
    with pytest.raises(tenure.InvalidRequestError, match="is not a time"):
        book.compute("nps", as_of=text)
    faults = tenure.Book(surveys={"score": [10], "answered_at": [text]}).faults("nps", as_of="2027-01-01")
    assert faults["reason"] == ["not_a_time"]


@pytest.mark.parametrize("field", ["as_of", "start", "end"])
def test_numbers_are_no_times(book: tenure.Book, field: str) -> None:
    numpy = pytest.importorskip("numpy")
    for number in (20260201, numpy.int64(20260201), numpy.int32(1), 20260201.0):
        request: dict[str, Any] = {field: number}
        with pytest.raises(tenure.InvalidRequestError, match=f"{field} is the number .* expected a date"):
            book.compute("nps", **request)
        with pytest.raises(tenure.InvalidRequestError, match=f"{field} is the number"):
            book.compute([{"kpi": "nps", **request}])
    with pytest.raises(tenure.InvalidRequestError, match='field "as_of": expected ISO 8601'):
        book.compute("nps", as_of=True)  # type: ignore[call-overload]


def test_the_request_of_a_state_can_be_asked_again(book: tenure.Book) -> None:
    state = book.partial("nps", as_of=dt.datetime(2026, 7, 1, 8, 0, 0, 5, tzinfo=dt.UTC), start="2026-01-01")
    assert state.request["as_of"] == "2026-07-01T08:00:00.000005Z"
    assert state.request["start"] == "2026-01-01T00:00:00Z"
    assert book.partial(state.request) == state


def test_as_of_is_the_end_or_else_the_latest_time(book: tenure.Book) -> None:
    assert book.compute("nps").as_of == dt.datetime(2026, 2, 20, tzinfo=dt.UTC)
    assert book.compute("nps", end="2026-02-01").as_of == dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    with pytest.raises(tenure.errors.InvalidRequestError, match="as_of"):
        book.partial("nps")


def test_units_trace_and_faults() -> None:
    book = tenure.Book(surveys={"survey_id": ["a", "b", "c", "d"], "score": [10, 42, None, 7.5], "kind": ["nps"] * 4})
    units = book.units("nps").to_dicts()
    assert [(u["survey_id"], u["fate"], u["value"]) for u in units] == [
        ("a", "observed", 100.0),
        ("b", "invalid", None),
        ("c", "missing", None),
        ("d", "invalid", None),
    ]
    [trace] = book.trace("nps", survey_id="b")
    assert (trace.kpi, trace.row) == ("nps", 1)
    assert "42" in repr(trace)
    assert book.trace("nps", row=1)[0].notes == trace.notes
    expected = [("surveys", "score", 1, "out_of_range"), ("surveys", "score", 3, "not_whole")]
    for faults in (book.faults(), book.faults("nps")):
        assert [(f["table"], f["column"], f["row"], f["reason"]) for f in faults] == expected
    for wrong in ({}, {"survey_id": "a", "respondent_id": 1}, {"survey_id": "nobody"}):
        with pytest.raises(tenure.errors.InvalidRequestError):
            book.trace("nps", **wrong)
    with pytest.raises(tenure.errors.UnknownColumnError):
        book.trace("nps", survey="a")
    with pytest.raises(tenure.errors.InvalidRequestError):
        book.faults(by="segment")


def test_a_result_goes_to_every_library(book: tenure.Book) -> None:
    result = book.compute("nps", every="month", by="segment", zone="Europe/Stockholm")
    pandas, polars, pyarrow = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    frame = result.to_pandas()
    assert list(frame.columns) == result.columns
    assert frame["n"].dtype == "int64"
    assert str(frame["period_start"].dt.tz) == "Europe/Stockholm"
    assert frame["value"].isna().tolist() == [value is None for value in result["value"]]
    assert result.to_polars()["value"].to_list() == result["value"]
    assert result.to_arrow()["value"].to_pylist() == result["value"]
    assert polars.DataFrame(result)["n"].to_list() == pyarrow.table(result)["n"].to_pylist() == result["n"]
    assert json.loads(frame["policy"][0]) == result[0].policy
    assert isinstance(pandas.DataFrame(result.to_dicts()), pandas.DataFrame)
    duckdb = pytest.importorskip("duckdb")
    assert duckdb.sql("select sum(n) from result").fetchall() == [(4,)]


def test_exact_integers_with_gaps_stay_integers() -> None:
    pytest.importorskip("pandas")
    frame = tenure.Book(t={"x": [2**60 + 1, None]})["t"].to_pandas()
    assert frame["x"][0] == 2**60 + 1
    assert str(frame["x"].dtype) == "Int64"


def test_results_read_well(book: tenure.Book, company_book: tenure.Book) -> None:
    text = repr(book.compute("nps", every="month"))
    assert text.splitlines()[0] == "nps in points, as of 2026-02-20 UTC: 2 rows"
    assert "n_missing" not in text
    assert text.splitlines()[-1].startswith("policy: ")
    assert "<table>" in book.compute("nps")._repr_html_()
    long = repr(company_book["surveys"])
    assert "rows in the middle are not shown" in long
    assert len(long.splitlines()) == 24
    assert repr(tenure.Book()) == "Book without tables"
    assert repr(book) == "Book of surveys (4 rows)"


def test_html_is_escaped() -> None:
    book = tenure.Book(surveys={"score": [10], "segment": ["<script>"]})
    assert "<script>" not in book.compute("nps", by="segment")._repr_html_()


def test_a_book_is_a_collection_of_tables(company_book: tenure.Book) -> None:
    assert "surveys" in company_book
    assert company_book.tables == sorted(company_book.tables)
    assert len(company_book) == 25
    assert "score" in company_book["surveys"].columns
    with pytest.raises(KeyError):
        _ = company_book["survey"]


def test_explain_and_catalog() -> None:
    cards = tenure.catalog()
    assert len(cards) >= 16
    assert cards["nps"].id == cards[0]["id"] == "nps"
    for card in cards:
        text = repr(card)
        assert card.question in " ".join(text.split())
        assert all(field["name"] in text for field in card.policy["fields"])
        assert set(card) == set(dir(card)) & set(card)
    assert tenure.explain("csat_top2").id == "csat"
    with pytest.raises(AttributeError, match="question"):
        _ = cards["nps"].questoin
    assert "Net Promoter Score" in cards._repr_html_()


def test_the_sample_company_is_deterministic(company: dict[str, tenure.Rows]) -> None:
    again = tenure.sample.company(accounts=40, months=8)
    assert {name: len(rows) for name, rows in company.items()} == {name: len(rows) for name, rows in again.items()}
    assert company["surveys"].to_dicts() == again["surveys"].to_dicts()
    other = tenure.sample.company(accounts=40, months=8, seed=2)
    assert company["surveys"].to_dicts() != other["surveys"].to_dicts()
    with pytest.raises(tenure.errors.InvalidRequestError, match="months"):
        tenure.sample.company(months=0)


def test_the_policy_of_an_outcome_reproduces_it(company_book: tenure.Book) -> None:
    for card in tenure.catalog():
        options = NEEDED.get(card.id, {})
        result = company_book.compute(card.id, **options)
        again = company_book.compute(card.id, **{**options, "policy": result[0].policy})
        assert again.to_dicts() == result.to_dicts()


def test_conservation_of_units(company_book: tenure.Book) -> None:
    for card in tenure.catalog():
        options = NEEDED.get(card.id, {})
        if card["dimensions"] or "every" in options:
            continue
        outcome = company_book.compute(card.id, **options).only()
        assert outcome.units == len([u for u in company_book.units(card.id, **options) if u["fate"] != "no_unit"])
