#include "esx2esxi/core/suggest.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi {

namespace {

/// Edits between two words; two neighbours swapped count as one ("optimal string alignment").
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string_view closest(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 64;  // of a word worth comparing: inputs are hostile, the cost is quadratic
  if (word.size() > kLongest) return {};
  const auto plain = lower(word);
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, plain.size() / 3) + 1;
  for (const auto candidate : known) {
    const auto edits = distance(plain, lower(candidate));
    if (edits >= least) continue;
    least = edits;
    best = candidate;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  if (const auto near = closest(word, known); !near.empty()) return fmt::format("did you mean '{}'?", near);
  return fmt::format("known are {}", fmt::join(known, ", "));
}

}  // namespace esx2esxi
