#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace esx2esxi::app {

/// One line of JSON. Bytes that are no UTF-8 (inputs hold what they like) become U+FFFD.
inline std::string line_of(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Name -> JSON text, in order. Unlike ordered_json it does not search for the name: an object may have thousands.
using Members = std::vector<std::pair<std::string, std::string>>;

inline std::string object_of(const Members& members) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    text += line_of(name);
    text += ':';
    text += value;
  }
  return text + "}";
}

/// A JSON array with one element a line, so that a person can search it and a thousand hosts need no tree in memory.
inline std::string array_of(const std::vector<std::string>& elements) {
  std::string text = "[";
  for (std::size_t i = 0; i < elements.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    text += elements[i];
  }
  return text + (elements.empty() ? "]" : "\n]");
}

/// `{"format": FORMAT, "version": "1.0", ` : how every output of the program begins.
inline std::string opening(std::string_view format) {
  return "{\"format\": \"" + std::string(format) + "\", \"version\": \"1.0\", ";
}

}  // namespace esx2esxi::app
