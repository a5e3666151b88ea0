// Names and addresses that others rely on: port groups named by HA options, addresses that HA pings.
#include <algorithm>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;
using net::Ipv4Address;

namespace {

/// A port-group name that something outside the host's own network configuration relies on.
struct Reference {
  std::string_view name;
  Origin at;
};

const model::Cluster* cluster_of(const Situation& s) {
  const auto* named = s.host.cluster.empty() ? nullptr : s.policy.cluster(s.host.cluster);
  return named ? named : s.policy.cluster_of(s.host.name, s.host.fqdn);
}

bool has_portgroup(const model::State& state, std::string_view name) {
  return state.portgroup(name).second || std::any_of(state.interfaces.begin(), state.interfaces.end(),
                                                     [&](const Interface& i) { return i.portgroup == name; });
}

/// References to port groups that the host had and has no more.
std::vector<Reference> stale_references(const Situation& s) {
  std::vector<Reference> all;
  for (const auto& [name, at] : s.host.names_old_portgroup) all.push_back({name, at});
  if (const auto* cluster = cluster_of(s))
    for (const auto& network : cluster->allow_networks) all.push_back({network.value, network.at});
  std::erase_if(all, [&](const Reference& reference) {
    return !has_portgroup(s.host.before, reference.name) || has_portgroup(s.now, reference.name);
  });
  return all;
}

}  // namespace

std::vector<Evidence> service_console_name(const Situation& s) {
  const auto references = stale_references(s);
  if (references.empty()) return {};
  Evidence evidence;
  evidence.stack = model::kDefaultStack;
  std::vector<std::string> names;
  std::vector<std::string> new_names;
  for (const auto& reference : references) {
    add_origin(evidence, reference.at);
    const auto quoted = fmt::format("\"{}\"", reference.name);
    if (std::find(names.begin(), names.end(), quoted) != names.end()) continue;
    names.push_back(quoted);
    for (const auto& old : s.host.before.interfaces) {
      if (old.portgroup != reference.name) continue;
      const auto* now = s.now.interface_from(old.from);
      evidence.interfaces.push_back(now ? ref(*now) : ref(old));
      if (now && !now->portgroup.empty()) new_names.push_back(fmt::format("\"{}\"", now->portgroup));
    }
  }
  evidence.introduced = true;
  evidence.words = {{"names", listed(names)},
                    {"new_names", new_names.empty() ? std::string("a name of ESXi's own") : listed(new_names)},
                    {"references", std::to_string(references.size())}};
  return {evidence};
}

namespace {

struct Isolation {
  Ipv4Address address;
  Origin at;
};

/// What HA pings from this host: the cluster's isolation addresses and those the policy names as endpoints.
std::vector<Isolation> isolation_addresses(const Situation& s) {
  std::vector<Isolation> all;
  const auto* cluster = cluster_of(s);
  if (cluster)
    for (const auto& said : cluster->isolation_addresses) all.push_back({said.value, said.at});
  for (const auto& endpoint : s.policy.endpoints) {
    if (endpoint.kind != model::EndpointKind::Isolation) continue;
    const bool concerns = std::any_of(s.endpoints.begin(), s.endpoints.end(), [&](const model::Endpoint& e) {
      return e.address == endpoint.address && e.service == model::Service::Management;
    });
    if (concerns) all.push_back({endpoint.address, endpoint.at});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Isolation& a, const Isolation& b) { return a.address < b.address; });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Isolation& a, const Isolation& b) { return a.address == b.address; }),
            all.end());
  return all;
}

/// A plan may give the gateway that the mapping loses to a stack of its own.
bool is_gateway(const model::State& state, Ipv4Address address) {
  return std::any_of(state.stacks.begin(), state.stacks.end(),
                     [&](const model::Stack& stack) { return stack.gateway == address; });
}

/// The interfaces of a state in whose range the address lies.
Members on_link_of(const model::State& state, Ipv4Address address) {
  Members found;
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.range() && interface.range()->contains(address)) found.push_back(&interface);
  return found;
}

}  // namespace

std::vector<Evidence> isolation_address_moves(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& isolation : isolation_addresses(s)) {
    const bool gateway_goes = s.mapping.lost_gateway == isolation.address && !is_gateway(s.now, isolation.address);
    const auto before = on_link_of(s.host.before, isolation.address);
    const bool range_goes = !before.empty() && on_link_of(s.now, isolation.address).empty();
    if (!gateway_goes && !range_goes) continue;
    Evidence evidence;
    evidence.grade = gateway_goes ? "gateway" : "range";
    evidence.stack = model::kDefaultStack;
    add_origin(evidence, isolation.at);
    for (const auto* old : before) {
      const auto* now = s.now.interface_from(old->from);
      evidence.interfaces.push_back(now ? ref(*now) : ref(*old));
    }
    evidence.addresses = {to_string(isolation.address)};
    evidence.introduced = true;
    evidence.words = {{"address", to_string(isolation.address)},
                      {"members", before.empty() ? std::string("no interface") : spoken(before)}};
    found.push_back(std::move(evidence));
  }
  return found;
}

}  // namespace esx2esxi::rules
