/* The classifier: the same bits as in every language, texts of any bytes, training, saving, misuse.
 *
 * usage: classifier BITS EVALUATION     BITS is tests/classify/bits.txt, EVALUATION the folder of models/ that it is of */
#include "vector_column.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const COLUMNS[] = {"text",         "author",        "channel",     "trigger",         "purchase_phase", "scope",
                                      "horizon_days", "transactional", "departments", "outcome_measure"};
static const char *const DOUBLES[] = {"p_support",     "p_service",   "p_success",   "p_service_any",
                                      "axis_initiative", "axis_horizon", "axis_goal",   "axis_nature",
                                      "axis_approach", "axis_scope",  "axis_departments"};

static size_t column_at(const tenure_result *result, const char *name) {
    size_t at = 0;
    OK(tenure_result_column_index(result, name, strlen(name), &at, &error));
    return at;
}

static const char *text_at(const tenure_result *result, size_t row, const char *name) {
    const char *text = "";
    OK(tenure_result_text(result, row, column_at(result, name), &text, NULL, &error));
    return text;
}

/* A text is missing where the classifier abstained. */
static bool has_label(const tenure_result *result, size_t row, const char *label) {
    bool is_null = false;
    OK(tenure_result_is_null(result, row, column_at(result, "label"), &is_null, &error));
    return label == NULL ? is_null : !is_null && strcmp(text_at(result, row, "label"), label) == 0;
}

/* FNV-1a over the little-endian bytes of the doubles of each row. */
static uint64_t digest(const tenure_result *result) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t row = 0; row < tenure_result_row_count(result); row++) {
        for (size_t at = 0; at < sizeof DOUBLES / sizeof DOUBLES[0]; at++) {
            double value = 0;
            uint64_t bits = 0;
            if (tenure_result_f64(result, row, column_at(result, DOUBLES[at]), &value, NULL) != TENURE_STATUS_OK) {
                complain("no value", DOUBLES[at]);
            }
            memcpy(&bits, &value, sizeof bits);
            for (int byte = 0; byte < 8; byte++) {
                hash = (hash ^ (bits >> (8 * byte) & 0xff)) * UINT64_C(0x100000001b3);
            }
        }
    }
    return hash;
}

/* The rows of a file of one JSON object a line, as an array. */
static struct json_object *read_lines(const char *path) {
    struct json_object *rows = json_object_new_array();
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        complain(path, "cannot be read");
        return rows;
    }
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0) {
        json_object_array_add(rows, json_tokener_parse(line));
    }
    free(line);
    fclose(file);
    return rows;
}

static tenure_table *table_of(struct json_object *rows, bool arrow) {
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("interactions"), &table, &error));
    for (size_t name = 0; name < sizeof COLUMNS / sizeof COLUMNS[0]; name++) {
        struct json_object *values = json_object_new_array();
        for (size_t row = 0; row < json_object_array_length(rows); row++) {
            struct json_object *value = NULL;
            json_object_object_get_ex(json_object_array_get_idx(rows, row), COLUMNS[name], &value);
            json_object_array_add(values, json_object_get(value));
        }
        struct column column = read_column(values);
        OK(arrow ? add_arrow(table, COLUMNS[name], &column, &error) : add_plain(table, COLUMNS[name], &column, &error));
        free(column.values);
        json_object_put(values);
    }
    return table;
}

static void same_bits(const char *bits, const char *evaluation) {
    FILE *file = fopen(bits, "r");
    char model[128] = "", language[16] = "", path[4096];
    size_t rows = 0;
    uint64_t expected = 0;
    int languages = 0;
    if (file == NULL || fscanf(file, "model %127s\n", model) != 1) {
        complain(bits, "cannot be read");
        return;
    }
    tenure_classifier *standard = NULL;
    OK(tenure_classifier_standard(&standard, &error));
    CHECK(strcmp(tenure_classifier_id(standard), model) == 0);
    while (fscanf(file, "%15s %zu %" SCNx64 "\n", language, &rows, &expected) == 3) {
        snprintf(path, sizeof path, "%s/%s.jsonl", evaluation, language);
        struct json_object *lines = read_lines(path);
        for (int arrow = 0; arrow < 2; arrow++) {
            tenure_table *table = table_of(lines, arrow == 1);
            tenure_result *result = NULL;
            OK(tenure_classifier_classify(standard, table, TEXT("{\"evidence\": 3}"), &result, &error));
            CHECK(tenure_result_row_count(result) == rows);
            CHECK(digest(result) == expected);
            tenure_result_free(result);
            /* The table is only read, and may be asked about again. */
            OK(tenure_classify(table, NULL, 0, &result, &error));
            CHECK(digest(result) == expected);
            tenure_result_free(result);
            tenure_table_free(table);
        }
        json_object_put(lines);
        languages++;
    }
    fclose(file);
    CHECK(languages == 5);
    tenure_classifier_free(standard);
}

static tenure_table *texts(const char *const *values, const size_t *lengths, size_t len) {
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("interactions"), &table, &error));
    OK(tenure_table_add_text_lossy(table, TEXT("text"), values, lengths, NULL, len, &error));
    return table;
}

static void answers(void) {
    static const char *const TEXTS[] = {"The export fails with error 500", "Where is the invoice for my order?", NULL};
    static const char *const IDS[] = {"a", "b", "c"};
    static const int64_t TIMES[] = {0, 1, 2};
    tenure_table *table = texts(TEXTS, NULL, 3);
    OK(tenure_table_add_text(table, TEXT("interaction_id"), IDS, NULL, NULL, 3, &error));
    OK(tenure_table_add_time(table, TEXT("occurred_at"), TIMES, NULL, 3, TENURE_TIME_UNIT_SECONDS, true, &error));
    tenure_result *result = NULL;
    OK(tenure_classify(table, TEXT("{\"evidence\": 2}"), &result, &error));
    CHECK(tenure_result_row_count(result) == 3);
    CHECK(has_label(result, 0, "support") && has_label(result, 1, "service") && has_label(result, 2, NULL));
    CHECK(strcmp(text_at(result, 1, "interaction_id"), "b") == 0);
    CHECK(strcmp(text_at(result, 0, "language"), "en") == 0);
    CHECK(strncmp(text_at(result, 0, "model"), "standard-", 9) == 0);
    CHECK(strcmp(text_at(result, 2, "abstained"), "true") == 0);
    int64_t at = 0;
    OK(tenure_result_i64(result, 1, column_at(result, "occurred_at"), &at, &error));
    CHECK(at == 1000000);

    /* Evidence is JSON: words of the text, with their place. */
    CHECK(tenure_result_column_type(result, column_at(result, "evidence")) == TENURE_VALUE_TYPE_TEXT);
    struct json_object *evidence = json_tokener_parse(text_at(result, 0, "evidence"));
    CHECK(json_object_array_length(evidence) == 2);
    struct json_object *value = NULL, *start = NULL, *end = NULL, *pushes = NULL;
    struct json_object *first = json_object_array_get_idx(evidence, 0);
    CHECK(json_object_object_get_ex(first, "value", &value) && json_object_object_get_ex(first, "start", &start) &&
          json_object_object_get_ex(first, "end", &end) && json_object_object_get_ex(first, "pushes", &pushes));
    const int64_t from = json_object_get_int64(start), to = json_object_get_int64(end);
    CHECK((size_t)(to - from) == strlen(json_object_get_string(value)));
    CHECK(strncmp(TEXTS[0] + from, json_object_get_string(value), (size_t)(to - from)) == 0);
    CHECK(strcmp(json_object_get_string(pushes), "support") == 0);
    json_object_put(evidence);
    CHECK(strcmp(text_at(result, 2, "evidence"), "[]") == 0);

    tenure_buffer *json = NULL;
    OK(tenure_result_to_json(result, &json, &error));
    struct json_object *rows = json_tokener_parse(tenure_buffer_data(json));
    CHECK(json_object_array_length(rows) == 3);
    CHECK(json_object_object_get_ex(json_object_array_get_idx(rows, 0), "evidence", &evidence));
    CHECK(json_object_is_type(evidence, json_type_array));
    json_object_put(rows);
    tenure_buffer_free(json);

    struct ArrowArrayStream stream;
    OK(tenure_result_to_arrow_stream(result, &stream, &error));
    struct ArrowSchema schema;
    CHECK(stream.get_schema(&stream, &schema) == 0);
    CHECK(schema.n_children == (int64_t)tenure_result_column_count(result));
    schema.release(&schema);
    stream.release(&stream);
    tenure_result_free(result);

    FAILS(tenure_classify(table, TEXT("{\"threshold\": 2}"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "threshold");
    FAILS(tenure_classify(table, TEXT("{\"treshold\": 1}"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "threshold");
    FAILS(tenure_classify(table, TEXT("[]x"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "options");
    FAILS(tenure_classify(table, TEXT("\xff"), &result, &error), TENURE_STATUS_INVALID_UTF8, "options");
    tenure_table_free(table);
}

static void any_bytes(void) {
    /* Cut characters, overlong forms, halves of pairs, control characters, a NUL inside. */
    static const char *const BYTES[] = {"\xff\xfe\xfd",        "\xe0\x80\xaf",   "The app crashes \xc3", "\xed\xa0\x80\xed\xb0\x80",
                                        "\x01\x02\x7f\x00why", "\xf0\x9f\x98\x80", "",                     "\x80 Where is my invoice? \xbf"};
    static const size_t LENGTHS[] = {3, 3, 17, 6, 7, 4, 0, 24};
    enum { COUNT = sizeof BYTES / sizeof BYTES[0] };
    tenure_table *table = texts(BYTES, LENGTHS, COUNT);
    tenure_result *result = NULL;
    OK(tenure_classify(table, TEXT("{\"evidence\": 9}"), &result, &error));
    CHECK(tenure_result_row_count(result) == COUNT);
    CHECK(has_label(result, 2, "support") && has_label(result, 7, "service"));
    CHECK(has_label(result, 0, NULL) && has_label(result, 5, NULL) && has_label(result, 6, NULL));
    tenure_result_free(result);
    tenure_table_free(table);

    /* Where ids come from, such bytes are an error; through Arrow they are read as far as they are text. */
    OK(tenure_table_new(TEXT("interactions"), &table, &error));
    FAILS(tenure_table_add_text(table, TEXT("text"), BYTES, LENGTHS, NULL, COUNT, &error), TENURE_STATUS_INVALID_UTF8,
          "value 0 is not UTF-8 from byte 0");
    struct ArrowSchema schema = schema_of("u", "text");
    struct ArrowArray array = text_array((const char *const[]){"The app crashes \xff\xc3", "\xff"}, 2);
    OK(tenure_table_add_arrow(table, TEXT("text"), &array, &schema, &error));
    schema.release(&schema);
    schema = schema_of("u", "account_id");
    array = text_array((const char *const[]){"\xff\xfe", "b"}, 2);
    OK(tenure_table_add_arrow(table, TEXT("account_id"), &array, &schema, &error));
    schema.release(&schema);
    OK(tenure_classify(table, TEXT("{\"evidence\": 9}"), &result, &error));
    CHECK(has_label(result, 0, "support") && has_label(result, 1, NULL));
    CHECK(strcmp(text_at(result, 1, "account_id"), "b") == 0);
    tenure_result_free(result);
    tenure_table_free(table);

    /* A text of five megabytes of one letter. */
    const size_t len = (size_t)5 << 20;
    char *long_text = malloc(len);
    memset(long_text, 'a', len);
    table = texts((const char *const *)&long_text, &len, 1);
    OK(tenure_classify(table, NULL, 0, &result, &error));
    CHECK(tenure_result_row_count(result) == 1);
    tenure_result_free(result);
    tenure_table_free(table);
    free(long_text);
}

static void training(void) {
    static const char *const TEXTS[] = {"Printer on fire",  "Printer jammed",         "Send me an invoice",     "Refund, please",
                                        "Our yearly goals", "A training for the team", "The printer is offline", "Ignored"};
    static const char *const LABELS[] = {"support", "support", "service", "service", "success", "success", "support", NULL};
    tenure_table *table = texts(TEXTS, NULL, 8);
    tenure_classifier *own = NULL, *loaded = NULL;
    FAILS(tenure_classifier_fit(table, NULL, 0, &own, &error), TENURE_STATUS_MISSING_COLUMN, "label");
    OK(tenure_table_add_text(table, TEXT("label"), LABELS, NULL, NULL, 8, &error));
    FAILS(tenure_classifier_fit(table, TEXT("{\"folds\": 1}"), &own, &error), TENURE_STATUS_INVALID_REQUEST, "folds");
    OK(tenure_classifier_fit(table, TEXT("{\"folds\": 2, \"name\": \"printers\"}"), &own, &error));
    CHECK(strncmp(tenure_classifier_id(own), "printers-", 9) == 0);

    tenure_buffer *json = NULL, *bytes = NULL;
    OK(tenure_classifier_metrics(own, &json, &error));
    CHECK(strstr(tenure_buffer_data(json), "\"rows\":7,") != NULL);
    CHECK(strstr(tenure_buffer_data(json), "\"confusion\":{\"support\":{\"support\":") != NULL);
    tenure_buffer_free(json);
    OK(tenure_classifier_languages(own, &json, &error));
    CHECK(strstr(tenure_buffer_data(json), "\"sv\"") != NULL);
    tenure_buffer_free(json);

    OK(tenure_classifier_save(own, &bytes, &error));
    OK(tenure_classifier_load(tenure_buffer_data(bytes), tenure_buffer_len(bytes), &loaded, &error));
    CHECK(strcmp(tenure_classifier_id(own), tenure_classifier_id(loaded)) == 0);
    tenure_result *one = NULL, *other = NULL;
    OK(tenure_classifier_classify(own, table, NULL, 0, &one, &error));
    tenure_classifier_free(own);
    OK(tenure_classifier_classify(loaded, table, NULL, 0, &other, &error));
    CHECK(digest(one) == digest(other));
    tenure_result_free(one);
    tenure_result_free(other);

    own = NULL;
    const size_t len = tenure_buffer_len(bytes);
    FAILS(tenure_classifier_load(tenure_buffer_data(bytes), len / 2, &own, &error), TENURE_STATUS_CORRUPT_STATE, "");
    FAILS(tenure_classifier_load("nonsense", 8, &own, &error), TENURE_STATUS_CORRUPT_STATE, "");
    FAILS(tenure_classifier_load(NULL, 0, &own, &error), TENURE_STATUS_CORRUPT_STATE, "");
    CHECK(own == NULL);
    tenure_buffer_free(bytes);
    tenure_classifier_free(loaded);
    tenure_table_free(table);

    static const char *const WRONG[] = {"suport"};
    table = texts(TEXTS, NULL, 1);
    OK(tenure_table_add_text(table, TEXT("label"), WRONG, NULL, NULL, 1, &error));
    FAILS(tenure_classifier_fit(table, NULL, 0, &own, &error), TENURE_STATUS_INVALID_ROW, "support");
    tenure_table_free(table);
}

static void nulls(void) {
    tenure_classifier *classifier = NULL;
    tenure_result *result = NULL;
    tenure_buffer *buffer = NULL;
    tenure_table *table = texts(NULL, NULL, 0);
    OK(tenure_classifier_standard(&classifier, &error));
#define NULL_ARGUMENT(call, part) FAILS(call, TENURE_STATUS_NULL_ARGUMENT, part)
    NULL_ARGUMENT(tenure_classify(NULL, NULL, 0, &result, &error), "interactions is NULL");
    NULL_ARGUMENT(tenure_classify(table, NULL, 0, NULL, &error), "result is NULL");
    NULL_ARGUMENT(tenure_classify(table, NULL, 2, &result, &error), "options is NULL");
    NULL_ARGUMENT(tenure_classifier_standard(NULL, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_classifier_fit(NULL, NULL, 0, &classifier, &error), "labelled is NULL");
    NULL_ARGUMENT(tenure_classifier_fit(table, NULL, 0, NULL, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_classifier_classify(NULL, table, NULL, 0, &result, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_classifier_classify(classifier, NULL, NULL, 0, &result, &error), "interactions is NULL");
    NULL_ARGUMENT(tenure_classifier_classify(classifier, table, NULL, 0, NULL, &error), "result is NULL");
    NULL_ARGUMENT(tenure_classifier_languages(NULL, &buffer, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_classifier_languages(classifier, NULL, &error), "json is NULL");
    NULL_ARGUMENT(tenure_classifier_metrics(NULL, &buffer, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_classifier_metrics(classifier, NULL, &error), "json is NULL");
    NULL_ARGUMENT(tenure_classifier_save(NULL, &buffer, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_classifier_save(classifier, NULL, &error), "bytes is NULL");
    NULL_ARGUMENT(tenure_classifier_load(NULL, 4, &classifier, &error), "bytes is NULL");
    NULL_ARGUMENT(tenure_classifier_load("x", 1, NULL, &error), "classifier is NULL");
    NULL_ARGUMENT(tenure_table_add_text_lossy(NULL, TEXT("c"), NULL, NULL, NULL, 0, &error), "table is NULL");
    CHECK(tenure_classifier_id(NULL) == NULL);
    CHECK(tenure_classify(NULL, NULL, 0, NULL, NULL) == TENURE_STATUS_NULL_ARGUMENT);
    tenure_classifier_free(NULL);
    tenure_classifier_free(classifier);
    OK(tenure_classify(table, NULL, 0, &result, &error));
    CHECK(tenure_result_row_count(result) == 0);
    tenure_result_free(result);
    tenure_table_free(table);
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: classifier BITS EVALUATION\n");
        return 2;
    }
    same_bits(arguments[1], arguments[2]);
    answers();
    any_bytes();
    training();
    nulls();
    CHECK(arrow_alive == 0);
    return finish("classifier", 150);
}
