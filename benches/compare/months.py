"""The 36 months in Stockholm that all data lies in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST_YEAR = 2023
MONTHS = [(FIRST_YEAR + month // 12, month % 12 + 1) for month in range(37)]
#: The months' bounds in microseconds: 36 and the end of the last.
BOUNDS = [int(datetime(year, month, 1, tzinfo=STOCKHOLM).timestamp()) * 1_000_000 for year, month in MONTHS]
#: The months' names: 36 and the first that is not there.
NAMES = [f"{year}-{month:02}" for year, month in MONTHS]


def month(start: int | datetime | None) -> str:
    """A month's name from its start: microseconds since 1970, or the local time."""
    if isinstance(start, int):
        start = datetime.fromtimestamp(start / 1_000_000, UTC).astimezone(STOCKHOLM)
    return "all" if start is None else f"{start:%Y-%m}"
