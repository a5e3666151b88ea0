// Small text tools that every stage needs; locale-free.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace esx2esxi {

std::string_view trim(std::string_view text);                ///< blanks, tabs and CR at both ends
std::vector<std::string_view> words(std::string_view text);  ///< split at runs of blanks and tabs
std::vector<std::string_view> split(std::string_view text, char separator);
bool equals_ignoring_case(std::string_view a, std::string_view b);  ///< ASCII
std::string lower(std::string_view text);                           ///< ASCII
std::optional<std::uint64_t> number(std::string_view text);         ///< decimal digits only, no overflow
bool is_any(std::string_view text, std::initializer_list<std::string_view> all);
std::string join(const std::vector<std::string>& parts, std::string_view between);

/// Compares runs of digits by value: vmk2 before vmk10.
bool natural_less(std::string_view a, std::string_view b);

/// Calls `visit(line, number)` for each line from 1 on, without its newline or carriage return, with or without a final
/// newline.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line, number);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace esx2esxi
