// The service console of classic ESX 3.5 to 4.1: its esxcfg programs, and the console's own ping.
#pragma once

#include <string>
#include <vector>

#include "classic.hpp"

namespace emulator {

Act esxcfg_vmknic(const std::vector<std::string>& arguments);
Act esxcfg_vswitch(const std::vector<std::string>& arguments);
Act esxcfg_vswif(const std::vector<std::string>& arguments);
/// ping -c COUNT -w SECONDS ADDRESS
std::string console_ping(Host& host, const std::vector<std::string>& arguments);

}  // namespace emulator
