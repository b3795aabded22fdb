"""The lifecycle's numbers by DuckDB, as an analyst writes them and as an expert would."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from months import BOUNDS, FIRST_YEAR
from stages import END, FUNNEL, NAMES, STAGES, STATES
from tables import in_duckdb

if TYPE_CHECKING:
    import duckdb

#: Rows by question.
Answer = dict[str, list[tuple]]
#: What reads the table of journeys.
Reading = Callable[[], pl.DataFrame]

START = BOUNDS[0] // 1_000_000
#: The seconds since `START` at which everything is known.
SPAN = BOUNDS[-1] // 1_000_000 - START
AS_OF = f"to_timestamp({START + SPAN})"


LIMITS = ", ".join(
    f"({at}, '{stage}', {expected or 'NULL'}, {stuck or 'NULL'})"
    for at, (stage, (expected, stuck)) in enumerate(STAGES.items())
)
#: The lifecycle and the ends of months. Nobody would make these anew for every question.
MODEL = f"""
CREATE TYPE state AS ENUM ({", ".join(map(repr, STATES))});

CREATE TABLE model AS
SELECT position, stage::stages_stage AS stage, expected::INTEGER AS expected, stuck::INTEGER AS stuck
FROM (VALUES {LIMITS}) AS model(position, stage, expected, stuck);

CREATE TABLE months AS
SELECT unnest(range({len(BOUNDS) - 1}))::INTEGER AS month, make_timestamptz(unnest({BOUNDS[1:]})) AS ends;

CREATE MACRO state_of(stage, is_paused, elapsed, expected, stuck) AS
CASE WHEN stage = '{END}' THEN 'churned'
     WHEN is_paused THEN 'paused'
     WHEN elapsed > stuck THEN 'stuck'
     WHEN elapsed > expected THEN 'behind'
     ELSE 'on_track' END::state;

CREATE MACRO quarter_of(instant) AS
(year(instant AT TIME ZONE 'Europe/Stockholm') - {FIRST_YEAR}) * 4
    + quarter(instant AT TIME ZONE 'Europe/Stockholm') - 1;
"""

USUAL = f"""
CREATE OR REPLACE TEMP TABLE statements AS
SELECT *, coalesce(sum(ran) OVER (
        PARTITION BY account_id, stay ORDER BY occurred_at
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
FROM (
    SELECT *, CASE WHEN is_paused THEN 0 ELSE epoch(until - occurred_at) END AS ran
    FROM (
        SELECT *, coalesce(last_value(paused IGNORE NULLS) OVER (
                PARTITION BY account_id, stay ORDER BY occurred_at), false) AS is_paused
        FROM (
            SELECT *, count(*) FILTER (moves) OVER (PARTITION BY account_id ORDER BY occurred_at) AS stay
            FROM (
                SELECT *, stage IS DISTINCT FROM lag(stage) OVER story AS moves,
                       coalesce(lead(occurred_at) OVER story, {AS_OF}) AS until
                FROM stages WINDOW story AS (PARTITION BY account_id ORDER BY occurred_at)))));

CREATE OR REPLACE TEMP TABLE stays AS
SELECT *, lead(stage) OVER (PARTITION BY account_id ORDER BY entered_at) AS next_stage
FROM (
    SELECT account_id, any_value(stage) AS stage, min(occurred_at) AS entered_at,
           nullif(max(until), {AS_OF}) AS left_at, sum(ran) AS seconds,
           left_at IS NULL AND arg_max(is_paused, occurred_at) AS is_paused
    FROM statements GROUP BY account_id, stay);
"""

LASTED = "median(seconds) FILTER (done), avg(seconds) FILTER (done), quantile_cont(seconds, 0.9) FILTER (done)"

USUAL_QUESTIONS = {
    "time_in_stage": f"""
        SELECT stage, {LASTED}, count(*) FILTER (done), count(*) FILTER (NOT done)
        FROM (SELECT *, left_at IS NOT NULL AS done FROM stays) WHERE stage <> '{END}' GROUP BY stage""",
    "time_in_stage_quarterly": f"""
        SELECT quarter_of(entered_at), stage, {LASTED}, count(*) FILTER (done), count(*) FILTER (NOT done)
        FROM (SELECT *, left_at IS NOT NULL AS done FROM stays) WHERE stage <> '{END}' GROUP BY ALL""",
    "transitions": """
        SELECT quarter_of(left_at), stage, next_stage, count(*)
        FROM stays WHERE left_at IS NOT NULL GROUP BY ALL""",
    "status": """
        SELECT segment, state_of(stage, is_paused, seconds, expected, stuck), count(*)
        FROM stays JOIN model USING (stage) JOIN accounts USING (account_id)
        WHERE left_at IS NULL GROUP BY ALL""",
    "status_monthly": """
        SELECT month, state_of(stage, is_paused, elapsed, expected, stuck), count(*)
        FROM (
            SELECT month, stage, is_paused,
                   before + CASE WHEN is_paused THEN 0 ELSE epoch(ends - occurred_at) END AS elapsed
            FROM months JOIN statements ON occurred_at < ends AND until >= ends)
        JOIN model USING (stage) GROUP BY ALL""",
    "funnel": f"""
        WITH entered AS (
            SELECT account_id, min(entered_at) AS since FROM stays WHERE stage = '{FUNNEL[0]}' GROUP BY ALL),
        furthest AS (
            SELECT max(list_position({FUNNEL}, stage::VARCHAR)) AS furthest
            FROM entered JOIN stays USING (account_id) WHERE entered_at >= since GROUP BY account_id)
        SELECT {", ".join(f"count(*) FILTER (furthest >= {at + 1})" for at in range(len(FUNNEL)))} FROM furthest""",
}

USUAL_JOURNEYS = """
CREATE OR REPLACE TEMP TABLE journeys AS
SELECT account_id, stage, entered_at, left_at, seconds, state_of(stage, is_paused, seconds, expected, stuck) AS status
FROM stays JOIN model USING (stage) ORDER BY account_id, entered_at;
"""

#: An hour's number says in which month it lies: months and clock changes begin at full hours.
HOURS = f"""
CREATE TABLE hours AS
SELECT hour::INTEGER AS hour,
       (SELECT count(*) FROM months WHERE ends <= to_timestamp({START} + 3600 * hour))::TINYINT AS month
FROM range({SPAN // 3600 + 1}) AS hours(hour);
"""

#: An account, a time in seconds, a stage and what is said of pauses, in one integer. Sorting integers brings every
#: account's rows together, and their neighbours are then the rows before and after: no window has to be partitioned.
PACKED = f"""(account_id << 33) | ((epoch_us(occurred_at) // 1000000 - {START}) << 6) | (enum_code(stage)::BIGINT << 2)
    | coalesce(paused::BIGINT + 1, 0)"""
APART = 1 << 33
#: Behind all accounts, so that every row has one after it.
NOBODY = 1 << 62
TIME = (1 << 27) - 1
CHURNED = NAMES.index(END)

FORCED = f"""
CREATE OR REPLACE TEMP TABLE told AS
SELECT packed, moves
FROM (
    SELECT packed, xor(packed, before) >= {APART} OR xor(packed, before) & 60 <> 0 AS moves
    FROM (
        SELECT packed, lag(packed, 1, {NOBODY - 1}) OVER () AS before
        FROM (SELECT {PACKED} AS packed FROM stages UNION ALL SELECT {NOBODY} ORDER BY packed)))
WHERE moves OR packed & 3 <> 0;

CREATE OR REPLACE TEMP TABLE spells AS
SELECT *, max(CASE WHEN moves THEN clock END) OVER (ROWS UNBOUNDED PRECEDING) AS clock_before
FROM (
    SELECT *, (sum(ran) OVER (ROWS UNBOUNDED PRECEDING))::BIGINT - ran AS clock
    FROM (
        SELECT *, CASE WHEN is_paused THEN 0 ELSE until - since END AS ran
        FROM (
            SELECT packed >> 33 AS number, ((packed >> 6) & {TIME})::INTEGER AS since,
                   ((packed >> 2) & 15)::TINYINT AS position, moves, packed & 3 = 2 AS is_paused,
                   lag(packed & 3 = 2) OVER () AS was_paused,
                   xor(packed, next) >= {APART} AS is_last,
                   CASE WHEN is_last THEN {SPAN} ELSE ((next >> 6) & {TIME})::INTEGER END AS until
            FROM (SELECT packed, moves, lead(packed, 1, {NOBODY}) OVER () AS next FROM told))));

CREATE OR REPLACE TEMP TABLE stays AS
SELECT * FROM (
    SELECT number, position, since, lead(clock) OVER () - clock AS seconds, lead(number) OVER () = number AS done,
           lead(since) OVER () AS until, lead(position) OVER () AS next_position,
           NOT done AND lead(was_paused) OVER () AS is_paused
    FROM spells WHERE moves)
WHERE number < {NOBODY >> 33};
"""

#: A spell that lies within a month is not seen at any month's end.
FORCED_STEPS = f"""
CREATE OR REPLACE TEMP TABLE lasted AS
SELECT position, month // 3 AS quarter, CASE WHEN done THEN seconds::INTEGER END AS seconds
FROM stays JOIN hours ON hour = since // 3600 WHERE position <> {CHURNED};

CREATE OR REPLACE TEMP TABLE crossings AS
SELECT fixed, came, went, a.month AS late, b.month AS too_late
FROM (
    SELECT CASE WHEN position = {CHURNED} THEN 'churned' WHEN is_paused THEN 'paused' END::state AS fixed,
           a.month AS came, b.month AS went,
           least(greatest(coalesce(since + expected - (clock - clock_before), until), since), until) AS late_at,
           least(greatest(coalesce(since + stuck - (clock - clock_before), until), since), until) AS too_late_at
    FROM spells JOIN model USING (position)
    JOIN hours a ON a.hour = since // 3600 JOIN hours b ON b.hour = until // 3600
    WHERE came < went)
JOIN hours a ON a.hour = late_at // 3600 JOIN hours b ON b.hour = too_late_at // 3600;
"""

FIRST, *OTHERS = FUNNEL
LATEST = ", ".join(f"max(since) FILTER (position = {NAMES.index(stage)}) AS {stage}" for stage in OTHERS)
REACHED = ", ".join(f"sum(greatest({', '.join(OTHERS[at:])}) > {FIRST})" for at in range(len(OTHERS)))

ALL_LASTED = """quantile_cont(seconds, 0.5), avg(seconds), quantile_cont(seconds, 0.9),
    count(seconds), count(*) - count(seconds)"""

FORCED_QUESTIONS = {
    "time_in_stage": f"SELECT stage, {ALL_LASTED} FROM lasted JOIN model USING (position) GROUP BY stage",
    "time_in_stage_quarterly": f"""
        SELECT quarter, stage, {ALL_LASTED} FROM lasted JOIN model USING (position) GROUP BY ALL""",
    "transitions": """
        SELECT quarter, one.stage, other.stage, count
        FROM (
            SELECT month // 3 AS quarter, position, next_position, count(*) AS count
            FROM stays JOIN hours ON hour = until // 3600 WHERE done GROUP BY ALL) moved
        JOIN model one USING (position) JOIN model other ON other.position = next_position""",
    "status": """
        SELECT segment, state_of(stage, is_paused, clock + ran - clock_before, expected, stuck), count(*)
        FROM spells JOIN model USING (position) JOIN accounts ON account_id = number
        WHERE is_last GROUP BY ALL""",
    # What comes and goes in a month, to be added up.
    "changes": """
        SELECT came, coalesce(fixed, 'on_track'), count(*) FROM crossings GROUP BY ALL
        UNION ALL SELECT late, 'on_track', -count(*) FROM crossings WHERE fixed IS NULL GROUP BY ALL
        UNION ALL SELECT late, 'behind', count(*) FROM crossings WHERE fixed IS NULL GROUP BY ALL
        UNION ALL SELECT too_late, 'behind', -count(*) FROM crossings WHERE fixed IS NULL GROUP BY ALL
        UNION ALL SELECT too_late, 'stuck', count(*) FROM crossings WHERE fixed IS NULL GROUP BY ALL
        UNION ALL SELECT went, coalesce(fixed, 'stuck'), -count(*) FROM crossings GROUP BY ALL""",
    "funnel": f"""
        SELECT count(*), {REACHED}
        FROM (
            SELECT min(since) FILTER (position = {NAMES.index(FIRST)}) AS {FIRST}, {LATEST}
            FROM stays WHERE position IN {tuple(map(NAMES.index, FUNNEL))} GROUP BY number)
        WHERE {FIRST} IS NOT NULL""",
}

#: Stays are in order, but a join need not leave them so.
FORCED_JOURNEYS = f"""
CREATE OR REPLACE TEMP TABLE journeys AS
SELECT number AS account_id, stage, to_timestamp({START} + since) AS entered_at,
       CASE WHEN done THEN to_timestamp({START} + until) END AS left_at, seconds,
       state_of(stage, is_paused, seconds, expected, stuck) AS status
FROM stays JOIN model USING (position) ORDER BY number, since;
"""


def prepared(tables: dict[str, pa.Table], threads: int) -> "duckdb.DuckDBPyConnection":
    connection = in_duckdb(tables, threads)
    connection.execute(MODEL)
    connection.execute(HOURS)
    return connection


def questions(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Answer]]]:
    connection = prepared(tables, threads)

    def answer(steps: str, asked: dict[str, str]) -> Answer:
        connection.execute(steps)
        return {name: connection.execute(query).fetchall() for name, query in asked.items()}

    yield "usual", lambda: answer(USUAL, USUAL_QUESTIONS)
    yield "forced", lambda: answer(FORCED + FORCED_STEPS, FORCED_QUESTIONS)


def journeys(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Reading]]]:
    connection = prepared(tables, threads)

    def written(steps: str) -> Reading:
        connection.execute(steps)
        return connection.table("journeys").pl

    yield "usual", lambda: written(USUAL + USUAL_JOURNEYS)
    yield "forced", lambda: written(FORCED + FORCED_JOURNEYS)
