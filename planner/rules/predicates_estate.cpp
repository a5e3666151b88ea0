// What only several hosts together can show.
#include <algorithm>
#include <map>
#include <set>

#include "detect.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Host;
using model::Interface;
using model::Service;
using net::Ipv4Address;

namespace {

struct Owner {
  const Host* host;
  const Interface* interface;
};

/// A server, gateway or service that has an address of its own.
struct Other {
  std::string name;
  const Host* known_from = nullptr;  ///< null: the policy names it
  bool gateway = false;
  Origin at;
};

using Owners = std::map<Ipv4Address, std::vector<Owner>>;

Owners owners_of_addresses(const EstateSituation& s) {
  Owners owners;
  for (std::size_t i = 0; i < s.estate.hosts.size(); ++i)
    for (const auto& interface : s.now[i]->interfaces)
      if (interface.enabled && interface.addressed())
        owners[*interface.address].push_back({&s.estate.hosts[i], &interface});
  return owners;
}

using Others = std::map<Ipv4Address, std::vector<Other>>;

/// Only addresses that an interface has are of interest.
class Named {
 public:
  explicit Named(const Owners& owners) : owners_(owners) {}
  void add(Ipv4Address address, Other other) {
    if (owners_.contains(address)) found_[address].push_back(std::move(other));
  }
  Others found() && { return std::move(found_); }

 private:
  const Owners& owners_;
  Others found_;
};

void add_named_by_host(Named& named, const Host& host) {
  const auto& state = host.before;
  for (const auto& stack : state.stacks)
    if (stack.gateway) named.add(*stack.gateway, {fmt::format("the gateway of {}", host.name), &host, true, {}});
  for (const auto& mount : state.nfs)
    if (const auto address = Ipv4Address::parse(mount.server))
      named.add(*address, {fmt::format("the NFS server of {}", host.name), &host, false, mount.origins.any()});
  for (const auto& target : state.iscsi.targets)
    named.add(target.value, {fmt::format("the iSCSI target of {}", host.name), &host, false, target.at});
  for (const auto& server : state.dns.servers)
    named.add(server.value, {fmt::format("the DNS server of {}", host.name), &host, false, server.at});
  for (const auto& server : state.ntp)
    if (const auto address = Ipv4Address::parse(server.value))
      named.add(*address, {fmt::format("the NTP server of {}", host.name), &host, false, server.at});
}

Others named_addresses(const EstateSituation& s, const Owners& owners) {
  Named named(owners);
  for (const auto& endpoint : s.policy.endpoints)
    if (endpoint.kind != model::EndpointKind::Isolation)
      named.add(endpoint.address,
                {fmt::format("{} {}", to_string(endpoint.kind), endpoint.name), nullptr, false, endpoint.at});
  for (const auto& host : s.estate.hosts) add_named_by_host(named, host);
  return std::move(named).found();
}

/// Hosts in the order of the estate, each once.
std::vector<std::string> host_names(const std::vector<Owner>& owners) {
  std::set<std::string> names;
  for (const auto& owner : owners) names.insert(owner.host->name);
  return {names.begin(), names.end()};
}

void add_owner(Evidence& evidence, const Owner& owner) {
  evidence.interfaces.push_back({owner.host->name, owner.interface->name, owner.interface->from});
  add_origin(evidence, owner.interface->origins, "address");
}

Evidence duplicate(Ipv4Address address, const std::vector<Owner>& owners, const std::vector<const Other*>& others) {
  Evidence evidence;
  evidence.stack = owners.front().interface->stack;
  evidence.addresses = {to_string(address)};
  evidence.hosts = host_names(owners);
  evidence.scope = join(evidence.hosts, " ");
  std::vector<std::string> claims;
  for (const auto& owner : owners) {
    add_owner(evidence, owner);
    claims.push_back(fmt::format("{} {}", owner.host->name, spoken(*owner.interface)));
  }
  for (const auto* other : others) {
    evidence.endpoints.push_back(fmt::format("{} {}", other->name, address));
    add_origin(evidence, other->at);
    if (std::find(claims.begin(), claims.end(), other->name) == claims.end()) claims.push_back(other->name);
  }
  evidence.words = {{"address", to_string(address)}, {"claims", listed(claims)}};
  return evidence;
}

}  // namespace

std::vector<Evidence> duplicate_address(const EstateSituation& s) {
  const auto owners = owners_of_addresses(s);
  const auto others = named_addresses(s, owners);
  std::vector<Evidence> found;
  for (const auto& [address, who] : owners) {
    std::vector<const Other*> foreign;
    if (const auto it = others.find(address); it != others.end())
      for (const auto& other : it->second) {
        // A host's gateway that is its own address is a fault of its own (gateway-not-a-host).
        const bool own_only =
            std::all_of(who.begin(), who.end(), [&](const Owner& owner) { return owner.host == other.known_from; });
        if (!own_only || !other.gateway) foreign.push_back(&other);
      }
    if (host_names(who).size() > 1 || !foreign.empty()) found.push_back(duplicate(address, who, foreign));
  }
  return found;
}

namespace {

/// The hosts of each known cluster with their state, clusters by name.
std::map<std::string_view, std::vector<std::pair<const Host*, const model::State*>>> clusters_of(
    const EstateSituation& s) {
  std::map<std::string_view, std::vector<std::pair<const Host*, const model::State*>>> clusters;
  for (std::size_t i = 0; i < s.estate.hosts.size(); ++i)
    if (!s.estate.hosts[i].cluster.empty())
      clusters[s.estate.hosts[i].cluster].emplace_back(&s.estate.hosts[i], s.now[i]);
  return clusters;
}

/// The networks in which a host serves something, and by which interfaces.
struct Presence {
  std::set<net::Ipv4Prefix> networks;
  std::vector<Owner> owners;
};

template <class Wanted>
std::vector<Presence> presences(const std::vector<std::pair<const Host*, const model::State*>>& hosts, Wanted wanted) {
  std::vector<Presence> all;
  for (const auto& [host, state] : hosts) {
    Presence presence;
    for (const auto& interface : state->interfaces) {
      if (!interface.enabled || !interface.range() || !wanted(interface)) continue;
      presence.networks.insert(*interface.range());
      presence.owners.push_back({host, &interface});
    }
    if (!presence.owners.empty()) all.push_back(std::move(presence));
  }
  return all;
}

/// "10.0.0.0/24: esx01, esx02" for each set of networks, the most common first.
std::string camps_text(const std::vector<Presence>& all) {
  std::map<std::set<net::Ipv4Prefix>, std::vector<std::string>> camps;
  for (const auto& presence : all) camps[presence.networks].push_back(presence.owners.front().host->name);
  std::vector<std::pair<std::size_t, std::string>> lines;
  for (const auto& [networks, hosts] : camps) {
    std::vector<std::string> texts;
    for (const auto& network : networks) texts.push_back(to_string(network));
    lines.emplace_back(hosts.size(), fmt::format("{} on {}", listed(hosts), listed(texts)));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (auto& line : lines) texts.push_back(std::move(line.second));
  return join(texts, "; ");
}

Evidence apart(std::string_view cluster, const std::vector<Presence>& all) {
  Evidence evidence;
  evidence.scope = cluster;
  std::set<net::Ipv4Prefix> networks;
  for (const auto& presence : all) {
    evidence.hosts.push_back(presence.owners.front().host->name);
    networks.insert(presence.networks.begin(), presence.networks.end());
    for (const auto& owner : presence.owners) add_owner(evidence, owner);
  }
  evidence.stack = all.front().owners.front().interface->stack;
  for (const auto& network : networks) evidence.addresses.push_back(to_string(network));
  evidence.words = {{"cluster", std::string(cluster)}, {"camps", camps_text(all)}};
  return evidence;
}

/// A network in which every host is present.
bool meet(const std::vector<Presence>& all) {
  auto common = all.front().networks;
  for (const auto& presence : all)
    std::erase_if(common, [&](const net::Ipv4Prefix& n) { return !presence.networks.contains(n); });
  return !common.empty();
}

}  // namespace

std::vector<Evidence> vmotion_peers_apart(const EstateSituation& s) {
  std::vector<Evidence> found;
  for (const auto& [cluster, hosts] : clusters_of(s)) {
    const auto all = presences(hosts, carries_vmotion);
    if (all.size() > 1 && !meet(all)) found.push_back(apart(cluster, all));
  }
  return found;
}

std::vector<Evidence> ha_networks_differ(const EstateSituation& s) {
  std::vector<Evidence> found;
  for (const auto& [cluster, hosts] : clusters_of(s)) {
    const auto all = presences(hosts, [](const Interface& i) { return i.services.has(Service::Management); });
    const bool differ =
        std::any_of(all.begin(), all.end(), [&](const Presence& p) { return p.networks != all.front().networks; });
    if (differ) found.push_back(apart(cluster, all));
  }
  return found;
}

}  // namespace esx2esxi::rules
