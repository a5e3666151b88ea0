#include "esx2esxi/plan/simulate.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/versions.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;

std::optional<net::Ipv4Address> address_in(const Step& step, std::string_view name) {
  const auto parsed = net::Ipv4Address::parse(step.argument(name));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::vector<std::string> list_in(const Step& step, std::string_view name) {
  std::vector<std::string> out;
  for (const auto item : split(step.argument(name), ','))
    if (!item.empty()) out.emplace_back(item);
  return out;
}

Interface* interface_in(State& state, std::string_view name) {
  const auto it = std::find_if(state.interfaces.begin(), state.interfaces.end(),
                               [&](const Interface& i) { return i.name == name; });
  return it == state.interfaces.end() ? nullptr : &*it;
}

model::Switch* switch_in(State& state, std::string_view name) {
  const auto it = std::find_if(state.switches.begin(), state.switches.end(),
                               [&](const model::Switch& s) { return s.name == name; });
  return it == state.switches.end() ? nullptr : &*it;
}

model::Portgroup* portgroup_in(State& state, std::string_view name) {
  const auto [vswitch, group] = std::as_const(state).portgroup(name);
  return const_cast<model::Portgroup*>(group);  // found in this very state
}

/// VLAN and uplinks of the interfaces on a port group follow it.
void refresh_links(State& state, std::string_view portgroup) {
  const auto [vswitch, group] = std::as_const(state).portgroup(portgroup);
  if (!group) return;
  for (auto& interface : state.interfaces) {
    if (interface.portgroup != portgroup) continue;
    interface.vswitch = vswitch->name;
    interface.vlan = group->vlan;
    interface.uplinks = group->override.value_or(vswitch->teaming);
  }
}

void add_portgroup(State& state, const Step& step) {
  auto* vswitch = switch_in(state, step.argument("vswitch"));
  if (!vswitch || portgroup_in(state, step.argument("portgroup"))) return;
  model::Portgroup group;
  group.name = step.argument("portgroup");
  group.vlan = net::VlanId();
  vswitch->portgroups.push_back(std::move(group));
}

void change_portgroup(State& state, const Step& step) {
  auto* group = portgroup_in(state, step.argument("portgroup"));
  if (!group) return;
  if (step.action == Action::InheritUplinks) group->override.reset();
  if (step.action == Action::SetPortgroupUplinks)
    group->override = model::Teaming{list_in(step, "active"), list_in(step, "standby")};
  if (step.action == Action::SetPortgroupVlan)
    if (const auto vlan = net::VlanId::parse(step.argument("vlan"))) group->vlan = *vlan;
  refresh_links(state, step.argument("portgroup"));
}

void remove_portgroup(State& state, const Step& step) {
  for (auto& vswitch : state.switches)
    std::erase_if(vswitch.portgroups,
                  [&](const model::Portgroup& group) { return group.name == step.argument("portgroup"); });
}

void add_interface(State& state, const Step& step) {
  if (interface_in(state, step.interface)) return;
  Interface added;
  added.name = step.interface;
  added.portgroup = step.argument("portgroup");
  added.stack = step.argument("stack").empty() ? model::kDefaultStack : step.argument("stack");
  added.mtu = static_cast<unsigned>(number(step.argument("mtu")).value_or(1500));
  if (const auto mac = net::Mac::parse(step.argument("mac"))) added.mac = *mac;
  if (const auto service = versions().service_of_stack(added.stack)) added.services.add(*service);
  for (const auto& other : state.interfaces)
    added.created = std::max(added.created, static_cast<std::uint16_t>(other.created + 1));
  state.interfaces.push_back(std::move(added));
  refresh_links(state, step.argument("portgroup"));
}

void set_address(Interface& interface, const Step& step) {
  interface.dhcp = step.argument("type") == "dhcp";
  interface.peer_dns = step.argument("peer_dns") == "true";
  interface.address = address_in(step, "address");
  interface.netmask = address_in(step, "netmask");
  interface.gateway_override = address_in(step, "gateway");
}

void change_tag(Interface& interface, const Step& step) {
  for (const auto& tag : versions().tags) {
    if (tag.name != step.argument("tag") || !tag.service) continue;
    if (step.action == Action::AddTag)
      interface.services.add(*tag.service);
    else
      interface.services.remove(*tag.service);
  }
}

void change_interface(State& state, const Step& step) {
  auto* interface = interface_in(state, step.interface);
  if (!interface) return;
  if (step.action == Action::SetAddress) set_address(*interface, step);
  if (step.action == Action::SetEnabled) interface->enabled = step.argument("enabled") == "true";
  if (step.action == Action::SetMtu)
    interface->mtu = static_cast<unsigned>(number(step.argument("mtu")).value_or(1500));
  if (step.action == Action::AddTag || step.action == Action::RemoveTag) change_tag(*interface, step);
  if (step.action == Action::Bind) interface->bound_to = step.argument("adapter");
  if (step.action == Action::Unbind) interface->bound_to.clear();
}

void change_routes(State& state, const Step& step) {
  auto* stack = state.stack(step.argument("stack"));
  if (!stack) return;
  if (step.action == Action::SetGateway) stack->gateway = address_in(step, "gateway");
  if (step.action == Action::RemoveGateway) stack->gateway.reset();
  const auto network = net::Ipv4Prefix::parse(step.argument("network"));
  const auto next_hop = address_in(step, "next_hop");
  if (!network || !next_hop) return;
  model::Route route;
  route.network = *network;
  route.next_hop = *next_hop;
  std::erase(stack->routes, route);
  if (step.action == Action::AddRoute) stack->routes.push_back(std::move(route));
}

void change_stacks(State& state, const Step& step) {
  std::erase_if(state.stacks, [&](const model::Stack& s) { return s.name == step.argument("stack"); });
  if (step.action == Action::RemoveStack) return;
  model::Stack stack;
  stack.name = step.argument("stack");
  state.stacks.push_back(std::move(stack));
}

void change_mounts(State& state, const Step& step) {
  std::erase_if(state.nfs, [&](const model::NfsMount& mount) { return mount.label == step.argument("volume"); });
  if (step.action == Action::Unmount) return;
  model::NfsMount mount;
  mount.label = step.argument("volume");
  mount.server = step.argument("host");
  mount.share = step.argument("share");
  mount.read_only = step.argument("read_only") == "true";
  state.nfs.push_back(std::move(mount));
}

}  // namespace

void apply(State& state, const Step& step) {
  switch (step.action) {
    case Action::AddPortgroup: return add_portgroup(state, step);
    case Action::SetPortgroupVlan:
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return change_portgroup(state, step);
    case Action::RemovePortgroup: return remove_portgroup(state, step);
    case Action::Unbind:
    case Action::Bind:
    case Action::RemoveTag:
    case Action::AddTag:
    case Action::SetAddress:
    case Action::SetEnabled:
    case Action::SetMtu: return change_interface(state, step);
    case Action::RemoveInterface:
      std::erase_if(state.interfaces, [&](const Interface& i) { return i.name == step.interface; });
      return;
    case Action::AddInterface: return add_interface(state, step);
    case Action::AddStack:
    case Action::RemoveStack: return change_stacks(state, step);
    case Action::RemoveRoute:
    case Action::AddRoute:
    case Action::RemoveGateway:
    case Action::SetGateway: return change_routes(state, step);
    case Action::Unmount:
    case Action::Mount: return change_mounts(state, step);
  }
}

State acceptable(State state) {
  for (auto& interface : state.interfaces)
    if (interface.address && interface.netmask && !interface.prefix_length()) {
      interface.address.reset();
      interface.netmask.reset();
    }
  return state;
}

State with_all_stacks(State state) {
  for (const auto& interface : state.interfaces)
    if (!state.stack(interface.stack)) {
      model::Stack stack;
      stack.name = interface.stack;
      state.stacks.push_back(std::move(stack));
    }
  return state;
}

std::vector<State> prefixes(State from, const std::vector<Step>& steps) {
  std::vector<State> out{std::move(from)};
  for (const auto& step : steps) {
    out.push_back(out.back());
    apply(out.back(), step);
  }
  return out;
}

}  // namespace esx2esxi::plan
