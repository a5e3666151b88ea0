#include "ledger.hpp"

#include <algorithm>
#include <array>

namespace esx2esxi::readdress {

using net::Ipv4Address;
using net::Ipv4Prefix;
using net::Ipv4Range;

Seen::Seen(const Request& request) {
  for (std::size_t i = 0; i < request.estate.hosts.size(); ++i) {
    add(request.estate.hosts[i]);
    add(request.endpoints[i]);
  }
  add(request.policy);
  for (const auto& pool : request.pools) {
    if (pool.gateway) add_other(*pool.gateway);
    add_range(Ipv4Range(pool.network));
  }
  if (request.former)
    for (const auto& [whose, address] : *request.former) promised_.insert(address.bits());
  join_ranges();
}

void Seen::add_other(Ipv4Address address) {
  uses_[address.bits()].otherwise = true;
  add_range(Ipv4Range(address));
}

void Seen::add(const model::Host& host) {
  add(host.before);
  for (const auto& entry : host.hosts_file) {
    uses_[entry.address.bits()];  // as a rule the host's own, or another host's
    add_range(Ipv4Range(entry.address));
  }
}

void Seen::add(const model::State& state) {
  for (const auto& interface : state.interfaces) {
    if (interface.address) {
      ++uses_[interface.address->bits()].interfaces;
      add_range(Ipv4Range(*interface.address));
    }
    if (const auto range = interface.range()) add_range(Ipv4Range(*range));
    if (interface.gateway_override) add_other(*interface.gateway_override);
  }
  for (const auto& stack : state.stacks) {
    if (stack.gateway) add_other(*stack.gateway);
    for (const auto& route : stack.routes) {
      add_other(route.next_hop);
      if (route.network.length() > 0) add_range(Ipv4Range(route.network));
    }
  }
  for (const auto& server : state.dns.servers) add_other(server.value);
  for (const auto& target : state.iscsi.targets) add_other(target.value);
  for (const auto& server : state.ntp)
    if (const auto address = Ipv4Address::parse(server.value)) add_other(*address);
  for (const auto& mount : state.nfs)
    if (const auto address = Ipv4Address::parse(mount.server)) add_other(*address);
}

void Seen::add(const model::Policy& policy) {
  for (const auto& endpoint : policy.endpoints) {
    add_other(endpoint.address);
    if (endpoint.router) add_other(*endpoint.router);
    if (endpoint.network) add_range(Ipv4Range(*endpoint.network));
    for (const auto& source : endpoint.allowed_sources) add_range(source);
  }
  for (const auto& cluster : policy.clusters)
    for (const auto& address : cluster.isolation_addresses) add_other(address.value);
  for (const auto& pin : policy.segment_pins) add_range(Ipv4Range(pin.network));
  for (const auto& pin : policy.gateway_pins) add_other(pin.address);
  for (const auto& pin : policy.interface_pins) {
    pinned_.insert(pin.address);
    add_range(Ipv4Range(pin.address));
  }
}

void Seen::add(const std::vector<model::Endpoint>& endpoints) {
  for (const auto& endpoint : endpoints) {
    if (endpoint.peer) continue;  // an interface of another host
    add_other(endpoint.address);
    if (endpoint.network) add_range(Ipv4Range(*endpoint.network));
  }
}

void Seen::join_ranges() {
  std::sort(ranges_.begin(), ranges_.end());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> joined;
  for (const auto& range : ranges_) {
    if (!joined.empty() && range.first <= joined.back().second)
      joined.back().second = std::max(joined.back().second, range.second);
    else
      joined.push_back(range);
  }
  ranges_ = std::move(joined);
}

bool Seen::in_use(Ipv4Address address) const {
  const auto it = uses_.find(address.bits());
  return it != uses_.end() && (it->second.interfaces > 0 || it->second.otherwise);
}

bool Seen::belongs_to_one_interface(Ipv4Address address) const {
  const auto it = uses_.find(address.bits());
  return it != uses_.end() && it->second.interfaces == 1 && !it->second.otherwise;
}

std::optional<std::uint32_t> Seen::overlap_end(Ipv4Prefix network) const {
  const auto it = std::lower_bound(ranges_.begin(), ranges_.end(), network.network().bits(),
                                   [](const auto& range, std::uint32_t first) { return range.second < first; });
  if (it == ranges_.end() || it->first > network.broadcast().bits()) return std::nullopt;
  return it->second;
}

bool Ledger::is_given(Ipv4Address address) const {
  for (const auto* layer = this; layer; layer = layer->parent_)
    if (layer->given_.contains(address)) return true;
  return false;
}

bool Ledger::is_free(Ipv4Address address) const { return !seen_->is_promised(address) && is_free_for_former(address); }

bool Ledger::is_free_for_former(Ipv4Address address) const {
  return !seen_->mentions(address) && !seen_->is_pinned(address) && !is_given(address);
}

bool Ledger::is_free_for_pin(Ipv4Address address) const { return !seen_->in_use(address) && !is_given(address); }

void Ledger::absorb(const Ledger& layer) {
  given_.insert(layer.given_.begin(), layer.given_.end());
  networks_.insert(layer.networks_.begin(), layer.networks_.end());
  given_networks_.insert(layer.given_networks_.begin(), layer.given_networks_.end());
}

const Ipv4Prefix* Ledger::known(const std::string& key) const {
  for (const auto* layer = this; layer; layer = layer->parent_)
    if (const auto it = layer->networks_.find(key); it != layer->networks_.end()) return &it->second;
  return nullptr;
}

std::optional<std::uint32_t> Ledger::given_end(Ipv4Prefix network) const {
  for (const auto* layer = this; layer; layer = layer->parent_) {
    // Given networks are apart from each other, so only the neighbours can overlap.
    auto it = layer->given_networks_.lower_bound(network);
    if (it != layer->given_networks_.end() && it->overlaps(network)) return it->broadcast().bits();
    if (it != layer->given_networks_.begin() && (--it)->overlaps(network)) return it->broadcast().bits();
  }
  return std::nullopt;
}

std::optional<Ipv4Prefix> Ledger::private_network(const std::string& key, unsigned length) {
  if (const auto* network = known(key)) return *network;
  const std::array kPrivate{*Ipv4Prefix::parse("192.168.0.0/16"), *Ipv4Prefix::parse("172.16.0.0/12"),
                            *Ipv4Prefix::parse("10.0.0.0/8")};
  for (const auto space : kPrivate) {
    auto candidate = Ipv4Prefix::containing(space.network(), length);
    while (candidate && space.contains(*candidate)) {
      auto end = seen_->overlap_end(*candidate);
      if (!end) end = given_end(*candidate);
      if (!end) {
        networks_.emplace(key, *candidate);
        given_networks_.insert(*candidate);
        return candidate;
      }
      const auto behind = std::max(*end, candidate->broadcast().bits());  // inside private space: no overflow
      candidate = Ipv4Prefix::containing(Ipv4Address::from_bits(behind + 1), length);
      if (behind == ~0U) break;
    }
  }
  return std::nullopt;
}

}  // namespace esx2esxi::readdress
