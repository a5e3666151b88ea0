// Changes to one host's state, each a small step that the scripts know too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"

namespace esx2esxi::readdress {

/// A new address for one interface.
struct Assignment {
  std::string interface;  ///< mapped name
  net::Ipv4Address address;
  net::Ipv4Prefix network;
  std::optional<net::VlanId> vlan;  ///< none: it stays
  std::optional<net::Ipv4Address> gateway;
  bool to_be_confirmed = false;
};

model::Interface* find(model::State& state, std::string_view name);

/// Static address; the VLAN goes to the interface's port group, or to a new one of its own if others use it.
void readdress(model::State& state, const Assignment& assignment);

/// Same address, another stack; the stack is created if it is not there.
void move_to_stack(model::State& state, std::string_view interface, std::string_view stack);

/// The same; the gateway goes along where only this interface reached it: its stack's (never from management), or the
/// one that the mapping `lost`. `base` is the state before any change.
void move_with_gateway(model::State& state, const model::State& base, std::string_view interface,
                       std::string_view stack, std::optional<net::Ipv4Address> lost, std::string_view management);

/// The routes by routers that only `mover`, as it was in its former stack, had for neighbours go to its stack of now.
void carry_routes(model::State& state, const model::Interface& mover);

void drop(model::State& state, std::string_view interface);

/// Exactly this uplink active, none standby, by an override of the port group.
void nail_to_uplink(model::State& state, std::string_view interface, const std::string& uplink);

/// The interface to which the default gateway of `stack` belongs: the management interface if it is in its range or in
/// nobody's, else the first created one whose range holds it. Null: the stack has no gateway or nobody is there.
const model::Interface* gateway_owner(const model::State& state, std::string_view stack, std::string_view management);

}  // namespace esx2esxi::readdress
