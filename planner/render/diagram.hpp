// The pictures of the dossier: how a host, and a cluster, is wired before and after.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "svg.hpp"

namespace esx2esxi::render {

enum class When : std::uint8_t { Before, After };

inline constexpr int kHostWidth = 944;
inline constexpr int kClusterWidth = 760;

/// Stacks with gateway and routes, interfaces, port groups with VLAN, switches, uplinks; from left to right.
Svg host_diagram(const plan::HostPlan& host, When when);
/// What the picture shows, in words: "pier01 as planned: vmk0 10.0.0.5/24 on Management Network VLAN 110, ..."
std::string host_label(const plan::HostPlan& host, When when);

/// Which networks the hosts share, and which services stand in each.
Svg cluster_diagram(const std::vector<const plan::HostPlan*>& hosts);

/// The path of a cluster's picture; numbered, because names of clusters hold anything.
inline std::string cluster_picture(std::size_t n) { return "diagrams/cluster/" + std::to_string(n) + ".svg"; }

/// One network of a cluster: how many hosts have each service in it.
struct NetworkUse {
  net::Ipv4Prefix network;
  std::vector<std::string> vlans;
  std::vector<std::pair<std::string, std::size_t>> services;  ///< by the order of model::Service
};
std::vector<NetworkUse> networks_of(const std::vector<const plan::HostPlan*>& hosts, When when);

/// "management 5, vmotion 5"
std::string services_text(const NetworkUse& use);

}  // namespace esx2esxi::render
