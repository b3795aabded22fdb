/*
 * What texts from customers say, for C++17: the classifier of interactions, the reader of comments. tenure.hpp includes
 * this header.
 */
#ifndef TENURE_CLASSIFIER_HPP
#define TENURE_CLASSIFIER_HPP

#include "tenure.hpp"

namespace tenure {

/**
 * Says what interactions are for: support, service or success. Several threads may ask it at once. Options are JSON
 * objects, as in tenure.h; empty text stands for the default.
 */
class Classifier {
public:
    explicit Classifier(tenure_classifier *classifier) noexcept : handle_(classifier) {}

    /** The one that comes with the library. */
    static Returned<Classifier> standard() {
        tenure_classifier *classifier = nullptr;
        return detail::call<Classifier>(
            [&](tenure_error **error) { return tenure_classifier_standard(&classifier, error); },
            [&] { return Classifier(classifier); });
    }
    /** Learns from a table of interactions with a column `label`; the table is only read. */
    static Returned<Classifier> fit(const Table &labelled, std::string_view options = {}) {
        tenure_classifier *classifier = nullptr;
        return detail::call<Classifier>(
            [&](tenure_error **error) {
                return tenure_classifier_fit(labelled.get(), options.data(), options.size(), &classifier, error);
            },
            [&] { return Classifier(classifier); });
    }
    /** Reads what `save` gave. */
    static Returned<Classifier> load(std::string_view bytes) {
        tenure_classifier *classifier = nullptr;
        return detail::call<Classifier>(
            [&](tenure_error **error) {
                return tenure_classifier_load(bytes.data(), bytes.size(), &classifier, error);
            },
            [&] { return Classifier(classifier); });
    }

    /** What the rows of a table of interactions are for, one row each; the table is only read. */
    Returned<ResultTable> classify(const Table &interactions, std::string_view options = {}) const {
        tenure_result *result = nullptr;
        return detail::call<ResultTable>(
            [&](tenure_error **error) {
                return tenure_classifier_classify(handle_.get(), interactions.get(), options.data(), options.size(),
                                                  &result, error);
            },
            [&] { return ResultTable(result); });
    }
    /** Its name and a checksum: equal ids give equal answers. */
    std::string_view id() const noexcept {
        const char *id = tenure_classifier_id(handle_.get());
        return id == nullptr ? std::string_view() : std::string_view(id);
    }
    /** The languages that it detects, as a JSON list. */
    Returned<std::string> languages() const { return json(tenure_classifier_languages); }
    /** How good it is, by cross-validation, as a JSON object. */
    Returned<std::string> metrics() const { return json(tenure_classifier_metrics); }
    /** The classifier as bytes, which every language reads. */
    Returned<Buffer> save() const {
        tenure_buffer *bytes = nullptr;
        return detail::call<Buffer>(
            [&](tenure_error **error) { return tenure_classifier_save(handle_.get(), &bytes, error); },
            [&] { return Buffer(bytes); });
    }

    const tenure_classifier *get() const noexcept { return handle_.get(); }

private:
    using Told = tenure_status (*)(const tenure_classifier *, tenure_buffer **, tenure_error **);
    Returned<std::string> json(Told told) const {
        tenure_buffer *json = nullptr;
        return detail::call<std::string>([&](tenure_error **error) { return told(handle_.get(), &json, error); },
                                         [&] { return Buffer(json).str(); });
    }

    detail::Handle<tenure_classifier, tenure_classifier_free> handle_;
};

/** What the rows of a table of interactions are for, by the standard classifier; the table is only read. */
inline Returned<ResultTable> classify(const Table &interactions, std::string_view options = {}) {
    tenure_result *result = nullptr;
    return detail::call<ResultTable>(
        [&](tenure_error **error) {
            return tenure_classify(interactions.get(), options.data(), options.size(), &result, error);
        },
        [&] { return ResultTable(result); });
}

/** How content customers are in their comments, and with what; the table is only read. */
inline Returned<ResultTable> feedback(const Table &comments, std::string_view options = {}) {
    tenure_result *result = nullptr;
    return detail::call<ResultTable>(
        [&](tenure_error **error) {
            return tenure_feedback(comments.get(), options.data(), options.size(), &result, error);
        },
        [&] { return ResultTable(result); });
}

} // namespace tenure

#endif // TENURE_CLASSIFIER_HPP
