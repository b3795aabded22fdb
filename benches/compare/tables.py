"""The tables of a folder, as each engine's users have them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def read(folder: Path, files: dict[str, str]) -> dict[str, pa.Table]:
    """Tables by name, each from its file."""
    tables = {}
    for name, file in files.items():
        with pa.memory_map(str(folder / f"{file}.arrow")) as source:
            tables[name] = pa.ipc.open_file(source).read_all()
    return tables


def words_of(table: pa.Table) -> dict[str, list[str]]:
    """The words of the columns that have few of them. Both engines have a type for these: one byte each."""
    return {
        column.name: table.column(column.name).chunk(0).dictionary.to_pylist()
        for column in table.schema
        if pa.types.is_dictionary(column.type)
    }


def in_duckdb(tables: dict[str, pa.Table], threads: int) -> "duckdb.DuckDBPyConnection":
    """Tables of DuckDB's own; the type of a column of words is named as its table and column."""
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    for name, table in tables.items():
        connection.register("arrow", table)
        casts = []
        for column, words in words_of(table).items():
            connection.execute(f"CREATE TYPE {name}_{column} AS ENUM ({', '.join(map(repr, words))})")
            casts.append(f"{column}::{name}_{column} AS {column}")
        replaced = f" REPLACE ({', '.join(casts)})" if casts else ""
        connection.execute(f"CREATE TABLE {name} AS SELECT *{replaced} FROM arrow")
        connection.unregister("arrow")
    return connection


def in_polars(tables: dict[str, pa.Table], threads: int) -> "dict[str, pl.DataFrame]":
    import polars as pl

    assert pl.thread_pool_size() == threads, "POLARS_MAX_THREADS was not set in time"
    frames = {}
    for name, table in tables.items():
        casts = [pl.col(column).cast(pl.Enum(words)) for column, words in words_of(table).items()]
        frames[name] = pl.from_arrow(table, rechunk=True).with_columns(casts)
    return frames
