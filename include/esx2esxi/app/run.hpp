#pragma once

#include <string>
#include <vector>

namespace esx2esxi::app {

/// The whole program but for main: what the arguments ask for is done, and the exit code is returned. Never throws.
int run(const std::vector<std::string>& arguments);

}  // namespace esx2esxi::app
