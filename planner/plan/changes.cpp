#include "changes.hpp"

#include <algorithm>

#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;

bool differs_if_known(const auto& a, const auto& b) { return a && b && *a != *b; }

/// Off the stack, the port group or the switch; another MAC. An interface's own gateway can be given up only so:
/// whether `ipv4 set` without it clears it is not known.
bool needs_rebuild(const Interface& from, const Interface& to) {
  return from.stack != to.stack || from.portgroup != to.portgroup || from.vswitch != to.vswitch ||
         from.dvport != to.dvport || differs_if_known(from.mac, to.mac) ||
         (from.gateway_override && !to.gateway_override && !to.dhcp && to.address);
}

InterfaceChange change_of(const Interface* from, const Interface* to) {
  InterfaceChange change;
  change.from = from;
  change.to = to;
  if (!from || !to) return change;
  change.rebuild = needs_rebuild(*from, *to);
  change.address = addressing_text(*from) != addressing_text(*to);
  change.enabled = from->enabled != to->enabled;
  change.mtu = differs_if_known(from->mtu, to->mtu);
  change.binding = from->bound_to != to->bound_to;
  change.tags = tags_of(*from) != tags_of(*to);
  return change;
}

const model::Portgroup* group_of(const State& state, const model::Switch& vswitch, std::string_view name) {
  const auto* same = state.switch_named(vswitch.name);
  if (!same) return nullptr;
  const auto it = std::find_if(same->portgroups.begin(), same->portgroups.end(),
                               [&](const model::Portgroup& g) { return g.name == name; });
  return it == same->portgroups.end() ? nullptr : &*it;
}

PortgroupChange change_of(const model::Switch& vswitch, const model::Portgroup* from, const model::Portgroup* to) {
  PortgroupChange change;
  change.vswitch = &vswitch;
  change.from = from;
  change.to = to;
  if (!to) return change;
  const auto vlan = from && from->vlan ? *from->vlan : net::VlanId();
  change.vlan = to->vlan && *to->vlan != vlan;
  change.uplinks = (from ? from->override : std::nullopt) != to->override;
  return change;
}

std::vector<PortgroupChange> portgroup_changes(const State& from, const State& to) {
  std::vector<PortgroupChange> out;
  for (const auto& vswitch : to.switches)
    for (const auto& group : vswitch.portgroups) {
      const auto change = change_of(vswitch, group_of(from, vswitch, group.name), &group);
      if (!change.from || change.vlan || change.uplinks) out.push_back(change);
    }
  for (const auto& vswitch : from.switches)
    for (const auto& group : vswitch.portgroups)
      if (!group_of(to, vswitch, group.name)) out.push_back(change_of(vswitch, &group, nullptr));
  return out;
}

bool on_changed_link(const Interface& interface, const std::vector<PortgroupChange>& groups) {
  return std::any_of(groups.begin(), groups.end(), [&](const PortgroupChange& change) {
    return change.from && change.to && change.name() == interface.portgroup;
  });
}

/// `j` leaves something that `i` needs: its port group, its address, or a range that would be twice in the stack.
bool stands_in_the_way(const InterfaceChange& j, const InterfaceChange& i) {
  if (!j.from || !i.to) return false;
  const bool placed = !i.from || i.rebuild;
  const bool leaves = !j.to || j.rebuild;
  if (placed && leaves && !i.to->portgroup.empty() && j.from->portgroup == i.to->portgroup) return true;
  if (!placed && !i.address && !i.enabled) return false;
  if (!j.moves()) return false;
  const bool keeps_address = j.to && j.to->address == j.from->address;
  if (j.from->addressed() && j.from->address == i.to->address && !keeps_address) return true;
  const auto overlap = [](const Interface* a, const Interface* b) {
    return a && b && a->enabled && b->enabled && a->stack == b->stack && a->range() && b->range() &&
           a->range()->overlaps(*b->range());
  };
  return overlap(j.from, i.to) && !overlap(j.to, i.to) && !overlap(j.from, i.from);
}

bool serves_management(const Interface* interface) {
  return interface && interface->services.has(model::Service::Management);
}

/// The default stack's gateway is reached by interfaces that all move: then each of them is management's business.
bool takes_the_gateway_along(const State& from, const State& to, const Changes& changes,
                             const InterfaceChange& change) {
  const auto* stack = from.stack(model::kDefaultStack);
  if (!stack || !stack->gateway || !change.moves() || change.from->stack != model::kDefaultStack) return false;
  return holds(*change.from, *stack->gateway) &&
         !carries_throughout(from, to, changes, model::kDefaultStack, *stack->gateway);
}

void put_management_last(const State& from, const State& to, Changes& changes) {
  auto& all = changes.interfaces;
  for (auto& change : all)
    change.late = serves_management(change.from) || serves_management(change.to) ||
                  takes_the_gateway_along(from, to, changes, change);
  for (bool more = true; more;) {
    more = false;
    for (auto& change : all) {
      const bool waits = std::any_of(change.after.begin(), change.after.end(), [&](auto j) { return all[j].late; });
      if (change.late || !waits) continue;
      change.late = more = true;
    }
  }
}

}  // namespace

const InterfaceChange* Changes::of(std::string_view interface) const {
  const auto it = std::find_if(interfaces.begin(), interfaces.end(),
                               [&](const InterfaceChange& change) { return change.name() == interface; });
  return it == interfaces.end() ? nullptr : &*it;
}

bool carries_throughout(const State& from, const State& to, const Changes& changes, std::string_view stack,
                        net::Ipv4Address next_hop) {
  return std::any_of(to.interfaces.begin(), to.interfaces.end(), [&](const Interface& after) {
    const auto* before = from.interface(after.name);
    const auto* change = changes.of(after.name);
    return before && before->stack == stack && after.stack == stack && !(change && change->rebuild) &&
           holds(*before, next_hop) && holds(after, next_hop);
  });
}

Changes changes_between(const State& from, const State& to, model::Target) {
  Changes changes;
  changes.portgroups = portgroup_changes(from, to);
  const auto take = [&](const Interface* before, const Interface* after) {
    auto change = change_of(before, after);
    change.link = before && after && on_changed_link(*after, changes.portgroups);
    if (change.any()) changes.interfaces.push_back(std::move(change));
  };
  for (const auto& after : to.interfaces) take(from.interface(after.name), &after);
  for (const auto& before : from.interfaces)
    if (!to.interface(before.name)) take(&before, nullptr);

  auto& all = changes.interfaces;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < all.size(); ++j)
      if (i != j && stands_in_the_way(all[j], all[i])) all[i].after.push_back(j);
  put_management_last(from, to, changes);
  return changes;
}

}  // namespace esx2esxi::plan
