/* Runs the conformance vectors through the C interface: every check once over plain columns, and once over Arrow
 * arrays that are slices of longer ones.
 *
 * usage: vectors_runner DIRECTORY... */
#include "vector_column.h"

#include <glob.h>
#include <math.h>

/* Fewer checks than this, and the vectors were not all read. */
enum { LEAST = 1000 };

static tenure_status table_of(const char *table_name, struct json_object *columns, bool arrow, tenure_table **table,
                              tenure_error **error) {
    tenure_status status = tenure_table_new(table_name, strlen(table_name), table, error);
    if (status != TENURE_STATUS_OK) {
        return status;
    }
    json_object_object_foreach(columns, name, values) {
        struct column column = read_column(values);
        status = arrow || column.arrow_only ? add_arrow(*table, name, &column, error)
                                            : add_plain(*table, name, &column, error);
        free(column.values);
        if (status != TENURE_STATUS_OK) {
            tenure_table_free(*table);
            return status;
        }
    }
    return TENURE_STATUS_OK;
}

static tenure_status fill(tenure_book *book, struct json_object *tables, bool arrow, tenure_error **error) {
    json_object_object_foreach(tables, name, columns) {
        tenure_table *table = NULL;
        tenure_status status = table_of(name, columns, arrow, &table, error);
        if (status == TENURE_STATUS_OK) {
            status = tenure_book_add(book, table, error);
        }
        if (status != TENURE_STATUS_OK) {
            return status;
        }
    }
    return TENURE_STATUS_OK;
}

typedef tenure_status (*about_texts)(const tenure_table *, const char *, size_t, tenure_result **, tenure_error **);

static void ask(about_texts question, struct json_object *tables, bool arrow, const char *options,
                tenure_result **result, tenure_error **error) {
    json_object_object_foreach(tables, name, columns) {
        tenure_table *table = NULL;
        if (table_of(name, columns, arrow, &table, error) == TENURE_STATUS_OK) {
            question(table, options, strlen(options), result, error);
            tenure_table_free(table);
        }
    }
}

/* The account stands in the request, and is an argument of its own here. */
static void ask_story(const tenure_book *book, struct json_object *request, tenure_result **result,
                      tenure_error **error) {
    struct json_object *options = NULL, *account = NULL;
    json_object_deep_copy(request, &options, NULL);
    json_object_object_get_ex(request, "account_id", &account);
    json_object_object_del(options, "account_id");
    const char *json = json_object_to_json_string_ext(options, JSON_C_TO_STRING_PLAIN);
    const char *id = json_object_to_json_string_ext(account, JSON_C_TO_STRING_PLAIN);
    tenure_book_journey(book, json, strlen(json), id, strlen(id), result, error);
    json_object_put(options);
}

static bool same(const tenure_result *result, size_t row, size_t at, struct json_object *wanted, double tolerance) {
    bool is_null = false;
    if (tenure_result_is_null(result, row, at, &is_null, NULL) != TENURE_STATUS_OK) {
        return false;
    }
    const enum json_type type = json_object_get_type(wanted);
    if (type == json_type_null || is_null) {
        return type == json_type_null && is_null;
    }
    const tenure_value_type holds = tenure_result_column_type(result, at);
    int64_t whole = 0;
    double real = 0;
    const char *text = NULL;
    if (holds == TENURE_VALUE_TYPE_TIME && type == json_type_string) {
        int64_t micros = 0;
        return parse_time(json_object_get_string(wanted), &micros) &&
               tenure_result_i64(result, row, at, &whole, NULL) == TENURE_STATUS_OK && whole == micros;
    }
    if (holds == TENURE_VALUE_TYPE_TEXT) {
        /* A list is JSON without spaces. */
        const char *expected = type == json_type_array
                                   ? json_object_to_json_string_ext(wanted, JSON_C_TO_STRING_PLAIN)
                                   : json_object_get_string(wanted);
        return tenure_result_text(result, row, at, &text, NULL, NULL) == TENURE_STATUS_OK &&
               strcmp(text, expected) == 0;
    }
    if (holds == TENURE_VALUE_TYPE_F64) {
        return (type == json_type_double || type == json_type_int) &&
               tenure_result_f64(result, row, at, &real, NULL) == TENURE_STATUS_OK &&
               fabs(real - json_object_get_double(wanted)) <= tolerance;
    }
    return (type == json_type_int || type == json_type_boolean) &&
           tenure_result_i64(result, row, at, &whole, NULL) == TENURE_STATUS_OK &&
           whole == json_object_get_int64(wanted);
}

static void compare(const tenure_result *result, struct json_object *rows, double tolerance) {
    char detail[512];
    if (tenure_result_row_count(result) != json_object_array_length(rows)) {
        snprintf(detail, sizeof detail, "%zu instead of %zu", tenure_result_row_count(result),
                 json_object_array_length(rows));
        complain("number of rows", detail);
        return;
    }
    bool all = true;
    for (size_t row = 0; row < json_object_array_length(rows); row++) {
        json_object_object_foreach(json_object_array_get_idx(rows, row), name, wanted) {
            size_t at = 0;
            const char *found = "null";
            if (tenure_result_column_index(result, name, strlen(name), &at, NULL) != TENURE_STATUS_OK) {
                /* A column that does not apply is absent, and then there is nothing in it. */
                if (wanted != NULL) {
                    complain("no column", name);
                    all = false;
                }
            } else if (!same(result, row, at, wanted, tolerance)) {
                (void)tenure_result_text(result, row, at, &found, NULL, NULL);
                snprintf(detail, sizeof detail, "row %zu, %s: %s instead of %s", row, name, found,
                         json_object_to_json_string(wanted));
                complain("value", detail);
                all = false;
            }
        }
    }
    checks_passed += all;
}

static void compare_error(const tenure_error *error, struct json_object *expected) {
    struct json_object *kind = NULL, *contains = NULL;
    json_object_object_get_ex(expected, "kind", &kind);
    json_object_object_get_ex(expected, "contains", &contains);
    bool all = true;
    if (strcmp(tenure_error_kind(error), json_object_get_string(kind)) != 0) {
        complain("kind of error", tenure_error_kind(error));
        complain("  it says", tenure_error_message(error));
        all = false;
    }
    for (size_t at = 0; contains != NULL && at < json_object_array_length(contains); at++) {
        if (strstr(tenure_error_message(error), json_object_get_string(json_object_array_get_idx(contains, at))) == NULL) {
            complain("message of the error", tenure_error_message(error));
            all = false;
        }
    }
    checks_passed += all;
}

static void run_check(const tenure_book *book, const tenure_error *unfilled, struct json_object *tables, bool arrow,
                      struct json_object *check, double tolerance) {
    struct json_object *request = NULL, *expect = NULL, *verb = NULL, *rows = NULL, *wanted_error = NULL;
    json_object_object_get_ex(check, "request", &request);
    json_object_object_get_ex(check, "expect", &expect);
    json_object_object_get_ex(check, "verb", &verb);
    json_object_object_get_ex(expect, "rows", &rows);
    json_object_object_get_ex(expect, "error", &wanted_error);
    if ((rows == NULL) == (wanted_error == NULL)) {
        complain("vector", "a check expects rows or an error");
        return;
    }
    if (unfilled != NULL) {
        if (wanted_error == NULL) {
            complain("table", tenure_error_message(unfilled));
        } else {
            compare_error(unfilled, wanted_error);
        }
        return;
    }
    const char *json = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN);
    const char *asked = verb == NULL ? "compute" : json_object_get_string(verb);
    tenure_result *result = NULL;
    tenure_error *error = NULL;
    if (strcmp(asked, "compute") == 0) {
        tenure_book_compute(book, json, strlen(json), &result, &error);
    } else if (strcmp(asked, "units") == 0) {
        tenure_book_units(book, json, strlen(json), &result, &error);
    } else if (strcmp(asked, "faults") == 0) {
        tenure_book_faults(book, json, strlen(json), &result, &error);
    } else if (strcmp(asked, "journeys") == 0) {
        tenure_book_journeys(book, json, strlen(json), &result, &error);
    } else if (strcmp(asked, "journey") == 0) {
        ask_story(book, request, &result, &error);
    } else if (strcmp(asked, "classify") == 0) {
        ask(tenure_classify, tables, arrow, json, &result, &error);
    } else if (strcmp(asked, "feedback") == 0) {
        ask(tenure_feedback, tables, arrow, json, &result, &error);
    } else {
        complain("unknown verb", asked);
        return;
    }
    if (error == NULL && rows != NULL) {
        compare(result, rows, tolerance);
    } else if (error != NULL && wanted_error != NULL) {
        compare_error(error, wanted_error);
    } else {
        complain(error == NULL ? "an error was expected" : "error", error == NULL ? json : tenure_error_message(error));
    }
    tenure_result_free(result);
    tenure_error_free(error);
}

static void run_vector(const char *file, struct json_object *vector, bool arrow) {
    struct json_object *name = NULL, *tables = NULL, *checks = NULL, *tolerance = NULL;
    json_object_object_get_ex(vector, "name", &name);
    json_object_object_get_ex(vector, "tables", &tables);
    json_object_object_get_ex(vector, "checks", &checks);
    json_object_object_get_ex(vector, "tolerance", &tolerance);
    char label[512];
    snprintf(label, sizeof label, "%s: %s (%s)", file, json_object_get_string(name), arrow ? "Arrow" : "plain");
    where = label;
    tenure_book *book = NULL;
    tenure_error *error = NULL;
    OK(tenure_book_new(&book, &error));
    checks_passed--; /* making a book is not a check of a vector */
    fill(book, tables, arrow, &error);
    for (size_t at = 0; at < json_object_array_length(checks); at++) {
        run_check(book, error, tables, arrow, json_object_array_get_idx(checks, at),
                  tolerance == NULL ? 1e-9 : json_object_get_double(tolerance));
    }
    tenure_error_free(error);
    tenure_book_free(book);
    where = "";
}

static size_t run_file(const char *file) {
    struct json_object *json = json_object_from_file(file);
    struct json_object *vectors = NULL;
    if (json == NULL || !json_object_object_get_ex(json, "vectors", &vectors)) {
        complain(file, "is not a vector file");
        return 0;
    }
    const size_t count = json_object_array_length(vectors);
    for (size_t at = 0; at < count; at++) {
        run_vector(file, json_object_array_get_idx(vectors, at), false);
        run_vector(file, json_object_array_get_idx(vectors, at), true);
    }
    json_object_put(json);
    return count;
}

int main(int count, char **directories) {
    size_t vectors = 0, files = 0;
    for (int at = 1; at < count; at++) {
        char pattern[4096];
        snprintf(pattern, sizeof pattern, "%s/*.json", directories[at]);
        glob_t found;
        if (glob(pattern, 0, NULL, &found) != 0) {
            complain(directories[at], "holds no vector files");
            continue;
        }
        for (size_t file = 0; file < found.gl_pathc; file++) {
            vectors += run_file(found.gl_pathv[file]);
            files++;
        }
        globfree(&found);
    }
    if (arrow_alive != 0) {
        complain("Arrow", "not everything was released");
    }
    if (checks_passed + checks_failed < LEAST) {
        complain("vectors", "too few checks ran");
    }
    printf("vectors: %d checks passed, %d failed (%zu vectors in %zu files, over plain columns and over Arrow)\n",
           checks_passed, checks_failed, vectors, files);
    return checks_failed == 0 ? 0 : 1;
}
