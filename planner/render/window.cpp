// The window of the change, as far as its text names moments.
#include <optional>
#include <vector>

#include "esx2esxi/model/policy.hpp"
#include "esx2esxi/render/dossier.hpp"

namespace esx2esxi::render {

namespace {

/// "YYYY-MM-DD HH:MM" as far as it stands at the beginning of `text`.
std::optional<std::string> moment(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd dd:dd";
  if (text.size() < kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  if (!model::Date::parse(text.substr(0, 10))) return std::nullopt;
  if (text.substr(11, 2) > "23" || text.substr(14, 2) > "59") return std::nullopt;
  return std::string(text.substr(0, kShape.size())) + ":00";
}

}  // namespace

std::pair<std::string, std::string> window_dates(std::string_view window) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < window.size(); ++at)
    if (auto one = moment(window.substr(at))) {
      found.push_back(std::move(*one));
      at += 15;
    }
  return found.size() == 2 ? std::pair(found[0], found[1]) : std::pair(std::string(), std::string());
}

}  // namespace esx2esxi::render
