"""The product's numbers by DuckDB, as an analyst writes them and as an expert would."""

from collections.abc import Callable, Iterable

import pyarrow as pa

from days import DAY, DAYS, END, FIRST_DAY, FIRST_WEEK, HOUR, LEAD, START, SUMMER
from tables import in_duckdb

#: Rows by question.
Answer = dict[str, list[tuple]]

KNOWN = f"SELECT count(*) FROM users WHERE created_at < make_timestamptz({END})"

USUAL = f"""
CREATE OR REPLACE TEMP TABLE user_days AS
SELECT DISTINCT user_id, (occurred_at AT TIME ZONE 'Europe/Stockholm')::DATE AS day FROM events;

CREATE OR REPLACE TEMP TABLE user_weeks AS
SELECT DISTINCT user_id, (date_trunc('week', day)::DATE - DATE '{FIRST_WEEK}') // 7 AS week FROM user_days;

CREATE OR REPLACE TEMP TABLE steps AS
SELECT user_id, occurred_at,
       coalesce(occurred_at - lag(occurred_at) OVER (PARTITION BY user_id ORDER BY occurred_at)
           > INTERVAL 30 MINUTE, true) AS begins
FROM events;
"""

USUAL_QUESTIONS = {
    "daily": f"SELECT day - DATE '{FIRST_DAY}', count(*) FROM user_days GROUP BY day",
    "weekly": "SELECT week, count(*) FROM user_weeks GROUP BY week",
    "monthly": "SELECT month(day) - 1, count(DISTINCT user_id) FROM user_days GROUP BY ALL",
    "rolling": f"""
        SELECT days.day - DATE '{FIRST_DAY}', count(DISTINCT user_id)
        FROM (SELECT (DATE '{FIRST_DAY}' + day::INTEGER) AS day FROM range({len(DAYS)}) AS days(day)) AS days
        LEFT JOIN user_days ON user_days.day BETWEEN days.day - 29 AND days.day
        GROUP BY days.day""",
    "stickiness": "SELECT month(day) - 1, count(*), count(DISTINCT user_id) FROM user_days GROUP BY ALL",
    "known": KNOWN,
    "active_days": f"""
        SELECT active_days, count(*)
        FROM (SELECT count(*) AS active_days FROM user_days WHERE day > DATE '{DAYS[-1]}' - 28 GROUP BY user_id)
        GROUP BY active_days""",
    "cohorts": """
        SELECT cohort, week - cohort, count(*)
        FROM user_weeks JOIN (SELECT user_id, min(week) AS cohort FROM user_weeks GROUP BY user_id) USING (user_id)
        GROUP BY ALL""",
    "lifecycle": """
        WITH neighbours AS (
            SELECT week, lag(week) OVER weeks AS before, lead(week) OVER weeks AS after
            FROM user_weeks WINDOW weeks AS (PARTITION BY user_id ORDER BY week)),
        gone AS (
            SELECT week + 1 AS week, count(*) AS dormant
            FROM neighbours WHERE after IS NULL OR after > week + 1 GROUP BY ALL)
        SELECT week, count(*) FILTER (before IS NULL), count(*) FILTER (before = week - 1),
               count(*) FILTER (before < week - 1), coalesce(any_value(dormant), 0)
        FROM neighbours LEFT JOIN gone USING (week) GROUP BY week""",
    "sessions": """
        SELECT month(occurred_at AT TIME ZONE 'Europe/Stockholm') - 1, count(*) FROM steps WHERE begins GROUP BY ALL""",
    "adoption": "SELECT name, count(DISTINCT user_id) FROM events GROUP BY name",
    "accounts": """
        WITH active AS (
            SELECT account_id, count(DISTINCT user_id) AS users, count(*) AS days
            FROM user_days JOIN users USING (user_id) GROUP BY account_id),
        acted AS (
            SELECT account_id, count(*) AS events, count(*) FILTER (begins) AS sessions
            FROM steps JOIN users USING (user_id) GROUP BY account_id)
        SELECT account_id, users, days, events, sessions FROM active JOIN acted USING (account_id)""",
}

#: A user and a time, in one integer. Sorting integers brings every user's rows together in order of time: where the
#: next one is much greater, a session begins, and where its user or day is another, a day.
BITS = 45
TIMEOUT = 30 * 60 * 1_000_000
NOBODY = -(1 << 62)
#: A user and a day, in one integer: days are local.
PLACE = f"((packed >> {BITS} << 9) | ((time + {HOUR} * (time >= {SUMMER[0]} AND time < {SUMMER[1]})::BIGINT) // {DAY}))"

FORCED = f"""
CREATE OR REPLACE TEMP TABLE marks AS
SELECT (place >> 9)::INTEGER AS number, (place & 511)::SMALLINT AS day, place <> place_before AS new_day,
       packed - before > {TIMEOUT} AS begins, row
FROM (
    SELECT packed, place, lag(packed, 1, {NOBODY}) OVER () AS before, lag(place, 1, -1) OVER () AS place_before,
           row_number() OVER () AS row
    FROM (
        SELECT packed, {PLACE} AS place
        FROM (
            SELECT packed, packed & {(1 << BITS) - 1} AS time
            FROM (
                SELECT (number << {BITS}) | (epoch_us(occurred_at) - {START}) AS packed FROM numbered
                ORDER BY packed)))
    )
WHERE place <> place_before OR packed - before > {TIMEOUT};

CREATE OR REPLACE TEMP TABLE user_days AS
SELECT number, day, CASE WHEN number_after = number THEN day_after ELSE 999 END AS day_after,
       month, month_before <> month OR number_before <> number AS new_month,
       week, CASE WHEN number_before = number THEN week_before ELSE -1 END AS week_before
FROM (
    SELECT *, lag(number, 1, -1) OVER () AS number_before, lead(number, 1, -1) OVER () AS number_after,
           lead(day, 1, 999) OVER () AS day_after, lag(week, 1, -1) OVER () AS week_before,
           lag(month, 1, -1) OVER () AS month_before
    FROM (
        SELECT number, day, (day + {LEAD}) // 7 AS week,
               (month(DATE '{FIRST_DAY}' + day::INTEGER) - 1)::TINYINT AS month
        FROM marks WHERE new_day));

CREATE OR REPLACE TEMP TABLE user_weeks AS
SELECT number, week, week_before FROM user_days WHERE week <> week_before;

CREATE OR REPLACE TEMP TABLE months AS
SELECT month, count(*) AS user_days, sum(new_month)::BIGINT AS users FROM user_days GROUP BY month;
"""

FORCED_QUESTIONS = {
    "daily": "SELECT day, count(*) FROM user_days GROUP BY day",
    "weekly": "SELECT week, count(*) FROM user_weeks GROUP BY week",
    "monthly": "SELECT month, users FROM months",
    # A day counts for thirty, or until the next one takes over: what comes and goes, added up.
    "rolling": f"""
        SELECT day, users
        FROM (
            SELECT day, sum(sum(change)) OVER (ORDER BY day)::BIGINT AS users
            FROM (
                SELECT day, 0 AS change FROM range({len(DAYS)}) AS days(day)
                UNION ALL
                SELECT day, count(*) FROM user_days GROUP BY day
                UNION ALL
                SELECT least(day + 30, day_after) AS day, -count(*) AS change FROM user_days GROUP BY ALL)
            GROUP BY day)
        WHERE day < {len(DAYS)}""",
    "stickiness": "FROM months",
    "known": KNOWN,
    "active_days": f"""
        SELECT active_days, count(*)
        FROM (SELECT count(*) AS active_days FROM user_days WHERE day >= {len(DAYS) - 28} GROUP BY number)
        GROUP BY active_days""",
    "cohorts": """
        SELECT cohort, week - cohort, count(*)
        FROM user_weeks JOIN (SELECT number, week AS cohort FROM user_weeks WHERE week_before < 0) USING (number)
        GROUP BY ALL""",
    # Who was there the week before and does not return is dormant.
    "lifecycle": """
        SELECT week, started, returned, users - started - returned,
               lag(users, 1, 0) OVER (ORDER BY week) - returned
        FROM (
            SELECT week, count(*) AS users, sum(week_before < 0)::BIGINT AS started,
                   sum(week_before >= 0 AND week_before = week - 1)::BIGINT AS returned
            FROM user_weeks GROUP BY week)""",
    "sessions": f"""
        SELECT month(DATE '{FIRST_DAY}' + day::INTEGER) - 1, sum(begun)::BIGINT
        FROM (SELECT day, count(*) AS begun FROM marks WHERE begins GROUP BY day) GROUP BY ALL""",
    # One bit a user.
    "adoption": "SELECT name, bit_count(bitstring_agg(number, 0, {last})) FROM numbered GROUP BY name",
    "accounts": """
        SELECT account_id, count(*), sum(days)::BIGINT, sum(events)::BIGINT, sum(sessions)::BIGINT
        FROM (
            SELECT number, days, sessions,
                   lead(row, 1, (SELECT count(*) + 1 FROM events)) OVER (ORDER BY row) - row AS events
            FROM (
                SELECT number, sum(new_day) AS days, sum(begins) AS sessions, min(row) AS row
                FROM marks GROUP BY number))
        JOIN numbers USING (number) GROUP BY account_id""",
}


def questions(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Answer]]]:
    connection = in_duckdb(tables, threads)
    is_text = pa.types.is_string(tables["events"].schema.field("name").type)
    # The users' rows have numbers, which texts are turned into.
    connection.execute("CREATE TABLE numbers AS SELECT rowid AS number, user_id, account_id FROM users")
    numbered = "CREATE OR REPLACE TEMP VIEW numbered AS SELECT user_id AS number, occurred_at, name FROM events;"
    if is_text:
        numbered = """CREATE OR REPLACE TEMP TABLE numbered AS
            SELECT number, occurred_at, name FROM events JOIN numbers USING (user_id);"""
    last = tables["users"].num_rows - 1

    def answer(steps: str, asked: dict[str, str]) -> Answer:
        connection.execute(steps)
        return {
            name: connection.execute(query.replace("{last}", str(last))).fetchall() for name, query in asked.items()
        }

    yield "usual", lambda: answer(USUAL, USUAL_QUESTIONS)
    yield "forced", lambda: answer(numbered + FORCED, FORCED_QUESTIONS)
