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

/// The interface that a policy names: by its name on the classic host, else by its own. Null: there is none.
const Interface* named_in_policy(const State& state, std::string_view name);

/// Services that name the interface they leave by: what a gateway of its own serves (vSphere 6.5 Networking,
/// GUID-44CAFD7C: "services such as vMotion and Fault Tolerance logging"). All others follow the stack's table.
inline constexpr Services kNameTheirInterface{Service::VMotion, Service::FaultToleranceLogging};

/// How packets of the service leave the stack where its table says `by_table`: instead of the default gateway, or of no
/// route at all, they take the gateways of their own that the interfaces which carry the service have.
net::Egress egress_of(const State& state, std::string_view stack, Service service, const net::Egress& by_table);

}  // namespace esx2esxi::model
