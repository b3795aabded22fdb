"""Folders of files: canonical names, mappings, dirty cells, and errors that name file and column."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import tenure
from conftest import NEEDED

pyarrow = pytest.importorskip("pyarrow")
from pyarrow import csv, parquet  # noqa: E402


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return path


def test_the_sample_company_is_read_as_it_was_made(company_folder: Path, company_book: tenure.Book) -> None:
    book = tenure.read_folder(company_folder)
    assert book.tables == company_book.tables
    for card in tenure.catalog():
        options = NEEDED.get(card.id, {})
        by = {"by": "segment"} if card.id in ("nps", "csat", "survey_response_rate") else {}
        assert (
            book.compute(card.id, **options, **by).to_dicts()
            == company_book.compute(card.id, **options, **by).to_dicts()
        )


def test_parquet_is_read_as_it_is(tmp_path: Path, company_folder: Path) -> None:
    table = csv.read_csv(company_folder / "surveys.csv")
    parquet.write_table(table, tmp_path / "surveys.parquet")
    expected = tenure.read_folder(company_folder).compute("csat").only().value
    assert tenure.read_folder(tmp_path).compute("csat").only().value == expected


MAPPING = """
[surveys]
file = ["answers-*.csv"]
delimiter = ";"
survey_id = "No."
score = { column = "Stars", scale = 2 }
answered_at = { column = "When", format = "%d/%m/%Y %H:%M", zone = "Europe/Stockholm" }
kind = { constant = "nps" }
tags = { column = "Topics", separator = "," }
excluded = "Test?"
"""


def test_a_mapping_names_formats_scales_constants_and_zones(tmp_path: Path) -> None:
    header = "No.;Stars;When;Topics;Test?;Country\n"
    folder(
        tmp_path,
        **{
            "answers-1__csv": header + "1;5;01/07/2026 00:30;price, speed;no;SE\n2;4.5;30/06/2026 23:59;;No;SE\n",
            "answers-2__csv": header + "3;1;01/07/2026 12:00;price;YES;NO\n",
            "mapping__toml": MAPPING,
        },
    )
    book = tenure.read_folder(tmp_path)
    months = book.compute("nps", every="month", zone="Europe/Stockholm")
    assert [(o.period_start.month, o.value, o.n, o.n_excluded) for o in months if o.period_start] == [
        (6, 100.0, 1, 0),
        (7, 100.0, 1, 1),
    ]
    # Midnight in Stockholm is 22:00 of the day before in UTC.
    assert [o.n for o in book.compute("nps", every="month", by="Country", where={"Country": "SE"})] == [2]
    themes = book.compute("theme_share")
    assert [o.dimensions["theme"] for o in themes] == ["price", "speed"]
    assert book["surveys"]["score"] == [10.0, 9.0, 2.0]


def test_cells_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    text = "score,answered_at,declined\n10,2026-01-05,true\nten,2026-01-06,false\n9,yesterday,\nN/A,2026-01-07T10:00:00Z,maybe\n"
    folder(tmp_path, surveys__csv=text)
    with pytest.warns(UserWarning, match=r"surveys\.csv.*score.*'ten'"):
        book = tenure.read_folder(tmp_path)
    outcome = book.compute("nps").only()
    assert (outcome.n, outcome.n_invalid, outcome.n_missing, outcome.units) == (1, 2, 1, 4)
    assert [(f["column"], f["row"]) for f in book.faults("nps")] == [("score", 1), ("answered_at", 2)]
    assert "yesterday" in book.faults("nps")["text"][1]


def test_flags_are_read_by_one_rule_in_files_and_in_memory(tmp_path: Path) -> None:
    words = ["no", "YES", " y ", "0", "", "T", "false"]
    users = {"user_id": list("abcdefg"), "internal": words}
    events = {"user_id": list("abcdefg"), "occurred_at": ["2026-01-05T10:00:00Z"] * 7}
    lines = {"events": zip(*events.values(), strict=True), "users": zip(*users.values(), strict=True)}
    headers = {"events": "user_id,occurred_at\n", "users": "user_id,internal\n"}
    texts = {f"{name}__csv": headers[name] + "\n".join(",".join(row) for row in rows) for name, rows in lines.items()}
    read = tenure.read_folder(folder(tmp_path, **texts))
    assert read["users"]["internal"] == [False, True, True, False, None, True, False]
    for book in (read, tenure.Book(events=events, users=users)):
        answer = book.compute("active_users", as_of="2026-02-01").only()
        assert (answer.value, answer.n_excluded) == (4, 3)


def test_a_flag_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    folder(tmp_path, events__csv="user_id,occurred_at\na,2026-01-05\n", users__csv="user_id,internal\na,no\nb,nope\n")
    with pytest.raises(TypeError, match=r'internal.*users.*row 1.*"nope"') as caught:
        tenure.read_folder(tmp_path).compute("active_users", as_of="2026-02-01")
    assert (caught.value.table, caught.value.column, caught.value.row) == ("users", "internal", 1)  # type: ignore[attr-defined]


def test_formats_that_fit_only_some_cells(tmp_path: Path) -> None:
    mapping = '[surveys]\nanswered_at = {column = "answered_at", format = "%d.%m.%Y"}\n'
    folder(
        tmp_path, surveys__csv="score,answered_at\n10,5.1.2026\n9,31.02.2026\n8,\n3,06.01.2026\n", mapping__toml=mapping
    )
    book = tenure.read_folder(tmp_path)
    outcome = book.compute("nps").only()
    # There is no February 31, and the row without a time has a score that is counted as invalid.
    assert (outcome.n, outcome.value, outcome.n_invalid) == (2, 0.0, 2)
    assert "31.02.2026" in str(book.faults("nps")["text"])


@pytest.mark.parametrize(
    ("text", "form", "instant"),
    [
        ("05/01/2026", "%d/%m/%Y", "2026-01-05T00:00:00Z"),
        ("5 Jan 26, 3:07 PM", "%d %b %y, %I:%M %p", "2026-01-05T15:07:00Z"),
        ("20260105T150703.5", "%Y%m%dT%H%M%S.%f", "2026-01-05T15:07:03.5Z"),
        ("2026-01-05 15:07 +0200", "%Y-%m-%d %H:%M %z", "2026-01-05T13:07:00Z"),
    ],
)
def test_formats(tmp_path: Path, text: str, form: str, instant: str) -> None:
    mapping = f'[surveys]\nanswered_at = {{column = "at", format = "{form}"}}\n'
    folder(tmp_path, surveys__csv=f'score,at\n10,"{text}"\n', mapping__toml=mapping)
    assert tenure.read_folder(tmp_path).compute("nps").as_of == dt.datetime.fromisoformat(instant)


def test_a_format_that_fits_nothing(tmp_path: Path) -> None:
    mapping = '[surveys]\nanswered_at = {column = "at", format = "%d/%m/%Y"}\n'
    folder(tmp_path, surveys__csv="score,at\n10,2026-01-05\n", mapping__toml=mapping)
    with pytest.raises(tenure.errors.InvalidRequestError, match=r'surveys\.csv, column "at".*2026-01-05'):
        tenure.read_folder(tmp_path)


@pytest.mark.parametrize("format_", ["", ', format = "%Y-%m-%d %H:%M"'])
def test_times_that_a_zone_skips_are_faults(tmp_path: Path, format_: str) -> None:
    # On 2026-03-29 clocks in Stockholm went from 02:00 to 03:00.
    mapping = f'[surveys]\nanswered_at = {{column = "at", zone = "Europe/Stockholm"{format_}}}\n'
    text = "score,at\n10,2026-03-29 02:30\n9,2026-03-29 03:30\n8,2026-10-25 02:30\n7,garbage\n"
    folder(tmp_path, surveys__csv=text, mapping__toml=mapping)
    book = tenure.read_folder(tmp_path)
    assert book.compute("nps").only().n == 2
    faults = book.faults("nps").to_dicts()
    assert [fault["row"] for fault in faults] == [0, 3]
    # Of the two times that were 02:30, the first: in summer time, two hours before UTC.
    hours = book.compute("nps", every="hour", start="2026-10-25T00:00:00Z", end="2026-10-25T01:00:00Z")
    assert [o.n for o in hours] == [1]


def test_mixed_offsets_are_left_to_the_core(tmp_path: Path) -> None:
    folder(tmp_path, surveys__csv="score,answered_at\n10,2026-01-05T10:00:00+02:00\n9,2026-01-06\n3,2026-01-05 10:00\n")
    assert tenure.read_folder(tmp_path).compute("nps").only().n == 3


def test_times_as_exports_print_them(tmp_path: Path) -> None:
    times = [
        "2026-01-05 10:00:00 UTC",
        "2026-01-05t10:00:00z",
        "20260105T100000Z",
        "2026-01-05T10:00:00Z[Europe/Stockholm]",
    ]
    folder(tmp_path, surveys__csv="score,answered_at\n" + "".join(f"10,{time}\n" for time in times))
    hours = tenure.read_folder(tmp_path).compute("nps", every="hour")
    assert [(o.period_start, o.n) for o in hours] == [(dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC), len(times))]


def test_other_files_and_other_tables_are_no_mistake(tmp_path: Path) -> None:
    # A file of another name is ignored, also if its name is nearly that of a table.
    folder(tmp_path, surveys__csv="score\n10\n", survey__csv="score\n0\n", notes__csv="a\n1\n")
    assert tenure.read_folder(tmp_path).tables == ["surveys"]
    assert len(tenure.Book(**{name: {"id": [1]} for name in tenure.files.TABLES})) == len(tenure.files.TABLES)
    (tmp_path / "mapping.toml").write_text('[survey]\nfile = "survey.csv"\n', encoding="utf-8")
    with pytest.raises(tenure.InvalidRequestError, match='did you mean "surveys"'):
        tenure.read_folder(tmp_path)


def test_quotes_and_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "surveys.csv").write_bytes('score,segment\n10,"a, ""b""\nc"\n3,caf\xe9\n'.encode("latin-1"))
    (tmp_path / "mapping.toml").write_text('[surveys]\nencoding = "latin-1"\n', encoding="utf-8")
    groups = [o.by["segment"] for o in tenure.read_folder(tmp_path).compute("nps", by="segment")]
    assert groups == ['a, "b"\nc', "caf\xe9"]


def test_ids_are_the_same_in_all_tables(tmp_path: Path) -> None:
    folder(tmp_path, surveys__csv="score,account_id\n10,1\n3,x2\n", accounts__csv="account_id,segment\n1,smb\n2,mid\n")
    found = {o.by["segment"]: o.n for o in tenure.read_folder(tmp_path).compute("nps", by="segment")}
    assert found == {"smb": 1, None: 1}


@pytest.mark.parametrize(
    ("files", "kind", "names"),
    [
        ({}, "missing_table", ["surveys.csv"]),
        ({"mapping__toml": "surveys = 3"}, "invalid_request", ["mapping.toml", "surveys"]),
        ({"mapping__toml": "["}, "invalid_request", ["mapping.toml", "TOML"]),
        ({"mapping__toml": '[surveys]\nfile = "x.csv"'}, "missing_table", ["x.csv"]),
        ({"mapping__toml": '[surveys]\nscore = "NPS"'}, "missing_table", ["file ="]),
        ({"mapping__toml": '[surveys]\nscore = {colum = "NPS"}'}, "invalid_request", ["colum", "column"]),
        (
            {"surveys__csv": "a\n1\n", "mapping__toml": '[surveys]\nscore = "NPS"'},
            "missing_column",
            ["surveys.csv", "NPS"],
        ),
        ({"surveys__csv": "a,a\n1,2\n"}, "invalid_request", ["surveys.csv", "two columns"]),
        ({"surveys__csv": "a,b\n1,2,3\n"}, "invalid_request", ["surveys.csv"]),
        ({"surveys__csv": ""}, "invalid_request", ["surveys.csv"]),
        ({"surveys__parquet": "none"}, "invalid_request", ["surveys.parquet"]),
        ({"surveys__csv": "a\n1\n", "surveys__parquet": ""}, "invalid_request", ["which"]),
        (
            {"surveys__csv": "a\n1\n", "mapping__toml": '[surveys]\nat = {column = "a", zone = "Mars", format = "%d"}'},
            "unknown_zone",
            ["Mars", "surveys.csv"],
        ),
    ],
)
def test_errors_name_file_and_column(tmp_path: Path, files: dict[str, str], kind: str, names: list[str]) -> None:
    folder(tmp_path, **files)
    with pytest.raises(tenure.TenureError) as caught:
        tenure.read_folder(tmp_path)
    assert caught.value.kind == kind
    assert all(name in str(caught.value) for name in names), str(caught.value)


def test_a_folder_or_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(tenure.errors.MissingTableError, match="not a folder"):
        tenure.read_folder(tmp_path / "nowhere")
    with pytest.raises(tenure.errors.InvalidRequestError, match=r"other\.toml"):
        tenure.read_folder(tmp_path, tmp_path / "other.toml")


def test_what_was_planted_is_written_beside(company_folder: Path, company_book: tenure.Book) -> None:
    truth = json.loads((company_folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["rows"] == {name: len(company_book[name]) for name in company_book.tables}
    rate = company_book.compute("firefighting_rate").only()
    fires = truth["success"]["firefighting_accounts"]
    assert (rate.numerator, rate.n) == (len(fires), truth["success"]["accounts"])
    accounts = company_book.compute("firefighting_rate", by=["account_id"]).to_dicts()
    assert [row["account_id"] for row in accounts if row["value"] == 100] == fires
    mix = {row["purpose"]: row for row in company_book.compute("interaction_mix").to_dicts()}
    labels = {purpose: row["numerator"] for purpose, row in mix.items()}
    unknown = truth["success"]["labels"].keys() - labels.keys()
    assert labels == {label: n for label, n in truth["success"]["labels"].items() if label not in unknown}
    assert mix["success"]["n_missing"] == truth["success"]["unlabelled"]
