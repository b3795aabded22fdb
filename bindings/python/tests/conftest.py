"""What several tests need: where things are, and data with known answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import tenure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
"""The repository; absent when the tests of an unpacked source distribution run."""
IS_DISTRIBUTION = any((folder / "PKG-INFO").is_file() for folder in HERE.parents)
"""Whether these are the tests of a source distribution, which says so itself. In the repository nothing may be absent."""
in_the_repository = pytest.mark.skipif(IS_DISTRIBUTION, reason="these are the tests of a source distribution")
SHARED = Path(os.environ.get("TENURE_SHARED", ROOT.parent / "shared"))
"""Real data that is no part of the repository."""


@pytest.fixture(autouse=True)
def _names(doctest_namespace: dict[str, object]) -> None:
    doctest_namespace["tenure"] = tenure


@pytest.fixture(scope="session")
def company() -> dict[str, tenure.Rows]:
    """Make a small sample company."""
    return tenure.sample.company(accounts=40, months=8)


@pytest.fixture(scope="session")
def company_book(company: dict[str, tenure.Rows]) -> tenure.Book:
    """Make its book."""
    return tenure.Book(**company)


@pytest.fixture(scope="session")
def company_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write its files."""
    folder = tmp_path_factory.mktemp("company")
    tenure.sample.write(folder, accounts=40, months=8)
    return folder
