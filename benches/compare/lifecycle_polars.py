"""The lifecycle's numbers by Polars, as an analyst writes them and as an expert would."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import polars as pl
import pyarrow as pa

from months import BOUNDS, FIRST_YEAR
from stages import END, FUNNEL, NAMES, STAGES, STATES
from tables import in_polars

#: Rows by question.
Answer = dict[str, list[tuple]]
#: What reads the table of journeys.
Reading = Callable[[], pl.DataFrame]

START = BOUNDS[0] // 1_000_000
#: The seconds since `START` at which everything is known.
SPAN = BOUNDS[-1] // 1_000_000 - START
AS_OF = datetime.fromtimestamp(START + SPAN, UTC)

StageType, StateType = pl.Enum(NAMES), pl.Enum(STATES)
LIMITS = pl.DataFrame(
    [(stage, *limits) for stage, limits in STAGES.items()],
    schema={"stage": StageType, "expected": pl.Int32, "stuck": pl.Int32},
    orient="row",
)


def rows_of(questions: dict[str, pl.LazyFrame]) -> Answer:
    return {name: frame.rows() for name, frame in zip(questions, pl.collect_all(questions.values()))}


def state(churned: pl.Expr, is_paused: pl.Expr, elapsed: pl.Expr, expected: pl.Expr, stuck: pl.Expr) -> pl.Expr:
    states = {"churned": churned, "paused": is_paused, "stuck": elapsed > stuck, "behind": elapsed > expected}
    found = pl.lit("on_track", StateType)
    for name, holds in reversed(states.items()):
        found = pl.when(holds).then(pl.lit(name, StateType)).otherwise(found)
    return found.alias("state")


def usual_state(elapsed: pl.Expr) -> pl.Expr:
    return state(pl.col("stage") == END, pl.col("is_paused"), elapsed, pl.col("expected"), pl.col("stuck"))


def usual_statements(stages: pl.DataFrame) -> pl.LazyFrame:
    stay = ["account_id", "stay"]
    moves = pl.col("stage").ne_missing(pl.col("stage").shift().over("account_id"))
    ran = pl.when("is_paused").then(0).otherwise((pl.col("until") - pl.col("occurred_at")).dt.total_seconds())
    return (
        stages.lazy()
        .sort("account_id", "occurred_at")
        .with_columns(moves=moves, until=pl.col("occurred_at").shift(-1).over("account_id").fill_null(AS_OF))
        .with_columns(stay=pl.col("moves").cum_sum().over("account_id"))
        .with_columns(is_paused=pl.col("paused").forward_fill().over(stay).fill_null(False))
        .with_columns(ran=ran)
        .with_columns(before=pl.col("ran").cum_sum().over(stay) - pl.col("ran"))
        .collect()
        .lazy()
    )


def usual_stays(statements: pl.LazyFrame) -> pl.LazyFrame:
    until = pl.col("until").last()
    return (
        statements.group_by("account_id", "stay", maintain_order=True)
        .agg(
            pl.col("stage").first(),
            entered_at=pl.col("occurred_at").first(),
            left_at=pl.when(until != AS_OF).then(until),
            seconds=pl.col("ran").sum(),
            is_paused=pl.col("is_paused").last() & (until == AS_OF),
        )
        .with_columns(next_stage=pl.col("stage").shift(-1).over("account_id"))
        .join(LIMITS.lazy(), on="stage", maintain_order="left")
        .collect()
        .lazy()
    )


def quarter(column: str) -> pl.Expr:
    local = pl.col(column).dt.convert_time_zone("Europe/Stockholm")
    return ((local.dt.year() - FIRST_YEAR) * 4 + local.dt.quarter() - 1).alias("quarter")


def usual(stages: pl.DataFrame, accounts: pl.DataFrame) -> Answer:
    statements = usual_statements(stages)
    stays = usual_stays(statements)
    done = pl.col("seconds").filter(pl.col("left_at").is_not_null())
    lasted = [done.median().alias("median"), done.mean().alias("mean"), done.quantile(0.9, "linear").alias("p90")]
    lasted += [done.len().alias("n"), pl.col("left_at").null_count().alias("n_missing")]
    alive = stays.filter(pl.col("stage") != END)
    monthly = []
    for at, bound in enumerate(BOUNDS[1:]):
        end = datetime.fromtimestamp(bound // 1_000_000, UTC)
        ran = pl.when("is_paused").then(0).otherwise((end - pl.col("occurred_at")).dt.total_seconds())
        then = statements.filter(pl.col("occurred_at") < end, pl.col("until") >= end)
        then = then.join(LIMITS.lazy(), on="stage").group_by(usual_state(pl.col("before") + ran)).len()
        monthly.append(then.select(pl.lit(at), "state", "len"))
    place = pl.col("stage").replace_strict({stage: at for at, stage in enumerate(FUNNEL)}, default=None)
    entered = stays.filter(pl.col("stage") == FUNNEL[0]).group_by("account_id").agg(since=pl.col("entered_at").min())
    furthest = (
        stays.join(entered, on="account_id")
        .filter(pl.col("entered_at") >= pl.col("since"))
        .group_by("account_id")
        .agg(furthest=place.max())
    )
    return rows_of(
        {
            "time_in_stage": alive.group_by("stage").agg(lasted),
            "time_in_stage_quarterly": alive.group_by(quarter("entered_at"), "stage").agg(lasted),
            "transitions": stays.filter(pl.col("left_at").is_not_null())
            .group_by(quarter("left_at"), "stage", "next_stage")
            .len(),
            "status": stays.filter(pl.col("left_at").is_null())
            .join(accounts.lazy(), on="account_id")
            .group_by("segment", usual_state(pl.col("seconds")))
            .len(),
            "status_monthly": pl.concat(monthly),
            "funnel": furthest.select((pl.col("furthest") >= at).sum().alias(stage) for at, stage in enumerate(FUNNEL)),
        }
    )


JOURNEYS = ["account_id", "stage", "entered_at", "left_at", "seconds"]


def usual_journeys(stages: pl.DataFrame) -> pl.DataFrame:
    stays = usual_stays(usual_statements(stages))
    journeys = stays.select(*JOURNEYS, status=usual_state(pl.col("seconds")))
    return journeys.sort("account_id", "entered_at").collect()


#: An account, a time in seconds, a stage and what is said of pauses, in one integer. Sorting integers brings every
#: account's rows together, and their neighbours are then the rows before and after: no window has to be partitioned.
ACCOUNT, TIME, STAGE = 1 << 33, 1 << 6, 1 << 2
CHURNED = NAMES.index(END)
PLACES = [NAMES.index(stage) for stage in FUNNEL]
NOBODY = 1 << 62
packed = pl.col("packed")


def apart(places: int) -> pl.Expr:
    """Is the row so many places before of another account?"""
    return (packed ^ packed.shift(places, fill_value=NOBODY)) >= ACCOUNT


def limit(at: int) -> pl.Expr:
    """When a stage's limit is reached, by its position: those without one never reach it."""
    return pl.lit(pl.Series([SPAN if limits[at] is None else limits[at] for limits in STAGES.values()], dtype=pl.Int32))


def seconds(column: str) -> pl.Expr:
    return pl.col(column).to_physical() // 1_000_000 - START


def forced_spells(stages: pl.DataFrame) -> pl.LazyFrame:
    """Rows that tell something new, each until the next of the account: when, for how long, what ran before."""
    said = (pl.col("paused").cast(pl.Int64) + 1).fill_null(0)
    key = pl.col("account_id") * ACCOUNT + seconds("occurred_at") * TIME
    key = key + pl.col("stage").to_physical().cast(pl.Int64) * STAGE + said
    moves = apart(1) | ((packed ^ packed.shift(1)) & (TIME - STAGE) != 0)
    since = (packed // TIME & (ACCOUNT // TIME - 1)).cast(pl.Int32)
    until = pl.when(apart(-1)).then(SPAN).otherwise(since.shift(-1))
    spells = (
        stages.lazy()
        .select(packed=key)
        .sort("packed")
        .with_columns(moves=moves)
        .filter(pl.col("moves") | (packed & (STAGE - 1) != 0))
        .select(
            "moves",
            number=(packed // ACCOUNT).cast(pl.Int32),
            since=since,
            until=until.cast(pl.Int32),
            is_last=apart(-1),
            at=(packed // STAGE & 15).cast(pl.UInt8),
            is_paused=packed & (STAGE - 1) == 2,
        )
        .with_columns(ran=pl.when("is_paused").then(0).otherwise(pl.col("until") - pl.col("since")))
        .with_columns(clock=pl.col("ran").cast(pl.Int64).cum_sum())
        .collect()
    )
    return spells.lazy()


def forced_stays(spells: pl.LazyFrame) -> pl.LazyFrame:
    """One of the spells begins each stay, and one ends it: it ran for what the clock went on between them."""
    begins = pl.col("moves")
    ends = begins.shift(-1, fill_value=True)
    began = (pl.col("clock") - pl.col("ran")).filter(begins)
    return (
        spells.select(
            pl.col("number", "since", "at").filter(begins),
            pl.col("until", "is_last").filter(ends),
            seconds=(pl.col("clock").filter(ends) - began).cast(pl.Int32),
            is_paused=(pl.col("is_paused") & pl.col("is_last")).filter(ends),
            next_at=pl.col("at").filter(begins).shift(-1),
        )
        .collect()
        .lazy()
    )


#: An hour's number says in which month it lies: months and clock changes begin at full hours.
MONTHS_OF_HOURS = pl.lit(
    pl.Series([bound // 1_000_000 - START for bound in BOUNDS[1:]])
    .search_sorted(3600 * pl.int_range(SPAN // 3600 + 1, eager=True), "right")
    .cast(pl.Int8)
)
EXPECTED, STUCK = limit(0), limit(1)


def month(second: pl.Expr) -> pl.Expr:
    return MONTHS_OF_HOURS.gather(second // 3600)


def judged(elapsed: pl.Expr) -> pl.Expr:
    return state(pl.col("at") == CHURNED, pl.col("is_paused"), elapsed, EXPECTED.gather("at"), STUCK.gather("at"))


def changes(spells: pl.LazyFrame) -> list[pl.LazyFrame]:
    """What comes and goes in each month, to be added up: a spell within a month is not seen at any month's end."""
    began = pl.col("clock") - pl.col("ran")
    elapsed = began - pl.when("moves").then(began).forward_fill()
    since, until = pl.col("since"), pl.col("until")

    def reached(limit: pl.Expr) -> pl.Expr:
        at = since + limit.gather("at") - pl.col("elapsed")
        return month(pl.min_horizontal(pl.max_horizontal(at, since), until))

    crossings = (
        spells.with_columns(came=month(since), went=month(until), elapsed=elapsed.cast(pl.Int32))
        .filter(pl.col("came") < pl.col("went"))
        .select(
            "came",
            "went",
            late=reached(EXPECTED),
            too_late=reached(STUCK),
            kind=pl.when(pl.col("at") == CHURNED).then(2).otherwise(pl.col("is_paused").cast(pl.Int32)).cast(pl.Int8),
        )
        .collect()
        .lazy()
    )

    def counted(column: str, kind: int, state: str, change: int) -> pl.LazyFrame:
        counts = crossings.filter(pl.col("kind") == kind).group_by(column).agg(change=change * pl.len().cast(pl.Int64))
        return counts.select(pl.col(column).alias("month"), pl.lit(state).alias("state"), "change")

    passes = ["came", "late", "too_late", "went"]
    running = [
        counted(column, 0, state, change)
        for state, bounds in zip(STATES, zip(passes, passes[1:]))
        for column, change in zip(bounds, [1, -1])
    ]
    still = [
        counted(column, kind, state, change)
        for kind, state in [(1, "paused"), (2, "churned")]
        for column, change in [("came", 1), ("went", -1)]
    ]
    return running + still


def funnel(stays: pl.DataFrame, accounts: int) -> tuple[int, ...]:
    """Numbers of accounts count up, as databases give them, and rows are in order: who comes later takes the place."""

    def last(stage: str, rows: pl.DataFrame) -> pl.Series:
        rows = rows.filter(pl.col("at") == NAMES.index(stage))
        return pl.repeat(-1, accounts, dtype=pl.Int32, eager=True).scatter(rows["number"], rows["since"])

    entries = stays.lazy().select("number", "since", "at").filter(pl.col("at").is_in(PLACES)).collect()
    first, *others = FUNNEL
    columns = {first: last(first, entries.reverse())} | {stage: last(stage, entries) for stage in others}
    entered = pl.DataFrame(columns).lazy().filter(pl.col(first) >= 0)
    reached = [pl.max_horizontal(FUNNEL[at:]) > pl.col(first) for at in range(1, len(FUNNEL))]
    return (
        entered.select(pl.len(), *(pl.Expr.sum(one).alias(f"{at}") for at, one in enumerate(reached))).collect().row(0)
    )


def forced(stages: pl.DataFrame, accounts: pl.DataFrame) -> Answer:
    spells = forced_spells(stages)
    stays = forced_stays(spells)
    stage = pl.col("at").cat.to(StageType)
    done = pl.col("seconds").filter(~pl.col("is_last"))
    in_order = done.sort()
    lasted = [in_order.median().alias("median"), done.mean().alias("mean")]
    lasted += [in_order.quantile(0.9, "linear").alias("p90"), done.len().alias("n")]
    lasted.append(pl.col("is_last").sum().alias("n_missing"))
    alive = stays.filter(pl.col("at") != CHURNED)
    quarters = alive.with_columns(quarter=month(pl.col("since")) // 3).group_by("quarter", "at").agg(lasted)
    moved = stays.filter(~pl.col("is_last")).group_by(month(pl.col("until")).alias("month") // 3, "at", "next_at").len()
    segment = pl.lit(accounts["segment"]).gather(pl.col("number"))
    began = pl.when("moves").then(pl.col("clock") - pl.col("ran")).forward_fill()
    status = spells.with_columns(elapsed=pl.col("clock") - began).filter("is_last")
    return rows_of(
        {
            "time_in_stage": alive.group_by("at").agg(lasted).with_columns(stage),
            "time_in_stage_quarterly": quarters.with_columns(stage),
            "transitions": moved.with_columns(stage, pl.col("next_at").cat.to(StageType)),
            "status": status.group_by(segment.alias("segment"), judged(pl.col("elapsed"))).len(),
            "changes": pl.concat(changes(spells)),
        }
    ) | {"funnel": [funnel(stays.collect(), len(accounts))]}


def forced_journeys(stages: pl.DataFrame) -> pl.DataFrame:
    def time(column: str) -> pl.Expr:
        return ((pl.col(column).cast(pl.Int64) + START) * 1_000_000).cast(pl.Datetime("us", "UTC"))

    return (
        forced_stays(forced_spells(stages))
        .select(
            account_id="number",
            stage=pl.col("at").cat.to(StageType),
            entered_at=time("since"),
            left_at=pl.when(~pl.col("is_last")).then(time("until")),
            seconds="seconds",
            status=judged(pl.col("seconds")),
        )
        .collect()
    )


def questions(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Answer]]]:
    frames = in_polars(tables, threads)
    yield "usual", lambda: usual(**frames)
    yield "forced", lambda: forced(**frames)


def journeys(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Reading]]]:
    stages = in_polars(tables, threads)["stages"]

    def written(journeys: pl.DataFrame) -> Reading:
        return lambda: journeys

    yield "usual", lambda: written(usual_journeys(stages))
    yield "forced", lambda: written(forced_journeys(stages))
