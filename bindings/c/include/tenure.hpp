/*
 * tenure for C++17: the handles of tenure.h as move-only classes.
 *
 * What can fail throws tenure::Error. A program without exceptions defines TENURE_NO_EXCEPTIONS before it includes
 * this header: what can fail then returns tenure::Result<T>, which holds the value or the error.
 *
 * Text comes in as std::string_view. A std::string_view that goes out lives as long as the object it came from.
 */
#ifndef TENURE_HPP
#define TENURE_HPP

#include "tenure.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenure {

/** What went wrong, and where. */
class Error : public std::runtime_error {
public:
    /** Takes over an error object; NULL stands for a failure without one. */
    Error(tenure_status status, tenure_error *error)
        : std::runtime_error(tenure_error_message(error)), status_(status), row_(tenure_error_row(error)) {
        if (const char *table = tenure_error_table(error)) {
            table_ = table;
        }
        if (const char *column = tenure_error_column(error)) {
            column_ = column;
        }
        tenure_error_free(error);
    }
    /** A failure on this side of the library. */
    Error(tenure_status status, const char *message) : std::runtime_error(message), status_(status), row_(-1) {}

    tenure_status status() const noexcept { return status_; }
    /** The kind's name, the same in every language: "missing_column". */
    std::string_view kind() const noexcept { return tenure_status_name(static_cast<int32_t>(status_)); }
    /** The table, column and row that the error is about; empty and -1 if it is about none. */
    const std::string &table() const noexcept { return table_; }
    const std::string &column() const noexcept { return column_; }
    std::int64_t row() const noexcept { return row_; }

private:
    tenure_status status_;
    std::int64_t row_;
    std::string table_;
    std::string column_;
};

/** Stands for nothing in Result<Done>. */
struct Done {};

/** A value or an error. */
template <class T> class Result {
public:
    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : error_(std::move(error)) {}

    explicit operator bool() const noexcept { return value_.has_value(); }
    /** The value; only if there is one. */
    T &operator*() & noexcept { return *value_; }
    const T &operator*() const & noexcept { return *value_; }
    T &&operator*() && noexcept { return std::move(*value_); }
    T *operator->() noexcept { return &*value_; }
    const T *operator->() const noexcept { return &*value_; }
    /** The error; only if there is no value. */
    const Error &error() const noexcept { return *error_; }

private:
    std::optional<T> value_;
    std::optional<Error> error_;
};

/** What a function that can fail returns. */
#ifdef TENURE_NO_EXCEPTIONS
template <class T> using Returned = Result<T>;
#else
template <class T> using Returned = T;
#endif

namespace detail {

template <class T, void (*Free)(T *)> struct Freed {
    void operator()(T *handle) const noexcept { Free(handle); }
};

template <class T, void (*Free)(T *)> using Handle = std::unique_ptr<T, Freed<T, Free>>;

template <class T> Returned<T> failed(Error error) {
#ifdef TENURE_NO_EXCEPTIONS
    return error;
#else
    throw error;
#endif
}

/** Calls, and makes a T of what the call gave. */
template <class T, class Call, class Make> Returned<T> call(Call &&perform, Make &&make) {
    tenure_error *error = nullptr;
    const tenure_status status = perform(&error);
    if (status != TENURE_STATUS_OK) {
        return failed<T>(Error(status, error));
    }
    return make();
}

} // namespace detail

/** Bytes of the library's: JSON text or an encoded state. */
class Buffer {
public:
    explicit Buffer(tenure_buffer *buffer) noexcept : handle_(buffer) {}

    std::string_view view() const noexcept {
        return {tenure_buffer_data(handle_.get()), tenure_buffer_len(handle_.get())};
    }
    std::string str() const { return std::string(view()); }

private:
    detail::Handle<tenure_buffer, tenure_buffer_free> handle_;
};

/** Outcomes, units, faults, a trace or classifications: rows and typed columns. */
class ResultTable {
public:
    explicit ResultTable(tenure_result *result) noexcept : owned_(result), result_(result) {}

    std::size_t rows() const noexcept { return tenure_result_row_count(result_); }
    std::size_t columns() const noexcept { return tenure_result_column_count(result_); }
    std::string_view column_name(std::size_t column) const noexcept {
        const char *name = tenure_result_column_name(result_, column);
        return name == nullptr ? std::string_view() : std::string_view(name);
    }
    tenure_value_type column_type(std::size_t column) const noexcept {
        return tenure_result_column_type(result_, column);
    }
    /** Where a column is, if there is one of that name. */
    std::optional<std::size_t> find(std::string_view name) const noexcept {
        std::size_t column = 0;
        const auto status = tenure_result_column_index(result_, name.data(), name.size(), &column, nullptr);
        return status == TENURE_STATUS_OK ? std::optional<std::size_t>(column) : std::nullopt;
    }

    /** A cell as a number; nothing if it is empty. A column of another type is an error. */
    Returned<std::optional<double>> f64(std::size_t row, std::string_view column) const {
        return value<double>(row, column, tenure_result_f64);
    }
    /** A cell as an integer, a truth value (0 or 1) or a time in microseconds since 1970-01-01 UTC. */
    Returned<std::optional<std::int64_t>> i64(std::size_t row, std::string_view column) const {
        return value<std::int64_t>(row, column, tenure_result_i64);
    }
    /** A cell of any type as text; times are ISO text in the zone of the request. */
    Returned<std::optional<std::string_view>> text(std::size_t row, std::string_view column) const {
        return value<std::string_view>(row, column, [](const tenure_result *result, std::size_t at_row, std::size_t at,
                                                       std::string_view *out, tenure_error **error) {
            const char *data = nullptr;
            std::size_t len = 0;
            const auto status = tenure_result_text(result, at_row, at, &data, &len, error);
            if (status == TENURE_STATUS_OK) {
                *out = {data, len};
            }
            return status;
        });
    }

    /** A list of JSON objects, one a row. */
    Returned<std::string> to_json() const {
        tenure_buffer *json = nullptr;
        return detail::call<std::string>([&](tenure_error **error) { return tenure_result_to_json(result_, &json, error); },
                                         [&] { return Buffer(json).str(); });
    }
    /** Writes an Arrow C stream, which the caller releases. */
    Returned<Done> to_arrow_stream(ArrowArrayStream *stream) const {
        return detail::call<Done>(
            [&](tenure_error **error) { return tenure_result_to_arrow_stream(result_, stream, error); },
            [] { return Done(); });
    }

    const tenure_result *get() const noexcept { return result_; }

private:
    friend class ResultList;
    struct Borrowed {};
    ResultTable(const tenure_result *result, Borrowed) noexcept : result_(result) {}

    template <class T, class Read>
    Returned<std::optional<T>> value(std::size_t row, std::string_view column, Read read) const {
        std::optional<T> found;
        return detail::call<std::optional<T>>(
            [&](tenure_error **error) {
                std::size_t at = 0;
                auto status = tenure_result_column_index(result_, column.data(), column.size(), &at, error);
                if (status != TENURE_STATUS_OK) {
                    return status;
                }
                bool empty = false;
                status = tenure_result_is_null(result_, row, at, &empty, error);
                if (status != TENURE_STATUS_OK || empty) {
                    return status;
                }
                T out{};
                status = read(result_, row, at, &out, error);
                if (status == TENURE_STATUS_OK) {
                    found = out;
                }
                return status;
            },
            [&] { return found; });
    }

    detail::Handle<tenure_result, tenure_result_free> owned_;
    const tenure_result *result_;
};

/** Results in the order of their requests. */
class ResultList {
public:
    explicit ResultList(tenure_results *results) noexcept : handle_(results) {}

    std::size_t size() const noexcept { return tenure_results_count(handle_.get()); }
    /** A result that belongs to this list. */
    ResultTable operator[](std::size_t index) const noexcept {
        return ResultTable(tenure_results_get(handle_.get(), index), ResultTable::Borrowed());
    }

private:
    detail::Handle<tenure_results, tenure_results_free> handle_;
};

/** A table on its way into a book. Columns are copied. `validity` has one byte a value, 0 for missing. */
class Table {
public:
    static Returned<Table> create(std::string_view name) {
        tenure_table *table = nullptr;
        return detail::call<Table>(
            [&](tenure_error **error) { return tenure_table_new(name.data(), name.size(), &table, error); },
            [&] { return Table(table); });
    }
    /** Moves an Arrow C stream into a table. */
    static Returned<Table> from_arrow_stream(std::string_view name, ArrowArrayStream *stream) {
        tenure_table *table = nullptr;
        return detail::call<Table>(
            [&](tenure_error **error) {
                return tenure_table_from_arrow_stream(name.data(), name.size(), stream, &table, error);
            },
            [&] { return Table(table); });
    }

    Returned<Done> add_i64(std::string_view name, const std::vector<std::int64_t> &values,
                           const std::vector<std::uint8_t> *validity = nullptr) {
        return add(values.size(), validity, [&](const std::uint8_t *valid, tenure_error **error) {
            return tenure_table_add_i64(handle_.get(), name.data(), name.size(), values.data(), valid, values.size(),
                                        error);
        });
    }
    Returned<Done> add_f64(std::string_view name, const std::vector<double> &values,
                           const std::vector<std::uint8_t> *validity = nullptr) {
        return add(values.size(), validity, [&](const std::uint8_t *valid, tenure_error **error) {
            return tenure_table_add_f64(handle_.get(), name.data(), name.size(), values.data(), valid, values.size(),
                                        error);
        });
    }
    /** Instants, or wall-clock times in a zone that the request names in `column_zones`. */
    Returned<Done> add_time(std::string_view name, const std::vector<std::int64_t> &values,
                            tenure_time_unit unit = TENURE_TIME_UNIT_MICROSECONDS, bool instant = true,
                            const std::vector<std::uint8_t> *validity = nullptr) {
        return add(values.size(), validity, [&](const std::uint8_t *valid, tenure_error **error) {
            return tenure_table_add_time(handle_.get(), name.data(), name.size(), values.data(), valid, values.size(),
                                         static_cast<std::int32_t>(unit), instant, error);
        });
    }
    /** Texts; for missing ones use std::optional<std::string>. */
    template <class Text> Returned<Done> add_text(std::string_view name, const std::vector<Text> &values) {
        return add_text(tenure_table_add_text, name, values);
    }
    /** What people wrote: bytes that are not UTF-8 become U+FFFD. */
    template <class Text> Returned<Done> add_text_lossy(std::string_view name, const std::vector<Text> &values) {
        return add_text(tenure_table_add_text_lossy, name, values);
    }

    std::size_t rows() const noexcept { return tenure_table_row_count(handle_.get()); }
    tenure_table *get() const noexcept { return handle_.get(); }
    /** Gives the handle away. */
    tenure_table *release() noexcept { return handle_.release(); }

private:
    explicit Table(tenure_table *table) noexcept : handle_(table) {}

    using AddText = tenure_status (*)(tenure_table *, const char *, std::size_t, const char *const *,
                                      const std::size_t *, const std::uint8_t *, std::size_t, tenure_error **);
    template <class Text>
    Returned<Done> add_text(AddText how, std::string_view name, const std::vector<Text> &values) {
        std::vector<const char *> texts;
        std::vector<std::size_t> lengths;
        for (const auto &value : values) {
            const std::optional<std::string_view> text = view(value);
            // An empty text may have no address, and no address is a missing text.
            texts.push_back(!text ? nullptr : text->empty() ? "" : text->data());
            lengths.push_back(text ? text->size() : 0);
        }
        return add(texts.size(), nullptr, [&](const std::uint8_t *, tenure_error **error) {
            return how(handle_.get(), name.data(), name.size(), texts.data(), lengths.data(), nullptr, texts.size(),
                       error);
        });
    }

    static std::optional<std::string_view> view(std::string_view text) { return text; }
    template <class Text> static std::optional<std::string_view> view(const std::optional<Text> &text) {
        return text ? std::optional<std::string_view>(*text) : std::nullopt;
    }

    template <class Call>
    static Returned<Done> add(std::size_t len, const std::vector<std::uint8_t> *validity, Call call) {
        if (validity != nullptr && validity->size() != len) {
            return detail::failed<Done>(Error(TENURE_STATUS_OUT_OF_RANGE, "values and validity differ in length"));
        }
        const std::uint8_t *valid = validity == nullptr ? nullptr : validity->data();
        return detail::call<Done>([&](tenure_error **error) { return call(valid, error); }, [] { return Done(); });
    }

    detail::Handle<tenure_table, tenure_table_free> handle_;
};

/** What a computation remembers: exact, mergeable in any order. */
class State {
public:
    explicit State(tenure_state *state) noexcept : handle_(state) {}

    static Returned<State> decode(std::string_view bytes) {
        tenure_state *state = nullptr;
        return detail::call<State>(
            [&](tenure_error **error) { return tenure_state_decode(bytes.data(), bytes.size(), &state, error); },
            [&] { return State(state); });
    }
    Returned<Done> merge(const State &other) {
        return detail::call<Done>(
            [&](tenure_error **error) { return tenure_state_merge(handle_.get(), other.handle_.get(), error); },
            [] { return Done(); });
    }
    Returned<ResultTable> finish() const {
        tenure_result *result = nullptr;
        return detail::call<ResultTable>(
            [&](tenure_error **error) { return tenure_state_finish(handle_.get(), &result, error); },
            [&] { return ResultTable(result); });
    }
    Returned<Buffer> encode() const {
        tenure_buffer *bytes = nullptr;
        return detail::call<Buffer>(
            [&](tenure_error **error) { return tenure_state_encode(handle_.get(), &bytes, error); },
            [&] { return Buffer(bytes); });
    }
    Returned<State> clone() const {
        tenure_state *copy = nullptr;
        return detail::call<State>([&](tenure_error **error) { return tenure_state_clone(handle_.get(), &copy, error); },
                                   [&] { return State(copy); });
    }

private:
    detail::Handle<tenure_state, tenure_state_free> handle_;
};

} // namespace tenure

#include "tenure_lifecycle.hpp"
#include "tenure_open_hours.hpp"

namespace tenure {

/** All tables of one company. Requests are JSON, as in tenure.h. */
class Book {
public:
    static Returned<Book> create() {
        tenure_book *book = nullptr;
        return detail::call<Book>([&](tenure_error **error) { return tenure_book_new(&book, error); },
                                  [&] { return Book(book); });
    }

    Returned<Done> add(Table table) {
        return detail::call<Done>(
            [&](tenure_error **error) { return tenure_book_add(handle_.get(), table.release(), error); },
            [] { return Done(); });
    }
    /** The lifecycle of requests whose policy names none. */
    Returned<Done> set_lifecycle(const Lifecycle &lifecycle) {
        return detail::call<Done>(
            [&](tenure_error **error) { return tenure_book_set_lifecycle(handle_.get(), lifecycle.get(), error); },
            [] { return Done(); });
    }
    Returned<ResultTable> compute(std::string_view request) const { return ask(tenure_book_compute, request); }
    Returned<ResultTable> units(std::string_view request) const { return ask(tenure_book_units, request); }
    Returned<ResultTable> faults(std::string_view request = {}) const { return ask(tenure_book_faults, request); }
    /** The journeys of all accounts, one row a stay; the request names no KPI. */
    Returned<ResultTable> journeys(std::string_view request) const { return ask(tenure_book_journeys, request); }
    Returned<ResultList> compute_all(std::string_view requests) const {
        tenure_results *results = nullptr;
        return detail::call<ResultList>(
            [&](tenure_error **error) {
                return tenure_book_compute_all(handle_.get(), requests.data(), requests.size(), &results, error);
            },
            [&] { return ResultList(results); });
    }
    /** Why the units whose `column` holds `value`, a JSON value, counted as they did. */
    Returned<ResultTable> trace(std::string_view request, std::string_view column, std::string_view value) const {
        tenure_result *result = nullptr;
        return detail::call<ResultTable>(
            [&](tenure_error **error) {
                return tenure_book_trace(handle_.get(), request.data(), request.size(), column.data(), column.size(),
                                         value.data(), value.size(), &result, error);
            },
            [&] { return ResultTable(result); });
    }
    /** All that happened with one account, whose id is a JSON value; the request names no KPI. */
    Returned<ResultTable> journey(std::string_view request, std::string_view account) const {
        tenure_result *result = nullptr;
        return detail::call<ResultTable>(
            [&](tenure_error **error) {
                return tenure_book_journey(handle_.get(), request.data(), request.size(), account.data(), account.size(),
                                           &result, error);
            },
            [&] { return ResultTable(result); });
    }
    Returned<State> partial(std::string_view request, std::uint64_t part = 0, std::uint64_t of = 1) const {
        tenure_state *state = nullptr;
        return detail::call<State>(
            [&](tenure_error **error) {
                return tenure_book_partial(handle_.get(), request.data(), request.size(), part, of, &state, error);
            },
            [&] { return State(state); });
    }
    /** When a schedule is open; without a name the only one there is, with "*" whenever any of them is. */
    Returned<OpenHours> open_hours(std::optional<std::string_view> schedule = std::nullopt) const {
        tenure_open_hours *hours = nullptr;
        const char *name = schedule ? schedule->data() : nullptr;
        const std::size_t len = schedule ? schedule->size() : 0;
        return detail::call<OpenHours>(
            [&](tenure_error **error) { return tenure_book_open_hours(handle_.get(), name, len, &hours, error); },
            [&] { return OpenHours(hours); });
    }

private:
    explicit Book(tenure_book *book) noexcept : handle_(book) {}

    using Verb = tenure_status (*)(const tenure_book *, const char *, std::size_t, tenure_result **, tenure_error **);
    Returned<ResultTable> ask(Verb verb, std::string_view request) const {
        tenure_result *result = nullptr;
        return detail::call<ResultTable>(
            [&](tenure_error **error) {
                return verb(handle_.get(), request.data(), request.size(), &result, error);
            },
            [&] { return ResultTable(result); });
    }

    detail::Handle<tenure_book, tenure_book_free> handle_;
};

/** The cards of all KPIs, as JSON. */
inline Returned<std::string> catalog() {
    tenure_buffer *json = nullptr;
    return detail::call<std::string>([&](tenure_error **error) { return tenure_catalog(&json, error); },
                                     [&] { return Buffer(json).str(); });
}

/** Everything about a KPI that can be told without data, as JSON. */
inline Returned<std::string> explain(std::string_view kpi) {
    tenure_buffer *json = nullptr;
    return detail::call<std::string>(
        [&](tenure_error **error) { return tenure_explain(kpi.data(), kpi.size(), &json, error); },
        [&] { return Buffer(json).str(); });
}

/** A KPI of plain numbers; `policy` is a JSON object. */
inline Returned<ResultTable> answer(std::string_view kpi, const std::vector<double> &values,
                                    std::string_view policy = {}) {
    tenure_result *result = nullptr;
    return detail::call<ResultTable>(
        [&](tenure_error **error) {
            return tenure_answer(kpi.data(), kpi.size(), values.data(), values.size(), policy.data(), policy.size(),
                                 &result, error);
        },
        [&] { return ResultTable(result); });
}

} // namespace tenure

#include "tenure_classifier.hpp"

#endif // TENURE_HPP
