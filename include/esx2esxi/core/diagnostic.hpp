// Diagnostics are values: where, how bad, what, and what to do about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "esx2esxi/core/origin.hpp"

namespace esx2esxi {

/// Ordered: a larger value is worse.
enum class Severity : std::uint8_t { Note, Info, Warning, Error };

std::string_view to_string(Severity severity);

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;  ///< stable and greppable, as in "esxconf-duplicate-key"
  Origin at;
  std::string message;  ///< what is wrong
  std::string remedy;   ///< what the operator can do; may be empty

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

using Diagnostics = std::vector<Diagnostic>;

/// `FILE:LINE: error: what is wrong (what to do)`
std::string to_string(const Diagnostic& diagnostic);

/// One value or one reason why there is none. For leaf parsers.
template <class T>
using Result = tl::expected<T, Diagnostic>;

/// A best-effort value plus everything noticed on the way. For whole stages.
template <class T>
struct [[nodiscard]] Checked {
  T value;
  Diagnostics notes;
};

/// Why a text is no value of the wanted kind: for parsers that work in constant expressions.
struct ParseFault {
  std::string_view what;     ///< a phrase with static storage, as in "an octet above 255"
  std::uint32_t offset = 0;  ///< of the offending character, in bytes
  friend constexpr bool operator==(const ParseFault&, const ParseFault&) = default;
};

template <class T>
using Parsed = tl::expected<T, ParseFault>;

}  // namespace esx2esxi
