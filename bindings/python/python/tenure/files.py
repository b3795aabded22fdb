"""Tables from CSV and Parquet files: `tenure.read_folder("company")`.

A folder holds one file per table under its canonical name (`surveys.csv`, `accounts.parquet`). Files of other
programs are read through a mapping, a TOML file that says where each canonical column comes from::

    [surveys]
    file = "NPS answers 2025.csv"        # or a pattern: "answers-*.csv"
    delimiter = ";"
    score = "How likely are you to recommend us?"
    answered_at = { column = "Date", format = "%d/%m/%Y", zone = "Europe/Stockholm" }
    kind = { constant = "nps" }
    tags = { column = "Topics", separator = "," }

Columns that the mapping does not name keep their names and can be used in `by` and `where`. Nothing is dropped: a
time that cannot be read stays as text, which the core counts as a fault.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tenure._frames import library
from tenure._tenure import Book, Lifecycle, Rows
from tenure.columns import Place, Source, converted
from tenure.errors import TenureError, of_kind
from tenure.inputs import Lifecycles

pyarrow: Any = library("pyarrow", "pip install 'tenure[files]'")
csv: Any = library("pyarrow.csv", "pip install 'tenure[files]'")
parquet: Any = library("pyarrow.parquet", "pip install 'tenure[files]'")

TABLES = (
    "accounts", "users", "segments", "conversations", "messages", "status_history", "emails", "mailboxes",
    "schedules", "holidays", "sla_policies", "surveys", "events", "identities", "entitlements", "subscriptions",
    "transactions", "rates", "costs", "interactions", "goals", "targets", "onboarding", "stages", "tasks", "referrals",
    "webinars", "guides", "articles", "searches", "invitations", "probes", "incidents", "measures", "codes",
)  # fmt: skip
"""The canonical names of tables, which are the names of their files."""

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None")
"""What stands for a missing value in a file."""

SUFFIXES = (".csv", ".csv.gz", ".parquet")
TABLE_OPTIONS = frozenset({"file", "delimiter", "encoding"})
COLUMN_OPTIONS = frozenset({"column", "constant", "format", "scale", "zone", "separator"})


def read_folder(
    path: str | os.PathLike[str],
    mapping: str | os.PathLike[str] | None = None,
    lifecycle: Lifecycles | None = None,
) -> Book:
    """Read the tables of a folder. Needs `tenure[files]`.

    Parameters
    ----------
    path : str or path
        A folder with one CSV or Parquet file per table.
    mapping : str or path, optional
        A TOML file that says where each canonical column comes from. Without it, `mapping.toml` in the folder is
        used if it is there. Its file names are relative to the folder.
    lifecycle : Lifecycle, dict or str, optional
        The lifecycle of the book.

    Returns
    -------
    Book
        The tables that were found.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     truth = tenure.sample.write(directory, accounts=5, months=3)
    ...     book = tenure.read_folder(directory)
    >>> book.tables[:2]
    ['accounts', 'articles']
    """
    folder = Path(path)
    if not folder.is_dir():
        raise of_kind("missing_table", f"{folder} is not a folder")
    chosen = Path(mapping) if mapping is not None else folder / "mapping.toml"
    described = read_mapping(chosen) if mapping is not None or chosen.is_file() else {}
    tables = {}
    for table in sorted({*TABLES, *described}):
        description = described.get(table, {})
        files = find_files(folder, table, description, chosen)
        if files:
            tables[table] = read_table(table, files, description)
    if not tables:
        names = ", ".join(f"{name}.csv" for name in ("surveys", "accounts", "conversations"))
        text = f"{folder} has no tables: expected files such as {names}, or .parquet, or a mapping that names others"
        raise of_kind("missing_table", text)
    return Book(lifecycle=lifecycle, **tables)


def read_files(
    paths: Sequence[str | os.PathLike[str]],
    mapping: str | os.PathLike[str] | None = None,
    lifecycle: Lifecycles | None = None,
) -> Book:
    r"""Read single files, each called as its table: `stages.csv`, `accounts.parquet`.

    Parameters
    ----------
    paths : list of str or path
        CSV or Parquet files.
    mapping : str or path, optional
        A TOML file that says where each canonical column comes from.
    lifecycle : Lifecycle, dict or str, optional
        The lifecycle of the book.

    Returns
    -------
    Book
        The tables.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory) / "stages.csv"
    ...     written = file.write_text("account_id,stage,occurred_at\nacme,trial,2026-01-01\n")
    ...     tenure.files.read_files([file]).journeys()["stage"]
    ['trial']
    """
    tables: dict[str, Any] = {}
    for path in map(Path, paths):
        table = path.name.split(".")[0]
        if table in tables:
            raise of_kind("invalid_request", f"there are two files of table {table}; which of them is it?", table)
        tables[table] = read_one(path, table, mapping)
    return Book(lifecycle=lifecycle, **tables)


def read_lifecycle(path: str | os.PathLike[str]) -> Lifecycle:
    """Read a lifecycle from a TOML file.

    Parameters
    ----------
    path : str or path
        The file.

    Examples
    --------
    >>> tenure.files.read_lifecycle("nowhere.toml")
    Traceback (most recent call last):
    tenure.errors.InvalidRequestError: there is no lifecycle nowhere.toml
    """
    try:
        return Lifecycle.from_toml(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise of_kind("invalid_request", f"there is no lifecycle {path}") from None
    except UnicodeDecodeError as error:
        raise of_kind("invalid_request", f"{path} is not TOML: {error}") from error


def read_one(path: str | os.PathLike[str], table: str, mapping: str | os.PathLike[str] | None = None) -> Any:
    r"""Read one file as a table, whatever the file is called.

    Parameters
    ----------
    path : str or path
        A CSV or Parquet file.
    table : str
        The canonical name of the table, which says of what types its columns are.
    mapping : str or path, optional
        A TOML file that says where each canonical column comes from, under the name of the table.

    Returns
    -------
    pyarrow.Table
        The table, for `tenure.classify` and others that take one.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory) / "tickets.csv"
    ...     written = file.write_text("text,departments\nThe app crashes,support|engineering\n")
    ...     tenure.files.read_one(file, "interactions").to_pylist()
    [{'text': 'The app crashes', 'departments': ['support', 'engineering']}]
    """
    file = Path(path)
    if not file.is_file() or not file.name.endswith(SUFFIXES):
        raise of_kind("missing_table", f"{file} is no file that ends in {', '.join(SUFFIXES)}", table)
    described = read_mapping(Path(mapping)) if mapping is not None else {}
    return read_table(table, [file], described.get(table, {}))


def write_rows(rows: Rows, path: str | os.PathLike[str]) -> None:
    """Write a table that tenure gave as a file.

    Parameters
    ----------
    rows : Rows
        What `tenure.classify` and the like return.
    path : str or path
        A file that ends in `.csv` or `.parquet`. Lists are JSON in CSV.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = pathlib.Path(directory) / "labelled.csv"
    ...     tenure.files.write_rows(tenure.classify(["The app crashes"]), file)
    ...     tenure.files.read_one(file, "interactions")["label"].to_pylist()
    ['support']
    """
    file = Path(path)
    if file.suffix not in (".csv", ".parquet"):
        raise of_kind("invalid_request", f"{file} ends neither in .csv nor in .parquet")
    table = rows.to_arrow()
    try:
        if file.suffix == ".parquet":
            parquet.write_table(table, file)
            return
        for at, field in enumerate(table.schema):
            if pyarrow.types.is_nested(field.type):
                written = [
                    None if value is None else json.dumps(value, ensure_ascii=False) for value in rows[field.name]
                ]
                table = table.set_column(at, field.name, pyarrow.array(written, pyarrow.string()))
            elif pyarrow.types.is_dictionary(field.type):
                table = table.set_column(at, field.name, table[field.name].cast(field.type.value_type))
        csv.write_csv(table, file)
    except (pyarrow.ArrowException, OSError) as error:
        raise of_kind("invalid_request", f"{file} cannot be written: {error}") from error


def read_mapping(file: Path) -> dict[str, dict[str, Any]]:
    """Read a mapping and check that it is one."""
    try:
        mapping = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise of_kind("invalid_request", f"there is no mapping {file}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise of_kind("invalid_request", f"{file} is not TOML: {error}") from error
    for table, description in mapping.items():
        if not isinstance(description, dict):
            raise of_kind("invalid_request", f"{file}: {table} is not a table; expected [{table}]")
        for column, source in description.items():
            if isinstance(source, dict) and (unknown := set(source) - COLUMN_OPTIONS):
                options = ", ".join(sorted(COLUMN_OPTIONS))
                text = f"{file}: [{table}] {column} has no option {sorted(unknown)[0]}; expected one of {options}"
                raise of_kind("invalid_request", text, table, column)
    return mapping


def find_files(folder: Path, table: str, description: dict[str, Any], mapping: Path) -> list[Path]:
    """Find the files of a table."""
    if "file" in description:
        names = description["file"]
        files = []
        for name in names if isinstance(names, list) else [names]:
            found = sorted(folder.glob(str(name))) if re.search(r"[*?\[]", str(name)) else [folder / str(name)]
            if not found or not all(file.is_file() for file in found):
                raise of_kind("missing_table", f"{mapping}: [{table}] names {name}, which is not in {folder}", table)
            files += found
        return files
    files = [file for suffix in SUFFIXES if (file := folder / f"{table}{suffix}").is_file()]
    if len(files) > 1:
        names = " and ".join(file.name for file in files)
        raise of_kind("invalid_request", f"{folder} has {names}; which of them is the table?", table)
    if description and not files:
        raise of_kind("missing_table", f"{mapping}: [{table}] needs file = ..., as {folder} has no {table}.csv", table)
    return files


def read_table(table: str, files: list[Path], description: dict[str, Any]) -> Any:
    """Read a table of one or more files into an Arrow table."""
    tables = [mapped(table, file, read_file(file, table, description), description) for file in files]
    return tables[0] if len(tables) == 1 else pyarrow.concat_tables(tables, promote_options="permissive")


def read_file(file: Path, table: str, description: dict[str, Any]) -> Any:
    """Read a file as it is; CSV as nothing but text, so that no guess is made that a later row would disprove."""
    try:
        if file.suffix == ".parquet":
            return parquet.read_table(file)
        delimiter = description.get("delimiter", ",")
        encoding = description.get("encoding", "utf-8")
        parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
        with csv.open_csv(file, csv.ReadOptions(encoding=encoding), parse) as reader:
            names = reader.schema.names
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise Place(file, table, twice).error("invalid_request", "the file has two columns of this name")
        convert = csv.ConvertOptions(
            column_types={name: pyarrow.string() for name in names},
            null_values=list(MISSING),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        )
        return csv.read_csv(file, csv.ReadOptions(encoding=encoding), parse, convert)
    except TenureError:
        raise
    except (pyarrow.ArrowException, OSError, LookupError) as error:
        raise Place(file, table).error("invalid_request", f"cannot be read: {error}") from error


def mapped(table: str, file: Path, raw: Any, description: dict[str, Any]) -> Any:
    """Give the columns of a file their canonical names and types."""
    sources = {name: as_source(entry) for name, entry in description.items() if name not in TABLE_OPTIONS}
    used = {source.column for source in sources.values()}
    for name in raw.column_names:
        if name not in used and name not in sources:
            sources[name] = Source(column=name)
    columns = {}
    for name, source in sources.items():
        place = Place(file, table, source.column or name)
        if source.column is None:
            columns[name] = pyarrow.array([source.constant] * raw.num_rows)
        elif source.column not in raw.column_names:
            known = ", ".join(raw.column_names)
            raise place.error("missing_column", f'there is no such column for "{name}"; the file has {known}')
        else:
            columns[name] = converted(raw[source.column], name, source, place)
    return pyarrow.table(columns)


def as_source(entry: Any) -> Source:
    """Read one entry of a mapping: a column's name, or a table of options."""
    return Source(**entry) if isinstance(entry, dict) else Source(column=str(entry))


__all__ = ["TABLES", "read_files", "read_folder", "read_lifecycle", "read_one", "write_rows"]
