#include "ground.hpp"

#include <algorithm>

#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::rules {

using model::Interface;
using model::State;

namespace {

bool first_created(const Interface* a, const Interface* b) { return a->created < b->created; }

bool same_home(const Interface& a, const Interface& b) {
  return a.range() == b.range() && a.vlan == b.vlan && a.vswitch == b.vswitch;
}

bool one_uplink(const Interface& interface) { return interface.uplinks.active.size() == 1; }

}  // namespace

std::vector<std::string_view> stacks_in(const State& state) {
  std::vector<std::string_view> names;
  for (const auto& stack : state.stacks) names.emplace_back(stack.name);
  for (const auto& interface : state.interfaces)
    if (interface.enabled) names.emplace_back(interface.stack);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Members in_range_tests(const State& state, std::string_view stack) {
  Members found;
  for (const auto& interface : state.interfaces)
    if (model::in_range_tests(interface, stack)) found.push_back(&interface);
  std::sort(found.begin(), found.end(), first_created);
  return found;
}

Members holding(const Members& members, net::Ipv4Address address) {
  Members found;
  for (const auto* member : members)
    if (member->range()->contains(address)) found.push_back(member);
  return found;
}

std::vector<Network> networks_of(const State& state, std::string_view stack) {
  std::vector<Network> networks;
  for (const auto* interface : in_range_tests(state, stack)) {
    const auto range = *interface->range();
    const auto it = std::lower_bound(networks.begin(), networks.end(), range,
                                     [](const Network& n, net::Ipv4Prefix p) { return n.range < p; });
    if (it != networks.end() && it->range == range)
      it->members.push_back(interface);
    else
      networks.insert(it, Network{range, {interface}});
  }
  return networks;
}

const Interface* management_in(const Situation& s) {
  const auto* classic = s.host.classic() ? transform::management_of(s.host.before) : nullptr;
  const auto* mapped = classic ? s.now.interface_from(classic->name) : nullptr;
  if (mapped && mapped->enabled) return mapped;
  const Interface* first = nullptr;
  for (const auto& interface : s.now.interfaces)
    if (interface.enabled && interface.services.has(model::Service::Management) &&
        (!first || first_created(&interface, first)))
      first = &interface;
  return first;
}

bool own_netstack(std::string_view stack) {
  return stack != model::kDefaultStack && stack != model::kConsole && stack != model::kVmkernel;
}

bool is_own(const State& state, net::Ipv4Address address) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const Interface& i) { return i.enabled && i.addressed() && i.address == address; });
}

bool is_own(const State& state, std::string_view stack, net::Ipv4Address address) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
    return i.enabled && i.stack == stack && i.addressed() && i.address == address;
  });
}

bool uplinks_open(const Situation& s, const Interface& interface) {
  const auto& doubts = s.host.doubts;
  return std::any_of(doubts.begin(), doubts.end(), [&](const model::Doubt& doubt) {
    if (doubt.kind != model::Doubt::Kind::Missing) return false;
    if (!doubt.interface.empty()) return doubt.interface == interface.from && doubt.subject == "uplinks";
    return doubt.subject == "uplinks of " + interface.vswitch;
  });
}

bool legally_bound(const State& state, const Interface& interface) {
  if (interface.bound_to.empty() || !interface.enabled || !interface.range()) return false;
  return std::all_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& other) {
    if (!other.enabled || other.bound_to != interface.bound_to) return true;
    return same_home(other, interface) && one_uplink(other) && other.uplinks.standby.empty();
  });
}

bool carries_vmotion(const Interface& interface) {
  return interface.services.has(model::Service::VMotion) || interface.stack == model::kVmotionStack;
}

bool legal_multi_nic(const Members& members, model::Target target) {
  if (members.size() < 2 || !target.has_multi_nic_vmotion()) return false;
  const auto& first = *members.front();
  std::vector<std::string_view> uplinks;
  for (const auto* member : members) {
    if (!carries_vmotion(*member) || member->vlan != first.vlan || !one_uplink(*member)) return false;
    uplinks.emplace_back(member->uplinks.active.front());
  }
  std::sort(uplinks.begin(), uplinks.end());
  return std::adjacent_find(uplinks.begin(), uplinks.end()) == uplinks.end();
}

namespace {

/// NSX tunnel end points: several in one subnet are normal in their stack.
constexpr std::string_view kTunnelStack = "vxlan";

SubnetGroup sorted_out(const Situation& s, std::string_view stack, const Network& network) {
  SubnetGroup group{stack, network.range, {}, {}, {}};
  Members unbound;
  bool misused = false;
  for (const auto* member : network.members) {
    const bool open = uplinks_open(s, *member);
    if (legally_bound(s.now, *member) || (open && !member->bound_to.empty()))
      group.bound.push_back(member);
    else if (member->bound_to.empty())
      unbound.push_back(member);
    else
      misused = true;
  }
  if (!group.bound.empty()) group.beside = unbound;
  // What stands beside a legal group is said there, not again here.
  for (const auto* member : network.members)
    if (group.beside.empty() || !member->bound_to.empty()) group.conflict.push_back(member);
  const bool legal = !misused && !group.bound.empty();
  const bool open = std::all_of(group.conflict.begin(), group.conflict.end(),
                                [&](const Interface* i) { return carries_vmotion(*i); }) &&
                    std::any_of(group.conflict.begin(), group.conflict.end(),
                                [&](const Interface* i) { return uplinks_open(s, *i); });
  if (legal || open || group.conflict.size() < 2 || stack == kTunnelStack || legal_multi_nic(group.conflict, s.target))
    group.conflict.clear();
  return group;
}

}  // namespace

std::vector<SubnetGroup> subnet_groups(const Situation& s) {
  std::vector<SubnetGroup> groups;
  for (const auto stack : stacks_in(s.now))
    for (const auto& network : networks_of(s.now, stack)) {
      if (network.members.size() < 2) continue;
      auto group = sorted_out(s, stack, network);
      if (!group.conflict.empty() || !group.beside.empty()) groups.push_back(std::move(group));
    }
  return groups;
}

const model::Doubt* open_doubt(const model::Host& host, std::string_view interface, std::string_view subject) {
  using Kind = model::Doubt::Kind;
  for (const auto& doubt : host.doubts) {
    if (doubt.kind == Kind::Contradiction || doubt.interface != interface) continue;
    // A script does not say which value its variable stands for: any that is not there.
    if (doubt.subject == subject || (doubt.kind == Kind::Variable && doubt.subject.empty())) return &doubt;
  }
  return nullptr;
}

const Interface* unknown_range(const Situation& s, std::string_view stack) {
  for (const auto& interface : s.now.interfaces) {
    if (!interface.enabled || interface.stack != stack || interface.range()) continue;
    if ((interface.dhcp && !interface.addressed()) || open_doubt(s.host, interface.from, "address") ||
        open_doubt(s.host, interface.from, "netmask"))
      return &interface;
  }
  return nullptr;
}

bool introduced(const Situation& s, const Members& members) {
  const Interface* first = nullptr;
  for (const auto* member : members) {
    const auto* before = member->from.empty() ? nullptr : s.host.before.interface(member->from);
    if (!before || (first && before->stack != first->stack)) return true;
    first = before;
  }
  return false;
}

}  // namespace esx2esxi::rules
