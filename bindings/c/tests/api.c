/* The C interface: plain columns, every verb. */
#include "survey_book.h"

#include <stdlib.h>

static void versions(void) {
    char version[64];
    snprintf(version, sizeof version, "%d.%d.%d", TENURE_VERSION_MAJOR, TENURE_VERSION_MINOR, TENURE_VERSION_PATCH);
    CHECK(strcmp(version, TENURE_VERSION) == 0);
    CHECK(strcmp(version, tenure_version()) == 0);
    CHECK(TENURE_VERSION_NUMBER ==
          TENURE_VERSION_MAJOR * 1000000 + TENURE_VERSION_MINOR * 1000 + TENURE_VERSION_PATCH);
    CHECK(tenure_abi_version() == TENURE_ABI_VERSION);
    CHECK(strncmp(tenure_zone_rules(), "20", 2) == 0);
    CHECK(strcmp(tenure_status_name(TENURE_STATUS_OK), "ok") == 0);
    CHECK(strcmp(tenure_status_name(TENURE_STATUS_MIXED_SCALES), "mixed_scales") == 0);
    CHECK(strcmp(tenure_status_name(4711), "unknown_status") == 0);
}

static void outcomes(void) {
    tenure_book *book = book_of(surveys());
    tenure_result *result = NULL;
    OK(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"by\":[\"segment\"],"
                                      "\"zone\":\"Europe/Stockholm\",\"every\":\"month\"}"),
                           &result, &error));
    /* Two months of three groups: the answer of 23:30 UTC was given in February, in Stockholm. */
    CHECK(tenure_result_row_count(result) == 6);
    CHECK(tenure_result_column_count(result) == 20);
    CHECK(strcmp(tenure_result_column_name(result, 0), "kpi") == 0);
    CHECK(tenure_result_column_name(result, 20) == NULL);
    CHECK(tenure_result_column_type(result, column(result, "kpi")) == TENURE_VALUE_TYPE_TEXT);
    CHECK(tenure_result_column_type(result, column(result, "value")) == TENURE_VALUE_TYPE_F64);
    CHECK(tenure_result_column_type(result, column(result, "n")) == TENURE_VALUE_TYPE_I64);
    CHECK(tenure_result_column_type(result, column(result, "period_start")) == TENURE_VALUE_TYPE_TIME);
    CHECK(tenure_result_column_type(result, column(result, "policy")) == TENURE_VALUE_TYPE_TEXT);
    CHECK(tenure_result_column_type(result, 20) == TENURE_VALUE_TYPE_NONE);
    CHECK(strcmp(text(result, 0, "period_start"), "2026-01-01T00:00:00+01:00") == 0);
    CHECK(i64(result, 0, "period_start") == (1767225600 - 3600) * INT64_C(1000000));

    /* January, smb: one promoter. */
    CHECK(strcmp(text(result, 1, "segment"), "smb") == 0);
    CHECK(f64(result, 1, "value") == 100.0);
    CHECK(i64(result, 1, "n") == 1);
    CHECK(strcmp(text(result, 1, "n"), "1") == 0);
    CHECK(strcmp(text(result, 1, "status"), "ok") == 0);
    /* January, enterprise: nothing, which is not zero. */
    CHECK(empty(result, 0, "value"));
    CHECK(strcmp(text(result, 0, "status"), "undefined") == 0);
    double nothing = 7.0;
    FAILS(tenure_result_f64(result, 0, column(result, "value"), &nothing, &error), TENURE_STATUS_NO_VALUE,
          "column \"value\" has no value in row 0");
    CHECK(nothing == 7.0);
    const char *none = "untouched";
    FAILS(tenure_result_text(result, 2, column(result, "segment"), &none, NULL, &error), TENURE_STATUS_NO_VALUE,
          "segment");
    CHECK(strcmp(none, "untouched") == 0);
    /* February, smb: 9 is a promoter and 42 is no score. */
    CHECK(i64(result, 4, "n_invalid") == 1);
    CHECK(strstr(text(result, 4, "policy"), "\"scale\":[0,10]") != NULL);
    CHECK(text(result, 4, "policy") == text(result, 1, "policy"));

    int64_t as_of = 0;
    OK(tenure_result_as_of(result, &as_of, &error));
    CHECK(as_of == (INT64_C(1775001600) - 2 * 3600) * 1000000);

    tenure_buffer *json = NULL;
    OK(tenure_result_to_json(result, &json, &error));
    CHECK(strlen(tenure_buffer_data(json)) == tenure_buffer_len(json));
    CHECK(strncmp(tenure_buffer_data(json), "[{\"kpi\":\"nps\",\"period_start\":\"2026-01-01T00:00:00+01:00\"",
                  50) == 0);
    CHECK(strstr(tenure_buffer_data(json), "\"value\":null") != NULL);
    tenure_buffer_free(json);

    int64_t whole = 0;
    double real = 0;
    FAILS(tenure_result_i64(result, 1, column(result, "value"), &whole, &error), TENURE_STATUS_WRONG_TYPE, "value");
    FAILS(tenure_result_f64(result, 1, column(result, "segment"), &real, &error), TENURE_STATUS_WRONG_TYPE, "segment");
    FAILS(tenure_result_f64(result, 6, 0, &real, &error), TENURE_STATUS_OUT_OF_RANGE, "row 6");
    FAILS(tenure_result_f64(result, 0, 20, &real, &error), TENURE_STATUS_OUT_OF_RANGE, "column 20");
    FAILS(tenure_result_text(result, SIZE_MAX, SIZE_MAX, &none, NULL, &error), TENURE_STATUS_OUT_OF_RANGE, "6 rows");
    size_t at = 99;
    FAILS(tenure_result_column_index(result, TEXT("valeu"), &at, &error), TENURE_STATUS_UNKNOWN_COLUMN, "valeu");
    CHECK(at == 99);
    tenure_result_free(result);
    tenure_book_free(book);
}

static void lists_of_requests(void) {
    tenure_book *book = book_of(surveys());
    tenure_results *results = NULL;
    OK(tenure_book_compute_all(book, TEXT("[{\"kpi\":\"nps\",\"as_of\":\"latest\"},"
                                          "{\"kpi\":\"nps_distribution\",\"as_of\":\"latest\"}]"),
                               &results, &error));
    CHECK(tenure_results_count(results) == 2);
    CHECK(tenure_result_row_count(tenure_results_get(results, 0)) == 1);
    CHECK(tenure_result_row_count(tenure_results_get(results, 1)) == 3);
    CHECK(tenure_results_get(results, 2) == NULL);
    /* Two promoters, one detractor, one passive: 100 * (2 - 1) / 4. */
    CHECK(f64(tenure_results_get(results, 0), 0, "value") == 25.0);
    tenure_results_free(results);

    OK(tenure_book_compute_all(book, TEXT("[]"), &results, &error));
    CHECK(tenure_results_count(results) == 0);
    tenure_results_free(results);
    results = NULL;
    FAILS(tenure_book_compute_all(book, TEXT("[{\"kpi\":\"nps\",\"as_of\":\"latest\"},{\"kpi\":\"nsp\"}]"), &results,
                                  &error),
          TENURE_STATUS_UNKNOWN_KPI, "nps");
    CHECK(results == NULL);
    tenure_book_free(book);
}

static void units_faults_and_trace(void) {
    static const char NPS[] = "{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\"}";
    tenure_book *book = book_of(surveys());
    tenure_result *units = NULL;
    OK(tenure_book_units(book, NPS, strlen(NPS), &units, &error));
    CHECK(tenure_result_row_count(units) == 5);
    CHECK(strcmp(text(units, 0, "fate"), "observed") == 0);
    CHECK(strcmp(text(units, 3, "fate"), "invalid") == 0);
    CHECK(strcmp(text(units, 1, "occurred_at"), "2026-01-31T23:30:00+00:00") == 0);
    int64_t as_of = 0;
    FAILS(tenure_result_as_of(units, &as_of, &error), TENURE_STATUS_NO_VALUE, "as_of");
    tenure_result_free(units);

    tenure_result *faults = NULL;
    OK(tenure_book_faults(book, NPS, strlen(NPS), &faults, &error));
    CHECK(tenure_result_row_count(faults) == 1);
    CHECK(strcmp(text(faults, 0, "table"), "surveys") == 0);
    CHECK(strcmp(text(faults, 0, "column"), "score") == 0);
    CHECK(i64(faults, 0, "row") == 3);
    CHECK(strstr(text(faults, 0, "text"), "42") != NULL);
    tenure_result_free(faults);
    OK(tenure_book_faults(book, NULL, 0, &faults, &error));
    CHECK(tenure_result_row_count(faults) >= 1);
    tenure_result_free(faults);

    tenure_result *trace = NULL;
    OK(tenure_book_trace(book, NPS, strlen(NPS), TEXT("score"), TEXT("42"), &trace, &error));
    CHECK(tenure_result_row_count(trace) >= 1);
    CHECK(i64(trace, 0, "row") == 3);
    CHECK(strlen(text(trace, 0, "what")) > 0);
    tenure_result_free(trace);
    FAILS(tenure_book_trace(book, NPS, strlen(NPS), TEXT("score"), TEXT("[42]"), &trace, &error),
          TENURE_STATUS_INVALID_REQUEST, "[42]");
    FAILS(tenure_book_trace(book, NPS, strlen(NPS), TEXT("scroe"), TEXT("42"), &trace, &error),
          TENURE_STATUS_UNKNOWN_COLUMN, "score");

    tenure_table *misspelt = NULL;
    OK(tenure_table_new(TEXT("user"), &misspelt, &error));
    FAILS(tenure_book_add(book, misspelt, &error), TENURE_STATUS_INVALID_REQUEST, "users");
    tenure_book_free(book);
}

static void states(void) {
    static const char NPS[] = "{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"by\":[\"segment\"]}";
    tenure_book *book = book_of(surveys());
    tenure_state *parts[3] = {NULL, NULL, NULL};
    for (uint64_t part = 0; part < 3; part++) {
        OK(tenure_book_partial(book, NPS, strlen(NPS), part, 3, &parts[part], &error));
    }
    tenure_buffer *bytes = NULL;
    OK(tenure_state_encode(parts[1], &bytes, &error));
    tenure_state *sent = NULL;
    OK(tenure_state_decode(tenure_buffer_data(bytes), tenure_buffer_len(bytes), &sent, &error));

    /* Damaged and cut bytes. */
    char *damaged = malloc(tenure_buffer_len(bytes));
    memcpy(damaged, tenure_buffer_data(bytes), tenure_buffer_len(bytes));
    damaged[tenure_buffer_len(bytes) / 2] ^= 1;
    tenure_state *none = NULL;
    FAILS(tenure_state_decode(damaged, tenure_buffer_len(bytes), &none, &error), TENURE_STATUS_CORRUPT_STATE, "");
    for (size_t len = 0; len < tenure_buffer_len(bytes); len++) {
        CHECK(tenure_state_decode(tenure_buffer_data(bytes), len, &none, NULL) == TENURE_STATUS_CORRUPT_STATE);
    }
    FAILS(tenure_state_decode(TEXT("PK\003\004 something else"), &none, &error), TENURE_STATUS_CORRUPT_STATE, "");
    CHECK(none == NULL);
    free(damaged);
    tenure_buffer_free(bytes);

    tenure_state *merged = NULL;
    OK(tenure_state_clone(parts[2], &merged, &error));
    OK(tenure_state_merge(merged, sent, &error));
    OK(tenure_state_merge(merged, parts[0], &error));
    tenure_result *result = NULL;
    tenure_result *whole = NULL;
    OK(tenure_state_finish(merged, &result, &error));
    OK(tenure_book_compute(book, NPS, strlen(NPS), &whole, &error));
    tenure_buffer *one = NULL;
    tenure_buffer *other = NULL;
    OK(tenure_result_to_json(result, &one, &error));
    OK(tenure_result_to_json(whole, &other, &error));
    CHECK(strcmp(tenure_buffer_data(one), tenure_buffer_data(other)) == 0);
    tenure_buffer_free(one);
    tenure_buffer_free(other);
    tenure_result_free(result);
    tenure_result_free(whole);

    /* With itself: everything twice. Two answers of smb are valid. */
    OK(tenure_state_merge(merged, merged, &error));
    OK(tenure_state_finish(merged, &result, &error));
    CHECK(i64(result, 1, "n") == 4);
    tenure_result_free(result);

    tenure_state *another = NULL;
    OK(tenure_book_partial(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-05-01\"}"), 0, 1, &another, &error));
    FAILS(tenure_state_merge(merged, another, &error), TENURE_STATUS_STATE_MISMATCH, "");
    FAILS(tenure_book_partial(book, NPS, strlen(NPS), 3, 3, &none, &error), TENURE_STATUS_INVALID_REQUEST, "part 3");
    tenure_state_free(another);
    tenure_state_free(merged);
    tenure_state_free(sent);
    for (size_t part = 0; part < 3; part++) {
        tenure_state_free(parts[part]);
    }
    tenure_book_free(book);
}

static void open_hours(void) {
    /* Monday, 9 to 17 UTC. 2026-11-23 is a Monday; 16:30 that day in microseconds. */
    const int64_t hour = INT64_C(3600000000);
    const int64_t monday = INT64_C(1795451400000000);
    const int64_t weekday = 1;
    const char *const id[] = {"office"}, *const zone[] = {"UTC"}, *const opens[] = {"09:00"}, *const closes[] = {"17:00"};
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("schedules"), &table, &error));
    OK(tenure_table_add_text(table, TEXT("schedule_id"), id, NULL, NULL, 1, &error));
    OK(tenure_table_add_text(table, TEXT("zone"), zone, NULL, NULL, 1, &error));
    OK(tenure_table_add_i64(table, TEXT("weekday"), &weekday, NULL, 1, &error));
    OK(tenure_table_add_text(table, TEXT("opens"), opens, NULL, NULL, 1, &error));
    OK(tenure_table_add_text(table, TEXT("closes"), closes, NULL, NULL, 1, &error));
    tenure_book *book = book_of(table);
    tenure_open_hours *hours = NULL;
    FAILS(tenure_book_open_hours(book, TEXT("night"), &hours, &error), TENURE_STATUS_INVALID_REQUEST, "office");
    OK(tenure_book_open_hours(book, NULL, 0, &hours, &error));
    tenure_book_free(book);
    int64_t found = 0;
    bool reached = false;
    OK(tenure_open_hours_elapsed(hours, monday, monday + 24 * hour, &found, &error));
    CHECK(found == hour / 2);
    OK(tenure_open_hours_at(hours, monday, hour, &found, &reached, &error));
    CHECK(reached && found == monday + (7 * 24 - 7) * hour);
    tenure_open_hours_free(hours);
}

static void answers_and_catalog(void) {
    const double scores[] = {10, 9, 7, 3, NAN};
    tenure_result *result = NULL;
    OK(tenure_answer(TEXT("nps"), scores, 5, NULL, 0, &result, &error));
    CHECK(f64(result, 0, "value") == 25.0);
    CHECK(i64(result, 0, "n_missing") == 1);
    tenure_result_free(result);
    OK(tenure_answer(TEXT("nps"), scores, 5, TEXT("{\"interval\":\"wald\"}"), &result, &error));
    CHECK(strcmp(text(result, 0, "method"), "wald") == 0);
    tenure_result_free(result);
    OK(tenure_answer(TEXT("nps"), NULL, 0, NULL, 0, &result, &error));
    CHECK(empty(result, 0, "value"));
    tenure_result_free(result);
    result = NULL;
    FAILS(tenure_answer(TEXT("nps"), scores, 5, TEXT("{\"interval\":\"walt\"}"), &result, &error),
          TENURE_STATUS_UNKNOWN_POLICY, "wald");
    FAILS(tenure_answer(TEXT("nps"), scores, 5, TEXT("[]"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "object");
    FAILS(tenure_answer(TEXT("nps"), scores, 5, TEXT("{"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "JSON");
    FAILS(tenure_answer(TEXT("nps_delta"), scores, 5, NULL, 0, &result, &error), TENURE_STATUS_INVALID_REQUEST, "book");
    FAILS(tenure_answer(TEXT("nsp"), scores, 5, NULL, 0, &result, &error), TENURE_STATUS_UNKNOWN_KPI, "nps");
    CHECK(result == NULL);

    tenure_buffer *json = NULL;
    OK(tenure_catalog(&json, &error));
    CHECK(tenure_buffer_data(json)[0] == '[');
    CHECK(strstr(tenure_buffer_data(json), "\"id\":\"nps\"") != NULL);
    tenure_buffer_free(json);
    OK(tenure_explain(TEXT("csat_top2"), &json, &error));
    CHECK(strstr(tenure_buffer_data(json), "\"id\":\"csat\"") != NULL);
    CHECK(strstr(tenure_buffer_data(json), "\"default_policy\"") != NULL);
    tenure_buffer_free(json);
    FAILS(tenure_explain(TEXT("npps"), &json, &error), TENURE_STATUS_UNKNOWN_KPI, "nps");
}

static void columns_of_every_kind(void) {
    const int8_t bytes[] = {10, 9, 0};
    const int32_t words[] = {10, 9, 0};
    const double reals[] = {10, NAN, 6.5};
    const bool flags[] = {false, true, false};
    const uint8_t all_but_last[] = {1, 1, 0};
    const int64_t seconds[] = {1767225600, 1767225601, 1767225602};
    const int64_t nanoseconds[] = {0, 1000, 1999};
    const int32_t days[] = {20454, 20455, 20456};
    const char padded[] = "smb-enterprise";
    const char *const slices[] = {padded, padded + 4, NULL};
    const size_t lengths[] = {3, 10, 0};
    const size_t offsets[] = {0, 2, 2, 3};
    const char *const tags[] = {"slow", "price", "slow"};
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("surveys"), &table, &error));
    OK(tenure_table_add_i8(table, TEXT("score"), bytes, all_but_last, 3, &error));
    OK(tenure_table_add_i32(table, TEXT("words"), words, NULL, 3, &error));
    OK(tenure_table_add_f64(table, TEXT("reals"), reals, NULL, 3, &error));
    OK(tenure_table_add_bool(table, TEXT("excluded"), flags, NULL, 3, &error));
    OK(tenure_table_add_time(table, TEXT("answered_at"), seconds, NULL, 3, TENURE_TIME_UNIT_SECONDS, true, &error));
    OK(tenure_table_add_time(table, TEXT("sent_at"), seconds, NULL, 3, TENURE_TIME_UNIT_MILLISECONDS, false, &error));
    OK(tenure_table_add_time(table, TEXT("shown_at"), seconds, NULL, 3, TENURE_TIME_UNIT_MICROSECONDS, true, &error));
    OK(tenure_table_add_time(table, TEXT("nano"), nanoseconds, NULL, 3, TENURE_TIME_UNIT_NANOSECONDS, true, &error));
    OK(tenure_table_add_date(table, TEXT("day"), days, NULL, 3, &error));
    OK(tenure_table_add_text(table, TEXT("segment"), slices, lengths, NULL, 3, &error));
    OK(tenure_table_add_text_list(table, TEXT("tags"), offsets, tags, NULL, NULL, 3, &error));
    CHECK(tenure_table_row_count(table) == 3);
    FAILS(tenure_table_add_i8(table, TEXT("short"), bytes, NULL, 2, &error), TENURE_STATUS_INVALID_REQUEST, "short");
    FAILS(tenure_table_add_i8(table, TEXT("score"), bytes, NULL, 3, &error), TENURE_STATUS_INVALID_REQUEST, "already");
    FAILS(tenure_table_add_time(table, TEXT("t"), seconds, NULL, 3, 9, true, &error), TENURE_STATUS_OUT_OF_RANGE, "9");
    const size_t falling[] = {0, 2, 1, 3};
    const size_t late[] = {1, 2, 2, 3};
    FAILS(tenure_table_add_text_list(table, TEXT("t"), falling, tags, NULL, NULL, 3, &error),
          TENURE_STATUS_INVALID_REQUEST, "offsets");
    FAILS(tenure_table_add_text_list(table, TEXT("t"), late, tags, NULL, NULL, 3, &error),
          TENURE_STATUS_INVALID_REQUEST, "offsets");

    tenure_book *book = book_of(table);
    tenure_result *result = NULL;
    OK(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"by\":[\"segment\"]}"), &result,
                           &error));
    /* enterprise is excluded; smb has 10; the one without a segment has no score. */
    CHECK(tenure_result_row_count(result) == 3);
    CHECK(i64(result, 0, "n_excluded") == 1);
    CHECK(f64(result, 1, "value") == 100.0);
    CHECK(i64(result, 2, "n_missing") == 1);
    tenure_result_free(result);
    static const struct {
        const char *column;
        enum tenure_value_type type;
    } KEYS[] = {{"words", TENURE_VALUE_TYPE_I64},   {"reals", TENURE_VALUE_TYPE_F64},
                {"excluded", TENURE_VALUE_TYPE_BOOL}, {"nano", TENURE_VALUE_TYPE_TIME},
                {"day", TENURE_VALUE_TYPE_TIME}};
    for (size_t at = 0; at < sizeof KEYS / sizeof KEYS[0]; at++) {
        char request[128];
        snprintf(request, sizeof request, "{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"by\":[\"%s\"]}", KEYS[at].column);
        OK(tenure_book_compute(book, request, strlen(request), &result, &error));
        CHECK(tenure_result_column_type(result, column(result, KEYS[at].column)) == (tenure_value_type)KEYS[at].type);
        CHECK(tenure_result_row_count(result) >= 2);
        CHECK(strlen(text(result, 0, KEYS[at].column)) > 0);
        tenure_result_free(result);
    }
    OK(tenure_book_compute(book, TEXT("{\"kpi\":\"theme_share\",\"as_of\":\"2026-04-01\"}"), &result, &error));
    CHECK(tenure_result_row_count(result) >= 1);
    tenure_result_free(result);
    tenure_book_free(book);
}

static void a_table_replaces_its_namesake(void) {
    tenure_book *book = book_of(surveys());
    tenure_table *table = NULL;
    const int64_t promoters[] = {10, 10};
    OK(tenure_table_new(TEXT("surveys"), &table, &error));
    OK(tenure_table_add_i64(table, TEXT("score"), promoters, NULL, 2, &error));
    OK(tenure_book_add(book, table, &error));
    tenure_result *result = NULL;
    OK(tenure_book_compute(book, TEXT("{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\"}"), &result, &error));
    CHECK(f64(result, 0, "value") == 100.0);
    tenure_result_free(result);
    tenure_book_free(book);
}

int main(void) {
    versions();
    outcomes();
    lists_of_requests();
    units_faults_and_trace();
    states();
    open_hours();
    answers_and_catalog();
    columns_of_every_kind();
    a_table_replaces_its_namesake();
    return finish("api", 500);
}
