/* Business time, for C++17. tenure.hpp includes this header. */
/* Before the guard: it includes this header where its own classes need it. */
#include "tenure.hpp"

#ifndef TENURE_OPEN_HOURS_HPP
#define TENURE_OPEN_HOURS_HPP

namespace tenure {

/** When a schedule is open. Instants and lengths are in microseconds. */
class OpenHours {
public:
    explicit OpenHours(tenure_open_hours *hours) noexcept : handle_(hours) {}

    Returned<std::int64_t> elapsed(std::int64_t start, std::int64_t end) const {
        std::int64_t elapsed = 0;
        return detail::call<std::int64_t>(
            [&](tenure_error **error) { return tenure_open_hours_elapsed(handle_.get(), start, end, &elapsed, error); },
            [&] { return elapsed; });
    }
    /** Empty if the schedule ends before the target is used up. */
    Returned<std::optional<std::int64_t>> at(std::int64_t start, std::int64_t target) const {
        std::int64_t at = 0;
        bool reached = false;
        return detail::call<std::optional<std::int64_t>>(
            [&](tenure_error **error) { return tenure_open_hours_at(handle_.get(), start, target, &at, &reached, error); },
            [&] { return reached ? std::optional<std::int64_t>(at) : std::nullopt; });
    }

private:
    detail::Handle<tenure_open_hours, tenure_open_hours_free> handle_;
};

} // namespace tenure

#endif // TENURE_OPEN_HOURS_HPP
