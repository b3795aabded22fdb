"""The help desk's numbers by Polars, as an analyst writes them and as an expert would."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pyarrow as pa

from months import BOUNDS
from tables import in_polars

START = BOUNDS[0] // 1_000_000
#: The seconds since `START` at which everything is known.
SPAN = BOUNDS[-1] // 1_000_000 - START
AS_OF = datetime.fromtimestamp(START + SPAN, UTC)
WEEK = 7 * 24 * 3600

Answer = tuple[Mapping[str, float], list[tuple[int, float, int]], list[int]]

by_customer = pl.col("author") == "customer"
by_human = (pl.col("author") == "agent") & ~pl.col("auto")


def business_days_of(schedules: pl.DataFrame, holidays: pl.DataFrame) -> pl.DataFrame:
    """When the desk is open, day by day. Nobody would make this anew for every question."""
    days = pl.date_range(date(2022, 12, 31), date(2026, 1, 1), eager=True).alias("day").to_frame()
    days = days.with_columns(weekday=pl.col("day").dt.weekday()).join(schedules, on="weekday")
    closed = holidays.select(day=pl.col("date").str.to_date())

    def local(column: str) -> pl.Expr:
        time = pl.col(column).str.to_time("%H:%M")
        return pl.col("day").dt.combine(time).dt.replace_time_zone("Europe/Stockholm").dt.convert_time_zone("UTC")

    days = days.join(closed, on="day", how="anti").sort("day")
    return days.select("day", opens=local("opens"), closes=local("closes"))


def summary(measures: pl.LazyFrame, in_order: bool = False) -> pl.LazyFrame:
    """The numbers of every conversation's measures. Quantiles of values in order cost nothing."""
    numbers = []
    for question in ["first_response", "first_response_business", "full_resolution"]:
        lasted = pl.col(question).sort() if in_order else pl.col(question)
        numbers += [
            lasted.mean().alias(f"{question}_mean"),
            lasted.median().alias(f"{question}_median"),
            lasted.count().alias(f"{question}_n"),
            lasted.null_count().alias(f"{question}_n_missing"),
        ]
        if question != "full_resolution":
            numbers.append(lasted.quantile(0.9, "linear").alias(f"{question}_p90"))
    solved, active = pl.col("full_resolution").is_not_null(), pl.col("active")
    within = pl.col("business_elapsed") <= pl.col("target_seconds")
    return measures.select(
        *numbers,
        one_touch_numerator=(solved & pl.col("one_touch")).sum(),
        one_touch_denominator=solved.sum(),
        sla_first_response_numerator=(within & ~active).sum(),
        sla_first_response_denominator=(~(within & active)).sum(),
        sla_first_response_n_immature=(within & active).sum(),
    )


def usual(tables: dict[str, pl.DataFrame], business_days: pl.DataFrame) -> Answer:
    conversations, messages = tables["conversations"].lazy(), tables["messages"].lazy()
    targets = tables["sla_policies"].lazy().filter(metric="first_response")
    is_resolved = pl.col("status").is_in(["solved", "closed"])
    was_resolved = is_resolved.shift(fill_value=False).over("conversation_id", order_by="occurred_at")
    changes = (
        tables["status_history"]
        .lazy()
        .with_columns(resolved=is_resolved, was_resolved=was_resolved)
        .filter(pl.col("resolved") != pl.col("was_resolved"))
        .with_columns(until=pl.col("occurred_at").shift(-1).over("conversation_id", order_by="occurred_at"))
        .collect()
        .lazy()
    )
    resolved, changed_at = pl.col("resolved"), pl.col("occurred_at")
    resolutions = changes.group_by("conversation_id").agg(
        first_resolved_at=changed_at.filter(resolved).min(),
        reopened_at=changed_at.filter(~resolved).min(),
        last_resolved_at=pl.when(resolved.sort_by("occurred_at").last()).then(changed_at.max()),
    )
    public = messages.filter("public").with_columns(
        position=pl.col("occurred_at").rank("ordinal").over("conversation_id")
    )
    replies = (
        public.filter(by_human)
        .join(conversations.select("conversation_id", "initiated_by"), on="conversation_id")
        .filter(~((pl.col("position") == 1) & (pl.col("initiated_by") == "company")))
        .join(resolutions.select("conversation_id", "last_resolved_at"), on="conversation_id", how="left")
        .group_by("conversation_id")
        .agg(
            replied_at=pl.col("occurred_at").min(),
            touches=(pl.col("occurred_at") < pl.col("last_resolved_at")).sum(),
        )
    )
    tickets = (
        conversations.join(resolutions, on="conversation_id", how="left")
        .join(replies, on="conversation_id", how="left")
        .with_columns(
            responded_at=pl.min_horizontal("replied_at", "first_resolved_at").fill_null(AS_OF),
            touches=pl.col("touches").fill_null(0),
        )
        .collect()
        .lazy()
    )

    def within(until: str) -> pl.Expr:
        spell = pl.min_horizontal("closes", until) - pl.max_horizontal("opens", "created_at")
        return pl.when(pl.col(until).is_not_null()).then(spell.dt.total_seconds().clip(0)).sum()

    def local_day(instant: pl.Expr) -> pl.Expr:
        return instant.dt.convert_time_zone("Europe/Stockholm").dt.date()

    first_day, last_day = local_day(pl.col("created_at")), local_day(pl.max_horizontal("replied_at", "responded_at"))
    business = (
        tickets.with_columns(day=pl.date_ranges(first_day, last_day))
        .select("conversation_id", "created_at", "replied_at", "responded_at", "day")
        .explode("day")
        .join(business_days.lazy(), on="day")
        .group_by("conversation_id")
        .agg(to_reply=within("replied_at"), business_elapsed=within("responded_at"))
    )
    measures = (
        tickets.join(business, on="conversation_id", how="left")
        .join(targets, on=pl.col("priority").cast(pl.String), how="left")
        .select(
            first_response=(pl.col("replied_at") - pl.col("created_at")).dt.total_seconds(),
            first_response_business=pl.when(pl.col("replied_at").is_not_null()).then(pl.col("to_reply").fill_null(0)),
            full_resolution=(pl.col("last_resolved_at") - pl.col("created_at")).dt.total_seconds(),
            one_touch=pl.col("touches") < 2,
            business_elapsed=pl.col("business_elapsed").fill_null(0),
            target_seconds="target_seconds",
            active=pl.col("replied_at").is_null() & pl.col("first_resolved_at").is_null(),
        )
    )
    mature = pl.col("first_resolved_at") + timedelta(days=7) <= AS_OF
    again = pl.col("reopened_at") <= pl.col("first_resolved_at") + timedelta(days=7)
    reopened = tickets.filter(pl.col("first_resolved_at").is_not_null()).select(
        reopened_numerator=(mature & again).sum(),
        reopened_denominator=mature.sum(),
        reopened_n_immature=(~mature).sum(),
    )
    author, before = pl.col("author"), pl.col("author").shift().over("conversation_id", order_by="occurred_at")
    next_at = pl.col("occurred_at").shift(-1).over("conversation_id", order_by="occurred_at")
    waited = (next_at - pl.col("occurred_at")).dt.total_seconds()
    blocks = (
        public.filter(by_customer | by_human)
        .filter(author.ne_missing(before))
        .with_columns(waited=waited)
        .filter(by_customer)
        .select(
            next_response_value=pl.col("waited").mean(),
            next_response_n=pl.col("waited").count(),
            next_response_n_missing=pl.col("waited").null_count(),
        )
    )
    month = pl.col("created_at").dt.convert_time_zone("Europe/Stockholm").dt.truncate("1mo")
    response = (pl.col("replied_at") - pl.col("created_at")).dt.total_seconds()
    monthly = tickets.group_by(month.alias("month")).agg(mean=response.mean(), n=response.count()).sort("month")
    spells = pl.concat([
        tickets.select(since="created_at", until="first_resolved_at"),
        changes.filter(~resolved).select(since="occurred_at", until="until"),
    ])
    ends = [datetime.fromtimestamp(bound // 1_000_000, UTC) for bound in BOUNDS[1:]]
    backlog = spells.select(
        ((pl.col("since") <= end) & (pl.col("until").is_null() | (pl.col("until") > end))).sum().alias(f"{end}")
        for end in ends
    )
    frames = [summary(measures), reopened, blocks, monthly, backlog]
    *wholes, monthly, backlog = pl.collect_all(frames)
    whole = pl.concat(wholes, how="horizontal").row(0, named=True)
    responses = [(at, mean, n) for at, (_, mean, n) in enumerate(monthly.iter_rows())]
    return whole, responses, list(backlog.row(0))


#: Packed integers that differ by less in bits are of one conversation.
APART = 1 << 28
NOBODY = 1 << 62
TIME = (1 << 27) - 1
packed = pl.col("packed")
time = (packed // 2 & TIME).cast(pl.Int32)


def seconds(column: str) -> pl.Expr:
    return pl.col(column).to_physical() // 1_000_000 - START


def in_order(rows: pl.LazyFrame, bit: pl.Expr) -> pl.LazyFrame:
    """A conversation, a time in seconds and one bit, in one integer.

    Sorting integers brings every conversation's rows together, and their neighbours are then the rows before and after:
    no window has to be partitioned.
    """
    key = pl.col("conversation_id") * APART + seconds("occurred_at") * 2 + bit.cast(pl.Int64)
    return rows.select(packed=key).sort("packed")


def apart(places: int) -> pl.Expr:
    """Is the row so many places before of another conversation?"""
    return (packed ^ packed.shift(places, fill_value=NOBODY)) >= APART


def turned() -> pl.Expr:
    """Does the row differ from the one before in its bit?"""
    return (packed ^ packed.shift(1, fill_value=NOBODY)) & 1 == 1


conversation_id = (packed // APART).alias("conversation_id")


def forced(tables: dict[str, pl.DataFrame], hours: pl.DataFrame) -> Answer:
    conversations = tables["conversations"]
    said = tables["messages"].lazy().filter(pl.col("public") & (by_customer | by_human))
    resolved = (pl.col("status") == "solved") | (pl.col("status") == "closed")
    talk, statuses = pl.collect_all([
        in_order(said, pl.col("author") == "agent"),
        in_order(tables["status_history"].lazy(), resolved),
    ])
    is_set = packed & 1 == 1
    changes = statuses.lazy().filter(pl.when(apart(1)).then(is_set).otherwise(turned())).collect().lazy()
    # The first three human messages of a conversation.
    human = talk.lazy().filter(is_set)
    second, third = (pl.when(~apart(-places)).then(time.shift(-places)) for places in [1, 2])
    replies = human.select(conversation_id, begins=apart(1), first=time, second=second, third=third).filter("begins")
    first_resolved = changes.filter(apart(1)).select(conversation_id, time.alias("first_resolved"))
    last_resolved = changes.filter(apart(-1) & is_set).select(conversation_id, time.alias("last_resolved"))
    # Numbers count up, as databases give them: where others join, a list that a number is a place in will do.
    numbers = conversations["conversation_id"]
    nothing = pl.repeat(None, numbers.max() + 1, dtype=pl.Int32, eager=True)
    found = {}
    for frame in pl.collect_all([replies, first_resolved, last_resolved]):
        for column in frame.columns:
            if frame[column].dtype == pl.Int32:
                found[column] = nothing.clone().scatter(frame["conversation_id"], frame[column]).gather(numbers)
    by_company = pl.col("initiated_by") == "company"
    tickets = (
        conversations.lazy()
        .select("initiated_by", "priority", created=seconds("created_at").cast(pl.Int32))
        .with_columns(**found)
        .with_columns(
            replied=pl.when(by_company).then("second").otherwise("first"),
            touched_again=pl.when(by_company).then("third").otherwise("second"),
        )
        .collect()
        .lazy()
    )
    before, is_open = pl.lit(hours["before"]), pl.lit(hours["open"])

    def business(column: str) -> pl.Expr:
        hour = pl.col(column) // 3600
        return before.gather(hour) + is_open.gather(hour) * (pl.col(column) - hour * 3600)

    # A target by the position of its priority.
    policies = tables["sla_policies"].filter(metric="first_response")
    targets = dict(policies.select("priority", "target_seconds").iter_rows())
    priorities = conversations["priority"].dtype.categories
    targets = pl.lit(pl.Series([targets[priority] for priority in priorities], dtype=pl.Int32))
    measures = tickets.with_columns(
        ended=pl.min_horizontal("replied", "first_resolved").fill_null(SPAN), since=business("created")
    ).select(
        first_response=pl.col("replied") - pl.col("created"),
        first_response_business=business("replied") - pl.col("since"),
        full_resolution=pl.col("last_resolved") - pl.col("created"),
        one_touch=pl.col("touched_again").is_null() | (pl.col("touched_again") >= pl.col("last_resolved")),
        business_elapsed=business("ended") - pl.col("since"),
        target_seconds=targets.gather(pl.col("priority").to_physical()),
        active=pl.col("replied").is_null() & pl.col("first_resolved").is_null(),
    )
    mature = time + WEEK <= SPAN
    again = ~apart(-1) & ((packed.shift(-1) - packed) // 2 <= WEEK)
    reopened = changes.select(begins=apart(1), mature=mature, again=again).filter("begins")
    mature, again = pl.col("mature"), pl.col("again")
    reopened = reopened.select(
        reopened_numerator=(mature & again).sum(),
        reopened_denominator=mature.sum(),
        reopened_n_immature=(~mature).sum(),
    )
    waited = pl.when(~apart(-1)).then((packed.shift(-1) - packed) // 2).alias("waited")
    blocks = (
        talk.lazy()
        .filter(apart(1) | turned())
        .select(waited, customer=~is_set)
        .filter("customer")
        .select(
            next_response_value=pl.col("waited").mean(),
            next_response_n=pl.col("waited").count(),
            next_response_n_missing=pl.col("waited").null_count(),
        )
    )
    month = pl.lit(hours["month"])
    response = pl.col("replied") - pl.col("created")
    monthly = tickets.group_by(month.gather(pl.col("created") // 3600).alias("month")).agg(
        mean=response.mean(), n=response.count()
    )
    came = tickets.group_by(month.gather(pl.col("created") // 3600).alias("month")).agg(came=pl.len().cast(pl.Int64))
    went = changes.group_by(month.gather(time // 3600).alias("month")).agg(went=(2 * (packed & 1) - 1).sum())
    backlog = (
        came.join(went, on="month", how="full", coalesce=True)
        .sort("month")
        .select((pl.col("came").fill_null(0) - pl.col("went").fill_null(0)).cum_sum())
    )
    frames = [summary(measures, in_order=True), reopened, blocks, monthly, backlog]
    *wholes, monthly, backlog = pl.collect_all(frames)
    whole = pl.concat(wholes, how="horizontal").row(0, named=True)
    return whole, list(monthly.iter_rows()), backlog.to_series().to_list()


def hours_of(business_days: pl.DataFrame) -> pl.DataFrame:
    """Open hours begin and end at full hours, months and clock changes too.

    An hour's number says how many open seconds were before it, whether it is open, and in which month it lies.
    """
    hours = pl.int_range(SPAN // 3600 + 1, dtype=pl.Int32, eager=True).alias("hour").to_frame()
    at = pl.from_epoch(START + 3600 * pl.col("hour").cast(pl.Int64)).dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    hours = hours.select(at=at).join_asof(business_days, left_on="at", right_on="opens")
    is_open = (pl.col("at") < pl.col("closes")).fill_null(False).cast(pl.Int32)
    hours = hours.select(open=is_open, month=pl.Series(BOUNDS).search_sorted(hours["at"].to_physical(), "right") - 1)
    before = 3600 * (pl.col("open").cum_sum() - pl.col("open"))
    return hours.with_columns(before=before, month=pl.col("month").cast(pl.Int8))


def questions(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Answer]]]:
    frames = in_polars(tables, threads)
    business_days = business_days_of(frames["schedules"], frames["holidays"])
    hours = hours_of(business_days)
    yield "usual", lambda: usual(frames, business_days)
    yield "forced", lambda: forced(frames, hours)
