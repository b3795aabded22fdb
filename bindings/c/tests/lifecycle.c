/* The customer lifecycle: models, journeys event by event, journeys of a book and the story of one account. */
#include "survey_book.h"

static const char PILOT[] = "name = \"pilot\"\n"
                            "[[stages]]\nname = \"pilot\"\nkind = \"start\"\nexpected = \"30d\"\nnext = [\"live\", \"lost\"]\n"
                            "[[stages]]\nname = \"live\"\nkind = \"end\"\n"
                            "[[stages]]\nname = \"lost\"\nkind = \"churned\"\n";
static const int64_t DAY = INT64_C(86400000000);
/* 2026-01-01T00:00:00Z. */
static const int64_t NEW_YEAR = INT64_C(20454) * 86400000000;

static tenure_lifecycle *pilot(void) {
    tenure_lifecycle *lifecycle = NULL;
    OK(tenure_lifecycle_from_toml(TEXT(PILOT), &lifecycle, &error));
    return lifecycle;
}

static tenure_lifecycle *subscription(void) {
    tenure_lifecycle *lifecycle = NULL;
    OK(tenure_lifecycle_named(TEXT("subscription"), &lifecycle, &error));
    return lifecycle;
}

static void models(void) {
    tenure_lifecycle *lifecycle = pilot(), *again = NULL;
    tenure_buffer *json = NULL, *same = NULL;
    OK(tenure_lifecycle_to_json(lifecycle, &json, &error));
    CHECK(strstr(tenure_buffer_data(json), "\"next\":[\"live\",\"lost\"]") != NULL);
    OK(tenure_lifecycle_from_json(tenure_buffer_data(json), tenure_buffer_len(json), &again, &error));
    OK(tenure_lifecycle_to_json(again, &same, &error));
    CHECK(strcmp(tenure_buffer_data(json), tenure_buffer_data(same)) == 0);
    bool allows = false;
    OK(tenure_lifecycle_allows(lifecycle, TEXT("Pilot"), TEXT("LIVE"), &allows, &error));
    CHECK(allows);
    OK(tenure_lifecycle_allows(lifecycle, TEXT("live"), TEXT("pilot"), &allows, &error));
    CHECK(!allows);
    tenure_buffer_free(same);
    tenure_buffer_free(json);
    tenure_lifecycle_free(again);
    tenure_lifecycle_free(lifecycle);

    lifecycle = NULL;
    FAILS(tenure_lifecycle_from_toml(TEXT("name ="), &lifecycle, &error), TENURE_STATUS_INVALID_REQUEST, "lifecycle");
    FAILS(tenure_lifecycle_from_json(TEXT("{\"stages\": []}"), &lifecycle, &error), TENURE_STATUS_INVALID_REQUEST,
          "start");
    FAILS(tenure_lifecycle_from_json(TEXT("{\"stages\": [{\"name\": \"trial\", \"kind\": \"start\", \"next\": "
                                          "[\"lvie\"]}, {\"name\": \"live\", \"kind\": \"end\"}]}"),
                                     &lifecycle, &error),
          TENURE_STATUS_INVALID_REQUEST, "\"trial\" -> \"lvie\"");
    FAILS(tenure_lifecycle_named(TEXT("subscripton"), &lifecycle, &error), TENURE_STATUS_INVALID_REQUEST,
          "subscription");
    FAILS(tenure_lifecycle_from_toml(TEXT("\xff"), &lifecycle, &error), TENURE_STATUS_INVALID_UTF8, "toml");
    CHECK(lifecycle == NULL);
}

static void event_by_event(void) {
    tenure_lifecycle *lifecycle = subscription();
    tenure_journey *journey = NULL;
    OK(tenure_lifecycle_journey(lifecycle, &journey, &error));
    tenure_lifecycle_free(lifecycle);
    CHECK(tenure_journey_stage(journey) == NULL);
    CHECK(tenure_journey_state(journey, 0) == TENURE_LIFECYCLE_STATE_NONE);
    FAILS(tenure_journey_pause(journey, 0, &error), TENURE_STATUS_INVALID_REQUEST, "not begun");

    OK(tenure_journey_enter(journey, TEXT("Trial"), NEW_YEAR, &error));
    CHECK(strcmp(tenure_journey_stage(journey), "trial") == 0);
    OK(tenure_journey_pause(journey, NEW_YEAR + 2 * DAY, &error));
    CHECK(tenure_journey_state(journey, NEW_YEAR + 9 * DAY) == TENURE_LIFECYCLE_STATE_PAUSED);
    OK(tenure_journey_resume(journey, NEW_YEAR + 12 * DAY, &error));
    /* 2 days before the pause, 12 after it: exactly the 14 that are expected; 30 are the limit. */
    CHECK(tenure_journey_state(journey, NEW_YEAR + 24 * DAY) == TENURE_LIFECYCLE_STATE_ON_TRACK);
    CHECK(tenure_journey_state(journey, NEW_YEAR + 24 * DAY + 1) == TENURE_LIFECYCLE_STATE_BEHIND);
    CHECK(tenure_journey_state(journey, NEW_YEAR + 40 * DAY + 1) == TENURE_LIFECYCLE_STATE_STUCK);
    CHECK(tenure_journey_state(journey, NEW_YEAR - 1) == TENURE_LIFECYCLE_STATE_NONE);

    FAILS(tenure_journey_enter(journey, TEXT("renewal"), NEW_YEAR + 41 * DAY, &error), TENURE_STATUS_INVALID_REQUEST,
          "from \"trial\": onboarding, adoption, churned");
    FAILS(tenure_journey_enter(journey, TEXT("onbording"), NEW_YEAR + 41 * DAY, &error), TENURE_STATUS_INVALID_REQUEST,
          "onboarding");
    FAILS(tenure_journey_enter(journey, TEXT("churned"), NEW_YEAR, &error), TENURE_STATUS_INVALID_REQUEST,
          "2026-01-13T00:00:00");
    CHECK(strcmp(tenure_journey_stage(journey), "trial") == 0);

    OK(tenure_journey_record(journey, TEXT("renewal"), NEW_YEAR + 41 * DAY, &error));
    OK(tenure_journey_enter(journey, TEXT("churned"), NEW_YEAR + 42 * DAY, &error));
    CHECK(tenure_journey_state(journey, NEW_YEAR + 42 * DAY) == TENURE_LIFECYCLE_STATE_CHURNED);
    tenure_buffer *json = NULL;
    OK(tenure_journey_stays(journey, &json, &error));
    CHECK(strstr(tenure_buffer_data(json), "\"pauses\":[{\"from\":1767398400000000,\"to\":1768262400000000}]") != NULL);
    CHECK(strstr(tenure_buffer_data(json), "\"stage\":\"renewal\"") != NULL);
    CHECK(strstr(tenure_buffer_data(json), "\"allowed\":false") != NULL);
    CHECK(strstr(tenure_buffer_data(json), "\"left\":null") != NULL);
    tenure_buffer_free(json);
    tenure_journey_free(journey);
}

static tenure_book *book(void) {
    const char *const accounts[] = {"acme", "acme", "birch"}, *const stages[] = {"Pilot", "live", "pilot"};
    const char *const times[] = {"2026-01-01", "2026-02-10", "2026-02-20"}, *const reasons[] = {"sign-up", NULL, NULL};
    tenure_table *table = NULL;
    OK(tenure_table_new(TEXT("stages"), &table, &error));
    OK(tenure_table_add_text(table, TEXT("account_id"), accounts, NULL, NULL, 3, &error));
    OK(tenure_table_add_text(table, TEXT("stage"), stages, NULL, NULL, 3, &error));
    OK(tenure_table_add_text(table, TEXT("occurred_at"), times, NULL, NULL, 3, &error));
    OK(tenure_table_add_text(table, TEXT("reason"), reasons, NULL, NULL, 3, &error));
    return book_of(table);
}

static void of_a_book(void) {
    tenure_book *the_book = book();
    tenure_result *result = NULL;
    /* The built-in lifecycle has none of these stages. */
    FAILS(tenure_book_journeys(the_book, TEXT("{\"as_of\":\"2026-03-01\"}"), &result, &error),
          TENURE_STATUS_INVALID_REQUEST, "subscription");
    tenure_lifecycle *lifecycle = pilot();
    OK(tenure_book_set_lifecycle(the_book, lifecycle, &error));
    tenure_lifecycle_free(lifecycle);

    OK(tenure_book_journeys(the_book, TEXT("{\"as_of\":\"2026-03-01\",\"zone\":\"Europe/Stockholm\"}"), &result, &error));
    CHECK(tenure_result_row_count(result) == 3);
    CHECK(tenure_result_column_count(result) == 14);
    CHECK(tenure_result_column_type(result, column(result, "stage")) == TENURE_VALUE_TYPE_TEXT);
    CHECK(strcmp(text(result, 0, "account_id"), "acme") == 0);
    CHECK(strcmp(text(result, 0, "stage"), "pilot") == 0);
    CHECK(strcmp(text(result, 0, "next_stage"), "live") == 0);
    CHECK(empty(result, 1, "next_stage") && empty(result, 1, "left_at"));
    CHECK(f64(result, 0, "seconds") == 40 * 86400.0);
    /* 40 of 30 days; the good end; 9 days less the hour that Stockholm is ahead, of 30. */
    CHECK(strcmp(text(result, 0, "status"), "behind") == 0);
    CHECK(strcmp(text(result, 1, "status"), "completed") == 0);
    CHECK(strcmp(text(result, 2, "status"), "on_track") == 0);
    CHECK(strcmp(text(result, 0, "source"), "rows") == 0);
    CHECK(strcmp(text(result, 0, "reason"), "sign-up") == 0);
    CHECK(i64(result, 0, "allowed") == 1);
    CHECK(i64(result, 2, "stay") == 1);
    tenure_result_free(result);

    OK(tenure_book_journey(the_book, TEXT("{\"as_of\":\"2026-03-01\"}"), TEXT("\"acme\""), &result, &error));
    CHECK(tenure_result_row_count(result) == 2);
    CHECK(i64(result, 0, "at") == NEW_YEAR);
    CHECK(strcmp(text(result, 0, "kind"), "stage") == 0);
    CHECK(strcmp(text(result, 0, "text"), "pilot: sign-up") == 0);
    CHECK(empty(result, 0, "id") && empty(result, 0, "label"));
    tenure_result_free(result);

    result = NULL;
    FAILS(tenure_book_journey(the_book, TEXT("{\"as_of\":\"2026-03-01\"}"), TEXT("\"nobody\""), &result, &error),
          TENURE_STATUS_INVALID_REQUEST, "nobody");
    FAILS(tenure_book_journey(the_book, TEXT("{\"as_of\":\"2026-03-01\"}"), TEXT("acme"), &result, &error),
          TENURE_STATUS_INVALID_REQUEST, "JSON");
    FAILS(tenure_book_journeys(the_book, TEXT("{}"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "as_of");
    FAILS(tenure_book_journeys(the_book, TEXT("[]"), &result, &error), TENURE_STATUS_INVALID_REQUEST, "object");
    FAILS(tenure_book_journeys(the_book, TEXT("{\"as_of\":\"2026-03-01\",\"kpi\":\"nps\"}"), &result, &error),
          TENURE_STATUS_INVALID_REQUEST, "kpi");
    FAILS(tenure_book_journeys(the_book, TEXT("{\"as_of\":\"2026-03-01\",\"every\":\"month\"}"), &result, &error),
          TENURE_STATUS_INVALID_REQUEST, "as_of");
    CHECK(result == NULL);
    tenure_book_free(the_book);
}

int main(void) {
    models();
    event_by_event();
    of_a_book();
    return finish("lifecycle", 120);
}
