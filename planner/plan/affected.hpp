#pragma once

#include <vector>

#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

/// What others have to change, from the flows of each host that is not blocked, before the migration and after the
/// plan: who sees another source address, which uplinks carry another VLAN, what names an address that goes. Sorted by
/// wave, kind, system and subject. Needs the plan's hosts and waves.
/// `endpoints` is parallel to the hosts.
std::vector<Ripple> ripple_of(const PlanRequest& request, const std::vector<std::vector<model::Endpoint>>& endpoints,
                              const Plan& plan);

/// The HA options of one cluster: isolation addresses and networks that go. They change after its last wave.
void add_ha_options(const Plan& plan, const model::Cluster& cluster, std::vector<Ripple>& out);

}  // namespace esx2esxi::plan
