"""What several tests need: where things are, and data with known answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

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


FUNNEL = {"policy": {"steps": ["login", "report_created"]}}
PERIODS = {"every": "month"}
NEEDED: dict[str, dict[str, Any]] = {
    "nps_delta": PERIODS,
    "uptime": PERIODS,
    "mtbf": PERIODS,
    "lifecycle_users": PERIODS,
    "pulse_ratio": PERIODS,
    "cohort_matrix": PERIODS,
    "usage_drop": PERIODS,
    "mttr": {"policy": {"definition": "recovery"}},
    "funnel_conversion": FUNNEL,
    "time_to_convert": FUNNEL,
    "activation_rate": {"policy": {"moment": ["report_created"]}},
    "time_to_adopt": {"policy": {"features": ["report_created"]}},
    "feature_adoption_rate": {"policy": {"features": ["report_created"]}},
    "percent_users_doing": {"policy": {"events": ["report_created"]}},
    "element_state": {"policy": {"create": ["report_created"], "remove": ["dashboard_shared"]}},
    "stage_funnel": {"policy": {"stages": ["onboarding", "adoption", "growth"]}},
    "event_ratio": {"policy": {"numerator": ["report_created"], "denominator": ["report_viewed"]}},
}
"""What some KPIs need in a request about the sample company: periods to compare, or a definition that nobody can guess."""


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
