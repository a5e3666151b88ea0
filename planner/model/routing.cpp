#include "esx2esxi/model/routing.hpp"

#include <algorithm>
#include <stdexcept>

namespace esx2esxi::model {

bool in_range_tests(const Interface& interface, std::string_view stack) {
  return interface.enabled && interface.stack == stack && interface.range();
}

net::RouteTable table_of(const State& state, std::string_view stack) {
  std::vector<net::Connected> connected;
  for (const auto& interface : state.interfaces)
    if (in_range_tests(interface, stack))
      connected.push_back({*interface.range(), *interface.address, interface.created});
  std::vector<net::StaticRoute> routes;
  if (const auto* s = state.stack(stack)) {
    if (s->gateway) routes.push_back({net::Ipv4Prefix(), *s->gateway});
    for (const auto& route : s->routes) routes.push_back({route.network, route.next_hop});
  }
  return {connected, routes};
}

const Interface& interface_of(const State& state, net::InterfaceId id) {
  for (const auto& interface : state.interfaces)
    if (interface.created == id) return interface;
  throw std::logic_error("interface_of: no interface with that rank of creation");
}

std::vector<std::string> stacks_of(const State& state, Service service) {
  std::vector<std::string> found;
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.services.has(service) &&
        std::find(found.begin(), found.end(), interface.stack) == found.end())
      found.push_back(interface.stack);
  std::sort(found.begin(), found.end());
  return found;
}

const Interface* named_in_policy(const State& state, std::string_view name) {
  const auto* classic = state.interface_from(name);
  return classic ? classic : state.interface(name);
}

net::Egress egress_of(const State& state, std::string_view stack, Service service, const net::Egress& by_table) {
  if (!kNameTheirInterface.has(service) || (by_table.reachable() && by_table.by.length() > 0)) return by_table;
  net::Egress out;
  bool all = true;
  for (const auto& interface : state.interfaces) {
    if (!in_range_tests(interface, stack) || !interface.services.has(service)) continue;
    const auto& own = interface.gateway_override;
    if (!own || !interface.range()->contains(*own)) {
      all = false;
      continue;
    }
    out.interfaces.push_back(interface.created);
    out.next_hops.push_back(*own);
  }
  if (out.interfaces.empty()) return by_table;
  if (!all) {
    out.interfaces.insert(out.interfaces.end(), by_table.interfaces.begin(), by_table.interfaces.end());
    out.next_hops.insert(out.next_hops.end(), by_table.next_hops.begin(), by_table.next_hops.end());
  }
  const auto tidy = [](auto& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  tidy(out.interfaces);
  tidy(out.next_hops);
  return out;
}

}  // namespace esx2esxi::model
