/* The customer lifecycle, and journeys through it told event by event, for C++17. tenure.hpp includes this header. */
/* Before the guard: it includes this header where its own classes need it. */
#include "tenure.hpp"

#ifndef TENURE_LIFECYCLE_HPP
#define TENURE_LIFECYCLE_HPP

namespace tenure {

/**
 * One customer's way through a lifecycle. Instants are microseconds since 1970-01-01 UTC, and come in order. What cannot be is
 * an error, and the journey is as it was before.
 */
class Journey {
public:
    explicit Journey(tenure_journey *journey) noexcept : handle_(journey) {}

    /** Enters a stage; a move that the lifecycle does not have is an error. */
    Returned<Done> enter(std::string_view stage, std::int64_t at) {
        return tell([&](tenure_error **error) {
            return tenure_journey_enter(handle_.get(), stage.data(), stage.size(), at, error);
        });
    }
    /** Enters a stage, whether or not the lifecycle has the move. */
    Returned<Done> record(std::string_view stage, std::int64_t at) {
        return tell([&](tenure_error **error) {
            return tenure_journey_record(handle_.get(), stage.data(), stage.size(), at, error);
        });
    }
    /** Stops the clock of the present stage. */
    Returned<Done> pause(std::int64_t at) {
        return tell([&](tenure_error **error) { return tenure_journey_pause(handle_.get(), at, error); });
    }
    /** Lets it run again. */
    Returned<Done> resume(std::int64_t at) {
        return tell([&](tenure_error **error) { return tenure_journey_resume(handle_.get(), at, error); });
    }
    /** The present stage, until the journey goes on; empty before it began. */
    std::string_view stage() const noexcept {
        const char *stage = tenure_journey_stage(handle_.get());
        return stage == nullptr ? std::string_view() : std::string_view(stage);
    }
    /** How the customer was doing at an instant. */
    tenure_lifecycle_state state(std::int64_t at) const noexcept { return tenure_journey_state(handle_.get(), at); }
    /** The stays so far, as a JSON list. */
    Returned<std::string> stays() const {
        tenure_buffer *json = nullptr;
        return detail::call<std::string>(
            [&](tenure_error **error) { return tenure_journey_stays(handle_.get(), &json, error); },
            [&] { return Buffer(json).str(); });
    }

private:
    template <class Call> static Returned<Done> tell(Call call) {
        return detail::call<Done>(call, [] { return Done(); });
    }

    detail::Handle<tenure_journey, tenure_journey_free> handle_;
};

/** Stages, the moves between them, and rules that tell the stage from signals. Several threads may ask it at once. */
class Lifecycle {
public:
    explicit Lifecycle(tenure_lifecycle *lifecycle) noexcept : handle_(lifecycle) {}

    static Returned<Lifecycle> from_toml(std::string_view toml) { return of(tenure_lifecycle_from_toml, toml); }
    static Returned<Lifecycle> from_json(std::string_view json) { return of(tenure_lifecycle_from_json, json); }
    /** A built-in one: "subscription". */
    static Returned<Lifecycle> named(std::string_view name) { return of(tenure_lifecycle_named, name); }

    /** Its definition, as a JSON object. */
    Returned<std::string> to_json() const {
        tenure_buffer *json = nullptr;
        return detail::call<std::string>(
            [&](tenure_error **error) { return tenure_lifecycle_to_json(handle_.get(), &json, error); },
            [&] { return Buffer(json).str(); });
    }
    /** Whether one stage may follow another. */
    Returned<bool> allows(std::string_view stage, std::string_view following) const {
        bool allows = false;
        return detail::call<bool>(
            [&](tenure_error **error) {
                return tenure_lifecycle_allows(handle_.get(), stage.data(), stage.size(), following.data(),
                                               following.size(), &allows, error);
            },
            [&] { return allows; });
    }
    /** A journey that has not begun. */
    Returned<Journey> journey() const {
        tenure_journey *journey = nullptr;
        return detail::call<Journey>(
            [&](tenure_error **error) { return tenure_lifecycle_journey(handle_.get(), &journey, error); },
            [&] { return Journey(journey); });
    }

    const tenure_lifecycle *get() const noexcept { return handle_.get(); }

private:
    using Read = tenure_status (*)(const char *, std::size_t, tenure_lifecycle **, tenure_error **);
    static Returned<Lifecycle> of(Read read, std::string_view text) {
        tenure_lifecycle *lifecycle = nullptr;
        return detail::call<Lifecycle>(
            [&](tenure_error **error) { return read(text.data(), text.size(), &lifecycle, error); },
            [&] { return Lifecycle(lifecycle); });
    }

    detail::Handle<tenure_lifecycle, tenure_lifecycle_free> handle_;
};

} // namespace tenure

#endif // TENURE_LIFECYCLE_HPP
