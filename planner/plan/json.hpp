// What the JSON writers of this stage share.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "esx2esxi/core/utf8.hpp"

namespace esx2esxi::plan {

using Json = nlohmann::ordered_json;

/// A string that JSON can hold whatever bytes the input had.
inline Json text(std::string_view value) { return valid_utf8(value); }

/// The same; an empty string means that there is no value.
inline Json text_or_null(std::string_view value) { return value.empty() ? Json(nullptr) : text(value); }

/// A value type by its to_string; null if there is none.
template <class T>
Json printed(const std::optional<T>& value) {
  return value ? Json(to_string(*value)) : Json(nullptr);
}

template <class T>
Json value_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class Range, class Convert>
Json list(const Range& range, Convert convert) {
  auto out = Json::array();
  for (const auto& item : range) out.push_back(convert(item));
  return out;
}

template <class Range>
Json texts(const Range& range) {
  return list(range, [](const auto& item) { return text(item); });
}

}  // namespace esx2esxi::plan
