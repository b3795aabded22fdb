"""The Python snippets of the README and the guides run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tenure
from conftest import IS_DISTRIBUTION, ROOT

GUIDES = ROOT / "docs" / "src"
FENCE = re.compile(r"^```python[ ]*(?P<words>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
# Pages that have Python in them; fewer means that this test has lost its subject.
KNOWN_PAGES = 4

if IS_DISTRIBUTION:
    pytest.skip("the guides are not part of a source distribution", allow_module_level=True)


def pages() -> list[Path]:
    """Find the pages with snippets that are meant to run."""
    every = [ROOT / "README.md", *sorted(GUIDES.glob("*.md"))]
    return [page for page in every if snippets(page)]


def snippets(page: Path) -> list[tuple[int, str]]:
    """Give the line and the code of each snippet; those marked `notest` need something that is not here."""
    text = page.read_text(encoding="utf-8")
    found = [match for match in FENCE.finditer(text) if "notest" not in match["words"]]
    return [(text.count("\n", 0, match.start("code")), match["code"]) for match in found]


def test_there_are_snippets() -> None:
    assert len(pages()) >= KNOWN_PAGES


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # One page is one session: later snippets use what earlier ones made.
    session = {"tenure": tenure, "__name__": "__main__"}
    for line, code in snippets(page):
        # Blank lines in front give errors the line of the page.
        exec(compile("\n" * line + code, str(page), "exec"), session)


def test_every_table_is_listed_once_and_known() -> None:
    text = (GUIDES / "tables.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| \w", text.split("## The result")[0], re.MULTILINE)
    assert len(listed) >= 21
    assert sorted(set(listed)) == sorted(listed)
    assert set(tenure.sample.company(accounts=3, months=2)) <= set(listed)
    for name in listed:
        # What stands here is taken as it is, and its misspelling is refused.
        tenure.Book(**{name: {"id": [1]}})
        with pytest.raises(tenure.InvalidRequestError, match=f'did you mean "{name}"'):
            tenure.Book(**{name[:-1]: {"id": [1]}})


def test_the_readme_opens_with_what_the_demo_prints(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("rich")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"<!-- demo output -->\n+```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    # As `make demo` does it, in a terminal of 120 columns.
    environment = {**os.environ, "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tenure"]
    subprocess.run([*command, "sample", "company"], cwd=tmp_path, check=True, capture_output=True)
    scorecard = subprocess.run(
        [*command, "scorecard", "company"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    printed = {line.strip() for line in scorecard.stdout.splitlines()}
    promised = [line.strip() for line in block.splitlines()]
    assert len(promised) > 10
    assert [line for line in promised if line not in printed] == []
