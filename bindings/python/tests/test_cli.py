"""The command: what it prints, and what it exits with."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tenure
from tenure.cli import main

pytest.importorskip("pyarrow")
pytest.importorskip("rich")


def test_scorecard(company_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scorecard", str(company_folder), "--zone", "Europe/Stockholm", "--by", "region"]) == 0
    out = capsys.readouterr().out
    assert max(len(line) for line in out.splitlines()) <= 120
    book = tenure.read_folder(company_folder)
    outcome = book.compute("nps").only()
    assert f"{outcome.value:.1f} points" in out
    assert f"{outcome.n:,}" in out
    # Its periods are months, and who was active is counted in 28 days.
    assert out.count("active_users, last 28 days") == 2
    for text in ("Net Promoter Score", "scale 0 to 10", "By month", "By region", "95 % interval", "out_of_range"):
        assert text in out, text


def test_scorecard_of_a_family(company_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scorecard", str(company_folder), "--family", "support"]) == 0
    out = capsys.readouterr().out
    assert max(len(line) for line in out.splitlines()) <= 120
    for text in ("Support and service", "durations are medians", "First response time", "backlog", "(h)"):
        assert text in out, text
    assert "Net Promoter Score" not in out
    assert main(["scorecard", str(company_folder), "--family", "support", "--json"]) == 0
    lines = json.loads(capsys.readouterr().out)
    assert {line["family"] for line in lines} == {"support"}
    found = next(line for line in lines if line["kpi"] == "full_resolution_time")
    # Machines get seconds.
    median = tenure.read_folder(company_folder).compute("full_resolution_time", policy={"statistic": "median"}).only()
    assert (found["value"], found["unit"], found["policy"]["statistic"]) == (median.value, "seconds", "median")


def test_what_is_missing_is_told_briefly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "surveys.csv").write_text("score,kind\n10,nps\n9,nps\n3,nps\n", encoding="utf-8")
    assert main(["scorecard", str(tmp_path)]) == 0
    told = capsys.readouterr().out.partition("Not computed:")[2]
    assert re.search(r'no table "conversations": first_response_time, .* and \d+ more', told.replace("\n", " "))
    # At most three lines for each of the eight tables that are not there, long as the lists of KPIs are.
    assert len(told.strip().splitlines()) <= 24


def test_scorecard_as_json(company_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scorecard", str(company_folder), "--json"]) == 0
    lines = {line["kpi"]: line for line in json.loads(capsys.readouterr().out)}
    assert lines["nps"]["value"] == tenure.read_folder(company_folder).compute("nps").only().value
    assert lines["nps"]["policy"]["scale"] == [0, 10]


def test_compute(company_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compute", "nps", str(company_folder), "--every", "quarter", "--by", "segment", "--by", "plan"]
    assert main([*arguments, "--policy", '{"preset": "wootric"}', "--as-of", "2026-01-01", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"segment", "plan", "value", "period_start"} <= set(rows[0])
    assert rows[0]["policy"]["preset"] == "wootric"
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("nps in points")


def test_sample_explain_and_catalog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", str(tmp_path / "new"), "--accounts", "5", "--months", "3", "--seed", "9"]) == 0
    assert (tmp_path / "new" / "surveys.csv").is_file()
    assert json.loads((tmp_path / "new" / "truth.json").read_text(encoding="utf-8"))["seed"] == 9
    # One of them is a lead that never signed up.
    assert "accounts.csv: 6 rows" in capsys.readouterr().out
    assert main(["explain", "nps"]) == 0
    assert "adjusted_wald | wald | t" in capsys.readouterr().out
    assert main(["explain", "nps", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "nps"
    assert main(["catalog"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [card.id for card in tenure.catalog()]
    assert main(["catalog", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(listed)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """Write a file of labelled interactions."""
    lines = ["interaction_id,text,departments,transactional,label"]
    lines += [f"{row},Printer {row} is on fire,support|engineering,no,support" for row in range(4)]
    lines += [f"{row},Where is the invoice of order {row}?,finance,yes,service" for row in range(4, 8)]
    lines += [f"{row},Shall we review your goals for year {row}?,,no,success" for row in range(8, 12)]
    lines += ["12,,,,"]
    file = tmp_path / "tickets 2026.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_classify(tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", str(tickets)]) == 0
    out = capsys.readouterr().out
    assert out.endswith("13 interactions: 4 support, 4 service, 4 success, 1 undecided\n")
    assert "model: standard-" in out
    assert main(["classify", str(tickets), "--json", "--evidence", "1", "--threshold", "1"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert [row["interaction_id"] for row in read] == [str(row) for row in range(13)]
    assert len(read[0]["evidence"]) == 1
    assert {row["label"] for row in read} == {None}
    for name in ("labelled.csv", "labelled.parquet"):
        assert main(["classify", str(tickets), "-o", str(tmp_path / name)]) == 0
        assert name in capsys.readouterr().out
        written = tenure.files.read_one(tmp_path / name, "interactions").to_pylist()
        assert [row["label"] for row in written] == ["support"] * 4 + ["service"] * 4 + ["success"] * 4 + [None]
        evidence = written[0]["evidence"]
        pieces = json.loads(evidence) if name.endswith("csv") else evidence
        assert {piece["pushes"] for piece in pieces} <= {"support", "service", "success"}


def test_train(tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "my.model"
    assert main(["train", str(tickets), "-o", str(model), "--folds", "3", "--name", "mine"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("mine-")
    assert "12 rows" in out
    assert "my.model" in out
    assert main(["classify", str(tickets), "--model", str(model), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["model"] == tenure.Classifier.load(model).id
    assert main(["train", str(tickets), "-o", str(model), "--alone", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["confusion"]["support"].keys() == {"support", "service", "success"}


PILOT = """
name = "pilot"
[[stages]]
name = "pilot"
kind = "start"
expected = "30d"
next = ["live"]
[[stages]]
name = "live"
kind = "end"
"""


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Write the stages of two accounts, and a lifecycle of one's own."""
    (tmp_path / "pilot.toml").write_text(PILOT, encoding="utf-8")
    folder = tmp_path / "customers"
    folder.mkdir()
    rows = [
        "account_id,stage,occurred_at,reason",
        "7,pilot,2026-01-01,sign-up",
        "7,live,2026-02-10,",
        "9,pilot,2026-02-20,",
    ]
    (folder / "stages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_journeys(customers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["--lifecycle", str(tmp_path / "pilot.toml"), "--as-of", "2026-03-01"]
    for files in ([customers], [customers / "stages.csv"]):
        assert main(["journeys", *map(str, files), *own, "--json"]) == 0
        stays = json.loads(capsys.readouterr().out)
        # 40 days of 30, a good end, 9 days.
        assert [(stay["account_id"], stay["status"], stay["seconds"] / 86_400) for stay in stays] == [
            ("7", "behind", 40), ("7", "completed", 19), ("9", "on_track", 9),
        ]  # fmt: skip
    assert main(["journeys", str(customers), *own, "--account", "7", "--zone", "Europe/Stockholm"]) == 0
    out = capsys.readouterr().out
    assert "pilot: sign-up" in out
    assert "2026-01-01 01:00" in out
    assert main(["journeys", str(customers), *own, "-o", str(tmp_path / "stays.csv")]) == 0
    assert capsys.readouterr().out.startswith("3 stays are in ")
    assert tenure.files.read_one(tmp_path / "stays.csv", "stages")["status"].to_pylist() == [
        "behind",
        "completed",
        "on_track",
    ]
    # The lifecycle is that of the book, for other commands too.
    assert main(["compute", "lifecycle_status", str(customers), *own, "--json"]) == 0
    assert {row["state"] for row in json.loads(capsys.readouterr().out)} == {"on_track", "completed"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["journeys", "CUSTOMERS"], "subscription"),
        (["journeys", "nowhere.csv"], "nowhere.csv"),
        (["journeys", "CUSTOMERS", "--lifecycle", "none.toml"], "none.toml"),
        (["journeys", "CUSTOMERS", "--lifecycle", "CUSTOMERS/stages.csv"], "lifecycle"),
        (["journeys", "CUSTOMERS/stages.csv", "CUSTOMERS/stages.csv"], "stages"),
        (["journeys", "CUSTOMERS", "--lifecycle", "CUSTOMERS/../pilot.toml", "--account", "8"], "8"),
    ],
)
def test_mistakes_with_journeys(
    arguments: list[str], text: str, customers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.replace("CUSTOMERS", str(customers)) for argument in arguments]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("tenure: ")
    assert text in captured.err


def test_a_mapping_names_the_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.csv").write_text("Body;From\nThe app crashes;customer\n", encoding="utf-8")
    mapping = '[interactions]\ndelimiter = ";"\ntext = "Body"\nauthor = "From"\n'
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    arguments = ["classify", str(tmp_path / "export.csv"), "--mapping", str(tmp_path / "mapping.toml")]
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["label"] == "support"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["classify", "nowhere.csv"], "nowhere.csv"),
        (["classify", "TICKETS", "--threshold", "2"], "threshold"),
        (["classify", "TICKETS", "-o", "out.xlsx"], "out.xlsx"),
        (["classify", "TICKETS", "--model", "none.model"], "none.model"),
        (["classify", "TICKETS", "--model", "TICKETS"], "classifier"),
        (["train", "TICKETS", "-o", "x.model", "--folds", "1"], "folds"),
    ],
)
def test_mistakes_with_texts(
    arguments: list[str], text: str, tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tickets) if argument == "TICKETS" else argument for argument in arguments]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("tenure: ")
    assert text in captured.err
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["explain", "npss"], "nps"),
        (["scorecard", "nowhere"], "nowhere"),
        (["compute", "npss", "FOLDER"], "nps"),
        (["scorecard", "FOLDER", "--by", "segmnt"], "segment"),
        (["scorecard", "FOLDER", "--family", "revenue"], "voice, support"),
        (["scorecard", "FOLDER", "--zone", "Europe/Stokholm"], "Europe/Stockholm"),
        (["scorecard", "FOLDER", "--mapping", "none.toml"], "none.toml"),
    ],
)
def test_mistakes_are_told_in_one_line(
    arguments: list[str], text: str, company_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(company_folder) if argument == "FOLDER" else argument for argument in arguments]) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("tenure: ")
    assert text in captured.err
    assert len(captured.err.splitlines()) == 1


def test_usage_errors_exit_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["scorecrd"], ["compute", "nps"], ["scorecard", ".", "--every", "fortnight"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    capsys.readouterr()


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "tenure", "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith(f"tenure {tenure.__version__} (time-zone rules 20")
