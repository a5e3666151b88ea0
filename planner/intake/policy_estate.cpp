// Blocks of a policy that name things: clusters with their hosts, endpoints.
#include <algorithm>
#include <set>

#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

namespace {

std::string_view short_part(std::string_view name) {
  if (net::Ipv4Address::parse(name)) return name;
  return name.substr(0, name.find('.'));
}

/// Two ways to write one host: equal in any case, or a short name and a full one that begins with it.
bool same_host(std::string_view a, std::string_view b) {
  if (equals_ignoring_case(a, b)) return true;
  const bool one_is_short = short_part(a) == a || short_part(b) == b;
  return one_is_short && equals_ignoring_case(short_part(a), short_part(b));
}

/// Each host is in one cluster at most.
class Membership {
 public:
  void add(const std::string& host, const Origin& at, const std::string& cluster, Diagnostics& notes) {
    for (const auto& [known, where] : members_[lower(short_part(host))]) {
      if (!same_host(known, host)) continue;
      if (where.value == cluster)
        warn(notes, at, "policy-twice", fmt::format("host {} is in this cluster already", shown(host)));
      else
        complain(
            notes, at,
            fmt::format("host {} is in cluster {} already, in line {}", shown(host), shown(where.value), where.at.line),
            "a host belongs to one cluster");
      return;
    }
    members_[lower(short_part(host))].push_back({host, {cluster, at}});
  }

 private:
  std::map<std::string, std::vector<std::pair<std::string, Said<std::string>>>> members_;  // by short name
};

model::Cluster read_cluster(const InfoNode& node, Membership& membership, Diagnostics& notes) {
  const Block block(node, keys_of("clusters/cluster"), notes);
  model::Cluster cluster;
  cluster.name = block.name();
  cluster.at = node.at;
  for (const auto* host : block.all("host"))
    if (auto name = read_text(*host, notes)) {
      membership.add(*name, host->at, cluster.name, notes);
      cluster.hosts.push_back(std::move(*name));
    }
  cluster.hosts_at_a_time = block.get("hosts-at-a-time", read_capacity);
  for (const auto* pilot : block.all("pilot"))
    if (auto name = read_text(*pilot, notes)) {
      const auto meant = [&](const std::string& host) { return same_host(host, *name); };
      if (!cluster.hosts.empty() && std::none_of(cluster.hosts.begin(), cluster.hosts.end(), meant))
        warn(notes, pilot->at, "policy-pilot", fmt::format("pilot {} is no host of this cluster", shown(*name)));
      cluster.pilots.push_back(std::move(*name));
    }
  for (const auto* said : block.all("isolation-address"))
    if (const auto address = read_address(*said, notes)) cluster.isolation_addresses.push_back({*address, said->at});
  for (const auto* said : block.all("allow-network"))
    if (auto name = read_text(*said, notes)) cluster.allow_networks.push_back({std::move(*name), said->at});
  return cluster;
}

constexpr std::string_view kEndpointKinds[] = {"vcenter", "dns", "ntp", "syslog", "nfs", "iscsi", "isolation", "other"};

std::vector<std::string> read_texts(const Block& block, std::string_view key) {
  std::vector<std::string> out;
  for (const auto* node : block.all(key))
    if (auto text = read_text(*node, block.notes())) out.push_back(std::move(*text));
  return out;
}

/// A static route to the endpoint must lead to it, and by a router that is no part of what it leads to.
void check_way(const Block& block, const model::PolicyEndpoint& endpoint) {
  if (endpoint.network && !endpoint.network->contains(endpoint.address))
    complain(block.notes(), block.one("network")->at,
             fmt::format("network {} does not hold the endpoint's address {}", *endpoint.network, endpoint.address));
  if (endpoint.router && *endpoint.router == endpoint.address)
    complain(block.notes(), block.one("router")->at, fmt::format("router {} is the endpoint itself", *endpoint.router));
  else if (endpoint.router && endpoint.network && endpoint.network->contains(*endpoint.router))
    complain(block.notes(), block.one("router")->at,
             fmt::format("router {} lies in network {}, to which it should lead", *endpoint.router, *endpoint.network),
             "a router is on the near side");
}

/// Clusters may also come from an inventory, so an unknown one is worth a warning only.
void check_clusters(const Block& block, const model::Policy& policy) {
  std::vector<std::string_view> known;
  for (const auto& cluster : policy.clusters) known.push_back(cluster.name);
  if (known.empty()) return;
  for (const auto* said : block.all("cluster"))
    if (!said->value.empty() && !policy.cluster(trim(said->value)))
      warn(block.notes(), said->at, "policy-unknown-cluster",
           fmt::format("no cluster {} in this policy", shown(said->value)), suggestion(said->value, known));
}

void check_exports(const Block& block, const model::PolicyEndpoint& endpoint) {
  if (endpoint.kind != model::EndpointKind::Nfs && !endpoint.exports.empty())
    warn(block.notes(), block.all("export").front()->at, "policy-export",
         fmt::format("'export' says nothing of kind '{}': only nfs servers have exports", to_string(endpoint.kind)));
}

std::optional<model::PolicyEndpoint> read_endpoint(const InfoNode& node, model::EndpointKind kind,
                                                   const model::Policy& policy, Diagnostics& notes) {
  const auto before = notes.size();
  const Block block(node, keys_of("endpoints/*"), notes);
  model::PolicyEndpoint endpoint;
  endpoint.kind = kind;
  endpoint.at = node.at;
  endpoint.name = block.name();
  const auto address = block.must("address", read_address);
  if (const auto port = block.get("port", [](auto& n, auto& d) { return read_integer(n, d, 1, 65535); }))
    endpoint.port = static_cast<unsigned>(*port);
  endpoint.network = block.get("network", read_network);
  endpoint.router = block.get("router", read_address);
  endpoint.clusters = read_texts(block, "cluster");
  endpoint.hosts = read_texts(block, "host");
  endpoint.exports = read_texts(block, "export");
  for (const auto* said : block.all("allowed-source"))
    if (const auto range = read_range(*said, notes)) endpoint.allowed_sources.push_back(*range);
  if (!address) return std::nullopt;
  endpoint.address = *address;
  check_way(block, endpoint);
  check_exports(block, endpoint);
  check_clusters(block, policy);
  const bool faulty = std::any_of(notes.begin() + static_cast<std::ptrdiff_t>(before), notes.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::Error; });
  return faulty ? std::nullopt : std::optional(std::move(endpoint));
}

}  // namespace

void read_clusters(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("clusters"), notes);
  takes_no_value(node, notes);
  Membership membership;
  for (const auto* child : block.all("cluster")) {
    auto cluster = read_cluster(*child, membership, notes);
    if (const auto* known = policy.cluster(cluster.name); known && !cluster.name.empty())
      complain(notes, child->at,
               fmt::format("cluster {} stands in line {} already", shown(cluster.name), known->at.line),
               "join the two");
    else
      policy.clusters.push_back(std::move(cluster));
  }
}

void read_endpoints(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("endpoints"), notes);
  takes_no_value(node, notes);
  std::map<std::pair<std::string, std::string>, std::uint32_t> lines;
  for (const auto& child : node.children) {
    const auto* kind = std::find(std::begin(kEndpointKinds), std::end(kEndpointKinds), child.key);
    if (kind == std::end(kEndpointKinds)) continue;
    auto endpoint = read_endpoint(child, static_cast<model::EndpointKind>(kind - kEndpointKinds), policy, notes);
    if (!endpoint) continue;
    const auto [known, fresh] = lines.try_emplace({child.key, endpoint->name}, child.at.line);
    if (!fresh)
      complain(notes, child.at,
               fmt::format("{} {} stands in line {} already", child.key, shown(endpoint->name), known->second),
               "give each a name of its own");
    policy.endpoints.push_back(std::move(*endpoint));
  }
}

}  // namespace esx2esxi::intake
