/* Arrow structs built by hand, as a host without an Arrow library would. What is built owns its memory and counts
 * how often it was released. */
#ifndef TENURE_TESTS_BUILD_ARROW_H
#define TENURE_TESTS_BUILD_ARROW_H

#include "arrow_abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* How many arrays, schemas and streams are alive. */
static int arrow_alive = 0;

static inline void *allocate(size_t bytes) {
    void *memory = calloc(1, bytes == 0 ? 1 : bytes);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static inline void release_array(struct ArrowArray *array) {
    for (int64_t at = 0; at < array->n_buffers; at++) {
        /* A misaligned buffer begins one byte into its memory. */
        bool shifted = array->private_data != NULL && at > 0;
        free(array->buffers[at] == NULL ? NULL : (void *)((const char *)array->buffers[at] - (shifted ? 1 : 0)));
    }
    free((void *)array->buffers);
    for (int64_t at = 0; at < array->n_children; at++) {
        if (array->children[at]->release != NULL) {
            array->children[at]->release(array->children[at]);
        }
        free(array->children[at]);
    }
    free(array->children);
    if (array->dictionary != NULL) {
        if (array->dictionary->release != NULL) {
            array->dictionary->release(array->dictionary);
        }
        free(array->dictionary);
    }
    array->release = NULL;
    arrow_alive--;
}

static inline void release_schema(struct ArrowSchema *schema) {
    free((void *)schema->format);
    free((void *)schema->name);
    for (int64_t at = 0; at < schema->n_children; at++) {
        if (schema->children[at]->release != NULL) {
            schema->children[at]->release(schema->children[at]);
        }
        free(schema->children[at]);
    }
    free(schema->children);
    if (schema->dictionary != NULL) {
        if (schema->dictionary->release != NULL) {
            schema->dictionary->release(schema->dictionary);
        }
        free(schema->dictionary);
    }
    schema->release = NULL;
    arrow_alive--;
}

static inline char *duplicate(const char *text) {
    char *copy = allocate(strlen(text) + 1);
    strcpy(copy, text);
    return copy;
}

static inline struct ArrowSchema schema_of(const char *format, const char *name) {
    arrow_alive++;
    return (struct ArrowSchema){.format = duplicate(format),
                                .name = duplicate(name),
                                .flags = ARROW_FLAG_NULLABLE,
                                .release = release_schema};
}

static inline struct ArrowArray array_of(int64_t length, int64_t n_buffers) {
    arrow_alive++;
    return (struct ArrowArray){.length = length,
                               .null_count = -1,
                               .n_buffers = n_buffers,
                               .buffers = allocate(sizeof(void *) * (size_t)n_buffers),
                               .release = release_array};
}

/* One bit a value; NULL if all are there. */
static inline uint8_t *bits_of(const uint8_t *flags, size_t len) {
    if (flags == NULL) {
        return NULL;
    }
    uint8_t *bits = allocate(len / 8 + 1);
    for (size_t at = 0; at < len; at++) {
        bits[at / 8] = (uint8_t)(bits[at / 8] | (flags[at] != 0) << (at % 8));
    }
    return bits;
}

/* Fixed-width values. `misaligned` puts them at an odd address. */
static inline struct ArrowArray fixed_array(const void *values, size_t width, const uint8_t *validity, size_t len,
                                     bool misaligned) {
    struct ArrowArray array = array_of((int64_t)len, 2);
    char *memory = allocate(width * len + 1);
    char *start = memory + (misaligned ? 1 : 0);
    memcpy(start, values, width * len);
    array.buffers[0] = bits_of(validity, len);
    array.buffers[1] = start;
    /* Tells the release that the values do not begin where their memory does. */
    static char shifted;
    array.private_data = misaligned ? &shifted : NULL;
    return array;
}

/* Text with 32-bit offsets; NULL is missing. */
static inline struct ArrowArray text_array(const char *const *values, size_t len) {
    struct ArrowArray array = array_of((int64_t)len, 3);
    uint8_t *validity = allocate(len);
    int32_t *offsets = allocate(sizeof(int32_t) * (len + 1));
    size_t bytes = 0;
    for (size_t at = 0; at < len; at++) {
        validity[at] = values[at] != NULL;
        bytes += values[at] == NULL ? 0 : strlen(values[at]);
        offsets[at + 1] = (int32_t)bytes;
    }
    char *data = allocate(bytes);
    for (size_t at = 0; at < len; at++) {
        if (values[at] != NULL) {
            memcpy(data + offsets[at], values[at], strlen(values[at]));
        }
    }
    array.buffers[0] = bits_of(validity, len);
    array.buffers[1] = offsets;
    array.buffers[2] = data;
    free(validity);
    return array;
}

/* The same rows from `from` on, `len` of them: what a slice looks like in C. */
static inline struct ArrowArray sliced(struct ArrowArray array, int64_t from, int64_t len) {
    array.offset += from;
    array.length = len;
    return array;
}

/* A table: an array whose children are the columns. */
static inline struct ArrowArray struct_array(int64_t length, size_t columns) {
    struct ArrowArray array = array_of(length, 1);
    array.n_children = (int64_t)columns;
    array.children = allocate(sizeof(struct ArrowArray *) * columns);
    for (size_t at = 0; at < columns; at++) {
        array.children[at] = allocate(sizeof(struct ArrowArray));
    }
    return array;
}

static inline struct ArrowSchema struct_schema(size_t columns) {
    struct ArrowSchema schema = schema_of("+s", "");
    schema.n_children = (int64_t)columns;
    schema.children = allocate(sizeof(struct ArrowSchema *) * columns);
    for (size_t at = 0; at < columns; at++) {
        schema.children[at] = allocate(sizeof(struct ArrowSchema));
    }
    return schema;
}

#endif
