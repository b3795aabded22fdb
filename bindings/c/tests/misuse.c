/* Every way to go wrong: errors that say where, requests that are too long, NULL wherever it can stand. */
#include "survey_book.h"

#include <stdlib.h>

static void errors_say_where(void) {
    tenure_book *book = book_of(surveys());
    tenure_result *result = NULL;
    tenure_error *error = NULL;
    CHECK(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"strict\":true}"), &result,
                              &error) == TENURE_STATUS_INVALID_ROW);
    CHECK(strcmp(tenure_error_kind(error), "invalid_row") == 0);
    CHECK(strcmp(tenure_error_table(error), "surveys") == 0);
    CHECK(strcmp(tenure_error_column(error), "score") == 0);
    CHECK(tenure_error_row(error) == 3);
    tenure_error_free(error);
    CHECK(result == NULL);

    FAILS(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\"}"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "as_of");
    FAILS(tenure_book_compute(book, TEXT("not JSON"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "JSON");
    FAILS(tenure_book_compute(book, TEXT(""), &result, &error), TENURE_STATUS_INVALID_REQUEST, "JSON");
    FAILS(tenure_book_compute(book, TEXT("\xff"), &result, &error), TENURE_STATUS_INVALID_UTF8, "byte 0");
    FAILS(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"by\":[\"segmnet\"]}"), &result,
                              &error),
          TENURE_STATUS_UNKNOWN_COLUMN, "segment");
    FAILS(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"zone\":\"Europe/Stokholm\"}"),
                              &result, &error),
          TENURE_STATUS_UNKNOWN_ZONE, "Europe/Stockholm");
    /* No error object wanted. */
    CHECK(tenure_book_compute(book, TEXT("{}"), &result, NULL) == TENURE_STATUS_INVALID_REQUEST);
    tenure_book_free(book);

    tenure_book *bare = NULL;
    OK(tenure_book_new(&bare, &error));
    FAILS(tenure_book_compute(bare, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\"}"), &result, &error),
          TENURE_STATUS_MISSING_TABLE, "surveys");
    CHECK(result == NULL);
    tenure_book_free(bare);
}

static void a_long_request(void) {
    enum { MEGABYTES = 10 };
    const size_t len = (size_t)MEGABYTES << 20;
    char *request = malloc(len);
    memset(request, '[', len);
    tenure_book *book = book_of(surveys());
    tenure_result *result = NULL;
    FAILS(tenure_book_compute(book, request, len, &result, &error), TENURE_STATUS_INVALID_REQUEST, "JSON");
    static const char HEAD[] = "{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"where\":{\"segment\":[\"";
    static const char TAIL[] = "\"]}}";
    memset(request, 'x', len);
    memcpy(request, HEAD, strlen(HEAD));
    memcpy(request + len - strlen(TAIL), TAIL, strlen(TAIL));
    OK(tenure_book_compute(book, request, len, &result, &error));
    CHECK(i64(result, 0, "n") == 0);
    tenure_result_free(result);
    tenure_book_free(book);
    free(request);
}

static void nulls(void) {
    tenure_table *table = NULL;
    tenure_book *book = NULL;
    tenure_result *result = NULL;
    tenure_results *results = NULL;
    tenure_state *state = NULL;
    tenure_open_hours *hours = NULL;
    tenure_lifecycle *lifecycle = NULL;
    tenure_journey *journey = NULL;
    tenure_buffer *buffer = NULL;
    const int64_t one = 1;
    double real = 0;
    int64_t whole = 0;
    size_t size = 0;
    bool is_null = false;
    const char *string = NULL;
#define NULL_ARGUMENT(call, part) FAILS(call, TENURE_STATUS_NULL_ARGUMENT, part)
    NULL_ARGUMENT(tenure_table_new(TEXT("t"), NULL, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_new(NULL, 3, &table, &error), "name is NULL");
    NULL_ARGUMENT(tenure_table_add_i8(NULL, TEXT("c"), NULL, NULL, 0, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_i32(NULL, TEXT("c"), NULL, NULL, 0, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_i64(NULL, TEXT("c"), &one, NULL, 1, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_f64(NULL, TEXT("c"), &real, NULL, 1, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_bool(NULL, TEXT("c"), NULL, NULL, 0, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_time(NULL, TEXT("c"), &one, NULL, 1, 0, true, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_date(NULL, TEXT("c"), NULL, NULL, 0, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_text(NULL, TEXT("c"), NULL, NULL, NULL, 0, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_text_list(NULL, TEXT("c"), NULL, NULL, NULL, NULL, 0, &error), "table is NULL");
    NULL_ARGUMENT(tenure_table_add_arrow(NULL, TEXT("c"), NULL, NULL, &error), "array is NULL");
    NULL_ARGUMENT(tenure_table_from_arrow_stream(TEXT("t"), NULL, &table, &error), "stream is NULL");
    NULL_ARGUMENT(tenure_book_new(NULL, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_add(NULL, NULL, &error), "table is NULL");
    NULL_ARGUMENT(tenure_book_compute(NULL, TEXT("{}"), &result, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_compute_all(NULL, TEXT("[]"), &results, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_units(NULL, TEXT("{}"), &result, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_faults(NULL, TEXT("{}"), &result, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_trace(NULL, TEXT("{}"), TEXT("c"), TEXT("1"), &result, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_partial(NULL, TEXT("{}"), 0, 1, &state, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_open_hours(NULL, NULL, 0, &hours, &error), "book is NULL");
    NULL_ARGUMENT(tenure_open_hours_elapsed(NULL, 0, 1, &whole, &error), "hours is NULL");
    NULL_ARGUMENT(tenure_open_hours_at(NULL, 0, 1, &whole, &is_null, &error), "hours is NULL");
    tenure_open_hours_free(NULL);
    NULL_ARGUMENT(tenure_book_set_lifecycle(NULL, NULL, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_journeys(NULL, TEXT("{}"), &result, &error), "book is NULL");
    NULL_ARGUMENT(tenure_book_journey(NULL, TEXT("{}"), TEXT("1"), &result, &error), "book is NULL");
    NULL_ARGUMENT(tenure_lifecycle_from_toml(NULL, 3, &lifecycle, &error), "toml is NULL");
    NULL_ARGUMENT(tenure_lifecycle_from_json(TEXT("{}"), NULL, &error), "lifecycle is NULL");
    NULL_ARGUMENT(tenure_lifecycle_named(NULL, 3, &lifecycle, &error), "name is NULL");
    NULL_ARGUMENT(tenure_lifecycle_to_json(NULL, &buffer, &error), "lifecycle is NULL");
    NULL_ARGUMENT(tenure_lifecycle_allows(NULL, TEXT("a"), TEXT("b"), &is_null, &error), "lifecycle is NULL");
    NULL_ARGUMENT(tenure_lifecycle_journey(NULL, &journey, &error), "lifecycle is NULL");
    NULL_ARGUMENT(tenure_journey_enter(NULL, TEXT("trial"), 0, &error), "journey is NULL");
    NULL_ARGUMENT(tenure_journey_record(NULL, TEXT("trial"), 0, &error), "journey is NULL");
    NULL_ARGUMENT(tenure_journey_pause(NULL, 0, &error), "journey is NULL");
    NULL_ARGUMENT(tenure_journey_resume(NULL, 0, &error), "journey is NULL");
    NULL_ARGUMENT(tenure_journey_stays(NULL, &buffer, &error), "journey is NULL");
    CHECK(tenure_journey_stage(NULL) == NULL);
    CHECK(tenure_journey_state(NULL, 0) == TENURE_LIFECYCLE_STATE_NONE);
    tenure_lifecycle_free(NULL);
    tenure_journey_free(NULL);
    NULL_ARGUMENT(tenure_result_column_index(NULL, TEXT("c"), &size, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_is_null(NULL, 0, 0, &is_null, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_f64(NULL, 0, 0, &real, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_i64(NULL, 0, 0, &whole, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_text(NULL, 0, 0, &string, NULL, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_as_of(NULL, &whole, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_to_json(NULL, &buffer, &error), "result is NULL");
    NULL_ARGUMENT(tenure_result_to_arrow_stream(NULL, NULL, &error), "result is NULL");
    NULL_ARGUMENT(tenure_state_merge(NULL, NULL, &error), "other is NULL");
    NULL_ARGUMENT(tenure_state_finish(NULL, &result, &error), "state is NULL");
    NULL_ARGUMENT(tenure_state_encode(NULL, &buffer, &error), "state is NULL");
    NULL_ARGUMENT(tenure_state_decode(NULL, 8, &state, &error), "bytes is NULL");
    NULL_ARGUMENT(tenure_state_clone(NULL, &state, &error), "state is NULL");
    NULL_ARGUMENT(tenure_catalog(NULL, &error), "json is NULL");
    NULL_ARGUMENT(tenure_explain(TEXT("nps"), NULL, &error), "json is NULL");
    NULL_ARGUMENT(tenure_explain(NULL, 3, &buffer, &error), "kpi is NULL");
    NULL_ARGUMENT(tenure_answer(TEXT("nps"), NULL, 3, NULL, 0, &result, &error), "values is NULL");
    NULL_ARGUMENT(tenure_answer(TEXT("nps"), &real, 1, NULL, 0, NULL, &error), "result is NULL");

    book = book_of(surveys());
    NULL_ARGUMENT(tenure_book_compute(book, NULL, 5, &result, &error), "request is NULL");
    NULL_ARGUMENT(tenure_book_compute(book, TEXT("{}"), NULL, &error), "result is NULL");
    OK(tenure_table_new(TEXT("t"), &table, &error));
    NULL_ARGUMENT(tenure_table_add_i64(table, TEXT("c"), NULL, NULL, 1, &error), "values is NULL");
    NULL_ARGUMENT(tenure_table_add_text(table, NULL, 1, NULL, NULL, NULL, 0, &error), "name is NULL");
    NULL_ARGUMENT(tenure_table_add_text_list(table, TEXT("c"), NULL, NULL, NULL, NULL, 0, &error), "offsets is NULL");
    const char *const broken[] = {"fine", "\xc3("};
    FAILS(tenure_table_add_text(table, TEXT("c"), broken, NULL, NULL, 2, &error), TENURE_STATUS_INVALID_UTF8,
          "value 1");
    /* A table that a missing book cannot take is freed all the same. */
    NULL_ARGUMENT(tenure_book_add(NULL, table, &error), "book is NULL");
    FAILS(tenure_table_add_i64(NULL, NULL, 0, &one, NULL, SIZE_MAX, &error), TENURE_STATUS_NULL_ARGUMENT, "table");
    OK(tenure_table_new(TEXT("t"), &table, &error));
    FAILS(tenure_table_add_i64(table, TEXT("c"), &one, NULL, SIZE_MAX, &error), TENURE_STATUS_OUT_OF_RANGE, "length");
    const int64_t pair[] = {1, 2};
    const int64_t *odd = (const int64_t *)(const void *)((const char *)pair + 1);
    FAILS(tenure_table_add_i64(table, TEXT("c"), odd, NULL, 1, &error), TENURE_STATUS_INVALID_REQUEST, "aligned");
    tenure_table_free(table);
    tenure_book_free(book);

    CHECK(table != NULL && result == NULL && results == NULL && state == NULL && buffer == NULL);
    CHECK(lifecycle == NULL && journey == NULL);
    CHECK(tenure_error_status(NULL) == TENURE_STATUS_OK);
    CHECK(strcmp(tenure_error_kind(NULL), "ok") == 0);
    CHECK(strcmp(tenure_error_message(NULL), "") == 0);
    CHECK(tenure_error_table(NULL) == NULL && tenure_error_column(NULL) == NULL && tenure_error_row(NULL) == -1);
    CHECK(tenure_buffer_data(NULL) == NULL && tenure_buffer_len(NULL) == 0);
    CHECK(tenure_result_row_count(NULL) == 0 && tenure_result_column_count(NULL) == 0);
    CHECK(tenure_result_column_name(NULL, 0) == NULL);
    CHECK(tenure_result_column_type(NULL, 0) == TENURE_VALUE_TYPE_NONE);
    CHECK(tenure_results_count(NULL) == 0 && tenure_results_get(NULL, 0) == NULL);
    CHECK(tenure_table_row_count(NULL) == 0);
    tenure_error_free(NULL);
    tenure_buffer_free(NULL);
    tenure_table_free(NULL);
    tenure_book_free(NULL);
    tenure_result_free(NULL);
    tenure_results_free(NULL);
    tenure_state_free(NULL);
}

int main(void) {
    errors_say_where();
    a_long_request();
    nulls();
    return finish("misuse", 200);
}
