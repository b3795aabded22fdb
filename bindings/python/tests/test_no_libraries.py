"""The package needs nothing: everything but files and pictures works without pyarrow, pandas, polars and numpy."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

BLOCKER = """
import sys
from importlib.machinery import PathFinder

class Finder:
    def find_spec(self, name, path=None, target=None):
        return None if name.split(".")[0] in BLOCKED else PathFinder.find_spec(name, path, target)

    find_distributions = staticmethod(PathFinder.find_distributions)

sys.meta_path = [Finder() if finder is PathFinder else finder for finder in sys.meta_path]
"""
ALL = ("pyarrow", "pandas", "polars", "numpy", "duckdb", "matplotlib", "jinja2", "rich")


def run(blocked: tuple[str, ...], program: str) -> str:
    """Run a program in an interpreter where some libraries are not installed."""
    source = f"BLOCKED = {blocked!r}\n{BLOCKER}\n{textwrap.dedent(program)}"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_is_imported_that_was_not_asked_for() -> None:
    out = run((), f"import tenure; tenure.nps([10]); print([name for name in {ALL!r} if name in sys.modules])")
    assert out.strip() == "[]"


def test_everything_plain_works_without_any_library() -> None:
    out = run(
        ALL,
        """
        import datetime, tenure
        assert tenure.nps([10, 9, 7, 3]).value == 25
        book = tenure.Book(**tenure.sample.company(accounts=20, months=6))
        result = book.compute("nps", every="month", by="segment", zone="Europe/Stockholm")
        assert len(result.to_dicts()) == len(result) > 0
        assert "nps in points" in repr(result) and "<table>" in result._repr_html_()
        assert len(book.units("nps")) and book.faults().columns[0] == "table"
        assert tenure.scorecard(book)["nps"].n > 0
        state = book.partial("nps", as_of=datetime.date(2027, 1, 1))
        assert tenure.State.decode(state.encode()).finish().only().n > 0
        assert "Net Promoter Score" in repr(tenure.explain("nps"))
        labelled = tenure.classify([{"interaction_id": 1, "text": "The app crashes"}])
        assert labelled["label"] == ["support"] and "crashes" in repr(labelled)
        assert "macro-F1" in repr(tenure.Classifier.standard().metrics)
        from tenure.cli import main
        assert main(["catalog"]) == 0 and main(["explain", "nps"]) == 0
        for needs, call in {
            "pyarrow": lambda: tenure.read_folder("."),
            "matplotlib": lambda: tenure.plot(result),
            "pandas": result.to_pandas,
            "polars": result.to_polars,
        }.items():
            try:
                call()
            except ImportError as error:
                assert needs in str(error) and "pip install" in str(error), error
            else:
                raise AssertionError(needs)
        assert main(["scorecard", "."]) == 1
        print("done")
        """,
    )
    assert out.endswith("done\n")


def test_polars_and_duckdb_come_in_without_pyarrow() -> None:
    pytest.importorskip("polars")
    pytest.importorskip("duckdb")
    run(
        ("pyarrow", "pandas"),
        """
        import duckdb, polars, tenure
        frame = polars.DataFrame({"score": [10, 9, 7, 3], "segment": ["a", "a", "b", None]})
        result = tenure.Book(surveys=frame).compute("nps", by="segment")
        assert [o.by["segment"] for o in result] == ["a", "b", None]
        assert result.to_polars()["value"].to_list() == [100.0, 0.0, -100.0]
        relation = duckdb.sql("select unnest([10, 9, 7, 3]) as score")
        assert tenure.Book(surveys=relation).compute("nps").only().value == 25
        assert tenure.nps(frame["score"]).value == 25
        """,
    )


def test_pandas_comes_in_without_pyarrow() -> None:
    pytest.importorskip("pandas")
    run(
        ("pyarrow",),
        """
        import pandas, tenure
        times = pandas.to_datetime(["2026-01-05", None, "2026-02-03", "2026-02-04"])
        frame = pandas.DataFrame({
            "score": [10.0, 9.0, 7.0, None],
            "segment": ["a", "a", "b", None],
            "answered_at": times,
            "sent_at": times.tz_localize("Europe/Stockholm"),
            "excluded": [False, False, False, False],
            "kind": pandas.Categorical(["nps", "nps", "nps", "csat"]),
            "scale_max": pandas.array([10, None, 10, 10], dtype="Int64"),
            "tags": [["price"], [], None, ["speed"]],
        })
        book = tenure.Book(surveys=frame)
        outcome = book.compute("nps").only()
        # The second has no time and is none that counts, the fourth is of another kind.
        assert (outcome.n, outcome.value) == (2, 50.0), outcome
        assert [o.by["segment"] for o in book.compute("nps", by="segment")][:2] == ["a", "b"]
        assert tenure.nps(frame["score"]).n == 3
        result = book.compute("nps", every="month", zone="Europe/Stockholm").to_pandas()
        assert str(result["period_start"].dt.tz) == "Europe/Stockholm"
        """,
    )
