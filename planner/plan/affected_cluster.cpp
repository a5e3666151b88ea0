// What a cluster's HA options name.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "affected.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::plan {

using model::Interface;
using model::Service;
using net::Ipv4Address;

namespace {

std::string listed(const std::set<Ipv4Address>& addresses) {
  std::vector<std::string> all;
  for (const auto address : addresses) all.push_back(to_string(address));
  return join(all, ", ");
}

/// HA options of a cluster: isolation addresses that go, networks by names that go. After its last wave.
class ClusterRipple {
 public:
  ClusterRipple(const Plan& plan, const model::Cluster& cluster) : cluster_(cluster) {
    for (const auto& host : plan.hosts)
      if (host.cluster == cluster.name && host.status != Status::Blocked) members_.push_back(&host);
    for (const auto& wave : plan.waves)
      if (wave.cluster == cluster.name && wave.kind == WaveKind::Migrate) last_wave_ = std::max(last_wave_, wave.n);
  }

  void run(std::vector<Ripple>& out) const {
    if (members_.empty()) return;
    for (const auto& address : cluster_.isolation_addresses)
      if (goes(address.value)) out.push_back(isolation(address.value));
    for (const auto& network : cluster_.allow_networks)
      for (const auto& [now, hosts] : names_after(network.value))
        out.push_back(allow_network(network.value, now, hosts));
  }

 private:
  std::set<Ipv4Address> gateways(bool after) const {
    std::set<Ipv4Address> all;
    for (const auto* host : members_)
      for (const auto& stack : (after ? host->after : host->before).stacks)
        if (stack.gateway && !stack.gateway->is_unspecified()) all.insert(*stack.gateway);
    return all;
  }

  static bool on_link(const model::State& state, Ipv4Address address) {
    return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
      return i.enabled && i.services.has(Service::Management) && i.range() && i.range()->contains(address);
    });
  }

  /// A gateway that the plan gives up, or a neighbour of management that is none any more.
  bool goes(Ipv4Address address) const {
    if (gateways(false).contains(address) && !gateways(true).contains(address)) return true;
    return std::any_of(members_.begin(), members_.end(), [&](const HostPlan* host) {
      return on_link(host->before, address) && !on_link(host->after, address);
    });
  }

  Ripple option(std::string subject, std::string from, std::string to) const {
    Ripple ripple;
    ripple.kind = RippleKind::HaOption;
    ripple.system = fmt::format("vSphere HA of {}", cluster_.name);
    ripple.subject = std::move(subject);
    ripple.cluster = cluster_.name;
    for (const auto* host : members_) ripple.hosts.push_back(host->name);
    ripple.old_value = std::move(from);
    ripple.new_value = std::move(to);
    ripple.before = false;
    ripple.wave = last_wave_;
    ripple.who = "virtualisation team";
    return ripple;
  }

  Ripple isolation(Ipv4Address address) const {
    std::set<Ipv4Address> now;
    for (const auto* host : members_)
      if (const auto* stack = host->after.stack(model::kDefaultStack); stack && stack->gateway)
        now.insert(*stack->gateway);
    auto ripple = option("das.isolationaddress", to_string(address), listed(now));
    ripple.why = "It is no address that the hosts' management can rely on after the plan.";
    ripple.to_be_confirmed = now.size() != 1;
    return ripple;
  }

  /// What the port group of a host's interface is called after the plan, where that is not `name`, and on which hosts;
  /// empty: the plan drops the interface there.
  std::map<std::string, std::vector<std::string>> names_after(const std::string& name) const {
    std::map<std::string, std::vector<std::string>> hosts;
    for (const auto* host : members_)
      for (const auto& old : host->before.interfaces) {
        if (old.portgroup != name || !old.enabled) continue;
        const auto* now = host->after.interface_from(old.from.empty() ? old.name : old.from);
        const auto name_now = now ? now->portgroup : std::string();
        if (name_now == name) continue;
        auto& there = hosts[name_now];
        if (there.empty() || there.back() != host->name) there.push_back(host->name);
      }
    return hosts;
  }

  Ripple allow_network(const std::string& from, const std::string& to, const std::vector<std::string>& hosts) const {
    auto ripple = option("das.allowNetwork", from, to);
    ripple.hosts = hosts;
    ripple.why = to.empty() ? "The plan drops the interface in that port group: HA finds no such network there."
                            : "The port group is called otherwise on ESXi.";
    return ripple;
  }

  const model::Cluster& cluster_;
  std::vector<const HostPlan*> members_;
  unsigned last_wave_ = 0;
};

}  // namespace

void add_ha_options(const Plan& plan, const model::Cluster& cluster, std::vector<Ripple>& out) {
  ClusterRipple(plan, cluster).run(out);
}

}  // namespace esx2esxi::plan
