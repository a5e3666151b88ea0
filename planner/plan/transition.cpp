// The ways to keep vMotion peers together while their subnet changes, host by host.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "rollout.hpp"

namespace esx2esxi::plan {

using model::Interface;
using model::Service;
using model::State;

namespace {

bool carries_vmotion(const Interface& interface) {
  return interface.services.has(Service::VMotion) || interface.stack == model::kVmotionStack;
}

/// A vMotion interface before the migration and after the plan.
struct Pair {
  const Interface* old;
  const Interface* planned;
};

std::vector<Pair> moving(const HostPlan& host) {
  std::vector<Pair> pairs;
  for (const auto& old : host.before.interfaces) {
    if (!old.enabled || !carries_vmotion(old)) continue;
    const auto* planned = host.after.interface_from(old.from.empty() ? old.name : old.from);
    if (!planned || !planned->enabled || !planned->range()) continue;
    if (planned->address != old.address || planned->netmask != old.netmask) pairs.push_back({&old, planned});
  }
  return pairs;
}

bool in_use_elsewhere(const State& state, const Interface& interface) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& other) {
    return other.name != interface.name && other.portgroup == interface.portgroup;
  });
}

/// A gateway or router of the VMkernel that only this interface reaches.
std::optional<net::Ipv4Address> router_behind(const State& state, const Interface& interface) {
  const auto* stack = state.stack(interface.stack);
  const auto range = interface.range();
  if (!stack || !range) return std::nullopt;
  const auto only_here = [&](net::Ipv4Address hop) {
    return range->contains(hop) &&
           std::none_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& other) {
             return other.name != interface.name && other.enabled && other.stack == interface.stack && other.range() &&
                    other.range()->contains(hop);
           });
  };
  if (stack->gateway && only_here(*stack->gateway)) return stack->gateway;
  for (const auto& route : stack->routes)
    if (only_here(route.next_hop)) return route.next_hop;
  return std::nullopt;
}

/// Why a classic host cannot take the planned address; empty: it can.
std::string obstacle(const HostPlan& host, const Pair& pair) {
  const auto& old = *pair.old;
  const bool other_vlan = pair.planned->vlan && pair.planned->vlan != old.vlan;
  if (!old.dvport.empty()) return "it is on a port of a distributed switch, which only vCenter changes";
  if (other_vlan && in_use_elsewhere(host.before, old))
    return fmt::format("its port group {} has other users, so that its VLAN cannot change", old.portgroup);
  if (other_vlan && pair.planned->portgroup != old.portgroup)
    return fmt::format("its port group {} keeps its VLAN", old.portgroup);
  if (other_vlan && !old.vlan) return "nobody says its VLAN today: there would be no way back";
  if (!old.dhcp && (!old.address || !old.netmask)) return "it has no address today: there would be no way back";
  if (const auto router = router_behind(host.before, old))
    return fmt::format("the VMkernel's router {} is reached through it", *router);
  for (const auto& other : host.before.interfaces)
    if (other.name != old.name && other.enabled && other.stack == old.stack && other.range() &&
        other.range()->overlaps(*pair.planned->range()))
      return fmt::format("{} would overlap {} of {}", *pair.planned->range(), *other.range(), other.name);
  return {};
}

ClassicChange change_of(const Pair& pair) {
  const auto& old = *pair.old;
  const auto& planned = *pair.planned;
  ClassicChange change{old.name, old.portgroup, old.vswitch, {old.address, old.netmask, old.vlan}, {}, {}};
  change.to = {planned.address, planned.netmask, planned.vlan != old.vlan ? planned.vlan : std::nullopt};
  change.why = old.range() == planned.range()
                   ? fmt::format("{} is in use elsewhere as well.", address_text(old))
                   : fmt::format("Hosts that are migrated will have vMotion in {}.", *planned.range());
  return change;
}

void apply(State& state, const ClassicChange& change) {
  for (auto& interface : state.interfaces) {
    if (interface.name != change.interface) continue;
    interface.address = change.to.address;
    interface.netmask = change.to.netmask;
    interface.dhcp = false;
    if (change.to.vlan) interface.vlan = change.to.vlan;
  }
  if (!change.to.vlan) return;
  for (auto& vswitch : state.switches)
    for (auto& group : vswitch.portgroups)
      if (group.name == change.portgroup) group.vlan = change.to.vlan;
}

std::string unused_interface(const State& state) {
  for (unsigned n = 0;; ++n)
    if (auto name = fmt::format("vmk{}", n); !state.interface(name)) return name;
}

/// The old vMotion interface beside the new one, on a port group of its own.
bool add_second(State& state, const Pair& pair) {
  auto* vswitch = [&]() -> model::Switch* {
    for (auto& each : state.switches)
      if (each.name == pair.planned->vswitch && !each.distributed) return &each;
    return nullptr;
  }();
  if (!vswitch || !pair.old->address) return false;
  model::Portgroup group;
  group.name = "VMotion transition";
  for (unsigned n = 2; state.portgroup(group.name).second; ++n) group.name = fmt::format("VMotion transition {}", n);
  group.vlan = pair.old->vlan;
  group.override = pair.planned->uplinks != vswitch->teaming ? std::optional(pair.planned->uplinks) : std::nullopt;
  auto second = *pair.planned;
  second.name = unused_interface(state);
  second.from.clear();
  second.address = pair.old->address;
  second.netmask = pair.old->netmask;
  second.vlan = pair.old->vlan;
  second.portgroup = group.name;
  second.mac.reset();
  second.gateway_override.reset();
  second.services = model::Services{Service::VMotion};
  for (const auto& other : state.interfaces)
    second.created = std::max(second.created, static_cast<std::uint16_t>(other.created + 1));
  vswitch->portgroups.push_back(std::move(group));
  state.interfaces.push_back(std::move(second));
  return true;
}

bool classic(const HostPlan& host) { return host.product != "ESXi"; }

}  // namespace

std::vector<std::size_t> everyone(const Crew& crew) {
  auto all = crew.members;
  all.insert(all.end(), crew.waiting.begin(), crew.waiting.end());
  all.insert(all.end(), crew.peers.begin(), crew.peers.end());
  return all;
}

bool moves_vmotion(const HostPlan& host) { return !moving(host).empty(); }

Proposal as_they_are(const Plan& plan, const Crew& crew) {
  Proposal out;
  for (const auto i : everyone(crew)) out.passages.push_back({plan.hosts[i].before, plan.hosts[i].after});
  out.changes.resize(out.passages.size());
  return out;
}

Proposal re_addressed_first(const Plan& plan, const Crew& crew) {
  auto out = as_they_are(plan, crew);
  out.kind = Transition::PreMigrate;
  const auto all = everyone(crew);
  for (std::size_t m = 0; m < all.size(); ++m) {
    const auto& host = plan.hosts[all[m]];
    if (!classic(host)) {
      out.passages[m].classic = host.after;  // its own script, in the first wave
      continue;
    }
    for (const auto& pair : moving(host)) {
      if (const auto why = obstacle(host, pair); !why.empty()) {
        out.obstacles.push_back(
            fmt::format("{} of {} cannot be re-addressed on ESX: {}", pair.old->name, host.name, why));
        continue;
      }
      out.changes[m].push_back(change_of(pair));
      apply(out.passages[m].classic, out.changes[m].back());
    }
  }
  return out;
}

Proposal with_second_interfaces(const Plan& plan, const Crew& crew, const ErrorsOf& errors_of) {
  auto out = as_they_are(plan, crew);
  out.kind = Transition::SecondInterface;
  const auto all = everyone(crew);
  for (std::size_t m = 0; m < all.size() && out.obstacles.empty(); ++m) {
    const auto& host = plan.hosts[all[m]];
    for (const auto& pair : moving(host)) {
      auto& state = out.passages[m].planned;
      if (!add_second(state, pair)) {
        out.obstacles.push_back(fmt::format("{} has no standard switch for a second vMotion interface", host.name));
        continue;
      }
      for (const auto& error : errors_of(all[m], state))
        out.obstacles.push_back(fmt::format("a second interface in {} on {}: {}",
                                            pair.old->range() ? to_string(*pair.old->range()) : "its old subnet",
                                            host.name, error));
      const auto there = compose(host.after, state, plan.target, {});
      const auto back = compose(state, host.after, plan.target, {});
      out.obstacles.insert(out.obstacles.end(), there.obstacles.begin(), there.obstacles.end());
      out.obstacles.insert(out.obstacles.end(), back.obstacles.begin(), back.obstacles.end());
    }
  }
  return out;
}

}  // namespace esx2esxi::plan
