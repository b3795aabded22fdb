"""The command `tenure`: a scorecard of a folder of files, journeys, the classifier, the sample company, the catalog."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tenure
from tenure.errors import TenureError

DESCRIPTION = """\
Customer KPIs from a folder of CSV or Parquet files, one file per table (surveys.csv, accounts.csv, ...).
Files of other programs are read with --mapping FILE, a TOML file that names the columns; without it,
DIR/mapping.toml is used if it is there.
"""


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    formatter = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(prog="tenure", description=DESCRIPTION, formatter_class=formatter)
    version = f"tenure {tenure.__version__} (time-zone rules {tenure.ZONE_RULES})"
    top.add_argument("--version", action="version", version=version)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    book = argparse.ArgumentParser(add_help=False)
    book.add_argument("--mapping", metavar="FILE", type=Path, help="where the columns come from")
    book.add_argument("--lifecycle", metavar="FILE", type=Path, help="the lifecycle of the customers, a TOML file")
    book.add_argument("--zone", metavar="ZONE", default="UTC", help="the IANA zone of periods (default UTC)")
    book.add_argument("--as-of", metavar="TIME", help="what is known (default: the latest time in the tables)")

    folder = argparse.ArgumentParser(add_help=False, parents=[book])
    folder.add_argument("dir", metavar="DIR", type=Path, help="the folder with the tables")
    folder.add_argument("--by", metavar="COLUMN", action="append", help="compare groups; may be repeated in compute")
    folder.add_argument("--start", metavar="TIME", help="only rows from this time on")
    folder.add_argument("--end", metavar="TIME", help="only rows before this time")
    folder.add_argument(
        "--every",
        choices=["hour", "day", "week", "month", "quarter", "year"],
        help="the grain of periods",
    )

    score = commands.add_parser("scorecard", parents=[folder], help="every KPI that the tables allow")
    score.add_argument("--family", metavar="NAME", help="only the KPIs of this family, such as support")
    score.add_argument("--report", metavar="FILE", type=Path, help="also write a report, a single HTML file")
    score.add_argument("--title", metavar="NAME", help="the company's name, for the report")
    score.add_argument("--json", action="store_true", help="print JSON")
    score.set_defaults(run=run_scorecard)

    compute = commands.add_parser("compute", help="one KPI")
    compute.add_argument("kpi", metavar="KPI", help="its id, as `tenure catalog` lists it")
    compute.add_argument("--policy", metavar="JSON", type=json.loads, help='choices, as {"preset": "wootric"}')
    compute.add_argument("--json", action="store_true", help="print JSON")
    for action in folder._actions:
        compute._add_action(action)
    compute.set_defaults(run=run_compute)

    journeys = commands.add_parser("journeys", parents=[book], help="how customers went through the lifecycle")
    journeys.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="files named as their tables (stages.csv), or one folder"
    )
    journeys.add_argument("--account", metavar="ID", help="all that happened with this one")
    journeys.add_argument("--policy", metavar="JSON", type=json.loads, help='choices, as {"impossible": "refuse"}')
    journeys.add_argument("-o", "--output", metavar="FILE", type=Path, help="write a .csv or .parquet file")
    journeys.add_argument("--json", action="store_true", help="print JSON")
    journeys.set_defaults(run=run_journeys)

    texts = argparse.ArgumentParser(add_help=False)
    texts.add_argument("file", metavar="FILE", type=Path, help="a CSV or Parquet file of interactions")
    texts.add_argument("--mapping", metavar="FILE", type=Path, help="where the columns come from, under [interactions]")

    classify = commands.add_parser("classify", parents=[texts], help="support, service or success?")
    classify.add_argument("--model", metavar="FILE", type=Path, help="a classifier of `tenure train`")
    classify.add_argument("--threshold", metavar="P", type=float, help="abstain below this probability (default 0.45)")
    classify.add_argument("--evidence", metavar="N", type=int, help="how many pieces of evidence (default 5)")
    classify.add_argument("-o", "--output", metavar="FILE", type=Path, help="write a .csv or .parquet file")
    classify.add_argument("--json", action="store_true", help="print JSON")
    classify.set_defaults(run=run_classify)

    train = commands.add_parser("train", parents=[texts], help="a classifier of your own, from a column `label`")
    train.add_argument("-o", "--output", metavar="FILE", type=Path, required=True, help="where the classifier goes")
    train.add_argument(
        "--alone", action="store_true", help="learn from these rows alone, not from the standard one too"
    )
    train.add_argument("--folds", metavar="N", type=int, help="parts of the cross-validation (default 5)")
    train.add_argument("--regularisation", metavar="X", type=float, help="more for few or noisy rows (default 1)")
    train.add_argument("--name", metavar="NAME", help="what its id begins with (default own)")
    train.add_argument("--json", action="store_true", help="print the metrics as JSON")
    train.set_defaults(run=run_train)

    sample = commands.add_parser("sample", help="write the files of a sample company")
    sample.add_argument("dir", metavar="DIR", type=Path, help="where to")
    sample.add_argument("--accounts", metavar="N", type=int, default=200, help="how many customers (default 200)")
    sample.add_argument("--months", metavar="M", type=int, default=24, help="how many months (default 24)")
    sample.add_argument("--seed", metavar="S", type=int, default=1, help="which company (default 1)")
    sample.set_defaults(run=run_sample)

    explain = commands.add_parser("explain", help="what a KPI means and what can be chosen")
    explain.add_argument("kpi", metavar="KPI", help="its id or alias")
    explain.add_argument("--json", action="store_true", help="print JSON")
    explain.set_defaults(run=run_explain)

    listed = commands.add_parser("catalog", help="all KPIs")
    listed.add_argument("--json", action="store_true", help="print JSON")
    listed.set_defaults(run=run_catalog)
    return top


def given(arguments: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Collect the options that were given."""
    values = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def scope(arguments: argparse.Namespace) -> dict[str, Any]:
    """Collect the options of a request."""
    return given(arguments, "every", "zone", "as_of", "start", "end")


def lifecycle(arguments: argparse.Namespace) -> tenure.Lifecycle | None:
    """Read the lifecycle, if one was given."""
    from tenure.files import read_lifecycle

    return read_lifecycle(arguments.lifecycle) if arguments.lifecycle else None


def print_json(value: Any) -> None:
    """Print JSON; times as ISO 8601."""
    print(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def run_scorecard(arguments: argparse.Namespace) -> None:
    """Print the scorecard and write the report."""
    by = arguments.by or [None]
    if len(by) > 1:
        raise SystemExit("tenure scorecard: --by takes one column here")
    book = tenure.read_folder(arguments.dir, arguments.mapping, lifecycle(arguments))
    board = tenure.scorecard(book, by=by[0], family=arguments.family, **scope(arguments))
    title = arguments.title or arguments.dir.resolve().name
    if arguments.report:
        # Before anything is printed, so that it is written even if whoever reads the output stops early.
        tenure.write_report(board, arguments.report, title=title)
    if arguments.json:
        print_json(board.to_dicts())
        return
    from tenure.terminal import print_scorecard

    print_scorecard(board, title)
    if arguments.report:
        print(f"The report is in {arguments.report}.")


def run_compute(arguments: argparse.Namespace) -> None:
    """Print the answer to one request."""
    book = tenure.read_folder(arguments.dir, arguments.mapping, lifecycle(arguments))
    options = scope(arguments)
    if arguments.policy:
        options["policy"] = arguments.policy
    result = book.compute(arguments.kpi, by=arguments.by or [], **options)
    if arguments.json:
        print_json([{**row, "policy": json.loads(row["policy"])} for row in result.to_dicts()])
    else:
        print(result)


def run_journeys(arguments: argparse.Namespace) -> None:
    """Print the journeys of all accounts, or the story of one."""
    from tenure.files import read_files, read_folder, write_rows

    files = arguments.files
    is_folder = len(files) == 1 and files[0].is_dir()
    own = lifecycle(arguments)
    book = read_folder(files[0], arguments.mapping, own) if is_folder else read_files(files, arguments.mapping, own)
    options = given(arguments, "zone", "as_of", "policy")
    account = arguments.account
    rows = book.journeys(**options) if account is None else book.journey(account, **options)
    if arguments.output:
        write_rows(rows, arguments.output)
    if arguments.json:
        print_json(rows.to_dicts())
    elif arguments.output:
        print(f"{len(rows):,} {'stays' if account is None else 'events'} are in {arguments.output}.")
    else:
        print(rows)


def run_classify(arguments: argparse.Namespace) -> None:
    """Say what interactions are for."""
    from tenure.files import read_one, write_rows

    model = arguments.model
    classifier = tenure.Classifier.load(model) if model else tenure.Classifier.standard()
    interactions = read_one(arguments.file, "interactions", arguments.mapping)
    rows = classifier.classify(interactions, **given(arguments, "threshold", "evidence"))
    if arguments.output:
        write_rows(rows, arguments.output)
    if arguments.json:
        print_json(rows.to_dicts())
        return
    if not arguments.output:
        print(rows)
    labels = rows["label"]
    counts = {label: labels.count(label) for label in ("support", "service", "success")}
    told = ", ".join(f"{count:,} {label}" for label, count in counts.items())
    print(f"{len(rows):,} interactions: {told}, {labels.count(None):,} undecided")
    if arguments.output:
        print(f"They are in {arguments.output}.")


def run_train(arguments: argparse.Namespace) -> None:
    """Train a classifier."""
    from tenure.files import read_one

    labelled = read_one(arguments.file, "interactions", arguments.mapping)
    options = given(arguments, "folds", "regularisation", "name")
    classifier = tenure.Classifier.fit(labelled, adapt=not arguments.alone, **options)
    classifier.save(arguments.output)
    if arguments.json:
        print_json(classifier.metrics.to_dict())
        return
    print(f"{classifier.id}, in cross-validation with {classifier.metrics}")
    print(f"The classifier is in {arguments.output}.")


def run_sample(arguments: argparse.Namespace) -> None:
    """Write the sample company."""
    truth = tenure.sample.write(arguments.dir, arguments.accounts, arguments.months, arguments.seed)
    for table, rows in truth["rows"].items():
        print(f"{arguments.dir / table}.csv: {rows:,} rows")
    print(f"{arguments.dir / 'truth.json'}: what was planted")


def run_explain(arguments: argparse.Namespace) -> None:
    """Print a card."""
    card = tenure.explain(arguments.kpi)
    if arguments.json:
        print_json(dict(card))
    else:
        print(card)


def run_catalog(arguments: argparse.Namespace) -> None:
    """Print the cards of all KPIs."""
    if arguments.json:
        print_json([dict(card) for card in tenure.catalog()])
        return
    cards = tenure.catalog()
    widths = [max(len(card[field]) for card in cards) for field in ("id", "family", "unit")]
    for card in cards:
        cells = (card[field].ljust(width) for field, width in zip(("id", "family", "unit"), widths, strict=True))
        print("  ".join([*cells, card.question]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 1 for what was asked wrongly."""
    parsed = parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except BrokenPipeError:
        # Whoever reads has read enough.
        sys.stderr.close()
    except (TenureError, ImportError, OSError) as error:
        print(f"tenure: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
