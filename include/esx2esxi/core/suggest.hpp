#pragma once

#include <span>
#include <string>
#include <string_view>

namespace esx2esxi {

/// The one of `known` that `word` is most likely a typing error of (fewest letters changed, added, left out or swapped;
/// the first on a tie); empty if none is near.
std::string_view closest(std::string_view word, std::span<const std::string_view> known);

/// "did you mean 'X'?", or "known are A, B, C" where nothing is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

}  // namespace esx2esxi
