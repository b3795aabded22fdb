"""Pictures of the lifecycle, and what the scorecard and the report say of it."""

from __future__ import annotations

import io
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
import tenure
from tenure import flow, report

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

DEAL = {
    "name": "deal",
    "stages": [
        {"name": "contact", "kind": "start", "next": ["won", "lost", "talks"]},
        {"name": "lost", "kind": "churned"},
        {"name": "won", "kind": "end"},
        {"name": "talks", "next": ["won", "lost", "contact"]},
    ],
}
"""A lifecycle whose ends stand in the middle."""
OF_DEALS = {"lifecycle": DEAL}
JOURNEYS = {
    4: ["contact", "talks", "won"],
    2: ["contact", "talks", "contact", "talks", "lost"],
    1: ["contact", "lost"],
}
"""How many accounts went which way: 8 from contact to talks, 4 on to won, 2 back and 2 lost, 1 lost at once."""


@pytest.fixture(scope="module")
def deals() -> tenure.Book:
    stages = [
        {"account_id": f"{stages}{account}", "stage": stage, "occurred_at": f"2026-01-0{day + 1}"}
        for accounts, stages in JOURNEYS.items()
        for account in range(accounts)
        for day, stage in enumerate(stages)
    ]
    return tenure.Book(stages=stages)


def moves(book: tenure.Book, **options: Any) -> tenure.Result:
    return book.compute("stage_transition_rate", policy=OF_DEALS, **options)


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_moves_lead_forward_back_or_to_where_customers_are_lost(deals: tenure.Book) -> None:
    outcomes = list(moves(deals))
    assert flow.stages_of(outcomes) == ["contact", "lost", "won", "talks"]
    found = {(move.origin, move.target): (move.count, move.way) for move in flow.moves_of(outcomes)}
    assert found == {
        ("contact", "talks"): (8, "forward"),
        ("talks", "won"): (4, "forward"),
        ("talks", "contact"): (2, "back"),
        ("talks", "lost"): (2, "lost"),
        ("contact", "lost"): (1, "lost"),
    }
    # Moves of several periods add up.
    assert flow.moves_of(list(moves(deals, every="day"))) == flow.moves_of(outcomes)
    said = "Moves between stages: contact to talks 8, talks to won 4, talks to lost 2 and 2 rarer ones"
    assert flow.told(outcomes, most=3) == said


def test_a_lifecycle_that_is_built_in_knows_its_order(company_book: tenure.Book) -> None:
    order = flow.stages_of(list(company_book.compute("stage_transition_rate")))
    known = "aware evaluating prospect trial onboarding adoption growth renewal at_risk churned won_back"
    assert order == known.split()


def test_bands_are_as_wide_as_moves_are_frequent_and_do_not_cross_at_a_stage(deals: tenure.Book) -> None:
    found = [move for move in flow.moves_of(list(moves(deals))) if move.count < 8]
    places = {"contact": 0.5, "lost": 1.5, "won": 2.5, "talks": 3.5}
    bands = flow.bands(found, places, 0.05)
    assert {band.move.count: band.width for band in bands} == pytest.approx({4: 0.2, 2: 0.1, 1: 0.05})
    for stage, place in places.items():
        feet = [(band.start, band) for band in bands if band.move.origin == stage]
        feet += [(band.end, band) for band in bands if band.move.target == stage]
        feet.sort(key=lambda foot: foot[0])
        for (left, one), (right, other) in pairwise(feet):
            assert right - left == pytest.approx((one.width + other.width) / 2)
        if feet:
            edges = feet[0][0] - feet[0][1].width / 2, feet[-1][0] + feet[-1][1].width / 2
            assert sum(edges) / 2 == pytest.approx(place)
    # From right to left at the last stage: the way back to the first one is the outermost.
    feet_of_talks = sorted((band.start, band.move.target) for band in bands if band.move.origin == "talks")
    assert [target for _, target in feet_of_talks] == ["won", "lost", "contact"]


def test_a_picture_of_the_flow(deals: tenure.Book) -> None:
    stocks = deals.compute("lifecycle_status", by="stage", policy=OF_DEALS)
    figure = tenure.plot(moves(deals), stocks=stocks, title="Deals")
    [axes] = figure.axes
    # A stage and who is in it, in the order of the lifecycle; then counts, the largest first.
    shown = ["contact", "0 now", "lost", "3 now", "won", "4 now", "talks", "0 now"]
    assert texts(axes)[:8] == shown
    assert texts(axes)[8:10] == ["8", "4"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["forward", "back", "to lost"]
    figure.canvas.draw()
    assert not axes.get_legend().get_window_extent().overlaps(axes._left_title.get_window_extent())
    alone = tenure.plot(moves(deals)).axes[0]
    assert texts(alone)[:4] == ["contact", "lost", "won", "talks"]


@pytest.mark.parametrize("stages", [{"account_id": [1], "stage": ["trial"], "occurred_at": ["2026-01-05"]}, {}])
def test_a_picture_of_no_flow(stages: dict[str, list[Any]]) -> None:
    book = tenure.Book(stages=stages or {"account_id": [], "stage": [], "occurred_at": []})
    result = book.compute("stage_transition_rate")
    axes = tenure.plot(result).axes[0]
    assert "nobody has moved yet" in texts(axes)
    assert flow.told(list(result)) == "Nobody has moved between stages"
    assert tenure.plot(book.compute("lifecycle_status")).axes
    board = tenure.scorecard(book)
    assert "stage_transition_rate" in {skipped.kpi for skipped in board.skipped}
    assert "How accounts move" not in report.render(board, "Nobody")


def test_many_stages_and_long_names_have_room() -> None:
    names = [f"stage number {at}" for at in range(16)]
    assert flow.fitting(["won", "lost"], 1.0) == (flow.SIZES[0], 13)
    size, letters = flow.fitting(names, 0.45)
    assert size < flow.SIZES[0]
    assert letters >= len("number 15")
    size, _ = flow.fitting(["an extraordinarilylongname"], 0.45)
    assert size == flow.SIZES[-1]


def test_pictures_of_states(deals: tenure.Book, company_book: tenure.Book) -> None:
    axes = tenure.plot(deals.compute("lifecycle_status", by="stage", policy=OF_DEALS)).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["lost", "won"]
    assert sorted(patch.get_width() for patch in axes.patches if patch.get_width()) == [3, 4]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["completed", "churned"]
    monthly = company_book.compute("lifecycle_status", every="month")
    axes = tenure.plot(monthly).axes[0]
    # Who is lost stands below the line.
    lost = [-(o.value or 0) for o in monthly if o.dimensions["state"] == "churned"]
    assert sorted(lost) == sorted(patch.get_height() for patch in axes.patches if patch.get_height() < 0)
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names[0] == "on track"
    assert names[-1] == "churned"


def test_one_end_is_a_list(company_book: tenure.Book, deals: tenure.Book) -> None:
    one = tenure.plot(company_book.compute("end_probability")).axes[0]
    assert "trial, churned" in [label.get_text() for label in one.get_yticklabels()]
    two = tenure.plot(deals.compute("end_probability", policy=OF_DEALS)).axes[0]
    assert [label.get_text() for label in two.get_xticklabels()] == ["lost", "won"]


def test_the_scorecard_of_the_lifecycle(company_book: tenure.Book) -> None:
    pytest.importorskip("rich")
    from tenure.terminal import print_scorecard

    board = tenure.scorecard(company_book, family="lifecycle")
    [part] = board.parts()
    assert part.title == "Customer lifecycle"
    assert [line.card.id for line in part.lines] == ["time_in_stage"]
    assert "days" in repr(board)
    file = io.StringIO()
    print_scorecard(board, "Acme", file)
    text = file.getvalue()
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 120
    [head] = [line.split() for line in text.splitlines() if line.split()[:2] == ["stage_from", "evaluating"]]
    order = flow.stages_of(board.matrices["stage_transition_rate"])
    assert head[1:] == [stage for stage in order if stage in head]
    # With one end only, its probability is a column beside the time to it.
    assert "time_to_end (days)  end_probability (%)" in text
    assert "end_probability: churned" in text
    assert "stage_funnel needs stages" in text


def test_a_lifecycle_of_ones_own_is_told_by_its_name(deals: tenure.Book) -> None:
    board = tenure.scorecard(deals, kpis=["time_in_stage"], policies={"time_in_stage": OF_DEALS})
    assert "lifecycle deal" in repr(board)
    assert "kind" not in repr(board)


def test_the_report_has_a_section_on_the_lifecycle(company_book: tenure.Book) -> None:
    board = tenure.scorecard(company_book)
    page = unescape(report.render(board, "Acme"))
    moved = board.matrices["stage_transition_rate"]
    for text in ("Customer lifecycle", "Where accounts are, and how they do", flow.told(moved), "still there"):
        assert text in page, text
    [lifecycle] = [part for part in board.parts() if part.family == "lifecycle"]
    times, goals = report.tables(board, lifecycle)
    stages = flow.stages_of(moved)
    told = [row[0].replace(" ", "_") for row in times["rows"]]
    assert told == [stage for stage in stages if stage in told]
    trial = next(o for o in company_book.compute("time_in_stage", by="stage") if o.by["stage"] == "trial")
    [row] = [row for row in times["rows"] if row[0] == "trial"]
    assert row[1] == f"{(trial.value or 0) / 86_400:.1f}"
    assert row[3:] == [f"{trial.n:,}", f"{trial.n_censored:,}"]
    parts = company_book.compute("outcome_attainment", policy={"part": ["required", "experience", "both"]})
    assert [row[1] for row in goals["rows"]] == [f"{part.value:.1f} %" for part in parts]
    assert "7 of 10 or better" in goals["rows"][1][0]


def test_only_what_a_book_can_answer_is_in_the_report(company: dict[str, tenure.Rows]) -> None:
    goals_only = {name: company[name] for name in ("accounts", "goals", "measures")}
    page = report.render(tenure.scorecard(tenure.Book(**goals_only)), "Acme")
    assert "Goals of customers" in page
    assert "Customer lifecycle" not in page
    page = report.render(tenure.scorecard(tenure.Book(surveys=company["surveys"])), "Acme")
    assert "Goals of customers" not in page
    assert "How accounts move" not in page
    stages_only = report.render(tenure.scorecard(tenure.Book(stages=company["stages"])), "Acme")
    assert "How accounts move" in stages_only
    assert "Goals of customers" not in stages_only
