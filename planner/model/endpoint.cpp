#include "esx2esxi/model/endpoint.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::model {

namespace {

bool concerns(const PolicyEndpoint& endpoint, const Host& host) {
  if (endpoint.clusters.empty() && endpoint.hosts.empty()) return true;
  return std::any_of(endpoint.hosts.begin(), endpoint.hosts.end(),
                     [&](const std::string& name) { return names_host(name, host.name, host.fqdn); }) ||
         (!host.cluster.empty() &&
          std::any_of(endpoint.clusters.begin(), endpoint.clusters.end(),
                      [&](const std::string& name) { return equals_ignoring_case(name, host.cluster); }));
}

/// What people call it; the policy's keys are shorter.
std::string_view spoken(EndpointKind kind) {
  switch (kind) {
    case EndpointKind::Vcenter: return "vCenter";
    case EndpointKind::Dns: return "DNS server";
    case EndpointKind::Ntp: return "NTP server";
    case EndpointKind::Syslog: return "syslog server";
    case EndpointKind::Nfs: return "NFS server";
    case EndpointKind::Iscsi: return "iSCSI target";
    case EndpointKind::Isolation: return "HA isolation address";
    case EndpointKind::Other: return "endpoint";
  }
  return "endpoint";
}

Service service_of(EndpointKind kind) {
  if (kind == EndpointKind::Nfs) return Service::Nfs;
  if (kind == EndpointKind::Iscsi) return Service::Iscsi;
  return Service::Management;
}

/// An address, or a name that the host's own /etc/hosts resolves.
std::optional<net::Ipv4Address> resolve(const std::string& text, const Host& host) {
  if (const auto address = net::Ipv4Address::parse(text)) return *address;
  for (const auto& entry : host.hosts_file)
    for (const auto& name : entry.names)
      if (equals_ignoring_case(name, text)) return entry.address;
  return std::nullopt;
}

class Collector {
 public:
  void add(Endpoint endpoint) { found_.push_back(std::move(endpoint)); }

  /// One per address and service; the first added wins, so what is added first names it. A server that HA pings as well
  /// is a server.
  std::vector<Endpoint> sorted() && {
    const auto key = [](const Endpoint& e) { return std::tie(e.address, e.service); };
    std::stable_sort(found_.begin(), found_.end(), [&](const Endpoint& a, const Endpoint& b) {
      return key(a) != key(b) ? key(a) < key(b) : a.isolation < b.isolation;
    });
    found_.erase(std::unique(found_.begin(), found_.end(),
                             [&](const Endpoint& a, const Endpoint& b) { return key(a) == key(b); }),
                 found_.end());
    return std::move(found_);
  }

 private:
  std::vector<Endpoint> found_;
};

Endpoint endpoint(std::string name, net::Ipv4Address address, Service service, Origin at) {
  Endpoint e;
  e.name = std::move(name);
  e.address = address;
  e.service = service;
  e.storage = service == Service::Nfs || service == Service::Iscsi;
  e.at = std::move(at);
  return e;
}

void add_from_policy(Collector& out, const Host& host, const Policy& policy) {
  for (const auto& p : policy.endpoints) {
    if (!concerns(p, host)) continue;
    auto e = endpoint(fmt::format("{} {}", spoken(p.kind), p.name), p.address, service_of(p.kind), p.at);
    e.isolation = p.kind == EndpointKind::Isolation;
    e.network = p.network;
    e.router = p.router;
    out.add(std::move(e));
  }
  if (const auto* cluster = host.cluster.empty() ? nullptr : policy.cluster(host.cluster))
    for (const auto& address : cluster->isolation_addresses) {
      auto e = endpoint("HA isolation address", address.value, Service::Management, address.at);
      e.isolation = true;
      out.add(std::move(e));
    }
}

void add_from_host(Collector& out, const Host& host) {
  const auto& state = host.before;
  for (const auto& server : state.dns.servers)
    out.add(endpoint("DNS server", server.value, Service::Management, server.at));
  for (const auto& server : state.ntp)
    if (const auto address = resolve(server.value, host))
      out.add(endpoint("NTP server", *address, Service::Management, server.at));
  for (const auto& mount : state.nfs)
    if (const auto address = resolve(mount.server, host))
      out.add(endpoint("NFS server of " + mount.label, *address, Service::Nfs, mount.origins.any()));
  for (const auto& target : state.iscsi.targets)
    out.add(endpoint("iSCSI target", target.value, Service::Iscsi, target.at));
}

void add_peers(Collector& out, const Host& host, const Estate& estate) {
  if (host.cluster.empty()) return;
  for (const auto& other : estate.hosts) {
    if (other.cluster != host.cluster || other.name == host.name) continue;
    for (const auto& interface : other.before.interfaces) {
      if (!interface.enabled || !interface.range()) continue;
      for (const auto service : {Service::Management, Service::VMotion, Service::FaultToleranceLogging}) {
        if (!interface.services.has(service)) continue;
        auto e = endpoint(fmt::format("peer {} {}", other.name, interface.name), *interface.address, service,
                          interface.origins.any());
        e.peer = true;
        out.add(std::move(e));
      }
    }
  }
}

void give(Interface& interface, Service service, const Origin& why) {
  interface.services.add(service);
  if (!interface.origins.find(to_string(service))) interface.origins.set(to_string(service), why);
}

/// The stack in which the kernel's own traffic runs before the migration.
std::string_view kernel_stack(const Host& host) { return host.classic() ? kVmkernel : kDefaultStack; }

/// Gives `service` to the interfaces whose egress leads to the endpoint. Of several that tie, those that carry vMotion
/// or FT logging are left out if others remain: a vMotion interface that strayed into the array's subnet is no path to
/// it.
void mark_egress(State& state, const net::RouteTable& table, const Endpoint& to) {
  const auto& egress = table.lookup(to.address);
  const Services busy{Service::VMotion, Service::FaultToleranceLogging, Service::Management};
  std::vector<Interface*> idle;
  std::vector<Interface*> all;
  for (auto& interface : state.interfaces)
    for (const auto id : egress.interfaces)
      if (interface.created == id && interface.enabled) {
        all.push_back(&interface);
        if (!interface.services.intersects(busy)) idle.push_back(&interface);
      }
  for (auto* interface : idle.empty() ? all : idle) give(*interface, to.service, to.at);
}

bool holds_target(const Interface& interface, const std::vector<Endpoint>& endpoints) {
  const auto range = interface.range();
  return range && std::any_of(endpoints.begin(), endpoints.end(), [&](const Endpoint& e) {
           return e.service == Service::Iscsi && range->contains(e.address);
         });
}

/// A vswif carries management, unless it is a further one that stands beside the iSCSI targets (ESX 3.x discovery), or
/// has no address that means anything.
void mark_console(State& state, const std::vector<Endpoint>& endpoints) {
  const auto* console = std::as_const(state).stack(kConsole);
  const Interface* first = nullptr;
  for (const auto& interface : state.interfaces)
    if (interface.is_vswif() && interface.enabled && (interface.addressed() || interface.dhcp) &&
        (!first || natural_less(interface.name, first->name)))
      first = &interface;
  for (auto& interface : state.interfaces) {
    if (!interface.is_vswif()) continue;
    const auto range = interface.range();
    const bool holds_gateway = console && console->gateway && range && range->contains(*console->gateway);
    const bool named = console && interface.name == console->gateway_device;
    if (&interface != first && !named && !holds_gateway && holds_target(interface, endpoints))
      give(interface, Service::Iscsi, interface.origins.any());
    else if (interface.addressed() || interface.dhcp)
      give(interface, Service::Management, interface.origins.any());
  }
}

}  // namespace

std::vector<Endpoint> endpoints_of(const Host& host, const Policy& policy, const Estate& estate) {
  Collector out;
  add_from_policy(out, host, policy);
  add_from_host(out, host);
  add_peers(out, host, estate);
  return std::move(out).sorted();
}

void derive_services(Host& host, const Policy& policy) {
  Collector out;
  add_from_policy(out, host, policy);
  add_from_host(out, host);
  const auto endpoints = std::move(out).sorted();
  auto& state = host.before;
  if (host.classic()) mark_console(state, endpoints);
  const auto stack = kernel_stack(host);
  for (auto& interface : state.interfaces)
    if (!interface.bound_to.empty()) {
      const auto* binding = interface.origins.find("bound_to");
      give(interface, Service::Iscsi, binding ? *binding : interface.origins.any());
    }
  const auto table = table_of(state, stack);
  for (const auto& e : endpoints)
    if (e.storage) mark_egress(state, table, e);
}

namespace {

/// One spelling a cluster: the policy's, else the first by bytes.
void spell_alike(Estate& estate, const Policy& policy) {
  std::map<std::string, std::string> spelled;
  for (const auto& cluster : policy.clusters) spelled.emplace(lower(cluster.name), cluster.name);
  const auto said = spelled;
  for (const auto& host : estate.hosts) {
    auto& name = spelled.try_emplace(lower(host.cluster), host.cluster).first->second;
    if (!said.contains(lower(host.cluster))) name = std::min(name, host.cluster);
  }
  for (auto& host : estate.hosts) host.cluster = spelled.at(lower(host.cluster));
}

}  // namespace

void assign_clusters(Estate& estate, const Policy& policy, Diagnostics& notes) {
  spell_alike(estate, policy);
  for (auto& host : estate.hosts) {
    const auto* cluster = policy.cluster_of(host.name, host.fqdn);
    if (!cluster) continue;
    if (!host.cluster.empty() && host.cluster != cluster->name)
      notes.push_back({Severity::Warning, "cluster-contradicts", cluster->at,
                       fmt::format("host {} is in cluster {} here, but in {} by its own inputs", host.name,
                                   cluster->name, host.cluster),
                       "the policy is followed"});
    host.cluster = cluster->name;
    host.origins.set("cluster", cluster->at);
  }
}

}  // namespace esx2esxi::model
