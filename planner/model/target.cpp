#include "esx2esxi/model/target.hpp"

#include <fmt/format.h>

namespace esx2esxi::model {

std::string to_string(Target target) { return fmt::format("{}.{}", target.major, target.minor); }

}  // namespace esx2esxi::model
