#include "esx2esxi/model/target.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace esx2esxi::model {

std::string to_string(Target target) { return fmt::format("{}.{}", target.major, target.minor); }

std::optional<Target> target_named(std::string_view name) {
  if (std::find(kTargetNames.begin(), kTargetNames.end(), name) == kTargetNames.end()) return std::nullopt;
  return Target{static_cast<unsigned>(name[0] - '0'), static_cast<unsigned>(name[2] - '0')};
}

std::optional<Path> path_named(std::string_view name) {
  if (name == to_string(Path::Fresh)) return Path::Fresh;
  if (name == to_string(Path::Upgrade)) return Path::Upgrade;
  return std::nullopt;
}

}  // namespace esx2esxi::model
