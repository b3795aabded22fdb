"""The help desk's numbers by DuckDB, as an analyst writes them and as an expert would."""

from collections.abc import Callable, Iterable, Mapping

import pyarrow as pa

from months import BOUNDS
from tables import in_duckdb

START = BOUNDS[0] // 1_000_000
#: The instant up to which everything is known: seconds since 1970, and since `START`.
AS_OF = BOUNDS[-1] // 1_000_000
SPAN = AS_OF - START
WEEK = 7 * 24 * 3600

Answer = tuple[Mapping[str, float], list[tuple[int, float, int]], list[int]]

#: When the desk is open, day by day; and when each month ends. Nobody would make this anew for every question.
CALENDAR = f"""
CREATE TABLE business_days AS
SELECT (day + opens::TIME) AT TIME ZONE zone AS opens, (day + closes::TIME) AT TIME ZONE zone AS closes
FROM (SELECT unnest(generate_series(DATE '2022-12-31', DATE '2026-01-01', INTERVAL 1 DAY))::DATE AS day)
JOIN schedules ON weekday = isodow(day)
WHERE strftime(day, '%Y-%m-%d') NOT IN (SELECT date FROM holidays);

CREATE TABLE months AS
SELECT unnest(range({len(BOUNDS) - 1}))::INTEGER AS month,
       make_timestamptz(unnest({BOUNDS[:-1]})) AS starts, make_timestamptz(unnest({BOUNDS[1:]})) AS ends;
"""

USUAL = f"""
CREATE OR REPLACE TEMP TABLE changes AS
SELECT conversation_id, occurred_at, resolved,
       lead(occurred_at) OVER (PARTITION BY conversation_id ORDER BY occurred_at) AS until
FROM (
    SELECT conversation_id, occurred_at, status IN ('solved', 'closed') AS resolved,
           lag(status) OVER (PARTITION BY conversation_id ORDER BY occurred_at) IN ('solved', 'closed') AS was_resolved
    FROM status_history)
WHERE resolved <> coalesce(was_resolved, false);

CREATE OR REPLACE TEMP TABLE resolutions AS
SELECT conversation_id, min(occurred_at) FILTER (resolved) AS first_resolved_at,
       min(occurred_at) FILTER (NOT resolved) AS reopened_at,
       CASE WHEN arg_max(resolved, occurred_at) THEN max(occurred_at) END AS last_resolved_at
FROM changes GROUP BY conversation_id;

CREATE OR REPLACE TEMP TABLE replies AS
SELECT conversation_id, occurred_at
FROM (
    SELECT conversation_id, occurred_at, author, auto, initiated_by,
           row_number() OVER (PARTITION BY conversation_id ORDER BY occurred_at) AS position
    FROM messages JOIN conversations USING (conversation_id) WHERE public)
WHERE author = 'agent' AND NOT auto AND NOT (position = 1 AND initiated_by = 'company');

CREATE OR REPLACE TEMP TABLE tickets AS
SELECT conversation_id, created_at, priority, first_resolved_at, reopened_at, last_resolved_at,
       min(occurred_at) AS replied_at, count(occurred_at) FILTER (occurred_at < last_resolved_at) AS touches,
       coalesce(least(min(occurred_at), first_resolved_at), to_timestamp({AS_OF})) AS responded_at
FROM conversations LEFT JOIN resolutions USING (conversation_id) LEFT JOIN replies USING (conversation_id)
GROUP BY conversation_id, created_at, priority, first_resolved_at, reopened_at, last_resolved_at;

CREATE OR REPLACE TEMP TABLE business AS
SELECT conversation_id,
       coalesce(sum(epoch(least(closes, replied_at) - greatest(opens, created_at)))
           FILTER (opens < replied_at), 0) AS to_reply,
       coalesce(sum(epoch(least(closes, responded_at) - greatest(opens, created_at)))
           FILTER (opens < responded_at), 0) AS to_response
FROM tickets JOIN business_days ON opens < greatest(replied_at, responded_at) AND closes > created_at
GROUP BY conversation_id;
"""

USUAL_WHOLE = f"""
WITH measures AS (
    SELECT epoch(replied_at - created_at) AS response,
           CASE WHEN replied_at IS NOT NULL THEN coalesce(to_reply, 0) END AS business_response,
           epoch(last_resolved_at - created_at) AS resolution, *
    FROM tickets LEFT JOIN business USING (conversation_id)),
turns AS (
    SELECT conversation_id, occurred_at, author
    FROM (
        SELECT *, lag(author) OVER (PARTITION BY conversation_id ORDER BY occurred_at) AS before
        FROM messages WHERE public AND (author = 'customer' OR author = 'agent' AND NOT auto))
    WHERE author IS DISTINCT FROM before),
blocks AS (
    SELECT *, epoch(lead(occurred_at) OVER (PARTITION BY conversation_id ORDER BY occurred_at) - occurred_at) AS waited
    FROM turns),
targets AS (
    SELECT coalesce(to_response, 0) <= target_seconds AS within,
           replied_at IS NULL AND first_resolved_at IS NULL AS active
    FROM measures JOIN sla_policies p ON p.metric = 'first_response' AND p.priority = measures.priority::VARCHAR)
SELECT * FROM (
    SELECT avg(response) AS first_response_mean, median(response) AS first_response_median,
           quantile_cont(response, 0.9) AS first_response_p90,
           count(response) AS first_response_n, count(*) - count(response) AS first_response_n_missing,
           avg(business_response) AS first_response_business_mean,
           median(business_response) AS first_response_business_median,
           quantile_cont(business_response, 0.9) AS first_response_business_p90,
           count(business_response) AS first_response_business_n,
           count(*) - count(business_response) AS first_response_business_n_missing,
           avg(resolution) AS full_resolution_mean, median(resolution) AS full_resolution_median,
           count(resolution) AS full_resolution_n, count(*) - count(resolution) AS full_resolution_n_missing,
           count(*) FILTER (last_resolved_at IS NOT NULL AND touches < 2) AS one_touch_numerator,
           count(last_resolved_at) AS one_touch_denominator
    FROM measures),
(   SELECT count(*) FILTER (mature AND reopened_at <= first_resolved_at + INTERVAL 168 HOUR) AS reopened_numerator,
           count(*) FILTER (mature) AS reopened_denominator,
           count(*) FILTER (NOT mature) AS reopened_n_immature
    FROM (SELECT *, first_resolved_at + INTERVAL 168 HOUR <= to_timestamp({AS_OF}) AS mature FROM resolutions)),
(   SELECT avg(waited) AS next_response_value, count(waited) AS next_response_n,
           count(*) - count(waited) AS next_response_n_missing
    FROM blocks WHERE author = 'customer'),
(   SELECT count(*) FILTER (within AND NOT active) AS sla_first_response_numerator,
           count(*) FILTER (NOT (within AND active)) AS sla_first_response_denominator,
           count(*) FILTER (within AND active) AS sla_first_response_n_immature
    FROM targets)
"""

USUAL_RESPONSES = """
SELECT month, avg(epoch(replied_at - created_at)), count(replied_at)
FROM months JOIN tickets ON starts = date_trunc('month', created_at AT TIME ZONE 'Europe/Stockholm')
    AT TIME ZONE 'Europe/Stockholm'
GROUP BY month
"""

USUAL_BACKLOG = """
WITH open_spells AS (
    SELECT conversation_id, created_at AS since, first_resolved_at AS until FROM tickets
    UNION ALL
    SELECT conversation_id, occurred_at, until FROM changes WHERE NOT resolved)
SELECT count(since) FROM months LEFT JOIN open_spells ON since <= ends AND (until IS NULL OR until > ends)
GROUP BY month ORDER BY month
"""

#: Open hours begin and end at full hours, months and clock changes too: an hour's number says how many open seconds
#: were before it, whether it is open, and in which month it lies.
HOURS = f"""
CREATE TABLE hours AS
SELECT hour::INTEGER AS hour, open::INTEGER AS open, (sum(open) OVER (ORDER BY hour) - open)::INTEGER * 3600 AS before,
       (SELECT month FROM months WHERE starts <= begin_at AND begin_at < ends)::TINYINT AS month
FROM (
    SELECT hour, to_timestamp({START} + 3600 * hour) AS begin_at,
           EXISTS (FROM business_days WHERE opens <= begin_at AND begin_at < closes)::INTEGER AS open
    FROM range({SPAN // 3600 + 1}) AS hours(hour));
"""

#: A conversation, a time in seconds and one bit, in one integer. Sorting integers brings every conversation's rows
#: together, and their neighbours are then the rows before and after: no window has to be partitioned.
PACKED = f"(conversation_id << 28) | ((epoch_us(occurred_at) // 1000000 - {START}) << 1)"
#: Packed integers that differ by less in bits are of one conversation.
APART = 1 << 28
NOBODY = 1 << 62
TIME = (1 << 27) - 1
#: A customer, or an agent in person: numbers instead of branches, which need no selections.
SAID = "((author = 'customer')::TINYINT | ((author = 'agent')::TINYINT & (1 - auto::TINYINT))) = 1"

FORCED = f"""
CREATE OR REPLACE TEMP TABLE talk AS
SELECT packed, lag(packed, 1, {NOBODY}) OVER () AS before
FROM (
    SELECT {PACKED} | (author = 'agent')::BIGINT AS packed FROM messages WHERE public AND {SAID}
    ORDER BY packed);

CREATE OR REPLACE TEMP TABLE replies AS
SELECT packed >> 28 AS conversation_id, ((packed >> 1) & {TIME})::INTEGER AS first,
       CASE WHEN xor(packed, second) < {APART} THEN ((second >> 1) & {TIME})::INTEGER END AS second,
       CASE WHEN xor(packed, third) < {APART} THEN ((third >> 1) & {TIME})::INTEGER END AS third
FROM (
    SELECT packed, lag(packed, 1, {NOBODY}) OVER () AS before, lead(packed, 1, {NOBODY}) OVER () AS second,
           lead(packed, 2, {NOBODY}) OVER () AS third
    FROM talk WHERE packed & 1 = 1)
WHERE xor(packed, before) >= {APART};

CREATE OR REPLACE TEMP TABLE changes AS
SELECT packed, lag(packed, 1, {NOBODY}) OVER () AS before, lead(packed, 1, {NOBODY}) OVER () AS next
FROM (
    SELECT packed, lag(packed, 1, {NOBODY}) OVER () AS before
    FROM (
        SELECT {PACKED} | (status IN ('solved', 'closed'))::BIGINT AS packed FROM status_history
        ORDER BY packed))
WHERE CASE WHEN xor(packed, before) >= {APART} THEN packed & 1 = 1 ELSE xor(packed, before) & 1 = 1 END;

CREATE OR REPLACE TEMP TABLE tickets AS
SELECT (epoch_us(created_at) // 1000000 - {START})::INTEGER AS created, priority,
       CASE WHEN initiated_by = 'company' THEN second ELSE first END AS replied,
       CASE WHEN initiated_by = 'company' THEN third ELSE second END AS touched_again,
       first_resolved, CASE WHEN once THEN first_resolved ELSE resolved_again END AS last_resolved
FROM conversations LEFT JOIN replies USING (conversation_id)
LEFT JOIN (
    SELECT packed >> 28 AS conversation_id, ((packed >> 1) & {TIME})::INTEGER AS first_resolved,
           xor(packed, next) >= {APART} AS once
    FROM changes WHERE xor(packed, before) >= {APART}) USING (conversation_id)
LEFT JOIN (
    SELECT packed >> 28 AS conversation_id, ((packed >> 1) & {TIME})::INTEGER AS resolved_again
    FROM changes WHERE xor(packed, before) < {APART} AND xor(packed, next) >= {APART} AND packed & 1 = 1)
    USING (conversation_id);
"""

FORCED_WHOLE = f"""
WITH measures AS (
    SELECT replied - created AS response, last_resolved - created AS resolution,
           to_reply - since AS business_response, to_response - since AS business_ended,
           replied IS NULL AND first_resolved IS NULL AS active, target_seconds, last_resolved, touched_again
    FROM (
        SELECT *, a.before + a.open * (created % 3600) AS since, b.before + b.open * (replied % 3600) AS to_reply,
               c.before + c.open * (responded % 3600) AS to_response
        FROM (SELECT *, coalesce(least(replied, first_resolved), {SPAN}) AS responded FROM tickets)
        JOIN hours a ON a.hour = created // 3600
        LEFT JOIN hours b ON b.hour = replied // 3600
        JOIN hours c ON c.hour = responded // 3600
        JOIN (SELECT priority::conversations_priority AS priority, target_seconds FROM sla_policies
              WHERE metric = 'first_response') USING (priority)))
SELECT *, responses[1] AS first_response_median, responses[2] AS first_response_p90,
       first_response_n AS first_response_business_n, first_response_n_missing AS first_response_business_n_missing,
       business_responses[1] AS first_response_business_median, business_responses[2] AS first_response_business_p90
FROM (
    SELECT avg(response) AS first_response_mean, quantile_cont(response, [0.5, 0.9]) AS responses,
           count(response) AS first_response_n, count(*) - count(response) AS first_response_n_missing,
           avg(business_response) AS first_response_business_mean,
           quantile_cont(business_response, [0.5, 0.9]) AS business_responses,
           avg(resolution) AS full_resolution_mean, quantile_cont(resolution, 0.5) AS full_resolution_median,
           count(resolution) AS full_resolution_n, count(*) - count(resolution) AS full_resolution_n_missing,
           sum(last_resolved IS NOT NULL AND coalesce(touched_again >= last_resolved, true)) AS one_touch_numerator,
           count(last_resolved) AS one_touch_denominator,
           sum(business_ended <= target_seconds AND NOT active) AS sla_first_response_numerator,
           sum(business_ended > target_seconds OR NOT active) AS sla_first_response_denominator,
           sum(business_ended <= target_seconds AND active) AS sla_first_response_n_immature
    FROM measures),
(   SELECT sum(mature AND again <= {WEEK}) AS reopened_numerator, sum(mature) AS reopened_denominator,
           sum(NOT mature) AS reopened_n_immature
    FROM (
        SELECT ((packed >> 1) & {TIME}) + {WEEK} <= {SPAN} AS mature,
               CASE WHEN xor(packed, next) < {APART} THEN (next - packed) >> 1 ELSE {NOBODY} END AS again
        FROM changes WHERE xor(packed, before) >= {APART})),
(   SELECT avg(waited) AS next_response_value, count(waited) AS next_response_n,
           count(*) - count(waited) AS next_response_n_missing
    FROM (
        SELECT packed, CASE WHEN xor(packed, next) < {APART} THEN (next - packed) >> 1 END AS waited
        FROM (SELECT packed, lead(packed, 1, {NOBODY}) OVER () AS next
              FROM talk WHERE xor(packed, before) & 1 = 1 OR xor(packed, before) >= {APART}))
    WHERE packed & 1 = 0)
"""

FORCED_RESPONSES = """
SELECT month, avg(replied - created), count(replied) FROM tickets JOIN hours ON hour = created // 3600 GROUP BY month
"""

#: What comes and goes in a month; the backlog is what has added up.
FORCED_BACKLOG = f"""
SELECT sum(sum(change)) OVER (ORDER BY month)
FROM (
    SELECT created // 3600 AS hour, 1 AS change FROM tickets
    UNION ALL
    SELECT ((packed >> 1) & {TIME}) // 3600, 1 - 2 * (packed & 1) FROM changes) JOIN hours USING (hour)
GROUP BY month ORDER BY month
"""


def questions(tables: dict[str, pa.Table], threads: int) -> Iterable[tuple[str, Callable[[], Answer]]]:
    connection = in_duckdb(tables, threads)
    connection.execute(CALENDAR)
    connection.execute(HOURS)

    def answer(steps: str, whole: str, responses: str, backlog: str) -> Answer:
        connection.execute(steps)
        numbers = connection.execute(whole)
        names = [column[0] for column in numbers.description]
        numbers = dict(zip(names, numbers.fetchone()))
        counts = [int(count) for (count,) in connection.execute(backlog).fetchall()]
        return numbers, connection.execute(responses).fetchall(), counts

    yield "usual", lambda: answer(USUAL, USUAL_WHOLE, USUAL_RESPONSES, USUAL_BACKLOG)
    yield "forced", lambda: answer(FORCED, FORCED_WHOLE, FORCED_RESPONSES, FORCED_BACKLOG)
