/* Runs the conformance vectors through the C interface: every check once over plain columns, and once over Arrow
 * arrays that are slices of longer ones.
 *
 * usage: vectors_runner DIRECTORY... */
#include "build_arrow.h"
#include "check.h"

#include <glob.h>
#include <json-c/json.h>
#include <math.h>

/* Fewer checks than this, and the vectors were not all read. */
enum { LEAST = 1000 };

/* Rows of other data before and after the rows of a sliced array. */
enum { BEFORE = 3, AFTER = 2 };

static const char *where = "";

static void complain(const char *what, const char *detail) {
    checks_failed++;
    fprintf(stderr, "%s: %s: %s\n", where, what, detail);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant, days_from_civil). */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t of_era = year - era * 400;
    const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Microseconds of ISO text: a date, or a date and time with an optional fraction and offset. */
static bool parse_time(const char *text, int64_t *micros) {
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3) {
        return false;
    }
    int64_t fraction = 0;
    int64_t offset = 0;
    text += used;
    if (*text == 'T' || *text == ' ') {
        used = 0;
        if (sscanf(text + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3) {
            return false;
        }
        text += 1 + used;
        if (*text == '.') {
            int64_t unit = 100000;
            for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10) {
                fraction += (*text - '0') * unit;
            }
        }
        int hours, minutes;
        if (*text == 'Z') {
            text++;
        } else if ((*text == '+' || *text == '-') && sscanf(text + 1, "%2d:%2d", &hours, &minutes) == 2) {
            offset = (*text == '-' ? -1 : 1) * (hours * 60 + minutes);
            text += 6;
        }
    }
    *micros = ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
    *micros = *micros * 1000000 + fraction;
    return *text == '\0';
}

/* ---- columns ------------------------------------------------------------------------------------------------ */

enum kind { I64, U64, F64, BOOL, TEXT_KIND, LIST, I8, I16, I32, U8, F32, SECONDS_UTC, MICROS_LOCAL, DATE, DICTIONARY };

static const struct {
    const char *type;
    enum kind kind;
    const char *format;
    size_t width;
} KINDS[] = {
    {"i64", I64, "l", 8},  {"u64", U64, "L", 8},       {"f64", F64, "g", 8},
    {"bool", BOOL, "b", 0}, {"text", TEXT_KIND, "u", 0}, {"list", LIST, "+l", 0},
    {"i8", I8, "c", 1},    {"i16", I16, "s", 2},       {"i32", I32, "i", 4},
    {"u8", U8, "C", 1},    {"f32", F32, "f", 4},       {"timestamp[s, UTC]", SECONDS_UTC, "tss:UTC", 8},
    {"timestamp[us]", MICROS_LOCAL, "tsu:", 8},        {"date", DATE, "tdD", 4},
    {"dictionary", DICTIONARY, "i", 0},
};

struct column {
    enum kind kind;
    const char *format;
    size_t width;
    /* Whether plain columns have no function for it. */
    bool arrow_only;
    size_t len;
    size_t room;
    struct json_object **values;
};

static void push(struct column *column, struct json_object *value, size_t times) {
    if (column->values == NULL || column->len + times > column->room) {
        column->room = 2 * (column->len + times) + 1;
        column->values = realloc(column->values, sizeof(struct json_object *) * column->room);
        if (column->values == NULL) {
            abort();
        }
    }
    for (size_t at = 0; at < times; at++) {
        column->values[column->len++] = value;
    }
}

static enum kind kind_of_values(const struct column *column) {
    enum kind kind = I64;
    for (size_t at = 0; at < column->len; at++) {
        switch (json_object_get_type(column->values[at])) {
        case json_type_string:
            return TEXT_KIND;
        case json_type_boolean:
            return BOOL;
        case json_type_array:
            return LIST;
        case json_type_double:
            kind = F64;
            break;
        default:
            break;
        }
    }
    return kind;
}

/* Reads `[...]`, `{"runs": [[value, count], ...]}` and `{"type": ..., "values" or "runs": [...]}`. */
static struct column read_column(struct json_object *json) {
    struct column column = {.kind = I64};
    struct json_object *values = json, *runs = NULL, *type = NULL;
    if (json_object_get_type(json) == json_type_object) {
        json_object_object_get_ex(json, "values", &values);
        json_object_object_get_ex(json, "runs", &runs);
        json_object_object_get_ex(json, "type", &type);
    }
    if (runs != NULL) {
        for (size_t at = 0; at < json_object_array_length(runs); at++) {
            struct json_object *run = json_object_array_get_idx(runs, at);
            push(&column, json_object_array_get_idx(run, 0),
                 (size_t)json_object_get_int64(json_object_array_get_idx(run, 1)));
        }
    } else {
        for (size_t at = 0; at < json_object_array_length(values); at++) {
            push(&column, json_object_array_get_idx(values, at), 1);
        }
    }
    column.kind = kind_of_values(&column);
    bool known = type == NULL;
    for (size_t at = 0; at < sizeof KINDS / sizeof KINDS[0]; at++) {
        if (type == NULL ? KINDS[at].kind == column.kind : strcmp(KINDS[at].type, json_object_get_string(type)) == 0) {
            column.kind = KINDS[at].kind;
            column.format = KINDS[at].format;
            column.width = KINDS[at].width;
            known = true;
            break;
        }
    }
    if (!known) {
        complain("unknown column type", json_object_get_string(type));
    }
    column.arrow_only = column.kind == U64 || column.kind == I16 || column.kind == U8 || column.kind == F32 ||
                        column.kind == DICTIONARY;
    return column;
}

/* One value in the width of its type, behind `at` of them. */
static void store(const struct column *column, void *memory, size_t at, struct json_object *value) {
    union {
        int8_t i8;
        int16_t i16;
        int32_t i32;
        int64_t i64;
        uint8_t u8;
        uint64_t u64;
        float f32;
        double f64;
    } out = {.u64 = 0};
    int64_t micros = 0;
    switch (column->kind) {
    case I8: out.i8 = (int8_t)json_object_get_int64(value); break;
    case I16: out.i16 = (int16_t)json_object_get_int64(value); break;
    case I32: out.i32 = (int32_t)json_object_get_int64(value); break;
    case U8: out.u8 = (uint8_t)json_object_get_int64(value); break;
    case U64: out.u64 = json_object_get_uint64(value); break;
    case F32: out.f32 = (float)json_object_get_double(value); break;
    case F64: out.f64 = json_object_get_double(value); break;
    case I64: out.i64 = json_object_get_int64(value); break;
    case SECONDS_UTC:
    case MICROS_LOCAL:
    case DATE:
        if (value != NULL && !parse_time(json_object_get_string(value), &micros)) {
            complain("not a time", json_object_get_string(value));
        }
        if (column->kind == DATE) {
            out.i32 = (int32_t)(micros / 86400000000);
        } else {
            out.i64 = column->kind == SECONDS_UTC ? micros / 1000000 : micros;
        }
        break;
    default: break;
    }
    memcpy((char *)memory + at * column->width, &out, column->width);
}

static uint8_t *validity_of(const struct column *column) {
    uint8_t *validity = allocate(column->len);
    for (size_t at = 0; at < column->len; at++) {
        validity[at] = column->values[at] != NULL;
    }
    return validity;
}

/* The items of all lists behind each other. */
static const char **items_of(const struct column *column, size_t *offsets) {
    size_t count = 0;
    for (size_t at = 0; at < column->len; at++) {
        count += column->values[at] == NULL ? 0 : json_object_array_length(column->values[at]);
        offsets[at + 1] = count;
    }
    const char **items = allocate(sizeof(char *) * (count + 1));
    for (size_t at = 0; at < column->len; at++) {
        for (size_t item = offsets[at]; item < offsets[at + 1]; item++) {
            items[item] = json_object_get_string(json_object_array_get_idx(column->values[at], item - offsets[at]));
        }
    }
    return items;
}

static const char **texts_of(const struct column *column) {
    const char **texts = allocate(sizeof(char *) * (column->len + 1));
    for (size_t at = 0; at < column->len; at++) {
        texts[at] = column->values[at] == NULL ? NULL : json_object_get_string(column->values[at]);
    }
    return texts;
}

static tenure_status add_plain(tenure_table *table, const char *name, const struct column *column,
                               tenure_error **error) {
    const size_t name_len = strlen(name), len = column->len;
    uint8_t *validity = validity_of(column);
    void *values = allocate(8 * len);
    for (size_t at = 0; at < len && column->width > 0; at++) {
        store(column, values, at, column->values[at]);
    }
    tenure_status status = TENURE_STATUS_OK;
    switch (column->kind) {
    case I8: status = tenure_table_add_i8(table, name, name_len, values, validity, len, error); break;
    case I32: status = tenure_table_add_i32(table, name, name_len, values, validity, len, error); break;
    case F64: status = tenure_table_add_f64(table, name, name_len, values, validity, len, error); break;
    case DATE: status = tenure_table_add_date(table, name, name_len, values, validity, len, error); break;
    case SECONDS_UTC:
        status = tenure_table_add_time(table, name, name_len, values, validity, len, TENURE_TIME_UNIT_SECONDS, true,
                                       error);
        break;
    case MICROS_LOCAL:
        status = tenure_table_add_time(table, name, name_len, values, validity, len, TENURE_TIME_UNIT_MICROSECONDS,
                                       false, error);
        break;
    case BOOL:
        for (size_t at = 0; at < len; at++) {
            ((bool *)values)[at] = json_object_get_boolean(column->values[at]);
        }
        status = tenure_table_add_bool(table, name, name_len, values, validity, len, error);
        break;
    case TEXT_KIND: {
        const char **texts = texts_of(column);
        status = tenure_table_add_text(table, name, name_len, texts, NULL, NULL, len, error);
        free(texts);
        break;
    }
    case LIST: {
        size_t *offsets = allocate(sizeof(size_t) * (len + 1));
        const char **items = items_of(column, offsets);
        status = tenure_table_add_text_list(table, name, name_len, offsets, items, NULL, validity, len, error);
        free(items);
        free(offsets);
        break;
    }
    default: status = tenure_table_add_i64(table, name, name_len, values, validity, len, error); break;
    }
    free(values);
    free(validity);
    return status;
}

/* The rows between rows that are no part of the table. */
static struct column padded(const struct column *column) {
    struct column longer = *column;
    longer.len = longer.room = 0;
    longer.values = NULL;
    struct json_object *other = column->len > 0 ? column->values[column->len - 1] : NULL;
    push(&longer, other, BEFORE);
    for (size_t at = 0; at < column->len; at++) {
        push(&longer, column->values[at], 1);
    }
    push(&longer, other, AFTER);
    return longer;
}

static struct ArrowArray arrow_of(const struct column *column) {
    uint8_t *validity = validity_of(column);
    struct ArrowArray array;
    if (column->kind == TEXT_KIND) {
        const char **texts = texts_of(column);
        array = text_array(texts, column->len);
        free(texts);
    } else if (column->kind == BOOL) {
        array = array_of((int64_t)column->len, 2);
        uint8_t *flags = allocate(column->len);
        for (size_t at = 0; at < column->len; at++) {
            flags[at] = (uint8_t)json_object_get_boolean(column->values[at]);
        }
        array.buffers[0] = bits_of(validity, column->len);
        array.buffers[1] = bits_of(flags, column->len);
        free(flags);
    } else if (column->kind == LIST) {
        size_t *offsets = allocate(sizeof(size_t) * (column->len + 1));
        const char **items = items_of(column, offsets);
        array = array_of((int64_t)column->len, 2);
        int32_t *narrow = allocate(sizeof(int32_t) * (column->len + 1));
        for (size_t at = 0; at <= column->len; at++) {
            narrow[at] = (int32_t)offsets[at];
        }
        array.buffers[0] = bits_of(validity, column->len);
        array.buffers[1] = narrow;
        array.n_children = 1;
        array.children = allocate(sizeof(struct ArrowArray *));
        array.children[0] = allocate(sizeof(struct ArrowArray));
        *array.children[0] = text_array(items, offsets[column->len]);
        free(items);
        free(offsets);
    } else if (column->kind == DICTIONARY) {
        /* Every row has an entry of its own, so that equal values have different keys. */
        const char **texts = texts_of(column);
        int32_t *keys = allocate(sizeof(int32_t) * column->len);
        for (size_t at = 0; at < column->len; at++) {
            keys[at] = (int32_t)at;
        }
        array = fixed_array(keys, sizeof(int32_t), NULL, column->len, false);
        array.dictionary = allocate(sizeof(struct ArrowArray));
        *array.dictionary = text_array(texts, column->len);
        free(keys);
        free(texts);
    } else {
        void *values = allocate(column->width * column->len);
        for (size_t at = 0; at < column->len; at++) {
            store(column, values, at, column->values[at]);
        }
        array = fixed_array(values, column->width, validity, column->len, column->len % 2 == 1);
        free(values);
    }
    free(validity);
    return array;
}

static tenure_status add_arrow(tenure_table *table, const char *name, const struct column *column,
                               tenure_error **error) {
    struct ArrowSchema schema = schema_of(column->format, name);
    if (column->kind == LIST) {
        schema.n_children = 1;
        schema.children = allocate(sizeof(struct ArrowSchema *));
        schema.children[0] = allocate(sizeof(struct ArrowSchema));
        *schema.children[0] = schema_of("u", "item");
    }
    if (column->kind == DICTIONARY) {
        schema.dictionary = allocate(sizeof(struct ArrowSchema));
        *schema.dictionary = schema_of("u", "");
    }
    struct column longer = padded(column);
    struct ArrowArray array = sliced(arrow_of(&longer), BEFORE, (int64_t)column->len);
    const tenure_status status = tenure_table_add_arrow(table, name, strlen(name), &array, &schema, error);
    schema.release(&schema);
    free(longer.values);
    return status;
}

/* ---- checks ------------------------------------------------------------------------------------------------- */

static tenure_status fill(tenure_book *book, struct json_object *tables, bool arrow, tenure_error **error) {
    json_object_object_foreach(tables, table_name, columns) {
        tenure_table *table = NULL;
        tenure_status status = tenure_table_new(table_name, strlen(table_name), &table, error);
        if (status != TENURE_STATUS_OK) {
            return status;
        }
        json_object_object_foreach(columns, name, values) {
            struct column column = read_column(values);
            status = arrow || column.arrow_only ? add_arrow(table, name, &column, error)
                                                : add_plain(table, name, &column, error);
            free(column.values);
            if (status != TENURE_STATUS_OK) {
                tenure_table_free(table);
                return status;
            }
        }
        status = tenure_book_add(book, table, error);
        if (status != TENURE_STATUS_OK) {
            return status;
        }
    }
    return TENURE_STATUS_OK;
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
        return tenure_result_text(result, row, at, &text, NULL, NULL) == TENURE_STATUS_OK &&
               strcmp(text, json_object_get_string(wanted)) == 0;
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

static void run_check(const tenure_book *book, const tenure_error *unfilled, struct json_object *check,
                      double tolerance) {
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
        run_check(book, error, json_object_array_get_idx(checks, at),
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
