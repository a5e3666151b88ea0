// A plan of one host, with the steps that lead from one state to another: for renderings of the step list.
#pragma once

#include <catch2/catch.hpp>

#include "../plan/hosts.hpp"

#include "esx2esxi/plan/plan.hpp"

namespace test {

inline plan::Plan composed_plan(const model::State& from, const model::State& to, model::Target target) {
  plan::Plan plan;
  plan.target = target;
  plan::HostPlan host;
  host.name = "esx01";
  host.mapped = from;
  host.after = to;
  host.mapped.dns.host = host.after.dns.host = "esx01";
  auto composed = plan::compose(host.mapped, host.after, target, {});
  for (const auto& obstacle : composed.obstacles) FAIL(obstacle);
  REQUIRE(composed.obstacles.empty());
  host.steps = std::move(composed.steps);
  plan.hosts.push_back(std::move(host));
  return plan;
}

/// Management and vMotion in one subnet.
inline Host host_with_vmotion() {
  Host host;
  host.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.1.0.6/24", "VMotion", kVMotion})
      .gateway("10.1.0.1");
  return host;
}

/// An interface that software iSCSI is bound to.
inline Host bound_host(const std::string& address) {
  auto built =
      Host()
          .vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
          .portgroup("iSCSI", 50, model::Teaming{{"vmnic2"}, {}})
          .vmk({.name = "vmk1", .address = address, .portgroup = "iSCSI", .services = kIscsi, .bound_to = "vmhba33"});
  built.edit().interfaces.back().uplinks = {{"vmnic2"}, {}};
  return built;
}

}  // namespace test
