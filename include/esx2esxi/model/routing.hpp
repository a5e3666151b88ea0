// From a State to the routing tables of its stacks, and back to names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/net/route_table.hpp"

namespace esx2esxi::model {

/// The table of one stack: enabled interfaces with a range, usable static routes, the default gateway.
/// Interface ids are `Interface::created`.
net::RouteTable table_of(const State& state, std::string_view stack);

/// The interface with that rank of creation.
const Interface& interface_of(const State& state, net::InterfaceId id);

/// An enabled interface of `stack` that takes part in range tests.
bool in_range_tests(const Interface& interface, std::string_view stack);

/// The stack a service's traffic uses in this state: before, management lives on the console and all else on the
/// VMkernel; on ESXi the stack of the interfaces that carry it, the default stack if none does.
std::vector<std::string> stacks_of(const State& state, Service service);

}  // namespace esx2esxi::model
