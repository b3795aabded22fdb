// The classes of tenure.hpp; compiled with exceptions and, with TENURE_NO_EXCEPTIONS, without.
#include "tenure.hpp"

#include "check.h"

#include <type_traits>

namespace {

constexpr std::string_view NPS = R"({"kpi": "nps", "as_of": "2026-04-01", "by": ["segment"]})";

#ifdef TENURE_NO_EXCEPTIONS

// Unwraps what has to succeed.
template <class T> T ok(tenure::Result<T> result) {
    CHECK(static_cast<bool>(result));
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().what());
        std::abort();
    }
    return *std::move(result);
}

template <class Call> std::optional<tenure::Error> failure(Call call) {
    auto result = call();
    return result ? std::nullopt : std::optional<tenure::Error>(result.error());
}

#else

template <class T> T ok(T value) {
    CHECK(true);
    return value;
}

template <class Call> std::optional<tenure::Error> failure(Call call) {
    try {
        (void)call();
    } catch (const tenure::Error &error) {
        return error;
    }
    return std::nullopt;
}

#endif

static_assert(!std::is_copy_constructible_v<tenure::Book> && std::is_nothrow_move_constructible_v<tenure::Book>);
static_assert(!std::is_copy_constructible_v<tenure::Table> && std::is_nothrow_move_constructible_v<tenure::Table>);
static_assert(!std::is_copy_constructible_v<tenure::State> && std::is_nothrow_move_constructible_v<tenure::State>);
static_assert(!std::is_copy_constructible_v<tenure::Classifier> &&
              std::is_nothrow_move_constructible_v<tenure::Classifier>);
static_assert(!std::is_copy_constructible_v<tenure::ResultTable> &&
              std::is_nothrow_move_constructible_v<tenure::ResultTable>);

tenure::Book book() {
    auto surveys = ok(tenure::Table::create("surveys"));
    ok(surveys.add_i64("score", {10, 9, 3, 42}));
    ok(surveys.add_f64("weight", {1.0, 2.0, 0.5, 1.0}));
    ok(surveys.add_time("answered_at", {1767225600, 1767225601, 1767225602, 1767225603}, TENURE_TIME_UNIT_SECONDS));
    ok(surveys.add_text("segment", std::vector<std::optional<std::string>>{"smb", "smb", "", std::nullopt}));
    ok(surveys.add_text("plan", std::vector<std::string_view>{"a", "a", "b", "b"}));
    CHECK(surveys.rows() == 4);
    auto book = ok(tenure::Book::create());
    ok(book.add(std::move(surveys)));
    return book;
}

void results() {
    const auto the_book = book();
    auto moved = ok(the_book.compute(NPS));
    const auto result = std::move(moved);
    CHECK(result.rows() == 3);
    CHECK(result.column_name(0) == "kpi");
    CHECK(result.column_name(99).empty());
    CHECK(result.column_type(*result.find("value")) == TENURE_VALUE_TYPE_F64);
    CHECK(!result.find("valeu"));
    CHECK(ok(result.text(0, "segment")) == "");
    CHECK(ok(result.f64(0, "value")) == -100.0);
    CHECK(ok(result.i64(1, "n")) == 2);
    CHECK(!ok(result.f64(2, "value")));
    CHECK(!ok(result.text(2, "segment")));
    CHECK(ok(result.to_json()).rfind("[{\"kpi\":\"nps\"", 0) == 0);

    const auto list = ok(the_book.compute_all(std::string("[") + std::string(NPS) + "]"));
    CHECK(list.size() == 1);
    CHECK(list[0].rows() == 3);
    CHECK(list[1].rows() == 0);
    CHECK(ok(the_book.units(NPS)).rows() == 4);
    CHECK(ok(the_book.faults()).rows() >= 1);
    CHECK(ok(the_book.faults(NPS)).rows() == 1);
    CHECK(ok(the_book.trace(NPS, "score", "42")).rows() >= 1);
}

void states() {
    const auto the_book = book();
    auto first = ok(the_book.partial(NPS, 0, 2));
    const auto bytes = ok(ok(the_book.partial(NPS, 1, 2)).encode());
    auto copy = ok(first.clone());
    ok(copy.merge(ok(tenure::State::decode(bytes.view()))));
    CHECK(ok(ok(copy.finish()).to_json()) == ok(ok(the_book.compute(NPS)).to_json()));
    CHECK(failure([&] { return tenure::State::decode("nonsense"); })->kind() == "corrupt_state");
    CHECK(failure([&] { return tenure::State::decode({}); })->status() == TENURE_STATUS_CORRUPT_STATE);
}

void open_hours() {
    // Monday 2026-11-23 16:30 UTC; open from 9 to 17 on Mondays.
    const std::int64_t hour = 3600000000, monday = 1795451400000000;
    using texts = std::vector<std::string_view>;
    auto table = ok(tenure::Table::create("schedules"));
    ok(table.add_text("schedule_id", texts{"office"}));
    ok(table.add_text("zone", texts{"UTC"}));
    ok(table.add_i64("weekday", {1}));
    ok(table.add_text("opens", texts{"09:00"}));
    ok(table.add_text("closes", texts{"17:00"}));
    auto the_book = ok(tenure::Book::create());
    ok(the_book.add(std::move(table)));
    const auto hours = ok(the_book.open_hours("office"));
    CHECK(ok(hours.elapsed(monday, monday + 24 * hour)) == hour / 2);
    CHECK(ok(hours.at(monday, hour)) == monday + (7 * 24 - 7) * hour);
    CHECK(failure([&] { return the_book.open_hours("night"); })->kind() == "invalid_request");
}

void lifecycle() {
    const std::int64_t day = 86400000000, new_year = 20454 * day; // 2026-01-01
    const auto built_in = ok(tenure::Lifecycle::named("subscription"));
    CHECK(ok(built_in.allows("Trial", "onboarding")) && !ok(built_in.allows("trial", "renewal")));
    CHECK(ok(ok(tenure::Lifecycle::from_json(ok(built_in.to_json()))).to_json()) == ok(built_in.to_json()));

    auto journey = ok(built_in.journey());
    CHECK(journey.stage().empty() && journey.state(new_year) == TENURE_LIFECYCLE_STATE_NONE);
    ok(journey.enter("trial", new_year));
    ok(journey.pause(new_year + 10 * day));
    CHECK(journey.state(new_year + 30 * day) == TENURE_LIFECYCLE_STATE_PAUSED);
    ok(journey.resume(new_year + 30 * day));
    // 14 of the 14 days that are expected.
    CHECK(journey.state(new_year + 34 * day) == TENURE_LIFECYCLE_STATE_ON_TRACK);
    CHECK(failure([&] { return journey.enter("renewal", new_year + 40 * day); })->kind() == "invalid_request");
    ok(journey.record("renewal", new_year + 40 * day));
    CHECK(journey.stage() == "renewal");
    CHECK(ok(journey.stays()).find("\"allowed\":false") != std::string::npos);

    const auto pilot = ok(tenure::Lifecycle::from_toml(R"(
        name = "pilot"
        [[stages]]
        name = "pilot"
        kind = "start"
        expected = "30d"
        next = ["live"]
        [[stages]]
        name = "live"
        kind = "end"
    )"));
    using texts = std::vector<std::string_view>;
    auto table = ok(tenure::Table::create("stages"));
    ok(table.add_text("account_id", texts{"acme", "acme"}));
    ok(table.add_text("stage", texts{"Pilot", "Live"}));
    ok(table.add_time("occurred_at", {new_year, new_year + 40 * day}));
    auto the_book = ok(tenure::Book::create());
    ok(the_book.add(std::move(table)));
    ok(the_book.set_lifecycle(pilot));
    const auto stays = ok(the_book.journeys(R"({"as_of": "2026-03-01"})"));
    CHECK(stays.rows() == 2 && ok(stays.f64(0, "seconds")) == 40 * 86400.0);
    CHECK(ok(stays.text(0, "status")) == "behind" && ok(stays.text(1, "status")) == "completed");
    CHECK(ok(the_book.journey(R"({"as_of": "2026-03-01"})", R"("acme")")).rows() == 2);
    CHECK(failure([&] { return the_book.journey(R"({"as_of": "2026-03-01"})", "1"); })->kind() == "invalid_request");
}

void classifier() {
    auto table = ok(tenure::Table::create("interactions"));
    ok(table.add_text_lossy("text", std::vector<std::optional<std::string>>{"The app crashes \xff", "My invoice?", std::nullopt}));
    ok(table.add_text("label", std::vector<std::string_view>{"support", "service", "success"}));
    const auto standard = ok(tenure::Classifier::standard());
    CHECK(standard.id().substr(0, 9) == "standard-");
    CHECK(ok(standard.languages()).find("\"th\"") != std::string::npos);
    CHECK(ok(standard.metrics()).find("\"macro_f1\":") != std::string::npos);
    const auto result = ok(standard.classify(table, R"({"evidence": 1})"));
    CHECK(ok(result.text(0, "label")) == "support" && ok(result.text(1, "label")) == "service");
    CHECK(!ok(result.text(2, "label")));
    CHECK(*ok(result.f64(0, "p_service_any")) == *ok(result.f64(0, "p_support")) + *ok(result.f64(0, "p_service")));
    CHECK(ok(ok(tenure::classify(table, R"({"evidence": 1})")).to_json()) == ok(result.to_json()));
    const auto own = ok(tenure::Classifier::fit(table, R"({"folds": 2, "name": "own"})"));
    const auto bytes = ok(own.save());
    CHECK(ok(tenure::Classifier::load(bytes.view())).id() == own.id());
    CHECK(failure([] { return tenure::Classifier::load("nonsense"); })->kind() == "corrupt_state");
    CHECK(failure([&] { return tenure::classify(table, R"({"threshold": 2})"); })->kind() == "invalid_request");
}

void errors() {
    const auto the_book = book();
    const auto error =
        failure([&] { return the_book.compute(R"({"kpi": "nps", "as_of": "2026-04-01", "strict": true})"); });
    CHECK(error.has_value());
    CHECK(error->status() == TENURE_STATUS_INVALID_ROW);
    CHECK(error->kind() == "invalid_row");
    CHECK(error->table() == "surveys" && error->column() == "score" && error->row() == 3);
    CHECK(std::string_view(error->what()).find("42") != std::string_view::npos);
    CHECK(failure([&] { return the_book.compute("{}"); })->row() == -1);

    auto table = ok(tenure::Table::create("surveys"));
    const std::vector<std::uint8_t> short_validity{1};
    CHECK(failure([&] { return table.add_i64("score", {1, 2}, &short_validity); })->kind() == "out_of_range");
    CHECK(failure([&] { return ok(tenure::answer("nps", {10, 9})).f64(0, "valeu"); })->kind() == "unknown_column");
    CHECK(failure([&] { return ok(tenure::answer("nps", {10, 9})).f64(1, "value"); })->kind() == "out_of_range");
    CHECK(failure([&] { return tenure::Table::from_arrow_stream("surveys", nullptr); })->kind() == "null_argument");
}

void catalog() {
    CHECK(ok(tenure::catalog()).find("\"id\":\"csat\"") != std::string::npos);
    CHECK(ok(tenure::explain("nps")).find("wootric") != std::string::npos);
    CHECK(ok(ok(tenure::answer("nps", {10, 9, 7, 3})).f64(0, "value")) == 25.0);
    CHECK(ok(ok(tenure::answer("nps", {}, R"({"interval": "t"})")).text(0, "status")) == "undefined");
    CHECK(failure([] { return tenure::explain("npss"); })->kind() == "unknown_kpi");
}

} // namespace

int main() {
    results();
    states();
    open_hours();
    lifecycle();
    classifier();
    errors();
    catalog();
    return finish("classes", 40);
}
