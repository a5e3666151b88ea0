// Estates in a few words: esx("esx01").console("10.0.0.5/24").vmk("vmk0", "10.0.0.9/24", {Service::VMotion}).
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/policy.hpp"
#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/readdress/propose.hpp"

namespace esx2esxi::testing {

using model::Service;
using model::Services;

inline net::Ipv4Address ip(std::string_view text) { return net::Ipv4Address::parse(text).value(); }
inline net::Ipv4Prefix net_of(std::string_view text) { return net::Ipv4Prefix::parse(text).value(); }
inline net::VlanId vlan_id(unsigned id) { return *net::VlanId::make(id); }

/// A classic host with one vSwitch and a port group for each interface.
class HostScene {
 public:
  explicit HostScene(std::string name) {
    host_.name = std::move(name);
    host_.product = "ESX";
    host_.version = "4.1.0";
    for (const auto stack : {model::kConsole, model::kVmkernel}) {
      model::Stack s;
      s.name = stack;
      host_.before.stacks.push_back(std::move(s));
    }
    model::Switch vswitch;
    vswitch.name = "vSwitch0";
    vswitch.uplinks = vswitch.teaming.active = {"vmnic0", "vmnic1"};
    host_.before.switches.push_back(std::move(vswitch));
  }

  HostScene& in(std::string cluster) {
    host_.cluster = std::move(cluster);
    return *this;
  }
  HostScene& console(std::string_view address) { return add("vswif" + std::to_string(vswifs_++), address, {}); }
  HostScene& vmk(const std::string& name, std::string_view address, Services services = {}) {
    return add(name, address, services);
  }
  HostScene& gateway(std::string_view address) {
    host_.before.stacks[0].gateway = ip(address);
    return *this;
  }
  HostScene& vmkernel_gateway(std::string_view address) {
    host_.before.stacks[1].gateway = ip(address);
    return *this;
  }
  HostScene& console_route(std::string_view network, std::string_view hop) { return route(0, network, hop); }
  HostScene& vmkernel_route(std::string_view network, std::string_view hop) { return route(1, network, hop); }
  HostScene& nfs(std::string_view server) {
    host_.before.nfs.push_back(
        {"ds" + std::to_string(host_.before.nfs.size()), std::string(server), "/vol", false, {}});
    return *this;
  }
  HostScene& target(std::string_view address) {
    host_.before.iscsi.targets.push_back({ip(address), {}});
    return *this;
  }
  HostScene& dns(std::string_view address) {
    host_.before.dns.servers.push_back({ip(address), {}});
    return *this;
  }
  /// Of the interface added last.
  HostScene& bound(std::string uplink, std::vector<std::string> standby = {}) {
    auto& last = host_.before.interfaces.back();
    last.bound_to = "vmhba33";
    last.uplinks = {{std::move(uplink)}, std::move(standby)};
    host_.before.switches.front().portgroups.back().override = last.uplinks;
    host_.before.iscsi.adapters = {"vmhba33"};
    return *this;
  }
  HostScene& vlan(unsigned id) {
    host_.before.interfaces.back().vlan = vlan_id(id);
    host_.before.switches.front().portgroups.back().vlan = vlan_id(id);
    return *this;
  }
  HostScene& mask(std::string_view text) {
    host_.before.interfaces.back().netmask = ip(text);
    return *this;
  }
  HostScene& dhcp() {
    host_.before.interfaces.back().dhcp = true;
    return *this;
  }
  HostScene& disabled() {
    host_.before.interfaces.back().enabled = false;
    return *this;
  }

  model::Host& host() { return host_; }

 private:
  HostScene& route(std::size_t stack, std::string_view network, std::string_view hop) {
    host_.before.stacks[stack].routes.push_back({net_of(network), ip(hop), "", "static", {}});
    return *this;
  }
  /// "10.0.0.5/24"; "": no address.
  HostScene& add(const std::string& name, std::string_view address, Services services) {
    model::Interface i;
    i.name = i.from = name;
    i.stack = i.is_vswif() ? model::kConsole : model::kVmkernel;
    if (!address.empty()) {
      const auto slash = address.find('/');
      i.address = ip(address.substr(0, slash));
      i.netmask =
          net::Ipv4Prefix::containing(*i.address, static_cast<unsigned>(*number(address.substr(slash + 1))))->netmask();
    }
    i.vlan = vlan_id(0);
    i.vswitch = "vSwitch0";
    i.portgroup = "PG " + name;
    i.uplinks = host_.before.switches.front().teaming;
    i.services = services;
    i.created = static_cast<std::uint16_t>(host_.before.interfaces.size());
    model::Portgroup group;
    group.name = i.portgroup;
    group.vlan = i.vlan;
    host_.before.switches.front().portgroups.push_back(std::move(group));
    host_.before.interfaces.push_back(std::move(i));
    return *this;
  }

  model::Host host_;
  unsigned vswifs_ = 0;
};

inline HostScene esx(std::string name) { return HostScene(std::move(name)); }

/// An estate with what a proposal needs besides.
struct Scene {
  model::Estate estate;
  model::Policy policy = intake::default_policy();
  model::Pools pools;
  model::Target target{8, 0};
  model::Path path = model::Path::Fresh;
  unsigned jobs = 1;
  readdress::FormerAddresses former;

  Scene& with(HostScene host) {
    estate.hosts.push_back(std::move(host.host()));
    return *this;
  }
  /// "10.0.9.0/24", VLAN, gateway or "", purpose, cluster
  Scene& pool(std::string_view network, unsigned vlan, std::string_view gateway, std::string purpose,
              std::string cluster = "") {
    model::Pool p;
    p.network = net_of(network);
    p.vlan = vlan_id(vlan);
    if (!gateway.empty()) p.gateway = ip(gateway);
    p.purpose = std::move(purpose);
    p.cluster = std::move(cluster);
    p.first = net::Ipv4Address::from_bits(p.network.network().bits() + 2);
    p.last = net::Ipv4Address::from_bits(p.network.broadcast().bits() - 1);
    pools.push_back(std::move(p));
    return *this;
  }

  readdress::Proposal propose() {
    auto copy = estate;
    for (auto& host : copy.hosts) {
      if (!host.cluster.empty() && !policy.cluster(host.cluster))
        policy.clusters.push_back({host.cluster, {}, {}, {}, {}});
      model::derive_services(host, policy);
    }
    std::vector<transform::Mapping> mappings;
    std::vector<std::vector<model::Endpoint>> endpoints;
    for (const auto& host : copy.hosts) {
      mappings.push_back(transform::map_host(host, target, path));
      endpoints.push_back(model::endpoints_of(host, policy, copy));
    }
    readdress::Request request{copy,   mappings, endpoints,    policy, pools, rules::built_in_catalogue(),
                               target, path,     {2026, 3, 1}, jobs};
    request.former = &former;
    return readdress::propose(request);
  }
};

/// "vmk1 10.0.9.5/24" of the planned state, by classic name; "-" if it is gone.
inline std::string planned(const readdress::HostProposal& host, std::string_view classic) {
  const auto* interface = host.after.interface_from(classic);
  return interface ? address_text(*interface) : "-";
}

/// One line each: "re-address vmk1 10.0.0.9/24 -> 10.0.9.9/24 VLAN 9"
inline std::vector<std::string> told(const readdress::HostProposal& host) {
  std::vector<std::string> lines;
  for (const auto& r : host.remedies)
    lines.push_back(fmt::format("{} {} {} -> {}", to_string(r.kind), r.interface, r.from_value, r.to_value));
  return lines;
}

inline std::vector<std::string> routes(const readdress::HostProposal& host, std::string_view stack) {
  std::vector<std::string> out;
  if (const auto* s = host.after.stack(stack))
    for (const auto& r : s->routes) out.push_back(fmt::format("{} by {}", r.network, r.next_hop));
  return out;
}

}  // namespace esx2esxi::testing
