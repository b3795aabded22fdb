"""Whatever comes in: only a TenureError comes out, and what is counted is what came in."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest
import tenure

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

CARDS = list(tenure.catalog())
COLUMNS = sorted({name.removesuffix("?") for card in CARDS for name in card["inputs"]} | {"segment", "account_id"})
LIMITS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = {
    "numbers": st.integers(-2, 12) | st.none(),
    "large": st.integers(-(10**38) + 1, 10**38 - 1) | st.none(),
    "larger": st.integers(-(2**140), 2**140) | st.none(),
    "floats": st.floats() | st.none(),
    "texts": st.text(max_size=5) | st.none(),
    "words": st.sampled_from(["nps", "csat", "good", "bad", "great", "a", ""]) | st.none(),
    "flags": st.booleans() | st.none(),
    "times": st.datetimes() | st.none(),
    "instants": st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5))])) | st.none(),
    "iso": st.datetimes(dt.datetime(2025, 11, 1), dt.datetime(2026, 3, 1)).map(dt.datetime.isoformat) | st.none(),
    "dates": st.dates() | st.none(),
    "lists": st.lists(st.text(max_size=3) | st.none(), max_size=3) | st.none(),
    "anything": st.integers() | st.text(max_size=3) | st.booleans() | st.none() | st.binary(max_size=3),
}


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    rows = draw(st.integers(0, 6))
    names = draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=6))
    columns = {}
    for name in names:
        kind = draw(st.sampled_from(sorted(scalars)))
        columns[name] = draw(st.lists(scalars[kind], min_size=rows, max_size=rows))
    return columns


requests = st.fixed_dictionaries(
    {"kpi": st.sampled_from([card.id for card in CARDS])},
    optional={
        "every": st.sampled_from(["hour", "day", "week", "month", "quarter", "year", "fortnight"]),
        "by": st.sampled_from(["segment", "account_id", "score", "label", "nothing"]) | st.just(["segment", "label"]),
        "where": st.dictionaries(
            st.sampled_from(["segment", "score"]), st.none() | st.integers() | st.just(["a", "b"])
        ),
        "zone": st.sampled_from(["UTC", "Europe/Stockholm", "Pacific/Apia", "Mars/Base"]),
        "as_of": st.sampled_from(["2026-01-15", "latest", "soon"]) | st.datetimes() | st.dates(),
        "start": st.sampled_from(["2026-01-01", "1000-01-01"]) | st.none(),
        "end": st.sampled_from(["2026-02-01", "9999-12-31"]) | st.none(),
        "level": st.floats() | st.just(0.9),
        "min_n": st.integers(-1, 5),
        "strict": st.booleans(),
        "week_start": st.integers(0, 9),
        "year_start": st.integers(0, 13),
        "max_rows": st.just(10_000),
        "policy": st.dictionaries(
            st.sampled_from(["preset", "scale", "interval", "repeats", "window", "definition", "promoter_from"]),
            st.sampled_from(["wootric", "wald", "t", "all", "90d", "top2", [1, 5], [0, 10], 9, None, 2**63]),
            max_size=2,
        ),
    },
)


@LIMITS
@given(tables(), requests)
def test_only_tenure_errors_come_out(surveys: dict[str, list[Any]], request: dict[str, Any]) -> None:
    try:
        book = tenure.Book(surveys=surveys, accounts={"account_id": [1, 2], "segment": ["a", "b"]})
    except tenure.TenureError:
        return
    for verb in (book.compute, book.units, book.faults, book.partial):
        try:
            verb(request)
        except tenure.TenureError as error:
            assert error.kind != "internal", error
    with contextlib.suppress(tenure.TenureError):
        assert repr(book.compute(request))


@LIMITS
@given(st.lists(scalars["numbers"] | scalars["floats"] | scalars["large"]))
def test_every_value_is_counted_once(values: list[Any]) -> None:
    for function in (tenure.nps, tenure.csat, tenure.csat_mean, tenure.ces, tenure.happiness_score):
        outcome = function(values)
        assert outcome.units == len(values)
        assert (outcome.value is None) == (outcome.n == 0)


@LIMITS
@given(st.lists(st.integers(0, 10), min_size=1))
def test_nps_is_its_formula(scores: list[int]) -> None:
    promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    outcome = tenure.nps(scores)
    assert outcome.numerator == promoters - detractors
    assert outcome.value == pytest.approx(100 * (promoters - detractors) / len(scores), abs=1e-12)


@LIMITS
@given(st.binary(max_size=200))
def test_any_bytes_are_no_state(data: bytes) -> None:
    for bytes_ in (data, b"TNRS\x01" + data):
        with pytest.raises(tenure.TenureError):
            tenure.State.decode(bytes_)


@LIMITS
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_as_a_request(value: Any) -> None:
    book = tenure.Book(surveys={"score": [1]})
    try:
        book.compute(value)
    except tenure.TenureError as error:
        assert error.kind != "internal"
