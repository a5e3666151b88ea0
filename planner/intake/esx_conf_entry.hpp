// One line of esx.conf: `key = "value"`. Private to the stage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi::intake {

struct Entry {
  std::string_view key;
  std::string_view value;  ///< between its quotes; escapes still in it
  std::uint32_t line = 0;
  std::uint32_t column = 1;  ///< of the value
  bool quoted = false;
};

/// Splits a line at its first `=` (of a mount's key, whose label may hold one, at the first ` = "`). Blanks around key
/// and value go, one pair of quotes goes, straight or typographic. A quote without its partner is a fault: the line was
/// cut.
Parsed<Entry> split_entry(std::string_view line, std::uint32_t number);

/// The value with `\"` and `\\` resolved; any other backslash stays.
std::string unescaped(std::string_view value);

/// "child[0003]/name" with word "child" -> {"0003", "name"}; none if it is not of that shape.
struct Child {
  std::string_view index;  ///< opaque: a storage slot, not an id
  std::string_view rest;   ///< empty where nothing follows
};
std::optional<Child> child(std::string_view path, std::string_view word);

/// true, yes, 1, on and their opposites, in any case.
std::optional<bool> boolean(std::string_view text);

}  // namespace esx2esxi::intake
