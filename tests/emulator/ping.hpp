#pragma once

#include <string>
#include <vector>

#include "host.hpp"

namespace emulator {

/// What vmkping prints when somebody answers; refused where nobody does or the command is wrong.
std::string ping(Host& host, const std::vector<std::string>& arguments);

}  // namespace emulator
