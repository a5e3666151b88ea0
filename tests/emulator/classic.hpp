#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host.hpp"
#include "output.hpp"

namespace emulator {

/// What a command line of a program other than esxcli does.
struct Act {
  bool changes = false;
  std::function<void(Host&, Output&)> run;
};

Act esxcfg_route(const std::vector<std::string>& arguments);
Act vim_cmd(const std::vector<std::string>& arguments, Release release);

}  // namespace emulator
