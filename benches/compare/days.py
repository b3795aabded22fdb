"""The 365 days in Stockholm that all events of the product lie in, and their weeks and months, each counted from 0."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST_DAY = date(2025, 1, 1)
DAYS = [FIRST_DAY + timedelta(days=day) for day in range(365)]
#: The Monday on which the first week begins.
FIRST_WEEK = FIRST_DAY - timedelta(days=FIRST_DAY.weekday())
#: Days from `FIRST_WEEK` to the first day.
LEAD = (FIRST_DAY - FIRST_WEEK).days
WEEKS = [FIRST_WEEK + timedelta(weeks=week) for week in range((len(DAYS) + LEAD + 6) // 7)]
MONTHS = [day for day in DAYS if day.day == 1]
DAYS_OF_MONTHS = [sum(day.month == month.month for day in DAYS) for month in MONTHS]


def microseconds(day: date) -> int:
    """When a day begins, since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM).timestamp()) * 1_000_000


START = microseconds(FIRST_DAY)
END = microseconds(DAYS[-1] + timedelta(days=1))
HOUR = 3_600_000_000
DAY = 24 * HOUR
#: When clocks are an hour ahead, in microseconds since `START`: from and to one o'clock UTC on Sundays.
SUMMER = [
    int(datetime(2025, month, day, 1, tzinfo=UTC).timestamp()) * 1_000_000 - START for month, day in [(3, 30), (10, 26)]
]


def local_date(instant: int) -> date:
    """The local date of microseconds since 1970."""
    return datetime.fromtimestamp(instant / 1_000_000, UTC).astimezone(STOCKHOLM).date()
