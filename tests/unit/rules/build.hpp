// Hosts in the words of the domain, for tests:
//
//   auto scene = esx("esx01").console("vswif0", "10.0.0.5/24").vmkernel("vmk0",
//   "10.0.0.9/24").carries(Service::VMotion)
//                    .gateway("10.0.0.1").scene();
//   scene.of("same-subnet")
//
// What speaks of an interface (on, vlan, uplinks, bound ...) means the one named last.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::test {

using model::Path;
using model::Service;
using model::Target;
using rules::Finding;
using rules::Stage;

inline net::Ipv4Address ip(std::string_view text) { return net::Ipv4Address::parse(text).value(); }
inline net::Ipv4Prefix net_of(std::string_view text) { return net::Ipv4Prefix::parse(text).value(); }
inline Origin at(std::string file, std::uint32_t line) { return {FileName(std::move(file)), line, 1}; }

/// "10.0.0.5/24" into address and netmask; "" leaves both unset.
inline void set_address(model::Interface& interface, std::string_view text) {
  interface.address.reset();
  interface.netmask.reset();
  if (text.empty()) return;
  const auto slash = text.find('/');
  interface.address = ip(text.substr(0, slash));
  if (slash == std::string_view::npos) return;
  const auto length = static_cast<unsigned>(number(text.substr(slash + 1)).value());
  interface.netmask = net::Ipv4Prefix::containing(*interface.address, length).value().netmask();
}

/// A host before, mapped and perhaps planned, with all that judging needs.
struct Scene {
  model::Host host;
  std::vector<model::Endpoint> endpoints;
  model::Policy policy;
  Target target;
  Path path = Path::Fresh;
  transform::Mapping mapping;
  std::optional<model::State> planned;

  rules::Situation situation() const {
    return {host,   mapping, planned ? *planned : mapping.state,      endpoints, policy,
            target, path,    planned ? Stage::Planned : Stage::Mapped};
  }
  /// All findings; today is 2026-03-01.
  std::vector<Finding> judge() const {
    return rules::judge_host(situation(), rules::built_in_catalogue(), {2026, 3, 1});
  }
  std::vector<Finding> of(std::string_view slug) const {
    auto all = judge();
    std::erase_if(all, [&](const Finding& f) { return f.rule != slug; });
    return all;
  }
  /// The slugs found, each once, sorted, joined by blanks.
  std::string slugs() const {
    std::vector<std::string> all;
    for (const auto& finding : judge()) all.push_back(finding.rule);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return join(all, " ");
  }
  /// Judges the planned state that `change` makes of the mapped one.
  Scene& plan(const std::function<void(model::State&)>& change) {
    planned = mapping.state;
    change(*planned);
    return *this;
  }
};

class HostBuilder {
 public:
  HostBuilder(std::string name, std::string product, std::string version) {
    scene_.host.name = std::move(name);
    scene_.host.product = std::move(product);
    scene_.host.version = std::move(version);
    scene_.host.origins.set("version", at(scene_.host.name + "/version", 1));
    if (scene_.host.classic()) {
      stack(model::kConsole);
      stack(model::kVmkernel);
    } else {
      stack(model::kDefaultStack);
    }
  }

  // --- interfaces ---
  HostBuilder& console(std::string name, std::string_view address = {}) {
    return add(std::move(name), address, std::string(model::kConsole)).carries(Service::Management);
  }
  HostBuilder& vmkernel(std::string name, std::string_view address = {}) {
    const auto stack = scene_.host.classic() ? model::kVmkernel : model::kDefaultStack;
    return add(std::move(name), address, std::string(stack));
  }
  HostBuilder& in_stack(std::string_view name) {
    stack(name);
    last().stack = name;
    return *this;
  }
  HostBuilder& on(std::string vswitch) {
    last().vswitch = vswitch;
    return vswitch_named(std::move(vswitch));
  }
  HostBuilder& portgroup(std::string name) {
    last().portgroup = std::move(name);
    return *this;
  }
  HostBuilder& vlan(unsigned id) {
    last().vlan = net::VlanId::make(id).value();
    return *this;
  }
  HostBuilder& vlan_unknown() {
    last().vlan.reset();
    return *this;
  }
  HostBuilder& uplinks(std::vector<std::string> active, std::vector<std::string> standby = {}) {
    last().uplinks = {std::move(active), std::move(standby)};
    return *this;
  }
  HostBuilder& bound(std::string adapter) {
    last().bound_to = std::move(adapter);
    return carries(Service::Iscsi);
  }
  HostBuilder& mtu(unsigned bytes) {
    last().mtu = bytes;
    return *this;
  }
  HostBuilder& mask(std::string_view text) {
    last().netmask = ip(text);
    return *this;
  }
  HostBuilder& dhcp() {
    last().dhcp = true;
    return *this;
  }
  HostBuilder& disabled() {
    last().enabled = false;
    return *this;
  }
  HostBuilder& carries(Service service) {
    last().services.add(service);
    return *this;
  }
  HostBuilder& gateway_of_its_own(std::string_view address) {
    last().gateway_override = ip(address);
    return *this;
  }

  // --- stacks and switches ---
  HostBuilder& gateway(std::string_view address, std::string device = {}) {
    auto& s = stack(scene_.host.classic() ? model::kConsole : model::kDefaultStack);
    s.gateway_device = std::move(device);
    return set_gateway(s, address);
  }
  HostBuilder& kernel_gateway(std::string_view address) { return set_gateway(stack(model::kVmkernel), address); }
  HostBuilder& gateway_of(std::string_view name, std::string_view address) { return set_gateway(stack(name), address); }
  HostBuilder& route(std::string_view network, std::string_view hop) {
    return add_route(stack(scene_.host.classic() ? model::kConsole : model::kDefaultStack), network, hop);
  }
  HostBuilder& kernel_route(std::string_view network, std::string_view hop) {
    return add_route(stack(model::kVmkernel), network, hop);
  }
  HostBuilder& vswitch_named(std::string name, std::optional<unsigned> mtu = {}) {
    auto& switches = scene_.host.before.switches;
    auto it = std::find_if(switches.begin(), switches.end(), [&](const model::Switch& s) { return s.name == name; });
    if (it == switches.end()) {
      model::Switch s;
      s.name = std::move(name);
      it = switches.insert(switches.end(), std::move(s));
    }
    if (mtu) it->mtu = mtu;
    return *this;
  }

  // --- the world around ---
  HostBuilder& reaches(Service service, std::string_view address, std::string name = "server") {
    return endpoint(service, address, std::move(name));
  }
  HostBuilder& peer(Service service, std::string_view address, std::string name = "peer") {
    endpoint(service, address, std::move(name));
    scene_.endpoints.back().peer = true;
    return *this;
  }
  HostBuilder& cluster(std::string name) {
    scene_.host.cluster = name;
    model::Cluster cluster;
    cluster.name = std::move(name);
    cluster.hosts = {scene_.host.name};
    scene_.policy.clusters = {cluster};
    return *this;
  }
  HostBuilder& isolation(std::string_view address) {
    if (scene_.policy.clusters.empty()) cluster("A");
    scene_.policy.clusters.front().isolation_addresses.push_back({ip(address), at("policy.info", 7)});
    return *this;
  }
  HostBuilder& allow_network(std::string name) {
    if (scene_.policy.clusters.empty()) cluster("A");
    scene_.policy.clusters.front().allow_networks.push_back({std::move(name), at("policy.info", 8)});
    return *this;
  }
  HostBuilder& doubt(model::Doubt doubt) {
    scene_.host.doubts.push_back(std::move(doubt));
    return *this;
  }
  HostBuilder& to(Target target, Path path = Path::Fresh) {
    scene_.target = target;
    scene_.path = path;
    return *this;
  }
  /// Anything else.
  HostBuilder& with(const std::function<void(Scene&)>& change) {
    change(scene_);
    return *this;
  }

  model::Host host() const {
    auto host = scene_.host;
    // A port group for each interface, so that the mapping finds them.
    for (const auto& interface : host.before.interfaces)
      for (auto& vswitch : host.before.switches)
        if (vswitch.name == interface.vswitch && !host.before.portgroup(interface.portgroup).second)
          vswitch.portgroups.push_back({interface.portgroup, interface.vlan, interface.uplinks, {}});
    return host;
  }

  Scene scene() const {
    auto scene = scene_;
    scene.host = host();
    scene.mapping = transform::map_host(scene.host, scene.target, scene.path);
    return scene;
  }

 private:
  model::Interface& last() { return scene_.host.before.interfaces.back(); }

  HostBuilder& add(std::string name, std::string_view address, std::string stack) {
    auto& all = scene_.host.before.interfaces;
    model::Interface i;
    i.created = static_cast<std::uint16_t>(all.size());
    i.origins.set("address", at(scene_.host.name + "/esx.conf", i.created + 1U));
    i.portgroup = "PG " + name;
    i.name = i.from = std::move(name);
    i.stack = std::move(stack);
    i.vlan = net::VlanId();
    i.uplinks.active = {"vmnic0"};
    set_address(i, address);
    all.push_back(std::move(i));
    return on("vSwitch0");
  }

  model::Stack& stack(std::string_view name) {
    auto& before = scene_.host.before;
    if (auto* known = before.stack(name)) return *known;
    model::Stack s;
    s.name = name;
    before.stacks.push_back(std::move(s));
    return before.stacks.back();
  }
  HostBuilder& set_gateway(model::Stack& stack, std::string_view address) {
    stack.gateway = ip(address);
    stack.origins.set("gateway", at(scene_.host.name + "/network", 3));
    return *this;
  }
  HostBuilder& add_route(model::Stack& stack, std::string_view network, std::string_view hop) {
    model::Route route;
    route.network = net_of(network);
    route.next_hop = ip(hop);
    route.origin = "static";
    route.origins.set("network", at(scene_.host.name + "/routes", static_cast<std::uint32_t>(stack.routes.size() + 1)));
    stack.routes.push_back(std::move(route));
    return *this;
  }
  HostBuilder& endpoint(Service service, std::string_view address, std::string name) {
    model::Endpoint e;
    e.name = std::move(name);
    e.address = ip(address);
    e.service = service;
    e.storage = service == Service::Nfs || service == Service::Iscsi;
    scene_.endpoints.push_back(std::move(e));
    return *this;
  }

  Scene scene_;
};

/// A classic host; ESX 4.1 unless said otherwise.
inline HostBuilder esx(std::string name, std::string version = "4.1.0") {
  return {std::move(name), "ESX", std::move(version)};
}
/// A host that is ESXi already: judged as it is.
inline HostBuilder esxi(std::string name, std::string version = "6.7.0") {
  return {std::move(name), "ESXi", std::move(version)};
}

/// The classic names of a finding's interfaces, sorted, joined by blanks.
inline std::string names(const Finding& finding) {
  std::vector<std::string> all;
  for (const auto& ref : finding.interfaces) all.push_back(ref.host.empty() ? ref.from : ref.host + ":" + ref.from);
  std::sort(all.begin(), all.end());
  return join(all, " ");
}

inline std::string addresses(const Finding& finding) { return join(finding.addresses, " "); }

}  // namespace esx2esxi::test
