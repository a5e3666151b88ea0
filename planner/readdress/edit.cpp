#include "edit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/model/routing.hpp"

namespace esx2esxi::readdress {

using model::Interface;
using model::State;

Interface* find(State& state, std::string_view name) {
  const auto it = std::find_if(state.interfaces.begin(), state.interfaces.end(),
                               [&](const Interface& i) { return i.name == name; });
  return it == state.interfaces.end() ? nullptr : &*it;
}

namespace {

struct Place {
  model::Switch* vswitch = nullptr;
  model::Portgroup* group = nullptr;
};

Place portgroup(State& state, std::string_view name) {
  for (auto& vswitch : state.switches)
    for (auto& group : vswitch.portgroups)
      if (group.name == name) return {&vswitch, &group};
  return {};
}

bool used_by_another(const State& state, const Interface& interface) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& other) {
    return other.name != interface.name && other.portgroup == interface.portgroup;
  });
}

std::string unused_name(State& state, const std::string& wanted) {
  auto name = wanted;
  for (unsigned n = 2; portgroup(state, name).group; ++n) name = fmt::format("{} {}", wanted, n);
  return name;
}

/// A port group carries one VLAN, and a standard one takes one VMkernel interface.
void set_vlan(State& state, Interface& interface, net::VlanId vlan) {
  if (interface.vlan == vlan) return;
  interface.vlan = vlan;
  const auto place = interface.portgroup.empty() ? Place{} : portgroup(state, interface.portgroup);
  if (!place.group) return;  // a port of a distributed switch: its VLAN is vCenter's
  if (!used_by_another(state, interface)) {
    place.group->vlan = vlan;
    return;
  }
  auto own = *place.group;
  own.name = unused_name(state, fmt::format("{} VLAN {}", own.name, vlan.value()));
  own.vlan = vlan;
  interface.portgroup = own.name;
  place.vswitch->portgroups.push_back(std::move(own));
}

}  // namespace

void readdress(State& state, const Assignment& assignment) {
  auto* interface = find(state, assignment.interface);
  if (!interface) return;
  interface->address = assignment.address;
  interface->netmask = assignment.network.netmask();
  interface->dhcp = false;
  interface->peer_dns = false;
  if (interface->gateway_override)
    interface->gateway_override = assignment.gateway;  // the old one is a neighbour no more
  if (assignment.vlan) set_vlan(state, *interface, *assignment.vlan);
}

void move_to_stack(State& state, std::string_view name, std::string_view stack) {
  auto* interface = find(state, name);
  if (!interface) return;
  interface->stack = stack;
  if (state.stack(stack)) return;
  model::Stack fresh;
  fresh.name = stack;
  state.stacks.push_back(std::move(fresh));
}

void move_with_gateway(State& state, const State& base, std::string_view name, std::string_view stack,
                       std::optional<net::Ipv4Address> lost, std::string_view management) {
  const auto& old = *base.interface(name);
  const auto* owner = gateway_owner(base, old.stack, management);
  move_to_stack(state, name, stack);
  auto& own = *state.stack(stack);
  auto& former = *state.stack(old.stack);
  if (own.gateway && stack == model::kDefaultStack) return;  // it has one, and management needs that
  if (old.range() && lost && old.range()->contains(*lost)) own.gateway = lost;
  if (owner && owner->name == name && old.range() && old.range()->contains(*former.gateway) && name != management) {
    own.gateway = former.gateway;
    former.gateway.reset();
  }
}

void carry_routes(State& state, const Interface& mover) {
  const auto* now = state.interface(mover.name);
  auto* former = state.stack(mover.stack);
  if (!now || !former || !mover.range()) return;
  auto* own = state.stack(now->stack);
  const auto goes = [&](const model::Route& route) {
    return mover.range()->contains(route.next_hop) &&
           std::none_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
             return i.enabled && i.stack == mover.stack && i.range() && i.range()->contains(route.next_hop);
           });
  };
  for (const auto& route : former->routes)
    if (goes(route)) own->routes.push_back(route);
  std::erase_if(former->routes, goes);
}

void drop(State& state, std::string_view name) {
  std::erase_if(state.interfaces, [&](const Interface& i) { return i.name == name; });
}

void nail_to_uplink(State& state, std::string_view name, const std::string& uplink) {
  auto* interface = find(state, name);
  if (!interface) return;
  const auto place = portgroup(state, interface->portgroup);
  if (!place.group) return;
  interface->uplinks = {{uplink}, {}};
  place.group->override = interface->uplinks;
}

const Interface* gateway_owner(const State& state, std::string_view stack, std::string_view management) {
  const auto* home = state.stack(stack);
  if (!home || !home->gateway || home->gateway->is_unspecified()) return nullptr;
  const auto* first = state.interface(management);
  if (first && first->stack != stack) first = nullptr;
  if (first && first->range() && first->range()->contains(*home->gateway)) return first;
  const Interface* owner = nullptr;
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.stack == stack && interface.range() &&
        interface.range()->contains(*home->gateway) && (!owner || interface.created < owner->created))
      owner = &interface;
  return owner ? owner : first;
}

}  // namespace esx2esxi::readdress
