// Loads a small book from plain columns and prints a scorecard; the same in C is scorecard.c.
//
// c++ -std=c++17 scorecard.cpp $(pkg-config --cflags --libs tenure)
#include <tenure.hpp>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace {

using Text = std::optional<std::string>;

tenure::Table surveys() {
    auto table = tenure::Table::create("surveys");
    table.add_i64("score", {10, 9, 7, 3, 9, 42});
    table.add_text("answered_at", std::vector<Text>{"2026-01-05T09:00:00Z", "2026-01-09T10:00:00Z",
                                                    "2026-01-20T11:00:00Z", "2026-02-03T08:00:00Z",
                                                    "2026-02-14T16:00:00Z", "2026-02-15T16:00:00Z"});
    table.add_text("segment", std::vector<Text>{"enterprise", "smb", "smb", "smb", "enterprise", std::nullopt});
    return table;
}

void print(const tenure::ResultTable &result) {
    for (std::size_t row = 0; row < result.rows(); row++) {
        const auto text = [&](std::string_view column) {
            const auto found = result.find(column) ? result.text(row, column) : std::nullopt;
            return found ? std::string(*found) : std::string("-");
        };
        const auto value = result.f64(row, "value");
        std::printf("%-10s %-10.10s %-12s %8s %-8s %4s  %s\n", text("kpi").c_str(), text("period_start").c_str(),
                    text("segment").c_str(), value ? std::to_string(*value).substr(0, 6).c_str() : "-",
                    text("unit").c_str(), text("n").c_str(), text("status").c_str());
    }
}

} // namespace

int main() {
    try {
        auto book = tenure::Book::create();
        book.add(surveys());
        std::printf("%-10s %-10s %-12s %8s %-8s %4s  %s\n", "kpi", "from", "segment", "value", "unit", "n", "status");
        print(book.compute(R"({"kpi": "nps", "as_of": "2026-03-01"})"));
        print(book.compute(R"({"kpi": "nps", "as_of": "2026-03-01", "by": ["segment"], "every": "month"})"));

        std::printf("\nrows that cannot be used:\n");
        const auto faults = book.faults();
        for (std::size_t row = 0; row < faults.rows(); row++) {
            std::printf("%s\n", std::string(faults.text(row, "text").value_or("")).c_str());
        }

        // Parts can be computed anywhere and merged in any order.
        auto all = book.partial(R"({"kpi": "nps", "as_of": "2026-03-01"})", 0, 2);
        const auto sent = book.partial(R"({"kpi": "nps", "as_of": "2026-03-01"})", 1, 2).encode();
        all.merge(tenure::State::decode(sent.view()));
        std::printf("\nmerged from two parts:\n");
        print(all.finish());
    } catch (const tenure::Error &error) {
        std::fprintf(stderr, "%s: %s\n", std::string(error.kind()).c_str(), error.what());
        return 1;
    }
    return 0;
}
