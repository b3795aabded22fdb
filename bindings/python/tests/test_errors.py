"""Errors: one class per kind, with kind and place."""

from __future__ import annotations

import pickle
import re

import pytest
import tenure
from conftest import ROOT, in_the_repository
from tenure import errors

BUILTINS = {
    "missing_table": KeyError,
    "missing_column": KeyError,
    "unknown_column": KeyError,
    "unknown_kpi": KeyError,
    "unknown_policy": ValueError,
    "unknown_zone": ValueError,
    "wrong_type": TypeError,
    "invalid_request": ValueError,
    "invalid_row": ValueError,
    "mixed_scales": ValueError,
    "mixed_currencies": ValueError,
    "limit_exceeded": ValueError,
    "overflow": OverflowError,
    "corrupt_state": ValueError,
    "unsupported_version": ValueError,
    "state_mismatch": ValueError,
    "internal": RuntimeError,
}


def test_every_kind_has_its_class() -> None:
    assert set(errors.BY_KIND) == set(BUILTINS)
    for kind, builtin in BUILTINS.items():
        error = errors.of_kind(kind, "text", "surveys", "score", 3)
        assert isinstance(error, tenure.TenureError)
        assert isinstance(error, builtin)
        assert (error.kind, error.table, error.column, error.row) == (kind, "surveys", "score", 3)
        assert str(error) == "text"
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.kind, copy.row, str(copy)) == (type(error), kind, 3, "text")
        assert type(error).__name__ in errors.__all__
        assert getattr(tenure, type(error).__name__) is type(error)


@in_the_repository
def test_the_kinds_are_those_of_the_core() -> None:
    source = (ROOT / "crates/tenure/src/error.rs").read_text(encoding="utf-8")
    kinds = re.findall(r'Self::\w+ => "(\w+)"', source)
    assert len(kinds) >= 17
    assert set(kinds) == set(BUILTINS)


def raised(kpi: object = "nps", /, surveys: object = None, **options: object) -> tenure.TenureError:
    table = {"score": [10, 42, 7], "segment": ["a", "b", "b"]} if surveys is None else surveys
    with pytest.raises(tenure.TenureError) as caught:
        tenure.Book(surveys=table).compute(kpi, **options)
    return caught.value


def test_errors_say_what_and_where() -> None:
    assert raised("npss").kind == "unknown_kpi"
    assert "nps" in str(raised("npss"))
    assert raised(by="segmnt").kind == "unknown_column"
    assert "segment" in str(raised(by="segmnt"))
    assert raised(zone="Europe/Stokholm").kind == "unknown_zone"
    assert raised(policy={"preset": "wotric"}).kind == "unknown_policy"
    assert 'did you mean "day"' in str(raised(every="days"))
    assert '"active_users" with every "day"' in str(raised("dau"))
    assert raised(start="2026-02-01", end="2026-01-01").kind == "invalid_request"
    assert raised(max_groups=1, by="segment").kind == "limit_exceeded"
    strict = raised(strict=True)
    assert (strict.kind, strict.table, strict.column, strict.row) == ("invalid_row", "surveys", "score", 1)
    missing = raised(surveys={"rating": [1]})
    assert (missing.kind, missing.table, missing.column) == ("missing_column", "surveys", "score")
    text = raised(surveys={"score": ["ten"]})
    assert (text.kind, text.table, text.column) == ("wrong_type", "surveys", "score")
    with pytest.raises(KeyError) as table:
        tenure.Book().compute("nps")
    assert table.value.kind == "missing_table"
    scales = raised(surveys={"score": [1], "scale_min": [1], "scale_max": [5]})
    assert scales.kind == "mixed_scales"


def test_requests_that_are_none() -> None:
    recursive: list[object] = []
    recursive.append(recursive)
    for request in (
        {},
        {"kpi": 3},
        {"kpi": "nps", "evry": "month"},
        {"kpi": "nps", "level": float("nan")},
        {"kpi": "nps", "where": {"segment": recursive}},
        {"kpi": "nps", "where": {3: "a"}},
        {"kpi": "nps", "as_of": object()},
        {"kpi": "nps", "min_n": 2**80},
        {"kpi": "nps", "by": "\ud800"},
        17,
        None,
    ):
        assert raised(request).kind == "invalid_request", request


def test_a_large_request_is_read() -> None:
    values = [f"{number:040}" for number in range(250_000)]
    book = tenure.Book(surveys={"score": [10], "segment": [values[-1]]})
    assert book.compute("nps", where={"segment": values}).only().n == 1


def test_unknown_keywords_of_the_constructor() -> None:
    with pytest.raises(TypeError):
        tenure.Book([1, 2])  # type: ignore[call-arg]
