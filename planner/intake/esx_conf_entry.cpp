#include "esx_conf_entry.hpp"

#include <array>
#include <utility>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::intake {

namespace {

/// Quotes as word processors and web pages write them, in UTF-8; opening and closing ones get mixed up.
constexpr std::array<std::string_view, 3> kTypographic{"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e"};

std::size_t opening_quote(std::string_view text) {
  if (text.starts_with('"')) return 1;
  for (const auto quote : kTypographic)
    if (text.starts_with(quote)) return quote.size();
  return 0;
}

bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && text[at - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

std::size_t closing_quote(std::string_view text) {
  if (text.ends_with('"')) return is_escaped(text, text.size() - 1) ? 0 : 1;
  for (const auto quote : kTypographic)
    if (text.ends_with(quote)) return quote.size();
  return 0;
}

std::size_t separator(std::string_view line) {
  const auto first = line.find('=');
  if (first == std::string_view::npos || !line.starts_with("/nas/")) return first;
  const auto standard = line.find(" = \"");
  return standard == std::string_view::npos ? first : standard + 1;
}

}  // namespace

Parsed<Entry> split_entry(std::string_view line, std::uint32_t number) {
  const auto column_of = [&](std::string_view part) { return static_cast<std::uint32_t>(part.data() - line.data()); };
  const auto equals = separator(line);
  if (equals == std::string_view::npos)
    return tl::unexpected(ParseFault{"no equals sign", static_cast<std::uint32_t>(line.size())});
  Entry entry;
  entry.line = number;
  entry.key = trim(line.substr(0, equals));
  const auto value = trim(line.substr(equals + 1));
  if (entry.key.empty()) return tl::unexpected(ParseFault{"no key before the equals sign", 0});
  if (value.empty()) return tl::unexpected(ParseFault{"no value", static_cast<std::uint32_t>(line.size())});
  const auto open = opening_quote(value);
  const auto close = value.size() > open ? closing_quote(value.substr(open)) : 0;
  if ((open == 0) != (close == 0)) return tl::unexpected(ParseFault{"a quote without its partner", column_of(value)});
  entry.quoted = open != 0;
  entry.value = value.substr(open, value.size() - open - close);
  entry.column = column_of(entry.value) + 1;
  return entry;
}

std::string unescaped(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escape = value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\');
    if (escape) ++i;
    out += value[i];
  }
  return out;
}

std::optional<Child> child(std::string_view path, std::string_view word) {
  if (!path.starts_with(word) || path.size() <= word.size() || path[word.size()] != '[') return std::nullopt;
  path.remove_prefix(word.size() + 1);
  const auto end = path.find(']');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  Child out{path.substr(0, end), path.substr(end + 1)};
  if (out.rest.empty()) return out;
  if (out.rest.front() != '/') return std::nullopt;
  out.rest.remove_prefix(1);
  return out;
}

std::optional<bool> boolean(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "1", "on"})
    if (equals_ignoring_case(text, yes)) return true;
  for (const std::string_view no : {"false", "no", "0", "off"})
    if (equals_ignoring_case(text, no)) return false;
  return std::nullopt;
}

}  // namespace esx2esxi::intake
