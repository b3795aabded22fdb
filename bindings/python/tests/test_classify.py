"""Support, service or success: any table in, one row each out, the same bits as in every language."""

from __future__ import annotations

import json
import struct
import threading
from typing import Any

import pytest
import tenure
from conftest import ROOT, in_the_repository

TEXTS = [
    "The export fails with error 500",
    "Where is the invoice for my order?",
    None,
    "Let us review your goals for 2027",
]
LABELS = ["support", "service", None, "success"]
LISTS: dict[str, list[Any]] = {
    "interaction_id": [7, 8, 9, 10],
    "account_id": ["a", None, "b", "b"],
    "text": TEXTS,
    "author": ["customer", "customer", None, "company"],
    "departments": [["engineering", "support"], ["finance"], None, []],
    "horizon_days": [None, 1.5, None, 90],
    "transactional": [False, True, None, False],
    "region": ["eu", "eu", "us", "us"],
}
PROBABILITIES = ("p_support", "p_service", "p_success")
AXES = ("initiative", "horizon", "goal", "nature", "approach", "scope", "departments")


def rows() -> list[dict[str, Any]]:
    return [dict(zip(LISTS, row, strict=True)) for row in zip(*LISTS.values(), strict=True)]


EXPECTED = tenure.classify(LISTS).to_dicts()


def test_the_answers_are_known() -> None:
    labelled = tenure.classify(LISTS)
    assert labelled["label"] == LABELS
    assert labelled["abstained"] == [False, False, True, False]
    assert labelled["language"] == ["en", "en", "und", "en"]
    assert labelled["interaction_id"] == LISTS["interaction_id"]
    assert labelled["account_id"] == LISTS["account_id"]
    for row in labelled:
        assert sum(row[name] for name in PROBABILITIES) == pytest.approx(1, abs=1e-12)
        assert row["p_service_any"] == row["p_support"] + row["p_service"]
        assert all(-1 <= row[f"axis_{axis}"] <= 1 for axis in AXES)
        assert row["model"] == tenure.Classifier.standard().id


def test_the_columns_are_those_promised() -> None:
    answers = [*PROBABILITIES, "p_service_any", "abstained", *(f"axis_{axis}" for axis in AXES)]
    expected = ["label", *answers, "evidence", "language", "ignored", "model"]
    assert tenure.classify(LISTS).columns == ["interaction_id", "account_id", *expected]
    assert tenure.classify([]).columns == expected
    assert len(tenure.classify([])) == 0
    named = {"text": ["x"], "occurred_at": ["2026-01-01"], "manager": ["Ann"], "goal_id": [1], "region": ["eu"]}
    assert tenure.classify(named).columns == ["occurred_at", "manager", "goal_id", *expected]


def test_lists_of_dicts() -> None:
    assert tenure.classify(rows()).to_dicts() == EXPECTED
    assert tenure.classify(tuple(rows())).to_dicts() == EXPECTED


def test_one_row_and_texts_alone() -> None:
    [answer] = tenure.classify({"text": TEXTS[0], "departments": ["engineering"], "horizon_days": None})
    assert answer["label"] == "support"
    assert tenure.classify(TEXTS[1])["label"] == ["service"]
    assert tenure.classify(TEXTS)["label"] == LABELS
    assert tenure.classify([None, None])["label"] == [None, None]
    assert tenure.classify({"transactional": True, "trigger": "problem"})["label"] == ["support"]


def test_a_mistake_in_an_option_names_it() -> None:
    for name in ("threshold", "evidence", "strip", "max_characters"):
        with pytest.raises(tenure.errors.InvalidRequestError, match=f'option "{name}"'):
            tenure.classify("x", **{name: None})


def test_texts_may_be_missing_from_the_first_on() -> None:
    assert tenure.classify([float("nan"), None, TEXTS[0]])["label"] == [None, None, "support"]


def test_columns_of_texts_of_every_library() -> None:
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    pd, np = pytest.importorskip("pandas"), pytest.importorskip("numpy")
    column = pa.array(TEXTS)
    forms = [pl.Series(TEXTS), pd.Series(TEXTS), pd.Series(TEXTS, dtype="object"), np.array(TEXTS, dtype=object)]
    forms += [column, column.cast(pa.large_string()), column.cast(pa.string_view()), column.dictionary_encode()]
    forms += [pa.chunked_array([column[:1], column[1:]]), pl.Series(TEXTS, dtype=pl.Categorical)]
    for form in forms:
        assert tenure.classify(form)["label"] == LABELS, type(form)


def test_tables_of_every_library() -> None:
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    pd, duckdb = pytest.importorskip("pandas"), pytest.importorskip("duckdb")
    table = pa.table(LISTS)
    frame = pl.DataFrame(LISTS, strict=False)
    forms = [table, table.combine_chunks().to_batches()[0], table.to_reader(max_chunksize=1), frame]
    forms += [pa.concat_tables([table.slice(0, 3), table.slice(3, 0), table.slice(3)]), duckdb.from_arrow(table)]
    forms += [
        table.to_pandas(types_mapper=pd.ArrowDtype),
        frame.to_dict(as_series=True),
        tenure.Book(interactions=frame)["interactions"],
    ]
    for form in forms:
        assert tenure.classify(form).to_dicts() == EXPECTED, type(form)
    assert tenure.classify(pd.DataFrame(LISTS))["label"] == LABELS


def test_ids_keep_their_types() -> None:
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    table = pa.table(
        {
            "interaction_id": pa.array([1, 2, 3, 4], pa.int32()),
            "account_id": pa.array(["a", None, "b", "b"]).dictionary_encode(),
            "occurred_at": pa.array([0, 1, None, 2], pa.timestamp("ms", "Europe/Stockholm")),
            "text": TEXTS,
        }
    )
    labelled = tenure.classify(table).to_arrow()
    for name in ("interaction_id", "account_id", "occurred_at"):
        assert labelled.schema.field(name).type == table.schema.field(name).type
    joined = pl.DataFrame(table).join(tenure.classify(table).to_polars(), on="interaction_id")
    assert joined["label"].to_list() == LABELS


def test_it_becomes_a_table_of_any_library() -> None:
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    labelled = tenure.classify(LISTS)
    assert labelled.to_polars()["label"].to_list() == LABELS
    assert labelled.to_pandas()["p_success"].tolist() == labelled["p_success"]
    items = labelled.to_arrow().schema.field("evidence").type.value_type
    assert [field.name for field in items] == ["what", "value", "start", "end", "pushes", "weight"]
    assert pa.table(labelled)["evidence"].to_pylist() == labelled["evidence"]
    assert "standard-" in repr(labelled)
    assert "<table>" in labelled._repr_html_()


def test_evidence_is_where_it_says() -> None:
    text = "  \N{GRINNING FACE} G\u00f6rs det h\u00e4r? Appen kraschar, felkod 500. I\u015fIK"
    [row] = tenure.classify({"text": text, "trigger": "problem", "author": "customer"}, evidence=20)
    spans = [piece for piece in row["evidence"] if piece["what"] == "text"]
    assert spans
    for piece in spans:
        assert text[piece["start"] : piece["end"]] == piece["value"]
    fields = {piece["what"]: piece for piece in row["evidence"] if piece["what"] != "text"}
    assert fields["trigger"]["value"] == "problem"
    assert fields["trigger"]["start"] is None
    weights = [piece["weight"] for piece in row["evidence"]]
    assert weights == sorted(weights, reverse=True)
    assert len(tenure.classify(text)["evidence"][0]) <= 5
    assert tenure.classify(text, evidence=0)["evidence"] == [[]]


def test_options() -> None:
    sure = tenure.classify(TEXTS, threshold=0)
    assert sure["label"] == LABELS
    assert tenure.classify(TEXTS, threshold=1)["label"] == [None] * 4
    assert tenure.classify(TEXTS, threshold=0.45).to_dicts() == tenure.classify(TEXTS).to_dicts()
    mail = "Where is my invoice?\n\n> " + "The app crashes, error 500, the screen freezes, login is broken. " * 5
    stripped = tenure.classify(mail)["p_service"]
    assert tenure.classify(mail, strip=True)["p_service"] == stripped
    assert tenure.classify(mail, strip={"signature": False})["p_service"] == stripped
    assert tenure.classify(mail, strip=False)["p_service"] != stripped
    assert (
        tenure.classify(mail, strip=False)["p_service"] == tenure.classify(mail, strip={"quotes": False})["p_service"]
    )
    assert (
        tenure.classify("The app crashes. " + "x" * 100, max_characters=16)["p_support"]
        == tenure.classify("The app crashes.")["p_support"]
    )


@pytest.mark.parametrize(
    ("table", "options", "kind"),
    [
        ("x", {"threshold": 2}, "invalid_request"),
        ("x", {"threshold": "high"}, "invalid_request"),
        ("x", {"treshold": 0.5}, "invalid_request"),
        ("x", {"strip": {"quote": True}}, "invalid_request"),
        ("x", {"evidence": -1}, "invalid_request"),
        ("x", {"evidence": object()}, "invalid_request"),
        (7, {}, "wrong_type"),
        (None, {}, "wrong_type"),
        (b"bytes", {}, "wrong_type"),
        ([1, 2], {}, "wrong_type"),
        ([b"bytes"], {}, "wrong_type"),
        ([None, 1], {}, "wrong_type"),
        ("x", {"threshold": None}, "invalid_request"),
        ("x", {"strip": None}, "invalid_request"),
        (["x", 1], {}, "wrong_type"),
        ({"text": [1]}, {}, "wrong_type"),
        ({"text": ["x"], "author": ["customer", "bot"]}, {}, "invalid_request"),
        ({"text": ["x"], "horizon_days": ["soon"]}, {}, "wrong_type"),
        ("\udc00", {}, "wrong_type"),
    ],
)
def test_mistakes_are_errors_of_tenure(table: Any, options: dict[str, Any], kind: str) -> None:
    with pytest.raises(tenure.TenureError) as caught:
        tenure.classify(table, **options)
    assert caught.value.kind == kind


def test_texts_that_nobody_expects() -> None:
    texts = [
        "The app crashes. " * 500_000,
        "a" * 5_000_000,
        "\N{GRINNING FACE}" * 1000,
        "\u202e\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645",
        "\x00\x01\x02\x7f\ufeff\u200d",
        "<" * 100_000,
        "> " * 100_000,
        "\u0e01\u0e31" * 10_000,
        "e" + "\u0301" * 10_000,
    ]
    labelled = tenure.classify(texts)
    assert labelled["label"][0] == "support"
    assert labelled["label"][2] is None
    assert len(labelled) == len(texts)


def test_bytes_that_are_no_text_are_read_as_far_as_they_are() -> None:
    pa = pytest.importorskip("pyarrow")
    data = b"The app crashes \xff\xc3" + b"\xff" + b"\xed\xa0\x80"
    offsets = struct.pack("<4i", 0, 18, 19, 22)
    broken = pa.StringArray.from_buffers(3, pa.py_buffer(offsets), pa.py_buffer(data))
    labelled = tenure.classify(pa.table({"text": broken, "account_id": broken, "author": broken}))
    assert labelled["label"] == ["support", None, None]
    assert labelled["account_id"][1] == "\N{REPLACEMENT CHARACTER}"
    assert labelled["ignored"] == [1, 1, 1]
    assert "\N{REPLACEMENT CHARACTER}" in repr(labelled)


def test_other_threads_run_meanwhile() -> None:
    stop = threading.Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        while not stop.wait(0.001):
            counted += 1

    texts = [f"Where is my order {number}? The app crashes" for number in range(60_000)]
    thread = threading.Thread(target=count)
    thread.start()
    # One call of a function that holds the lock would let the other thread run at its ends only.
    tenure.Classifier.standard().classify(texts)
    stop.set()
    thread.join()
    assert counted >= 3


BITS = ROOT / "tests" / "classify" / "bits.txt"
FIELDS = (
    "text", "author", "channel", "trigger", "purchase_phase", "scope", "horizon_days", "transactional", "departments",
    "outcome_measure",
)  # fmt: skip


def digest(labelled: tenure.Rows) -> int:
    """Hash the bits of all doubles of each row: FNV-1a."""
    columns = [labelled[name] for name in (*PROBABILITIES, "p_service_any", *(f"axis_{axis}" for axis in AXES))]
    found = 0xCBF29CE484222325
    for row in zip(*columns, strict=True):
        for byte in struct.pack(f"<{len(row)}d", *row):
            found = (found ^ byte) * 0x100000001B3 % 2**64
    return found


@in_the_repository
def test_the_bits_are_those_of_every_language() -> None:
    [head, *lines] = BITS.read_text(encoding="utf-8").splitlines()
    assert head == f"model {tenure.Classifier.standard().id}"
    assert len(lines) == 5
    for line in lines:
        language, count, expected = line.split()
        file = ROOT / "models" / "interactions" / "evaluation" / f"{language}.jsonl"
        read = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
        table = [{name: row.get(name) for name in FIELDS} for row in read]
        labelled = tenure.classify(table)
        assert len(labelled) == int(count)
        assert f"{digest(labelled):016x}" == expected, language
        for row, answer in zip(read, labelled, strict=True):
            for piece in answer["evidence"]:
                if piece["what"] == "text":
                    assert row["text"][piece["start"] : piece["end"]] == piece["value"]
        try:
            import polars
        except ImportError:
            continue
        assert digest(tenure.classify(polars.DataFrame(table, strict=False), evidence=0)) == int(expected, 16)
