"""The scorecard, the pictures and the report."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tenure
from tenure import _show, pictures, report
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
    computed |= set(board.matrices)
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
    voice, support, usage, performance, success, lifecycle = parts = board.parts()
    titles = ["Voice of the customer", "Support and service", "Usage", "Product performance", "Customer success"]
    assert [part.title for part in parts] == [*titles, "Customer lifecycle"]
    assert list(lifecycle.matrices) == ["stage_transition_rate", "end_probability"]
    assert [line.card.id for part in parts for line in part.lines] == [line.card.id for line in board.lines]
    assert list(success.breakdowns["purpose"]) == ["interaction_mix"]
    assert (voice.note, support.note) == ("", "durations are medians on the calendar clock")
    assert (usage.note in ("", "durations are medians"), performance.note) == (True, "")
    assert list(support.trends) == list(MAIN["support"])
    assert list(performance.trends) == list(MAIN["performance"])
    # Uptime has no value of all time, and incidents have no segment.
    assert list(performance.groups) == ["error_rate", "apdex", "latency_percentile"]
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
    assert "nps" not in tenure.scorecard(board.book, by="plan").groups
    assert "first_response_time" in tenure.scorecard(board.book, by="plan").groups
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


def test_what_needs_a_definition_is_left_out_with_its_reason(company_book: tenure.Book) -> None:
    board = tenure.scorecard(company_book, kpis=["mttr", "uptime"])
    [skipped] = board.skipped
    assert skipped.kpi == "mttr"
    assert "choose its definition" in skipped.why
    told = tenure.scorecard(company_book, kpis=["mttr"], policies={"mttr": {"definition": "recovery"}})
    policy = {"definition": "recovery", "statistic": "median"}
    assert told["mttr"] == company_book.compute("mttr", policy=policy).only()
    # What somebody chose has to be right, and so have times and zones.
    with pytest.raises(tenure.errors.InvalidRequestError):
        tenure.scorecard(company_book, kpis=["mttr"], policies={"mttr": {"open": "kaplan_meier"}})
    with pytest.raises(tenure.errors.InvalidRequestError):
        tenure.scorecard(company_book, start="2025-01-01", end="2024-01-01")
    with pytest.raises(tenure.errors.UnknownZoneError):
        tenure.scorecard(company_book, zone="Europe/Atlantis")


def test_kpis_that_compare_periods_tell_the_last_whole_one(company_book: tenure.Book) -> None:
    board = tenure.scorecard(company_book, family="usage")
    states = board.breakdowns["state"]["lifecycle_users"]
    assert [outcome.dimensions["state"] for outcome in states] == ["new", "returning", "resurrecting", "dormant"]
    [start] = {outcome.period_start for outcome in states}
    monthly = [o for o in company_book.compute("lifecycle_users", every="month") if o.status == "ok"]
    assert start == max(outcome.period_start for outcome in monthly if outcome.period_start)
    uptime = next(line for line in tenure.scorecard(company_book).lines if line.card.id == "uptime")
    assert (uptime.note, uptime.outcome.value is not None) == ("Jul 2024", True)
    text = io.StringIO()
    pytest.importorskip("rich")
    from tenure.terminal import print_scorecard

    print_scorecard(board, "Acme", text)
    assert "lifecycle_users: Jul 2024" in text.getvalue()


def test_a_scorecard_of_usage_looks_at_four_weeks(company_book: tenure.Book) -> None:
    board = tenure.scorecard(company_book, family="usage")
    assert board["active_users"] == company_book.compute("active_users", policy={"window": "28d"}).only()
    assert board["active_users"].value != company_book.compute("active_users").only().value
    given = tenure.scorecard(company_book, kpis=["active_users"], policies={"active_users": {"window": "7d"}})
    assert given["active_users"].policy["window"] == "7d"


def test_rows_that_kpis_of_periods_cannot_use(company_book: tenure.Book) -> None:
    faults = tenure.scorecard(company_book, family="performance").fault_counts()
    assert faults == [("incidents", "resolved_at", "before_start", 1)]


def test_uptime_without_an_incident_is_no_absence() -> None:
    incidents = {
        "incident_id": [1, 2],
        "started_at": ["2026-01-05", "2026-03-05"],
        "resolved_at": ["2026-01-06", "2026-03-06"],
    }
    board = tenure.scorecard(tenure.Book(incidents=incidents), as_of="2026-02-28T23:59:59.999999Z")
    assert (board["uptime"].value, board["uptime"].n) == (100, 0)


def test_pictures_of_usage(company_book: tenure.Book) -> None:
    result = company_book.compute("lifecycle_users", every="month", as_of="2024-09-01")
    axes = tenure.plot(result).axes[0]
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["new", "returning", "resurrecting", "dormant"]
    heights = {name: [bar.get_height() for bar in bars] for name, bars in zip(names, axes.containers, strict=True)}
    told = {name: [o.value for o in result if o.dimensions["state"] == name] for name in names}
    assert heights["returning"] == told["returning"]
    assert heights["dormant"] == [-(value or 0) for value in told["dormant"]]
    board = tenure.scorecard(company_book, family="usage")
    days = report.active_days(board)
    assert list(days) == ["daily", "weekly", "monthly"]
    assert days["monthly"][-1].value == board["active_users"].value
    assert all(
        (day.value or 0) <= (week.value or 0) <= (month.value or 0)
        for day, week, month in zip(*days.values(), strict=True)
    )
    titles = [picture["title"] for part in board.parts() for picture in report.pictures(board, part)]
    assert {"Active users, daily", "Users who come and go, by month"} <= set(titles)
    texts = {picture["title"]: picture["text"] for part in board.parts() for picture in report.pictures(board, part)}
    assert texts["Stickiness, monthly"].startswith("Of the 28 days up to each month's end.")


def cells() -> list[Any]:
    """Make a triangle of two cohorts, the second one younger."""
    values = {("2026-01-01", 0): 100.0, ("2026-01-01", 1): 40.0, ("2026-02-01", 0): 100.0, ("2026-02-01", 1): None}
    return [
        SimpleNamespace(dimensions={"cohort": cohort, "age": age}, value=value, unit="percent", period_start=None)
        for (cohort, age), value in values.items()
    ]


def test_a_triangle_of_cohorts() -> None:
    figure = report.plot_with(lambda axes: pictures.heat(axes, cells()), (6, 2))
    [axes] = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["2026-01-01", "2026-02-01"]
    assert [text.get_text() for text in axes.texts] == ["100", "40", "100"]
    # In a page there are no images to be loaded, also none inside of pictures.
    assert "<image" not in pictures.svg(figure, "cohorts", "Cohorts")
    if "cohort_matrix" in [card.id for card in tenure.catalog()]:
        book = tenure.Book(**tenure.sample.company(accounts=20, months=4))
        board = tenure.scorecard(book, family="usage")
        assert len({cell.dimensions["cohort"] for cell in board.matrices["cohort_matrix"]}) == 4
        assert tenure.plot(board.compute("cohort_matrix", every="month")).axes[0].texts


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
