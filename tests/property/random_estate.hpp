// Estates as they are met: clusters of hosts with one address plan, wrong in one or several of the ways that were
// harmless while the service console had a stack of its own.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/model/policy.hpp"
#include "property/random_host.hpp"

namespace esx2esxi::testing {

inline net::Ipv4Address ip4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return net::Ipv4Address::from_bits(a << 24 | b << 16 | c << 8 | d);
}

/// Networks of cluster k live below 10.(100+k)/16.
struct ClusterPlan {
  unsigned k = 0;
  bool vmotion_with_management = false;
  bool ft = false;
  bool wide_management = false;  ///< /16 over everything of the cluster
  bool second_console = false;   ///< in the subnet of the first
  bool nfs = false;
  bool nfs_routed = false;  ///< server off-link, by the VMkernel's gateway
  bool iscsi_bound = false;
  bool dead_route = false;
};

inline ClusterPlan random_cluster(Random& random, unsigned k) {
  ClusterPlan plan;
  plan.k = k;
  plan.vmotion_with_management = random.one_in(2);
  plan.ft = random.one_in(3);
  plan.wide_management = random.one_in(4);
  plan.second_console = random.one_in(3);
  plan.nfs = random.one_in(2);
  plan.nfs_routed = plan.nfs && random.one_in(2);
  plan.iscsi_bound = random.one_in(3);
  plan.dead_route = random.one_in(5);
  return plan;
}

class HostBuilder {
 public:
  explicit HostBuilder(std::string name) {
    host_.name = std::move(name);
    host_.product = "ESX";
    host_.version = "4.1.0";
    for (const auto stack : {model::kConsole, model::kVmkernel}) {
      model::Stack s;
      s.name = stack;
      host_.before.stacks.push_back(s);
    }
  }

  model::Interface& add(const std::string& name, net::Ipv4Address address, unsigned length, unsigned vlan,
                        std::vector<std::string> active) {
    auto& before = host_.before;
    model::Interface i;
    i.name = i.from = name;
    i.stack = i.is_vswif() ? model::kConsole : model::kVmkernel;
    i.address = address;
    i.netmask = net::Ipv4Prefix::containing(address, length)->netmask();
    i.vlan = *net::VlanId::make(vlan);
    i.vswitch = "vSwitch0";
    i.portgroup = name == "vswif0" ? "Service Console" : "PG-" + name;
    i.uplinks.active = active;
    i.created = static_cast<std::uint16_t>(before.interfaces.size());
    if (before.switches.empty()) {
      model::Switch s;
      s.name = "vSwitch0";
      s.uplinks = s.teaming.active = {"vmnic0", "vmnic1"};
      before.switches.push_back(s);
    }
    model::Portgroup group;
    group.name = i.portgroup;
    group.vlan = i.vlan;
    if (active.size() == 1) group.override = model::Teaming{active, {}};
    before.switches.front().portgroups.push_back(group);
    before.interfaces.push_back(i);
    return before.interfaces.back();
  }

  model::Host& host() { return host_; }

 private:
  model::Host host_;
};

inline model::Host build_host(const ClusterPlan& plan, unsigned n) {
  const auto b = 100 + plan.k;
  const std::vector<std::string> both{"vmnic0", "vmnic1"};
  HostBuilder builder(fmt::format("c{}h{}", plan.k, n));
  auto& before = builder.host().before;
  const unsigned management_length = plan.wide_management ? 16 : 24;
  builder.add("vswif0", ip4(10, b, 10, 10 + n), management_length, 10, both);
  if (plan.second_console) builder.add("vswif1", ip4(10, b, 10, 110 + n), management_length, 10, both);
  before.stacks[0].gateway = ip4(10, b, 10, 1);
  before.stacks[0].gateway_device = "vswif0";
  builder
      .add("vmk0", ip4(10, b, plan.vmotion_with_management ? 10 : 20, 60 + n),
           plan.vmotion_with_management ? management_length : 24, 20, both)
      .services.add(model::Service::VMotion);
  unsigned vmk = 1;
  const auto next = [&] { return "vmk" + std::to_string(vmk++); };
  if (plan.ft) {
    builder.add(next(), ip4(10, b, 20, 160 + n), 24, 20, both).services.add(model::Service::FaultToleranceLogging);
  }
  if (plan.nfs) {
    builder.add(next(), ip4(10, b, 30, 10 + n), 24, 30, both);
    before.nfs.push_back({"ds1", to_string(ip4(10, b, 30, 5)), "/vol/ds1", false, {}});
    if (plan.nfs_routed) {
      before.nfs.push_back({"far", to_string(ip4(10, b + 100, 1, 5)), "/vol/far", false, {}});
      before.stacks[1].gateway = ip4(10, b, 30, 254);
    }
  }
  if (plan.iscsi_bound) {
    builder.add(next(), ip4(10, b, 50, 10 + n), 24, 50, {"vmnic0"}).bound_to = "vmhba33";
    builder.add(next(), ip4(10, b, 50, 110 + n), 24, 50, {"vmnic1"}).bound_to = "vmhba33";
    before.iscsi.adapters = {"vmhba33"};
    before.iscsi.targets.push_back({ip4(10, b, 50, 5), {}});
  }
  if (plan.dead_route) {
    model::Route route;
    route.network = *net::Ipv4Prefix::parse("10.240.0.0/16");
    route.next_hop = ip4(10, 250, 0, 1);
    route.origin = "static";
    before.stacks[0].routes.push_back(route);
  }
  before.dns.servers.push_back({ip4(10, 99, 1, 21), {}});
  return std::move(builder.host());
}

struct RandomEstate {
  model::Estate estate;
  model::Policy policy;
  model::Pools pools;
};

inline void add_pool(model::Pools& pools, unsigned k, unsigned c, std::string purpose) {
  model::Pool pool;
  pool.network = *net::Ipv4Prefix::containing(ip4(172, 16 + k, c, 0), 24);
  pool.vlan = *net::VlanId::make(1000 + k * 10 + c);
  pool.gateway = ip4(172, 16 + k, c, 1);
  pool.purpose = std::move(purpose);
  pool.cluster = fmt::format("C{}", k);
  pool.first = ip4(172, 16 + k, c, 2);
  pool.last = ip4(172, 16 + k, c, 254);
  pools.push_back(pool);
}

inline RandomEstate random_estate(std::uint64_t seed) {
  Random random(seed);
  RandomEstate out;
  const auto clusters = 1 + random.below(3);
  for (unsigned k = 0; k < clusters; ++k) {
    const auto plan = random_cluster(random, k);
    model::Cluster cluster;
    cluster.name = fmt::format("C{}", k);
    const auto hosts = 1 + random.below(4);
    for (unsigned n = 0; n < hosts; ++n) {
      auto host = build_host(plan, n);
      host.cluster = cluster.name;
      cluster.hosts.push_back(host.name);
      out.estate.hosts.push_back(std::move(host));
    }
    out.policy.clusters.push_back(cluster);
    unsigned c = 0;
    for (const auto* purpose : {"management", "vmotion", "faultToleranceLogging"}) add_pool(out.pools, k, c++, purpose);
  }
  for (auto& host : out.estate.hosts) model::derive_services(host, out.policy);
  return out;
}

}  // namespace esx2esxi::testing
