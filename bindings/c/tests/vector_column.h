/* A column of a vector, as JSON says it, into a table: plain, or as an Arrow array that is a slice of a longer one. */
#ifndef TENURE_TESTS_VECTOR_COLUMN_H
#define TENURE_TESTS_VECTOR_COLUMN_H

#include "build_arrow.h"
#include "check.h"

#include <json-c/json.h>

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

#endif
