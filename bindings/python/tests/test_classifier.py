"""Training, saving and comparing classifiers, and what comes out of them whatever goes in."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
import tenure
from tenure import Classifier

LABELLED = {
    "text": [
        "Printer on fire", "Printer jammed", "The printer is offline", "Send me an invoice", "Refund, please",
        "When is my toner delivered?", "Our yearly goals", "A training for the team", "Review of what we reached",
    ],
    "label": ["support"] * 3 + ["service"] * 3 + ["success"] * 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def own() -> Classifier:
    return Classifier.fit(LABELLED, folds=3, name="printers")


def test_standard() -> None:
    standard = Classifier.standard()
    assert standard.id.startswith("standard-")
    assert sorted(standard.languages) == ["en", "id", "sv", "th", "tr"]
    assert standard.id in repr(standard)
    assert standard == Classifier.standard()


def test_metrics() -> None:
    metrics = Classifier.standard().metrics
    assert 0.9 < metrics.accuracy < 1
    assert metrics["macro_f1"] == metrics.macro_f1
    assert sum(sum(found.values()) for found in metrics.confusion.values()) == metrics.rows
    assert set(metrics.labels) == {"support", "service", "success"}
    assert sum(its.rows for its in metrics.languages.values()) == metrics.rows
    assert metrics.abstention[0]["coverage"] == 1
    assert metrics.to_dict()["languages"]["th"]["accuracy"] == metrics.languages["th"].accuracy
    assert "macro-F1" in repr(metrics)
    assert "found success" in metrics._repr_html_()
    with pytest.raises(AttributeError, match="it has rows"):
        _ = metrics.recall


def test_training(own: Classifier) -> None:
    assert own.id.startswith("printers-")
    assert own.metrics.rows == 9
    assert own.classify("The printer jammed again")["label"] == ["support"]
    assert own.classify("The printer jammed again")["model"] == [own.id]
    assert own != Classifier.standard()
    # The same rows make the same classifier, in any form.
    again = [dict(zip(LABELLED, row, strict=True)) for row in zip(*LABELLED.values(), strict=True)]
    assert Classifier.fit(again, folds=3, name="printers") == own
    alone = Classifier.fit(LABELLED, adapt=False, folds=3)
    assert alone.id.startswith("own-")
    assert alone != own


def test_languages_and_groups() -> None:
    table = {**LABELLED, "language": ["nl"] * 9, "group": ["ann", "bob", "eve"] * 3}
    own = Classifier.fit(table, folds=2)
    assert list(own.metrics.languages) == ["nl"]
    with pytest.raises(tenure.TenureError, match="at least two groups"):
        Classifier.fit({**LABELLED, "group": ["ann"] * 9})


@pytest.mark.parametrize(
    ("table", "options", "kind"),
    [
        ({"text": ["x"]}, {}, "missing_column"),
        ({"text": ["x"], "label": ["suport"]}, {}, "invalid_row"),
        ({"text": ["x"], "label": [1]}, {}, "wrong_type"),
        ({"text": [], "label": []}, {}, "invalid_request"),
        (LABELLED, {"folds": 1}, "invalid_request"),
        (LABELLED, {"regularisation": 0}, "invalid_request"),
        (LABELLED, {"fold": 3}, "invalid_request"),
        (LABELLED, {"name": None}, "invalid_request"),
        ("text", {}, "missing_column"),
        (17, {}, "wrong_type"),
    ],
)
def test_mistakes(table: Any, options: dict[str, Any], kind: str) -> None:
    with pytest.raises(tenure.TenureError) as caught:
        Classifier.fit(table, **options)
    assert caught.value.kind == kind


def test_saving(own: Classifier, tmp_path: Path) -> None:
    for path in (tmp_path / "a.model", str(tmp_path / "b.model")):
        own.save(path)
        loaded = Classifier.load(path)
        assert loaded == own
        assert hash(loaded) == hash(own)
        assert loaded.classify(LABELLED).to_dicts() == own.classify(LABELLED).to_dicts()
        assert loaded.metrics == own.metrics
    assert (tmp_path / "a.model").read_bytes() == own.encode()
    with pytest.raises(FileNotFoundError, match=r"none\.model"):
        Classifier.load(tmp_path / "none.model")
    (tmp_path / "half.model").write_bytes(own.encode()[: len(own.encode()) // 2])
    with pytest.raises(tenure.errors.CorruptStateError):
        Classifier.load(tmp_path / "half.model")


def test_pickle_and_copy(own: Classifier) -> None:
    for classifier in (own, Classifier.standard()):
        for again in (pickle.loads(pickle.dumps(classifier)), copy.copy(classifier), copy.deepcopy(classifier)):
            assert again == classifier
            assert again.encode() == classifier.encode()


def test_a_changed_byte_is_noticed(own: Classifier) -> None:
    data = own.encode()
    for at in range(0, len(data), len(data) // 50):
        changed = data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :]
        with pytest.raises(tenure.TenureError):
            Classifier.decode(changed)


hypothesis = pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

LIMITS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COLUMNS = (
    "text", "author", "channel", "trigger", "purchase_phase", "lifecycle_stage", "scope", "horizon_days", "transactional",
    "departments", "outcome_measure", "conversation_id", "goal_id", "account_id", "occurred_at", "label", "group",
)  # fmt: skip
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(max_size=3), st.datetimes(), st.dates(),
    st.lists(st.text(max_size=3) | st.none(), max_size=3),
)  # fmt: skip
words = st.sampled_from(
    ["support", "success", "service", "customer", "problem", "Health Signal", "email", "", " ", "pigeon"]
)
columns = st.one_of(
    st.lists(anything, max_size=4), st.lists(st.text() | st.none(), min_size=3, max_size=3),
    st.lists(words | st.none(), min_size=3, max_size=3), st.lists(st.floats() | st.integers(), min_size=3, max_size=3),
    st.lists(st.lists(words), min_size=3, max_size=3), anything,
)  # fmt: skip
tables = st.one_of(
    st.dictionaries(st.sampled_from(COLUMNS), columns),
    st.lists(st.dictionaries(st.sampled_from(COLUMNS), anything), max_size=4),
    st.lists(st.text()),
    anything,
)


@LIMITS
@given(tables, st.booleans())
def test_any_table(table: Any, explained: bool) -> None:
    try:
        labelled = tenure.classify(table, evidence=9 * explained)
    except tenure.TenureError as error:
        assert error.kind != "internal"
        return
    for row in labelled:
        assert sum(row[name] for name in ("p_support", "p_service", "p_success")) == pytest.approx(1, abs=1e-12)
        assert (row["label"] is None) == row["abstained"]
    repr(labelled)


@LIMITS
@given(tables, st.dictionaries(st.sampled_from(["adapt", "folds", "regularisation", "name", "x"]), anything))
def test_any_training(table: Any, options: dict[str, Any]) -> None:
    try:
        Classifier.fit(table, **options)
    except tenure.TenureError as error:
        assert error.kind != "internal"


@LIMITS
@given(st.dictionaries(st.sampled_from(["threshold", "evidence", "strip", "max_characters", "x"]), anything))
def test_any_options(options: dict[str, Any]) -> None:
    try:
        tenure.classify("The app crashes", **options)
    except tenure.TenureError as error:
        assert error.kind == "invalid_request"


@LIMITS
@given(st.binary(max_size=200))
def test_any_bytes_are_no_classifier(data: bytes) -> None:
    for bytes_ in (data, Classifier.standard().encode()[:8] + data):
        with pytest.raises(tenure.TenureError):
            Classifier.decode(bytes_)


@LIMITS
@given(st.text(), st.text())
def test_every_text_is_read(one: str, other: str) -> None:
    try:
        both = tenure.classify([one, other])
    except tenure.TenureError as error:
        # Halves of pairs are no text.
        assert error.kind == "wrong_type"
        return
    assert both[0] == tenure.classify(one)[0]
    for text, row in zip((one, other), both, strict=True):
        for piece in row["evidence"]:
            assert text[piece["start"] : piece["end"]] == piece["value"]
