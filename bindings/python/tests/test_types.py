"""Types: the stubs are what was compiled, the package is strictly typed, and generated files are up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tenure
from tenure import _generate

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = Path(tenure.__file__).parent

USES = """
from typing import assert_type
import datetime
import tenure

outcome = tenure.nps([10, 9], interval="wald", repeats="all")
assert_type(outcome, tenure.Outcome)
assert_type(outcome.value, float | None)
book = tenure.Book(surveys={"score": [10]}, accounts=[{"account_id": 1}])
result = book.compute("nps", every="month", by=["segment"], as_of=datetime.date(2026, 1, 1), policy={"preset": "wootric"})
assert_type(result, tenure.Result)
assert_type(result[0], tenure.Outcome)
assert_type(book.compute([{"kpi": "nps"}]), list[tenure.Result])
assert_type(book.partial("nps", part=0, of=4, as_of="2026-01-01").finish(), tenure.Result)
policy: tenure.policies.Csat = {"definition": "top2", "scale": [1, 5]}
book.compute("csat", policy=policy)
business: tenure.policies.FirstResponseTime = {"start": "creation", "clock": "business", "statistic": "p90"}
book.compute("first_response_time", policy=business)
tenure.Book(surveys=result)
labelled = tenure.classify([{"text": "The app crashes"}], threshold=0.5, evidence=3, strip={"quotes": False})
assert_type(labelled, tenure.Rows)
tenure.classify("The app crashes", strip=False)
tenure.classify({"text": "The app crashes", "transactional": True})
classifier = tenure.Classifier.fit({"text": ["a"], "label": ["support"]}, folds=3)
assert_type(classifier.metrics.macro_f1, float)
assert_type(classifier.metrics.languages["sv"].rows, int)
assert_type(tenure.Classifier.load("my.model"), tenure.Classifier)
lifecycle = tenure.Lifecycle.from_toml("")
customers = tenure.Book(lifecycle=lifecycle, stages=[{"account_id": 1, "stage": "trial"}])
tenure.Book(lifecycle="subscription")
assert_type(customers.journeys(as_of=datetime.date(2026, 1, 1), policy={"impossible": "refuse"}), tenure.Rows)
assert_type(customers.journey("acme", zone="UTC"), tenure.Rows)
status: tenure.policies.LifecycleStatus = {"lifecycle": lifecycle, "edges": "exclusive"}
customers.compute("lifecycle_status", policy=status)
journey = lifecycle.journey()
journey.enter("trial", datetime.datetime(2026, 1, 1))
assert_type(journey.state("2026-01-02"), str | None)
"""
MISUSES = [
    'tenure.nps([10], interval="walt")',
    'tenure.nps([10], intervall="wald")',
    'tenure.Book().compute("nps", every="fortnight")',
    'tenure.Book().compute("nps", evry="month")',
    'tenure.classify("x", treshold=0.5)',
    "tenure.Classifier.standard().accuracy",
    "tenure.Book(lifecycle=17)",
    'tenure.Book().journeys(every="month")',
    'clock: tenure.policies.FirstResponseTime = {"clock": "busines"}',
]


def run(*arguments: str, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=cwd, timeout=600)


@pytest.mark.parametrize("name", sorted(_generate.WRITTEN))
def test_generated_files_are_up_to_date(name: str) -> None:
    written = (PACKAGE / name).read_text(encoding="utf-8")
    assert written == _generate.WRITTEN[name](), f"{name} is not what the catalog says: run python -m tenure._generate"


def test_nothing_else_is_among_the_generated_policies() -> None:
    found = {f"policies/{file.name}" for file in (PACKAGE / "policies").glob("*.py")}
    assert found == {name for name in _generate.WRITTEN if name.startswith("policies/")}


def test_policies_share_what_they_have_in_common() -> None:
    for base, fields in _generate.BASES.items():
        shared = getattr(tenure.policies, _generate.class_name(base))
        assert set(shared.__annotations__) == set(fields)
        kpis = [getattr(tenure.policies, _generate.class_name(card.id)) for card in _generate.based_on(base)]
        assert len(kpis) >= 2
        assert all(kpi.__annotations__.items() >= shared.__annotations__.items() for kpi in kpis)


def test_every_kpi_has_its_policy() -> None:
    for card in tenure.catalog():
        policy = getattr(tenure.policies, _generate.class_name(card.id))
        fields = {field["name"] for field in card.policy["fields"]} | ({"preset"} if card.policy["presets"] else set())
        assert set(policy.__annotations__) == fields


def test_the_stub_is_what_was_compiled() -> None:
    pytest.importorskip("mypy")
    done = run("mypy.stubtest", "tenure", "--mypy-config-file", "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_is_strictly_typed() -> None:
    pytest.importorskip("mypy")
    done = run("mypy")
    assert done.returncode == 0, done.stdout
    assert "no issues found in" in done.stdout


def test_pyright_agrees() -> None:
    pytest.importorskip("pyright")
    done = run("pyright", "--pythonpath", sys.executable)
    assert done.returncode == 0, done.stdout


def test_users_see_the_types(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    assert (PACKAGE / "py.typed").is_file()
    lines = USES.strip().splitlines()
    (tmp_path / "uses.py").write_text("\n".join([*lines, *MISUSES]) + "\n", encoding="utf-8")
    done = run("mypy", "--strict", "--no-incremental", "--config-file", "", "uses.py", cwd=tmp_path)
    errors = [line for line in done.stdout.splitlines() if "error:" in line]
    for at, line in enumerate(MISUSES, start=len(lines) + 1):
        assert any(error.startswith(f"uses.py:{at}:") for error in errors), f"{line}: {done.stdout}"
    assert all(int(error.split(":")[1]) > len(lines) for error in errors), done.stdout
