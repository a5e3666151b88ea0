// Classic ESX -> ESXi: every vswif becomes a vmk, all share one netstack (KB 2010877).
//
//   fresh     vswif0 (management) -> vmk0, vswif1 -> vmk1, vmk0 -> vmk2, vmk1 -> vmk3
//   upgrade   vmk0 -> vmk0, vmk1 -> vmk1, vswif0 -> vmk2 ...   (vSphere 5.5 Upgrade guide, GUID-F2B101A9)
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/target.hpp"

namespace esx2esxi::transform {

struct Mapping {
  model::State state;
  model::Path path = model::Path::Fresh;         ///< the path that was followed
  bool upgrade_refused = false;                  ///< an upgrade was asked for that does not exist: followed fresh
  std::vector<std::string> disabled;             ///< classic names of the vmks that VMware's upgrade disables
  std::optional<net::Ipv4Address> lost_gateway;  ///< the default gateway that the one stack cannot keep
};

/// Total: every host has a mapping. An ESXi host is its own.
Mapping map_host(const model::Host& host, model::Target target, model::Path path);

/// The vswif that carries management: GATEWAYDEV's, else the one whose range holds the console gateway, else the first
/// usable one by number. Null if there is none.
const model::Interface* management_of(const model::State& before);

/// Why the in-place upgrade does not exist for this host; empty if it does.
std::string upgrade_obstacle(const model::Host& host, model::Target target);

}  // namespace esx2esxi::transform
