// DHCP and MTU.
#include <algorithm>
#include <map>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;

std::vector<Evidence> several_dhcp_interfaces(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto stack : stacks_in(s.now)) {
    Members members;
    for (const auto& interface : s.now.interfaces)
      if (interface.enabled && interface.dhcp && interface.stack == stack) members.push_back(&interface);
    if (members.size() < 2) continue;
    auto evidence = evidence_of(stack, members);
    for (const auto* member : members)
      if (member->addressed()) evidence.addresses.push_back(address_text(*member));
    evidence.introduced = introduced(s, members);
    evidence.words = {
        {"members", spoken(members)}, {"services", spoken_services(members)}, {"stack", std::string(stack)}};
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> management_on_dhcp(const Situation& s) {
  const auto* management = management_in(s);
  if (!management || !management->dhcp) return {};
  auto evidence = evidence_of(management->stack, {management});
  if (s.mapping.path == model::Path::Upgrade) evidence.grade = "upgrade";
  if (management->addressed()) evidence.addresses = {address_text(*management)};
  evidence.words = {{"interface", spoken_with_address(*management)}, {"stack", management->stack}};
  return {evidence};
}

namespace {

constexpr unsigned kUsualMtu = 1500;  // what a standard switch and an interface have that say nothing

unsigned mtu_of(const Interface& interface) { return interface.mtu.value_or(kUsualMtu); }

/// No input says it, and none would leave it out where it is the usual one.
bool is_missing(const model::Host& host, std::string_view subject) {
  return std::any_of(host.doubts.begin(), host.doubts.end(), [&](const model::Doubt& doubt) {
    return doubt.kind == model::Doubt::Kind::Missing && doubt.interface.empty() && doubt.subject == subject;
  });
}

}  // namespace

std::vector<Evidence> mtu_mismatch(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& interface : s.now.interfaces) {
    const auto* vswitch = interface.enabled ? s.now.switch_named(interface.vswitch) : nullptr;
    if (!vswitch || (!vswitch->mtu && (vswitch->distributed || is_missing(s.host, "mtu of " + vswitch->name))))
      continue;
    const auto limit = vswitch->mtu.value_or(kUsualMtu);
    if (mtu_of(interface) <= limit) continue;
    auto evidence = evidence_of(interface.stack, {&interface});
    evidence.grade = "switch";
    evidence.origins.clear();
    add_origin(evidence, interface.origins, "mtu");
    add_origin(evidence, vswitch->origins, "mtu");
    if (interface.addressed()) evidence.addresses = {address_text(interface)};
    evidence.words = {{"members", fmt::format("{} with MTU {}", spoken(interface), mtu_of(interface))},
                      {"vswitch", vswitch->name},
                      {"limit", std::to_string(limit)},
                      {"services", spoken_services({&interface})},
                      {"segment", "this host"}};
    found.push_back(std::move(evidence));
  }
  return found;
}

namespace {

/// Interfaces of one cluster that serve one service in one subnet.
struct SegmentKey {
  std::string_view cluster;
  model::Service service;
  net::Ipv4Prefix range;
  friend auto operator<=>(const SegmentKey&, const SegmentKey&) = default;
};

struct Peer {
  const model::Host* host;
  const Interface* interface;
};

/// "esx01 vmk0 (was vswif0) with MTU 9000"
std::string spoken_mtu(const Peer& peer) {
  return fmt::format("{} {} with MTU {}", peer.host->name, spoken(*peer.interface), mtu_of(*peer.interface));
}

}  // namespace

std::vector<Evidence> mtu_of_peers(const EstateSituation& s) {
  std::map<SegmentKey, std::vector<Peer>> segments;
  for (std::size_t i = 0; i < s.estate.hosts.size(); ++i) {
    const auto& host = s.estate.hosts[i];
    if (host.cluster.empty()) continue;
    for (const auto& interface : s.now[i]->interfaces)
      if (const auto range = interface.enabled ? interface.range() : std::nullopt)
        for (const auto service : interface.services.list())
          segments[{host.cluster, service, *range}].push_back({&host, &interface});
  }
  std::vector<Evidence> found;
  for (const auto& [key, peers] : segments) {
    const auto usual = mtu_of(*peers.front().interface);
    if (std::all_of(peers.begin(), peers.end(), [&](const Peer& p) { return mtu_of(*p.interface) == usual; })) continue;
    Evidence evidence;
    evidence.grade = "peers";
    evidence.stack = peers.front().interface->stack;
    evidence.scope = key.cluster;
    std::vector<std::string> spoken_peers;
    for (const auto& peer : peers) {
      evidence.interfaces.push_back({peer.host->name, peer.interface->name, peer.interface->from});
      evidence.hosts.push_back(peer.host->name);
      add_origin(evidence, peer.interface->origins, "mtu");
      spoken_peers.push_back(spoken_mtu(peer));
    }
    evidence.addresses = {to_string(key.range)};
    evidence.words = {{"members", listed(spoken_peers)},
                      {"vswitch", "their vSwitches"},
                      {"limit", std::to_string(usual)},
                      {"services", spoken(key.service)},
                      {"segment", fmt::format("{} of cluster {}", key.range, key.cluster)}};
    found.push_back(std::move(evidence));
  }
  return found;
}

}  // namespace esx2esxi::rules
