"""The scorecard, the pictures and the report."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tenure
from tenure import _show
from tenure.overview import FEW, MAIN

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")


class Page(HTMLParser):
    """Collects what a page is made of, and checks that it is well formed."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href"):
                self.links.append(value or "")
            assert not name.startswith("on"), f"{tag} has a handler"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(file: Path) -> Page:
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    assert page.open == []
    return page


def test_the_report_is_one_file_with_everything(company_book: tenure.Book, tmp_path: Path) -> None:
    file = tenure.write_report(company_book, tmp_path / "report.html", title="Acme & <Sons>", zone="Europe/Stockholm")
    page = read(file)
    assert "script" not in page.tags
    assert all(link.startswith("#") for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags["svg"] >= 8
    assert "Acme & <Sons>" in page.text
    board = tenure.scorecard(company_book, zone="Europe/Stockholm")
    for line in board.lines:
        assert line.card.name in page.text
        assert line.card.formula in page.text
    outcome = board["nps"]
    assert f"{outcome.value:.1f}" in page.text
    assert f"n {outcome.n:,}" in page.text
    for text in ("Rows that could not be used", "out of range", '"revision"', tenure.__version__, tenure.ZONE_RULES):
        assert text in page.text, text
    # References inside the pictures lead somewhere.
    source = file.read_text(encoding="utf-8")
    wanted = set(re.findall(r'(?:href="#|url\(#)([^")]+)', source))
    assert wanted <= set(page.ids)


def test_the_report_is_the_same_each_time(company_book: tenure.Book, tmp_path: Path) -> None:
    one, two = (tenure.write_report(company_book, tmp_path / name) for name in ("a.html", "b.html"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    "surveys",
    [
        {"score": []},
        {"score": [10]},
        {"score": [10] * 6, "answered_at": ["2026-01-05"] * 6},
        {"score": [None, 42], "segment": ["<b>", None]},
        {"label": ["good", "bad"], "kind": ["csat", "csat"]},
    ],
)
def test_a_report_of_little_data(surveys: dict[str, list[object]], tmp_path: Path) -> None:
    read(tenure.write_report(tenure.Book(surveys=surveys), tmp_path / "report.html"))


def test_a_report_of_nothing(tmp_path: Path) -> None:
    page = read(tenure.write_report(tenure.Book(), tmp_path / "report.html"))
    assert "Not computed" in page.text


def test_the_scorecard_agrees_with_the_book(company_book: tenure.Book) -> None:
    board = tenure.scorecard(company_book, by="plan", every="quarter", policies={"nps": {"preset": "user_voice"}})
    assert board.by == "plan"
    assert board["nps"] == company_book.compute("nps", policy={"preset": "user_voice"}).only()
    assert board["csat"] == company_book.compute("csat").only()
    assert board.trends["csat"].to_dicts() == company_book.compute("csat", every="quarter", min_n=FEW).to_dicts()
    assert board.groups["csat"].to_dicts() == company_book.compute("csat", by="plan", min_n=FEW).to_dicts()
    computed = {line.card.id for line in board.lines} | {kpi for kpis in board.breakdowns.values() for kpi in kpis}
    assert computed | {skipped.kpi for skipped in board.skipped} == {card.id for card in tenure.catalog()}
    assert board.to_dicts()[0]["kpi"] == "nps"
    assert "Net Promoter Score" in repr(board)
    assert "<table>" in board._repr_html_()
    with pytest.raises(KeyError):
        _ = board["mrr"]
    with pytest.raises(tenure.errors.UnknownKpiError):
        tenure.scorecard(company_book, kpis=["npss"])
    assert [line.card.id for line in tenure.scorecard(company_book, kpis=["csat"]).lines] == ["csat"]


def test_families_stand_apart(company_book: tenure.Book) -> None:
    board = tenure.scorecard(company_book)
    voice, support, success = parts = board.parts()
    titles = ["Voice of the customer", "Support and service", "Customer success"]
    assert [part.title for part in parts] == titles
    assert [line.card.id for part in parts for line in part.lines] == [line.card.id for line in board.lines]
    assert list(success.breakdowns["purpose"]) == ["interaction_mix"]
    assert (voice.note, support.note) == ("", "durations are medians on the calendar clock")
    assert list(support.trends) == list(MAIN["support"])
    assert set(voice.groups).isdisjoint(support.groups)
    # A backlog of less than a handful is one nonetheless.
    assert all(outcome.value == outcome.n for outcome in support.trends["backlog"])
    only = tenure.scorecard(company_book, family="support")
    assert [part.family for part in only.parts()] == ["support"]
    assert only["backlog"] == board["backlog"]
    median = company_book.compute("first_response_time", policy={"statistic": "median"}).only()
    assert board["first_response_time"] == median
    help_scout = {"first_response_time": {"preset": "help_scout"}}
    preset = tenure.scorecard(company_book, family="support", policies=help_scout)
    assert preset["first_response_time"].policy["statistic"] == "mean"
    assert preset.parts()[0].note == ""


def test_groups_that_only_one_family_knows() -> None:
    surveys = {"score": [10, 9, 3, 8, 9], "kind": ["nps"] * 5, "segment": ["a"] * 5}
    conversations = {"created_at": ["2026-01-05"], "first_replied_at": ["2026-01-06"], "plan": ["free"]}
    board = tenure.scorecard(tenure.Book(surveys=surveys, conversations=conversations))
    assert (board.by, list(board.groups)) == ("segment", ["nps"])
    assert list(tenure.scorecard(board.book, by="plan").groups) == ["first_response_time"]
    with pytest.raises(tenure.errors.UnknownColumnError):
        tenure.scorecard(board.book, by="region")


def test_durations_in_pictures(company_book: tenure.Book) -> None:
    result = company_book.compute("first_response_time", every="month", policy={"statistic": ["median", "p90"]})
    axes = tenure.plot(result).axes[0]
    assert axes.get_ylabel() == "h"
    medians = [o.value for o in result if o.dimensions["statistic"] == "median"]
    hours = [float("nan") if value is None else value / 3600 for value in medians]
    assert list(axes.lines[0].get_ydata()) == pytest.approx(hours, nan_ok=True)
    assert len(axes.get_legend().get_texts()) == 2
    dots = tenure.plot(company_book.compute("backlog_age", by="segment")).axes[0]
    assert dots.get_xlabel() == "days"


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("seconds", 0.0, "0 s"),
        ("seconds", 89.0, "89 s"),
        ("seconds", 90.0, "1.5 min"),
        ("seconds", 1_380.0, "23 min"),
        ("seconds", 6_840.0, "1.9 h"),
        ("seconds", 2.3 * 86_400, "2.3 days"),
        ("seconds", None, "-"),
        ("count", 5_652.0, "5,652"),
        ("count", 1.966, "1.97"),
        ("percent", 43.94, "43.94 %"),
        ("per_100_customers", 12.5, "12.50 per 100"),
    ],
)
def test_quantities(unit: str, value: float | None, text: str) -> None:
    assert _show.quantity(value, unit) == text


def test_what_cannot_be_computed_says_why() -> None:
    board = tenure.scorecard(tenure.Book(surveys={"score": [10, 9, 3, 8], "kind": ["nps"] * 4}))
    assert board.lines[0].card.id == "nps"
    assert board.trends == {}
    reasons = {skipped.kpi: skipped.why for skipped in board.skipped}
    assert "sent_at" in reasons["survey_response_rate"]
    assert "nothing" in reasons["csat"]
    unnamed = tenure.scorecard(tenure.Book(surveys={"score": [10, 9, 3, 8]}))
    assert "another kind or scale" in {skipped.kpi: skipped.why for skipped in unnamed.skipped}["csat"]


def test_pictures(company_book: tenure.Book) -> None:
    line = tenure.plot(company_book.compute("nps", every="month"), title="NPS")
    axes = line.axes[0]
    assert axes.get_title(loc="left") == "NPS"
    values = [outcome.value for outcome in company_book.compute("nps", every="month")]
    assert list(axes.lines[0].get_ydata()) == pytest.approx(
        [float("nan") if v is None else v for v in values], nan_ok=True
    )
    assert len(tenure.plot(company_book.compute("nps", every="month", by="segment")).axes[0].lines) >= 3
    stack = tenure.plot(company_book.compute("nps_distribution", every="month"))
    assert {text.get_text() for text in stack.axes[0].get_legend().get_texts()} == {"promoter", "passive", "detractor"}
    dots = tenure.plot(company_book.compute("theme_share"))
    assert "price" in [label.get_text() for label in dots.axes[0].get_yticklabels()]
    empty = company_book.compute("theme_share", where={"segment": "none of them"})
    with pytest.raises(tenure.errors.InvalidRequestError):
        tenure.plot(empty)
