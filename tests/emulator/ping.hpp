#pragma once

#include <string>
#include <vector>

#include "host.hpp"

namespace emulator {

/// The interface that a packet of the stack leaves by: on-link, or where the route's next hop is on-link; null: none.
Json* egress(Host& host, const std::string& stack, const std::string& address);

/// What vmkping prints when somebody answers; refused where nobody does or the command is wrong.
std::string ping(Host& host, const std::vector<std::string>& arguments);

/// Whether anybody answers at that address, whatever way leads there.
bool answers(Host& host, const std::string& address);

}  // namespace emulator
