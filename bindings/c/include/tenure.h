/*
 * tenure: customer KPIs for C and C++. C++ programs may prefer tenure.hpp, which owns the handles.
 *
 * This file is generated from the library's source and compared with it by a test: do not edit it.
 *
 * Handles are opaque. What a function gives through `**output` belongs to the caller, who frees it with the
 * function of its type; what belongs to another handle says so and lives as long as that handle. Freeing NULL is
 * fine. A handle that is passed as `const` is not changed.
 *
 * A function returns TENURE_STATUS_OK or why it failed. Outputs are written only on success. On failure, and if
 * `error` is not NULL, `*error` is a new error object of the caller's; on success `*error` is not touched.
 *
 * Text is UTF-8 with its length in bytes and needs no NUL at the end. A pointer with a length of 0 may be NULL. A
 * pointer that is not NULL has to point to as many values as its length says.
 *
 * Threads: a handle is used by one thread at a time, unless its type says more; different handles are independent.
 * The library starts no threads, installs no handlers and never ends the program.
 */


#ifndef TENURE_H
#define TENURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of this header; tenure_version() is that of the library. */
#define TENURE_VERSION_MAJOR 0
#define TENURE_VERSION_MINOR 1
#define TENURE_VERSION_PATCH 0
#define TENURE_VERSION_NUMBER 1000
#define TENURE_VERSION "0.1.0"

/* Changes when a program compiled against an older header would no longer work. */
#define TENURE_ABI_VERSION 1

/* Of the Arrow C data interface. */
struct ArrowArrayStream;
struct ArrowArray;
struct ArrowSchema;


/**
 * How a call ended. The numbers are part of the ABI: they are never changed or reused.
 */
enum tenure_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * All is well: the outputs are written.
   */
  TENURE_STATUS_OK = 0,
  /**
   * A table that the KPI needs is not in the book.
   */
  TENURE_STATUS_MISSING_TABLE = 1,
  /**
   * A column that the KPI needs is not in its table.
   */
  TENURE_STATUS_MISSING_COLUMN = 2,
  /**
   * A column named in `by`, `where`, a trace or a result is nowhere to be found.
   */
  TENURE_STATUS_UNKNOWN_COLUMN = 3,
  /**
   * No KPI has this id.
   */
  TENURE_STATUS_UNKNOWN_KPI = 4,
  /**
   * A policy field, choice or preset that the KPI does not have.
   */
  TENURE_STATUS_UNKNOWN_POLICY = 5,
  /**
   * Not an IANA time zone.
   */
  TENURE_STATUS_UNKNOWN_ZONE = 6,
  /**
   * A column holds another type of value than is needed.
   */
  TENURE_STATUS_WRONG_TYPE = 7,
  /**
   * The request, a table or an Arrow struct contradicts itself or lacks something.
   */
  TENURE_STATUS_INVALID_REQUEST = 8,
  /**
   * `strict` was asked for and a row is invalid, or a row is that others are measured by: a schedule, a target.
   */
  TENURE_STATUS_INVALID_ROW = 9,
  /**
   * Answers on different scales would have been put together.
   */
  TENURE_STATUS_MIXED_SCALES = 10,
  /**
   * Amounts in different currencies would have been put together without rates.
   */
  TENURE_STATUS_MIXED_CURRENCIES = 11,
  /**
   * The answer would be larger than `max_rows` or `max_groups` allows.
   */
  TENURE_STATUS_LIMIT_EXCEEDED = 12,
  /**
   * A count or sum does not fit its exact type.
   */
  TENURE_STATUS_OVERFLOW = 13,
  /**
   * Bytes that are not an encoded state, or were damaged.
   */
  TENURE_STATUS_CORRUPT_STATE = 14,
  /**
   * A state written by a version, or a revision of the definition, that this one does not read.
   */
  TENURE_STATUS_UNSUPPORTED_VERSION = 15,
  /**
   * Two states that answer different questions.
   */
  TENURE_STATUS_STATE_MISMATCH = 16,
  /**
   * A defect of this library.
   */
  TENURE_STATUS_INTERNAL = 17,
  /**
   * A pointer that may not be NULL is NULL.
   */
  TENURE_STATUS_NULL_ARGUMENT = 100,
  /**
   * A text is not UTF-8.
   */
  TENURE_STATUS_INVALID_UTF8 = 101,
  /**
   * A row, column, item or length beyond the end.
   */
  TENURE_STATUS_OUT_OF_RANGE = 102,
  /**
   * The cell is empty: an undefined value is not zero.
   */
  TENURE_STATUS_NO_VALUE = 103,
  /**
   * A defect of this library, caught before it could end the host; the message is that of the panic.
   */
  TENURE_STATUS_PANIC = 104,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tenure_status tenure_status;
#else
typedef int32_t tenure_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a customer is doing in a stage.
 */
enum tenure_lifecycle_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The journey has not begun.
   */
  TENURE_LIFECYCLE_STATE_NONE = 0,
  /**
   * Not longer there than expected.
   */
  TENURE_LIFECYCLE_STATE_ON_TRACK = 1,
  /**
   * Longer than expected.
   */
  TENURE_LIFECYCLE_STATE_BEHIND = 2,
  /**
   * Longer than the second threshold.
   */
  TENURE_LIFECYCLE_STATE_STUCK = 3,
  /**
   * The clock stands still.
   */
  TENURE_LIFECYCLE_STATE_PAUSED = 4,
  /**
   * In a stage that is a good end.
   */
  TENURE_LIFECYCLE_STATE_COMPLETED = 5,
  /**
   * In a stage that is churn.
   */
  TENURE_LIFECYCLE_STATE_CHURNED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tenure_lifecycle_state tenure_lifecycle_state;
#else
typedef int32_t tenure_lifecycle_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a column of a result holds.
 */
enum tenure_value_type
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No such column.
   */
  TENURE_VALUE_TYPE_NONE = 0,
  /**
   * Truth values, read with `tenure_result_i64` as 0 or 1.
   */
  TENURE_VALUE_TYPE_BOOL = 1,
  /**
   * 64-bit integers, read with `tenure_result_i64`.
   */
  TENURE_VALUE_TYPE_I64 = 2,
  /**
   * Doubles, read with `tenure_result_f64`.
   */
  TENURE_VALUE_TYPE_F64 = 3,
  /**
   * Instants in microseconds since 1970-01-01 UTC, read with `tenure_result_i64`.
   */
  TENURE_VALUE_TYPE_TIME = 4,
  /**
   * Text, read with `tenure_result_text`; also lists, whose text is JSON.
   */
  TENURE_VALUE_TYPE_TEXT = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tenure_value_type tenure_value_type;
#else
typedef int32_t tenure_value_type;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What one time value counts, since 1970-01-01.
 */
enum tenure_time_unit
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Seconds.
   */
  TENURE_TIME_UNIT_SECONDS = 0,
  /**
   * Milliseconds.
   */
  TENURE_TIME_UNIT_MILLISECONDS = 1,
  /**
   * Microseconds, the resolution of everything inside.
   */
  TENURE_TIME_UNIT_MICROSECONDS = 2,
  /**
   * Nanoseconds; what lies below a microsecond is cut off.
   */
  TENURE_TIME_UNIT_NANOSECONDS = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum tenure_time_unit tenure_time_unit;
#else
typedef int32_t tenure_time_unit;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * All tables of one company. It belongs to the caller, who frees it with `tenure_book_free`. Several threads may
 * ask it at once as long as none adds a table or sets the lifecycle.
 */
typedef struct tenure_book tenure_book;

/**
 * Text or bytes of the library's, owned by the caller. A NUL that is not counted follows the last byte, so that
 * text can be used as a C string.
 */
typedef struct tenure_buffer tenure_buffer;

/**
 * Says what interactions are for: support, service or success. It belongs to the caller, who frees it with
 * `tenure_classifier_free`. Several threads may ask it at once.
 */
typedef struct tenure_classifier tenure_classifier;

/**
 * What went wrong in one call. It belongs to the caller, who frees it with `tenure_error_free`.
 */
typedef struct tenure_error tenure_error;

/**
 * One customer's way through a lifecycle. Instants are microseconds since 1970-01-01 UTC, and come in order. Telling the
 * present stage again changes nothing, nor does pausing what is paused. What cannot be is
 * `TENURE_STATUS_INVALID_REQUEST`, and the journey is as it was before. It belongs to the caller, who frees it with
 * `tenure_journey_free`.
 */
typedef struct tenure_journey tenure_journey;

/**
 * Stages, the moves between them, and rules that tell the stage from signals. Several threads may ask it at once. It
 * belongs to the caller, who frees it with `tenure_lifecycle_free`.
 */
typedef struct tenure_lifecycle tenure_lifecycle;

/**
 * When a schedule is open. Several threads may ask it at once. It belongs to the caller, who frees it with
 * `tenure_open_hours_free`.
 */
typedef struct tenure_open_hours tenure_open_hours;

/**
 * Results in the order of their requests. It belongs to the caller, who frees it with `tenure_results_free`.
 */
typedef struct tenure_results tenure_results;

/**
 * Outcomes, units, faults, a trace or classifications: rows and typed columns. It belongs to the caller, who frees it with
 * `tenure_result_free`; several threads may read it at once.
 */
typedef struct tenure_result tenure_result;

/**
 * What a computation remembers: exact, mergeable in any order, serialisable. It belongs to the caller, who frees
 * it with `tenure_state_free`. One thread at a time; different states are independent.
 */
typedef struct tenure_state tenure_state;

/**
 * A named table on its way into a book. It belongs to the caller until `tenure_book_add` takes it. One thread at
 * a time.
 */
typedef struct tenure_table tenure_table;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * What is this status called? The name is the error's kind, the same in every language: `missing_column`. A
 * number that is no status is `unknown_status`. The text lives as long as the library.
 */
const char *tenure_status_name(int32_t status);

/**
 * Which status did the call return? NULL is no error: `TENURE_STATUS_OK`.
 */
tenure_status tenure_error_status(const struct tenure_error *error);

/**
 * What kind of error is it? The name of its status, the same in every language: `missing_column`. The text lives
 * as long as the library.
 */
const char *tenure_error_kind(const struct tenure_error *error);

/**
 * What was wrong, where, and what was expected? The text belongs to the error and is never NULL.
 */
const char *tenure_error_message(const struct tenure_error *error);

/**
 * In which table? NULL if the error is not about one. The text belongs to the error.
 */
const char *tenure_error_table(const struct tenure_error *error);

/**
 * In which column? NULL if the error is not about one. The text belongs to the error.
 */
const char *tenure_error_column(const struct tenure_error *error);

/**
 * In which row, counted from 0? -1 if the error is not about one.
 */
int64_t tenure_error_row(const struct tenure_error *error);

/**
 * Frees an error. NULL is fine.
 */
void tenure_error_free(struct tenure_error *error);

/**
 * Where are the bytes? They belong to the buffer. NULL for NULL.
 */
const char *tenure_buffer_data(const struct tenure_buffer *buffer);

/**
 * How many bytes, without the NUL that follows? 0 for NULL.
 */
size_t tenure_buffer_len(const struct tenure_buffer *buffer);

/**
 * Frees a buffer. NULL is fine.
 */
void tenure_buffer_free(struct tenure_buffer *buffer);

/**
 * Which version is the library? As `TENURE_VERSION`: `1.2.3`. The text lives as long as the library.
 */
const char *tenure_version(void);

/**
 * Which ABI does the library have? A program checks it against `TENURE_ABI_VERSION`.
 */
uint32_t tenure_abi_version(void);

/**
 * Which time-zone rules are compiled in? The version of the IANA database: `2026a`. The text lives as long as the
 * library.
 */
const char *tenure_zone_rules(void);

/**
 * How does a table begin? Empty, with the name that the KPIs know it by: `surveys`. The caller owns the table
 * until `tenure_book_add` takes it, or frees it with `tenure_table_free`.
 */
tenure_status tenure_table_new(const char *name,
                               size_t name_len,
                               struct tenure_table **table,
                               struct tenure_error **error);

/**
 * Adds 8-bit integers. `validity` has one byte a value, 0 for missing, or is NULL if all values are there. The
 * values are copied.
 */
tenure_status tenure_table_add_i8(struct tenure_table *table,
                                  const char *name,
                                  size_t name_len,
                                  const int8_t *values,
                                  const uint8_t *validity,
                                  size_t len,
                                  struct tenure_error **error);

/**
 * Adds 32-bit integers, as `tenure_table_add_i8` does.
 */
tenure_status tenure_table_add_i32(struct tenure_table *table,
                                   const char *name,
                                   size_t name_len,
                                   const int32_t *values,
                                   const uint8_t *validity,
                                   size_t len,
                                   struct tenure_error **error);

/**
 * Adds 64-bit integers, as `tenure_table_add_i8` does.
 */
tenure_status tenure_table_add_i64(struct tenure_table *table,
                                   const char *name,
                                   size_t name_len,
                                   const int64_t *values,
                                   const uint8_t *validity,
                                   size_t len,
                                   struct tenure_error **error);

/**
 * Adds doubles, as `tenure_table_add_i8` does. A whole number is the integer, and NaN is missing.
 */
tenure_status tenure_table_add_f64(struct tenure_table *table,
                                   const char *name,
                                   size_t name_len,
                                   const double *values,
                                   const uint8_t *validity,
                                   size_t len,
                                   struct tenure_error **error);

/**
 * Adds truth values, one byte each, as `tenure_table_add_i8` does.
 */
tenure_status tenure_table_add_bool(struct tenure_table *table,
                                    const char *name,
                                    size_t name_len,
                                    const bool *values,
                                    const uint8_t *validity,
                                    size_t len,
                                    struct tenure_error **error);

/**
 * Adds times: `unit` says what they count since 1970-01-01 (a `tenure_time_unit`); `instant` whether they are
 * instants or wall-clock times in a zone that the request names in `column_zones`, else in UTC. Copied.
 */
tenure_status tenure_table_add_time(struct tenure_table *table,
                                    const char *name,
                                    size_t name_len,
                                    const int64_t *values,
                                    const uint8_t *validity,
                                    size_t len,
                                    int32_t unit,
                                    bool instant,
                                    struct tenure_error **error);

/**
 * Adds dates: days since 1970-01-01, as `tenure_table_add_i8` does.
 */
tenure_status tenure_table_add_date(struct tenure_table *table,
                                    const char *name,
                                    size_t name_len,
                                    const int32_t *days,
                                    const uint8_t *validity,
                                    size_t len,
                                    struct tenure_error **error);

/**
 * Adds texts. A NULL among `values`, or a 0 in `validity`, is a missing one. `lengths` may be NULL: then every
 * text ends with NUL. Times and dates may come as ISO text. Copied.
 */
tenure_status tenure_table_add_text(struct tenure_table *table,
                                    const char *name,
                                    size_t name_len,
                                    const char *const *values,
                                    const size_t *lengths,
                                    const uint8_t *validity,
                                    size_t len,
                                    struct tenure_error **error);

/**
 * Adds texts as `tenure_table_add_text` does, but bytes that are not UTF-8 are no error: each becomes U+FFFD. For what
 * people wrote; an id that reads like another one would be counted as the other.
 */
tenure_status tenure_table_add_text_lossy(struct tenure_table *table,
                                          const char *name,
                                          size_t name_len,
                                          const char *const *values,
                                          const size_t *lengths,
                                          const uint8_t *validity,
                                          size_t len,
                                          struct tenure_error **error);

/**
 * Adds lists of texts, such as tags: list `i` is `items[offsets[i]]` up to, without, `items[offsets[i + 1]]`, so
 * that there are `len + 1` offsets. `item_lengths` may be NULL, as may `validity`, which is of the lists. Copied.
 */
tenure_status tenure_table_add_text_list(struct tenure_table *table,
                                         const char *name,
                                         size_t name_len,
                                         const size_t *offsets,
                                         const char *const *items,
                                         const size_t *item_lengths,
                                         const uint8_t *validity,
                                         size_t len,
                                         struct tenure_error **error);

/**
 * How many rows does the table have? 0 for NULL.
 */
size_t tenure_table_row_count(const struct tenure_table *table);

/**
 * Frees a table that no book has taken. NULL is fine.
 */
void tenure_table_free(struct tenure_table *table);

/**
 * How does an Arrow C stream become a table? The stream is read to its end, without copying, and moved: its
 * `release` is NULL afterwards, also on error. A stream that was released before is an error.
 */
tenure_status tenure_table_from_arrow_stream(const char *name,
                                             size_t name_len,
                                             struct ArrowArrayStream *stream,
                                             struct tenure_table **table,
                                             struct tenure_error **error);

/**
 * Adds a column of the Arrow C data interface, without copying. The array is moved: its `release` is NULL
 * afterwards, also on error. The schema is only read.
 */
tenure_status tenure_table_add_arrow(struct tenure_table *table,
                                     const char *name,
                                     size_t name_len,
                                     struct ArrowArray *array,
                                     const struct ArrowSchema *schema,
                                     struct tenure_error **error);

/**
 * How does a result leave as Arrow? Writes a C stream of one batch to `stream`, which the caller releases; what
 * was there before is not released. The stream is independent of the result.
 */
tenure_status tenure_result_to_arrow_stream(const struct tenure_result *result,
                                            struct ArrowArrayStream *stream,
                                            struct tenure_error **error);

/**
 * How does a book begin? Empty. The caller frees it with `tenure_book_free`.
 */
tenure_status tenure_book_new(struct tenure_book **book,
                              struct tenure_error **error);

/**
 * Puts a table into the book, in the place of one with the same name. The book takes the table over in any case,
 * also on error: it is neither used nor freed by the caller again.
 */
tenure_status tenure_book_add(struct tenure_book *book,
                              struct tenure_table *table,
                              struct tenure_error **error);

/**
 * Which lifecycle do the company's customers go through? It holds where the policy of a request names none. The lifecycle stays
 * the caller's, and the book does not need it any more.
 */
tenure_status tenure_book_set_lifecycle(struct tenure_book *book,
                                        const struct tenure_lifecycle *lifecycle,
                                        struct tenure_error **error);

/**
 * What is the answer to a request? `request` is one JSON object: `{"kpi": "nps", "as_of": "2026-07-01", "by":
 * ["segment"], "every": "month"}`. `as_of` is required, and `"latest"` stands for the latest time in the tables
 * read. The caller frees the result.
 */
tenure_status tenure_book_compute(const struct tenure_book *book,
                                  const char *request,
                                  size_t request_len,
                                  struct tenure_result **result,
                                  struct tenure_error **error);

/**
 * What are the answers to several requests? `requests` is a JSON list of requests; the first that fails fails all.
 * The caller frees the list.
 */
tenure_status tenure_book_compute_all(const struct tenure_book *book,
                                      const char *requests,
                                      size_t requests_len,
                                      struct tenure_results **results,
                                      struct tenure_error **error);

/**
 * What became of every unit of a KPI? One row a unit, to be written back beside it: key, `by` columns,
 * `occurred_at`, fate, reason, value, label. The caller frees the result.
 */
tenure_status tenure_book_units(const struct tenure_book *book,
                                const char *request,
                                size_t request_len,
                                struct tenure_result **result,
                                struct tenure_error **error);

/**
 * Which rows cannot be used, and why? One row a fault: table, column, row, reason, text. Without a request
 * (NULL and 0) those that any KPI by its default policy cannot use. The caller frees the result.
 */
tenure_status tenure_book_faults(const struct tenure_book *book,
                                 const char *request,
                                 size_t request_len,
                                 struct tenure_result **result,
                                 struct tenure_error **error);

/**
 * Why did the units whose `column` holds `value` count as they did? `value` is JSON: `42` or `"c-17"`. One row a
 * step: kpi, row, what, found. The caller frees the result.
 */
tenure_status tenure_book_trace(const struct tenure_book *book,
                                const char *request,
                                size_t request_len,
                                const char *column,
                                size_t column_len,
                                const char *value,
                                size_t value_len,
                                struct tenure_result **result,
                                struct tenure_error **error);

/**
 * How did all accounts go through the lifecycle? One row a stay, by account and in order of time: `account_id`, stay, stage,
 * `entered_at`, `left_at`, `next_stage`, seconds (without pauses, and up to `as_of` where the stay goes on),
 * `paused_seconds`, status, source, reason, allowed, `inferred_stage`, `differs_since`. `request` is a JSON object without a KPI: `{"as_of":
 * "2026-07-01", "policy": {"impossible": "refuse"}}`. The caller frees the result.
 */
tenure_status tenure_book_journeys(const struct tenure_book *book,
                                   const char *request,
                                   size_t request_len,
                                   struct tenure_result **result,
                                   struct tenure_error **error);

/**
 * What happened with one account? One row an event, in order of time: at, kind, label, stage, text, id. `account` is its id as
 * JSON: `42` or `"acme"`; one that no table knows is `TENURE_STATUS_INVALID_REQUEST`. `request` is as for
 * `tenure_book_journeys`. The caller frees the result.
 */
tenure_status tenure_book_journey(const struct tenure_book *book,
                                  const char *request,
                                  size_t request_len,
                                  const char *account,
                                  size_t account_len,
                                  struct tenure_result **result,
                                  struct tenure_error **error);

/**
 * What does part `part` of `of` parts of the book contribute to a request? Parts are counted from 0; one part of
 * one is the whole book. Merging the states of all parts, or of several books, gives the state of all. The caller
 * frees the state.
 */
tenure_status tenure_book_partial(const struct tenure_book *book,
                                  const char *request,
                                  size_t request_len,
                                  uint64_t part,
                                  uint64_t of,
                                  struct tenure_state **state,
                                  struct tenure_error **error);

/**
 * When is a schedule open? By the tables `schedules` and `holidays` of the book; without a name (NULL and 0) the only
 * schedule there is, with `"*"` whenever any of them is. The caller frees the open hours with
 * `tenure_open_hours_free`; they do not need the book any more.
 */
tenure_status tenure_book_open_hours(const struct tenure_book *book,
                                     const char *schedule,
                                     size_t schedule_len,
                                     struct tenure_open_hours **hours,
                                     struct tenure_error **error);

/**
 * Frees a book and its tables. NULL is fine.
 */
void tenure_book_free(struct tenure_book *book);

/**
 * Which lifecycle does this TOML define? What cannot be is `TENURE_STATUS_INVALID_REQUEST`, and the message names the move,
 * as `"trial" -> "onbording"`, or the stage. The caller frees the lifecycle.
 */
tenure_status tenure_lifecycle_from_toml(const char *toml,
                                         size_t toml_len,
                                         struct tenure_lifecycle **lifecycle,
                                         struct tenure_error **error);

/**
 * Which lifecycle does this JSON object define? As `tenure_lifecycle_from_toml`.
 */
tenure_status tenure_lifecycle_from_json(const char *json,
                                         size_t json_len,
                                         struct tenure_lifecycle **lifecycle,
                                         struct tenure_error **error);

/**
 * Which built-in lifecycle has this name? `"subscription"`, that of subscription software, holds where none is named. The
 * caller frees the lifecycle.
 */
tenure_status tenure_lifecycle_named(const char *name,
                                     size_t name_len,
                                     struct tenure_lifecycle **lifecycle,
                                     struct tenure_error **error);

/**
 * What is its definition? A JSON object, with names as they are compared. The caller frees the buffer.
 */
tenure_status tenure_lifecycle_to_json(const struct tenure_lifecycle *lifecycle,
                                       struct tenure_buffer **json,
                                       struct tenure_error **error);

/**
 * May stage `following` come after `stage`?
 */
tenure_status tenure_lifecycle_allows(const struct tenure_lifecycle *lifecycle,
                                      const char *stage,
                                      size_t stage_len,
                                      const char *following,
                                      size_t following_len,
                                      bool *allows,
                                      struct tenure_error **error);

/**
 * How does a journey through it begin? Nowhere: it is to be told event by event. The caller frees it with
 * `tenure_journey_free`; it does not need the lifecycle any more.
 */
tenure_status tenure_lifecycle_journey(const struct tenure_lifecycle *lifecycle,
                                       struct tenure_journey **journey,
                                       struct tenure_error **error);

/**
 * Frees a lifecycle. NULL is fine.
 */
void tenure_lifecycle_free(struct tenure_lifecycle *lifecycle);

/**
 * Enters a stage. A move that the lifecycle does not have is an error that says which it has.
 */
tenure_status tenure_journey_enter(struct tenure_journey *journey,
                                   const char *stage,
                                   size_t stage_len,
                                   int64_t at,
                                   struct tenure_error **error);

/**
 * Enters a stage, whether or not the lifecycle has the move: what a CRM says happened. The stay tells whether it has.
 */
tenure_status tenure_journey_record(struct tenure_journey *journey,
                                    const char *stage,
                                    size_t stage_len,
                                    int64_t at,
                                    struct tenure_error **error);

/**
 * Stops the clock of the present stage.
 */
tenure_status tenure_journey_pause(struct tenure_journey *journey,
                                   int64_t at,
                                   struct tenure_error **error);

/**
 * Lets it run again.
 */
tenure_status tenure_journey_resume(struct tenure_journey *journey,
                                    int64_t at,
                                    struct tenure_error **error);

/**
 * Which stage is the present one? NULL before the journey began. The text belongs to the journey, until it goes on.
 */
const char *tenure_journey_stage(const struct tenure_journey *journey);

/**
 * How was the customer doing at an instant? `TENURE_LIFECYCLE_STATE_NONE` before the journey began, and for NULL.
 */
tenure_lifecycle_state tenure_journey_state(const struct tenure_journey *journey,
                                            int64_t at);

/**
 * Which stays are there so far? A JSON list, in order: `{"stage": "trial", "entered": 0, "left": null, "allowed": true,
 * "pauses": [{"from": 3, "to": null}]}`. The caller frees the buffer.
 */
tenure_status tenure_journey_stays(const struct tenure_journey *journey,
                                   struct tenure_buffer **json,
                                   struct tenure_error **error);

/**
 * Frees a journey. NULL is fine.
 */
void tenure_journey_free(struct tenure_journey *journey);

/**
 * How much open time lies in `[start, end)`? All in microseconds, instants since 1970-01-01 UTC. 0 where `end` is not
 * after `start`.
 */
tenure_status tenure_open_hours_elapsed(const struct tenure_open_hours *hours,
                                        int64_t start,
                                        int64_t end,
                                        int64_t *elapsed,
                                        struct tenure_error **error);

/**
 * At which instant is a target of open microseconds, counted from `start`, used up? `reached` is false, and `at` is 0,
 * if the schedule ends before that.
 */
tenure_status tenure_open_hours_at(const struct tenure_open_hours *hours,
                                   int64_t start,
                                   int64_t target,
                                   int64_t *at,
                                   bool *reached,
                                   struct tenure_error **error);

/**
 * Frees open hours. NULL is fine.
 */
void tenure_open_hours_free(struct tenure_open_hours *hours);

/**
 * How many rows? 0 for NULL.
 */
size_t tenure_result_row_count(const struct tenure_result *result);

/**
 * How many columns? 0 for NULL.
 */
size_t tenure_result_column_count(const struct tenure_result *result);

/**
 * What is a column called? NULL beyond the last column. The text belongs to the result.
 */
const char *tenure_result_column_name(const struct tenure_result *result,
                                      size_t column);

/**
 * What does a column hold? `TENURE_VALUE_TYPE_NONE` beyond the last column.
 */
tenure_value_type tenure_result_column_type(const struct tenure_result *result,
                                            size_t column);

/**
 * Which column has this name? `TENURE_STATUS_UNKNOWN_COLUMN` if none has.
 */
tenure_status tenure_result_column_index(const struct tenure_result *result,
                                         const char *name,
                                         size_t name_len,
                                         size_t *column,
                                         struct tenure_error **error);

/**
 * Is the cell empty?
 */
tenure_status tenure_result_is_null(const struct tenure_result *result,
                                    size_t row,
                                    size_t column,
                                    bool *is_null,
                                    struct tenure_error **error);

/**
 * Which number is in the cell? Of doubles and integers. An empty cell is `TENURE_STATUS_NO_VALUE`: undefined is
 * not zero.
 */
tenure_status tenure_result_f64(const struct tenure_result *result,
                                size_t row,
                                size_t column,
                                double *value,
                                struct tenure_error **error);

/**
 * Which integer is in the cell? Of integers, truth values (0 or 1) and times (microseconds since 1970-01-01 UTC).
 * An empty cell is `TENURE_STATUS_NO_VALUE`.
 */
tenure_status tenure_result_i64(const struct tenure_result *result,
                                size_t row,
                                size_t column,
                                int64_t *value,
                                struct tenure_error **error);

/**
 * How does the cell read? Of every type: numbers are written out, times are ISO text in the zone of the request, lists
 * are JSON.
 * The text ends with NUL and belongs to the result; `len`, its length, may be NULL. An empty cell is
 * `TENURE_STATUS_NO_VALUE`.
 */
tenure_status tenure_result_text(const struct tenure_result *result,
                                 size_t row,
                                 size_t column,
                                 const char **text,
                                 size_t *len,
                                 struct tenure_error **error);

/**
 * Up to which instant was the data read, in microseconds since 1970-01-01 UTC? What `"as_of": "latest"` stood for.
 * Only outcomes have it; other results are `TENURE_STATUS_NO_VALUE`.
 */
tenure_status tenure_result_as_of(const struct tenure_result *result,
                                  int64_t *as_of,
                                  struct tenure_error **error);

/**
 * How does the result read as JSON? A list of objects, one a row; times are ISO text, empty cells null. The
 * caller frees the buffer.
 */
tenure_status tenure_result_to_json(const struct tenure_result *result,
                                    struct tenure_buffer **json_text,
                                    struct tenure_error **error);

/**
 * Frees a result. NULL is fine.
 */
void tenure_result_free(struct tenure_result *result);

/**
 * How many results? 0 for NULL.
 */
size_t tenure_results_count(const struct tenure_results *results);

/**
 * Which is the result of request `index`? It belongs to the list: it is not freed by itself. NULL beyond the last.
 */
const struct tenure_result *tenure_results_get(const struct tenure_results *results,
                                               size_t index);

/**
 * Frees a list and the results in it. NULL is fine.
 */
void tenure_results_free(struct tenure_results *results);

/**
 * Takes `other` into `state`; in any order the result is the same to the last bit. `other` stays as it is. States
 * of different requests are `TENURE_STATUS_STATE_MISMATCH`, and on an error `state` is as it was. The two may be
 * one: everything then counts twice.
 */
tenure_status tenure_state_merge(struct tenure_state *state,
                                 const struct tenure_state *other,
                                 struct tenure_error **error);

/**
 * What is the answer? The state stays as it is and may be merged and finished again. The caller frees the result.
 */
tenure_status tenure_state_finish(const struct tenure_state *state,
                                  struct tenure_result **result,
                                  struct tenure_error **error);

/**
 * How is the state stored or sent? As versioned bytes with a checksum, which every language reads. Equal states
 * give equal bytes. The caller frees the buffer.
 */
tenure_status tenure_state_encode(const struct tenure_state *state,
                                  struct tenure_buffer **bytes,
                                  struct tenure_error **error);

/**
 * Which state do these bytes hold? Foreign or damaged bytes are `TENURE_STATUS_CORRUPT_STATE`. The bytes are
 * copied; the caller frees the state.
 */
tenure_status tenure_state_decode(const char *bytes,
                                  size_t len,
                                  struct tenure_state **state,
                                  struct tenure_error **error);

/**
 * Copies a state. The caller frees the copy.
 */
tenure_status tenure_state_clone(const struct tenure_state *state,
                                 struct tenure_state **copy,
                                 struct tenure_error **error);

/**
 * Frees a state. NULL is fine.
 */
void tenure_state_free(struct tenure_state *state);

/**
 * What are the rows of a table of `interactions` for? By the standard classifier, as `tenure_classifier_classify` does it. The
 * caller frees the result.
 */
tenure_status tenure_classify(const struct tenure_table *interactions,
                              const char *options,
                              size_t options_len,
                              struct tenure_result **result,
                              struct tenure_error **error);

/**
 * Which classifier comes with the library? It is for English, Indonesian, Swedish, Thai and Turkish. The caller frees
 * the handle.
 */
tenure_status tenure_classifier_standard(struct tenure_classifier **classifier,
                                         struct tenure_error **error);

/**
 * What does a classifier learn from one's own rows? From a table of `interactions` with a column `label` (`support`,
 * `service`, `success`; rows without are skipped), and `language` and `group` if there are any: rows of a group are
 * either learned from or tested on, never both. `options` is a JSON object or NULL and 0: `{"adapt": true, "folds": 5,
 * "regularisation": 1, "name": "own"}`. The table is only read, and may have any name. The caller frees the classifier.
 */
tenure_status tenure_classifier_fit(const struct tenure_table *labelled,
                                    const char *options,
                                    size_t options_len,
                                    struct tenure_classifier **classifier,
                                    struct tenure_error **error);

/**
 * What are the rows of a table of `interactions` for? One row each, in order: its ids (columns that end in `_id`), times
 * (`_at`) and `manager`; `label`, which is empty where the classifier abstained; `p_support`, `p_service`,
 * `p_success`, which sum to 1, and `p_service_any`, the sum of the first two; `abstained`; seven scores from -1 (how
 * service works) to 1 (how success works), `axis_initiative` to `axis_departments`; `evidence`, whose text is JSON;
 * `language`, `ignored`, `model`.
 *
 * `options` is a JSON object or NULL and 0: `{"threshold": 0.45, "evidence": 5, "strip": {"markup": true, "quotes": true,
 * "signature": true}, "max_characters": 20000}`; without `evidence` none is given. The table is only read, and may have
 * any name; it comes from plain columns or from Arrow. The caller frees the result.
 */
tenure_status tenure_classifier_classify(const struct tenure_classifier *classifier,
                                         const struct tenure_table *interactions,
                                         const char *options,
                                         size_t options_len,
                                         struct tenure_result **result,
                                         struct tenure_error **error);

/**
 * Which classifier is it? Its name and a checksum of all that it knows: equal ids give equal answers. NULL for NULL; the
 * text belongs to the classifier.
 */
const char *tenure_classifier_id(const struct tenure_classifier *classifier);

/**
 * Which languages does it detect? A JSON list: `["en", "id", "sv", "th", "tr"]`. The caller frees the buffer.
 */
tenure_status tenure_classifier_languages(const struct tenure_classifier *classifier,
                                          struct tenure_buffer **json,
                                          struct tenure_error **error);

/**
 * How good is it, with groups of rows that it was not trained with? By cross-validation. A JSON object: `rows`, `accuracy`,
 * `macro_f1`, `success_accuracy`, `calibration_error`, `log_loss`, `labels`, `confusion`, `abstention`, `languages`. The
 * caller frees the buffer.
 */
tenure_status tenure_classifier_metrics(const struct tenure_classifier *classifier,
                                        struct tenure_buffer **json,
                                        struct tenure_error **error);

/**
 * How is the classifier stored? As versioned bytes with a checksum, which every language reads. Equal classifiers give
 * equal bytes. The caller frees the buffer.
 */
tenure_status tenure_classifier_save(const struct tenure_classifier *classifier,
                                     struct tenure_buffer **bytes,
                                     struct tenure_error **error);

/**
 * Which classifier do these bytes hold? Foreign or damaged bytes are `TENURE_STATUS_CORRUPT_STATE`. The bytes are
 * copied; the caller frees the classifier.
 */
tenure_status tenure_classifier_load(const char *bytes,
                                     size_t len,
                                     struct tenure_classifier **classifier,
                                     struct tenure_error **error);

/**
 * Frees a classifier. NULL is fine.
 */
void tenure_classifier_free(struct tenure_classifier *classifier);

/**
 * How content are customers, and with what? A table such as `surveys` with a column `comment` (or `text`), and `score`,
 * `scale_min`, `scale_max`, `kind` if there are any. One row each, in order: its ids (columns that end in `_id`), times
 * (`_at`) and `manager`; `sentiment` (`negative`, `neutral`, `positive`; empty where there is nothing to go by),
 * `p_negative`, `p_neutral`, `p_positive`, which sum to 1, and `polarity`, from -1 to 1; `themes`, `evidence` and
 * `mentions`, whose text is JSON; `language`, `score_ignored`, `model`.
 *
 * `options` is a JSON object or NULL and 0: `{"threshold": 0, "evidence": 5, "strip": {"markup": true, "quotes": true,
 * "signature": true}, "max_characters": 20000, "themes": {"delivery": ["deliver", "courier"]}, "built_in_themes":
 * true}`; without `evidence` none is given. The table is only read, and may have any name; it comes from plain columns
 * or from Arrow. The caller frees the result.
 */
tenure_status tenure_feedback(const struct tenure_table *comments,
                              const char *options,
                              size_t options_len,
                              struct tenure_result **result,
                              struct tenure_error **error);

/**
 * Which KPIs are there? A JSON list of their cards: id, question, formula, unit, inputs, sources and more. The
 * caller frees the buffer.
 */
tenure_status tenure_catalog(struct tenure_buffer **json,
                             struct tenure_error **error);

/**
 * What is this KPI, and what can be chosen? A JSON object: its card, its policies with their choices and presets,
 * and the default policy. The caller frees the buffer.
 */
tenure_status tenure_explain(const char *kpi,
                             size_t kpi_len,
                             struct tenure_buffer **json,
                             struct tenure_error **error);

/**
 * What is a KPI of plain numbers? For those that one column is enough for: `nps`, `csat`, `ces`. NaN is a missing
 * value; `policy` is a JSON object, or NULL and 0 for the default. The numbers are only read; the caller frees
 * the result.
 */
tenure_status tenure_answer(const char *kpi,
                            size_t kpi_len,
                            const double *values,
                            size_t len,
                            const char *policy,
                            size_t policy_len,
                            struct tenure_result **result,
                            struct tenure_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TENURE_H */
