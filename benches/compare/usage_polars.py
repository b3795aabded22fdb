"""The product's numbers by Polars, as an analyst writes them and as an expert would."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa

from days import DAY, DAYS, END, FIRST_DAY, FIRST_WEEK, HOUR, LEAD, START, SUMMER
from tables import in_polars

#: Rows by question.
Answer = dict[str, list[tuple]]

KNOWN_UNTIL = datetime.fromtimestamp(END // 1_000_000, UTC)


def rows_of(questions: dict[str, pl.LazyFrame]) -> Answer:
    return {name: frame.rows() for name, frame in zip(questions, pl.collect_all(questions.values()))}


def known(users: pl.DataFrame) -> pl.LazyFrame:
    return users.lazy().filter(pl.col("created_at") < KNOWN_UNTIL).select(pl.len())


def usual(events: pl.DataFrame, users: pl.DataFrame) -> Answer:
    people = users.lazy().select("user_id", "account_id")
    local = pl.col("occurred_at").dt.convert_time_zone("Europe/Stockholm")
    user_days = events.lazy().select("user_id", day=local.dt.date()).unique().collect().lazy()
    week = (pl.col("day").dt.truncate("1w") - FIRST_WEEK).dt.total_days() // 7
    user_weeks = user_days.select("user_id", week=week).unique().collect().lazy()
    gap = pl.col("occurred_at").diff().over("user_id", order_by="occurred_at")
    begins = (gap > timedelta(minutes=30)).fill_null(True)
    steps = events.lazy().select("user_id", "occurred_at", begins=begins).collect().lazy()

    day = (pl.col("day") - FIRST_DAY).dt.total_days()
    by_day = user_days.group_by(day.alias("at"))
    by_month = user_days.group_by(pl.col("day").dt.month() - 1)
    # Windows of thirty days begin every day, the first one 29 days early.
    windows = user_days.sort("day").group_by_dynamic("day", every="1d", period="30d", offset="-29d")
    rolling = (
        windows.agg(users=pl.col("user_id").n_unique()).select(day + 29, "users").filter(pl.col("day") < len(DAYS))
    )
    number = user_days.filter(pl.col("day") > DAYS[-1] - timedelta(days=28)).group_by("user_id").agg(number=pl.len())
    cohort = user_weeks.group_by("user_id").agg(cohort=pl.col("week").min())
    age = pl.col("week") - pl.col("cohort")
    in_order = {"partition_by": "user_id", "order_by": "week"}
    before = pl.col("week") - pl.col("week").shift().over(**in_order)
    after = pl.col("week").shift(-1).over(**in_order) - pl.col("week")
    neighbours = user_weeks.select("week", before=before, after=after)
    gone = neighbours.filter(pl.col("after").is_null() | (pl.col("after") > 1))
    gone = gone.group_by(pl.col("week") + 1).agg(dormant=pl.len())
    lifecycle = neighbours.group_by("week").agg(
        new=pl.col("before").is_null().sum(),
        returning=(pl.col("before") == 1).sum(),
        resurrecting=(pl.col("before") > 1).sum(),
    )
    active = user_days.join(people, on="user_id").group_by("account_id")
    acted = steps.join(people, on="user_id").group_by("account_id")
    active = active.agg(users=pl.col("user_id").n_unique(), days=pl.len())
    acted = acted.agg(events=pl.len(), sessions=pl.col("begins").sum())
    return rows_of(
        {
            "daily": by_day.len(),
            "weekly": user_weeks.group_by("week").len(),
            "monthly": by_month.agg(pl.col("user_id").n_unique()),
            "rolling": rolling,
            "stickiness": by_month.agg(days=pl.len(), users=pl.col("user_id").n_unique()),
            "known": known(users),
            "active_days": number.group_by("number").len(),
            "cohorts": user_weeks.join(cohort, on="user_id").group_by("cohort", age.alias("age")).len(),
            "lifecycle": lifecycle.join(gone, on="week", how="left").with_columns(pl.col("dormant").fill_null(0)),
            "sessions": steps.filter("begins").group_by(local.dt.month() - 1).len(),
            "adoption": events.lazy().group_by("name").agg(pl.col("user_id").n_unique()),
            "accounts": active.join(acted, on="account_id"),
        }
    )


#: A user and a time, in one integer. Sorting integers brings every user's rows together in order of time: where the
#: next one is much greater, a session begins, and where its user or day is another, a day.
TIME = 1 << 45
TIMEOUT = 30 * 60 * 1_000_000
NOBODY = -(1 << 62)
MONTH_OF_DAYS = pl.Series([day.month - 1 for day in DAYS], dtype=pl.Int8)


def forced(events: pl.DataFrame, users: pl.DataFrame) -> Answer:
    # Numbers count up, as databases give them; texts become the numbers of the users' rows.
    number, name = events["user_id"], events["name"]
    if number.dtype == pl.String:
        number = number.cast(pl.Enum(users["user_id"])).to_physical().cast(pl.Int64)
        name = name.cast(pl.Enum(name.unique()))
    packed, time = pl.col("packed"), pl.col("packed") & (TIME - 1)
    summer = ((time >= SUMMER[0]) & (time < SUMMER[1])).cast(pl.Int64)
    # A user and a day, in one integer: days are local.
    place = packed // TIME * 512 + (time + HOUR * summer) // DAY
    key = pl.lit(number) * TIME + (pl.col("occurred_at").to_physical() - START)
    marks = (
        events.lazy()
        .select(packed=key)
        .sort("packed")
        .with_columns(place=place.cast(pl.Int32))
        .select(
            "place",
            new_day=pl.col("place") != pl.col("place").shift(1, fill_value=-1),
            begins=packed - packed.shift(1, fill_value=NOBODY) > TIMEOUT,
            row=pl.int_range(pl.len(), dtype=pl.UInt32),
        )
        .filter(pl.col("new_day") | pl.col("begins"))
        .select("new_day", "begins", "row", number=pl.col("place") // 512, day=(pl.col("place") & 511).cast(pl.Int16))
        .collect()
    )
    all_days, all_sessions = marks["new_day"].sum(), marks["begins"].sum()
    marks = marks.lazy()
    first = pl.col("number") != pl.col("number").shift(1, fill_value=-1)
    last = pl.col("number") != pl.col("number").shift(-1, fill_value=-1)
    month = pl.lit(MONTH_OF_DAYS)
    user_days = (
        marks.filter("new_day")
        .select("number", "day", first=first, week=(pl.col("day") + LEAD) // 7, month=month.gather(pl.col("day")))
        .with_columns(
            # A day counts for thirty, or until the next one takes over.
            counts_until=pl.min_horizontal(pl.col("day") + 30, pl.when(~last).then(pl.col("day").shift(-1))),
            new_week=pl.col("first") | (pl.col("week") != pl.col("week").shift(1)),
            new_month=pl.col("first") | (pl.col("month") != pl.col("month").shift(1)),
        )
        .collect()
        .lazy()
    )
    user_weeks = (
        user_days.filter("new_week")
        .select(
            "week",
            "first",
            returning=~pl.col("first") & (pl.col("week") == pl.col("week").shift(1) + 1),
            cohort=pl.when("first").then("week").forward_fill(),
        )
        .collect()
        .lazy()
    )
    daily = user_days.group_by("day").agg(users=pl.len().cast(pl.Int64))
    went = user_days.group_by("counts_until").agg(went=pl.len().cast(pl.Int64))
    rolling = (
        pl.LazyFrame({"day": pl.int_range(len(DAYS), dtype=pl.Int16, eager=True)})
        .join(daily, on="day", how="left")
        .join(went, left_on="day", right_on="counts_until", how="left")
        .sort("day")
        .select("day", (pl.col("users").fill_null(0) - pl.col("went").fill_null(0)).cum_sum())
    )
    months = user_days.group_by("month").agg(days=pl.len(), users=pl.col("new_month").sum())
    weeks = user_weeks.group_by("week").agg(
        users=pl.len().cast(pl.Int64),
        new=pl.col("first").sum().cast(pl.Int64),
        returning=pl.col("returning").sum().cast(pl.Int64),
    )
    lifecycle = weeks.sort("week").select(
        "week",
        "new",
        "returning",
        resurrecting=pl.col("users") - pl.col("new") - pl.col("returning"),
        dormant=pl.col("users").shift(1, fill_value=0) - pl.col("returning"),
    )
    number_of_days = user_days.filter(pl.col("day") >= len(DAYS) - 28).group_by("number").agg(days=pl.len())
    retained = user_weeks.group_by((pl.col("cohort") * 64 + pl.col("week")).alias("at")).agg(users=pl.len())

    cohort = (pl.col("at") // 64).alias("cohort")
    begun = marks.filter("begins").group_by("day").agg(sessions=pl.len())
    begun = begun.select("sessions", month=month.gather(pl.col("day")))
    # One byte a name and user: who used what is marked, however often.
    words, people = name.dtype.categories, len(users)
    used = pl.repeat(0, len(words) * people, dtype=pl.UInt8, eager=True)
    used.scatter(name.to_physical().cast(pl.Int64) * people + number, 1)
    adoption = [(word, used.slice(at * people, people).sum()) for at, word in enumerate(words)]
    # What was counted before each user's first row: less than before the next one's is the user's own.
    counts = {"days": pl.col("new_day"), "sessions": pl.col("begins")}
    so_far = marks.select(
        "number", "row", first=first, **{name: flag.cum_sum() - flag for name, flag in counts.items()}
    )
    own = [
        pl.col(name).cast(pl.Int64).shift(-1, fill_value=total) - pl.col(name)
        for name, total in {"days": all_days, "row": len(events), "sessions": all_sessions}.items()
    ]
    account = pl.lit(users["account_id"]).gather(pl.col("number"))
    by_account = so_far.filter("first").select(*own, account=account).group_by("account")
    return rows_of(
        {
            "daily": daily,
            "weekly": weeks.select("week", "users"),
            "monthly": months.select("month", "users"),
            "rolling": rolling,
            "stickiness": months,
            "known": known(users),
            "active_days": number_of_days.group_by("days").len(),
            "cohorts": retained.select(cohort, (pl.col("at") % 64 - cohort).alias("age"), "users"),
            "lifecycle": lifecycle,
            "sessions": begun.group_by("month").agg(pl.col("sessions").sum()),
            "accounts": by_account.agg(pl.len(), pl.col("days", "row", "sessions").sum()),
        }
    ) | {"adoption": adoption}


def questions(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Answer]]]:
    frames = in_polars(tables, threads)
    yield "usual", lambda: usual(**frames)
    yield "forced", lambda: forced(**frames)
