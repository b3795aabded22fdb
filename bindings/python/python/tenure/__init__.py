"""Customer KPIs, executable: same question, same policy, same data, the same number in every language.

>>> outcome = tenure.nps([10, 9, 7, 3])
>>> outcome.value, outcome.n, outcome.status
(25.0, 4, 'ok')

Tables make a `Book`; `Book.compute` answers with a table of outcomes. `tenure.catalog()` lists the KPIs,
`tenure.explain("nps")` says what one of them means and what can be chosen. `tenure.classify` tells support
from service and success.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import errors, policies, sample
from tenure._tenure import (
    ZONE_RULES,
    Book,
    Classifier,
    Interval,
    Journey,
    Lifecycle,
    OpenHours,
    Outcome,
    Result,
    Rows,
    State,
    Trace,
    __version__,
    classify,
    feedback,
)
from tenure.cards import Card, Catalog, catalog, explain
from tenure.errors import *  # noqa: F403 - the exceptions
from tenure.errors import TenureError
from tenure.quality import Metrics

if TYPE_CHECKING:
    # Each needs optional libraries and comes in when it is first used.
    from tenure.answers import *  # noqa: F403 - one function per KPI
    from tenure.files import read_folder
    from tenure.overview import Scorecard, scorecard
    from tenure.pictures import plot
    from tenure.report import write_report
else:
    _LATER = {
        "read_folder": "tenure.files",
        "plot": "tenure.pictures",
        "Scorecard": "tenure.overview",
        "scorecard": "tenure.overview",
        "write_report": "tenure.report",
    }

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        if name in _LATER:
            value = getattr(import_module(_LATER[name]), name)
        else:
            answers = import_module("tenure.answers")
            if name not in answers.__all__:
                known = ", ".join(answers.__all__)
                raise AttributeError(f"module 'tenure' has no attribute {name!r}; KPIs of one column: {known}")
            value = getattr(answers, name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        from tenure import answers

        return sorted({*globals(), *_LATER, *answers.__all__})


__all__ = [
    "ZONE_RULES",
    "Book",
    "Card",
    "Catalog",
    "Classifier",
    "Interval",
    "Journey",
    "Lifecycle",
    "Metrics",
    "OpenHours",
    "Outcome",
    "Result",
    "Rows",
    "Scorecard",
    "State",
    "TenureError",
    "Trace",
    "__version__",
    "catalog",
    "classify",
    "errors",
    "explain",
    "feedback",
    "plot",
    "policies",
    "read_folder",
    "sample",
    "scorecard",
    "write_report",
]
