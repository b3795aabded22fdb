/* Loads a small book from plain columns and prints a scorecard.
 *
 * cc scorecard.c $(pkg-config --cflags --libs tenure) */
#include <tenure.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the host already has in memory. */
enum { ANSWERS = 12 };
static const char *const KIND[ANSWERS] = {"nps", "nps", "nps", "nps", "nps", "nps",
                                          "csat", "csat", "csat", "csat", "csat", "csat"};
static const int64_t SCORE[ANSWERS] = {10, 9, 7, 3, 9, 0, 5, 4, 2, 5, 0, 4};
static const uint8_t ANSWERED[ANSWERS] = {1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1};
static const char *const ANSWERED_AT[ANSWERS] = {
    "2026-01-05T09:00:00Z", "2026-01-09T10:00:00Z", "2026-01-20T11:00:00Z", "2026-02-03T08:00:00Z",
    "2026-02-14T16:00:00Z", NULL,                   "2026-01-06T09:30:00Z", "2026-01-12T12:00:00Z",
    "2026-02-02T13:00:00Z", "2026-02-08T14:00:00Z", NULL,                   "2026-02-20T15:00:00Z"};
static const char *const SEGMENT[ANSWERS] = {"enterprise", "smb", "smb", "smb", "enterprise", "smb",
                                             "smb", "enterprise", "smb", "smb", "smb", "enterprise"};

static const char SCORECARD[] = "["
    "{\"kpi\": \"nps\", \"as_of\": \"2026-03-01\"},"
    "{\"kpi\": \"nps\", \"as_of\": \"2026-03-01\", \"by\": [\"segment\"]},"
    "{\"kpi\": \"nps\", \"as_of\": \"2026-03-01\", \"every\": \"month\", \"zone\": \"Europe/Stockholm\"},"
    "{\"kpi\": \"csat\", \"as_of\": \"2026-03-01\", \"policy\": {\"preset\": \"intercom\", \"attribution\": \"answered\"}},"
    "{\"kpi\": \"csat_mean\", \"as_of\": \"2026-03-01\", \"by\": [\"segment\"]}"
"]";

/* Ends the program if a call failed; a real host would report and go on. */
static void require(tenure_status status, tenure_error *error) {
    if (status != TENURE_STATUS_OK) {
        fprintf(stderr, "%s: %s\n", tenure_error_kind(error), tenure_error_message(error));
        tenure_error_free(error);
        exit(EXIT_FAILURE);
    }
}

/* The text of a cell by the name of its column; "-" if there is none. */
static const char *cell(const tenure_result *result, size_t row, const char *name) {
    size_t column = 0;
    const char *text = NULL;
    if (tenure_result_column_index(result, name, strlen(name), &column, NULL) != TENURE_STATUS_OK ||
        tenure_result_text(result, row, column, &text, NULL, NULL) != TENURE_STATUS_OK) {
        return "-";
    }
    return text;
}

static void print_number(const tenure_result *result, size_t row, const char *name) {
    size_t column = 0;
    double value = 0;
    if (tenure_result_column_index(result, name, strlen(name), &column, NULL) == TENURE_STATUS_OK &&
        tenure_result_f64(result, row, column, &value, NULL) == TENURE_STATUS_OK) {
        printf(" %8.1f", value);
    } else {
        printf(" %8s", "-");
    }
}

static void print(const tenure_result *result) {
    for (size_t row = 0; row < tenure_result_row_count(result); row++) {
        printf("%-10s %-10.10s %-12s", cell(result, row, "kpi"), cell(result, row, "period_start"),
               cell(result, row, "segment"));
        print_number(result, row, "value");
        print_number(result, row, "low");
        print_number(result, row, "high");
        printf(" %-8s %4s  %s\n", cell(result, row, "unit"), cell(result, row, "n"), cell(result, row, "status"));
    }
}

int main(void) {
    tenure_error *error = NULL;
    tenure_table *surveys = NULL;
    tenure_book *book = NULL;
    tenure_results *scorecard = NULL;

    require(tenure_table_new("surveys", 7, &surveys, &error), error);
    require(tenure_table_add_text(surveys, "kind", 4, KIND, NULL, NULL, ANSWERS, &error), error);
    require(tenure_table_add_i64(surveys, "score", 5, SCORE, ANSWERED, ANSWERS, &error), error);
    require(tenure_table_add_text(surveys, "answered_at", 11, ANSWERED_AT, NULL, NULL, ANSWERS, &error), error);
    require(tenure_table_add_text(surveys, "segment", 7, SEGMENT, NULL, NULL, ANSWERS, &error), error);

    require(tenure_book_new(&book, &error), error);
    require(tenure_book_add(book, surveys, &error), error);
    require(tenure_book_compute_all(book, SCORECARD, sizeof SCORECARD - 1, &scorecard, &error), error);

    printf("tenure %s, time-zone rules %s\n", tenure_version(), tenure_zone_rules());
    printf("%-10s %-10s %-12s %8s %8s %8s %-8s %4s  %s\n", "kpi", "from", "segment", "value", "low", "high", "unit", "n",
           "status");
    for (size_t at = 0; at < tenure_results_count(scorecard); at++) {
        print(tenure_results_get(scorecard, at));
    }

    tenure_results_free(scorecard);
    tenure_book_free(book);
    return EXIT_SUCCESS;
}
