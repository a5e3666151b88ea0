// From one state of a host to another: ordered steps with reason and undo. Rollback is compose(after, mapped).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/target.hpp"

namespace esx2esxi::plan {

enum class Action : std::uint8_t {
  AddPortgroup,         ///< portgroup, vswitch
  SetPortgroupVlan,     ///< portgroup, vlan
  SetPortgroupUplinks,  ///< portgroup, active, standby
  InheritUplinks,       ///< portgroup
  RemovePortgroup,      ///< portgroup, vswitch
  Unbind,               ///< interface, adapter
  Bind,                 ///< interface, adapter, forced (only "true": the host would refuse it otherwise)
  RemoveTag,            ///< interface, tag
  AddTag,               ///< interface, tag
  RemoveInterface,      ///< interface
  AddStack,             ///< stack
  RemoveStack,          ///< stack
  AddInterface,         ///< interface, portgroup, mtu, mac, stack
  SetAddress,           ///< interface, type (static|dhcp|none), address, netmask, gateway
  SetEnabled,           ///< interface, enabled
  SetMtu,               ///< interface, mtu
  RemoveRoute,          ///< stack, network, next_hop
  AddRoute,             ///< stack, network, next_hop
  RemoveGateway,        ///< stack, gateway
  SetGateway,           ///< stack, gateway
  Unmount,              ///< NFS: volume
  Mount,                ///< NFS: volume, host, share, read_only
};
std::string_view to_string(Action action);  ///< "set-address"

struct Step {
  unsigned n = 0;
  Action action = Action::SetAddress;
  std::string interface;                                       ///< may be empty
  std::vector<std::pair<std::string, std::string>> arguments;  ///< in the order given beside the action
  std::string why;                                             ///< slug of the finding, or of what made it necessary
  std::string undo;                                            ///< one line
  std::string interrupts;                                      ///< the services that stop meanwhile; empty: none
  unsigned seconds = 1;                                        ///< estimate

  std::string_view argument(std::string_view name) const;  ///< empty if absent
};

struct Composition {
  std::vector<Step> steps;
  std::vector<std::string> obstacles;  ///< why a script cannot do it; not empty: no script is written
};

/// `why` maps mapped interface names (and "route A/L") to the slug of the finding that moves them.
Composition compose(const model::State& from, const model::State& to, model::Target target,
                    const std::vector<std::pair<std::string, std::string>>& why);

}  // namespace esx2esxi::plan
