"""How good a classifier is."""

from __future__ import annotations

from html import escape
from typing import Any

from tenure import _show
from tenure._mapping import Named


class Metrics(Named):
    """How good a classifier is, on rows that it was not trained with.

    A mapping: `metrics["accuracy"]`; its keys are attributes too: `metrics.accuracy`.

    Attributes
    ----------
    rows : int
        How many rows were classified.
    accuracy : float
        Share of rows whose likeliest label was right, 0 to 1. Nothing abstains here.
    macro_f1 : float
        Mean of the labels' F1, 0 to 1: a rare label weighs as much as a frequent one.
    success_accuracy : float
        Share of rows for which "success or not" was right, 0 to 1.
    calibration_error : float
        How far stated probabilities are from how often they were right, 0 to 1, in ten bins.
    log_loss : float
        Mean negative logarithm of the probability given to the right label.
    labels : dict
        Of each label `rows`, `precision`, `recall` and `f1`.
    confusion : dict
        `confusion[right][found]`: how many rows of a label were given which.
    abstention : list of dict
        What abstaining would gain: `threshold`, `coverage` and `accuracy`.
    languages : dict
        The metrics of the rows of each language.

    Examples
    --------
    >>> metrics = tenure.Classifier.standard().metrics
    >>> metrics.accuracy > 0.9, metrics["languages"]["sv"].macro_f1 > 0.85
    (True, True)
    >>> sum(metrics.confusion["success"].values()) == metrics.labels["success"]["rows"]
    True
    """

    rows: int
    accuracy: float
    macro_f1: float
    success_accuracy: float
    calibration_error: float
    log_loss: float
    labels: dict[str, dict[str, Any]]
    confusion: dict[str, dict[str, int]]
    abstention: list[dict[str, float]]
    languages: dict[str, Metrics]

    def __init__(self, fields: dict[str, Any]) -> None:
        languages = {name: Metrics(metrics) for name, metrics in fields.get("languages", {}).items()}
        super().__init__({**fields, "languages": languages})

    def to_dict(self) -> dict[str, Any]:
        """Give plain dicts and lists, as JSON has them.

        Examples
        --------
        >>> tenure.Classifier.standard().metrics.to_dict()["languages"]["en"]["rows"] > 1000
        True
        """
        languages = {name: metrics.to_dict() for name, metrics in self.languages.items()}
        return {**self, "languages": languages}

    def __repr__(self) -> str:
        return metrics_text(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def share(value: float) -> str:
    """Show a share."""
    return f"{value:.3f}"


def metrics_text(metrics: Metrics) -> str:
    """Show metrics: in one line, by label with what was found, and by language."""
    head = (
        f"{metrics.rows:,} rows: accuracy {share(metrics.accuracy)}, macro-F1 {share(metrics.macro_f1)}, success "
        f"against the rest {share(metrics.success_accuracy)}, calibration error {share(metrics.calibration_error)}"
    )
    by_label = [
        [
            label,
            its["rows"],
            *map(share, (its["precision"], its["recall"], its["f1"])),
            *metrics.confusion[label].values(),
        ]
        for label, its in metrics.labels.items()
    ]
    header = ["label", "rows", "precision", "recall", "F1", *(f"found {label}" for label in metrics.confusion)]
    parts = [head, _show.text_table(header, by_label)]
    if metrics.languages:
        by_language = [
            [name, its.rows, share(its.accuracy), share(its.macro_f1)] for name, its in metrics.languages.items()
        ]
        parts.append(_show.text_table(["language", "rows", "accuracy", "macro-F1"], by_language))
    return "\n\n".join(parts)


__all__ = ["Metrics"]
