"""What customers say in their comments: any table in, one row each out."""

from __future__ import annotations

from typing import Any

import pytest
import tenure
from hypothesis import given
from hypothesis import strategies as st

ROWS: list[dict[str, Any]] = [
    {"survey_id": 1, "comment": "I love it, so easy to use", "kind": "nps", "score": 10},
    {"survey_id": 2, "comment": "Terrible, it crashes all the time", "kind": "nps", "score": 1},
    {"survey_id": 3, "comment": None, "kind": "nps", "score": 0},
    {"survey_id": 4, "comment": " ", "kind": None, "score": None},
]


def test_sentiment_and_themes_stand_beside_the_ids() -> None:
    said = tenure.feedback(ROWS).to_dicts()
    assert [row["survey_id"] for row in said] == [1, 2, 3, 4]
    assert [row["sentiment"] for row in said] == ["positive", "negative", "negative", None]
    assert "ease_of_use" in said[0]["themes"]
    assert "reliability" in said[1]["themes"]
    assert [row["themes"] for row in said[2:]] == [None, None]
    for row in said:
        assert sum(row[name] for name in ("p_negative", "p_neutral", "p_positive")) == pytest.approx(1)
        for found in row["evidence"] + row["mentions"]:
            if found["start"] is not None:
                comment = ROWS[said.index(row)]["comment"]
                assert comment[found["start"] : found["end"]] == found["value"]


def test_themes_of_ones_own() -> None:
    said = tenure.feedback("The courier was late", themes={"delivery": ["courier"]}, built_in_themes=False)
    assert said["themes"] == [["delivery"]]
    assert said[0]["mentions"] == [{"theme": "delivery", "value": "courier", "start": 4, "end": 11}]


def test_books_read_comments_on_the_way_as_feedback_does() -> None:
    surveys = [row | {"answered_at": "2026-01-05"} for row in ROWS]
    said = tenure.feedback(surveys).to_dicts()
    told = [
        row | {name: heard[name] for name in ("sentiment", "polarity", "themes")}
        for row, heard in zip(surveys, said, strict=True)
    ]
    kept = ("value", "n", "n_missing")
    for kpi in ("sentiment_net", "sentiment_mean"):
        on_the_way = tenure.Book(surveys=surveys).compute(kpi).to_dicts()
        before = tenure.Book(surveys=told).compute(kpi).to_dicts()
        assert [[row[name] for name in kept] for row in on_the_way] == [[row[name] for name in kept] for row in before]
        assert "comment by feedback-" in str(on_the_way[0]["policy"])
    shares = [
        {row["theme"]: row["value"] for row in tenure.Book(surveys=rows).compute("theme_share").to_dicts()}
        for rows in (surveys, told)
    ]
    assert shares[0] == shares[1] != {}


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(tenure.errors.InvalidRequestError, match="threshold"):
        tenure.feedback(ROWS, threshold=2)
    with pytest.raises(tenure.errors.MissingColumnError):
        tenure.feedback([{"other": 1}])
    with pytest.raises(tenure.errors.WrongTypeError):
        tenure.feedback([{"comment": 1}])


def test_no_comments_are_no_rows() -> None:
    assert len(tenure.feedback([])) == 0
    assert tenure.feedback([]).columns == tenure.feedback({"comment": []}).columns


@given(st.lists(st.one_of(st.none(), st.text(max_size=60)), min_size=1, max_size=5))
def test_any_text_gets_an_answer(comments: list[str | None]) -> None:
    said = tenure.feedback({"comment": comments})
    assert len(said) == len(comments)
    assert all(sentiment in {None, "negative", "neutral", "positive"} for sentiment in said["sentiment"])


def test_long_and_odd_texts() -> None:
    texts = ["good " * 200_000, "\U0001f600" * 50, "\u202e\u0000\u0007bad", "\u0645\u0645\u062a\u0627\u0632"]
    assert len(tenure.feedback(texts)) == len(texts)
