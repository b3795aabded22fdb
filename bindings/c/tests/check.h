/* Checks that count: a program that checked nothing has not passed. */
#ifndef TENURE_TESTS_CHECK_H
#define TENURE_TESTS_CHECK_H

#include "tenure.h"

#include <stdio.h>
#include <string.h>

static int checks_passed = 0;
static int checks_failed = 0;

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (condition) {                                                       \
            checks_passed++;                                                   \
        } else {                                                               \
            checks_failed++;                                                   \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);    \
        }                                                                      \
    } while (0)

/* A literal as text and length. */
#define TEXT(literal) (literal), (sizeof(literal) - 1)

/* A call that has to succeed; says why it did not. */
#define OK(call)                                                               \
    do {                                                                       \
        tenure_error *error = NULL;                                            \
        if ((call) != TENURE_STATUS_OK) {                                      \
            fprintf(stderr, "%s\n", tenure_error_message(error));              \
        }                                                                      \
        CHECK(error == NULL);                                                  \
        tenure_error_free(error);                                              \
    } while (0)

/* A call that has to fail with a status and a message that contains a text. */
#define FAILS(call, expected, part)                                            \
    do {                                                                       \
        tenure_error *error = NULL;                                            \
        tenure_status status = (call);                                         \
        CHECK(status == (expected));                                           \
        CHECK(tenure_error_status(error) == status);                           \
        CHECK(strstr(tenure_error_message(error), part) != NULL);              \
        if (status != TENURE_STATUS_OK && strstr(tenure_error_message(error), part) == NULL) { \
            fprintf(stderr, "  it says: %s\n", tenure_error_message(error));   \
        }                                                                      \
        tenure_error_free(error);                                              \
    } while (0)

/* Prints the count and gives the exit code. */
static inline int finish(const char *what, int least) {
    if (checks_passed + checks_failed < least) {
        fprintf(stderr, "%s: only %d checks ran, expected %d\n", what, checks_passed + checks_failed, least);
        checks_failed++;
    }
    printf("%s: %d checks passed, %d failed\n", what, checks_passed, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}

#endif
