// Which addresses a host talks from, before the migration and after the plan.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

/// One conversation of a host with something outside of it.
struct Flow {
  const model::Endpoint* endpoint = nullptr;
  std::vector<net::Ipv4Address> old_sources;  ///< sorted; what the other side sees today
  std::vector<net::Ipv4Address> new_sources;  ///< sorted; what it will see
  bool was_routed = false;                    ///< off-link today
  bool routed = false;                        ///< off-link after the plan: a firewall may stand in between

  bool another_source() const { return old_sources != new_sources; }
  /// Something outside may notice.
  bool changes() const { return another_source() || (routed && !was_routed); }
};

/// Towards every endpoint that is no peer. `endpoints` must outlive the flows.
std::vector<Flow> flows_of(const HostPlan& host, const std::vector<model::Endpoint>& endpoints);

}  // namespace esx2esxi::plan
