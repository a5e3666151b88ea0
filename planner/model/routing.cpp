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

}  // namespace esx2esxi::model
