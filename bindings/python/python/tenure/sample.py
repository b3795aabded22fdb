"""A sample company: consistent tables of any size with planted facts, for trying things out.

Examples
--------
>>> tables = tenure.sample.company(accounts=20, months=6)
>>> len(set(tables["users"]["account_id"]))
20
>>> tenure.Book(**tables).compute("nps").only().status
'ok'
"""

from __future__ import annotations

import os
from typing import Any

from tenure import _tenure


def company(
    accounts: int = 200, months: int = 24, seed: int = 1, *, activity_percent: int = 100
) -> dict[str, _tenure.Rows]:
    """Make the tables of a company. The same numbers give the same rows.

    Parameters
    ----------
    accounts : int
        How many accounts ever signed up. Leads that never did come on top.
    months : int
        How many months it has existed, from January 2024.
    seed : int
        What makes it different from others of the same size.
    activity_percent : int
        How often users come, in percent of the usual.

    Returns
    -------
    dict
        Tables by name; each speaks Arrow: `polars.DataFrame(tables["surveys"])`.

    Examples
    --------
    >>> sorted(tenure.sample.company(accounts=5, months=3))[:3]
    ['accounts', 'articles', 'codes']
    """
    return _tenure.sample_tables(accounts, months, seed, activity_percent)


def write(
    directory: str | os.PathLike[str],
    accounts: int = 200,
    months: int = 24,
    seed: int = 1,
    *,
    activity_percent: int = 100,
) -> dict[str, Any]:
    """Write a company as files, one CSV file per table, in bounded memory.

    Beside them it writes `truth.json`, which says what was planted.

    Parameters
    ----------
    directory : str or path
        Where to; it is created if need be. Files of the same names are replaced.
    accounts, months, seed, activity_percent : int
        As for `company`.

    Returns
    -------
    dict
        What was planted, as in `truth.json`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     truth = tenure.sample.write(directory, accounts=5, months=3)
    >>> truth["rows"]["accounts"] - truth["lifecycle"]["leads"]
    5
    """
    return _tenure.write_sample(os.fspath(directory), accounts, months, seed, activity_percent)


__all__ = ["company", "write"]
