/* Arrow arrays built by hand: sliced, misaligned, dictionaries with missing values, many batches, broken ones. */
#include "build_arrow.h"
#include "check.h"

#include <errno.h>

enum { ROWS = 6 };
static const int8_t SCORES[ROWS] = {0, 10, 9, 3, 7, 0};
static const uint8_t PRESENT[ROWS] = {1, 1, 1, 1, 1, 0};
static const char *const SEGMENTS[ROWS] = {"x", "smb", "enterprise", "smb", NULL, "x"};
static const int64_t SECONDS[ROWS] = {0, 1767225600, 1767225601, 1767225602, 1767225603, 0};

/* A stream of `batches` times the same table, whose rows 1 to 4 are cut out of arrays of six. */
struct source {
    int batches;
    int fail_at;
    bool misaligned;
};

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    *out = struct_schema(4);
    *out->children[0] = schema_of("c", "score");
    *out->children[1] = schema_of("c", "segment");
    out->children[1]->dictionary = allocate(sizeof(struct ArrowSchema));
    *out->children[1]->dictionary = schema_of("u", "");
    *out->children[2] = schema_of("tss:UTC", "answered_at");
    *out->children[3] = schema_of("u", "plan");
    return 0;
}

/* Keys to a dictionary of which one value is missing. */
static struct ArrowArray dictionary_array(void) {
    static const char *const VALUES[] = {"smb", NULL, "enterprise"};
    const int8_t keys[ROWS] = {0, 0, 2, 0, 1, 2};
    struct ArrowArray array = fixed_array(keys, 1, PRESENT, ROWS, false);
    array.dictionary = allocate(sizeof(struct ArrowArray));
    *array.dictionary = text_array(VALUES, 3);
    return array;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct source *source = stream->private_data;
    if (source->batches == source->fail_at) {
        return EIO;
    }
    if (source->batches == 0) {
        out->release = NULL;
        return 0;
    }
    source->batches--;
    *out = struct_array(4, 4);
    *out->children[0] = sliced(fixed_array(SCORES, 1, PRESENT, ROWS, source->misaligned), 1, 4);
    *out->children[1] = sliced(dictionary_array(), 1, 4);
    *out->children[2] = sliced(fixed_array(SECONDS, 8, NULL, ROWS, source->misaligned), 1, 4);
    *out->children[3] = sliced(text_array(SEGMENTS, ROWS), 1, 4);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the disk is on fire";
}

static void release_stream(struct ArrowArrayStream *stream) {
    free(stream->private_data);
    stream->release = NULL;
    arrow_alive--;
}

static struct ArrowArrayStream stream_of(int batches, bool misaligned) {
    struct source *source = allocate(sizeof *source);
    *source = (struct source){.batches = batches, .fail_at = -1, .misaligned = misaligned};
    arrow_alive++;
    return (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, source};
}

static void check_rows(const tenure_result *result, int batches) {
    /* A batch: smb 10 and 3, enterprise 9, one without a segment with 7. */
    double value = 0;
    int64_t n = 0;
    const char *segment = "";
    size_t segment_at = 0, value_at = 0, n_at = 0;
    OK(tenure_result_column_index(result, "segment", 7, &segment_at, &error));
    OK(tenure_result_column_index(result, "value", 5, &value_at, &error));
    OK(tenure_result_column_index(result, "n", 1, &n_at, &error));
    CHECK(tenure_result_row_count(result) == 3);
    OK(tenure_result_text(result, 0, segment_at, &segment, NULL, &error));
    CHECK(strcmp(segment, "enterprise") == 0);
    OK(tenure_result_f64(result, 0, value_at, &value, &error));
    CHECK(value == 100.0);
    OK(tenure_result_f64(result, 1, value_at, &value, &error));
    CHECK(value == 0.0);
    OK(tenure_result_i64(result, 1, n_at, &n, &error));
    CHECK(n == 2 * batches);
    bool is_null = false;
    OK(tenure_result_is_null(result, 2, segment_at, &is_null, &error));
    CHECK(is_null);
    OK(tenure_result_i64(result, 2, n_at, &n, &error));
    CHECK(n == batches);
}

static const char NPS[] = "{\"kpi\":\"nps\",\"as_of\":\"2026-04-01\",\"by\":[\"segment\"]}";

static void streams(int batches, bool misaligned) {
    struct ArrowArrayStream stream = stream_of(batches, misaligned);
    tenure_table *table = NULL;
    OK(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, &table, &error));
    CHECK(stream.release == NULL);
    CHECK(tenure_table_row_count(table) == (size_t)(4 * batches));
    tenure_book *book = NULL;
    OK(tenure_book_new(&book, &error));
    OK(tenure_book_add(book, table, &error));
    tenure_result *result = NULL;
    OK(tenure_book_compute(book, NPS, strlen(NPS), &result, &error));
    if (batches > 0) {
        check_rows(result, batches);
    }
    /* The result does not need the book. */
    tenure_book_free(book);
    CHECK(arrow_alive == 0);

    struct ArrowArrayStream out;
    OK(tenure_result_to_arrow_stream(result, &out, &error));
    tenure_result_free(result);
    struct ArrowSchema schema;
    CHECK(out.get_schema(&out, &schema) == 0);
    CHECK(strcmp(schema.format, "+s") == 0);
    CHECK(strcmp(schema.children[0]->name, "kpi") == 0);
    struct ArrowArray array;
    CHECK(out.get_next(&out, &array) == 0);
    CHECK(array.n_children == schema.n_children);
    CHECK(array.length == (batches > 0 ? 3 : array.length));
    array.release(&array);
    CHECK(out.get_next(&out, &array) == 0);
    CHECK(array.release == NULL);
    schema.release(&schema);
    out.release(&out);
}

static void a_result_comes_back(void) {
    struct ArrowArrayStream stream = stream_of(2, false);
    tenure_table *table = NULL;
    OK(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, &table, &error));
    tenure_book *book = NULL;
    OK(tenure_book_new(&book, &error));
    OK(tenure_book_add(book, table, &error));
    tenure_result *units = NULL;
    OK(tenure_book_units(book, NPS, strlen(NPS), &units, &error));
    OK(tenure_result_to_arrow_stream(units, &stream, &error));
    OK(tenure_table_from_arrow_stream(TEXT("units"), &stream, &table, &error));
    CHECK(tenure_table_row_count(table) == 8);
    tenure_table_free(table);
    tenure_result_free(units);
    tenure_book_free(book);
    CHECK(arrow_alive == 0);
}

static void streams_that_are_no_streams(void) {
    tenure_table *table = NULL;
    struct ArrowArrayStream stream = stream_of(1, false);
    OK(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, &table, &error));
    tenure_table_free(table);
    table = NULL;
    FAILS(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, &table, &error), TENURE_STATUS_INVALID_REQUEST,
          "released already");
    /* Also on error the stream is moved. */
    stream = stream_of(1, false);
    FAILS(tenure_table_from_arrow_stream(TEXT("\xff"), &stream, &table, &error), TENURE_STATUS_INVALID_UTF8, "name");
    CHECK(stream.release == NULL);
    stream = stream_of(1, false);
    FAILS(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, NULL, &error), TENURE_STATUS_NULL_ARGUMENT, "table");
    CHECK(stream.release == NULL);
    stream = stream_of(3, false);
    ((struct source *)stream.private_data)->fail_at = 1;
    FAILS(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, &table, &error), TENURE_STATUS_INVALID_REQUEST,
          "the disk is on fire");
    stream = stream_of(1, false);
    stream.get_next = NULL;
    FAILS(tenure_table_from_arrow_stream(TEXT("surveys"), &stream, &table, &error), TENURE_STATUS_INVALID_REQUEST,
          "get_next");
    CHECK(table == NULL);
    CHECK(arrow_alive == 0);
}

static tenure_table *empty_table(void) {
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("surveys"), &table, &error));
    return table;
}

static void columns(void) {
    tenure_table *table = empty_table();
    struct ArrowSchema schema = schema_of("c", "ignored");
    struct ArrowArray array = sliced(fixed_array(SCORES, 1, PRESENT, ROWS, false), 1, 4);
    OK(tenure_table_add_arrow(table, TEXT("score"), &array, &schema, &error));
    CHECK(array.release == NULL);
    /* The schema is only read, and the array was moved. */
    CHECK(schema.release != NULL);
    FAILS(tenure_table_add_arrow(table, TEXT("again"), &array, &schema, &error), TENURE_STATUS_INVALID_REQUEST,
          "released already");
    array = fixed_array(SCORES, 1, NULL, ROWS, false);
    FAILS(tenure_table_add_arrow(table, TEXT("long"), &array, &schema, &error), TENURE_STATUS_INVALID_REQUEST, "6 rows");
    CHECK(array.release == NULL);
    array = fixed_array(SCORES, 1, NULL, ROWS, false);
    FAILS(tenure_table_add_arrow(table, TEXT("c"), &array, NULL, &error), TENURE_STATUS_NULL_ARGUMENT, "schema");
    CHECK(array.release == NULL);
    schema.release(&schema);

    /* A decimal that is aligned to eight bytes only, as the JVM makes them. */
    schema = schema_of("d:20,2", "");
    const int64_t hundredths[] = {0, 900, 0, 750, 0, 300, 0, 150, 0};
    array = fixed_array(hundredths, sizeof hundredths, NULL, 1, false);
    array.length = 4;
    OK(tenure_table_add_arrow(table, TEXT("amount"), &array, &schema, &error));
    schema.release(&schema);
    tenure_table_free(table);
    CHECK(arrow_alive == 0);
}

static void arrays_that_contradict_themselves(void) {
    tenure_table *table = empty_table();
    struct ArrowSchema numbers = schema_of("l", "");
    struct ArrowSchema text = schema_of("u", "");
    struct ArrowSchema unknown = schema_of("?", "");
    struct ArrowSchema nowhere = schema_of("l", "");
    nowhere.release(&nowhere);

    struct ArrowArray array = fixed_array(SECONDS, 8, NULL, ROWS, false);
    array.length = -1;
    FAILS(tenure_table_add_arrow(table, TEXT("c"), &array, &numbers, &error), TENURE_STATUS_INVALID_REQUEST, "length");
    array = fixed_array(SECONDS, 8, NULL, ROWS, false);
    array.offset = INT64_MAX;
    FAILS(tenure_table_add_arrow(table, TEXT("c"), &array, &numbers, &error), TENURE_STATUS_INVALID_REQUEST, "offset");
    array = fixed_array(SECONDS, 8, NULL, ROWS, false);
    FAILS(tenure_table_add_arrow(table, TEXT("c"), &array, &text, &error), TENURE_STATUS_INVALID_REQUEST, "buffers");
    array = fixed_array(SECONDS, 8, NULL, ROWS, false);
    FAILS(tenure_table_add_arrow(table, TEXT("c"), &array, &unknown, &error), TENURE_STATUS_INVALID_REQUEST, "Arrow");
    array = fixed_array(SECONDS, 8, NULL, ROWS, false);
    FAILS(tenure_table_add_arrow(table, TEXT("c"), &array, &nowhere, &error), TENURE_STATUS_INVALID_REQUEST, "released");
    /* Offsets that point beyond the text are missing values, not reads beyond the end. */
    array = text_array(SEGMENTS, ROWS);
    ((int32_t *)array.buffers[1])[2] = 1000000;
    OK(tenure_table_add_arrow(table, TEXT("segment"), &array, &text, &error));
    array = fixed_array(SCORES, 1, NULL, ROWS, false);
    struct ArrowSchema bytes = schema_of("c", "");
    OK(tenure_table_add_arrow(table, TEXT("score"), &array, &bytes, &error));
    tenure_book *book = NULL;
    OK(tenure_book_new(&book, &error));
    OK(tenure_book_add(book, table, &error));
    tenure_result *result = NULL;
    OK(tenure_book_compute(book, NPS, strlen(NPS), &result, &error));
    CHECK(tenure_result_row_count(result) >= 2);
    tenure_result_free(result);
    tenure_book_free(book);
    numbers.release(&numbers);
    text.release(&text);
    unknown.release(&unknown);
    bytes.release(&bytes);
    CHECK(arrow_alive == 0);
}

int main(void) {
    streams(1, false);
    streams(3, false);
    streams(0, false);
    streams(2, true);
    a_result_comes_back();
    streams_that_are_no_streams();
    columns();
    arrays_that_contradict_themselves();
    return finish("arrow", 150);
}
