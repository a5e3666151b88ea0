#include "esx2esxi/transform/map.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::transform {

namespace {

using model::Interface;
using model::State;
using Names = std::set<std::string, std::less<>>;

std::vector<const Interface*> those(const State& state, bool vswif) {
  std::vector<const Interface*> found;
  for (const auto& interface : state.interfaces)
    if (interface.is_vswif() == vswif) found.push_back(&interface);
  return found;
}

std::vector<const Interface*> by_number(std::vector<const Interface*> all) {
  std::sort(all.begin(), all.end(),
            [](const Interface* a, const Interface* b) { return natural_less(a->name, b->name); });
  return all;
}

std::vector<const Interface*> by_creation(std::vector<const Interface*> all) {
  std::sort(all.begin(), all.end(), [](const Interface* a, const Interface* b) { return a->created < b->created; });
  return all;
}

constexpr std::string_view kConsoleName = "Service Console";

/// "Service Console", "Service Console 2", "Service Console0": the names that VMware's installers give.
bool is_console_name(std::string_view name) {
  if (!name.starts_with(kConsoleName)) return false;
  const auto rest = trim(name.substr(kConsoleName.size()));
  return rest.empty() || number(rest).has_value();
}

std::string unused_name(const std::string& wanted, const Names& taken) {
  if (!taken.contains(wanted)) return wanted;
  for (unsigned n = 2;; ++n)
    if (auto name = wanted + " " + std::to_string(n); !taken.contains(name)) return name;
}

Names portgroup_names(const State& state) {
  Names names;
  for (const auto& vswitch : state.switches)
    for (const auto& group : vswitch.portgroups) names.insert(group.name);
  return names;
}

/// The name of the console's port group does not survive (GUID-F2B101A9): ESXi calls it Management Network.
void rename_console_portgroups(State& state) {
  auto taken = portgroup_names(state);
  for (auto& vswitch : state.switches)
    for (auto& group : vswitch.portgroups) {
      if (!is_console_name(group.name)) continue;
      const auto old = group.name;
      group.name = unused_name("Management Network" + old.substr(kConsoleName.size()), taken);
      taken.insert(group.name);
      for (auto& interface : state.interfaces)
        if (interface.portgroup == old) interface.portgroup = group.name;
    }
}

/// A standard port group takes one vmk only ("A vmkernel nic for the connection point already exists"), while several
/// vswifs could share one: the later ones get a copy of it.
void one_portgroup_each(State& state) {
  auto taken = portgroup_names(state);
  Names occupied;
  for (auto& interface : state.interfaces) {
    if (interface.portgroup.empty() || occupied.insert(interface.portgroup).second) continue;
    for (auto& vswitch : state.switches) {
      const auto group = std::find_if(vswitch.portgroups.begin(), vswitch.portgroups.end(),
                                      [&](const model::Portgroup& g) { return g.name == interface.portgroup; });
      if (group == vswitch.portgroups.end()) continue;
      auto copy = *group;
      copy.name = unused_name(interface.portgroup, taken);
      taken.insert(copy.name);
      interface.portgroup = copy.name;
      vswitch.portgroups.push_back(std::move(copy));
      break;
    }
    occupied.insert(interface.portgroup);
  }
}

struct Placed {
  const Interface* before;
  std::string name;
};

std::vector<Placed> placed_fresh(const State& before) {
  auto order = by_number(those(before, true));
  const auto* management = management_of(before);
  std::stable_partition(order.begin(), order.end(), [&](const Interface* i) { return i == management; });
  const auto vmks = by_number(those(before, false));
  order.insert(order.end(), vmks.begin(), vmks.end());
  std::vector<Placed> placed;
  for (const auto* interface : order) placed.push_back({interface, "vmk" + std::to_string(placed.size())});
  return placed;
}

std::vector<Placed> placed_upgrade(const State& before) {
  std::vector<Placed> placed;
  std::uint64_t next = 0;
  for (const auto* vmk : by_creation(those(before, false))) {
    placed.push_back({vmk, vmk->name});
    if (vmk->name.starts_with("vmk"))
      if (const auto n = number(std::string_view(vmk->name).substr(3))) next = std::max(next, *n + 1);
  }
  for (const auto* vswif : by_number(those(before, true))) placed.push_back({vswif, "vmk" + std::to_string(next++)});
  return placed;
}

/// One table takes both: the console's gateway stays, as in VMware's upgrade; all static routes are kept.
model::Stack merged_stack(const State& before, std::optional<net::Ipv4Address>& lost) {
  model::Stack merged;
  merged.name = model::kDefaultStack;
  for (const auto name : {model::kConsole, model::kVmkernel}) {
    const auto* stack = before.stack(name);
    if (!stack) continue;
    if (stack->gateway && !merged.gateway) {
      merged.gateway = stack->gateway;
      if (const auto* at = stack->origins.find("gateway")) merged.origins.set("gateway", *at);
    } else if (stack->gateway && stack->gateway != merged.gateway) {
      lost = stack->gateway;
    }
    for (const auto& route : stack->routes)
      if (std::find(merged.routes.begin(), merged.routes.end(), route) == merged.routes.end())
        merged.routes.push_back(route);
  }
  return merged;
}

/// What VMware's upgrade leaves disabled: a static vmk in the subnet of a migrated vswif on the same switch.
std::vector<std::string> disabled_by_upgrade(const State& before) {
  std::vector<std::string> disabled;
  for (const auto* vmk : those(before, false)) {
    if (!vmk->enabled || vmk->dhcp || !vmk->range() || vmk->vswitch.empty()) continue;
    const auto vswifs = those(before, true);
    if (std::any_of(vswifs.begin(), vswifs.end(), [&](const Interface* vswif) {
          return vswif->enabled && vswif->range() == vmk->range() && vswif->vswitch == vmk->vswitch;
        }))
      disabled.push_back(vmk->name);
  }
  return disabled;
}

Interface mapped_interface(const Placed& placed, const Mapping& mapping, std::size_t rank) {
  auto mapped = *placed.before;
  mapped.from = placed.before->name;
  mapped.name = placed.name;
  mapped.stack = model::kDefaultStack;
  mapped.created = static_cast<std::uint16_t>(rank);
  if (mapping.path == model::Path::Fresh) mapped.mac.reset();  // a new installation generates its own
  if (std::find(mapping.disabled.begin(), mapping.disabled.end(), mapped.from) != mapping.disabled.end())
    mapped.enabled = false;
  return mapped;
}

}  // namespace

const model::Interface* management_of(const State& before) {
  const auto vswifs = by_number(those(before, true));
  const auto first = [&](auto&& wanted) -> const Interface* {
    const auto it = std::find_if(vswifs.begin(), vswifs.end(), wanted);
    return it == vswifs.end() ? nullptr : *it;
  };
  const auto* console = before.stack(model::kConsole);
  if (console) {
    const auto is_named = [&](const Interface* i) { return i->enabled && i->name == console->gateway_device; };
    if (const auto* named = first(is_named)) return named;
  }
  if (console && console->gateway) {
    const auto holds = [&](const Interface* i) {
      const auto range = i->range();
      return i->enabled && range && range->contains(*console->gateway);
    };
    if (const auto* holder = first(holds)) return holder;
  }
  return first([](const Interface* i) { return i->enabled && (i->addressed() || i->dhcp); });
}

std::string upgrade_obstacle(const model::Host& host, model::Target target) {
  if (!host.classic()) return {};
  if (host.major() != 0 && host.major() < 4) return "ESX " + host.version + " cannot be upgraded in place to any ESXi";
  if (!target.upgradable_from_esx4())
    return "ESX 4.x can be upgraded in place to ESXi 5.0, 5.1 and 5.5, not to " + to_string(target);
  return {};
}

Mapping map_host(const model::Host& host, model::Target target, model::Path path) {
  Mapping mapping;
  if (!host.classic()) {
    mapping.state = host.before;
    return mapping;
  }
  mapping.upgrade_refused = path == model::Path::Upgrade && !upgrade_obstacle(host, target).empty();
  mapping.path = mapping.upgrade_refused ? model::Path::Fresh : path;
  const bool upgrade = mapping.path == model::Path::Upgrade;
  if (upgrade) mapping.disabled = disabled_by_upgrade(host.before);

  auto& state = mapping.state;
  state = host.before;
  state.interfaces.clear();
  for (const auto& placed : upgrade ? placed_upgrade(host.before) : placed_fresh(host.before))
    state.interfaces.push_back(mapped_interface(placed, mapping, state.interfaces.size()));
  state.stacks = {merged_stack(host.before, mapping.lost_gateway)};
  rename_console_portgroups(state);
  one_portgroup_each(state);
  return mapping;
}

}  // namespace esx2esxi::transform
