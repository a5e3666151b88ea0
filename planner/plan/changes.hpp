// What differs between two ESXi states, sorted by what a script must do about it; not yet in order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/target.hpp"

namespace esx2esxi::plan {

/// One port group of a standard switch.
struct PortgroupChange {
  const model::Switch* vswitch = nullptr;
  const model::Portgroup* from = nullptr;  ///< null: added
  const model::Portgroup* to = nullptr;    ///< null: removed
  bool vlan = false;
  bool uplinks = false;  ///< own order set, changed or given up

  const std::string& name() const { return to ? to->name : from->name; }
};

/// One interface.
struct InterfaceChange {
  const model::Interface* from = nullptr;  ///< null: added
  const model::Interface* to = nullptr;    ///< null: removed
  bool rebuild = false;  ///< removed and added again: no verb moves a vmk to another stack or port group
  bool address = false;
  bool enabled = false;
  bool mtu = false;
  bool link = false;     ///< its port group's VLAN or uplinks change
  bool binding = false;  ///< bound to another adapter, or to none
  bool tags = false;
  bool late = false;               ///< management is at stake: last of all
  std::vector<std::size_t> after;  ///< changes that must be done first: they hold its port group, address or range

  const std::string& name() const { return to ? to->name : from->name; }
  bool any() const { return !from || !to || rebuild || address || enabled || mtu || link || binding || tags; }
  /// What goes by this interface does not stay up.
  bool moves() const { return from && (!to || rebuild || address || enabled); }
  /// A bound interface is not reconfigured: it is unbound first (facts 17 and 8.1 of the command reference).
  bool unbinds() const {
    return from && !from->bound_to.empty() && (binding || !to || rebuild || address || enabled || mtu || link);
  }
};

struct Changes {
  std::vector<InterfaceChange> interfaces;  ///< those that change; in the order of `to`, removed ones last
  std::vector<PortgroupChange> portgroups;  ///< the same

  const InterfaceChange* of(std::string_view interface) const;
};

Changes changes_between(const model::State& from, const model::State& to, model::Target target);

/// Whether an interface carries `next_hop` all the time: it is there before and after, enabled, in the same stack, and
/// has the hop in its range in both.
bool carries_throughout(const model::State& from, const model::State& to, const Changes& changes,
                        std::string_view stack, net::Ipv4Address next_hop);

/// Why a script cannot go from one to the other, as far as the changes show it.
std::vector<std::string> obstacles(const model::State& from, const model::State& to, const Changes& changes,
                                   model::Target target);

}  // namespace esx2esxi::plan
