/* A small book, and cells by the names of their columns. */
#ifndef TENURE_TESTS_SURVEY_BOOK_H
#define TENURE_TESTS_SURVEY_BOOK_H

#include "check.h"

#include <math.h>

static const int64_t SCORES[] = {10, 9, 3, 42, 7};
static const char *const TIMES[] = {"2026-01-05", "2026-01-31T23:30:00Z", "2026-02-02", "2026-02-03", "2026-02-04"};
static const char *const SEGMENTS[] = {"smb", "smb", "enterprise", "smb", NULL};

static inline tenure_table *surveys(void) {
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("surveys"), &table, &error));
    OK(tenure_table_add_i64(table, TEXT("score"), SCORES, NULL, 5, &error));
    OK(tenure_table_add_text(table, TEXT("answered_at"), TIMES, NULL, NULL, 5, &error));
    OK(tenure_table_add_text(table, TEXT("segment"), SEGMENTS, NULL, NULL, 5, &error));
    CHECK(tenure_table_row_count(table) == 5);
    return table;
}

static inline tenure_book *book_of(tenure_table *table) {
    tenure_book *book = NULL;
    OK(tenure_book_new(&book, &error));
    OK(tenure_book_add(book, table, &error));
    return book;
}

static inline size_t column(const tenure_result *result, const char *name) {
    size_t at = 0;
    OK(tenure_result_column_index(result, name, strlen(name), &at, &error));
    return at;
}

static inline double f64(const tenure_result *result, size_t row, const char *name) {
    double value = NAN;
    OK(tenure_result_f64(result, row, column(result, name), &value, &error));
    return value;
}

static inline int64_t i64(const tenure_result *result, size_t row, const char *name) {
    int64_t value = INT64_MIN;
    OK(tenure_result_i64(result, row, column(result, name), &value, &error));
    return value;
}

static inline const char *text(const tenure_result *result, size_t row, const char *name) {
    const char *value = "";
    size_t len = 0;
    OK(tenure_result_text(result, row, column(result, name), &value, &len, &error));
    CHECK(strlen(value) == len);
    return value;
}

static inline bool empty(const tenure_result *result, size_t row, const char *name) {
    bool is_null = false;
    OK(tenure_result_is_null(result, row, column(result, name), &is_null, &error));
    return is_null;
}

#endif
